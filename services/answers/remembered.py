"""What a process remembers of requests beside the answers: bounded in bytes, all of it together."""

from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")
# What a dictionary and small objects need for one entry besides its letters, rounded up.
_ENTRY = 400


class Budget:
    """So many bytes for several memories together; when they are used up, all of them forget everything."""

    def __init__(self, most: int) -> None:
        self.most, self.used = most, 0
        self._memories: list[Remembered[Any, Any]] = []

    def memory(self) -> "Remembered[Any, Any]":
        """Return a new memory within the budget."""
        made: Remembered[Any, Any] = Remembered(self)
        self._memories.append(made)
        return made

    def take(self, size: int) -> None:
        """Count what is about to be remembered, after forgetting where there is no room."""
        if self.used + size > self.most:
            for memory in self._memories:
                memory.clear()
            self.used = 0
        self.used += size


class Remembered(dict[Key, Value], Generic[Key, Value]):
    """A dictionary that is read as one and written by `keep` alone."""

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self._budget = budget

    def keep(self, key: Key, value: Value, letters: int) -> None:
        """Remember a value, whose key and value have so many letters (of up to four bytes, each twice)."""
        if key not in self:
            self._budget.take(_ENTRY + 8 * letters)
        self[key] = value
