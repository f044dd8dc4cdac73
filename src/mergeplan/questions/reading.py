"""Reading of the questions' forms on top of the planner's reader: ids that are texts, edges in whole metres, lists that fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mergeplan.fields import LARGEST, Reader
from mergeplan.types import InstanceError

PAIR = "[id, id]"
REMARKS = ("form", "title", "note", "comment", "source", "seed", "n")


class FormReader(Reader):
    """Reads one question; `done` raises what was found."""

    def __init__(self, raw: Mapping[str, Any], known: Sequence[str], inside: str = "") -> None:
        super().__init__(raw)
        self.inside = inside
        for key in raw:
            if key not in known and (inside or key not in REMARKS):
                self.wrong(
                    "unknown-key",
                    "is no key of this form",
                    inside + str(key)[:60],
                    None,
                    f"known are {', '.join(known)}",
                )

    def wrong(self, code: str, message: str, field: str, index: int | None, remedy: str) -> None:
        """Note a flaw under its full name."""
        super().wrong(code, message, field if field.startswith(self.inside) else self.inside + field, index, remedy)

    def done(self) -> None:
        """Raises `InstanceError` with everything wrong so far."""
        if self.flaws:
            raise InstanceError(tuple(self.flaws))

    def ids(self, field: str = "id") -> list[str]:
        """Texts of which no two are equal; at least one."""
        values = self.many(field)
        if not values:
            self.wrong("missing", "is missing or empty", field, None, "give a list with one text per entry")
        return self.unique(values, field)

    def unique(self, values: Sequence[Any], field: str) -> list[str]:
        """These values as texts of which no two are equal."""
        seen: dict[str, int] = {}
        for index, value in enumerate(values):
            if not isinstance(value, str) or not value.strip():
                self.wrong("no-id", f"{value!r:.60} is no id", field, index, "write a text")
            elif seen.setdefault(value, index) != index:
                self.wrong(
                    "id-twice", f"{value} is also entry {seen[value]}", field, index, "give one of the two another id"
                )
        return [str(value) for value in values]

    def texts(self, field: str, n: int, default: Sequence[str] | None = None) -> list[str]:
        """One text per entry; the default where the field is not given."""
        if default is not None and field not in self.raw:
            return list(default)
        values = self.column(field, n) or [""] * n
        for index, value in enumerate(values):
            if not isinstance(value, str):
                self.wrong("not-a-text", f"{value!r:.60} is no text", field, index, "write a text")
        return [str(value) for value in values]

    def wholes(self, field: str, n: int, *, low: int = 0, high: int = LARGEST) -> list[int]:
        """One whole number per entry."""
        return [self.whole(v, field, i, low=low, high=high) for i, v in enumerate(self.column(field, n) or [low] * n)]

    def flags(self, field: str, n: int) -> list[bool]:
        """0 or 1 (or false, true) per entry."""
        values = self.column(field, n) or [0] * n
        for index, value in enumerate(values):
            if value not in (0, 1):
                self.wrong("not-a-flag", f"{value!r:.60} is neither 0 nor 1", field, index, "write 0 or 1")
        return [value in (1, True) for value in values]

    def setting(self, field: str, *, low: int = 0, high: int = LARGEST, default: int | None = None) -> int:
        """One whole number for all."""
        if field not in self.raw and default is None:
            self.wrong("missing", "is missing", field, None, "give a whole number")
            return low
        return self.whole(self.raw.get(field, default), field, None, low=low, high=high)

    def entries(self, field: str, known: Sequence[str]) -> list[FormReader]:
        """A reader for every object of a list; what they find is told here."""
        readers = []
        for index, value in enumerate(self.many(field)):
            if not isinstance(value, Mapping):
                self.wrong("not-an-object", f"{value!r:.60} is no object", field, index, "write {…}")
                continue
            reader = FormReader(value, known, f"{field}[{index}].")
            reader.flaws = self.flaws
            readers.append(reader)
        if not readers:
            self.wrong("missing", "is missing or empty", field, None, "give a list of objects")
        return readers

    def words(self, field: str) -> list[str]:
        """A list of texts."""
        values = self.many(field)
        for index, value in enumerate(values):
            if not isinstance(value, str):
                self.wrong("not-a-text", f"{value!r:.60} is no text", field, index, "write a text")
        return [str(value) for value in values]

    def edges(self, n: int) -> tuple[tuple[int, int, int], ...]:
        """Edges [i, j, metres] of at least one metre."""
        found = []
        for index, value in enumerate(self.many("edges")):
            row = self.row(value, 3, "edges", index, "[i, j, metres]")
            if row is None:
                continue
            i, j = (self.village(end, n, "edges", index) for end in row[:2])
            metres = self.whole(row[2], "edges", index, low=1, high=10**7)
            if i is None or j is None:
                continue
            if i == j:
                self.wrong("same-node", f"joins entry {i} with itself", "edges", index, "name two entries")
            found.append((i, j, metres))
        return tuple(found)

    def id_pairs(self, field: str, first: Mapping[str, int], second: Mapping[str, int]) -> frozenset[tuple[int, int]]:
        """Pairs of known ids as their places; none where the field is not given."""
        found = set()
        for index, value in enumerate(self.many(field) if field in self.raw else ()):
            row = self.row(value, 2, field, index, PAIR)
            if row is None:
                continue
            one, other = str(row[0]), str(row[1])
            if one in first and other in second:
                found.add((first[one], second[other]))
            else:
                unknown = other if one in first else one
                self.wrong("unknown", f"{unknown:.60} is not in the file", field, index, f"write {PAIR}")
        return frozenset(found)

    def window(self) -> tuple[int, int]:
        """Lo and Hi."""
        low, high = self.setting("Lo"), self.setting("Hi")
        if low > high:
            self.wrong("empty-window", f"{low} is above Hi ({high})", "Lo", None, "exchange or correct the two")
        return low, high


def in_order(ids: Sequence[str]) -> tuple[list[int], dict[int, int]]:
    """Places sorted by id, and where each went: the order of the input leaves no trace."""
    order = sorted(range(len(ids)), key=lambda i: ids[i])
    return order, {old: new for new, old in enumerate(order)}


def moved(edges: tuple[tuple[int, int, int], ...], place: Mapping[int, int]) -> tuple[tuple[int, int, int], ...]:
    """Edges between the places after sorting."""
    return tuple(sorted((*sorted((place[i], place[j])), metres) for i, j, metres in edges))  # type: ignore[misc]  # two ends
