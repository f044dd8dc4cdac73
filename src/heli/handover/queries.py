"""Reads of handover: what is admitted for a village and what it takes, which former villages there are and where they go now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from heli.bodies.queries import Holder, holders_in
from heli.handover.catalogues import BEARERS, department_of, functions, item_words, service_items
from heli.handover.ledger import ADMISSIONS, READ
from heli.handover.models import (
    Admission,
    AdmissionState,
    AgencyPoint,
    FunctionBearer,
    HandedItem,
    HandedState,
    TaskRefusal,
)
from heli.handover.rules import heir_of, minutes_a_year, windows_wanted
from heli.kernel.access import Actor
from heli.kernel.offers import offered
from heli.places import queries as places
from heli.places.types import Level, PlaceKind, PlaceRow
from heli.planning.queries.questions import decided_units
from heli.planning.types import PlanKind
from heli.records.abouts import About
from heli.records.queries import part_of, targets
from heli.records.words import words_of

MOST_WAYS = 20
METER_DAYS = 7
"""Heli's own burden meter counts the fields of so many days (`campaigns.fields_typed`)."""


def in_force(on: date, at: datetime | None = None) -> Q:
    """Admissions that hold on a day; `at`: as it was known at a moment."""
    began = Q(decided_on__lte=on, starts_on__lte=on, ends_on__gte=on)
    still = Q(status=AdmissionState.ADMITTED) | Q(status=AdmissionState.ENDED, ended_on__gt=on)
    return began & still & (Q(opened_at__lte=at) if at else Q())


@dataclass(frozen=True, slots=True)
class AdmittedTask:
    """A task that is in force: over which place, what it takes of each village in a year."""

    about: str
    public_id: str
    title: str
    place: int
    applicant: str
    times: int
    minutes: int
    ends_on: date

    @property
    def yearly(self) -> int:
        """Minutes a year."""
        return minutes_a_year(self.times, self.minutes)


def admitted_tasks(district_ids: Collection[int], on: date, at: datetime | None = None) -> list[AdmittedTask]:
    """The tasks in force in some districts; one query."""
    rows = Admission.objects.filter(in_force(on, at), district_id__in=list(district_ids)).order_by("about", "number")
    columns = ("about", "public_id", "title", "place_id", "applicant_body__name", "times", "minutes", "ends_on")
    return [AdmittedTask(*row) for row in rows.values_list(*columns)]


def tasks_at(place_id: int, district_id: int, on: date) -> list[AdmittedTask]:
    """The tasks in force for a village: those of its own, its town's and its district's."""
    chain = places.chain_of(place_id, district_id, on)
    return [task for task in admitted_tasks([district_id], on) if task.place in chain]


def refusable(about: About, place_id: int, on: date) -> list[Admission]:
    """What was asked of a village and is not in force: applied for, not admitted, ended, or over; without what it refused."""
    chain = places.chain_of(place_id, about.district_id, on)
    asked = Admission.objects.filter(about=about.id, place_id__in=chain).exclude(status=AdmissionState.DRAFTED)
    refused = TaskRefusal.objects.filter(place_id=place_id).values("title")
    found = asked.exclude(in_force(on)).exclude(title__in=refused)
    return list(found.exclude(status=AdmissionState.ADMITTED, starts_on__gt=on).select_related("applicant_body"))


def refusals_at(place_ids: Collection[int]) -> QuerySet[TaskRefusal]:
    """The tasks that villages refused, with the matter that became of each."""
    return TaskRefusal.objects.filter(place_id__in=place_ids).select_related("matter", "asker")


def fields_typed(district_id: int, on: date) -> Mapping[int, int]:
    """Fields that Heli itself asked each village to type in the seven days up to the day: the meter beside what is admitted."""
    begins, ends = (
        timezone.make_aware(datetime.combine(day, time.min))
        for day in (on - timedelta(days=METER_DAYS - 1), on + timedelta(days=1))
    )
    counts: dict[int, int] = {}
    for typed in offered("typed", "TYPED"):
        for one in typed([district_id], begins, ends):
            counts[one.place] = counts.get(one.place, 0) + one.fields
    return counts


# -- former villages ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FormerVillage:
    """A village that ended and the unit in which it goes on."""

    id: int
    public_id: str
    name: str
    heir: int
    ended_on: date


def former_villages(district_id: int, on: date) -> list[FormerVillage]:
    """The villages of a district that ended by a day, as they were called; those that went on nowhere are left out."""
    structure = places.structure_on([district_id], on)
    standing = frozenset(structure.places.tolist())
    villages = set(structure.of_level(Level.VILLAGE).tolist())
    went: dict[int, list[tuple[tuple[object, object], int]]] = {}
    ended: dict[int, tuple[str, str, date]] = {}
    for event in places.events_in(district_id, end=on + timedelta(days=1)):
        for arrow in event.links if event.in_force else ():
            if arrow.source_id is not None and arrow.target_id is not None and arrow.source_id not in standing:
                went.setdefault(arrow.source_id, []).append((arrow.size, arrow.target_id))
                ended[arrow.source_id] = (arrow.source_public_id, arrow.source_name, event.on)
    ways = {
        source: [target for _size, target in sorted(arrows, key=lambda one: one[0], reverse=True)]
        for source, arrows in went.items()
    }
    found = [(heir_of(key, ways, standing), key, *told) for key, told in ended.items()]
    return [
        FormerVillage(key, public_id, name, heir, day)
        for heir, key, public_id, name, day in found
        if heir is not None and heir in villages
    ]


@dataclass(frozen=True, slots=True)
class FormerVillageRow:
    """A former village with its point; None while nobody keeps one."""

    village: FormerVillage
    point: AgencyPoint | None


def kept_on(on: date) -> Q:
    """Points that are kept on a day: opened, and not closed yet."""
    return Q(opened_on__lte=on) & (Q(closed_on__isnull=True) | Q(closed_on__gt=on))


def points_of(district_id: int, on: date) -> list[FormerVillageRow]:
    """Every former village of a district with its point as it stood on a day."""
    rows = AgencyPoint.objects.filter(kept_on(on), district_id=district_id).select_related("keeper__body")
    points = {row.place_id: row for row in rows}
    return [FormerVillageRow(one, points.get(one.id)) for one in former_villages(district_id, on)]


def proposed_spots(district_id: int, on: date) -> Mapping[int, str]:
    """Where the district decided to keep service points (planning): a name for the places at and around each."""
    units = decided_units(district_id, PlanKind.POINTS, on)
    return {key: unit.name for unit in units for key in (*unit.members, unit.place_id)}


# -- units -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskedVillage:
    """A village or community: what is admitted, what Heli asked itself, services received, functions borne, points kept."""

    place: PlaceRow
    tasks: int
    yearly: int
    fields: int
    items: int
    received: int
    borne: int
    points: int
    wanted: int

    @property
    def name(self) -> str:
        """Its name."""
        return self.place.name

    @property
    def town(self) -> str:
        """The town it stands in."""
        return self.place.parent_name


def unit_rows(actor: Actor, about: About, on: date) -> list[AskedVillage]:
    """The villages of the actor's part; a constant number of queries."""
    rows = [row for row in targets(actor, about, on, READ) if row.level is Level.VILLAGE]
    tasks = admitted_tasks([about.district_id], on)
    typed = fields_typed(about.district_id, on)
    items: dict[int, list[str]] = {}
    for place, status in HandedItem.objects.filter(district_id=about.district_id).values_list("place_id", "status"):
        items.setdefault(place, []).append(status)
    borne: dict[int, int] = {}
    for place in FunctionBearer.objects.filter(district_id=about.district_id).values_list("place_id", flat=True):
        borne[place] = borne.get(place, 0) + 1
    former: dict[int, list[FormerVillageRow]] = {}
    for one in points_of(about.district_id, on):
        former.setdefault(one.village.heir, []).append(one)
    return [
        _unit(row, [one for one in tasks if one.place in (row.id, row.parent_id, about.district_id)],
              typed.get(row.id, 0), items.get(row.id, []), borne.get(row.id, 0), former.get(row.id, []))
        for row in rows
    ]  # fmt: skip


def _unit(  # noqa: PLR0917 - what a row is made of
    row: PlaceRow, tasks: list[AdmittedTask], typed: int, items: list[str], borne: int, former: list[FormerVillageRow]
) -> AskedVillage:
    points, wanted = covered(former)
    received = items.count(HandedState.RECEIVED)
    return AskedVillage(
        row, len(tasks), sum(one.yearly for one in tasks), typed, len(items), received, borne, points, wanted
    )


def covered(former: Collection[FormerVillageRow]) -> tuple[int, int]:
    """Points kept and points wanted for the former villages of one unit."""
    seats = sum(one.point is not None and one.point.is_seat for one in former)
    kept = sum(one.point is not None and not one.point.is_seat for one in former)
    return kept, windows_wanted(len(former), seats)


def items_of(place_id: int) -> list[HandedItem]:
    """The services to be handed over to a place, in the order of the list."""
    order = list(service_items().entries)
    rows = HandedItem.objects.filter(place_id=place_id)
    return sorted(rows, key=lambda row: (order.index(row.item) if row.item in order else len(order), row.pk))


def bearers_of(place_id: int) -> dict[str, str]:
    """Who bears which function at a place; empty before its handover was begun."""
    return dict(FunctionBearer.objects.filter(place_id=place_id).values_list("function", "bearer"))


def is_divided(row: PlaceRow | None) -> bool:
    """Whether functions are divided between a community and a co-operative there."""
    return row is not None and row.kind is PlaceKind.COMMUNITY


def missing_functions(place_id: int, on: date) -> list[str]:
    """Functions of a community without a bearer."""
    if not is_divided(places.version_on(place_id, on)):
        return []
    borne = bearers_of(place_id)
    return [key for key in functions().entries if key not in borne]


def borne_words(place_id: int) -> list[tuple[str, str]]:
    """Functions with who bears them, in words."""
    words = words_of(functions())
    return [(words.get(key, key), str(BEARERS[bearer])) for key, bearer in bearers_of(place_id).items()]


@dataclass(frozen=True, slots=True)
class WayOn:
    """Where somebody of a village goes now: its old name, the unit it belongs to, the point with its services in words."""

    name: str
    unit: str
    ended_on: date | None
    point: AgencyPoint | None
    items: tuple[str, ...]


def ways_from(district_id: int, name: str, on: date) -> list[WayOn]:
    """The ways on from villages that are or were called so (a part of the name is enough), former ones first."""
    core = name.strip().removesuffix("村").removesuffix("社区") or name.strip()
    rows = places.villages_of(district_id, on, outlines=False)
    names, words = {row.id: row.name for row in rows}, item_words()
    found = [
        WayOn(one.village.name, names.get(one.village.heir, ""), one.village.ended_on, one.point,
              tuple(words.get(key, key) for key in one.point.items) if one.point else ())
        for one in points_of(district_id, on)
        if core in one.village.name
    ]  # fmt: skip
    return [*found, *(WayOn(row.name, row.name, None, None, ()) for row in rows if core in row.name)][:MOST_WAYS]


def departments(about: About, on: date) -> list[Holder]:
    """The organisations of a district."""
    return [one for one in holders_in(about.district_id, on) if not one.is_person]


def keepers(about: About, on: date) -> list[Holder]:
    """The office-holders of a district."""
    return [one for one in holders_in(about.district_id, on) if one.is_person]


def admission_of(about: About, public_id: str) -> Admission | None:
    """An application by its public id; those over the actor's town or district are seen in every village of it."""
    return Admission.objects.filter(about=about.id, public_id=public_id).select_related("applicant_body").first()


def refused_tasks(actor: Actor, about: About) -> list[TaskRefusal]:
    """What villages of the actor's part refused, the newest first."""
    rows = TaskRefusal.objects.filter(part_of(actor, about, ADMISSIONS.reads), about=about.id)
    return list(rows.select_related("matter", "asker", "place")[:200])


def listed_items() -> list[tuple[str, str]]:
    """Every service of the list with its department."""
    return [(key, department_of(key)) for key in service_items().entries]
