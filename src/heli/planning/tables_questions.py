"""The shape of the lists of a question."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from heli.planning.presenting_questions import AnswerRow, ComparedRow, MeetingRow
from heli.planning.questions.words import MARKS, WORDS, KindWords
from heli.planning.types import PlanKind
from heli.planning.wording import PROOF_LABELS, STATUS_LABELS
from heli.ui.tables import Column, Table


def answer_table(
    request: HttpRequest, kind: str, rows: Sequence[AnswerRow], *, words: KindWords, sample: bool
) -> Table:
    """The units of an answer."""
    where = [] if kind == PlanKind.PAIRING else [Column("parent", _("Belongs to"), filter=True)]
    far = [] if kind == PlanKind.PAIRING else [Column("far_m", _("Farthest way"), kind="integer", unit="m")]
    return Table(
        "units",
        request,
        rows=rows,
        columns=[
            Column("name", words.unit),
            *where,
            Column("mark", _("Kind"), labels=MARKS, filter=True),
            Column("members", words.members),
            Column("count", _("Number"), kind="integer", total=True),
            Column("size", words.size, kind="integer", total=True),
            *far,
            Column("cost", words.cost, sort="cost_value"),
            Column("note", words.note),
        ],
        search=("name", "parent", "members"),
        caption=words.unit,
        replaces=words.paper,
        sample=sample,
        row_id=lambda row: row.key,
        cards=True,
    )


def meeting_table(request: HttpRequest, rows: Sequence[MeetingRow], *, sample: bool) -> Table:
    """The meetings that must agree, one per old group."""
    return Table(
        "meetings",
        request,
        rows=rows,
        columns=[
            Column("group", _("Villagers' group")),
            Column("village", _("Village"), filter=True),
            Column("into", _("becomes part of")),
            Column("households", _("Households"), kind="integer", total=True),
            Column("present", _("Households that must be present"), kind="integer"),
            Column("agree", _("of these in favour, at least"), kind="integer"),
        ],
        search=("group", "village", "into"),
        caption=_("Meetings that must agree"),
        replaces=_("List of meetings of villagers' groups (村民小组会议表决清单)"),
        sample=sample,
        prefix="m-",
        cards=True,
    )


def compared_table(request: HttpRequest, kind: str, rows: Sequence[ComparedRow]) -> Table:
    """Questions of one kind side by side."""
    words = WORDS[kind]
    return Table(
        "compared",
        request,
        rows=rows,
        columns=[
            Column("name", _("Scenario"), link=lambda row: row.url),
            Column("status", _("Status"), labels=STATUS_LABELS, filter=True),
            Column("things", words.things, kind="integer"),
            Column("units", words.unit, kind="integer"),
            Column("smallest", _("Smallest"), kind="integer"),
            Column("largest", _("Largest"), kind="integer"),
            Column("far_m", _("Farthest way"), kind="integer", unit="m"),
            Column("cost", words.cost, sort="cost_value"),
            Column("proof", _("Proof"), labels=PROOF_LABELS),
            Column("rules", _("Rules that differ"), sort=False),
        ],
        caption=_("Scenarios beside each other"),
        order="cost",
        cards=True,
    )
