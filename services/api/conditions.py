"""What a filter asks of a resource's values: operators, conditions and groups of them. Pure.

The operators are Drupal's. A condition on something that has several values holds when one of them
does what is asked; where there is no value, only IS NULL holds. Upper and lower case are alike.
"""

import datetime
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

Value = str | Decimal | bool | datetime.datetime | UUID


class Operator(StrEnum):
    """How values are compared, as addresses name it."""

    EQUAL = "="
    DIFFERENT = "<>"
    ABOVE = ">"
    FROM = ">="
    BELOW = "<"
    UNTIL = "<="
    STARTS_WITH = "STARTS_WITH"
    CONTAINS = "CONTAINS"
    ENDS_WITH = "ENDS_WITH"
    IN = "IN"
    NOT_IN = "NOT IN"
    BETWEEN = "BETWEEN"
    NOT_BETWEEN = "NOT BETWEEN"
    IS_NULL = "IS NULL"
    IS_NOT_NULL = "IS NOT NULL"


PRESENCE = frozenset({Operator.IS_NULL, Operator.IS_NOT_NULL})
AMONG = frozenset({Operator.IN, Operator.NOT_IN})
WITHIN = frozenset({Operator.BETWEEN, Operator.NOT_BETWEEN})
PARTS = frozenset({Operator.STARTS_WITH, Operator.CONTAINS, Operator.ENDS_WITH})
_SAME = frozenset({Operator.EQUAL, Operator.DIFFERENT}) | AMONG | PRESENCE


class Sort(Enum):
    """Of what sort values are, which says how they are compared."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    MOMENT = "moment"
    UUID = "uuid"

    @property
    def operators(self) -> frozenset[Operator]:
        """Return what may be asked of such values."""
        match self:
            case Sort.TEXT:
                return frozenset(Operator)
            case Sort.FLAG | Sort.UUID:
                return _SAME
        return frozenset(Operator) - PARTS

    def read(self, value: Any) -> Value:
        """Return a value as it is compared; raises ValueError for what is no such value."""
        return _READ[self](str(value))


def _flag(value: str) -> bool:
    if value.lower() not in _FLAGS:
        raise ValueError(value)
    return _FLAGS[value.lower()]


def _number(value: str) -> Decimal:
    if not _DIGITS.fullmatch(value):
        raise ValueError(value)
    return Decimal(value)


def _moment(value: str) -> datetime.datetime:
    found = datetime.datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


_FLAGS = {"1": True, "true": True, "0": False, "false": False}
_DIGITS = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,6})?")
_READ: Mapping[Sort, Callable[[str], Value]] = {
    Sort.TEXT: str.lower,
    Sort.NUMBER: _number,
    Sort.FLAG: _flag,
    Sort.DAY: lambda value: datetime.date.fromisoformat(value).isoformat(),
    Sort.MOMENT: _moment,
    Sort.UUID: UUID,
}


@dataclass(frozen=True)
class Leaf:
    """Something that a filter can ask about.

    `attribute` is the name in a resource, or "id"; `inside` leads on into it, "*" to each item of a list.
    """

    attribute: str
    inside: tuple[str, ...]
    sort: Sort


@dataclass(frozen=True)
class Condition:
    """What is asked of the values at the end of a path: relationships, then what the last one has.

    Without a leaf it is asked whether anything is pointed at. `values` are as `Sort.read` returns them.
    """

    relationships: tuple[str, ...]
    leaf: Leaf | None
    operator: Operator
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Group:
    """Conditions and groups of which all must hold, or one."""

    members: Sequence["Condition | Group"] = ()
    all: bool = True


_COMPARED: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUAL: operator.eq,
    Operator.DIFFERENT: operator.ne,
    Operator.ABOVE: operator.gt,
    Operator.FROM: operator.ge,
    Operator.BELOW: operator.lt,
    Operator.UNTIL: operator.le,
    Operator.STARTS_WITH: str.startswith,
    Operator.CONTAINS: operator.contains,
    Operator.ENDS_WITH: str.endswith,
}


def holds(asked: Operator, wanted: Sequence[Value], values: Sequence[Value]) -> bool:
    """Tell whether one of a resource's values does what is asked; values are as `Sort.read` returns them."""
    if asked in PRESENCE:
        return bool(values) is (asked is Operator.IS_NOT_NULL)
    return any(_one(asked, wanted, value) for value in values)


def _one(asked: Operator, wanted: Sequence[Any], value: Any) -> bool:
    if asked in AMONG:
        return (value in wanted) is (asked is Operator.IN)
    if asked in WITHIN:
        return bool(wanted[0] <= value <= wanted[1]) is (asked is Operator.BETWEEN)
    return _COMPARED[asked](value, wanted[0])
