"""The figures of the search over judged queries: how they are reckoned, and how good they are now."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from services.management.commands.search_eval import searching
from services.search import evaluation
from services.search.evaluation import Judged

FILE = Path("services/data/judged_queries.json")


@pytest.mark.parametrize(
    ("hits", "wanted", "recall", "rank"),
    [
        (["a", "b"], ["a"], 1, 1),
        (["b", "a"], ["a"], 1, 1 / 2),
        (["b", "a"], ["a", "c"], 1 / 2, 1 / 2),
        ([], ["a"], 0, 0),
        ([*"bcdefghijk", "a"], ["a"], 0, 1 / 11),
    ],
)
def test_recall_and_rank_of_a_query(hits: list[str], wanted: list[str], recall: float, rank: float) -> None:
    assert evaluation.recall(hits, wanted) == recall
    assert evaluation.reciprocal_rank(hits, wanted) == rank


def test_figures_are_means_by_class_and_over_all() -> None:
    queries = [Judged("x", "fi", "a", ("a",)), Judged("x", "fi", "b", ("a",)), Judged("y", "fi", "a", ("a",))]
    figures, missed = evaluation.evaluate(queries, lambda one: ["a"] if one.q == "a" else [])
    assert [(one.kind, one.queries, one.recall, one.nothing) for one in figures] == [
        ("x", 2, 0.5, 0.5),
        ("y", 1, 1, 0),
        ("all", 3, 2 / 3, 1 / 3),
    ]
    assert missed == [queries[1]]


def test_the_judged_queries_are_many_and_of_every_class() -> None:
    queries = evaluation.read(FILE)
    assert len(queries) >= 150
    assert {one.kind for one in queries} == {
        *("inflection", "compound", "synonym", "typo", "name", "several", "swedish", "english", "instruction")
    }


# What the search must not fall below.
LEAST = {
    "inflection": 0.97,
    "compound": 0.97,
    "typo": 0.9,
    "synonym": 0.9,
    "name": 0.9,
    "several": 0.85,
    "swedish": 0.9,
    "english": 0.9,
    "instruction": 0.9,
}
LEAST_RANK = 0.85


def test_the_search_is_as_good_as_it_was(manual: None) -> None:
    figures, missed = evaluation.evaluate(evaluation.read(FILE), searching())
    recalls = {one.kind: one.recall for one in figures}
    weak = {kind: recalls[kind] for kind, least in LEAST.items() if recalls[kind] < least}
    assert not weak, (recalls, missed)
    assert figures[-1].reciprocal_rank >= LEAST_RANK


def test_the_command_prints_figures_and_refuses_other_files(manual: None, tmp_path: Path) -> None:
    out = StringIO()
    call_command("search_eval", "--missed", stdout=out)
    assert "inflection" in out.getvalue()
    other = tmp_path / "other.json"
    other.write_text('{"a": 1}')
    with pytest.raises(CommandError):
        call_command("search_eval", str(other), stdout=out)
