"""Fields of the JSON form, each checked as it is read; every problem names field, index and remedy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from mergeplan.types import WEIGHT_SCALE, Flaw, FlawSeverity, Number

MAX_FLAWS = 50
LARGEST = 10**12
"""No coordinate, population, area or cost beyond this: keeps every later sum inside 64 bits."""


class Reader:
    """Collects problems while fields are read; `value or a harmless stand-in` lets reading go on to the next field."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.flaws: list[Flaw] = []
        self.warnings: list[Flaw] = []

    def wrong(self, code: str, message: str, field: str, index: int | None, remedy: str) -> None:
        if len(self.flaws) < MAX_FLAWS:
            self.flaws.append(Flaw(code, message, field, index, remedy))

    def warn(self, code: str, message: str, field: str, index: int | None, remedy: str) -> None:
        if len(self.warnings) < MAX_FLAWS:
            self.warnings.append(Flaw(code, message, field, index, remedy, FlawSeverity.WARNING))

    def number(self, value: Any, field: str, index: int | None, *, low: float, high: float = LARGEST) -> Number:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong("not-a-number", f"{value!r} is not a number", field, index, "give a number without quotes")
        elif isinstance(value, float) and not math.isfinite(value):
            self.wrong("not-finite", f"{value} is not a finite number", field, index, "give a measured value")
        elif value < low:
            what = "is negative" if low == 0 else f"is below {low:g}"
            self.wrong("too-small", f"{value} {what}", field, index, f"give a value of at least {low:g}")
        elif value > high:
            self.wrong("too-large", f"{value} is above {high:g}", field, index, f"give a value of at most {high:g}")
        else:
            return int(value) if float(value).is_integer() else value
        return max(low, 0)

    def whole(self, value: Any, field: str, index: int | None, *, low: float, high: float = LARGEST) -> int:
        number = self.number(value, field, index, low=low, high=high)
        if isinstance(number, float) and not number.is_integer():
            self.wrong("not-whole", f"{value} is not a whole number", field, index, "round it to a whole number")
        return int(number)

    def many(self, field: str) -> list[Any]:
        value = self.raw.get(field)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            self.wrong("not-a-list", f"{value!r:.60} is not a list", field, None, "give a list, [] for none")
            return []
        return list(value)

    def column(self, field: str, n: int) -> list[Any] | None:
        if field not in self.raw:
            self.wrong("missing", "is missing", field, None, f"add a list with one entry per village ({n})")
            return None
        values = self.many(field)
        if len(values) != n:
            self.wrong("wrong-length", f"has {len(values)} entries, n is {n}", field, None, f"give exactly {n} entries")
            return None
        return values

    def numbers(self, field: str, n: int, *, low: float = -LARGEST) -> list[Number]:
        return [self.number(v, field, i, low=low) for i, v in enumerate(self.column(field, n) or [0] * n)]

    def village(self, value: Any, n: int, field: str, index: int) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < n:
            self.wrong(
                "unknown-village", f"{value!r:.60} is not a village", field, index, f"use an index from 0 to {n - 1}"
            )
            return None
        return value

    def villages(self, field: str, n: int) -> frozenset[int]:
        found = (self.village(v, n, field, i) for i, v in enumerate(self.many(field)))
        return frozenset(v for v in found if v is not None)

    def row(self, value: Any, length: int, field: str, index: int, form: str) -> Sequence[Any] | None:
        if not isinstance(value, list | tuple) or len(value) != length:
            self.wrong("wrong-form", f"{value!r:.60} is not {form}", field, index, f"write {form}")
            return None
        return value

    def pairs(self, field: str, n: int) -> tuple[tuple[int, int], ...]:
        found: set[tuple[int, int]] = set()
        for index, value in enumerate(self.many(field)):
            row = self.row(value, 2, field, index, "[i, j]")
            if row is None:
                continue
            i, j = (self.village(v, n, field, index) for v in row)
            if i is None or j is None:
                continue
            if i == j:
                self.wrong("same-village", f"joins village {i} with itself", field, index, "name two villages")
            found.add((min(i, j), max(i, j)))
        return tuple(sorted(found))

    def decimal(self, value: Any, field: str, default: str) -> int:
        """A decimal of at most four places in 1/10,000."""
        if value is None:
            value = default
        try:
            number = Decimal(str(value)) * WEIGHT_SCALE
        except InvalidOperation:
            number = Decimal("NaN")
        if isinstance(value, bool) or not number.is_finite() or number < 0 or number > 10**9:
            self.wrong("not-a-weight", f"{value!r:.60} is not a weight", field, None, "give a decimal from 0 to 100000")
            return 0
        if number != number.to_integral_value():
            self.wrong("too-many-places", f"{value} has more than four decimal places", field, None, "round it")
        return int(number)
