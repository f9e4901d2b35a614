"""How the search grows: the same queries over few, many and very many services, in one run.

    make bench-search                                     340, 20,000 and 100,000 services
    make bench-search SIZES="340 5000" OUT=figures.json

The services are made by rule and have, beside their own texts, words that are distributed as words are
(the nth commonest stands in about 1/n of the places). Printed are medians in milliseconds, and how many
times the cost at the smallest size each is: ratios hold on other machines, milliseconds don't.
"""

import argparse
import datetime
import itertools
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palvelumanuaali.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from orgs import clock  # noqa: E402
from services import generated, read_model  # noqa: E402
from services.exchange.importing import import_file  # noqa: E402
from services.models import PublishedService, Service  # noqa: E402
from services.search import facets, held, listing, order, suggesting  # noqa: E402
from services.search.query import ListQuery  # noqa: E402
from services.search.synonyms import speech  # noqa: E402
from services.search.tokens import tokens_of  # noqa: E402
from services.vocabularies import Words, load  # noqa: E402

VOCABULARY, DRAWN = 60_000, 60  # distinct words, and how many a service has of them
EVERYWHERE = 0.9  # of the services have the commonest word
CHUNK = 2_000
ROUNDS, TIMES = 3, 15
SYLLABLES = [c + v for c in "hjklmnprstv" for v in ("a", "e", "i", "o", "u", "aa", "ie", "uo")]
CHOSEN = {"need": ("education", "job_search"), "price": ("free",), "municipality": ("049", "091", "092")}


def word(rank: int) -> str:
    """Return the nth commonest word: of two to five syllables, the same in every run."""
    chance = random.Random(rank)
    return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 5))) + f"{rank % 97:x}"


WORDS = [word(rank) for rank in range(1, VOCABULARY + 1)]
WEIGHTS = list(itertools.accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
EVERY = "yleissana"


def text_of(number: int) -> str:
    chance = random.Random(number)
    words = chance.choices(WORDS, cum_weights=WEIGHTS, k=DRAWN)
    return " ".join([*words, *([EVERY] if chance.random() < EVERYWHERE else [])])


def rows(first: int, last: int, words: Words) -> Iterator[tuple[Service, PublishedService]]:
    now = clock.now()
    for number, service in enumerate(itertools.islice(generated.generate(last, words), first, None), first):
        public = service["public"]
        external_id = f"palvelu-{number}"
        identity = {"id": external_id, "slug": external_id, "updated_on": "2027-01-01"}
        row = read_model.resolve(identity | {"responsible_partner": None}, public, "fi", words)
        tokens = tokens_of([*row.search_texts, ("C", "", text_of(number))])
        yield (
            Service(external_id=external_id, slug=external_id, status=Service.Status.PUBLISHED),
            PublishedService(
                language="fi", slug=external_id, external_id=external_id, name=row.name,
                sort_key=read_model.sort_key(row.name), document=row.document, keys=row.keys,
                attachment_ids=[], starts=row.starts, search="", tokens=tokens.text, impacts=tokens.impacts,
                boost=number % 11 if number % 50 == 0 else 0, number=1, content_hash="",
                published_at=now - datetime.timedelta(hours=number), first_published_at=now,
            ),
        )  # fmt: skip


def fill(first: int, last: int, words: Words) -> None:
    made = rows(first, last, words)
    while chunk := list(itertools.islice(made, CHUNK)):
        services = Service.objects.bulk_create([service for service, _row in chunk])
        for service, (_service, row) in zip(services, chunk, strict=True):
            row.service = service
        PublishedService.objects.bulk_create([row for _service, row in chunk])
        print(f"  {chunk[-1][1].external_id}", end="\r", file=sys.stderr)


def queries() -> dict[str, ListQuery]:
    return {
        "typical": ListQuery(q=WORDS[345]),
        "two words": ListQuery(q=f"{WORDS[345]} {WORDS[20]}"),
        "common": ListQuery(q=WORDS[40]),
        "worst": ListQuery(q=EVERY),
        "worst, 3 filters": ListQuery(q=EVERY, selected=CHOSEN),
        "nothing typed": ListQuery(),
        "unknown word": ListQuery(q="kielikurrsit"),
    }


def measured(words: Words) -> dict[str, tuple[Callable[[], object], int | None]]:
    today, found = clock.today(), {}
    for name, query in queries().items():
        hits = listing.run(query, "fi", today, words).total
        found[name] = (lambda query=query: listing.run(query, "fi", today, words), hits)
        found[f"{name}: the search alone"] = (lambda query=query: alone(query, words, today), hits)
    for typed in ("hitsau", "kurs", "esp", "kielikurrsi"):
        found[f"suggestions: {typed}"] = (
            lambda typed=typed: suggesting.suggestions(held.index("fi"), typed, "fi", words), None
        )  # fmt: skip
    return found


def alone(query: ListQuery, words: Words, today: datetime.date) -> None:
    """Find, count all filters and put the first page in order, without the database."""
    corpus = listing.Corpus(held._held[held.SERVICES, "fi"].index, speech(words, "fi"))
    index, match = corpus.index, listing.matched(corpus, query.q)
    numbers, _counts = facets.narrow(index.facets, match.numbers, query.selected)
    order.first_of(index, match, numbers, query, today, None, listing.PAGE_SIZE)


def milliseconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _time in range(TIMES):
        call()
    return (time.perf_counter() - began) / TIMES * 1000


def measure(words: Words) -> dict[str, dict[str, float | int | None]]:
    calls = measured(words)
    times: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(ROUNDS):
        for name in reversed(calls) if number % 2 else calls:
            times[name].append(milliseconds(calls[name][0]))
    return {
        name: {
            "ms": statistics.median(times[name]),
            "spread": max(times[name]) - min(times[name]),
            "hits": hits,
        }
        for name, (_call, hits) in calls.items()
    }


def resident() -> int:
    """Return how many megabytes of memory the process holds."""
    status = Path("/proc/self/status").read_text().split("VmRSS:")[1]
    return int(status.split()[0]) // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=[340, 20_000, 100_000])
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    vocabularies = json.loads((settings.BASE_DIR / "services/data/vocabularies.json").read_bytes())
    names = ["espoo", "vantaa", "helsinki"]
    partners = [
        {"id": one, "kind": "partner", "name": {"fi": one.title()}, "municipalities": []} for one in names
    ]
    import_file(vocabularies | {"organisations": partners})
    words = load()
    figures, done = {}, 0
    for size in sorted(options.sizes):
        fill(done, size, words)
        done = size
        held.forget()
        began = time.perf_counter()
        held.index("fi")
        loaded = time.perf_counter() - began
        figures[size] = {"loaded in s": loaded, "resident MB": resident(), "queries": measure(words)}
    table(figures)
    if options.out:
        options.out.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")


def table(figures: dict) -> None:
    first = min(figures)
    print(f"{'milliseconds (times the smallest)':40}" + "".join(f"{size:>18,}" for size in figures))
    for name in figures[first]["queries"]:
        line = f"{name:40}"
        for size in figures:
            ms = figures[size]["queries"][name]["ms"]
            line += f"{ms:10.2f} ({ms / figures[first]['queries'][name]['ms']:5.1f})"
        print(line)
    for name in figures[first]["queries"]:
        if not name.startswith("suggestions") and ":" not in name:
            hits = [f"{figures[size]['queries'][name]['hits']:>18,}" for size in figures]
            print(f"{'hits: ' + name:40}{''.join(hits)}")
    for name in ("loaded in s", "resident MB"):
        print(f"{name:40}" + "".join(f"{figures[size][name]:18.1f}" for size in figures))


if __name__ == "__main__":
    main()
