"""Which units of the later list a vanished one may have gone into, ranked by what lists and ground tell. Pure, deterministic.

No single sign decides: a merger takes the name of one member, letters of two, or a wholly new name. So signs are added up:
names and shared letters, the township, the order of codes (given out along the ground), where the neighbours went, and
whether a unit is new. The weights were set on a seeded replay (benchmarks/lineage_replay.py) and kept on others.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, hypot, radians

from heli.places.naming import name_words
from heli.places.proposals.names import likeness, told_apart
from heli.places.proposals.types import Candidate, CandidateReason, SideUnit

MOST_CANDIDATES = 5
LEAST_SCORE = 100

SAME_NAME, INSIDE, CONTAINS, TOLD_APART = 600, 550, 450, -200
SAME_CODE, SAME_TOWN, IS_NEW = 60, 100, 100
LETTER, TWO_NAMES = 160, 60
ORDER, NEIGHBOUR, NEAR = 160, 180, 120


@dataclass(frozen=True, slots=True)
class Ground:
    """What the register knows of where its places lie, by their keys: neighbours, and points in degrees."""

    neighbours: Mapping[int, Collection[int]] = field(default_factory=dict)
    points: Mapping[int, tuple[float, float]] = field(default_factory=dict)


class Ranking:
    """Ranks the units of a later list for one vanished unit after the other.

    `went`: the old unit that a unit of the new list continues, by new code; `towns`: where an old town goes on.
    """

    def __init__(  # noqa: PLR0917 - two lists, each with its towns
        self,
        old: Sequence[SideUnit],
        new: Sequence[SideUnit],
        towns: Mapping[str, Collection[str]],
        went: Mapping[str, SideUnit],
        base: Mapping[SideUnit, str],
        ground: Ground,
    ) -> None:
        self.towns, self.went, self.base, self.ground = towns, went, base, ground
        self.by_town: dict[str, list[SideUnit]] = defaultdict(list)
        for unit in new:
            self.by_town[unit.town].append(unit)
        self.new = list(new)
        self.letters = Counter(letter for unit in old for letter in set(base[unit]))
        kept = {unit.code for unit in went.values()}
        self.vanished: dict[str, list[SideUnit]] = defaultdict(list)
        ranks: dict[str, int] = defaultdict(int)
        self.rank: dict[str, int] = {}
        for unit in sorted(old, key=lambda one: one.code):
            self.rank[unit.code] = ranks[unit.town]
            ranks[unit.town] += 1
            if unit.code not in kept:
                self.vanished[unit.town].append(unit)
        self.place = self._places_in_order()

    def candidates(self, old: SideUnit) -> tuple[Candidate, ...]:
        """The likeliest units, the best first; of another township only by name."""
        towns = self.towns.get(old.town, ())
        pool = [unit for town in towns for unit in self.by_town[town]] or self.new
        found = (self._rank(old, new, new.town in towns) for new in pool)
        ranked = sorted((one for one in found if one), key=lambda one: (-one.score, one.code))
        return tuple(ranked[:MOST_CANDIDATES])

    def _places_in_order(self) -> dict[str, float]:
        """Where each new unit stands in its town's old order of codes: at what it continues, a new one between such."""
        place: dict[str, float] = {}
        for units in self.by_town.values():
            ordered = sorted(units, key=lambda one: one.code)
            known = [
                (i, self.rank[self.went[unit.code].code]) for i, unit in enumerate(ordered) if unit.code in self.went
            ]
            for i, unit in enumerate(ordered):
                if unit.code in self.went:
                    place[unit.code] = self.rank[self.went[unit.code].code]
                elif unit.code in self.rank:
                    place[unit.code] = self.rank[unit.code]
                else:
                    before = [rank for j, rank in known if j < i][-1:]
                    after = [rank for j, rank in known if j > i][:1]
                    if before and after and before[0] <= after[0]:
                        place[unit.code] = (before[0] + after[0]) / 2
        return place

    def _rank(self, old: SideUnit, new: SideUnit, same_town: bool) -> Candidate | None:
        signs = [*self._by_name(old, new), *self._by_code(old, new, same_town), *self._by_ground(old, new)]
        named = any(points for points, reason in signs if reason.code in ("same_name", "name_inside", "name_alike"))
        if not signs or not (same_town or named):
            return None
        if new.code in self.went:
            signs.append((0, CandidateReason("unit_existed")))
        else:
            signs.append((IS_NEW, CandidateReason("unit_is_new")))
        score = min(sum(points for points, _ in signs), 990)
        return (
            Candidate(new.code, new.name, score, tuple(reason for _, reason in signs)) if score >= LEAST_SCORE else None
        )

    def _by_name(self, old: SideUnit, new: SideUnit) -> Iterable[tuple[int, CandidateReason]]:
        mine, other = self.base[old], self.base[new]
        if mine == other:
            yield SAME_NAME, CandidateReason("same_name", {"name": mine})
        elif len(mine) > 1 and mine in other:
            yield INSIDE, CandidateReason("name_inside", {"old": mine, "new": other})
        elif len(other) > 1 and other in mine:
            yield CONTAINS, CandidateReason("name_inside", {"old": other, "new": mine})
        elif told_apart(mine, other):
            yield TOLD_APART + likeness(mine, other) // 2, CandidateReason("told_apart")
        else:
            yield from self._by_letters(old, new)

    def _by_letters(self, old: SideUnit, new: SideUnit) -> Iterable[tuple[int, CandidateReason]]:
        mine, other = self.base[old], self.base[new]
        shared = [letter for letter in dict.fromkeys(mine) if letter in other]
        telling = [letter for letter in shared if letter not in name_words().common]
        if not shared:
            return
        points = sum(LETTER * 2 // (1 + self.letters[letter]) + 20 for letter in telling) + 10 * len(shared)
        yield min(points, 2 * LETTER), CandidateReason("letters_shared", {"letters": "、".join(shared)})
        rest = set(other) - set(shared)
        others = (
            unit
            for unit in self.vanished[old.town]
            if unit is not old and rest & set(self.base[unit]) - name_words().common
        )
        if telling and new.code not in self.went and (second := next(others, None)):
            yield TWO_NAMES, CandidateReason("name_of_two", {"other": second.name, "new": new.name})

    def _by_code(self, old: SideUnit, new: SideUnit, same_town: bool) -> Iterable[tuple[int, CandidateReason]]:
        if old.code == new.code:
            same = self.base[old] == self.base[new]
            yield SAME_CODE, CandidateReason("same_code" if same else "same_code_other_name")
        if not same_town:
            return
        yield SAME_TOWN, CandidateReason("same_town" if old.town == new.town else "town_goes_on")
        place = self.place.get(new.code)
        if place is not None:
            gap = abs(self.rank[old.code] - place) if self._is_of(old, new) else None
            if gap is not None and gap <= 4:
                yield int(ORDER / max(gap, 1)), CandidateReason("code_near")

    def _is_of(self, old: SideUnit, new: SideUnit) -> bool:
        """Whether the new unit's place in the order is one of the old unit's own town."""
        before = self.went.get(new.code)
        return before.town == old.town if before else old.town == new.town

    def _by_ground(self, old: SideUnit, new: SideUnit) -> Iterable[tuple[int, CandidateReason]]:
        before = self.went.get(new.code)
        if before is None or not old.id:
            return
        if before.id in self.ground.neighbours.get(old.id, ()):
            yield NEIGHBOUR, CandidateReason("neighbour", {"name": before.name})
        elif old.id in self.ground.points and before.id in self.ground.points:
            metres = distance_m(self.ground.points[old.id], self.ground.points[before.id])
            if metres <= 6_000:
                yield int(NEAR * (1 - metres / 6_000)), CandidateReason("near", {"km": f"{metres / 1000:.1f}"})


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points in degrees, good to a percent within a county."""
    return hypot((one[0] - other[0]) * cos(radians(one[1])), one[1] - other[1]) * 111_320
