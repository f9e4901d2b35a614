"""The gate before a slower release: ratios of one run against those that have landed."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings


@pytest.fixture(scope="module")
def gate() -> ModuleType:
    path = Path(settings.BASE_DIR) / "benchmarks" / "gate.py"
    spec = importlib.util.spec_from_file_location("gate", path)
    assert spec
    assert spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def run(bare: tuple[float, float], kept: tuple[float, float]) -> dict[str, dict[str, float]]:
    """Return the figures of a run: requests a second and CPU of the bare application and of ours."""
    named = {"detail, bare": bare, "detail, kept": kept, "detail, file": (1.0, 1.0)}
    return {name: {"requests a second": rate, "CPU us": cpu} for name, (rate, cpu) in named.items()}


LANDED = run((50_000, 20), (45_000, 25))


@pytest.mark.parametrize(
    ("now", "lines"),
    [
        (LANDED, 0),
        (run((5_000, 200), (4_500, 250)), 0),  # a machine that is ten times slower
        (run((50_000, 20), (40_000, 29)), 0),  # within a fifth
        (run((50_000, 20), (37_000, 25)), 1),  # slower
        (run((50_000, 20), (45_000, 31)), 1),  # takes more
        (run((60_000, 15), (45_000, 25)), 2),  # bare got better, ours did not
        (run((50_000, 20), (90_000, 10)), 0),  # better
    ],
)
def test_what_is_a_fifth_worse_than_landed_stops(
    gate: ModuleType, now: dict[str, dict[str, float]], lines: int
) -> None:
    assert len(gate.worse(LANDED, now)) == lines


def test_a_case_that_is_new_has_nothing_to_be_worse_than(gate: ModuleType) -> None:
    now = LANDED | {"list, kept": {"requests a second": 1.0, "CPU us": 1000.0}}
    assert gate.worse(LANDED, now) == []
