"""python -m palvelumanuaali.demo.prepare FILE: database, content and static files, in one process.

Starting Python and Django costs a second or two each time, so this does all that comes before the
servers, and writes the table of sign-ins to FILE. What needn't be done again is skipped.
"""

import hashlib
import io
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation
from django.utils.translation.reloader import translation_file_changed

from palvelumanuaali.demo.progress import SAID_WHY, Tenths, step


def main(sign_ins: Path) -> int:
    """Prepare everything and return the exit status."""
    # The terminal tells the steps; the user log goes to the database as ever.
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    django.setup()
    try:
        # The demo's words on the terminal are English throughout.
        with translation.override("en"):
            prepare(sign_ins)
    except OperationalError as error:
        return _fail(f"The database does not answer ({_one_line(error)}). Check DATABASE_URL.")
    except (InconsistentMigrationHistory, DatabaseError) as error:
        return _fail(
            f"The demo's database does not fit this version ({_one_line(error)}). "
            "Start over with: make demo-reset"
        )
    except NewerData as error:
        return _fail(str(error))
    except (CommandError, OSError) as error:
        return _fail(f"The demo can't be prepared: {_one_line(error)}")
    return 0


def prepare(sign_ins: Path) -> None:
    """Do what has not been done yet, one step after the other."""
    compile_words()
    migrate()
    if os.environ.get("APPLICATION_DATABASE_URL"):
        call_command("application_role", stdout=io.StringIO())
    with step("loading the demo content", prints=True):
        call_command("load_demo")
    rebuild_published()
    collect_static(Path(settings.STATIC_ROOT))
    with sign_ins.open("w") as file:
        call_command("demo_sign_ins", stdout=file)


def compile_words() -> None:
    """Make the interface's words ready, and let Django read them anew: it has looked for them already."""
    call_command("compile_catalogues", verbosity=0)
    language = translation.get_language()
    translation_file_changed(None, Path("django.mo"))
    if language:  # which it forgets
        translation.activate(language)


class NewerData(Exception):
    """The database was brought further than this version of the code knows."""

    def __init__(self, migration: str) -> None:
        super().__init__(
            f"The demo's data is of a newer version than this one (it has been through {migration}). "
            "Go back to the newer version of the code, or start over with: make demo-reset"
        )


def migrate() -> None:
    """Bring the database up to date, where it is not; raises NewerData where it is further than the code."""
    executor = MigrationExecutor(connection)
    known = {app for app, _name in executor.loader.disk_migrations}
    applied = (one for one in executor.loader.applied_migrations if one[0] in known)
    if further := sorted(set(applied) - set(executor.loader.disk_migrations)):
        raise NewerData(".".join(further[-1]))
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with step("making the database's tables"):
            call_command("migrate", interactive=False, verbosity=1, stdout=_Applied(len(plan)))


class _Applied(io.TextIOBase):
    """Hears of each migration that was applied, and says how many are done."""

    def __init__(self, total: int) -> None:
        self._tenths = Tenths(total)

    def write(self, text: str) -> int:
        """Count a line's end that says so."""
        if text.strip() == "OK":
            self._tenths.one_more()
        return len(text)


def rebuild_published() -> None:
    """Make the read model anew where this version keeps more in it than the one that wrote it."""
    from services import publishing  # needs Django to be set up

    if publishing.is_behind():
        with step("bringing what was published up to date"):
            call_command("rebuild_published", stdout=io.StringIO())


def collect_static(root: Path) -> None:
    """Collect the static files, where they changed since they were collected."""
    state = root.with_name(f"{root.name}.state")
    current = _static_state()
    if state.exists() and state.read_text() == current and root.is_dir():
        return
    with step("collecting static files"):
        call_command("collectstatic", interactive=False, clear=root.is_dir(), verbosity=0)
    state.write_text(current)


def _static_state() -> str:
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _fail(problem: str) -> int:
    sys.stderr.write(f"{problem}\n")
    return SAID_WHY


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
