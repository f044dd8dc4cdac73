"""Reads for GeoReport: services and their questions, where a report belongs, and the public face of matters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

import shapely
from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.functional import Promise

from heli.kernel.catalogues import CatalogueEntry
from heli.kernel.masking import mask
from heli.matters.catalogues import CLASSES, attributes, departments_of, item_words, items
from heli.matters.ledger import MATTERS
from heli.matters.models import Duty, Hotline, Matter, Whistle, WhistleState
from heli.matters.open311.asked import AttributeForm, Wanted, place_named
from heli.matters.queries import BORDER, SETTLED, public_places_of, seen_by_all
from heli.matters.rules.flow import STAGES
from heli.matters.texts import STAGE_WORDS
from heli.places import queries as places
from heli.places.types import Level, PlaceRow
from heli.records.models import Event


def attributes_of(item: str, language: str) -> list[AttributeForm]:
    """What a service asks beside its description, in that language."""
    return [
        _attribute(code, entry, language)
        for code, entry in attributes().entries.items()
        if item in _texts(entry.more["items"])
    ]


def _attribute(code: str, entry: CatalogueEntry, language: str) -> AttributeForm:
    given: Any = entry.more["options"] or ()
    chosen = "zh" if language.startswith("zh") else "en"
    options = tuple((str(one["key"]), str(one[chosen])) for one in given)
    more = entry.more
    return AttributeForm(
        code, entry.words.text(language), str(more["datatype"]), more["required"] is True, more["only_told"] is not True, options
    )  # fmt: skip


@cache
def items_that_ask() -> frozenset[str]:
    """The items with attributes."""
    return frozenset(item for entry in attributes().entries.values() for item in _texts(entry.more["items"]))


def _texts(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(one) for one in value]


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """Something that may be reported: its code, name, class, who leads, the law it rests on, whether it asks more."""

    code: str
    name: str
    group: str | Promise
    lead: str
    basis: str
    asks: bool


def services() -> list[ServiceRow]:
    """What may be reported, in the reader's language and the order of the catalogue."""
    entries, asking = items().entries, items_that_ask()
    return [
        ServiceRow(
            code, name, CLASSES[str(entries[code].more["class"])], departments_of(code)[0], str(entries[code].more["basis"]),
            code in asking,
        )
        for code, name in item_words().items()
    ]  # fmt: skip


def place_at(district_id: int, point: tuple[int, int], on: date) -> int | None:
    """The village or community at a point (millionths of a degree), or nearest to it across a border that phones miss by.

    Where no outline is known, the nearest point of a village; None outside the district, or where nothing is drawn.
    """
    shapes = places.shapes([district_id], on, places.footprints([district_id], on, Level.VILLAGE), Level.VILLAGE)
    if not len(shapes.places):
        return None
    away = shapely.distance(shapes.geometries, shapely.Point(point[0] / 1e6, point[1] / 1e6))
    is_outline = shapely.get_dimensions(shapes.geometries) == 2
    if is_outline.any():
        away[~is_outline] = float("inf")
        if away.min() > BORDER:
            return None
    return int(shapes.places[away.argmin()])


def reported_in(district_id: int, on: date) -> list[PlaceRow]:
    """The towns and villages of a district."""
    return places.places_on(district_id, on, levels=(Level.TOWNSHIP, Level.VILLAGE))


def place_by_id(district_id: int, text: str, on: date) -> int | None:
    """A town or village by its public id or its code."""
    return next((row.id for row in reported_in(district_id, on) if text in (row.public_id, row.code)), None)


def places_in_address(district_id: int, text: str, on: date) -> list[int]:
    """The villages (or towns, where it names none) that an address names."""
    rows = reported_in(district_id, on)
    villages = [(row.id, row.name) for row in rows if row.level is Level.VILLAGE]
    return place_named(text, villages) or place_named(text, [(row.id, row.name) for row in rows])


def asked_for(district_id: int, wanted: Wanted) -> list[Matter]:
    """The matters that strangers may see and that were asked for, the newest first; one query."""
    rows = seen_by_all(district_id)
    if wanted.ids:
        return list(rows.filter(public_id__in=wanted.ids))
    rows = rows.filter(opened_at__gte=wanted.begins, opened_at__lte=wanted.ends)
    if wanted.services:
        rows = rows.filter(item__in=wanted.services)
    if wanted.statuses == ("closed",):
        rows = rows.filter(status__in=SETTLED)
    elif wanted.statuses == ("open",):
        rows = rows.exclude(status__in=SETTLED)
    return list(rows[wanted.first : wanted.first + wanted.most])


def requests_of(matters: Iterable[Matter], on: date) -> list[dict[str, Any]]:
    """Matters as GeoReport tells them: the office's words, the village or its grid instead of the spot, no photo, nobody's contact.

    A constant number of queries, for one as for a thousand.
    """
    found = list(matters)
    rows, words = places.rows_of({one.place_id for one in found}, on), item_words()
    names = public_places_of(found, on)
    events = Event.objects.filter(ledger=MATTERS.name, row__in=[one.public_id for one in found])
    updated = dict(events.order_by().values_list("row").annotate(Max("at")))
    led = Whistle.objects.filter(matter__in=[one.pk for one in found], duty=Duty.LEAD)
    led = led.exclude(status__in=(WhistleState.RETURNED, WhistleState.WITHDRAWN))
    leads = dict(led.order_by("number").values_list("matter_id", "body_body__name"))
    return [
        _request(
            one, words.get(one.item, one.item), names.get(one.pk, ""), rows.get(one.place_id),
            lead=leads.get(one.pk, ""), updated=updated.get(one.public_id, one.opened_at),
        )
        for one in found
    ]  # fmt: skip


def _request(
    one: Matter, service: str, name: str, place: PlaceRow | None, *, lead: str, updated: datetime
) -> dict[str, Any]:
    is_closed = one.status in SETTLED
    due = None if is_closed or one.due_on is None else datetime.combine(one.due_on, time(23, 59, 59), _zone())
    return {
        "service_request_id": one.public_id,
        "status": "closed" if is_closed else "open",
        "status_notes": mask(one.answer) or str(STAGE_WORDS[STAGES[one.status]]),
        "service_name": service,
        "service_code": one.item,
        "description": mask(one.title),
        "agency_responsible": lead or None,
        "service_notice": None,
        "requested_datetime": timezone.localtime(one.opened_at),
        "updated_datetime": timezone.localtime(updated),
        "expected_datetime": due,
        "address": name,
        "address_id": place.public_id if place else None,
        "zipcode": None,
        "lat": place.lat if place else None,
        "long": place.lon if place else None,
        "media_url": None,
    }


def _zone() -> Any:
    return timezone.get_default_timezone()


def own_language() -> str:
    """The language in which this house keeps what programs answered."""
    return str(settings.LANGUAGE_CODE)


def district_by_code(code: str, on: date) -> int | None:
    """The key of a district by its code."""
    return next((row.id for row in places.districts(on) if row.code == code), None)


def hotline_named(name: str) -> Hotline | None:
    """The connected hotline of this name."""
    return Hotline.objects.filter(name=name, ended_on=None).select_related("district").first()


def matter_in(district_id: int, number: int) -> Matter | None:
    """A matter of a district by its number."""
    return Matter.objects.filter(district_id=district_id, number=number).first()
