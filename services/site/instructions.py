"""The expert's view of a service: its work instructions, the reader's own municipality first.

Internal (docs/rules.md section 3): refused to everyone but people of partners and of the project. Who
is refused gets the same page for every address, so that nothing is told of what there is.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from orgs import access, clock, dates, user_log
from orgs.localised import Reading, page_language, reading
from orgs.wording import lower_first
from services import page_links
from services.fields import GROUP_LABELS, Audience, Field, Group, texts_of
from services.log_events import Event
from services.models import PublishedService, ServiceVersion, StatutoryOption
from services.rich_text import as_course
from services.site import residence
from services.vocabularies import words

_GROUPS = (Group.GUIDANCE, Group.OBLIGATION, Group.ENTRIES, Group.BENEFITS, Group.EXCEPTIONS)
# What there can be beside texts and quick answers.
_MATERIAL = ("buyers", "contract_starts", "contract_number", "contacts", "links", "attachments")
_QUICK: tuple[tuple[str, str, str | Promise], ...] = (
    ("obligation", "obligation", gettext_lazy("Does it oblige?")),
    ("statement", "statement", gettext_lazy("Statement")),
)


@dataclass(frozen=True)
class Local:
    """One municipality's part of a text."""

    municipality: str
    text: Reading


@dataclass(frozen=True)
class Instruction:
    """One text: the parts of the reader's own municipalities, the common part, the others' parts."""

    field: Field
    own: list[Local]
    common: Reading
    others: list[Local]
    heading: bool

    @property
    def names_of_others(self) -> str:
        """Return the other municipalities in words."""
        return ", ".join(local.municipality for local in self.others)


@dataclass(frozen=True)
class Part:
    """A group of texts under one heading, with the statutory wordings that belong to it."""

    group: Group
    title: str | Promise
    wordings: list[Reading]
    texts: list[Instruction]

    @property
    def anchor(self) -> str:
        """Return the part's place on the page."""
        return f"h-{self.group.value}"


@require_safe
def instructions(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the work instructions of a published service to those who may read them."""
    if not access.reads_internal(request.user):
        return refused(request)
    language = page_language()
    row = PublishedService.objects.filter(language=language, slug=slug).first()
    if row is None:
        raise Http404
    document = ServiceVersion.objects.get(service=row.service_id, number=row.number).section(
        Audience.INTERNAL
    )
    if document["contacts"]:
        user_log.record(Event.CONTACTS_READ, actor=request.user, request=request, service=row.external_id)
    own = residence.served(request)
    context = page(row.document, document, own, language) | {
        "row": row,
        "links_here": page_links.links_for(request.user, row.external_id),
        "carry": residence.carrying("", residence.carried(request)),
    }
    return render(request, "services/instructions.html", context)


def refused(request: HttpRequest) -> HttpResponse:
    """Answer who may not read instructions: the same for every address."""
    context = {"next": request.get_full_path(), "status": 403}
    return render(request, "services/instructions_refused.html", context, status=403)


def page(
    public: Mapping[str, Any], document: Mapping[str, Any], own: Collection[str], language: str
) -> dict[str, Any]:
    """Return what the page shows of an internal document and of the resolved public one beside it.

    `own` are the codes of the reader's own municipalities.
    """
    options = _options(document, clock.today())
    # The last of the quick answers, whether something is archived, is there for every service.
    quick, shown = _quick(document, options, language), parts(document, options, own, language)
    return {
        "section": "services",
        "empty": not (shown or quick[:-1] or any(document[name] for name in _MATERIAL)),
        "name": public["texts"]["name"],
        "responsible": public["responsible_partner"],
        "updated": dates.read(public["updated_on"]),
        "levels": [item for item in public["languages"] if item["level_label"]],
        "quick": quick,
        "parts": shown,
        "procurement": _procurement(document, language),
        "contacts": [_contact(item, language) for item in residence.own_first(document["contacts"], own)],
        "links": [item | {"title": reading(item["title"], language)} for item in document["links"]],
        "attachments": [
            item | {"title": reading(item["title"], language)} for item in document["attachments"]
        ],
    }


def _options(document: Mapping[str, Any], today: datetime.date) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Return the label and the text of each statutory option that the document names, as worded today."""
    wanted = {document["obligation"], document["statement"], *document["benefits"]} - {None}
    found = {}
    for option in StatutoryOption.objects.filter(key__in=wanted).prefetch_related("wordings"):
        if wording := option.wording_on(today):
            found[option.kind, option.key] = (wording.label, wording.text)
    return found


def _quick(document: Mapping[str, Any], options: Mapping[Any, Any], language: str) -> list[dict[str, Any]]:
    """Return the answers that an expert needs first, each a word or two."""
    answers = []
    for name, kind, label in _QUICK:
        if wording := options.get((kind, document[name])):
            answers.append({"label": label, "answer": reading(wording[0], language)})
    discussion = document["job_search_discussion"]
    if discussion is not None:
        words_ = _("Counts as the discussion") if discussion else _("Does not count as the discussion")
        answers.append(
            {"label": _("Supplementary job-search discussion"), "answer": Reading(words_, language)}
        )
    labels = [
        reading(options["benefit", key][0], language)
        for key in document["benefits"]
        if ("benefit", key) in options
    ]
    if labels:
        joined = "; ".join([labels[0].text, *(lower_first(label.text) for label in labels[1:])])
        answers.append({"label": _("Other benefits"), "answer": Reading(joined, labels[0].lang)})
    kept = _("Yes") if document["archiving"] else _("No")
    answers.append({"label": _("Archiving"), "answer": Reading(kept, language)})
    return answers


def _procurement(document: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """Return what is known of the contract by which the service was procured, each with its label."""
    names = words().organisations
    buyers = ", ".join(reading(names[key].name, language).text for key in document["buyers"] if key in names)
    contract = _contract(dates.read(document["contract_starts"]), dates.read(document["contract_ends"]))
    options = reading(_by_language(document["texts"], "contract_options"), language)
    rows = [
        (_("Buyers"), Reading(buyers, language)),
        (_("Contract"), Reading(contract, language)),
        (_("Contract number"), Reading(document["contract_number"], language)),
        (_("Options of the contract"), options),
    ]
    return [{"label": label, "answer": answer} for label, answer in rows if answer.text]


def _contract(first: datetime.date | None, last: datetime.date | None) -> str:
    if first and last:
        return dates.period(first, last)
    if first:
        return _("from %(day)s") % {"day": dates.date(first)}
    return _("until %(day)s") % {"day": dates.date(last)} if last else ""


def parts(
    document: Mapping[str, Any],
    options: Mapping[Any, Any],
    own: Collection[str],
    language: str,
) -> list[Part]:
    """Return the texts by group, empty ones left out; in each text the own municipalities come first."""
    found = []
    for group in _GROUPS:
        fields = [field for field in texts_of(Audience.INTERNAL) if field.group is group]
        texts = [text for field in fields if (text := _instruction(document, field, fields, own, language))]
        wordings = _wordings(document, options, group, language)
        if texts or wordings:
            found.append(Part(group, GROUP_LABELS[group], wordings, texts))
    return found


def _instruction(
    document: Mapping[str, Any], field: Field, siblings: list[Field], own: Collection[str], language: str
) -> Instruction | None:
    common = _course(reading(_by_language(document["texts"], field.name), language))
    local = {
        code: Local(_name(code, language), _course(text))
        for code, texts in document["municipal"].items()
        if (text := reading(_by_language(texts, field.name), language)).text
    }
    if not common.text and not local:
        return None
    return Instruction(
        field,
        own=[local[code] for code in own if code in local],
        common=common,
        others=sorted(
            (one for code, one in local.items() if code not in own), key=lambda one: one.municipality
        ),
        heading=field is not siblings[0],
    )


def _course(text: Reading) -> Reading:
    return Reading(as_course(text.text), text.lang) if text.text else text


def _by_language(texts: Mapping[str, Mapping[str, str]], name: str) -> dict[str, str]:
    return {language: values[name] for language, values in texts.items() if values.get(name)}


def _name(code: str, language: str) -> str:
    municipality = words().municipalities.get(code)
    return reading(municipality.name, language).text if municipality else code


def _wordings(
    document: Mapping[str, Any], options: Mapping[Any, Any], group: Group, language: str
) -> list[Reading]:
    """Return the statutory texts of a group: what the law says, before what we add."""
    keys: Iterable[tuple[str, str | None]] = ()
    if group is Group.OBLIGATION:
        keys = [("obligation", document["obligation"])]
    elif group is Group.BENEFITS:
        keys = [("statement", document["statement"]), *(("benefit", key) for key in document["benefits"])]
    texts = [reading(options[key][1], language) for key in keys if key in options]
    return [text for text in texts if text.text]


def _contact(item: Mapping[str, Any], language: str) -> dict[str, Any]:
    return dict(item) | {
        "title": reading(item["title"], language),
        "info": reading(item["info"], language),
        "municipality_name": _name(item["municipality"], language) if item["municipality"] else "",
    }
