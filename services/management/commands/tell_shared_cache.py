"""manage.py tell_shared_cache URL: have a cache in front of us drop what changed, at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from services.answers.shared_cache import SharedCache, follower_of


class Command(BaseCommand):
    """Runs until it is stopped; what the cache could not be told is told again each second."""

    help = "Tell a CDN or Varnish at once which public answers to drop, by the tags in Surrogate-Key."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where and how the cache wants to be told."""
        parser.add_argument("url")
        parser.add_argument("--method", default="POST")
        parser.add_argument("--header", default="Surrogate-Key", help="that takes the tags")
        parser.add_argument("--with", action="append", default=[], help="another header, as 'Name: value'")

    def handle(self, *args: Any, url: str, method: str, header: str, **options: Any) -> None:
        """Follow what changes."""
        more = dict(one.split(": ", 1) for one in options["with"] if ": " in one)
        if len(more) < len(options["with"]):
            raise CommandError(_("Give headers as “Name: value”."))
        try:
            cache = SharedCache(url, method=method, header=header, more=more)
        except ValueError as error:
            raise CommandError(_("Give an address that begins with http:// or https://.")) from error
        follower_of(cache).follow()
