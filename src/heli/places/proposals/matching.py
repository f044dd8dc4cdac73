"""Which unit of a later list an earlier unit goes on in: names first, codes only as a hint. Pure and deterministic.

A code is not an identity: dropped codes come back for unrelated villages, and kept codes change their name entirely. What
lists can never tell is which villages merged; so nothing here proposes a merger, only where the name goes on.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from heli.places.naming import name_words
from heli.places.proposals.names import likeness, told_apart
from heli.places.proposals.ranking import MOST_CANDIDATES, Ground, Ranking
from heli.places.proposals.types import Candidate, CandidateReason, Group, Lineage, Proposed, SideUnit
from heli.places.rules import is_same_name, normalise_name
from heli.places.types import PlaceKind

NO_GROUND = Ground()
COMMUNITIES = frozenset({PlaceKind.COMMUNITY, PlaceKind.COMMUNITY_LIKE})


def propose(
    old: Sequence[SideUnit],
    new: Sequence[SideUnit],
    old_towns: Sequence[SideUnit],
    new_towns: Sequence[SideUnit],
    ground: Ground = NO_GROUND,
) -> Lineage:
    """The lineage that two lists of one district propose, with what the register knows of the ground."""
    old, new = sorted(old, key=_order), sorted(new, key=_order)
    towns, town_proposals = match_towns(old_towns, new_towns, old, new)
    vanished = {unit.town for unit in old_towns} - set(towns)
    matcher = _Matcher(old, new, towns, vanished)
    matcher.same_name_same_town()
    matcher.from_vanished_towns()
    matcher.same_code_like_name()
    matcher.same_name_elsewhere()
    matcher.rest(ground, town_proposals)
    proposals = sorted(matcher.found, key=lambda one: (_order(one.old or one.new), one.group.value))
    return Lineage(matcher.kept, (*town_proposals, *proposals), towns)


def _order(unit: SideUnit | None) -> tuple[str, str, int]:
    return (unit.code, unit.name, unit.id) if unit else ("", "", 0)


# -- towns -----------------------------------------------------------------------------------------------------------


def match_towns(
    old_towns: Sequence[SideUnit], new_towns: Sequence[SideUnit], old: Sequence[SideUnit], new: Sequence[SideUnit]
) -> tuple[dict[str, str], list[Proposed]]:
    """{old town: new town} by nine digits, and a proposal for every town that is not plainly kept.

    A town goes on under its name, or under its code when at least half of its villages' names go on there.
    """
    later = {unit.town: unit for unit in new_towns}
    by_name: dict[str, list[SideUnit]] = defaultdict(list)
    for unit in new_towns:
        by_name[town_name(unit.name)].append(unit)
    old_names, new_names = _names_by_town(old), _names_by_town(new)
    towns: dict[str, str] = {}
    proposals: list[Proposed] = []
    pending: list[SideUnit] = []
    for unit in sorted(old_towns, key=_order):
        same = later.get(unit.town)
        named = by_name[town_name(unit.name)]
        if same is not None and town_name(same.name) == town_name(unit.name):
            towns[unit.town] = same.town
            if same.name != unit.name or same.kind is not unit.kind:
                proposals.append(_town(unit, same, "town_same_code"))
        elif len(named) == 1 and named[0].town not in towns.values():
            towns[unit.town] = named[0].town
            proposals.append(_town(unit, named[0], "town_same_name"))
        else:
            pending.append(unit)
    for unit in pending:
        same = later.get(unit.town)
        names = old_names[unit.town]
        if same is not None and same.town not in towns.values() and names:
            shared = len(names & new_names[same.town])
            if 2 * shared >= len(names):
                towns[unit.town] = same.town
                proposals.append(_town(unit, same, "town_same_villages", shared=shared, of=len(names)))
                continue
        proposals.append(Proposed(Group.TOWN, unit, None, _heirs(unit, names, new_towns, new_names)))
    taken = set(towns.values())
    proposals += [Proposed(Group.TOWN, None, unit) for unit in sorted(new_towns, key=_order) if unit.town not in taken]
    return towns, proposals


def town_name(name: str) -> str:
    """A town's name without what it is: 涛雒镇, 涛雒街道 and 涛雒街道办事处 all give 涛雒."""
    for suffix in name_words().township:
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            return name[: -len(suffix)]
    return name


def _town(old: SideUnit, new: SideUnit, reason: str, **facts: object) -> Proposed:
    return Proposed(Group.TOWN, old, new, (Candidate(new.code, new.name, 900, (CandidateReason(reason, facts),)),))


def _names_by_town(units: Iterable[SideUnit]) -> dict[str, set[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    for unit in units:
        names[unit.town].add(normalise_name(unit.name))
    return names


def _heirs(
    unit: SideUnit, names: set[str], new_towns: Sequence[SideUnit], new_names: Mapping[str, set[str]]
) -> tuple[Candidate, ...]:
    """Towns where the names of a vanished town's villages go on."""
    found = [
        Candidate(
            town.code,
            town.name,
            1000 * shared // len(names),
            (CandidateReason("town_names_go_on", {"shared": shared, "of": len(names)}),),
        )
        for town in new_towns
        if names and (shared := len(names & new_names.get(town.town, set())))
    ]
    return tuple(sorted(found, key=lambda one: (-one.score, one.code)))[:MOST_CANDIDATES]


# -- villages --------------------------------------------------------------------------------------------------------


class _Matcher:
    """One pass after the other takes out what it is sure of; what is left goes on to the next."""

    def __init__(
        self, old: Sequence[SideUnit], new: Sequence[SideUnit], towns: Mapping[str, str], vanished: set[str]
    ) -> None:
        self.old = {unit.code: unit for unit in old}
        self.new = {unit.code: unit for unit in new}
        self.all_old, self.all_new = list(old), list(new)
        self.towns, self.vanished = towns, vanished
        self.base = {unit: normalise_name(unit.name) for unit in (*old, *new)}
        self.found: list[Proposed] = []
        self.kept = 0
        self.went: dict[str, SideUnit] = {}

    def take(
        self, group: Group, old: SideUnit, new: SideUnit, reasons: tuple[CandidateReason, ...], score: int
    ) -> None:
        """Pair the two and leave both out of later passes."""
        del self.old[old.code]
        del self.new[new.code]
        self.went[new.code] = old
        if group is Group.KEPT:
            self.kept += 1
            return
        self.found.append(Proposed(group, old, new, (Candidate(new.code, new.name, score, reasons),)))

    def town_of(self, unit: SideUnit) -> str | None:
        """Where an old unit's town goes on; None when it vanished."""
        return self.towns.get(unit.town)

    def same_name_same_town(self) -> None:
        """Kept, suffix, recoded, converted: one name on each side of a town, or one of each kind."""
        left = self._by(self.old.values(), self.town_of)
        right = self._by(self.new.values(), lambda unit: unit.town)
        for key in sorted(left.keys() & right.keys()):
            for old, new in self._pairs(left[key], right[key]):
                group = self._group(old, new)
                facts = {"name": self.base[old]}
                reasons = [CandidateReason("same_name_same_town", facts)]
                reasons.append(CandidateReason("same_code" if old.code[9:] == new.code[9:] else "other_code"))
                self.take(group, old, new, tuple(reasons), 980)

    def _by(
        self, units: Iterable[SideUnit], town: Callable[[SideUnit], str | None]
    ) -> dict[tuple[str, str], list[SideUnit]]:
        groups: dict[tuple[str, str], list[SideUnit]] = defaultdict(list)
        for unit in units:
            where = town(unit)
            if where is not None:
                groups[(where, self.base[unit])].append(unit)
        return groups

    @staticmethod
    def _pairs(left: list[SideUnit], right: list[SideUnit]) -> list[tuple[SideUnit, SideUnit]]:
        """Pairs of one name: same code first, then same full name, then same kind, then what is single on both sides."""
        pairs: list[tuple[SideUnit, SideUnit]] = []
        left, right = list(left), list(right)
        alone = len(left) == 1 and len(right) == 1
        rules: tuple[Callable[[SideUnit, SideUnit], bool], ...] = (
            lambda a, b: a.code == b.code and (a.name == b.name or alone),
            lambda a, b: a.name == b.name and a.kind is b.kind,
            lambda a, b: (a.kind in COMMUNITIES) is (b.kind in COMMUNITIES),
        )
        for same in rules:
            for a in list(left):
                matches = [b for b in right if same(a, b)]
                rivals = [other for other in left if other is not a and any(same(other, b) for b in matches)]
                if len(matches) == 1 and not rivals:
                    pairs.append((a, matches[0]))
                    left.remove(a)
                    right.remove(matches[0])
        if len(left) == 1 and len(right) == 1:
            pairs.append((left[0], right[0]))
        return pairs

    def _group(self, old: SideUnit, new: SideUnit) -> Group:
        if (old.kind in COMMUNITIES) is not (new.kind in COMMUNITIES):
            return Group.CONVERTED
        if old.code == new.code:
            return Group.KEPT if is_same_name(old.name, new.name) and old.kind is new.kind else Group.SUFFIX
        return Group.RECODED

    def from_vanished_towns(self) -> None:
        """Villages of abolished towns whose name goes on exactly once elsewhere in the district."""
        homeless = [unit for unit in self.old.values() if unit.town in self.vanished]
        self._elsewhere(homeless, Group.TOWN_GONE, "town_abolished", 850)

    def same_name_elsewhere(self) -> None:
        """Villages whose name is new in another town though their own still exists. Common names mislead: never in bulk."""
        self._elsewhere(list(self.old.values()), Group.MOVED, "other_town", 500)

    def _elsewhere(self, olds: list[SideUnit], group: Group, reason: str, score: int) -> None:
        here: dict[str, list[SideUnit]] = defaultdict(list)
        there: dict[str, list[SideUnit]] = defaultdict(list)
        for unit in olds:
            here[self.base[unit]].append(unit)
        for unit in self.new.values():
            there[self.base[unit]].append(unit)
        for name in sorted(here.keys() & there.keys()):
            left = here[name]
            # A name left over in a town of its own has its likelier past there.
            right = [unit for unit in there[name] if not self._has_other_past(unit, name, left)]
            if len(left) == 1 and len(right) == 1:
                reasons = (CandidateReason("same_name", {"name": name}), CandidateReason(reason, {}))
                self.take(group, left[0], right[0], reasons, score)

    def _has_other_past(self, new: SideUnit, name: str, left: list[SideUnit]) -> bool:
        return any(
            unit not in left and self.base[unit] == name and self.town_of(unit) == new.town
            for unit in self.old.values()
        )

    def same_code_like_name(self) -> None:
        """Same code and town, a name that differs by little: a rename to be looked at one by one."""
        for code in sorted(self.old.keys() & self.new.keys()):
            old, new = self.old[code], self.new[code]
            alike = likeness(self.base[old], self.base[new])
            if self.town_of(old) == new.town and alike >= 500 and not told_apart(self.base[old], self.base[new]):
                reasons = (CandidateReason("same_code"), CandidateReason("name_alike", {"percent": alike // 10}))
                self.take(Group.RENAMED, old, new, reasons, 400 + alike // 2)

    def rest(self, ground: Ground, town_proposals: Sequence[Proposed]) -> None:
        """Ranked candidates for what is left; what is left of the list is new."""
        towns: dict[str, tuple[str, ...]] = {before: (after,) for before, after in self.towns.items()}
        for one in town_proposals:
            if one.old and one.new is None:
                towns[one.old.town] = tuple(heir.code[:9] for heir in one.candidates)
        ranking = Ranking(self.all_old, self.all_new, towns, self.went, self.base, ground)
        for unit in sorted(self.old.values(), key=_order):
            ranked = ranking.candidates(unit)
            self.found.append(Proposed(Group.UNCLEAR if ranked else Group.GONE, unit, None, ranked))
        self.found += [Proposed(Group.NEW, None, unit) for unit in sorted(self.new.values(), key=_order)]
