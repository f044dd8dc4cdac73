"""What the pages, prints and files of joint plans show: figures in words, rows by district, the curve. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from heli.kernel.quantities import Ratio
from heli.planning import queries
from heli.planning.models import JointPart, JointPlan
from heli.planning.presenting import MANY, advice_of, chart_of_curve, explanations_of, number, points, proof_words
from heli.planning.queries import JointView
from heli.planning.rules import compute_at_most
from heli.planning.sharing import PartStatus, Way
from heli.planning.stored import rules_from_json
from heli.planning.wording import PART_STATUS_LABELS


@dataclass(frozen=True, slots=True)
class JointRow:
    """A joint plan in the list, with the figures of the districts that its reader sees."""

    public_id: str
    name: str
    way: str
    state: str
    districts: int
    before: int
    after: int | None
    reduction: Ratio | None
    on: date
    asked_at: datetime
    asked_by: str


def joint_row(view: JointView) -> JointRow:
    """The row of a joint plan in the list."""
    joint, before, after = view.joint, view.before, view.after
    return JointRow(
        public_id=joint.public_id,
        name=joint.name,
        way=joint.way,
        state=joint.state,
        districts=len(view.parts),
        before=before,
        after=after,
        reduction=Ratio(before - after, before) if after is not None else None,
        on=joint.on,
        asked_at=joint.asked_at,
        asked_by=joint.asked_by,
    )


@dataclass(frozen=True, slots=True)
class PartRow:
    """One district of a joint plan; `after` is what stays where there is no plan."""

    name: str
    code: str
    before: int
    wanted: int | None
    after: int | None
    reduction: Ratio | None
    status: str
    cost: str
    cost_value: int
    why: str
    url: str
    scenario: str
    scenario_url: str | None

    @property
    def reduction_text(self) -> str:
        """ "40.95 %", or a dash."""
        return f"{self.reduction.percent_text()} %" if self.reduction is not None else "—"

    @property
    def status_label(self) -> str:
        """The result in words."""
        return str(PART_STATUS_LABELS[self.status])


def part_row(joint: JointPlan, part: JointPart) -> PartRow:
    """The row of a district; its reasons are read from the stored result only where there is no plan."""
    stays = part.status in (PartStatus.INFEASIBLE, PartStatus.UNPLANNED)
    after = part.before if stays else part.count
    scenario = part.scenario
    return PartRow(
        name=part.name,
        code=part.code,
        before=part.before,
        wanted=part.wanted,
        after=after,
        reduction=Ratio(part.before - after, part.before) if after is not None and part.before else None,
        status=part.status,
        cost=points(part.objective),
        cost_value=part.objective or 0,
        why=short_reason(part) if stays else "",
        url=reverse("planning:joint_part", args=[joint.public_id, part.number]),
        scenario=scenario.name if scenario is not None else "",
        scenario_url=reverse("planning:scenario", args=[scenario.public_id]) if scenario is not None else None,
    )


def reasons(part: JointPart) -> list[str]:
    """Why the district has no plan, or what the planner remarks about the one it has."""
    solved = queries.part_result(part)
    if part.problems or solved is None:
        return [str(text) for text in part.problems]
    return explanations_of(queries.part_material(part), solved[1])


def short_reason(part: JointPart) -> str:
    """Why the district has no plan in one or two sentences: which towns are stuck, and what would be enough for all of them."""
    solved = queries.part_result(part)
    if part.problems or solved is None:
        return " ".join(str(text) for text in part.problems)
    result = solved[1]
    material = queries.part_material(part)
    names = {str(town.id): town.name for town in material.towns}
    stuck = [finding.values["town"] for finding in result.explanation if finding.code == "town-stuck"]
    for finding in result.explanation:
        more = finding.values.get("towns") if finding.code == "towns-stuck" else ()
        stuck += more if isinstance(more, list | tuple) else ()
    towns = list(dict.fromkeys(names.get(str(town), "") for town in stuck))
    if not towns:
        return " ".join(explanations_of(material, result)[:MANY])
    values = {"count": len(towns), "names": "、".join(towns[:MANY]) + (" …" if len(towns) > MANY else "")}
    told = ngettext(
        "%(count)s town cannot be planned: %(names)s.", "%(count)s towns cannot be planned: %(names)s.", len(towns)
    )
    helps = [str(item["label"]) for item in advice_of(result.relaxations)]
    enough = _("It would be enough to change one rule: %(rule)s.") % {"rule": " / ".join(helps)} if helps else ""
    return f"{told % values} {enough}".strip()


def joint_stats(view: JointView) -> list[dict[str, Any]]:
    """The figures at the head of a joint plan that is computed, for those who see all of its districts."""
    joint, before, after = view.joint, view.before, view.after
    if after is None:
        return []
    total = compute_at_most(rules_from_json(joint.rules), before)
    reached = total is None or after <= total
    left = len(view.without_plan)
    found = [
        {
            "label": _("Villages before"),
            "value": number(before),
            "note": _("%(count)s districts") % {"count": number(len(view.parts))},
        },
        {
            "label": _("Villages after"),
            "value": number(after),
            "tone": "main" if reached else "warn",
            "note": _("%(count)s wanted") % {"count": number(total or 0)},
        },
        {
            "label": _("Reduction"),
            "value": Ratio(before - after, before).percent_text() or "—",
            "unit": "%",
            "note": f"{before - after}/{before}",
        },
        {
            "label": _("Cost in points of the score"),
            "value": points(joint.objective),
            "note": proof_words(joint.status, joint.objective, joint.bound),
            "tone": "good" if joint.status == "optimal" else "warn",
        },
    ]
    if joint.way == Way.HANDED_DOWN and joint.objective is not None and joint.best is not None:
        found.append(
            {
                "label": _("Price of handing down"),
                "value": points(joint.objective - joint.best),
                "note": _("the best sharing of %(count)s villages costs %(best)s")
                % {"count": number(after), "best": points(joint.best)},
            }
        )
    if left:
        found.append(
            {
                "label": _("Districts without a plan"),
                "value": number(left),
                "tone": "warn",
                "note": _("they stay as they are and count so"),
            }
        )
    return found


MOST_POINTS = 300
"""Points of a curve that are drawn; the workbook holds all of them."""


def joint_curve(view: JointView) -> dict[str, Any]:
    """The curve of all districts with this plan marked; of very many points so many as a chart can show."""
    curve, after = queries.curve_of(view.joint), view.after
    if len(curve) < 2 or after is None:
        return {}
    step = -(-len(curve) // MOST_POINTS)
    nearest = min(range(len(curve)), key=lambda at: abs(curve[at][0] - after))
    shown = sorted({*range(0, len(curve), step), nearest, len(curve) - 1})
    return chart_of_curve([curve[at] for at in shown], [{"x": after, "label": _("this plan")}])


def joint_problems(view: JointView) -> list[str]:
    """What keeps the count of all from being reached, in words."""
    joint = view.joint
    told = []
    total = compute_at_most(rules_from_json(joint.rules), view.before) or 0
    if joint.status == "infeasible":
        told.append(
            _("No sharing of %(total)s villages over these districts keeps the rules.") % {"total": number(total)}
        )
        possible: Sequence[int] = joint.result.get("possible", ())
        if possible:
            values = {"low": number(possible[0]), "high": number(possible[1])}
            told.append(
                _("Together they can have about %(low)s to %(high)s villages: ask for a number between.") % values
            )
    elif view.after is not None and view.after > total:
        values = {"after": number(view.after), "total": number(total)}
        told.append(_("The count is missed: %(after)s villages remain, %(total)s were wanted.") % values)
    if view.without_plan:
        names = "、".join(part.name for part in view.without_plan[:5]) + (" …" if len(view.without_plan) > 5 else "")
        values = {"count": number(len(view.without_plan)), "names": names}
        told.append(
            _("%(count)s districts have no plan and stay as they are (%(names)s): their rows below say why.") % values
        )
    return told


def part_stats(part: JointPart) -> list[dict[str, Any]]:
    """The figures at the head of one district's page."""
    found: list[dict[str, Any]] = [{"label": _("Villages before"), "value": number(part.before)}]
    if part.wanted is not None:
        found.append({"label": _("Handed down"), "value": number(part.wanted)})
    if part.count is None:
        return found
    ratio = Ratio(part.before - part.count, part.before)
    return [
        *found,
        {"label": _("Villages after"), "value": number(part.count), "tone": "main"},
        {
            "label": _("Reduction"),
            "value": ratio.percent_text() or "—",
            "unit": "%",
            "note": f"{part.before - part.count}/{part.before}",
        },
        {
            "label": _("Cost in points of the score"),
            "value": points(part.objective),
            "note": proof_words(part.status, part.objective, part.bound),
            "tone": "good" if part.status == PartStatus.OPTIMAL else "warn",
        },
    ]
