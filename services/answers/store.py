"""Answers in memory, bounded by bytes, dropped by what they show.

What is kept is chosen by S3-FIFO (Yang et al., SOSP 2023): a newcomer waits in a small queue and moves
to the main one only if it was asked for again, so that a crawl through every page pushes out nothing
that readers ask for. Reading takes no lock.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Hashable, Iterable
from typing import Generic, Protocol, TypeVar

_MOST_USES = 3
_SMALL = 0.1  # of all bytes, for newcomers
_LARGEST = 0.05  # of all bytes, for one answer
_REMEMBERED_DROPS = 50_000


class Kept(Protocol):
    """What a store needs of an answer: its size in bytes, and what it shows."""

    @property
    def tags(self) -> frozenset[str]:
        """Return what it shows."""

    @property
    def size(self) -> int:
        """Return how many bytes it takes."""


K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Kept)


class _Slot(Generic[V]):
    __slots__ = ("answer", "is_main", "size", "uses")

    def __init__(self, answer: V, size: int) -> None:
        self.answer, self.size, self.uses, self.is_main = answer, size, 0, False


class Store(Generic[K, V]):
    """Answers by key, at most `capacity` bytes of them."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.bytes = 0
        self.dropped = self.evicted = 0
        # Rises with each drop: an answer is kept only if nothing it shows was dropped since it was begun.
        self.moment = 0
        self._slots: dict[K, _Slot[V]] = {}
        self._by_tag: dict[str, set[K]] = {}
        self._small: deque[tuple[K, _Slot[V]]] = deque()
        self._main: deque[tuple[K, _Slot[V]]] = deque()
        self._small_bytes = 0
        self._ghosts: OrderedDict[int, None] = OrderedDict()
        self._drops: OrderedDict[str, int] = OrderedDict()
        self._oldest = 0  # of what `_drops` still knows; begun before it, an answer is not kept
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._slots)

    def get(self, key: K) -> V | None:
        """Return the answer, if it is kept."""
        slot = self._slots.get(key)
        if slot is None:
            return None
        if slot.uses < _MOST_USES:
            slot.uses += 1
        return slot.answer

    def put(self, key: K, answer: V, *, since: int) -> bool:
        """Keep an answer that was begun at the moment `since`; tell whether it is kept.

        It is not where something it shows changed meanwhile, or where it is too large.
        """
        size = answer.size
        if size > self.capacity * _LARGEST:
            return False
        with self._lock:
            if since < self._oldest or any(self._drops.get(tag, -1) > since for tag in answer.tags):
                return False
            self._remove(key)
            slot = self._slots[key] = _Slot(answer, size)
            self.bytes += size
            for tag in answer.tags:
                self._by_tag.setdefault(tag, set()).add(key)
            if hash(key) in self._ghosts:
                del self._ghosts[hash(key)]
                slot.is_main = True
                self._main.append((key, slot))
            else:
                self._small.append((key, slot))
                self._small_bytes += size
            self._make_room()
            self._forget_empty_places()
            return key in self._slots

    def grew(self, key: K, answer: V) -> None:
        """Count anew what an answer takes: a compressed form has come to it."""
        with self._lock:
            slot = self._slots.get(key)
            if slot is None or slot.answer is not answer:
                return
            more = answer.size - slot.size
            slot.size += more
            self.bytes += more
            if not slot.is_main:
                self._small_bytes += more
            self._make_room()

    def drop(self, tags: Iterable[str]) -> int:
        """Drop the answers that show one of `tags`, and refuse those in the making; return how many."""
        with self._lock:
            self.moment += 1
            gone: set[K] = set()
            for tag in tags:
                self._drops[tag] = self.moment
                self._drops.move_to_end(tag)
                gone |= self._by_tag.get(tag, set())
            while len(self._drops) > _REMEMBERED_DROPS:
                self._oldest = self._drops.popitem(last=False)[1]
            for key in gone:
                self._remove(key)
            self.dropped += len(gone)
            return len(gone)

    def clear(self) -> None:
        """Drop everything, and refuse whatever is being made."""
        with self._lock:
            self.moment += 1
            self._oldest = self.moment
            self.dropped += len(self._slots)
            self._slots.clear()
            self._by_tag.clear()
            self._small.clear()
            self._main.clear()
            self._ghosts.clear()
            self._drops.clear()
            self.bytes = self._small_bytes = 0

    def _remove(self, key: K) -> None:
        """Forget a key. Its place in a queue stays, and is passed over when its turn comes."""
        slot = self._slots.pop(key, None)
        if slot is None:
            return
        self.bytes -= slot.size
        if not slot.is_main:
            self._small_bytes -= slot.size
        for tag in slot.answer.tags:
            keys = self._by_tag[tag]
            keys.discard(key)
            if not keys:
                del self._by_tag[tag]

    def _forget_empty_places(self) -> None:
        """Clear the queues of what was dropped, once that is most of them."""
        if len(self._small) + len(self._main) > 2 * len(self._slots) + 1000:
            for queue in (self._small, self._main):
                kept = [(key, slot) for key, slot in queue if self._slots.get(key) is slot]
                queue.clear()
                queue.extend(kept)

    def _make_room(self) -> None:
        while self.bytes > self.capacity:
            if self._small and (self._small_bytes > self.capacity * _SMALL or not self._main):
                self._next_of_small()
            elif self._main:
                self._next_of_main()
            else:
                return

    def _next_of_small(self) -> None:
        key, slot = self._small.popleft()
        if self._slots.get(key) is not slot:
            return
        if slot.uses:
            slot.uses, slot.is_main = 0, True
            self._small_bytes -= slot.size
            self._main.append((key, slot))
            return
        self._remove(key)
        self.evicted += 1
        self._ghosts[hash(key)] = None
        while len(self._ghosts) > max(len(self._main), 100):
            self._ghosts.popitem(last=False)

    def _next_of_main(self) -> None:
        key, slot = self._main.popleft()
        if self._slots.get(key) is not slot:
            return
        if slot.uses:
            slot.uses -= 1
            self._main.append((key, slot))
            return
        self._remove(key)
        self.evicted += 1
