"""Every word that people meet is ours: no page, mail or error shows what a framework would say.

Whatever is not in our catalogues is marked as it is translated; then every page is opened, and every
form sent empty and with nonsense in it, as each kind of person. What a template or the code says
without asking a catalogue is found by reading them.
"""

import ast
import re
from pathlib import Path
from typing import Any

import allauth
import django
import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import override, trans_real

from orgs import clock, notices
from orgs.notice_kinds import KINDS
from palvelumanuaali import catalogues
from sanctions.actions import deciding, meetings
from sanctions.actions.meetings import There
from sanctions.models import Attendance, Correction, Meeting
from sanctions.proceeding import Stage
from tests import factories
from tests.clients import Client
from tests.orgs.test_notices import WORDS, Mails, deliver_all
from tests.security.cast import Cast
from tests.security.matrix import (
    EXPERT,
    ICT,
    MAIN_USER,
    MANAGER,
    MATRIX,
    OFFICER,
    PROVIDER_MAIN_USER,
    WORKING,
    Line,
)
from tests.workflow.test_notices import WORDS as PIPELINE_WORDS
from workflow.models import ChangeRequest

_MARK = re.compile(r"⟦([^⟧]*)⟧")
_CONTEXT = "\x04"
# One of each kind; others see the same pages or fewer.
WALKERS = (MANAGER, ICT, OFFICER, MAIN_USER, EXPERT, WORKING, PROVIDER_MAIN_USER)


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mark every translation of a message that our own catalogues don't have."""
    ours: set[Any] = set()
    for message in catalogues.load("fi"):
        singular = message.id[0] if isinstance(message.id, tuple | list) else message.id
        ours.add(f"{message.context}{_CONTEXT}{singular}" if message.context else singular)
    gettext, ngettext = trans_real.DjangoTranslation.gettext, trans_real.DjangoTranslation.ngettext

    def one(self: Any, message: str) -> str:
        return str(gettext(self, message)) if message in ours else f"⟦{message}⟧"

    def many(self: Any, singular: str, plural: str, number: int) -> str:
        return str(ngettext(self, singular, plural, number)) if singular in ours else f"⟦{plural}⟧"

    monkeypatch.setattr(trans_real.DjangoTranslation, "gettext", one)
    monkeypatch.setattr(trans_real.DjangoTranslation, "ngettext", many)


def foreign(response: Any) -> set[str]:
    if response.streaming or "text/html" not in response.headers.get("Content-Type", ""):
        return set()
    return set(_MARK.findall(response.content.decode()))


def nonsense(response: Any) -> dict[str, str]:
    """Return a value that can't be right for every box of the page's forms."""
    names = re.findall(r'<(?:input|select|textarea)\b[^>]*\bname="([^"]+)"', response.content.decode())
    return dict.fromkeys(names, "\x07 ei kelpaa " + "x" * 300)


@pytest.mark.django_db
@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize("name", sorted(MATRIX))
def test_no_page_or_error_says_what_a_framework_says(everyone: Cast, name: str) -> None:
    line: Line = MATRIX[name]
    path = reverse(name, args=line.args(everyone))
    found: dict[str, set[str]] = {}
    filled = 0
    # Whoever may not open it gets the same words of refusal: one of them is enough.
    others = [who for who in WALKERS if who not in line.allowed]
    for who in (None, *(who for who in WALKERS if who in line.allowed), *others[:1]):
        client = Client()
        if who:
            client.force_login(everyone.people[who])
        page = client.get(path)
        found[f"{who} GET"] = foreign(page)
        # Two see the same form and what is wrong with it; the others need not fill it in, too.
        if line.method == "post" or (page.status_code == 200 and filled < 2):
            filled += bool(who)
            found[f"{who} empty"] = foreign(client.post(path, {}))
            if page.status_code == 200 and "text/html" in page.headers["Content-Type"]:
                found[f"{who} nonsense"] = foreign(client.post(path, nonsense(page)))
    assert {who: said for who, said in found.items() if said} == {}


@pytest.mark.django_db
@pytest.mark.usefixtures("marked", "vocabulary")
def test_signing_in_wrongly_and_rightly_says_nothing_of_a_framework(client: Client) -> None:
    user = factories.member("partner", "expert")
    said = set()
    for password in ("vaara", factories.PASSWORD):
        data = {"login": user.email, "password": password}
        said |= foreign(client.post(reverse("account_login"), data, follow=True))
    said |= foreign(client.post(reverse("account_logout"), follow=True))
    for _time in range(12):
        said |= foreign(client.post(reverse("account_login"), {"login": user.email, "password": "vaara"}))
    assert said == set()


@pytest.mark.django_db
@pytest.mark.usefixtures("marked", "vocabulary")
def test_no_mail_says_what_a_framework_says(mailoutbox: Mails) -> None:
    user = factories.member("partner", "expert", language="fi")
    for kind, words in WORDS.items():
        notices.tell(kind, user, **words)
    deliver_all()
    assert len(mailoutbox) == len(WORDS)
    assert [found for mail in mailoutbox for found in _MARK.findall(mail.subject + str(mail.body))] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("marked")
def test_no_mail_of_the_rooms_above_says_what_a_framework_says(everyone: Cast, mailoutbox: Mails) -> None:
    main_user, manager, case = everyone.people[MAIN_USER], everyone.people[MANAGER], everyone.case
    assert case.service is not None
    given = deciding.give(case, Stage.FIRST, by=manager, text="Virhe on ohjeessa.")
    asked = ChangeRequest.objects.create(
        service=case.service, audience="public", text="?", by=manager, at=clock.now()
    )
    about = {"case": case.pk, "decision": given.pk, "stage": Stage.FIRST, "actor": "Oona Malmi"}
    due = everyone.handover.due_on.isoformat()
    said = {kind: {"service": case.service.external_id, "request": asked.pk} | words
            for kind, words in PIPELINE_WORDS.items()}  # fmt: skip
    of_case = ("proposed", "given", "decided", "answered", "to_steering")
    said |= {f"case_{name}": about for name in of_case}
    said["service_delegated"] = {"service": case.service.external_id, "until": due, "internal": True}
    for name in ("handover_opened", "handover_due"):
        said[name] = {"handover": everyone.handover.pk, "due": due}
    correction = Correction.objects.create(
        case=case, void=["first"], credits=False, found={"fi": "Syy."}, proposed_on=clock.today()
    )
    said["correction_proposed"] = {"case": case.pk, "correction": correction.pk}
    planned = everyone.planned_terms
    said["agreement_set"] = {"agreement": planned.agreement_id}
    said["terms_changed"] = {"agreement": planned.agreement_id, "agreed": planned.pk}
    for name in ("responsibility_moved", "responsibility_kept"):
        said[name] = {"transfer": everyone.transfer.pk, "services": [case.service.external_id], "takes": True}
    said["letter"] = {"letter": everyone.letter.pk, "case": case.pk}
    absent = {case.partner: There(Attendance.Presence.ABSENT)}
    meetings.record(Meeting.Kind.STEERING_GROUP, clock.today(), absent, by=manager)
    said["absence_warning"] = {
        "partner": case.partner.external_id, "body": "steering_group", "on": clock.today().isoformat(),
    }  # fmt: skip
    for name in ("workshop_planned", "workshop_written"):
        said[name] = {"workshop": everyone.planned_workshop.pk, "which": "material"}
    said["workshop_off"] = {"on": due, "partner": case.partner.external_id}
    said["decisions_wait"] = {"count": 2, "days": 9}
    said["agreement_ends"] = {"agreement": planned.agreement_id}
    said["terms_taken_back"] = {"agreement": planned.agreement_id, "first": due, "decision": "1/2026"}
    assert set(said) | set(WORDS) | {"invitation", "password_reset"} == set(KINDS), "no kind is left out"
    deliver_all()
    mailoutbox.clear()
    for kind, words in said.items():
        notices.tell(kind, main_user, **words)
    deliver_all()
    assert len(mailoutbox) == len(said)
    assert [found for mail in mailoutbox for found in _MARK.findall(mail.subject + str(mail.body))] == []


def test_the_marks_are_seen(marked: None) -> None:
    with override("fi"):
        assert _MARK.findall(str(get_user_model()._meta.get_field("last_login").verbose_name))
        assert not _MARK.findall(str(apps.get_model("orgs.Organisation")._meta.verbose_name))


def _first(message: Any) -> str:
    return str(message.id[0] if isinstance(message.id, tuple | list) else message.id)


def test_each_framework_word_is_still_said_by_a_framework() -> None:
    """What is renamed in a new version would fall back to the framework's own words unseen."""
    conf = Path(django.__file__).parent / "conf"
    frameworks = [Path(one.path) for one in apps.get_app_configs() if "site-packages" in one.path]
    known: set[str] = set()
    for place in (conf, *frameworks):
        for source in place.glob("locale/en/LC_MESSAGES/django.po"):
            with source.open("rb") as file:
                known |= {_first(message) for message in read_po(file)}
    for source in Path(allauth.__file__).parent.glob("**/locale/en/LC_MESSAGES/django.po"):
        with source.open("rb") as file:
            known |= {_first(message) for message in read_po(file)}
    ours = [
        message
        for message in catalogues.messages()
        if any(path.endswith("framework_words.py") for path, _line in message.locations)
    ]
    assert len(ours) > 70
    assert {_first(message) for message in ours} - known == set()


_SPOKEN = re.compile(
    r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|{%\s*blocktranslate.*?endblocktranslate\s*%}"
    r"|{%.*?%}|{{.*?}}|<!--.*?-->|<(script|style|svg)\b.*?</\1>",
    re.DOTALL,
)
_SAID_BY_ATTRIBUTES = re.compile(r'\b(?:aria-label|title|alt|placeholder|content)="([^"]*)"')
# Names, hosts and file kinds are the same in all languages; the choice of language is in all of them.
_SAME_EVERYWHERE = {
    *("Palvelumanuaali", "XLSX", "CSV", "JSON", "sessionid", "csrftoken", "messages", "device"),
    *("Kieli", "Språk", "Language", "saavutettavuusvaatimukset", "fi"),
    *("saavutettavuus", "traficom", "tietosuoja", "Authorization", "Bearer"),
}
# What is written to be searched, or to fill a manual of any size.
_MADE_OF_WORDS = {"generated.py", "words.py", "synonyms.py", "finnish.py"}


@pytest.mark.parametrize("path", sorted((settings.BASE_DIR / "templates").rglob("*.html")), ids=str)
def test_templates_say_nothing_without_asking_a_catalogue(path: Path) -> None:
    left = _SPOKEN.sub(" ", path.read_text())
    attributes = [
        value for value in _SAID_BY_ATTRIBUTES.findall(left) if not re.match(r"width=|noindex|light|{", value)
    ]
    text = re.sub(r"<[^>]*>|class=\"[^\"]*\"", " ", left)
    words = set(re.findall(r"[^\W\d_]{2,}", text + " ".join(attributes)))
    assert words - _SAME_EVERYWHERE == set()


def test_the_code_holds_no_finnish_or_swedish_sentences() -> None:
    """Words in another language than English would be shown to everyone alike."""
    found = []
    for app in catalogues.APPS:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if "migrations" in path.parts or "demo" in str(path) or path.name in _MADE_OF_WORDS:
                continue
            tree = ast.parse(path.read_text())
            docs = {
                id(node.body[0].value)
                for node in ast.walk(tree)
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
                and node.body
                and isinstance(node.body[0], ast.Expr)
            }
            found += [
                f"{path}: {node.value}"
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in docs
                and re.search(r"[åäöÅÄÖ]\w* \w", node.value)
            ]
    assert found == []
