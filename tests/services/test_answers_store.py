"""The store of public answers: bounded, fair, and never handing out what was dropped."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.answers.store import Store
from tests.thoroughness import rounds

HUNDRED = 10_000  # bytes that hold a hundred answers of these tests


@dataclass(eq=False)
class Kept:
    tags: frozenset[str] = frozenset({"list"})
    size: int = 100


def filled(count: int, capacity: int = HUNDRED) -> Store[int, Kept]:
    store: Store[int, Kept] = Store(capacity)
    for key in range(count):
        store.put(key, Kept(), since=store.moment)
    return store


def test_what_was_put_is_there_until_it_is_dropped() -> None:
    store: Store[str, Kept] = Store(HUNDRED)
    one, other = Kept(frozenset({"service-1", "vocabulary"})), Kept(frozenset({"service-2"}))
    store.put("one", one, since=0)
    store.put("other", other, since=0)
    assert (store.get("one"), store.get("other")) == (one, other)
    assert store.drop({"service-1"}) == 1
    assert (store.get("one"), store.get("other")) == (None, other)
    assert store.bytes == 100


def test_what_was_begun_before_a_drop_of_what_it_shows_is_not_kept() -> None:
    store: Store[str, Kept] = Store(HUNDRED)
    begun = store.moment
    store.drop({"service-1"})
    assert not store.put("one", Kept(frozenset({"service-1"})), since=begun)
    assert store.put("other", Kept(frozenset({"service-2"})), since=begun)
    assert store.put("one", Kept(frozenset({"service-1"})), since=store.moment)


def test_what_was_begun_before_everything_was_dropped_is_not_kept() -> None:
    store = filled(3)
    begun = store.moment
    store.clear()
    assert (len(store), store.bytes) == (0, 0)
    assert not store.put(1, Kept(), since=begun)


def test_readers_favourites_outlive_a_crawl_through_everything() -> None:
    store = filled(50)
    for key in range(50):
        store.get(key)
    for key in range(1000, 6000):
        store.put(key, Kept(), since=store.moment)
    assert sum(store.get(key) is not None for key in range(50)) == 50


def test_what_comes_again_soon_after_it_was_pushed_out_is_kept_longer() -> None:
    store = filled(120)
    assert store.get(0) is None
    store.put(0, Kept(), since=store.moment)
    for key in range(1000, 1100):
        store.put(key, Kept(), since=store.moment)
    assert store.get(0) is not None


def test_an_answer_that_would_fill_much_of_the_store_is_not_kept() -> None:
    store = filled(10)
    assert not store.put(99, Kept(size=501), since=0)
    assert len(store) == 10


def test_an_answer_that_grew_counts_as_it_is_now() -> None:
    store: Store[int, Kept] = Store(HUNDRED)
    answer = Kept()
    store.put(1, answer, since=0)
    answer.size = 300
    store.grew(1, answer)
    assert store.bytes == 300
    store.grew(1, Kept(size=9))
    assert store.bytes == 300, "another answer is there now"


def test_dropping_over_and_over_leaves_nothing_behind() -> None:
    store: Store[int, Kept] = Store(HUNDRED)
    for _round in range(20_000):
        store.put(1, Kept(), since=store.moment)
        store.drop({"list"})
    assert len(store._small) + len(store._main) < 2000
    assert not store._by_tag


class AnyOrder(RuleBasedStateMachine):
    """Whatever happens in whatever order, the store is what a plain dictionary with sums says."""

    TAGS = ("a", "b", "c")

    @initialize()
    def empty(self) -> None:
        self.store: Store[int, Kept] = Store(3000)
        self.begun = [0]
        self.dropped_at: dict[str, int] = {}
        self.put_at: dict[int, Kept] = {}

    @rule()
    def begin(self) -> None:
        self.begun.append(self.store.moment)

    @rule(
        key=st.integers(0, 40),
        tags=st.frozensets(st.sampled_from(TAGS), min_size=1),
        size=st.integers(50, 160),
        which=st.integers(0, 100),
    )
    def put(self, key: int, tags: frozenset[str], size: int, which: int) -> None:
        since = self.begun[which % len(self.begun)]
        answer = Kept(tags, size)
        fresh = all(self.dropped_at.get(tag, -1) <= since for tag in tags)
        if self.store.put(key, answer, since=since):
            assert fresh
            assert size <= 150
            self.put_at[key] = answer

    @rule(key=st.integers(0, 40))
    def get(self, key: int) -> None:
        found = self.store.get(key)
        assert found is None or found is self.put_at[key]

    @rule(tags=st.frozensets(st.sampled_from(TAGS), min_size=1))
    def drop(self, tags: frozenset[str]) -> None:
        self.store.drop(tags)
        for tag in tags:
            self.dropped_at[tag] = self.store.moment
        for key in range(41):
            found = self.store.get(key)
            assert found is None or found.tags.isdisjoint(tags)

    @invariant()
    def adds_up(self) -> None:
        slots = self.store._slots.values()
        assert self.store.bytes == sum(slot.size for slot in slots) <= 3000
        assert self.store._small_bytes == sum(slot.size for slot in slots if not slot.is_main)
        tagged = {(tag, key) for tag, keys in self.store._by_tag.items() for key in keys}
        assert tagged == {(tag, key) for key, s in self.store._slots.items() for tag in s.answer.tags}


AnyOrder.TestCase.settings = settings(max_examples=rounds(60), stateful_step_count=40, deadline=None)
TestAnyOrder = AnyOrder.TestCase


@given(st.lists(st.integers(0, 300), max_size=600))
def test_the_store_never_holds_more_than_it_may(keys: list[int]) -> None:
    store: Store[int, Kept] = Store(HUNDRED)
    for key in keys:
        if store.get(key) is None:
            store.put(key, Kept(size=100 + key), since=store.moment)
        assert store.bytes <= HUNDRED
