"""What bodies tell everybody of a place: who answers for it in office, and which stations serve it."""

from django.utils.translation import gettext_lazy

from heli.bodies.queries import serving, who_answers_for_all
from heli.bodies.texts import LINKS
from heli.kernel.openly import OpenAsk, OpenLine, OpenPart, OpenRows

MOST = 8


def in_office(ask: OpenAsk) -> OpenRows | None:
    """Who answers for the place itself: name and office, no more."""
    found = who_answers_for_all(ask.here[:1], ask.on).get(ask.place, [])
    lines = [
        OpenLine(text=f"{one.name} {one.office}".strip(), note=" · ".join(filter(None, [str(LINKS[one.kind]), one.of])))
        for one in found[:MOST]
    ]
    return OpenRows(lines=lines) if lines else None


def stations(ask: OpenAsk) -> OpenRows | None:
    """Stations of the place and of what stands over it."""
    lines = [OpenLine(text=name) for name in serving((*ask.here, *ask.above), ask.on, MOST)]
    return OpenRows(lines=lines) if lines else None


OPEN = (
    OpenPart(id="bodies.serving", title=gettext_lazy("Where you are served"), fill=stations, order=40),
    OpenPart(id="bodies.office", title=gettext_lazy("Who answers for it"), fill=in_office, order=60),
)
