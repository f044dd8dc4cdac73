"""What the register's pages show, put together from queries: figures beside places, readings, files to take away."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from django.utils.translation import gettext as _

from heli.kernel.quantities import decimal_text
from heli.places import queries, texts
from heli.places.joint import GONE, Joint
from heli.places.measures import Measure, counted, measures
from heli.places.models import Place
from heli.places.picture import LineagePicture, draw_history
from heli.places.queries import PlaceFamily
from heli.places.types import EventRow, FactRow, PlaceKind, PlaceRow

LISTED = ("registered_population", "resident_population", "households", "area")
"""Measures that stand beside every village in the overview."""


@dataclass(frozen=True, slots=True)
class VillageLine:
    """A place with the figures of a reading, as the overview lists it."""

    place: PlaceRow
    figures: Mapping[str, int]

    @property
    def id(self) -> int:
        """The key, for map and table to agree on."""
        return self.place.id

    @property
    def code(self) -> str:
        return self.place.code

    @property
    def name(self) -> str:
        return self.place.name


@dataclass(frozen=True, slots=True)
class Reading:
    """The three readings of one measure on a place's page."""

    measure: Measure
    title: str
    unit: str
    as_of: FactRow | None
    as_of_text: str
    lines: tuple["ReadingLine", ...]


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One day of figures: as it was (which place had how many), and restated to the places of the page's day."""

    on: date
    as_it_was: tuple[tuple[str, str, str], ...]
    restated: str
    is_complete: bool
    together: str = ""


def figures_of(
    rows: Collection[PlaceRow], district_ids: Collection[int], on: date, since: date | None
) -> dict[int, dict[str, int]]:
    """Figures beside places: the newest own ones, or with `since` those of that day restated to `on`."""
    keys = {row.id for row in rows}
    figures: dict[int, dict[str, int]] = {key: {} for key in keys}
    for measure in LISTED:
        if since is None:
            values = {key: fact.value for key, fact in queries.facts_on(keys, measure, on).items()}
        else:
            values = dict(queries.restate(measure, since, on, district_ids=district_ids).as_dict())
        for key, value in values.items():
            if key in figures:
                figures[key][measure] = value
    # An outline tells the area where nobody recorded one.
    for row in rows:
        if row.area_dm2 and since is None:
            figures[row.id].setdefault("area", row.area_dm2)
    return figures


def readings(family: PlaceFamily, on: date) -> list[Reading]:
    """Every measure that the place or a predecessor has figures of, in the order of the catalogue."""
    histories = queries.restated_histories(family, on)
    found = []
    for measure in counted():
        facts = family.facts.get(measure.id, [])
        if not facts:
            continue
        own = [fact for fact in facts if fact.place_id == family.place]
        newest = own[-1] if own else None
        series = {day: (value, complete) for day, value, complete in histories.get(measure.id, [])}
        lines = []
        for day in sorted({fact.on for fact in facts}):
            then = family.then(day)
            was = tuple(
                (then[fact.place_id].name, then[fact.place_id].public_id, texts.shown(measure, fact.value))
                for fact in facts
                if fact.on == day and fact.place_id in then
            )
            value, complete = series.get(day, (None, True))
            if isinstance(value, Joint):
                lines.append(ReadingLine(day, was, "", complete, _together(measure, value, on)))
            else:
                lines.append(ReadingLine(day, was, "" if value is None else texts.shown(measure, value), complete))
        title, unit = texts.measure_text(measure), texts.unit_text(measure.unit)
        found.append(
            Reading(measure, title, unit, newest, texts.shown(measure, newest.value) if newest else "", tuple(lines))
        )
    return found


def _together(measure: Measure, joint: Joint, on: date) -> str:
    """That and why a place has no restated figure of its own, and what is known instead."""
    rows = queries.rows_of([key for key in joint.places if key != GONE], on)
    names = _(", ").join(rows[key].name for key in joint.places if key in rows)
    if not joint.is_whole or GONE in joint.places:
        return _("not known: the parts of a split were not counted")
    facts = {"names": names, "value": texts.shown(measure, joint.amount)}
    return _("not known: the parts of a split were not counted; %(names)s together: %(value)s") % facts


def not_restated(district_ids: Collection[int], on: date, since: date, within: Collection[int] | None) -> list[str]:
    """A sentence for every group of places whose figures of `since` are known only together, as far as one reaches."""
    found = []
    for key in LISTED:
        measure = measures()[key]
        for joint in queries.restate(key, since, on, district_ids=district_ids).joint:
            reached = [place for place in joint.places if place != GONE and (within is None or place in within)]
            if not reached:
                continue
            rows = queries.rows_of(reached, on)
            names = _(", ").join(rows[place].name for place in reached if place in rows)
            facts = {"measure": texts.measure_text(measure), "names": names}
            if joint.is_whole and len(reached) == len(joint.places):
                facts["value"] = texts.shown(measure, joint.amount)
                found.append(_("%(measure)s: %(names)s have %(value)s together.") % facts)
            else:
                found.append(_("%(measure)s: %(names)s.") % facts)
    return found


def ratios(family: PlaceFamily) -> list[tuple[str, str, str]]:
    """Ratios of the newest own figures: (title, value, unit)."""
    newest = {
        fact.measure: fact.value for facts in family.facts.values() for fact in facts if fact.place_id == family.place
    }
    found = []
    for measure in measures().values():
        below = newest.get(measure.denominator) if measure.is_ratio else None
        if below and measure.numerator in newest:
            text = decimal_text(newest[measure.numerator] * measure.factor, below, measure.decimals)
            found.append((texts.measure_text(measure), text, texts.unit_text(measure.unit)))
    return found


def picture_of(place: Place, events: Collection[EventRow]) -> LineagePicture | None:
    """The history of a place drawn, its whole family in view."""
    family = queries.lineage_of(place.pk)
    names = {}
    standings = queries.standings_of(family)
    for member in family:
        if not (versions := standings.get(member)):
            continue
        last, first = versions[-1], versions[0]
        years = f"{first.valid_from.year}–{last.valid_to.year if last.valid_to else ''}"
        names[member] = (last.public_id, last.name, years)
    words = {kind.value: texts.event_text(kind) for kind in texts.EVENTS}
    return draw_history(place.pk, names, [event for event in events if event.in_force], words)


def features(rows: Collection[PlaceRow], figures: Mapping[int, Mapping[str, int]]) -> dict[str, Any]:
    """A GeoJSON collection of places that have an outline or a point (EPSG:4490), with kind, town and figures."""
    found = []
    for row in rows:
        if row.outline is not None:
            shape: Any = shapely.from_wkb(row.outline)
        elif row.lon is not None and row.lat is not None:
            shape = shapely.Point(row.lon, row.lat)
        else:
            continue
        known = figures.get(row.id, {})
        properties: dict[str, Any] = {
            "id": row.id,
            "public_id": row.public_id,
            "code": row.code,
            "name": row.name,
            "kind": row.kind.value,
            "kind_name": texts.kind_text(row.kind),
            "town": row.parent_name,
            "valid_from": row.valid_from.isoformat(),
            "sample": row.is_sample,
        }
        for key, value in known.items():
            properties[key] = texts.amount(measures()[key], value)
        found.append(
            {"type": "Feature", "id": row.id, "geometry": shapely.geometry.mapping(shape), "properties": properties}
        )
    return {
        "type": "FeatureCollection",
        "crs_note": "EPSG:4490",
        "attribution": _("Heli register of places"),
        "features": found,
    }


def kind_counts(rows: Collection[PlaceRow]) -> dict[str, int]:
    """How many towns, villages and communities are among the rows; units like them are counted with them."""
    groups = {
        "towns": (PlaceKind.STREET, PlaceKind.TOWN, PlaceKind.TOWNSHIP, PlaceKind.TOWNSHIP_LIKE),
        "villages": (PlaceKind.VILLAGE, PlaceKind.VILLAGE_LIKE),
        "communities": (PlaceKind.COMMUNITY, PlaceKind.COMMUNITY_LIKE),
    }
    return {name: sum(row.kind in kinds for row in rows) for name, kinds in groups.items()}
