"""How the search grows: the same queries over few, many and very many services, in one run.

    make bench-search                                     340, 20,000 and 100,000 services
    make bench-search SIZES="340 5000" OUT=figures.json

The services are made by rule (`content.py`). Printed are medians in milliseconds, and how many
times the cost at the smallest size each is: ratios hold on other machines, milliseconds don't.
"""

import argparse
import datetime
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from content import EVERY, WORDS, fill, prepare, resident  # sets Django up

from orgs import clock
from services.search import facets, held, listing, order, suggesting
from services.search.query import ListQuery
from services.search.synonyms import speech
from services.vocabularies import Words

ROUNDS, TIMES = 3, 15
CHOSEN = {"need": ("education", "job_search"), "price": ("free",), "municipality": ("049", "091", "092")}


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=[340, 20_000, 100_000])
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    words = prepare()
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
