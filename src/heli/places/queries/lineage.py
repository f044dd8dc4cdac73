"""What came before and after a place."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Window
from django.db.models.functions import RowNumber

from heli.places.models import LineageEvent, LineageLink, Place, PlaceVersion
from heli.places.naming import short_name
from heli.places.queries.remembering import once
from heli.places.types import ArrowRow, EventKind, EventRow, Share


def predecessors(place_id: int) -> list[int]:
    """Places that went into this one, nearest first, through every event in force; itself left out."""
    return _walk(place_id, "to_place_id", "from_place_id")


def successors(place_id: int) -> list[int]:
    """Places this one went into, nearest first."""
    return _walk(place_id, "from_place_id", "to_place_id")


def _walk(place_id: int, here: str, there: str) -> list[int]:
    return list(once((here, place_id), lambda: _walked(place_id, here, there)))


def _walked(place_id: int, here: str, there: str) -> list[int]:
    seen: dict[int, None] = {place_id: None}
    frontier = [place_id]
    while frontier:
        links = LineageLink.objects.filter(event__in_force=True, **{f"{here}__in": frontier}).order_by(
            "event__on", "event__sequence", "id"
        )
        found = [key for key in links.values_list(there, flat=True) if key is not None and key not in seen]
        frontier = list(dict.fromkeys(found))
        seen.update(dict.fromkeys(frontier))
    return [key for key in seen if key != place_id]


@dataclass(frozen=True, slots=True)
class Feeder:
    """An arrow that brought something to a place: on which day, from where."""

    on: date
    event_public_id: str
    source_id: int
    target_id: int


def feeders(place_ids: Collection[int], until: date) -> list[Feeder]:
    """All arrows, up to a day, by which the places and those before them came to be; newest first, a query per generation."""
    seen: set[int] = set()
    frontier = set(place_ids)
    found: dict[int, Feeder] = {}
    while frontier:
        seen |= frontier
        links = LineageLink.objects.filter(
            event__in_force=True, event__on__lte=until, to_place_id__in=sorted(frontier), from_place__isnull=False
        )
        rows = list(links.values_list("pk", "event__on", "event__public_id", "from_place_id", "to_place_id"))
        found.update({row[0]: Feeder(*row[1:]) for row in rows})
        frontier = {row[3] for row in rows} - seen
    return [found[key] for key in sorted(found, key=lambda key: (found[key].on, key), reverse=True)]


def lineage_of(place_id: int) -> list[int]:
    """The place, everything before and everything after it."""
    return [place_id, *predecessors(place_id), *successors(place_id)]


def events_of(place_ids: Collection[int], *, only_in_force: bool = False) -> list[EventRow]:
    """Events that touch any of the places, in order of day and sequence."""
    links = LineageLink.objects.filter(from_place_id__in=place_ids) | LineageLink.objects.filter(
        to_place_id__in=place_ids
    )
    events = LineageEvent.objects.filter(pk__in=links.values("event_id"))
    return event_rows(events.filter(in_force=True) if only_in_force else events)


def founded_and_ended(event_ids: Collection[int]) -> tuple[set[int], set[int]]:
    """Places that are there only since these events, and those that ended with them."""
    begun = set(PlaceVersion.objects.filter(begun_by__in=event_ids).values_list("place_id", flat=True))
    versions = PlaceVersion.objects.filter(place_id__in=begun).order_by("-valid_from", "-pk")
    first = dict(versions.values_list("place_id", "begun_by_id"))
    ended = set(PlaceVersion.objects.filter(ended_by__in=event_ids).values_list("place_id", flat=True))
    return {place for place, event in first.items() if event in event_ids}, ended - begun


def events_in(district_id: int, start: date | None = None, end: date | None = None) -> list[EventRow]:
    """Events of a district from `start` on and before `end`."""
    events = LineageEvent.objects.filter(district_id=district_id)
    if start is not None:
        events = events.filter(on__gte=start)
    if end is not None:
        events = events.filter(on__lt=end)
    return event_rows(events)


def newest_events(
    district_ids: Collection[int], most: int, within: QuerySet[Place] | None = None, *, each: bool = False
) -> list["DatedEvent"]:
    """The newest events in force other than foundings: `most` of all the districts together, or of `each` of them.

    `within`: only those that touch one of these places.
    """
    events = LineageEvent.objects.filter(in_force=True, district_id__in=sorted(district_ids))
    events = events.exclude(kind=EventKind.FOUND)
    if within is not None:
        links = LineageLink.objects.filter(Q(from_place__in=within) | Q(to_place__in=within))
        events = events.filter(pk__in=links.values("event_id"))
    newest_first = ("-on", "-sequence", "-pk")
    if each:
        rank = Window(RowNumber(), partition_by="district_id", order_by=newest_first)
        ranked = events.annotate(rank=rank).filter(rank__lte=most)
        events = LineageEvent.objects.filter(pk__in=ranked.values("pk"))
        most *= len(district_ids)
    chosen = list(events.order_by(*newest_first)[:most])
    return [DatedEvent(one.district_id or 0, one.on, row) for one, row in zip(chosen, _event_rows(chosen), strict=True)]


def find_event(public_id: str, places: QuerySet[Place]) -> EventRow | None:
    """The event behind a public id, if it touches a place of the given (scoped) ones."""
    event = LineageEvent.objects.filter(public_id=public_id)
    links = LineageLink.objects.filter(event__in=event)
    touched = {key for pair in links.values_list("from_place_id", "to_place_id") for key in pair if key is not None}
    return next(iter(event_rows(event)), None) if places.filter(pk__in=touched).exists() else None


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """An event with the district it belongs to."""

    district_id: int
    on: date
    event: EventRow


def reversals_of(event_id: int) -> tuple[LineageEvent | None, LineageEvent | None]:
    """(the event that this one reverses, the event that reverses it)."""
    stored = LineageEvent.objects.select_related("reverses").get(pk=event_id)
    return stored.reverses, LineageEvent.objects.filter(reverses=stored).first()


def events_in_force(public_ids: Collection[str]) -> list[DatedEvent]:
    """Events in force by public id, in order."""
    events = LineageEvent.objects.filter(public_id__in=sorted(public_ids), in_force=True)
    districts = dict(events.values_list("pk", "district_id"))
    return [DatedEvent(districts[row.id] or 0, row.on, row) for row in event_rows(events)]


def event_rows(events: QuerySet[LineageEvent]) -> list[EventRow]:
    """Events with their arrows and the names of the day, in order."""
    return _event_rows(list(events.order_by("on", "sequence", "id")))


def _event_rows(ordered: list[LineageEvent]) -> list[EventRow]:
    links: dict[int, list[LineageLink]] = {event.pk: [] for event in ordered}
    for link in LineageLink.objects.filter(event__in=links).order_by("id"):
        links[link.event_id].append(link)
    keys = {key for group in links.values() for link in group for key in (link.from_place_id, link.to_place_id) if key}
    public: dict[int, str] = {}
    named: dict[int, list[tuple[date, date | None, str]]] = {}
    versions = PlaceVersion.objects.filter(place_id__in=keys).order_by("valid_from", "id")
    columns = ("place_id", "place__public_id", "valid_from", "valid_to", "name")
    for place, public_id, begins, ends, name in versions.values_list(*columns):
        public[place] = public_id
        named.setdefault(place, []).append((begins, ends, short_name(name)))
    rows = []
    for event in ordered:
        arrows = tuple(
            ArrowRow(
                link.from_place_id, public.get(link.from_place_id or 0, ""), _name_before(named, link.from_place_id, event.on),
                link.to_place_id, public.get(link.to_place_id or 0, ""), _name_after(named, link.to_place_id, event.on),
                Share(link.population_part, link.population_of), Share(link.area_part, link.area_of), link.is_part, link.note,
            )
            for link in links[event.pk]
        )  # fmt: skip
        rows.append(
            EventRow(
                event.pk, event.public_id, EventKind(event.kind), event.on, event.sequence, event.document_number,
                event.document_date, event.note, event.in_force, arrows,
            )
        )  # fmt: skip
    return rows


def _name_before(named: dict[int, list[tuple[date, date | None, str]]], place: int | None, on: date) -> str:
    """The name a place had when the day began; of one founded that day, its name then."""
    versions: Iterable[tuple[date, date | None, str]] = named.get(place or 0, ())
    earlier = [name for begins, _, name in versions if begins < on]
    return earlier[-1] if earlier else next((name for _, _, name in versions), "")


def _name_after(named: dict[int, list[tuple[date, date | None, str]]], place: int | None, on: date) -> str:
    versions: Iterable[tuple[date, date | None, str]] = named.get(place or 0, ())
    until = [name for begins, _, name in versions if begins <= on]
    return until[-1] if until else next((name for _, _, name in versions), "")
