"""What a sharing of posts comes to after people changed some of it, and whether the four placements add up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from heli.kernel.faults import Finding
from heli.posts.rules.allotting import Allotment


@dataclass(frozen=True, slots=True)
class VillageShare:
    """Posts of a village: by the rule, as changed (None: not), and why."""

    place: str
    by_rule: int
    changed: int | None = None
    why: str = ""

    @property
    def posts(self) -> int:
        """What it is to get."""
        return self.by_rule if self.changed is None else self.changed


def shares_of(allotment: Allotment, changes: Mapping[str, tuple[int, str]]) -> list[VillageShare]:
    """Every village with what the rule gives and what was changed, by id."""
    return [
        VillageShare(place, posts, *changes.get(place, (None, ""))) for place, posts in sorted(allotment.posts.items())
    ]


def check_shares(total: int, allotment: Allotment, shares: list[VillageShare]) -> Iterator[Finding]:
    """Whether it may be proposed: the rule can be kept, and changes leave the total as it is."""
    if allotment.status != "ok":
        yield Finding(f"posts_{allotment.status}", {"limit": allotment.limit, "total": total}, "total")
    elif (after := sum(share.posts for share in shares)) != total:
        yield Finding("changed_total", {"after": after, "total": total}, "total")


OUTCOMES = ("stays", "leaves", "moves", "business")


@dataclass(frozen=True, slots=True)
class PlacedCount:
    """What became of whoever held posts in a village the day before: by outcome, "" undecided; and who holds them after."""

    before: Mapping[str, int]
    stays: int = 0
    moved_in: int = 0
    new: int = 0

    @property
    def undecided(self) -> int:
        """Those of whom nothing is decided."""
        return self.before.get("", 0)

    @property
    def held_before(self) -> int:
        """Everybody who held a post the day before."""
        return sum(self.before.values())

    @property
    def held_after(self) -> int:
        """Everybody who holds one afterwards: stays + moves + newly filled."""
        return self.stays + self.moved_in + self.new


def add_up(parts: list[PlacedCount]) -> PlacedCount:
    """The same for a town or district. Whoever moves leaves one village's count of holders and enters another's."""
    before: dict[str, int] = {}
    for one in parts:
        for outcome, count in one.before.items():
            before[outcome] = before.get(outcome, 0) + count
    return PlacedCount(
        before, sum(one.stays for one in parts), sum(one.moved_in for one in parts), sum(one.new for one in parts)
    )


def spread_posts(posts: int, now: Mapping[str, int], fewest: int) -> dict[str, int]:
    """So many regular posts of a village by kind: one person is secretary and head; clerks and deputies stay as far as they fit,
    the rest are members; part-time members fill a committee up to the `fewest` of the law. Other posts stay as they are `now`.
    """
    left = posts - 1
    clerk = min(now.get("clerk", 0), left)
    deputy = min(max(now.get("deputy", 0), 1), left - clerk)
    member = left - clerk - deputy
    missing = max(now.get("part_time", 0), fewest - 1 - deputy - member)
    given = {"secretary": 1, "head": 1, "deputy": deputy, "member": member, "clerk": clerk, "part_time": missing}
    return {kind: count for kind, count in {**now, **given}.items() if count}
