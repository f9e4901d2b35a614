"""How the desk and the office grow: the same pages among few and very many services and runs, in one run.

    make bench-desk                        325 services, then 100,000 with 5,000 open runs
    make bench-desk SIZE=20000 RUNS=1000 OUT=figures.json

The demo content is copied inside the database: each service with its versions, texts, pair, runs and
what was said of them. Printed are medians in milliseconds, the number of queries, and how many times
the cost at the small size each is.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palvelumanuaali.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402

from orgs.models import User  # noqa: E402
from palvelumanuaali.demo import loading  # noqa: E402
from services.models import (  # noqa: E402
    PublishedService,
    Responsibility,
    SearchedInstruction,
    Service,
    ServiceVersion,
    WorkingCopy,
)
from tests.clients import Client  # noqa: E402
from workflow.models import (  # noqa: E402
    ChangeRequest,
    Comment,
    Confirmation,
    Event,
    Pause,
    Run,
    SectionConfirmation,
    Updater,
)
from workflow.states import OPEN  # noqa: E402
from workflow.sweep import sweep  # noqa: E402

SMALL = 325
ROUNDS = 7
FAR = 10_000_000  # between the numbers of a row and of its copies
SERVICES: tuple[type[models.Model], ...] = (
    Service, Service.producers.through, ServiceVersion, WorkingCopy, PublishedService, SearchedInstruction,
    Responsibility, Updater, Confirmation,
)  # fmt: skip
RUNS: tuple[type[models.Model], ...] = (Run, Event, Pause, Comment, SectionConfirmation, ChangeRequest)
UNIQUE = frozenset({"external_id", "slug"})
PRODUCER, MAIN_USER = "tuottaja@helsinki.example", "paakayttaja@vantaa.example"
PROVIDER = "tuottaja@kielisilta.example"
MANAGER = "projektipaallikko@projekti.example"
# Each page's name, who opens it, and its address.
PAGES = {
    "worklist of an expert": (PRODUCER, "/fi/tyopoyta/"),
    "worklist of a provider": (PROVIDER, "/fi/tyopoyta/"),
    "worklist of a main user": (MAIN_USER, "/fi/tyopoyta/"),
    "open runs": (MAIN_USER, "/fi/tyopoyta/luettelot/kesken/"),
    "services": (MAIN_USER, "/fi/tyopoyta/luettelot/palvelut/"),
    "findings": (MAIN_USER, "/fi/tyopoyta/luettelot/havainnot/"),
    "review": (PRODUCER, "/fi/tyopoyta/helsinki-tuuma/"),
    "office": (MANAGER, "/fi/toimisto/"),
    "partner at the office": (MANAGER, "/fi/toimisto/kumppanit/helsinki/"),
    "cases": (MANAGER, "/fi/toimisto/tapaukset/"),
    "ledger": (MANAGER, "/fi/toimisto/paakirja/"),
    "people": (MAIN_USER, "/fi/hallinta/vantaa/ihmiset/"),
}


def copied(model: type[models.Model], copies: Iterable[int]) -> None:
    """Insert so many copies of a table's first rows; what they point to is of the same copy."""
    among = {one._meta.db_table for one in (*SERVICES, *RUNS)}
    columns, values = [], []
    for field in model._meta.concrete_fields:
        if field.generated:
            continue
        column = f'"{field.column}"'
        columns.append(column)
        target = field.related_model._meta.db_table if field.is_relation else None
        if target in among or (field.primary_key and not field.is_relation):
            values.append(f"{column} + copy * {FAR}::bigint")
        elif field.name in UNIQUE:
            values.append(f"{column} || '-' || copy")
        else:
            values.append(column)
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({", ".join(columns)}) SELECT {", ".join(values)} FROM "{table}"'
            f' CROSS JOIN unnest(%s::bigint[]) AS copy WHERE "{key}" < {FAR}',
            [list(copies)],
        )


def fill(services: int, runs: int) -> None:
    """Copy until there are so many services, and so many open runs, where that is more than there are."""
    have, first = Service.objects.filter(pk__lt=FAR).count(), Service.objects.count()
    open_of_each = Run.objects.filter(pk__lt=FAR, state__in=OPEN).count()
    open_now = Run.objects.filter(state__in=OPEN).count()
    for begin in range(first // have, services // have, 100):
        copies = range(begin, min(begin + 100, services // have))
        with transaction.atomic():
            for model in SERVICES:
                copied(model, copies)
        print(f"  {copies[-1] * have:,} services", end="\r", file=sys.stderr)
    with transaction.atomic():
        for model in RUNS:
            copied(model, range(open_now // open_of_each, runs // open_of_each))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


class Asked:
    """Counts what the database is asked."""

    count = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        return execute(sql, params, many, context)


def measured() -> dict[str, dict[str, float]]:
    found = {}
    for name, (email, path) in PAGES.items():
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(User.objects.get(email=email))
        answer = client.get(path)
        if answer.status_code != 200:
            sys.exit(f"{name}: {path} answered {answer.status_code} to {email}")
        found[name] = timed(lambda client=client, path=path: client.get(path))
    sweep()  # what is due is done
    found["sweep with nothing due"] = timed(sweep)
    return found


def timed(do: Callable[[], object]) -> dict[str, float]:
    """Return the median of some rounds in milliseconds, their spread and the queries of one."""
    asked = Asked()
    with connection.execute_wrapper(asked):
        do()
    times = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        do()
        times.append((time.perf_counter() - began) * 1000)
    return {"ms": statistics.median(times), "spread": max(times) - min(times), "queries": asked.count}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=int, nargs="?", default=100_000)
    parser.add_argument("--runs", type=int, default=5_000)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    if not loading.is_loaded():
        loading.load()
    figures = {}
    for size, runs in ((SMALL, 0), (options.size, options.runs)):
        fill(size, runs)
        counts = Service.objects.count(), Run.objects.filter(state__in=OPEN).count()
        figures["{} services, {} open runs".format(*counts)] = measured()
    table(figures)
    if options.out:
        options.out.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")


def table(figures: dict[str, dict[str, dict[str, float]]]) -> None:
    small, large = figures.values()
    print(f"{'milliseconds (queries)':28}" + "".join(f"{name:>36}" for name in figures) + f"{'times':>8}")
    for name, one in small.items():
        pair = (one, large[name])
        cells = [f"{each['ms']:22.1f} (±{each['spread']:5.1f}, {each['queries']:3})" for each in pair]
        print(f"{name:28}{''.join(f'{cell:>36}' for cell in cells)}{large[name]['ms'] / one['ms']:8.1f}")


if __name__ == "__main__":
    settings.ALLOWED_HOSTS = ["*"]
    main()
