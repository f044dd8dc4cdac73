"""The shape of planning's lists."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.planning.models import Scenario
from heli.planning.presenting import UnitRow, VillageRow
from heli.planning.presenting_joint import JointRow, PartRow
from heli.planning.questions.words import PLAN_KINDS
from heli.planning.types import MergerFit, TownLine
from heli.planning.wording import (
    FIT_LABELS,
    JOINT_STATE_LABELS,
    JOINT_STATE_TONES,
    KIND_LABELS,
    PART_STATUS_LABELS,
    PART_STATUS_TONES,
    PROOF_LABELS,
    STATUS_LABELS,
    STATUS_TONES,
    WAY_NAMES,
)
from heli.ui.tables import Column, Exceptions, Table


def scenario_table(request: HttpRequest, rows: Sequence[Any]) -> Table:
    """Scenarios in scope, each with its newest plan."""
    return Table(
        "scenarios",
        request,
        rows=rows,
        columns=[
            Column("name", _("Scenario"), link=lambda row: row.url),
            Column("kind", _("What is planned"), labels=PLAN_KINDS, filter=True),
            Column("district_name", _("District"), filter=True),
            Column(
                "status", _("Status"), labels=STATUS_LABELS, badge=lambda row: STATUS_TONES[row.status], filter=True
            ),
            Column("before", pgettext_lazy("question", "Before"), kind="integer"),
            Column("after", _("Afterwards"), kind="integer"),
            Column("reduction", _("Reduction"), kind="ratio"),
            Column("proof", _("Proof"), labels=PROOF_LABELS),
            Column("on", _("Register of"), kind="date"),
            Column("changed_at", _("Changed"), kind="datetime"),
            Column("changed_by", _("by")),
        ],
        search=("name", "district_name"),
        order="-changed_at",
        caption=_("Scenarios"),
        replaces=_("Draft tables of the merger plan (规模优化调整方案比选表)"),
        empty=_("No scenario yet"),
        cards=True,
    )


def merger_table(
    request: HttpRequest, scenario: Scenario, rows: Sequence[UnitRow], *, editable: bool, sample: bool
) -> Table:
    """The new units of a plan, those that fit worst first."""
    columns = [
        Column("name", _("New village")),
        Column("town", _("Town"), filter=True),
        Column("kind", _("Kind"), labels=KIND_LABELS, filter=True),
        Column("members", _("Made of")),
        Column("before", _("Villages"), kind="integer", total=True),
        Column("population", _("Registered population"), kind="integer", total=True),
        Column("farthest_m", _("Farthest way"), kind="integer", unit="m"),
        Column("centre", _("Centre")),
        Column(
            "fit", _("Score"), labels=FIT_LABELS, sort="score_value", filter=True, template="planning/fit_cell.html"
        ),
        Column("score", _("Points of the score"), kind="decimal", value=lambda row: row.score_value, screen=False),
        Column("reasons", _("What the score is made of"), sort=False, screen=False),
    ]
    if editable:
        columns.append(
            Column("actions", _("By hand"), template="planning/merger_actions.html", sort=False, export=False)
        )
    return Table(
        "mergers",
        request,
        rows=rows,
        columns=columns,
        search=("name", "members", "town"),
        caption=_("Mergers of “%(name)s”") % {"name": scenario.name},
        order="-fit",
        exceptions=Exceptions(_("Only what to look at again"), lambda row: row.fit is MergerFit.POOR),
        replaces=_("Table of the merger plan by village (村级建制调整明细表)"),
        sample=sample,
        row_id=lambda row: row.centre_id,
        cards=True,
    )


def village_table(request: HttpRequest, scenario: Scenario, rows: Sequence[VillageRow], *, sample: bool) -> Table:
    """Every village of today and what becomes of it."""
    return Table(
        "villages",
        request,
        rows=rows,
        columns=[
            Column("name", _("Village")),
            Column("code", _("Code"), kind="code"),
            Column("town", _("Town"), filter=True),
            Column("population", _("Registered population"), kind="integer", total=True),
            Column("unit", _("becomes part of")),
            Column("kind", _("Kind"), labels=KIND_LABELS, filter=True),
            Column("distance_m", _("Way to the centre"), kind="integer", unit="m"),
        ],
        search=("name", "code", "unit"),
        caption=_("Villages of “%(name)s”") % {"name": scenario.name},
        replaces=_("List of villages before and after the merger (调整前后对照表)"),
        sample=sample,
        prefix="v-",
        row_id=lambda row: row.id,
        cards=True,
    )


def town_table(request: HttpRequest, rows: Sequence[TownLine], *, sample: bool) -> Table:
    """Villages before and after by town."""
    return Table(
        "towns",
        request,
        rows=rows,
        columns=[
            Column("name", _("Town")),
            Column("before", _("Before"), kind="integer", total=True),
            Column("after", _("After"), kind="integer", total=True),
            Column("fewest", _("Fewest possible"), kind="integer"),
            Column("most", _("Most possible"), kind="integer"),
            Column("population", _("Registered population"), kind="integer", total=True),
        ],
        caption=_("By town"),
        replaces=_("Summary table by town (分镇街汇总表)"),
        sample=sample,
        prefix="t-",
        cards=True,
    )


def joint_table(request: HttpRequest, rows: Sequence[JointRow]) -> Table:
    """Joint plans in scope; figures are those of the districts that the reader sees."""
    return Table(
        "joint",
        request,
        rows=rows,
        columns=[
            Column("name", _("Joint plan"), link=lambda row: reverse("planning:joint", args=[row.public_id])),
            Column("way", _("Count"), labels=WAY_NAMES, filter=True),
            Column(
                "state",
                _("Status"),
                labels=JOINT_STATE_LABELS,
                badge=lambda row: JOINT_STATE_TONES[row.state],
                filter=True,
            ),
            Column("districts", _("Districts"), kind="integer"),
            Column("before", _("Villages before"), kind="integer"),
            Column("after", _("Villages after"), kind="integer"),
            Column("reduction", _("Reduction"), kind="ratio"),
            Column("on", _("Register of"), kind="date"),
            Column("asked_at", _("Asked"), kind="datetime"),
            Column("asked_by", _("by")),
        ],
        search=("name",),
        order="-asked_at",
        caption=_("Joint plans"),
        replaces=_("Allocation of the reduction to the districts (村级建制调整任务分解表)"),
        cards=True,
    )


def part_table(request: HttpRequest, rows: Sequence[PartRow], *, sample: bool) -> Table:
    """One row per district of a joint plan."""
    return Table(
        "districts",
        request,
        rows=rows,
        columns=[
            Column("name", _("District"), link=lambda row: row.url),
            Column("code", _("Code"), kind="code"),
            Column("before", _("Villages before"), kind="integer", total=True),
            Column("wanted", _("Handed down"), kind="integer"),
            Column("after", _("Villages after"), kind="integer", total=True),
            Column("reduction", _("Reduction"), kind="ratio"),
            Column(
                "status",
                _("Result"),
                labels=PART_STATUS_LABELS,
                badge=lambda row: PART_STATUS_TONES[row.status],
                filter=True,
            ),
            Column("cost", _("Cost in points of the score"), sort="cost_value"),
            Column("why", _("What stands in the way"), sort=False),
            Column("scenario", _("Scenario"), link=lambda row: row.scenario_url),
        ],
        search=("name", "code", "why"),
        caption=_("By district"),
        replaces=_("Allocation of the reduction to the districts (村级建制调整任务分解表)"),
        sample=sample,
        prefix="d-",
        cards=True,
    )
