"""Check a plan from scratch, trusting nothing but the instance.

This module shares no code with enumeration, scoring or solving: distances, scores and rules are worked out again, in 60-digit
decimals instead of the planner's rationals, straight from the instance's lists. What it cannot do is prove that no cheaper plan
exists; it checks that the claimed bound fits the claim.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Context, Decimal, localcontext
from typing import Any

from mergeplan.types import Flaw, FlawSeverity, Instance

DIGITS = Context(prec=60)
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")
VILLAGE_KINDS = {"kept", "fixed", "merged"}


def verify(
    instance: Instance, plan: Mapping[str, Any], *, at_most: int | None = None, at_least: int | None = None
) -> list[Flaw]:
    """Everything wrong with a plan in its JSON form; an empty list (or only warnings) means it stands.

    Counts are checked against `at_most`/`at_least`, else the plan's own K and Kmin, else the instance's; where the plan was
    made for other numbers than the instance holds, a warning says so.
    """
    with localcontext(DIGITS):
        check = _Check(instance, plan)
        check.run(at_most, at_least)
    return check.flaws


@dataclass
class _Unit:
    place: int
    members: list[int]
    centre: int
    score: int
    kind: str
    raw: Mapping[str, Any]


@dataclass
class _Check:
    instance: Instance
    plan: Mapping[str, Any]
    flaws: list[Flaw] = field(default_factory=list)
    units: list[_Unit] = field(default_factory=list)

    def wrong(self, code: str, message: str, where: str, index: int | None = None, remedy: str = "") -> None:
        self.flaws.append(Flaw(code, message, where, index, remedy or "make the plan again"))

    def run(self, at_most: int | None, at_least: int | None) -> None:
        status = self.plan.get("status")
        if status not in ("optimal", "feasible", "infeasible"):
            self.wrong("unknown-status", f"{status!r} is no status", "status")
            return
        if status == "infeasible":
            if self.plan.get("units") or self.plan.get("objective") is not None:
                self.wrong("infeasible-with-plan", "an infeasible result holds a plan", "status")
            return
        self.k = self._stated("k", self.instance.rules.k, None) or self.instance.rules.k
        rules = self.instance.rules
        self.target = rules.target_pop
        if not rules.is_target_given and rules.at_most is None:
            # Neither T nor K in the file: the request decided, and the plan tells.
            self.target = self._stated("T", None, None) or self.target
        self.borders = {
            frozenset((e.i, e.j)): e for e in self.instance.edges if self.instance.town[e.i] == self.instance.town[e.j]
        }
        if not self._read_units():
            return
        self._check_cover()
        for unit in self.units:
            self._check_unit(unit)
        self._check_links()
        self._check_totals(at_most, at_least)

    def _stated(self, key: str, of_file: int | None, given: int | None) -> int | None:
        """A number of the request: as given, as the plan states, or as the file says."""
        stated = self.plan.get(key)
        if given is not None:
            return given
        if isinstance(stated, int) and not isinstance(stated, bool):
            if of_file is not None and stated != of_file:
                self.flaws.append(
                    Flaw(
                        "other-request",
                        f"the plan was made for {key} = {stated}, the instance says {of_file}",
                        key,
                        None,
                        f"pass {key} explicitly to check another one",
                        FlawSeverity.WARNING,
                    )
                )
            return stated
        return of_file

    def _read_units(self) -> bool:
        index_of = self.instance.index_of
        raw_units = self.plan.get("units")
        if not isinstance(raw_units, list):
            self.wrong("no-units", "is not a list", "units")
            return False
        for place, raw in enumerate(raw_units):
            try:
                members = [index_of[v] for v in raw["members"]]
                unit = _Unit(place, members, index_of[raw["centre"]], raw["score"], raw["kind"], raw)
            except (KeyError, TypeError) as error:
                self.wrong("unreadable-unit", f"lacks or misnames {error}", "units", place)
                return False
            if not members or isinstance(unit.score, bool) or not isinstance(unit.score, int):
                self.wrong("unreadable-unit", "has no members or no whole score", "units", place)
                return False
            self.units.append(unit)
        return True

    def _check_cover(self) -> None:
        times = Counter(i for u in self.units for i in u.members)
        for i in range(self.instance.n):
            if times[i] != 1:
                how = "in no unit" if not times[i] else f"in {times[i]} units"
                self.wrong("not-a-partition", f"village {self.instance.label(i)} is {how}", "units")

    # -- one unit -------------------------------------------------------------------------------------------------

    def _check_unit(self, unit: _Unit) -> None:
        rules, members = self.instance.rules, unit.members
        alone = len(members) == 1
        hosts = [i for i in members if i in rules.hosts]
        if unit.kind == "host":
            self._expect(unit, alone and bool(hosts), "a host community stands by itself")
            self._expect_score(unit, 0)
        elif hosts:
            self._expect(unit, False, "a host community is no village to plan")
        elif unit.kind == "converted":
            self._expect(unit, alone and members[0] in rules.convertible, "is not convertible")
            self._expect(unit, not set(members) & rules.fixed, "is fixed")
            self._expect_score(unit, rules.convert_cost)
        elif unit.kind == "absorbed":
            self._check_absorbed(unit)
        elif unit.kind == "fixed":
            self._expect(unit, alone and members[0] in rules.fixed, "is not fixed")
            self._expect_score(unit, 0)
        elif unit.kind == "kept":
            self._expect(unit, alone, "a kept village stands alone")
            self._expect(unit, not set(members) & rules.fixed, "is fixed and must be told as such")
            self._check_size(unit)
            self._check_score(unit)
        elif unit.kind == "merged":
            self._expect(unit, not alone, "a merger has two members or more")
            self._check_merged(unit)
        else:
            self._expect(unit, False, f"{unit.kind!r} is no kind of unit")
        self._check_extras(unit)

    def _expect(self, unit: _Unit, holds: bool, message: str) -> None:
        if not holds:
            names = ", ".join(self.instance.label(i) for i in unit.members)
            self.wrong("rule-broken", f"{names}: {message}", "units", unit.place)

    def _expect_score(self, unit: _Unit, score: int) -> None:
        self._expect(unit, unit.score == score, f"score is {unit.score}, should be {score}")

    def _check_absorbed(self, unit: _Unit) -> None:
        rules, village, host = self.instance.rules, unit.members[0], unit.centre
        costs = {(a.village, a.host): a.cost for a in rules.absorb}
        self._expect(unit, len(unit.members) == 1, "absorbed villages are listed one by one")
        self._expect(unit, (village, host) in costs, "may not join this host")
        self._expect(unit, frozenset((village, host)) in self.borders, "is no neighbour of the host in the same town")
        self._expect(unit, village not in rules.fixed, "is fixed")
        self._expect_score(unit, costs.get((village, host), unit.score))

    def _check_merged(self, unit: _Unit) -> None:
        rules, members = self.instance.rules, unit.members
        self._expect(unit, len(members) <= self.k, f"{len(members)} members, at most {self.k} allowed")
        self._expect(unit, len({self.instance.town[i] for i in members}) == 1, "members lie in different towns")
        self._expect(unit, not set(members) & rules.fixed, "holds a fixed village")
        reached, border = {members[0]}, [members[0]]
        while border:
            i = border.pop()
            for j in members:
                if j not in reached and frozenset((i, j)) in self.borders:
                    reached.add(j)
                    border.append(j)
        self._expect(unit, len(reached) == len(members), "members do not hang together")
        self._expect(unit, unit.centre in members, "the centre is no member")
        if unit.centre not in members:
            return
        self._check_size(unit)
        far = max(self._road(i, unit.centre) for i in members)
        self._expect(
            unit, far <= Decimal(str(rules.radius_m)), f"{far} m to the centre, at most {rules.radius_m} allowed"
        )
        self._check_centre(unit)
        self._check_score(unit)

    def _check_size(self, unit: _Unit) -> None:
        rules = self.instance.rules
        low, high = rules.pmin, rules.pmax
        if rules.types:
            kind = rules.types[unit.centre]
            low, high = next(((a, b) for name, a, b in rules.windows if name == kind), (low, high))
        people = sum(self.instance.pop[i] for i in unit.members)
        spared = len(unit.members) == 1 and unit.members[0] in rules.exempt
        self._expect(unit, spared or people >= low, f"{people} people, at least {low} needed")
        self._expect(unit, len(unit.members) == 1 or people <= high, f"{people} people, at most {high} allowed")

    def _check_centre(self, unit: _Unit) -> None:
        """The centre is the cheapest member within reach of all, the lowest id on a tie."""
        radius = Decimal(str(self.instance.rules.radius_m))
        ids = self.instance.id
        able = [c for c in unit.members if all(self._road(i, c) <= radius for i in unit.members)]
        cost = {c: sum(self._travel_and_disrupt(unit.members, c), Decimal(0)) for c in able}

        def before(c: int) -> tuple[Decimal, bool, int | str]:
            # 40 digits: equal costs computed along different ways agree to far more than that
            return round(cost[c], 40), isinstance(ids[c], str), ids[c]

        best = min(able, key=before, default=None)
        self._expect(
            unit, unit.centre == best, f"centre should be {None if best is None else self.instance.label(best)}"
        )

    # -- score ----------------------------------------------------------------------------------------------------

    def _road(self, i: int, j: int) -> Decimal:
        x, y = self.instance.x, self.instance.y
        dx, dy = Decimal(x[i]) - Decimal(x[j]), Decimal(y[i]) - Decimal(y[j])
        detour = Decimal(self.instance.rules.detour) / 10_000
        return ((dx * dx + dy * dy).sqrt() * detour + Decimal("0.5")).to_integral_value(ROUND_FLOOR)

    def _travel_and_disrupt(self, members: Sequence[int], centre: int) -> tuple[Decimal, Decimal]:
        pop, weights = self.instance.pop, self.instance.weights
        total = Decimal(sum(pop))
        walked = sum((pop[i] * self._road(i, centre) for i in members), Decimal(0))
        moved = Decimal(sum(pop[i] for i in members if i != centre))
        # Multiplying before dividing keeps equal values equal in all 60 digits.
        travel = weights.travel * walked * self.instance.n / (total * 1000) if total else Decimal(0)
        return travel, weights.disrupt * moved / self.target

    def _score(self, members: Sequence[int], centre: int) -> int:
        instance, weights = self.instance, self.instance.weights
        target = Decimal(self.target)
        people = Decimal(sum(instance.pop[i] for i in members))
        travel, disrupt = self._travel_and_disrupt(members, centre)
        inner = [
            edge
            for place, i in enumerate(members)
            for j in members[place + 1 :]
            if (edge := self.borders.get(frozenset((i, j)))) is not None
        ]
        area = sum((Decimal(instance.area[i]) for i in members), Decimal(0))
        around = sum((Decimal(instance.perim[i]) for i in members), Decimal(0))
        around -= 2 * sum((Decimal(e.length_m) for e in inner), Decimal(0))
        compact = 1 - 4 * PI * area / (around * around) if around > 0 else Decimal(0)
        strange = 1 - Decimal(sum(e.affinity for e in inner)) / len(inner) / 1000 if inner else Decimal(0)
        in_weights = (
            weights.balance * (people - target) ** 2 / target**2
            + travel
            + disrupt
            + weights.compact * compact
            + weights.affinity * (len(members) - 1) * strange
        )
        millionths = in_weights * 100
        # Half up towards +∞: ⌊v + ½⌋; 40 digits absorb the last-digit noise of the divisions.
        return int((round(millionths, 40) + Decimal("0.5")).to_integral_value(ROUND_FLOOR))

    def _check_score(self, unit: _Unit) -> None:
        self._expect_score(unit, self._score(unit.members, unit.centre))

    def _check_extras(self, unit: _Unit) -> None:
        """Figures that a reader may rely on, where the plan gives them."""
        raw, instance = unit.raw, self.instance
        people = sum(instance.pop[i] for i in unit.members)
        self._expect(unit, raw.get("population", people) == people, f"population should be {people}")
        far = int(max(self._road(i, unit.centre) for i in unit.members))
        self._expect(unit, raw.get("farthest_m", far) == far, f"farthest_m should be {far}")
        town = instance.town[unit.members[0]]
        self._expect(unit, raw.get("town", town) == town, f"town should be {town}")
        parts = raw.get("parts")
        if parts is not None:
            self._expect(unit, sum(parts.values()) == unit.score, "parts do not add up to the score")

    # -- the plan as a whole --------------------------------------------------------------------------------------

    def _check_links(self) -> None:
        rules = self.instance.rules
        home: dict[int, object] = {}
        for unit in self.units:
            for i in unit.members:
                # Villages that join the same host share a unit with it.
                home[i] = ("host", unit.centre) if unit.kind in ("absorbed", "host") else unit.place
        for name, groups in (("must", rules.must), ("zones", rules.zones)):
            for index, group in enumerate(groups):
                if len({home.get(i) for i in group}) > 1:
                    self.wrong("link-broken", f"{self._names(group)} are not in one unit", name, index)
        for index, (i, j) in enumerate(rules.cannot):
            if i in home and home[i] == home.get(j):
                self.wrong("link-broken", f"{self._names((i, j))} share a unit", "cannot", index)

    def _names(self, group: Iterable[int]) -> str:
        return ", ".join(self.instance.label(i) for i in group)

    def _check_totals(self, at_most: int | None, at_least: int | None) -> None:
        plan, rules = self.plan, self.instance.rules
        objective, bound = plan.get("objective"), plan.get("bound")
        total = sum(u.score for u in self.units)
        if objective != total:
            self.wrong("wrong-objective", f"is {objective}, the scores add up to {total}", "objective")
        if not isinstance(bound, int) or bound > total or (plan.get("status") == "optimal" and bound != total):
            self.wrong("wrong-bound", f"{bound} does not fit the objective {total}", "bound")
        count = sum(u.kind in VILLAGE_KINDS for u in self.units)
        if plan.get("count", count) != count:
            self.wrong("wrong-count", f"is {plan.get('count')}, {count} units count", "count")
        most, fewest = self._stated("K", rules.at_most, at_most), self._stated("Kmin", rules.at_least, at_least)
        if most is not None and count > most:
            self.wrong("too-many-units", f"{count} units, at most {most} allowed", "K")
        if fewest is not None and count < fewest:
            self.wrong("too-few-units", f"{count} units, at least {fewest} needed", "Kmin")
        per_town = Counter(self.instance.town[u.members[0]] for u in self.units if u.kind in VILLAGE_KINDS)
        for index, row in enumerate(plan.get("towns") or []):
            if row.get("count") != per_town[row.get("town")]:
                self.wrong(
                    "wrong-town-count", f"town {row.get('town')}: {per_town[row.get('town')]} units", "towns", index
                )
        for index, point in enumerate(plan.get("curve") or []):
            if point[0] == count and point[1] != total and plan.get("status") == "optimal":
                self.wrong("wrong-curve", f"says {point[1]} at {count} units, the plan costs {total}", "curve", index)
            inside = (fewest or 0) <= point[0] <= (point[0] if most is None else most)
            if inside and isinstance(bound, int) and point[1] < bound:
                self.wrong("wrong-curve", f"{point[1]} at {point[0]} units beats the bound {bound}", "curve", index)
