"""Which village of the register a row is about: by code, else by township and name. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from heli.kernel.faults import Finding
from heli.places.imports.types import KnownPlace, Record
from heli.places.proposals.matching import town_name
from heli.places.rules import clean_name, is_code, normalise_name

LAND_SURVEY = 19
"""Digits of a code of the land survey (TD/T 1055, 坐落单位代码)."""


class Finder(Protocol):
    """Tells which place a row is about."""

    def find(self, record: Record) -> tuple[KnownPlace | None, Finding | None]:
        """The place of a row, or what is wrong."""


class Villages:
    """The villages of a district on a day, to be looked up by what a row says."""

    def __init__(self, known: Sequence[KnownPlace], on: date) -> None:
        self.on = on
        self.known = known
        self.by_code = {one.code: one for one in known if one.code}
        self.by_full: dict[str, list[KnownPlace]] = defaultdict(list)
        self.by_base: dict[str, list[KnownPlace]] = defaultdict(list)
        for one in known:
            self.by_full[clean_name(one.name)].append(one)
            self.by_base[normalise_name(one.name)].append(one)

    def find(  # noqa: PLR0911 - one way out per way to match
        self,
        record: Record,
        *,
        code: str = "code",
        name: str = "name",
        town: str = "town_name",
        unknown: str = "village_unknown",
    ) -> tuple[KnownPlace | None, Finding | None]:
        """The village of a row, or what is wrong; a code and a name that contradict each other are refused."""
        source = str(record.number)
        digits, said, where = (
            record.text(code).replace(" ", ""),
            clean_name(record.text(name)),
            clean_name(record.text(town)),
        )
        if digits:
            # The land survey writes 19 digits: the village's twelve, and a number within it.
            digits = digits[:12] if len(digits) == LAND_SURVEY and digits.isdecimal() else digits
            found = self.by_code.get(digits)
            if found is None:
                facts = {"village": digits if not said else f"{digits} {said}", "on": self.on}
                return None, Finding(unknown, facts, code, source)
            if said and normalise_name(said) != normalise_name(found.name):
                facts = {"code": digits, "name": found.name, "said": said}
                return None, Finding("village_contradicts", facts, name, source)
            return found, None
        if not said:
            return None, Finding(unknown, {"village": "", "on": self.on}, name, source)
        candidates = self._narrow(self.by_full[said], where) or self._narrow(self.by_base[normalise_name(said)], where)
        if len(candidates) == 1:
            return candidates[0], None
        shown = f"{where} {said}".strip()
        if not candidates:
            return None, Finding(unknown, {"village": shown, "on": self.on}, name, source)
        choices = "、".join(f"{one.town}{one.name} {one.code}" for one in candidates[:4])
        return None, Finding("village_ambiguous", {"village": shown, "choices": choices}, name, source)

    @staticmethod
    def _narrow(candidates: Iterable[KnownPlace], town: str) -> list[KnownPlace]:
        found = list(candidates)
        if not town:
            return found
        if is_code(town.ljust(12, "0")):
            return [one for one in found if one.town_code.startswith(town[:9])]
        return [one for one in found if one.town == town] or [
            one for one in found if town_name(one.town) == town_name(town)
        ]
