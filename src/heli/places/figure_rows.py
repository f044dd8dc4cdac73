"""The rows behind the register's figures: places, facts in use, events of a reform."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from heli.kernel.declare import Ask, Rows
from heli.places import queries, texts
from heli.places.measures import measures as catalogue
from heli.places.models import Place
from heli.places.types import PlaceKind

DAY = timedelta(days=1)


def place_rows(ask: Ask, place_ids: Collection[int], kinds: Sequence[PlaceKind]) -> Rows:
    """The places of these kinds, each with its page."""
    rows = [row for row in queries.rows_of(place_ids, ask.on).values() if row.kind in kinds]
    lines = [[row.name, row.code, texts.kind_text(row.kind), row.parent_name, row.valid_from] for row in rows]
    heads = [_("Place"), _("Code"), _("Kind"), _("Belongs to"), _("Valid from")]
    return Rows(heads, lines, [_page(row.public_id, ask.on) for row in rows])


def fact_rows(
    ask: Ask,
    place_ids: Collection[int],
    measures: Sequence[str],
    kinds: Sequence[PlaceKind] = (),
    *,
    since_reform: bool = False,
    only_sample: bool = False,
) -> Rows:
    """The facts in use; with `since_reform` also those of each district's base day."""
    chosen = set(place_ids)
    if kinds:
        chosen = {key for key, row in queries.rows_of(chosen, ask.on).items() if row.kind in kinds}
    arrows = queries.feeders(chosen, ask.on)
    found = queries.facts_behind(chosen, measures, ask.on, ask.at, arrows=arrows)
    if since_reform:
        family = {*chosen, *(arrow.source_id for arrow in arrows)}
        for day in sorted(set(queries.reform_bases(ask.district_ids, ask.on).values())):
            earlier = [arrow for arrow in arrows if arrow.on <= day]
            found += queries.facts_behind(family, measures, day, ask.at, arrows=earlier)
    unique = list(dict.fromkeys(row for row in found if row.is_sample or not only_sample))
    places = {row.place_id for row in unique}
    names = queries.names_at(places, ask.on)
    pages = dict(Place.objects.filter(pk__in=places).values_list("pk", "public_id"))
    lines = [
        [
            names.get(row.place_id, ""), texts.measure_text(catalogue()[row.measure]), row.on,
            _amount(row.measure, row.value), _source(row.source, is_sample=row.is_sample),
        ]
        for row in unique
    ]  # fmt: skip
    heads = [_("Counted in"), _("Measure"), _("Counted on"), _("Value"), _("Source")]
    return Rows(heads, lines, [_page(pages[row.place_id], row.on) for row in unique])


def reform_rows(ask: Ask, place_ids: Collection[int]) -> Rows:
    """What became of every village since the base day: the events that took one away or changed it."""
    bases = queries.reform_bases(ask.district_ids, ask.on)
    if not bases:
        return Rows([_("Village")], [])
    first = min(bases.values())
    events = {arrow.event_public_id for arrow in queries.feeders(place_ids, ask.on) if arrow.on > first}
    # What ended without a successor is counted where its district is.
    for district in bases.keys() & set(place_ids):
        events |= {event.public_id for event in queries.events_in(district, bases[district] + DAY, ask.on + DAY)}
    rows = [row for row in queries.events_in_force(events) if row.on > bases.get(row.district_id, date.max)]
    lines = [
        [
            "、".join(dict.fromkeys(link.source_name for link in row.event.links if link.source_name)),
            texts.event_text(row.event.kind),
            "、".join(dict.fromkeys(link.target_name for link in row.event.links if link.target_name)) or _("none"),
            row.on, row.event.document_number,
        ]
        for row in rows
    ]  # fmt: skip
    heads = [_("Before"), _("What happened"), _("After"), _("Day"), _("Document")]
    return Rows(heads, lines, [reverse("places:event", args=[row.event.public_id]) for row in rows])


def _page(public_id: str, on: date) -> str:
    return f"{reverse('places:place', args=[public_id])}?on={on}"


def _amount(measure: str, value: int) -> int | str:
    """Whole numbers stay numbers; money and areas are written in the unit people read."""
    chosen = catalogue()[measure]
    return f"{texts.shown(chosen, value)} {texts.unit_text(chosen.unit)}" if chosen.unit in ("dm2", "fen") else value


def _source(title: str, *, is_sample: bool) -> str:
    mark = _("sample") if is_sample else ""
    return " · ".join(part for part in (title or _("typed in"), mark) if part)
