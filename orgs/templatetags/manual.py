"""Small signs and words that templates put in many places."""

import datetime
import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from lucide.templatetags.lucide import lucide
from ua_parser import parse

from orgs import clock, dates, money
from orgs.shares import percent
from orgs.wording import file_size, lower_first

register = template.Library()
register.filter(lower_first)
register.filter(file_size)

_TIME_WORD = re.compile(r"\b(klo|kl\.) (?=\d)")
_IN = {
    "fi": gettext_noop("in Finnish"),
    "sv": gettext_noop("in Swedish"),
    "en": gettext_noop("in English"),
}
_ONLY_IN = {
    "fi": gettext_noop("This text is only in Finnish."),
    "sv": gettext_noop("This text is only in Swedish."),
    "en": gettext_noop("This text is only in English."),
}


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, more: str = "") -> SafeString:
    """Draw a Lucide icon as decoration: it always stands beside words."""
    classes = f"i {more}".strip()
    return mark_safe(lucide(name, size=None, **{"class": classes}, aria_hidden="true", focusable="false"))  # noqa: S308


@register.simple_block_tag
def crumbs(content: str, here: object, language: str = "") -> SafeString:
    """Draw the way to a page: the items in the block lead to it, `here` is its name in `language`."""
    return render_to_string("partials/crumbs.html", {"way": content, "here": here, "lang": language})


@register.simple_tag(name="input")
def input_of(field: BoundField) -> SafeString:
    """Draw a form field's control in our clothes, without a placeholder: the label stands above."""
    field.field.widget.attrs.pop("placeholder", None)
    return field.as_widget(attrs={"class": "in"})


@register.filter
def iso_date(value: str) -> datetime.date | None:
    """Return the date in an ISO text of a document."""
    return dates.read(value)


@register.simple_tag
def today() -> datetime.date:
    """Return the day in Helsinki."""
    return clock.today()


@register.filter
def day(value: datetime.date | datetime.datetime | None) -> str:
    """Return a date in the form of the page's language; of a moment its date in Helsinki."""
    if isinstance(value, datetime.datetime):
        value = clock.day_of(value)
    return dates.date(value) if value else ""


@register.filter
def time_of_day(value: datetime.datetime) -> str:
    """Return the time of a moment in Helsinki, in the form of the page's language."""
    return dates.time(value.astimezone(clock.ZONE))


@register.filter
def unbroken(text: str) -> str:
    """Return a text in which a time stays on one line with the word before it: klo 8–16."""
    return _TIME_WORD.sub("\\1\N{NO-BREAK SPACE}", text)


@register.filter
def short_day(value: datetime.date) -> str:
    """Return a date without its year."""
    return dates.date(value, year=False)


@register.filter
def weekday_day(value: datetime.date | None) -> str:
    """Return a date with its weekday."""
    return dates.weekday_date(value) if value else ""


@register.filter
def euros(amount: Decimal | None) -> str:
    """Return an amount of money, or nothing where there is none."""
    return "" if amount is None else money.euros(amount)


@register.filter
def grouped(number: int) -> str:
    """Return a whole number with its thousands apart."""
    return number_format(number, force_grouping=True)


@register.filter(name="percent")
def percent_of(share: Fraction) -> str:
    """Return a share in per cent."""
    return percent(share)


@register.filter
def foreign(language: str) -> str:
    """Return the language where it differs from the page's own, else nothing."""
    return language if language and language != get_language() else ""


@register.filter
def in_language(language: str) -> str:
    """Return in which language a text is: in Finnish."""
    if language in _IN:
        return _(_IN[language])
    return _("in another language")


@register.filter
def only_in(language: str) -> str:
    """Return the notice that a text exists in `language` only."""
    names = {code: str(name) for code, name in settings.LANGUAGES}
    if language in _ONLY_IN:
        return _(_ONLY_IN[language])
    return _("This text is only in another language: %(language)s.") % {
        "language": names.get(language, language)
    }


@register.filter
def file_kind(filename: str) -> str:
    """Return the kind of a file by the ending of its name: pdf, docx."""
    return filename.rsplit(".", 1)[-1].lower() if "." in filename else ""


@register.filter
def device(user_agent: str) -> str:
    """Return the browser and the system that a user agent names: Firefox, Windows."""
    found = parse(user_agent)
    named = [part.family for part in (found.user_agent, found.os) if part]
    return ", ".join(named) or _("An unknown device")


@register.filter
def host(url: str) -> str:
    """Return the host of an address, as words that say where a link goes."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


@register.filter
def tel(phone: str) -> str:
    """Return a telephone number as it stands in a tel: address."""
    return "".join(sign for sign in phone if sign.isdigit() or sign == "+")
