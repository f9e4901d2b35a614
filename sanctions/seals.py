"""The ledger's last hash, kept outside of its table: a signed line a day in the log and in a file.

A chain shows a row that was changed or taken out of its middle; rows missing at its end leave it whole. The
seals say how far it had come on a day: `manage.py verify_ledger --against FILE`.
"""

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import structlog
from django.conf import settings
from django.core.signing import Signer
from django.utils.translation import gettext as _

from orgs import clock
from sanctions.models import LedgerEntry

_logger = structlog.get_logger(__name__)
_PARTS = 4  # of a line


class Seal(NamedTuple):
    """How many rows the ledger had on a day, and the hash of the last."""

    on: datetime.date
    rows: int
    hash: str

    @property
    def line(self) -> str:
        """Return the seal as it stands in the file, with its signature."""
        said = f"{self.on.isoformat()} {self.rows} {self.hash}"
        return f"{said} {_signer().signature(said)}"


def _signer() -> Signer:
    return Signer(salt="sanctions.seals")


def file() -> Path:
    """Return where the seals are kept."""
    return Path(settings.LEDGER_SEALS or Path(settings.MEDIA_ROOT) / "ledger-seals.txt")


def seal() -> Seal | None:
    """Write today's seal, once a day; None where there is one or the ledger is empty."""
    path = file()
    last = LedgerEntry.objects.order_by("-number").first()
    today = clock.today()
    if last is None or _is_sealed(path, today):
        return None
    made = Seal(today, last.number, last.hash)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as lines:
        lines.write(f"{made.line}\n")
    _logger.info("ledger_sealed", rows=made.rows, hash=made.hash, seal=made.line)
    return made


def _is_sealed(path: Path, today: datetime.date) -> bool:
    if not path.exists():
        return False
    lines = path.read_text("utf-8").splitlines()
    return bool(lines) and lines[-1].startswith(today.isoformat())


def problems(lines: Iterable[str]) -> list[str]:
    """Return what of the seals in a file the ledger does not bear out, in the order of the lines."""
    hashes = dict(LedgerEntry.objects.values_list("number", "hash"))
    return [said for number, line in enumerate(lines, start=1) if (said := _problem(number, line, hashes))]


def _problem(number: int, line: str, hashes: dict[int, str]) -> str:
    parts = line.split()
    said, signature = " ".join(parts[:-1]), parts[-1] if parts else ""
    if len(parts) != _PARTS or not parts[1].isdigit() or _signer().signature(said) != signature:
        return _("line %(line)s is no seal of this installation") % {"line": number}
    day, rows, hash_ = parts[0], int(parts[1]), parts[2]
    if rows not in hashes:
        return _("on %(day)s the ledger had %(rows)s rows, and row %(rows)s is missing") % {
            "day": day,
            "rows": rows,
        }
    if hashes[rows] != hash_:
        return _("row %(rows)s is another than on %(day)s") % {"rows": rows, "day": day}
    return ""
