"""A year later: people are anonymised, notices forgotten, things renamed; the record reads the same."""

import datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import override_settings
from django.urls import reverse
from django.utils.translation import override

from orgs import accounts, clock, notices
from orgs.models import Notice, Organisation, User
from sanctions import ledger
from sanctions.actions import answering, deciding
from sanctions.models import Case, LedgerEntry, Letter, NameOnRecord
from services.models import Service
from tests import factories
from tests.clients import Client
from tests.orgs.test_notices import deliver_all
from tests.sanctions.conftest import Office, on, sweep
from tests.services.site_pages import html, words

LATER = datetime.timedelta(days=400)


@pytest.fixture
def told(late: Office) -> Office:
    """Return an office with a sanctioned case: three letters, an answer, a credit, and mails on record."""
    for day, stage in (("2026-01-22", "first"), ("2026-02-24", "second"), ("2026-03-04", "third")):
        with on(day):
            sweep()
            deciding.give(late.case, stage, by=late.manager, text="Perustelu.")
            answering.answer(late.case, by=late.main_user, text=f"Vastaus {day}.")
            deliver_all()
            sweep()
    with on("2026-03-05"):
        entry = LedgerEntry.objects.get()
        ledger.mark_invoiced(entry, by=late.manager, reference="L-1")
        ledger.credit(entry, by=late.manager, amount=Decimal(100), grounds="Osa oli perusteltu.")
        late.pipeline.confirm()
        late.pipeline.publish()
        deliver_all()
        sweep()
    return late


def read(client: Client, reader: User, language: str) -> dict[str, str]:
    """Return the words of the record's pages: of the case, each letter and the ledger."""
    client.force_login(reader)
    with override(language):
        pages = {f"case {one.pk}": reverse("office:case", args=[one.pk]) for one in Case.objects.all()}
        pages |= {
            f"letter {one.name}": reverse("office:letter", args=[one.year, one.number])
            for one in Letter.objects.all()
        }
        read = {name: part_of(html(client, page), "main") for name, page in pages.items()}
        # What a list says around its rows, as sums by partner, is of today.
        for name in ("ledger", "letters"):
            read[name] = part_of(html(client, reverse(f"office:{name}")), "table")
        return read


def part_of(page: str, tag: str) -> str:
    """Return the words of a part of a page."""
    return words(page.split(f"<{tag}", 1)[1].split(f"</{tag}>", 1)[0])


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_everything_reads_the_same_when_all_are_gone_and_all_is_renamed(
    told: Office, client: Client, language: str
) -> None:
    with on("2026-01-07"):
        reader = factories.member("project", "project_manager", full_name="Uusi Projektipäällikkö")
    with on("2026-03-06"):
        before = read(client, reader, language)
        pdfs = [bytes(one.pdf) for one in Letter.objects.all()]
    assert "Marja Mallinen" in before[f"case {told.case.pk}"]
    with clock.as_of(datetime.date(2026, 3, 6) + LATER):
        for user in User.objects.exclude(pk=reader.pk):
            with transaction.atomic():
                user.is_active = False
                user.save()
                accounts.anonymise(User.objects.select_for_update().get(pk=user.pk))
        with override_settings(NOTICE_DAYS=1):
            notices.forget_old()
        Notice.objects.exclude(recipient=reader).delete()
        for organisation in Organisation.objects.all():
            organisation.name = {"fi": "Uusi nimi", "sv": "Nytt namn"}
            organisation.save()
        Service.objects.update(names={"fi": "Toinen palvelu", "sv": "Annan tjänst"})
    with on("2027-04-20"):
        after = read(client, reader, language)
    assert after == before
    assert [bytes(one.pdf) for one in Letter.objects.all()] == pdfs
    told_to = [one["name"] for letter in Letter.objects.all() for one in letter.recipients]
    assert all("Henkilö" in name for name in told_to)


def test_only_who_stands_in_a_case_keeps_the_name_on_record(told: Office) -> None:
    other = factories.member("partner", "expert", full_name="Ohi Kulkija")
    for user in (other, told.manager):
        with transaction.atomic():
            accounts.anonymise(User.objects.select_for_update().get(pk=user.pk))
    assert not NameOnRecord.objects.filter(user=other).exists()
    assert NameOnRecord.objects.get(user=told.manager).name == "Marja Mallinen"
    assert not User.objects.filter(full_name__in=["Ohi Kulkija", "Marja Mallinen"]).exists()
