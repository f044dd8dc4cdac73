"""Escalation: red weeks in a row, and exactly one demand for a statement 表态 per streak. Pure.

A streak is followed week by week through a graph: a town that is red in a counted week continues the streak of every
town it was in the counted week before, itself or a predecessor that has ended since. A demand is due where a streak
first reaches the length; where two streaks meet in a merged town, neither is demanded again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

Node = tuple[int, int]
"""(number of the week, town)"""


@dataclass(frozen=True, slots=True)
class Week:
    """A frozen week: its number since the campaign began, whether it counts, its towns, and which of them are red.

    A red that was contested and upheld is not among `reds`.
    """

    number: int
    counts: bool
    towns: frozenset[int]
    reds: frozenset[int]


@dataclass(frozen=True, slots=True)
class Demand:
    """A statement demanded of a town: the first red week of its streak, and the week in which the streak grew long enough."""

    town: int
    first: int
    last: int


Lineage = Mapping[int, Collection[int]]
"""Towns that went into a town, through any number of mergers: {town: its predecessors}."""


@dataclass(frozen=True, slots=True)
class Streaks:
    """Red weeks as a graph: what each node continues, what continues it, and how long its streak is by then."""

    before: Mapping[Node, tuple[Node, ...]]
    after: Mapping[Node, tuple[Node, ...]]
    length: Mapping[Node, int]
    first: Mapping[Node, int]

    def reaching(self, weeks: int) -> list[Node]:
        """Where a streak first becomes that long."""
        return sorted(
            node
            for node, length in self.length.items()
            if length >= weeks and not any(self.length[earlier] >= weeks for earlier in self.before[node])
        )

    def through(self, node: Node) -> set[Node]:
        """The streak that runs through a node: everything it continues, and everything that continues it."""
        return self._reach(node, self.before) | self._reach(node, self.after)

    @staticmethod
    def _reach(node: Node, steps: Mapping[Node, tuple[Node, ...]]) -> set[Node]:
        seen, frontier = {node}, [node]
        while frontier:
            frontier = [there for here in frontier for there in steps.get(here, ()) if there not in seen]
            seen.update(frontier)
        return seen


def known_prefix(weeks: Iterable[Week]) -> list[Week]:
    """The weeks without a gap from the first on: beyond a missing week nothing is decided, so that order does not matter."""
    ordered = sorted(weeks, key=lambda week: week.number)
    return [week for place, week in enumerate(ordered, 1) if week.number == place]


def compute_streaks(weeks: Sequence[Week], lineage: Lineage) -> Streaks:
    """The graph of red weeks. Weeks that do not count are stepped over: they neither break nor lengthen a streak."""
    before: dict[Node, tuple[Node, ...]] = {}
    after: dict[Node, tuple[Node, ...]] = {}
    length: dict[Node, int] = {}
    first: dict[Node, int] = {}
    previous: Week | None = None
    for week in known_prefix(weeks):
        if not week.counts:
            continue
        for town in sorted(week.reds):
            came = () if previous is None else _came_from(town, previous, week, lineage)
            node = (week.number, town)
            earlier = tuple((previous.number, one) for one in came if one in previous.reds) if previous else ()
            before[node] = earlier
            for one in earlier:
                after[one] = (*after.get(one, ()), node)
            longest = max(earlier, key=lambda one: (length[one], -first[one], one), default=None)
            length[node] = 1 if longest is None else length[longest] + 1
            first[node] = week.number if longest is None else first[longest]
        previous = week
    return Streaks(before, after, length, first)


def _came_from(town: int, previous: Week, week: Week, lineage: Lineage) -> list[int]:
    """Which towns of the week before this one is: itself, and predecessors that are no longer there."""
    gone = (one for one in lineage.get(town, ()) if one in previous.towns and one not in week.towns)
    return sorted({*gone, *([town] if town in previous.towns else [])})


def compute_demands(
    weeks: Sequence[Week], existing: Collection[Demand], *, length: int, lineage: Lineage | None = None
) -> list[Demand]:
    """Demands that are due and not yet made. `existing` are those that stand; withdrawn ones are left out."""
    related = lineage or {}
    streaks = compute_streaks(weeks, related)
    found = []
    for node in streaks.reaching(length):
        run = streaks.through(node)
        if not any(_covers(demand, run, related) for demand in existing):
            found.append(Demand(town=node[1], first=streaks.first[node], last=node[0]))
    return found


def compute_withdrawals(
    weeks: Sequence[Week], open_demands: Collection[Demand], *, length: int, lineage: Lineage | None = None
) -> list[Demand]:
    """Open demands whose streak no longer is one, after a contest was upheld."""
    related = lineage or {}
    streaks = compute_streaks(weeks, related)
    runs = [streaks.through(node) for node in streaks.reaching(length)]
    return [demand for demand in open_demands if not any(_covers(demand, run, related) for run in runs)]


def _covers(demand: Demand, run: Collection[Node], lineage: Lineage) -> bool:
    """Whether the demand was made for this streak: it names one of its red weeks, of the same town or one before it."""
    towns = {demand.town, *lineage.get(demand.town, ())}
    return any(demand.first <= number <= demand.last and town in towns for number, town in run)
