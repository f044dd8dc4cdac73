"""What the register tells the archive of a place: its versions, its events, its figures as they were and restated."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.kernel.access import Actor
from heli.kernel.declare import Rows
from heli.kernel.panels import Section, offer_section
from heli.places import presenting, queries, texts


def version_rows(_actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Every version of the place and of what went into it."""
    heads = (_("Name"), _("Code"), _("Kind"), _("Belongs to"), _("From"), _("Until"))
    lines, links = [], []
    for versions in queries.versions_of_all(place_ids).values():
        for row in versions:
            if row.valid_from <= on:
                kind = str(texts.kind_text(row.kind))
                lines.append((row.name, row.code, kind, row.parent_name, row.valid_from, row.valid_to or ""))
                links.append(reverse("places:place", args=[row.public_id]))
    return Rows(heads, lines, links)


def event_rows(_actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """What happened to the place and to what went into it."""
    heads = (_("Day"), _("Event"), _("Before"), _("After"), _("Document"))
    events = [event for event in queries.events_of(place_ids, only_in_force=True) if event.on <= on]
    between = _(", ")
    lines = [
        (
            event.on,
            str(texts.event_text(event.kind)),
            between.join(dict.fromkeys(link.source_name for link in event.links if link.source_name)),
            between.join(dict.fromkeys(link.target_name for link in event.links if link.target_name)),
            event.document_number,
        )
        for event in events
    ]
    return Rows(heads, lines, [reverse("places:event", args=[event.public_id]) for event in events])


def figure_rows(_actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Figures by day: as they were counted where, restated to the place, and from which source."""
    heads = (
        _("Figure"),
        _("Unit"),
        _("Counted on"),
        _("Counted then, by place"),
        _("For the place of today"),
        _("Source"),
        _("Note"),
    )
    family = queries.family_of(place_ids[0], on)
    partial = _("(some predecessors were not counted)")
    lines = [
        (
            reading.title,
            reading.unit,
            line.on,
            _("; ").join(f"{name} {value}" for name, _public_id, value in line.as_it_was),
            line.restated,
            _("; ").join(
                dict.fromkeys(
                    fact.source for fact in family.facts[reading.measure.id] if fact.on == line.on and fact.source
                )
            ),
            "" if line.is_complete or not line.restated else partial,
        )
        for reading in presenting.readings(family, on)
        for line in reading.lines
    ]
    return Rows(heads, lines)


def offer_sections() -> None:
    """Called once at start-up."""
    offer_section(Section("places.versions", gettext_lazy("Versions"), version_rows, order=10))
    offer_section(Section("places.events", gettext_lazy("Events"), event_rows, order=20))
    offer_section(Section("places.figures", gettext_lazy("Figures"), figure_rows, order=30))
