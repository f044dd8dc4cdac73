"""What bodies offer to the page of a place: who answers for it, and for the town it stands in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.bodies.queries import open_among, who_answers_for_all
from heli.bodies.texts import LINKS
from heli.bodies.types import Answering
from heli.kernel.access import Actor, may, scope
from heli.kernel.declare import Rows
from heli.kernel.panels import Panel, Section, offer, offer_section
from heli.places import queries as places


@dataclass(frozen=True, slots=True)
class AnsweringLine:
    """Somebody who answers: for this place, or (`of_place`) for the town above it; linked where the actor may open the body."""

    answering: Answering
    kind: Any
    of_place: str
    body_id: str


def fill(actor: Actor, place_id: int, on: date) -> dict[str, Any] | None:
    """The lines of a place, its own first; nothing for those who may not read bodies."""
    if not may(actor, "bodies.read"):
        return None
    row = places.version_on(place_id, on)
    above = row.parent_id if row is not None else None
    found = who_answers_for_all([key for key in (place_id, above) if key is not None], on)
    holders = {one.holder_id for answering in found.values() for one in answering}
    open_to = open_among(scope(actor, "bodies.read"), holders) if holders else set()
    return {
        "on": on,
        "lines": [
            AnsweringLine(
                answering,
                LINKS[answering.kind],
                row.parent_name if row is not None and key == above else "",
                answering.holder_id if answering.holder_id in open_to else "",
            )
            for key in (place_id, above)
            for answering in found.get(key or 0, [])
        ],
    }


def archive_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Who answers for the place on the day, and for the town it stands in."""
    heads = (_("Place"), _("Who"), _("Office"), _("In what way"), _("Since"), _("Document"))
    if not may(actor, "bodies.read"):
        return Rows(heads, ())
    row = places.version_on(place_ids[0], on)
    named = {row.id: row.name, row.parent_id: row.parent_name} if row is not None else {}
    found = who_answers_for_all([key for key in named if key is not None], on)
    lines = [
        (named[key], one.name, one.office or one.of, str(LINKS[one.kind]), one.since, one.document_number)
        for key in named
        if key is not None
        for one in found.get(key, [])
    ]
    return Rows(heads, lines)


def offer_panels() -> None:
    """Called once at start-up."""
    offer(Panel("bodies.answers", "bodies/answers.html", fill))
    offer_section(Section("bodies.answers", gettext_lazy("Who answers for it"), archive_rows, order=40))
