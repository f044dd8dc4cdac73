"""Organisations are shared out among areas: mergeplan.pairing/1. x(o, a): the organisation o helps the area a.

First the fewest unmet needs, then, among those answers, the fewest organisations that leave their present area for another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mergeplan.questions.answers import Solved, infeasible, proof
from mergeplan.questions.pressing import Pair, Pressed, lessen
from mergeplan.questions.programme import Optimum, Programme
from mergeplan.questions.reading import FormReader
from mergeplan.types import MergeplanError

PAIRING_FORM = "mergeplan.pairing/1"
NODES = 100
"""Nodes of the search after which the best answer is told with its bound; the same on every machine, unlike seconds."""
TRIES = 1
"""The same for a question asked on the side: which pressure, which rule."""


@dataclass(frozen=True, slots=True)
class Helper:
    """An organisation: so many staff, strong or not, what it is good at."""

    id: str
    staff: int
    strong: bool
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class HelpedArea:
    """An area of so many villages; `weight` against staff is its pressure; key areas come first."""

    id: str
    villages: int
    weight: int
    key: bool
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PairingQuestion:
    """Everything sorted by id; pairs are (organisation, area) by place; `cap` None: the least possible is asked first."""

    orgs: tuple[Helper, ...]
    areas: tuple[HelpedArea, ...]
    forbidden: frozenset[tuple[int, int]]
    present: frozenset[tuple[int, int]]
    per_org: tuple[int, int]
    per_area: tuple[int, int]
    key_least: int
    key_strong: int
    cap: int | None
    locks: frozenset[tuple[int, int]] = frozenset()


def read_pairing(raw: Mapping[str, Any]) -> PairingQuestion:
    """A file of the form. Raises `InstanceError` with every flaw by field and entry."""
    r = FormReader(raw, ("orgs", "areas", "forbidden", "present", "locks", "rules", "pressure_cap"))
    orgs = [
        Helper(
            one.raw.get("id", ""),
            one.setting("staff", low=1),
            bool(one.setting("strong", high=1)),
            frozenset(one.words("tags")),
        )
        for one in r.entries("orgs", ("id", "staff", "strong", "tags", "name"))
    ]
    areas = [
        HelpedArea(
            one.raw.get("id", ""), one.setting("villages"), one.setting("weight"), bool(one.setting("key", high=1)),
            tuple(sorted(set(one.words("needs")))),
        )
        for one in r.entries("areas", ("id", "villages", "weight", "key", "needs", "name"))
    ]  # fmt: skip
    r.unique([one.id for one in orgs], "orgs")
    r.unique([one.id for one in areas], "areas")
    given = raw.get("rules")
    rules = FormReader(
        given if isinstance(given, Mapping) else {}, ("per_org", "per_area", "key_least", "key_strong"), "rules."
    )
    windows = [_window(rules, "per_org", len(areas)), _window(rules, "per_area", len(orgs))]
    key = [rules.setting(name) for name in ("key_least", "key_strong")]
    r.flaws += rules.flaws
    r.done()
    orgs.sort(key=lambda one: one.id)
    areas.sort(key=lambda one: one.id)
    places = {one.id: i for i, one in enumerate(orgs)}, {one.id: i for i, one in enumerate(areas)}
    forbidden, present, locks = (r.id_pairs(field, *places) for field in ("forbidden", "present", "locks"))
    cap = r.setting("pressure_cap") if raw.get("pressure_cap") is not None else None
    r.done()
    return PairingQuestion(
        tuple(orgs), tuple(areas), forbidden, present, windows[0], windows[1], key[0], key[1], cap, locks
    )


def solve_pairing(asked: PairingQuestion, *, explain: bool = False) -> Solved:
    """Who helps where; `explain` adds what each pair was chosen for."""
    said: list[str] = []
    parts: dict[str, object] = {}
    start: frozenset[Pair] = frozenset()
    nodes = NODES
    if asked.cap is None and (pressed := least_pressure(asked)) is not None:
        low, high, start = pressed
        asked = replace(asked, cap=high)
        parts["pressure_bracket"] = [low, high]
        nodes = NODES if low == high else TRIES  # packed as tightly as is known, little else can be moved
        said.append(
            f"The least greatest pressure is {high:,}{f', or not below {low:,}' if low < high else ', proven'}."
        )
    model = PairingModel(asked)
    first = None if asked.cap is None else model.best(model.unmet_cost, nodes, start)
    if first is None:
        return infeasible(PAIRING_FORM, *why_not(asked))
    unmet = model.unmet(model.pairs(first))
    model.programme.row(model.unmet_cost.items(), high=unmet)
    second = model.best(model.change_cost, nodes, model.pairs(first))
    assert second is not None  # the first answer is one
    pairs = sorted(model.pairs(second))
    changes, unit = model.changes(pairs), len(asked.orgs) + 1
    cost = unmet * unit + changes
    bound = min(cost, first.bound * unit + (second.bound if first.bound == unmet else 0))
    present = len({o for o, _ in asked.present})
    said.append(f"{len(pairs)} pairs, {unmet} needs unmet (by village), {changes} of {present} present ones changed.")
    pressure = max((pressure_of(asked, pairs, a) for a in range(len(asked.areas))), default=0)
    parts |= {"unmet": unmet, "changes": changes, "pressure": pressure}
    parts["pairs"] = [[asked.orgs[o].id, asked.areas[a].id] for o, a in pairs]
    lines = tuple(_lines(asked, pairs, explain=explain))
    return Solved(PAIRING_FORM, proof(cost, bound), cost, bound, tuple(said), parts, lines)


def pressure_of(asked: PairingQuestion, pairs: list[tuple[int, int]], area: int) -> int:
    """⌈1000 · weight / staff⌉ of an area; nobody's help presses without end, told as weight · 1000."""
    staff = sum(asked.orgs[o].staff for o, a in pairs if a == area)
    return -(-1000 * asked.areas[area].weight // staff) if staff else 1000 * asked.areas[area].weight


class PairingModel:
    """The programme under these rules, and what its answers mean."""

    def __init__(self, asked: PairingQuestion, *, allow: bool = False) -> None:
        self.asked, self.programme = asked, Programme()
        orgs, areas = range(len(asked.orgs)), range(len(asked.areas))
        self.x = {
            (o, a): self.programme.column() for o in orgs for a in areas if allow or (o, a) not in asked.forbidden
        }
        for pair in asked.locks:
            if pair in self.x:
                self.programme.fix(self.x[pair], 1)
        of_org = {o: [(self.x[o, a], 1.0) for a in areas if (o, a) in self.x] for o in orgs}
        of_area = {a: [(self.x[o, a], 1.0) for o in orgs if (o, a) in self.x] for a in areas}
        for o in orgs:
            self.programme.row(of_org[o], *asked.per_org)
        for a, area in enumerate(asked.areas):
            least = max(asked.per_area[0], asked.key_least if area.key else 0)
            self.programme.row(of_area[a], least, asked.per_area[1])
            if area.key and asked.key_strong:
                strong = [(self.x[o, a], 1.0) for o in orgs if asked.orgs[o].strong and (o, a) in self.x]
                self.programme.row(strong, asked.key_strong)
            if asked.cap is not None and area.weight:
                staff = [
                    (self.x[o, a], min(asked.orgs[o].staff * asked.cap, 1000 * area.weight))
                    for o in orgs
                    if (o, a) in self.x
                ]
                self.programme.row(staff, 1000 * area.weight)
        self.unmet_cost: dict[int, float] = {}
        for a, area in enumerate(asked.areas):
            for need in area.needs:
                missed = self.programme.column(whole=False)
                able = [(self.x[o, a], 1.0) for o in orgs if need in asked.orgs[o].tags and (o, a) in self.x]
                self.programme.row([(missed, 1.0), *able], 1)
                self.unmet_cost[missed] = area.villages
        self.change_cost = self._change_cost()

    def _change_cost(self) -> dict[int, float]:
        """An organisation with a present area changes when it gets any other."""
        cost: dict[int, float] = {}
        for o in sorted({o for o, _ in self.asked.present}):
            others = [column for (org, a), column in self.x.items() if org == o and (o, a) not in self.asked.present]
            if self.asked.per_org[1] == 1:
                cost |= dict.fromkeys(others, 1)
                continue
            changed = self.programme.column(whole=False)
            cost[changed] = 1
            for column in others:
                self.programme.row([(changed, 1), (column, -1)], low=0)
        return cost

    def best(self, costs: Mapping[int, float], nodes: int, start: Iterable[Pair] = ()) -> Optimum | None:
        """The answer that makes this least; None when there is none. Raises `MergeplanError` when the nodes end first."""
        self.programme.costs(costs)
        return self.programme.minimise(nodes=nodes, start={self.x[pair] for pair in start})

    def pairs(self, found: Optimum) -> frozenset[Pair]:
        """The pairs of an answer."""
        return frozenset(pair for pair, column in self.x.items() if found.values[column])

    def unmet(self, pairs: Iterable[Pair]) -> int:
        """Needs that nobody in the area meets, times its villages."""
        tags = [set[str]() for _ in self.asked.areas]
        for o, a in pairs:
            tags[a] |= self.asked.orgs[o].tags
        return sum(area.villages * len(set(area.needs) - tags[a]) for a, area in enumerate(self.asked.areas))

    def changes(self, pairs: Iterable[Pair]) -> int:
        """Organisations with a present area that get another."""
        known = {o for o, _ in self.asked.present}
        return len({o for o, a in pairs if o in known and (o, a) not in self.asked.present})


def least_pressure(asked: PairingQuestion) -> tuple[int, int, frozenset[Pair]] | None:
    """Proven, found, and the pairs that keep what was found; None when no pressure can be kept at all."""
    asked = replace(asked, areas=tuple(replace(area, needs=()) for area in asked.areas))
    heaviest = 1000 * max((area.weight for area in asked.areas), default=0)
    model = PairingModel(replace(asked, cap=heaviest))
    start = model.best({}, NODES)
    if start is None:
        return None
    windows = [(max(asked.per_area[0], asked.key_least if area.key else 0), asked.per_area[1]) for area in asked.areas]
    strong = [asked.key_strong if area.key else 0 for area in asked.areas]
    staff, weight = [org.staff for org in asked.orgs], [area.weight for area in asked.areas]
    pressed = Pressed(staff, [org.strong for org in asked.orgs], weight, windows, strong, asked.forbidden)
    low = -(-1000 * sum(weight) // max(1, sum(staff) * asked.per_org[1]))
    pairs = lessen(pressed, model.pairs(start), low)
    high = pressed.pressure(pairs)
    while low < high:
        middle = (low + high) // 2
        model = PairingModel(replace(asked, cap=middle))
        try:
            found = model.best({}, TRIES)
        except MergeplanError:
            break
        if found is None:
            low = middle + 1
        else:
            pairs = model.pairs(found)
            high = pressed.pressure(pairs)
    return low, high, pairs


def why_not(asked: PairingQuestion) -> list[str]:
    """Which rule, loosened alone and least, would help."""
    orgs, areas = len(asked.orgs), len(asked.areas)
    said = [f"No sharing out of {orgs} organisations among {areas} areas keeps all rules."]
    least, most = (orgs * limit for limit in asked.per_org)
    fewest, many = (areas * limit for limit in asked.per_area)
    if most < fewest or least > many:
        said.append(f"The organisations give {least:,} to {most:,} pairs, the areas take {fewest:,} to {many:,}.")
    helping = []
    for words, variants in _loosened(asked):
        if variants and _holds(variants[-1][1]):
            helping.append(words % next(value for value, variant in variants if _holds(variant)))
    if asked.cap is not None and (bracket := least_pressure(asked)) is not None:
        helping.append(f"Raise pressure_cap to {bracket[1]:,}")
    model = PairingModel(asked, allow=True)
    if asked.forbidden and (found := model.best({model.x[pair]: 1 for pair in asked.forbidden}, NODES)) is not None:
        used = [f"{asked.orgs[o].id}–{asked.areas[a].id}" for o, a in model.pairs(found) if (o, a) in asked.forbidden]
        helping.append(f"Allow {', '.join(used)}")
    return said + [
        f"{one}: this alone would be enough." for one in helping or ["No rule loosened alone helps: loosen several"]
    ]


def _loosened(asked: PairingQuestion) -> Iterator[tuple[str, list[tuple[int, PairingQuestion]]]]:
    """Every rule with its looser values, nearest first."""
    for field, most in (("per_area", len(asked.orgs)), ("per_org", len(asked.areas))):
        low, high = getattr(asked, field)
        wider: list[dict[str, Any]] = [{field: (low, value)} for value in range(high + 1, most + 1)]
        yield f"Raise {field} to at most %s", [(change[field][1], replace(asked, **change)) for change in wider]
        wider = [{field: (value, high)} for value in range(low - 1, -1, -1)]
        yield f"Lower {field} to at least %s", [(change[field][0], replace(asked, **change)) for change in wider]
    for field in ("key_least", "key_strong"):
        values: list[dict[str, Any]] = [{field: value} for value in range(getattr(asked, field) - 1, -1, -1)]
        yield f"Lower {field} to %s", [(change[field], replace(asked, **change)) for change in values]


def _holds(asked: PairingQuestion) -> bool:
    try:
        return PairingModel(asked).best({}, TRIES) is not None
    except MergeplanError:
        return False


def _window(r: FormReader, field: str, most: int) -> tuple[int, int]:
    row = r.row(r.raw.get(field), 2, field, 0, "[least, most]") or (0, most)
    low, high = (r.whole(value, field, None, low=0) for value in row)
    if low > high:
        r.wrong("empty-window", f"{low} is above {high}", field, None, "exchange or correct the two")
    return low, high


def _lines(asked: PairingQuestion, pairs: list[tuple[int, int]], *, explain: bool) -> Iterator[dict[str, object]]:
    known = {o for o, _ in asked.present}
    for o, a in sorted(pairs, key=lambda pair: (pair[1], pair[0])):
        org, area = asked.orgs[o], asked.areas[a]
        line: dict[str, object] = {"area": area.id, "organisation": org.id, "key": area.key, "staff": org.staff}
        line |= {"pressure": pressure_of(asked, pairs, a), "changed": o in known and (o, a) not in asked.present}
        if explain:
            together = {tag for other, there in pairs if there == a for tag in asked.orgs[other].tags}
            line |= {
                "meets": " ".join(sorted(set(area.needs) & org.tags)),
                "unmet": " ".join(sorted(set(area.needs) - together)),
            }
        yield line
