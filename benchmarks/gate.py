"""Whether a run is worse than what has landed: by ratios of one run, never by requests a second.

    make bench-gate                        measures, and fails where something is a fifth worse
    make bench OUT=benchmarks/landed.json  what has landed, anew

Compared are the rate and the processor time of each case as shares of those of the bare application in
the same run: they hold on other machines.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

Figures = Mapping[str, Mapping[str, float]]
ALLOWED = 1.2
_BARE = "detail, bare"


def shares(figures: Figures) -> dict[str, tuple[float, float]]:
    """Return of each case of ours its rate and its processor time, as shares of the bare application's."""
    bare = figures[_BARE]
    return {
        name: (one["requests a second"] / bare["requests a second"], one["CPU us"] / bare["CPU us"])
        for name, one in figures.items()
        if not name.endswith(("bare", "file"))
    }


def worse(landed: Figures, now: Figures, allowed: float = ALLOWED) -> list[str]:
    """Return a line for each case that is slower, or takes more, than landed by more than `allowed`."""
    found, before = [], shares(landed)
    for name, (rate, cpu) in shares(now).items():
        if name not in before:
            continue
        old_rate, old_cpu = before[name]
        if rate * allowed < old_rate:
            found.append(f"{name}: {rate:.3f} of the bare application's rate, landed {old_rate:.3f}")
        if cpu > old_cpu * allowed:
            found.append(f"{name}: {cpu:.2f} times the bare application's CPU, landed {old_cpu:.2f}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("landed", type=Path)
    parser.add_argument("now", type=Path)
    options = parser.parse_args()
    found = worse(*(json.loads(path.read_text()) for path in (options.landed, options.now)))
    for line in found:
        print(line)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
