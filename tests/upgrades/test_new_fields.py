"""A field of every kind and a term are added as the guides say; what was kept before works with them."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from services import lifting
from services.fields import TEXTS_IN, Kind
from tests import databases
from tests.upgrades.test_upgrade import run

TEXTS = (Kind.LINE, Kind.RICH)
# What an entry needs beside its kind.
MORE = {
    Kind.TERMS: 'vocabulary="accessibility"',
    Kind.OPTION: 'vocabulary="obligation"',
    Kind.OPTIONS: 'vocabulary="benefit"',
    Kind.LANGUAGES: 'vocabulary="service_language"',
}
PUBLIC_MORE = {
    Kind.TERMS: 'parameter="dummy", weight="C"',
    Kind.WORDS: 'weight="D"',
    Kind.LINE: 'weight="D"',
    Kind.RICH: 'weight="C"',
}


def entries() -> Iterator[str]:
    """Yield a line of the table for every kind, public and internal."""
    for kind in Kind:
        for audience, group, more in (("_P", "DESCRIPTION", PUBLIC_MORE), ("_I", "EXCEPTIONS", {})):
            start = "_text(" if kind in TEXTS else "Field("
            where = f'"dummy_{kind.value}", {audience}, Group.{group}'
            rest = ", ".join(filter(None, (MORE.get(kind), more.get(kind))))
            yield f'    {start}{where}, label="Koe", kind=Kind.{kind.name}, {rest}),\n'


def change(path: Path, *replacements: tuple[str, str]) -> None:
    """Replace what must be there once."""
    text = path.read_text()
    for old, new in replacements:
        text, count = re.subn(old, new, text, flags=re.MULTILINE)
        assert count == 1, (path, old)
    path.write_text(text)


@pytest.fixture
def changed_code(tmp_path: Path) -> Path:
    """Copy the code and change what a new field and a new term change."""
    code = tmp_path / "code"
    left_out = shutil.ignore_patterns(".*", "__pycache__", "docs", "benchmarks", "content.files")
    shutil.copytree(settings.BASE_DIR, code, ignore=left_out)
    raised = (r"^VERSION = (\d+)$", r"VERSION = \1 + 1")
    change(
        code / "services/fields.py",
        (r"^FIELDS: .* = \(\n", lambda found: found.group() + "".join(entries())),  # type: ignore[arg-type]
    )
    change(code / "services/lifting.py", raised)
    change(
        code / "orgs/terms.py",
        raised,
        (r"^    # Section 6\.\n", '    dummy_days: int = _term(PIPELINE, _("Koe"), 1, 9)\n'),
    )
    change(code / "orgs/data/terms.json", (r"^\{\n", '{\n "dummy_days": 5,\n'))
    return code


def test_what_was_kept_before_works_with_a_field_of_every_kind_and_a_term_more(
    changed_code: Path, manual_database: str, manual_media: Path, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock(), databases.copied(manual_database, "fields") as name:
        given = connection.get_connection_params() | {"dbname": name}
        connection.close()
        environment = os.environ | {
            "DATABASE_URL": "postgres://{user}:{password}@{host}:{port}/{dbname}".format(**given),
            "DEMO": "true",
            "LOG_LEVEL": "ERROR",
            "SECRET_KEY": "only-for-checks",
            "MEDIA_ROOT": str(manual_media),
        }
        walked = run("tests.upgrades.walk", environment=environment, where=changed_code)
    assert walked.returncode == 0, walked.stderr[-3000:]
    assert walked.stdout == f"walked in shape {lifting.VERSION + 1}\n"


def test_every_kind_is_tried() -> None:
    tried = "".join(entries())
    assert all(f"Kind.{kind.name}," in tried for kind in (*Kind, *TEXTS_IN))
