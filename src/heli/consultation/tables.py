"""The shape of the lists of consultation."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from heli.consultation.catalogues import notice_kinds, opinion_topics
from heli.consultation.models import OpinionChannel, Stance
from heli.consultation.queries.notices import NoticeRow, OpinionRow, Talk, TalkRow
from heli.consultation.queries.surveys import TurnoutRow
from heli.records.abouts import About
from heli.records.tables import works_column
from heli.records.words import words_of
from heli.ui.tables import Column, Exceptions, Table

NOTICE_STATES = {"waiting": _("not posted yet"), "hanging": _("hanging"), "over": _("over"), "down": _("taken down")}
NOTICE_TONES = {"waiting": "quiet", "hanging": "info", "over": "good", "down": "warn"}


def notice_table(request: HttpRequest, about: About, rows: Sequence[NoticeRow], on: date) -> Table:
    """Public notices."""
    return Table(
        "notices",
        request,
        rows,
        [
            Column(
                "title", _("Notice"),
                link=lambda row: reverse("consultation:notice_sheet", args=[about.id, row.public_id]),
            ),
            Column("kind", _("Kind"), labels=words_of(notice_kinds()), filter=True),
            Column("first_on", _("Posted on"), kind="date"),
            Column("last_on", _("Hangs until"), kind="date"),
            Column(
                "state", _("Status"), value=lambda row: row.state_on(on), labels=NOTICE_STATES,
                badge=lambda row: NOTICE_TONES[row.state_on(on)], filter=True,
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
        sample=about.is_sample,
        prefix="n-",
        cards=True,
    )  # fmt: skip


def opinion_table(
    request: HttpRequest,
    rows: Sequence[OpinionRow],
    *,
    sample: bool,
    asks_stance: bool = False,
    editable: bool = False,
    works: Mapping[str, str] | None = None,
) -> Table:
    """The register of opinions. `works`: the names of what opinions about several things are about, each with the way there."""
    stance = Column(
        "stance", _("Stance"), labels=Stance.words(), badge=lambda row: Stance(row.stance).tone, filter=True
    )
    columns = [
        Column("number", _("No."), kind="integer"),
        *([works_column(works, rows)] if works is not None else []),
        Column(
            "received_on",
            _("Received"),
            kind="date",
            link=(lambda row: reverse("consultation:opinions", args=[row.about])) if works is not None else None,
        ),
        Column("place", _("Place")),
        Column("town", _("Town"), filter=True),
        Column("channel", _("How it came in"), labels=OpinionChannel.words(), filter=True),
        Column("topic", _("What it is about"), labels=words_of(opinion_topics()), filter=True),
        *([stance] if asks_stance else []),
        Column("text", _("Opinion"), sort=False),
        Column("count", _("Voices"), kind="integer", total=True),
        Column("answer", _("Answer"), sort=False),
        Column("answered_on", _("Answered on"), kind="date"),
        Column("is_published", _("Published"), kind="yesno"),
    ]
    if editable:
        columns.append(Column("pk", _("Answer it"), template="consultation/answer.html", sort=False, export=False))
    return Table(
        "opinions",
        request,
        sorted(rows, key=lambda row: bool(row.answer)),
        columns,
        search=("text", "answer", "place"),
        exceptions=Exceptions(_("Only what is not answered"), lambda row: not row.answer),
        caption=_("Opinions"),
        replaces=_("Register of opinions on the public notice (公示意见登记表)"),
        empty=_("No opinion yet"),
        sample=sample,
        cards=True,
    )


def talk_table(
    request: HttpRequest, about: About, rows: Sequence[TalkRow], classes: Mapping[str, str], *, editable: bool
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
                link=lambda row: reverse("consultation:talk", args=[about.id, row.place_public_id]),
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
        sample=about.is_sample,
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


def turnout_table(request: HttpRequest, about: About, rows: Sequence[TurnoutRow]) -> Table:
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
        sample=about.is_sample,
        cards=True,
    )
