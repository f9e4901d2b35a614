"""How fast services are published, and what a process takes: as people publish, one after another.

    make bench-publishing                  300 publications among 340 services
    make bench-publishing SIZE=5000 COUNT=1000 OUT=figures.json

Each publication writes a version, the read model in each language with its search tokens, and notes the
change. Printed are publications a second with their milliseconds, and the memory before and after.
"""

import argparse
import itertools
import json
import statistics
import time
from pathlib import Path

from content import prepare, resident  # sets Django up

from orgs.actors import System
from services import generated, publishing, working_copy
from services.documents import text
from services.exchange.importing import import_file
from services.exchange.schema import FORMAT, VERSION
from services.fields import Audience
from services.models import Service

SUMMARY = text(Audience.PUBLIC, "fi", "summary")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=int, nargs="?", default=340)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    words = prepare()
    before = resident()
    services = generated.generate(options.size, words)
    began = time.perf_counter()
    while batch := list(itertools.islice(services, 100)):
        import_file({"format": FORMAT, "version": VERSION, "services": batch})
    imported = options.size / (time.perf_counter() - began)
    found = list(Service.objects.order_by("pk"))
    times = []
    for number in range(options.count):
        service = found[number % len(found)]
        changes = {SUMMARY: f"Tiivistelmä, {number}. kerran."}
        base = working_copy.revision_of(service)
        revision = working_copy.apply(service, changes, base=base, by=System.IMPORT)
        began = time.perf_counter()
        publishing.publish(service, languages=["fi"], by=System.IMPORT, revision=revision)
        times.append((time.perf_counter() - began) * 1000)
    figures = {
        "imported and published a second": imported,
        "published again, ms": statistics.median(times),
        "published again, slowest of twenty, ms": sorted(times)[len(times) * 19 // 20],
        "published again a second": 1000 / statistics.mean(times),
        "resident MB before": before,
        "resident MB after": resident(),
    }
    for name, figure in figures.items():
        print(f"{name:42}{figure:12,.1f}")
    if options.out:
        options.out.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
