"""The shape of the lists of a campaign's matters."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from heli.campaigns.models import Campaign
from heli.campaigns.queries.consultation import NoticeRow, OpinionRow, Talk, TalkRow
from heli.campaigns.queries.meetings import DecisionRow, MeetingRow
from heli.campaigns.queries.problems import IssueRow
from heli.campaigns.queries.questionnaires import ReplyRow
from heli.campaigns.queries.risks import RiskRow
from heli.campaigns.queries.surveys import TurnoutRow
from heli.campaigns.rules.catalogues import meeting_kinds, notice_kinds, opinion_topics, problem_kinds
from heli.campaigns.texts_matters import (
    CHANNELS,
    INQUIRY_STATUSES,
    INQUIRY_TONES,
    ISSUE_SOURCES,
    ISSUE_STATUSES,
    ISSUE_TONES,
    RISK_LEVELS,
    RISK_TONES,
    words,
)
from heli.ui.tables import Column, Table

NOTICE_STATES = {"waiting": _("not posted yet"), "hanging": _("hanging"), "over": _("over"), "down": _("taken down")}
NOTICE_TONES = {"waiting": "quiet", "hanging": "info", "over": "good", "down": "warn"}
DECISION_STATES = {
    "open": _("to do"),
    "late": _("late"),
    "done": _("done, to be checked"),
    "checked": _("done and checked"),
}
DECISION_TONES = {"open": "quiet", "late": "warn", "done": "info", "checked": "good"}


def problem_table(request: HttpRequest, campaign: Campaign, rows: Sequence[IssueRow]) -> Table:
    """The problem ledger."""
    return Table(
        "problems",
        request,
        rows,
        [
            Column("number", _("No."), kind="integer"),
            Column(
                "title", _("Problem"),
                link=lambda row: reverse("campaigns:problem", args=[campaign.public_id, row.public_id]),
            ),
            Column("place", _("Place")),
            Column("heir", _("goes on in"), screen=False),
            Column("town", _("Town"), filter=True),
            Column("kind", _("Kind"), labels=words(problem_kinds()), filter=True),
            Column("source", _("Source"), labels=ISSUE_SOURCES, screen=False),
            Column("leader", _("Who leads it")),
            Column("measures", _("Measures"), screen=False),
            Column("found_on", _("Found on"), kind="date", screen=False),
            Column("due_on", _("Due"), kind="date", template="campaigns/problems/due.html"),
            Column("status", _("Status"), labels=ISSUE_STATUSES, badge=lambda row: ISSUE_TONES[row.status], filter=True),
            Column("closed_on", _("Closed on"), kind="date"),
            Column("late", _("Days late"), kind="integer", screen=False),
        ],
        search=("title", "place", "town", "leader", "measures"),
        order="number",
        caption=_("Problem ledger"),
        replaces=_("problem ledger (问题台账) and close-out sheets (销号单)"),
        sample=campaign.is_sample,
        cards=True,
    )  # fmt: skip


def risk_table(request: HttpRequest, campaign: Campaign, rows: Sequence[RiskRow]) -> Table:
    """Places with their newest assessment."""
    return Table(
        "risks",
        request,
        rows,
        [
            Column(
                "place", _("Place"),
                link=lambda row: reverse("campaigns:risk", args=[campaign.public_id, row.place_public_id]),
            ),
            Column("town", _("Town"), filter=True),
            Column(
                "level", _("Risk"), labels=RISK_LEVELS, filter=True,
                badge=lambda row: RISK_TONES[row.level] if row.level else "",
            ),
            Column("score", _("Highest score"), kind="integer", value=lambda row: row.score or None),
            Column("version", _("Version"), kind="integer", value=lambda row: row.version or None),
            Column(
                "state", _("Signature"), value=_signature, filter=True,
                badge=lambda row: "" if not row.version else "good" if row.is_signed else "info",
            ),
            Column("signed_on", _("Signed on"), kind="date"),
            Column("signed_by", _("Signed by")),
            Column("author", _("Written by"), screen=False),
        ],
        search=("place", "town"),
        caption=_("Risk assessments"),
        replaces=_("risk assessment form in four aspects (四方面风险评估表)"),
        sample=campaign.is_sample,
        cards=True,
    )  # fmt: skip


def _signature(row: RiskRow) -> str:
    if not row.version:
        return ""
    return gettext_now("signed") if row.is_signed else gettext_now("draft")


def notice_table(request: HttpRequest, campaign: Campaign, rows: Sequence[NoticeRow], on: date) -> Table:
    """Public notices."""
    return Table(
        "notices",
        request,
        rows,
        [
            Column(
                "title", _("Notice"),
                link=lambda row: reverse("campaigns:notice_sheet", args=[campaign.public_id, row.public_id]),
            ),
            Column("kind", _("Kind"), labels=words(notice_kinds()), filter=True),
            Column("first_on", _("Posted on"), kind="date"),
            Column("last_on", _("Hangs until"), kind="date"),
            Column(
                "state", _("Status"), value=lambda row: row.state(on), labels=NOTICE_STATES,
                badge=lambda row: NOTICE_TONES[row.state(on)], filter=True,
            ),
            Column("places", _("Places"), kind="integer"),
            Column("photos", _("with photo of the wall copy"), kind="integer"),
            Column("views", _("Times opened"), kind="integer", total=True),
            Column("opinions", _("Opinions"), kind="integer", total=True),
        ],
        search=("title",),
        caption=_("Public notices"),
        replaces=_("notice register with photos (公示登记表)"),
        empty=_("No notice yet"),
        sample=campaign.is_sample,
        prefix="n-",
        cards=True,
    )  # fmt: skip


def opinion_table(request: HttpRequest, campaign: Campaign, rows: Sequence[OpinionRow], *, editable: bool) -> Table:
    """The register of opinions."""
    columns = [
        Column("number", _("No."), kind="integer"),
        Column("received_on", _("Received"), kind="date"),
        Column("place", _("Place")),
        Column("town", _("Town"), filter=True),
        Column("channel", _("How it came in"), labels=CHANNELS, filter=True),
        Column("topic", _("What it is about"), labels=words(opinion_topics()), filter=True),
        Column("text", _("Opinion"), sort=False),
        Column("count", _("Voices"), kind="integer", total=True),
        Column("answer", _("Answer"), sort=False),
        Column("answered_on", _("Answered on"), kind="date"),
        Column("is_published", _("Published"), kind="yesno"),
    ]
    if editable:
        columns.append(
            Column("pk", _("Answer it"), template="campaigns/consultation/answer.html", sort=False, export=False)
        )
    return Table(
        "opinions",
        request,
        rows,
        columns,
        search=("text", "answer", "place"),
        caption=_("Opinions"),
        replaces=_("Register of opinions on the public notice (公示意见登记表)"),
        empty=_("No opinion yet"),
        sample=campaign.is_sample,
        cards=True,
    )


def talk_table(
    request: HttpRequest, campaign: Campaign, rows: Sequence[TalkRow], classes: Mapping[str, str], *, editable: bool
) -> Table:
    """Talks by village and class."""
    columns = [Column("place", _("Village")), Column("town", _("Town"), filter=True)]
    for key, name in classes.items():
        columns += _talk_columns(key, name)
    columns += [
        Column(
            "covered", _("Covered"), value=lambda row: gettext_now("covered") if row.is_covered else gettext_now("not covered"),
            badge=lambda row: "good" if row.is_covered else "quiet", filter=True,
        ),
        Column("on", _("As of"), kind="date"),
    ]  # fmt: skip
    if editable:
        columns.append(
            Column(
                "edit", _("Counts"), value=lambda row: gettext_now("enter"), sort=False, export=False,
                link=lambda row: reverse("campaigns:talk", args=[campaign.public_id, row.place_public_id]),
            )
        )  # fmt: skip
    return Table(
        "talks",
        request,
        rows,
        columns,
        search=("place", "town"),
        caption=_("Talks by village"),
        replaces=_("table of talks (谈心谈话统计表), without anybody's name"),
        sample=campaign.is_sample,
        cards=True,
    )


def _talk_columns(key: str, name: str) -> list[Column]:
    def talk(row: TalkRow) -> Talk:
        return row.talks[key]

    return [
        Column(
            f"done_{key}", name, kind="integer", value=lambda row: talk(row).done, unit=_("talked with"), total=True
        ),
        Column(f"base_{key}", name, kind="integer", value=lambda row: talk(row).base, unit=_("there are"), total=True),
        Column(f"share_{key}", name, kind="ratio", value=lambda row: talk(row).share, unit="%"),
    ]


def turnout_table(request: HttpRequest, campaign: Campaign, rows: Sequence[TurnoutRow]) -> Table:
    """A survey by village."""
    return Table(
        "turnout",
        request,
        rows,
        [
            Column("place", _("Village")),
            Column("town", _("Town"), filter=True),
            Column("given", _("Given out"), kind="integer", total=True),
            Column("returned", _("Came back"), kind="integer", total=True),
            Column("participation", _("Participation"), kind="ratio"),
            Column("aware", _("Awareness"), kind="ratio"),
            Column("support", _("Support"), kind="ratio"),
        ],
        search=("place", "town"),
        caption=_("The survey by village"),
        replaces=_("summary of the questionnaires (问卷汇总表)"),
        empty=_("No village has questionnaires yet"),
        sample=campaign.is_sample,
        cards=True,
    )


def meeting_table(request: HttpRequest, campaign: Campaign, rows: Sequence[MeetingRow]) -> Table:
    """Meetings, trainings, rehearsals."""
    return Table(
        "meetings",
        request,
        rows,
        [
            Column("held_on", _("Held on"), kind="date"),
            Column(
                "title", _("Meeting"),
                link=lambda row: reverse("campaigns:meeting", args=[campaign.public_id, row.public_id]),
            ),
            Column("kind", _("Kind"), labels=words(meeting_kinds()), filter=True),
            Column("place", _("Place")),
            Column("town", _("Town"), filter=True),
            Column("sittings", _("Sittings"), kind="integer", total=True),
            Column("present", _("Present"), kind="integer", total=True),
            Column("has_minutes", _("Minutes"), kind="yesno"),
        ],
        search=("title", "place"),
        order="-held_on",
        caption=_("Meetings, trainings and rehearsals"),
        replaces=_("meeting register and sign-in sheets (会议台账、签到表), as counts"),
        empty=_("No meeting yet"),
        sample=campaign.is_sample,
        prefix="m-",
        cards=True,
    )  # fmt: skip


def decision_table(request: HttpRequest, campaign: Campaign, rows: Sequence[DecisionRow]) -> Table:
    """Decisions as tasks."""
    return Table(
        "decisions",
        request,
        rows,
        [
            Column(
                "text", _("Decision"),
                link=lambda row: reverse("campaigns:meeting", args=[campaign.public_id, row.meeting_id]),
            ),
            Column("owner", _("Who does it")),
            Column("place", _("Place")),
            Column("due_on", _("Due"), kind="date"),
            Column("state", _("Status"), labels=DECISION_STATES, badge=lambda row: DECISION_TONES[row.state], filter=True),
            Column("result", _("Result"), sort=False),
            Column("meeting", _("Meeting"), screen=False),
        ],
        search=("text", "owner", "place"),
        order="due_on",
        caption=_("Decisions"),
        replaces=_("list of tasks from meetings (会议议定事项督办表)"),
        empty=_("No decision yet"),
        sample=campaign.is_sample,
        prefix="d-",
        cards=True,
    )  # fmt: skip


def reply_table(request: HttpRequest, campaign: Campaign, inquiry_id: str, rows: Sequence[ReplyRow]) -> Table:
    """Who has answered an e-questionnaire."""
    return Table(
        "replies",
        request,
        rows,
        [
            Column(
                "place", _("Village"),
                link=lambda row: reverse("campaigns:reply", args=[campaign.public_id, inquiry_id, row.place_public_id]),
            ),
            Column("town", _("Town"), filter=True),
            Column("status", _("Status"), labels=INQUIRY_STATUSES, badge=lambda row: INQUIRY_TONES[row.status], filter=True),
            Column("is_late", _("late"), kind="yesno", filter=True),
            Column("answered_on", _("Answered on"), kind="date"),
            Column("typed", _("Fields typed"), kind="integer", total=True),
            Column("confirmed", _("Fields only confirmed"), kind="integer", total=True),
        ],
        search=("place", "town"),
        caption=_("Replies of the villages"),
        replaces=_("basic facts form of the village (村社基本情况表)"),
        sample=campaign.is_sample,
        cards=True,
    )  # fmt: skip
