"""What planning's pages, prints and files show of a plan: figures in words, charts, rows. Reads only; computes by `rules`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from heli.kernel.quantities import Ratio, decimal_text
from heli.planning.queries import ScenarioStanding
from heli.planning.rules import (
    compute_distance,
    compute_fit,
    compute_histogram,
    compute_names,
    compute_summary,
    is_visible,
    names_of,
    town_of,
)
from heli.planning.types import Material, Merger, MergerFit, MergerKind, Relaxation, Result, Summary
from heli.planning.wording import KIND_LABELS, PART_LABELS, PROOF_LABELS, QUIET, RULE_LABELS, explained
from heli.ui.columns import written

Visible = frozenset[int] | None


def points(value: int | None) -> str:
    """A score in points: 1_895_470 → "1.895"."""
    return "—" if value is None else decimal_text(value, 1_000_000, 3)


def number(value: int) -> str:
    """An integer with its thousands apart."""
    return written(value, "integer")


@dataclass(frozen=True, slots=True)
class Reduction:
    """The reduction reached, against its target where there is one."""

    ratio: Ratio
    target: int | None

    @property
    def percent(self) -> str:
        """ "54.33" for 138/254."""
        return self.ratio.percent_text() or "—"

    @property
    def over(self) -> int | None:
        """Hundredths of a percentage point over the target (13.38 → 1338), as published figures are rounded."""
        reached = self.ratio.percent_hundredths()
        return None if self.target is None or reached is None else reached - self.target

    @property
    def words(self) -> str:
        """How far over or short of the target, in percentage points."""
        if self.over is None or self.target is None:
            return ""
        values = {"points": decimal_text(abs(self.over), 100, 2), "target": decimal_text(self.target, 100, 2)}
        if self.over < 0:
            return _("%(points)s percentage points short of %(target)s %%") % values
        return _("%(points)s percentage points over %(target)s %%") % values


def reduction_of(summary: Summary) -> Reduction:
    """The reduction of a plan."""
    return Reduction(Ratio(summary.removed, summary.before), summary.target)


def kinds_in_words(summary: Summary) -> str:
    """ "94 2-in-1, 13 3-in-1, 18 absorbed into a community"."""
    return str(_(", ")).join(f"{KIND_LABELS[kind]} {count}" for kind, count in summary.kinds)


def stats(standing: ScenarioStanding, visible: Visible) -> list[dict[str, Any]]:
    """The figures at the head of a plan, as `ui/stat.html` takes them."""
    result = standing.result
    if result is None or not result.is_feasible:
        return []
    summary = compute_summary(standing.material, standing.shown_rules, result, visible)
    reduction = reduction_of(summary)
    whole = visible is None
    over = reduction.over
    needed = _("at most %(count)s needed") % {"count": number(summary.at_most)} if whole else ""
    found = [
        {
            "label": _("Villages before"),
            "value": number(summary.before),
            "note": _("%(touched)s touched, %(untouched)s stay")
            % {"touched": number(summary.touched), "untouched": number(summary.untouched)},
        },
        {"label": _("Villages after"), "value": number(summary.after), "tone": "main", "note": needed},
        {
            "label": _("Reduction"),
            "value": reduction.percent,
            "unit": "%",
            "note": f"{summary.removed}/{summary.before}" + (f" · {reduction.words}" if reduction.words else ""),
            "tone": "" if over is None else "good" if over >= 0 else "warn",
        },
        {
            "label": _("Mean registered population"),
            "value": number(summary.mean_population),
            "note": _("of a new village"),
        },
        {
            "label": _("Mean way to the centre"),
            "value": number(summary.mean_distance_m),
            "unit": "m",
            "note": _("farthest %(far)s m") % {"far": number(summary.farthest_m)},
        },
    ]
    if whole:
        found.append(
            {
                "label": _("Cost in points of the score"),
                "value": points(result.objective),
                "note": proof(standing),
                "tone": "good" if result.status == "optimal" else "warn",
            }
        )
    return found


def kinds_line(standing: ScenarioStanding, visible: Visible) -> str:
    """The kinds of change of a plan in one line; empty without a plan."""
    result = standing.result
    if result is None or not result.is_feasible:
        return ""
    return kinds_in_words(compute_summary(standing.material, standing.shown_rules, result, visible))


def proof(standing: ScenarioStanding) -> str:
    """Whether the plan is proven, or its gap."""
    result = standing.result
    return proof_words(result.status, result.objective, result.bound) if result is not None else ""


def proof_words(status: str, objective: int | None, bound: int | None) -> str:
    """Whether something of this status is proven, or how far above the best possible it may be."""
    if status != "feasible" or objective is None or bound is None:
        return str(PROOF_LABELS[status])
    gap = Ratio(objective - bound, objective).percent_text()
    return _("best found, at most %(gap)s %% above the best possible") % {"gap": gap}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One new unit as lists and files show it."""

    merger: Merger
    key: str
    name: str
    town: str
    kind: str
    members: str
    centre: str
    centre_id: int
    before: int
    population: int
    farthest_m: int
    score: str
    score_value: float
    burden_percent: int
    reasons: str
    is_locked: bool
    actions: str = ""

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(KIND_LABELS[self.merger.kind])

    @property
    def fit(self) -> MergerFit:
        """How well it fits beside the other units of its plan."""
        return compute_fit(self.burden_percent)


def merger_rows(standing: ScenarioStanding, visible: Visible = None) -> list[UnitRow]:
    """Every visible unit of the plan, by town and name."""
    result = standing.result
    if result is None:
        return []
    by_id = {village.id: village for village in standing.material.villages}
    towns = {town.id: town.name for town in standing.material.towns}
    names = compute_names(standing.material, standing.shown_rules, result)
    locked = set(standing.rules.locks)
    worst = max((merger.score for merger in result.mergers), default=0)

    def row(merger: Merger) -> UnitRow:
        centre = by_id[merger.centre]
        return UnitRow(
            merger=merger,
            key=merger.key,
            name=names.get(merger.members) or centre.name,
            town=towns[merger.town],
            kind=merger.kind,
            members=str(_(", ")).join(names_of(merger.members, by_id)),
            centre=centre.name,
            centre_id=merger.centre,
            before=len(merger.members),
            population=merger.population,
            farthest_m=merger.farthest_m,
            score=points(merger.score),
            score_value=merger.score / 1_000_000,
            burden_percent=merger.score * 100 // worst if worst > 0 else 0,
            reasons=reasons(merger),
            is_locked=tuple(sorted({*merger.members, merger.centre})) in locked,
        )

    rows = [row(merger) for merger in result.mergers if is_visible(merger, visible)]
    order = {kind: number for number, kind in enumerate(MergerKind)}
    return sorted(rows, key=lambda r: (r.town, order[r.merger.kind], r.name, r.key))


def reasons(merger: Merger) -> str:
    """What the score of a unit is made of, the heaviest part first, in words."""
    parts = sorted(((name, value) for name, value in merger.parts if value), key=lambda part: -part[1])
    return str(_(", ")).join(f"{PART_LABELS[name]} {points(value)}" for name, value in parts)


@dataclass(frozen=True, slots=True)
class VillageRow:
    """One village of today and what becomes of it."""

    id: int
    public_id: str
    name: str
    code: str
    town: str
    population: int
    unit: str
    kind: str
    distance_m: int


def village_rows(standing: ScenarioStanding, visible: Visible = None) -> list[VillageRow]:
    """Every visible village with its fate, by code."""
    material, result = standing.material, standing.result
    by_id = {village.id: village for village in material.villages}
    unit_of = {member: merger for merger in result.mergers for member in merger.members} if result else {}
    names = compute_names(material, standing.shown_rules, result) if result else {}
    towns = {town.id: town.name for town in material.towns}
    rows = []
    for village in sorted(material.planned, key=lambda item: (item.code, item.id)):
        if visible is not None and village.id not in visible:
            continue
        merger = unit_of.get(village.id)
        centre = by_id[merger.centre] if merger else village
        rows.append(
            VillageRow(
                id=village.id,
                public_id=village.public_id,
                name=village.name,
                code=village.code,
                town=towns[village.town],
                population=village.population,
                unit=(names.get(merger.members) or centre.name) if merger else "",
                kind=merger.kind if merger else "",
                distance_m=compute_distance(village, centre, standing.shown_rules.detour),
            )
        )
    return rows


def curve_chart(standing: ScenarioStanding) -> Mapping[str, Any]:
    """Cost by number of villages, proven and bounds, with the plan marked; points carry the count as their id."""
    result = standing.result
    if result is None or not result.curve:
        return {}
    marks = [{"x": result.after, "label": _("this plan")}] if result.is_feasible else []
    return chart_of_curve(result.curve, marks)


def chart_of_curve(curve: Sequence[tuple[int, int, int | None]], marks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A curve (count, proven bound, cost or None) as the chart takes it."""
    known = [[count, round(cost / 1e6, 3), count] for count, _lower, cost in curve if cost is not None]
    lower = [[count, round(bound / 1e6, 3)] for count, bound, cost in curve if cost != bound]
    series: list[dict[str, Any]] = [{"name": _("best plan known"), "points": known}]
    if lower:
        series.append({"name": _("proven bound"), "points": lower, "dashed": True})
    return {"x_label": _("villages after"), "y_label": _("cost in points"), "series": series, "marks": list(marks)}


def histogram_chart(standing: ScenarioStanding, visible: Visible) -> Mapping[str, Any]:
    """Populations before and after by classes of 500 people (1,000 where villages are large)."""
    result = standing.result
    if result is None or not result.is_feasible:
        return {}
    before = [v.population for v in standing.material.planned if visible is None or v.id in visible]
    after = [m.population for m in result.mergers if m.counts and is_visible(m, visible)]
    if not before or not after:
        return {}
    step = 500 if max(*before, *after) <= 8_000 else 1_000
    counts = [compute_histogram(values, step) for values in (before, after)]
    classes = max(len(part) for part in counts)
    filled = [[count for _low, count in part] + [0] * (classes - len(part)) for part in counts]
    return {
        "x_label": _("registered population"),
        "y_label": _("villages"),
        "edges": [index * step for index in range(classes + 1)],
        "series": [{"name": _("before"), "counts": filled[0]}, {"name": _("after"), "counts": filled[1]}],
    }


def advice(standing: ScenarioStanding) -> list[dict[str, object]]:
    """The relaxations of an infeasible run that one button applies; what several towns need is one button for all of them."""
    return advice_of(standing.result.relaxations) if standing.result is not None else []


def advice_of(relaxations: Sequence[Relaxation]) -> list[dict[str, object]]:
    """The strongest relaxation of every rule, with its place in the list and its words."""
    strongest: dict[str, tuple[int, int, Relaxation]] = {}
    for index, item in enumerate(relaxations):
        reach = -item.value if item.rule == "pmin" else item.value
        known = strongest.get(item.rule)
        if known is None or reach > known[0]:
            strongest[item.rule] = (reach, index, item)
    found: list[dict[str, object]] = []
    for _reach, index, item in strongest.values():
        old = item.values.get("from")
        was = f"{number(old)} → " if isinstance(old, int) else ""
        found.append({"index": index, "label": f"{RULE_LABELS[item.rule]}: {was}{number(item.value)}"})
    return found


MANY = 4
"""So many villages of a town are named; the rest is counted."""


def explanations(standing: ScenarioStanding) -> list[str]:
    """Why the result is as it is, sentence by sentence, each once; villages that fit nowhere are gathered by town."""
    return explanations_of(standing.material, standing.result) if standing.result is not None else []


def explanations_of(material: Material, result: Result) -> list[str]:
    """The same of a result that no scenario holds."""
    names = {str(town.id): town.name for town in material.towns}
    names |= {str(village.id): village.name for village in material.villages}
    stuck: dict[object, list[str]] = {}
    for finding in result.explanation:
        if finding.code == "village-stuck":
            stuck.setdefault(finding.values["town"], []).append(names.get(str(finding.values["village"]), ""))
    told: list[str] = []
    for finding in result.explanation:
        if finding.code == "village-stuck":
            lonely = stuck.pop(finding.values["town"], [])
            if lonely:
                values = {
                    "town": names.get(str(finding.values["town"]), ""),
                    "names": "、".join(lonely[:MANY]),
                    "count": len(lonely),
                }
                told.append(
                    _(
                        "%(town)s: %(count)s villages fit into no new village, alone or merged they break a rule (%(names)s …)."
                    )
                    % values
                )
        elif finding.code not in QUIET:
            told.append(explained(finding, lambda key: names.get(str(key), str(key))))
    return list(dict.fromkeys(told))


def town_in_view(standing: ScenarioStanding, visible: Visible) -> set[int] | None:
    """The towns (that will be) of the visible villages."""
    if visible is None:
        return None
    return {town_of(standing.shown_rules, v.town) for v in standing.material.villages if v.id in visible}
