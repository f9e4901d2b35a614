"""The map of the site for search engines: every public page in every language."""

import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from orgs.models import Organisation
from services.models import PublishedService
from services.vocabularies import words


class Located(NamedTuple):
    """A page by the name of its address, and when it changed last."""

    name: str
    argument: str = ""
    changed: datetime.datetime | None = None


if TYPE_CHECKING:
    _Base = Sitemap[Located]
else:  # the class takes no parameters when it runs
    _Base = Sitemap


class _InEveryLanguage(_Base):
    i18n = True
    alternates = True
    x_default = True
    limit = 15_000

    def location(self, item: Located) -> str:
        return reverse(item.name, args=[item.argument] if item.argument else [])

    def lastmod(self, item: Located) -> datetime.datetime | None:
        return item.changed

    def get_protocol(self, protocol: str | None = None) -> str:
        return str(urlsplit(settings.BASE_URL).scheme)

    def get_domain(self, site: Any = None) -> str:
        return str(urlsplit(settings.BASE_URL).netloc)


class PageSitemap(_InEveryLanguage):
    """The pages that always exist."""

    def items(self) -> list[Located]:
        """Return them by name."""
        names = (
            "front",
            "services",
            "employers",
            "municipalities",
            "organisations",
            "about",
            "accessibility",
            "privacy",
        )
        return [Located(f"site:{name}") for name in names]


class ServiceSitemap(_InEveryLanguage):
    """The published services, each once: every one of them exists in every language."""

    def items(self) -> list[Located]:
        """Return them by address."""
        rows = PublishedService.objects.filter(language=settings.LANGUAGE_CODE).order_by("slug")
        return [Located("site:service", slug, at) for slug, at in rows.values_list("slug", "published_at")]


class OrganisationSitemap(_InEveryLanguage):
    """Partners and providers."""

    def items(self) -> list[Located]:
        """Return them by identifier."""
        return [
            Located("site:organisation", key)
            for key, organisation in sorted(words().open_organisations.items())
            if organisation.kind in Organisation.PUBLIC_KINDS
        ]


class MunicipalitySitemap(_InEveryLanguage):
    """Municipalities."""

    def items(self) -> list[Located]:
        """Return them by address."""
        return [Located("site:municipality", m.slug) for m in words().municipalities.values()]


SITEMAPS: dict[str, type[_InEveryLanguage]] = {
    "pages": PageSitemap,
    "services": ServiceSitemap,
    "organisations": OrganisationSitemap,
    "municipalities": MunicipalitySitemap,
}
