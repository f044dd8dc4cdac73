"""Figures of admission and handover: what is admitted takes of each village, what was refused, services received, points kept."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from heli.handover import queries
from heli.handover.catalogues import decide_days, functions, item_words
from heli.handover.ledger import ADMISSIONS, READ
from heli.handover.models import Admission, AdmissionState, FunctionBearer, HandedItem, HandedState, TaskRefusal
from heli.kernel.declare import Ask, Direction
from heli.kernel.workdays import calendar
from heli.places import queries as places
from heli.places.counted import CountedRow, counted, figure, moment_of
from heli.places.types import Level

WHERE = ("place_id", "town_id", "district_id")
TASK_HEADS = (_("What is asked"), _("Who asks"), _("Times a year"), _("Minutes each time"))
CASE_HEADS = (_("What is asked"), _("Applied on"), _("Decided on"))
ITEM_HEADS = (_("Service"), _("Department"), _("Status"))
POINT_HEADS = (_("Former village"), _("Where it is"), _("Hours"))


def burden(ask: Ask) -> list[CountedRow]:
    """Every task in force in every village it is asked of: times by minutes."""
    tasks = queries.admitted_tasks(ask.district_ids, ask.on, moment_of(ask))
    if not tasks:
        return []
    structure = ask.shared("places.structure", lambda: places.structure_on(ask.district_ids, ask.on))
    villages = set(structure.of_level(Level.VILLAGE).tolist())
    found = []
    for task in tasks:
        cells = (task.title, task.applicant, task.times, task.minutes)
        url = ADMISSIONS.url("row", task.about, task.public_id)
        over = villages & set(structure.below(task.place).tolist())
        found += [CountedRow(place, place, task.yearly, 1, cells, url) for place in sorted(over)]
    return found


def _decided(ask: Ask) -> Iterator[tuple[Admission, date]]:
    known = Admission.objects.filter(
        district_id__in=ask.district_ids, applied_on__lte=ask.on, opened_at__lte=moment_of(ask)
    )
    for one in known.order_by("about", "number"):
        if one.applied_on is not None:
            yield one, calendar().add(one.applied_on, decide_days())


def in_time(ask: Ask) -> list[CountedRow]:
    """Applications decided within their working days, over those decided or due."""
    found = []
    for one, due in _decided(ask):
        decided = one.decided_on if one.decided_on is not None and one.decided_on <= ask.on else None
        if decided is None and due >= ask.on:
            continue
        above = int(decided is not None and decided <= due)
        url = ADMISSIONS.url("row", one.about, one.public_id)
        cells = (one.title, one.applied_on, decided or "")
        found.append(counted(ask, (one.place_id, one.town_id, one.district_id), (above, 1), cells, url))
    return found


def declined(ask: Ask) -> list[CountedRow]:
    """Applications that were not admitted."""
    rows = [
        (one, one.decided_on) for one, _due in _decided(ask)
        if one.status == AdmissionState.DECLINED and one.decided_on is not None and one.decided_on <= ask.on
    ]  # fmt: skip
    return [
        counted(ask, (one.place_id, one.town_id, one.district_id), (1, 1), (one.title, one.applied_on, on),
                ADMISSIONS.url("row", one.about, one.public_id))
        for one, on in rows
    ]  # fmt: skip


def refused(ask: Ask) -> list[CountedRow]:
    """Tasks that villages refused."""
    rows = TaskRefusal.objects.filter(district_id__in=ask.district_ids, refused_on__lte=ask.on).order_by("pk")
    columns = ("about", "matter__public_id", "title", "asker__name", "refused_on")
    return [
        counted(ask, (place, town, district), (1, 1), (title, asker, on), reverse("matters:row", args=[about, matter]))
        for place, town, district, about, matter, title, asker, on in rows.values_list(*WHERE, *columns)
    ]


def received(ask: Ask) -> list[CountedRow]:
    """Services received by both sides, over all that are handed over."""
    rows = HandedItem.objects.filter(district_id__in=ask.district_ids, opened_on__lte=ask.on).order_by("pk")
    words, found = item_words(), []
    for place, town, district, item, department, on in rows.values_list(*WHERE, "item", "department", "received_on"):
        done = on is not None and on <= ask.on
        state = HandedState.RECEIVED if done else HandedState.LISTED
        cells = (words.get(item, item), department, str(state.label) if done else gettext("not received yet"))
        found.append(counted(ask, (place, town, district), (int(done), 1), cells))
    return found


def borne(ask: Ask) -> list[CountedRow]:
    """Functions of communities with a bearer; those without one are counted below."""
    rows = FunctionBearer.objects.filter(district_id__in=ask.district_ids, set_on__lte=ask.on).order_by("pk")
    words = {key: entry.words.zh for key, entry in functions().entries.items()}
    return [
        counted(ask, (place, None, district), (1, 1), (words.get(key, key),))
        for place, district, key in rows.values_list("place_id", "district_id", "function")
    ]


def covered(ask: Ask) -> list[CountedRow]:
    """Former villages with an agency point, over all but those in which a new committee sits."""
    found = []
    for district in ask.district_ids:
        for one in ask.shared(f"handover.points.{district}", partial(queries.points_of, district, ask.on)):
            if one.point is None or not one.point.is_seat:
                cells = (one.village.name, one.point.spot if one.point else "", one.point.hours if one.point else "")
                where = (one.village.heir, None, district)
                found.append(counted(ask, where, (int(one.point is not None), 1), cells))
    return found


def points(ask: Ask) -> list[CountedRow]:
    """Agency points."""
    return [row for row in covered(ask) if row.above]


def done_items(ask: Ask) -> list[CountedRow]:
    """Services received."""
    return [row for row in received(ask) if row.above]


SINCE = date(2015, 1, 1)
SOURCE = _("Admission and handover")
declared: Callable[..., Any] = partial(figure, source=SOURCE, action=READ)
DECLARED = (
    declared("handover.burden_admitted", _("Burden admitted"),
             _("Minutes a year that tasks in force take of villages: times a year by minutes each time."), burden, TASK_HEADS,
             unit=_("minutes"), direction=Direction.DOWN),
    declared("handover.decided_in_time", _("Applications decided in time"),
             _("Applications for tasks decided within 15 working days, over those decided or due."), in_time, CASE_HEADS,
             unit="%", decimals=2, direction=Direction.UP),
    declared("handover.declined", _("Applications not admitted"), _("Applications for tasks that were not admitted."), declined,
             CASE_HEADS, unit=_("applications")),
    declared("handover.refused", _("Tasks refused"), _("Tasks on no list and not admitted that villages refused."), refused,
             (_("What is asked"), _("Who asks"), _("Refused on")), unit=_("tasks")),
    declared("handover.items", _("Services handed over"),
             _("Services received by both sides, over all that departments hand over."), received, ITEM_HEADS, unit="%",
             decimals=2, direction=Direction.UP),
    declared("handover.items_received", _("Services received"), _("Services received by both sides."), done_items, ITEM_HEADS,
             unit=_("services"), direction=Direction.UP),
    declared("handover.functions", _("Functions borne"), _("Functions of communities and co-operatives with a bearer."), borne,
             (_("Function"),), unit=_("functions")),
    declared("handover.points_cover", _("Former villages with an agency point"),
             _("Former villages with an agency point, over all but those in which a new committee sits."), covered, POINT_HEADS,
             unit="%", decimals=2, direction=Direction.UP),
    declared("handover.points", _("Agency points"), _("Former villages that keep an agency point."), points, POINT_HEADS,
             unit=_("points"), direction=Direction.UP),
)  # fmt: skip
FIGURES = tuple(replace(one, valid_from=SINCE) for one in DECLARED)
