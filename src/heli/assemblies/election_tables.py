"""The board of units in an election, and the sheets a clerk keys."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.assemblies.catalogues import elected_bodies
from heli.assemblies.models import Readiness
from heli.assemblies.queries.elections import BoardLine
from heli.assemblies.rules.standing import UnitStage
from heli.records.abouts import About
from heli.ui.tables import Column, Table

STAGES: dict[str, Any] = {
    UnitStage.SET_ASIDE: pgettext_lazy("election", "set aside on an objection"),
    UnitStage.VOID: pgettext_lazy("election", "void"),
    UnitStage.DIFFERS: pgettext_lazy("election", "third look needed"),
    UnitStage.OBJECTION: pgettext_lazy("election", "objection open"),
    UnitStage.SECOND_BALLOT: pgettext_lazy("election", "second ballot needed"),
    UnitStage.HANDOVER_LATE: pgettext_lazy("election", "handover late"),
    UnitStage.ROLL_LATE: pgettext_lazy("election", "list of voters late"),
    UnitStage.NOBODY: pgettext_lazy("election", "nobody to stand yet"),
    UnitStage.TO_DECLARE: pgettext_lazy("election", "to be declared"),
    UnitStage.COUNTING: pgettext_lazy("election", "counting"),
    UnitStage.REVIEW: pgettext_lazy("election", "qualification asked"),
    UnitStage.INTENDED: pgettext_lazy("election", "people in view"),
    UnitStage.SETTLED: pgettext_lazy("election", "people settled"),
    UnitStage.ELECTED: pgettext_lazy("election", "elected"),
    UnitStage.HANDED_OVER: pgettext_lazy("election", "handed over"),
}
BAD = {UnitStage.SET_ASIDE, UnitStage.VOID}
GOOD = {UnitStage.SETTLED, UnitStage.ELECTED, UnitStage.HANDED_OVER}
INFO = {UnitStage.COUNTING, UnitStage.REVIEW, UnitStage.INTENDED, UnitStage.TO_DECLARE}


def tone_of(stage: UnitStage) -> str:
    """The tone of a stage's badge."""
    return "bad" if stage in BAD else "good" if stage in GOOD else "info" if stage in INFO else "warn"


def contest_url(line: BoardLine) -> str:
    """The page of a unit's newest round."""
    election = line.contest.election
    return reverse("assemblies:contest", args=[election.about, line.contest.public_id])


def board_table(request: HttpRequest, about: About, lines: Sequence[BoardLine]) -> Table:
    """Units, the worst first."""
    return Table(
        "units",
        request,
        lines,
        [
            Column("place", _("Unit"), link=contest_url),
            Column("town", _("Town"), filter=True),
            Column(
                "stage", _("Where it stands"), labels=STAGES, badge=lambda line: tone_of(line.stage), filter=True, sort="rank"
            ),
            Column(
                "body", _("What is elected"), value=lambda line: line.contest.election.body, labels=elected_bodies(),
                filter=True,
            ),
            Column("on", _("Election day"), kind="date", value=lambda line: line.contest.on),
            Column(
                "readiness", _("Who is to stand"), value=lambda line: line.contest.readiness, labels=Readiness.words(),
                filter=True,
            ),
            Column("seats", _("Seats"), kind="integer", value=lambda line: line.facts.seats, total=True),
            Column("registered", _("Registered"), kind="integer", value=lambda line: line.contest.registered, total=True),
            Column("sheets", _("Tables"), kind="integer", value=lambda line: line.facts.sheets, total=True),
            Column("agreed", _("agreed"), kind="integer", value=lambda line: line.facts.agreed, total=True),
        ],
        search=("place", "town"),
        order="stage",
        caption=_("Units"),
        replaces=_("progress sheet of the term change (换届选举进度表)"),
        empty=_("No election yet"),
        sample=about.is_sample,
        cards=True,
    )  # fmt: skip
