"""manage.py search_eval: how good the search is, over judged queries."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from orgs import clock
from services.search import evaluation, instructions, listing
from services.search.evaluation import Judged
from services.search.query import ListQuery
from services.vocabularies import load

INSTRUCTION = "instruction"  # the class of queries over the work instructions
JUDGED = Path(settings.BASE_DIR) / "services" / "data" / "judged_queries.json"


class Command(BaseCommand):
    """Asks every judged query and prints recall at ten, mean reciprocal rank and what found nothing."""

    help = "Print how good the search is over judged queries, by class."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a file of judged queries."""
        parser.add_argument("file", nargs="?", type=Path, default=JUDGED)
        parser.add_argument("--missed", action="store_true", help="name the queries that missed something")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask and print."""
        try:
            queries = evaluation.read(options["file"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(_("This is no file of judged queries: %(why)s") % {"why": error}) from error
        figures, missed = evaluation.evaluate(queries, searching())
        self.stdout.write(f"{'class':<12}{'queries':>8}{'recall@10':>11}{'MRR':>7}{'nothing':>9}")
        for one in figures:
            self.stdout.write(
                f"{one.kind:<12}{one.queries:>8}{one.recall:>11.2f}{one.reciprocal_rank:>7.2f}{one.nothing:>9.2f}"
            )
        for query in missed if options["missed"] else []:
            self.stdout.write(f"{query.kind}: {query.q} ({query.language}): {', '.join(query.wanted)}")


def searching() -> evaluation.Search:
    """Return what asks a judged query of the services, or of the instructions."""
    words, today = load(), clock.today()

    def search(one: Judged) -> list[str]:
        query = ListQuery(q=one.q)
        if one.kind == INSTRUCTION:
            return [
                hit.row.external_id
                for hit in instructions.run(query, one.language, today, words, own=()).hits
            ]
        return [hit.external_id for hit in listing.run(query, one.language, today, words).hits]

    return search
