"""The ledger's last hash outside of its table: rows that are missing at the end are found."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from sanctions import ledger, seals
from sanctions.models import LedgerEntry
from tests import factories
from tests.sanctions.conftest import Office, on, sweep


def row(office: Office) -> LedgerEntry:
    return ledger.append_sanction(
        factories.case(office.espoo), Decimal(1000), grounds="Perusteet", by=office.manager
    )


def against(file: Path) -> str:
    out = StringIO()
    call_command("verify_ledger", against=str(file), stdout=out)
    return out.getvalue()


@pytest.fixture
def sealed(office: Office) -> Path:
    """Return the file of an office whose ledger had one row on one day and three on the next."""
    with on("2026-03-02"):
        sweep()
        assert not seals.file().exists(), "an empty ledger has no last hash"
        row(office)
        sweep()
        sweep()
    with on("2026-03-03"):
        row(office)
        row(office)
        sweep()
    return seals.file()


def test_a_line_is_written_once_a_day_and_borne_out(sealed: Path) -> None:
    lines = sealed.read_text("utf-8").splitlines()
    assert [line.split()[:2] for line in lines] == [["2026-03-02", "1"], ["2026-03-03", "3"]]
    assert "2" in against(sealed)


def test_rows_missing_at_the_end_are_found_though_the_chain_is_whole(sealed: Path) -> None:
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM sanctions_ledgerentry WHERE number = 3")
    call_command("verify_ledger", stdout=StringIO())
    with pytest.raises(CommandError, match=r"2026-03-03.*3.*puuttuu"):
        against(sealed)


def test_a_ledger_that_was_written_anew_is_found(sealed: Path) -> None:
    entry = LedgerEntry.objects.get(number=1)
    entry.amount = Decimal(1)
    entry.hash = ledger.hash_of(entry)
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM sanctions_ledgerentry WHERE number > 1")
        entry.save()
    call_command("verify_ledger", stdout=StringIO())
    with pytest.raises(CommandError) as refused:
        against(sealed)
    assert len(str(refused.value).splitlines()) == 2


@pytest.mark.parametrize("forged", ["2026-03-03 1 abc def", "", "hölynpöly", "2026-03-03 x y z"])
def test_a_line_that_is_no_seal_is_named(sealed: Path, forged: str) -> None:
    sealed.write_text(sealed.read_text("utf-8") + forged + "\n", "utf-8")
    with pytest.raises(CommandError, match="rivi 3"):
        against(sealed)


def test_a_file_that_is_not_there_is_said(office: Office, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="ei-ole"):
        against(tmp_path / "ei-ole.txt")
