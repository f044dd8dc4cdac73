"""Figures of matters as they stood at a moment, and the three rates 响应率 解决率 满意率, each over its own base.

Closed is not solved: what nobody could be asked about is closed and outside the base of the call-backs, and counted beside it;
what two people found impossible is closed and not solved.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from statistics import median_low
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as _

from heli.kernel.declare import Additivity, Ask, Direction, Figure
from heli.kernel.workdays import calendar
from heli.matters.ledger import MATTERS, WHISTLES
from heli.matters.ledger.matter import READ
from heli.matters.models import (
    Content,
    Matter,
    MatterOutcome,
    MatterState,
    ReportChannel,
    SiteCount,
    SiteKind,
    Whistle,
    WhistleState,
)
from heli.places.counted import CountedRow, counted, figure, listed, moment_of
from heli.places.queries import structure_on
from heli.records.figures import Past
from heli.records.models import Event

PAST = Past(MATTERS, ("title", "item"))
HEADS = (_("Matter"), _("Item"), _("Status"), _("Due"), _("Closed on"))
CALLED_HEADS = (_("Matter"), _("Called back on"), _("Outcome"), _("Content with it"))
WHISTLE_HEADS = (_("Matter"), _("Responsible department"), _("Whistled on"), _("Answer due"), _("Answered on"))
WHERE = ("place_id", "town_id", "district_id")


def solved(ask: Ask) -> list[CountedRow]:
    """Those closed as solved, over all."""
    return [replace(row, above=int(did == "closed")) for row, did in _last_moves(ask)]


def impossible(ask: Ask) -> list[CountedRow]:
    """Those that two people found impossible."""
    return [row for row, did in _last_moves(ask) if did == "impossible"]


def _last_moves(ask: Ask) -> list[tuple[CountedRow, str]]:
    """Every matter with what was last done with it at the moment; merged ones are told with the one that goes on."""
    at = moment_of(ask)
    last = Event.objects.filter(ledger=MATTERS.name, row=OuterRef("public_id"), at__lte=at).order_by("-pk")
    known = Matter.objects.filter(district_id__in=ask.district_ids, opened_at__lte=at).order_by("about", "number")
    rows = known.annotate(
        did=Subquery(last.exclude(did="voice").values("did")[:1]), then=Subquery(last.values("status")[:1])
    )
    words = MATTERS.fields["item"].words()
    found = []
    for *where, about, public_id, title, item, did, then in rows.values_list(
        *WHERE, "about", "public_id", "title", "item", "did", "then"
    ):
        if then == MatterState.MERGED:
            continue
        cells = (title, str(words.get(item, item)), str(MatterState(then).label), "", "")
        place, town, district = where
        row = counted(ask, (place, town, district), (1, 1), cells, MATTERS.url("row", about, public_id))
        found.append((row, did))
    return found


def known(ask: Ask) -> list[CountedRow]:
    """Every matter that was not merged into another."""
    return [row for row, _did in _last_moves(ask)]


def closed(ask: Ask) -> list[CountedRow]:
    """Those closed, solved or not, over all."""
    return [replace(row, above=int(did in ("closed", "impossible"))) for row, did in _last_moves(ask)]


def called(ask: Ask, counts: Callable[[str, str], bool]) -> list[CountedRow]:
    """Call-backs up to the day; above are those that count."""
    rows = Matter.objects.filter(district_id__in=ask.district_ids, called_on__lte=ask.on).order_by("about", "number")
    columns = ("about", "public_id", "title", "called_on", "outcome", "content")
    found = []
    for place, town, district, about, public_id, title, on, outcome, content in rows.values_list(*WHERE, *columns):
        words = (MatterOutcome(outcome).label if outcome else "", Content(content).label if content else "")
        cells = (title, on, *(str(word) for word in words))
        above = int(counts(outcome, content))
        url = MATTERS.url("row", about, public_id)
        found.append(counted(ask, (place, town, district), (above, 1), cells, url))
    return found


def unasked(ask: Ask) -> list[CountedRow]:
    """Closed without a call, for nobody left a contact: outside the base."""
    rows = Matter.objects.filter(district_id__in=ask.district_ids, closed_on__lte=ask.on, called_on__isnull=True)
    columns = ("about", "public_id", "title", "closed_on")
    return [
        counted(ask, (place, town, district), (1, 1), (title, on, "", ""), MATTERS.url("row", about, public_id))
        for place, town, district, about, public_id, title, on in rows.values_list(*WHERE, *columns)
    ]


def _whistles(ask: Ask) -> Sequence[Any]:
    rows = Whistle.objects.filter(district_id__in=ask.district_ids, whistled_on__lte=ask.on).select_related("body_body")
    return ask.shared("matters.whistles", lambda: list(rows.order_by("about", "number")))


def _whistle_row(ask: Ask, one: Any, pair: tuple[int, int]) -> CountedRow:
    cells = (one.title, one.body_body.name, one.whistled_on, one.answer_due_on, one.answered_on or "")
    url = WHISTLES.url("row", one.about, one.public_id)
    return counted(ask, (one.place_id, one.town_id, one.district_id), pair, cells, url)


def responded(ask: Ask) -> list[CountedRow]:
    """Whistles answered by their day, over those answered or due; what was given back or withdrawn asks for no answer."""
    found = []
    for one in _whistles(ask):
        is_answered = one.answered_on is not None and one.answered_on <= ask.on
        if one.status in (WhistleState.RETURNED, WhistleState.WITHDRAWN) or not (
            is_answered or one.answer_due_on < ask.on
        ):
            continue
        in_time = is_answered and one.answered_on <= one.answer_due_on
        found.append(_whistle_row(ask, one, (int(in_time), 1)))
    return found


def lost(ask: Ask) -> list[CountedRow]:
    """Working days between the whistle and the day a return was accepted."""
    back = (
        one for one in _whistles(ask)
        if one.status == WhistleState.RETURNED and one.judged_on is not None and one.judged_on <= ask.on
    )  # fmt: skip
    return [_whistle_row(ask, one, (calendar().count(one.whistled_on, one.judged_on), 1)) for one in back]


FINDERS = (ReportChannel.GRID, ReportChannel.STATION, ReportChannel.DEPARTMENT)
"""Ways in by which somebody of the administration saw it themselves."""


def seen_elsewhere(ask: Ask) -> list[CountedRow]:
    """Matters that officials found and somebody took up: above are those for which a department had to be whistled, since
    whoever saw it could not handle it (看得见的管不了，管得了的看不见)."""
    at = moment_of(ask)
    sent = Whistle.objects.filter(matter=OuterRef("pk"), whistled_on__lte=ask.on)
    spot = Event.objects.filter(ledger=MATTERS.name, row=OuterRef("public_id"), did="on_spot", at__lte=at)
    rows = Matter.objects.filter(district_id__in=ask.district_ids, opened_at__lte=at, channel__in=FINDERS)
    rows = rows.annotate(was_sent=Exists(sent), on_spot=Exists(spot)).order_by("about", "number")
    words, found = MATTERS.fields["item"].words(), []
    for *where, about, public_id, title, item, was_sent, on_spot in rows.values_list(
        *WHERE, "about", "public_id", "title", "item", "was_sent", "on_spot"
    ):
        if was_sent or on_spot:
            place, town, district = where
            cells = (title, str(words.get(item, item)))
            url = MATTERS.url("row", about, public_id)
            found.append(counted(ask, (place, town, district), (int(was_sent), 1), cells, url))
    return found


def on_rounds(ask: Ask) -> list[CountedRow]:
    """Matters that grid workers found on their rounds."""
    rows = Matter.objects.filter(
        district_id__in=ask.district_ids, opened_at__lte=moment_of(ask), channel=ReportChannel.GRID
    )
    words, columns = MATTERS.fields["item"].words(), ("about", "public_id", "title", "item")
    return [
        counted(ask, (place, town, district), (1, 1), (title, str(words.get(item, item))),
                MATTERS.url("row", about, public_id))
        for place, town, district, about, public_id, title, item in rows.order_by("pk").values_list(*WHERE, *columns)
    ]  # fmt: skip


def settled(ask: Ask, kind: SiteKind) -> list[CountedRow]:
    """What grid workers settled on the spot, as counts: of whom it was, nothing is known."""
    rows = SiteCount.objects.filter(district_id__in=ask.district_ids, on__lte=ask.on, kind=kind).order_by("pk")
    return [
        counted(ask, (place, town, district), (number, 1), (on, number))
        for place, town, district, on, number in rows.values_list(*WHERE, "on", "count")
    ]


HALF_YEAR = timedelta(days=183)


def taken(ask: Ask) -> list[CountedRow]:
    """Matters closed in the half year up to the day, with the days each took."""
    days = (ask.on - HALF_YEAR, ask.on)
    rows = Matter.objects.filter(district_id__in=ask.district_ids, closed_on__range=days).order_by("about", "number")
    columns = ("about", "public_id", "title", "opened_at", "closed_on")
    found = []
    for place, town, district, about, public_id, title, at, on in rows.values_list(*WHERE, *columns):
        cells = (title, localdate(at), on, (on - localdate(at)).days)
        found.append(counted(ask, (place, town, district), (1, 1), cells, MATTERS.url("row", about, public_id)))
    return found


def median_days(ask: Ask) -> dict[int, tuple[int, int]]:
    """The median of those days at every place, town and district: the lower one of two in the middle."""
    structure = ask.shared("places.structure", lambda: structure_on(ask.district_ids, ask.on))
    above = dict(zip(structure.places.tolist(), structure.parents.tolist(), strict=True))
    found: dict[int, list[int]] = {}
    for row in ask.shared("counted.matters.taken", lambda: taken(ask)):
        at = row.place
        while at in above:
            found.setdefault(at, []).append(row.cells[3])
            at = above[at]
    return {place: (median_low(days), 1) for place, days in found.items()}


SINCE = date(2015, 1, 1)
"""Districts published such numbers from then on."""
declared = partial(figure, source=_("Matters"), action=READ)
DECLARED = (
    declared("matters.collected", _("Matters collected"), _("Matters collected up to the day; what was merged counts once."),
             known, HEADS, unit=_("matters")),
    declared("matters.closed", _("Matters closed"), _("Matters closed, solved or found impossible, over all collected."),
             closed, HEADS, unit="%", decimals=2, direction=Direction.UP),
    declared("matters.solved", _("Matters solved"), _("Matters closed as solved, over all collected."), solved, HEADS, unit="%",
             decimals=2, direction=Direction.UP),
    declared("matters.impossible", _("Objectively impossible"), _("Matters that two people found impossible to solve."),
             impossible, HEADS, unit=_("matters")),
    declared("matters.late", _("Matters late"), _("Matters not closed whose due day has ended."), PAST.late, HEADS,
             unit=_("matters"), direction=Direction.DOWN),
    declared("matters.response", _("Response rate"),
             _("Whistles answered by their day, over all that were answered or due; returns that were accepted left out."),
             responded, WHISTLE_HEADS, unit="%", decimals=2, direction=Direction.UP),
    declared("matters.solution", _("Solution rate"), _("Call-backs that say it is solved, over all call-backs."),
             partial(called, counts=lambda outcome, _content: outcome == MatterOutcome.SOLVED), CALLED_HEADS, unit="%",
             decimals=2, direction=Direction.UP),
    declared("matters.content", _("Satisfaction rate"), _("Call-backs that are content, over all call-backs."),
             partial(called, counts=lambda _outcome, content: content == Content.YES), CALLED_HEADS, unit="%", decimals=2,
             direction=Direction.UP),
    declared("matters.unasked", _("Closed without a call"),
             _("Matters closed without a call, since nobody left a contact: outside the base of the call-backs."), unasked,
             CALLED_HEADS, unit=_("matters")),
    declared("matters.seen_elsewhere", _("Seen by those who cannot"),
             _("Matters found by grid workers, stations and departments that whoever saw them could not handle, so that a "
               "department was whistled for, over all of them that were taken up."),
             seen_elsewhere, (_("Matter"), _("Item")), unit="%", decimals=2, direction=Direction.DOWN),
    declared("matters.on_rounds", _("Matters found on rounds"), _("Matters that grid workers found on their rounds."), on_rounds,
             (_("Matter"), _("Item")), unit=_("matters")),
    declared("matters.hazards", _("Hazards removed"), _("Hazards that grid workers removed on the spot, as counts."),
             partial(settled, kind=SiteKind.HAZARD), (_("Day"), _("Count")), unit=_("hazards"), direction=Direction.UP),
    declared("matters.disputes", _("Disputes mediated"), _("Disputes that grid workers mediated on the spot, as counts."),
             partial(settled, kind=SiteKind.DISPUTE), (_("Day"), _("Count")), unit=_("disputes"), direction=Direction.UP),
    Figure(
        id="matters.median_days", version=1, title=_("Time until a matter is closed"), unit=_("days"), action=READ,
        meaning=_("Median days from the report to the close of matters that were closed in the half year up to the day."),
        source=_("Matters"), direction=Direction.DOWN, over_places=Additivity.NONE, evaluate=median_days,
        rows=partial(listed, read=taken, heads=(_("Matter"), _("Found"), _("Closed on"), _("days")), name="matters.taken"),
    ),
    declared("matters.days_lost", _("Working days lost in returns"),
             _("Working days between a whistle and the day its return was accepted."), lost, WHISTLE_HEADS, unit=_("days"),
             direction=Direction.DOWN),
)  # fmt: skip
FIGURES = tuple(replace(one, valid_from=SINCE) for one in DECLARED)
