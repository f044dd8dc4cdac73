"""Points of departments and stations, from what became of matters: both sides are scored, by the acts of the file of points.

Nothing is typed and nobody is ranked: a line is entered once for its source, and taken back when the matter is opened again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.matters.ledger import MATTERS, WHISTLES
from heli.places import queries as places
from heli.points.catalogues import outcome_acts
from heli.points.queries import scored
from heli.points.services import Earned, enter_points, reverse_entry
from heli.points.types import EarnedBy
from heli.records.abouts import DISTRICT, About
from heli.records.models import Event
from heli.stations.rules import compute_changes

STATION_SIDE = ("station", "grid")
"""Ways in by which a station or its grid worker brought a matter."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What a scoring did: lines entered, lines taken back, what could not be entered (an organisation that ended)."""

    entered: int = 0
    reversed: int = 0
    refused: int = 0


def score_all() -> int:
    """Once a day, in every district that stands; how many lines were entered or taken back."""
    now = timezone.now()
    on, changed = timezone.localdate(now), 0
    for one in places.districts(on):
        done = score(about=DISTRICT.about(one.id, one.public_id), on=on, at=now)
        changed += done.entered + done.reversed
    return changed


def score(*, about: About, on: date, at: datetime | None = None) -> Scored:
    """Enter what matters of a district have earned and take back what no longer holds; twice in a row changes nothing."""
    named, wanted = outcome_acts(), dict(_earned(about, on))
    wanted = {source: (outcome, earned) for source, (outcome, earned) in wanted.items() if outcome in named}
    known = scored(about.district_id, ("handled:", "returned:", "brought:"))
    new, gone = compute_changes(wanted, {one.source for one in known if one.stands}, {one.source for one in known})
    refused = 0
    for source in new:
        outcome, earned = wanted[source]
        try:
            whole = Earned(named[outcome], earned.place_id, earned.on, earned.proof, earned.unit, source=source)
            enter_points(actor=SYSTEM, about=about, earned=whole, on=on, at=at)
        except Refused:
            refused += 1
    entries = {one.source: one.entry for one in known}
    for source in gone:
        reverse_entry(actor=SYSTEM, entry=entries[source], reason=_("The matter was opened again."), at=at)
    return Scored(len(new) - refused, len(gone), refused)


def _earned(about: About, on: date) -> Iterator[tuple[str, tuple[EarnedBy, Earned]]]:
    """What is earned by now, by source: a constant number of queries.

    A whistle of the time before its matter was opened again earns nothing. A place that has ended earns through its town, or else
    the district.
    """
    here = {row.id for row in places.villages_of(about.district_id, on, outlines=False)}
    whistles: Any = WHISTLES.model._default_manager
    matters: Any = MATTERS.model._default_manager
    rows = whistles.filter(about=about.id).order_by("number")
    columns = ("public_id", "number", "place_id", "town_id", "body_body__public_id")

    def where(place: int, town: int | None) -> int:
        return place if place in here else town or about.district_id

    again = Event.objects.filter(ledger=MATTERS.name, row=OuterRef("matter__public_id"), did__in=("reopened", "again"))
    done = rows.filter(status="handled", matter__status="closed").exclude(matter__outcome="impossible")
    done = done.annotate(again_at=Subquery(again.order_by("-pk").values("at")[:1]))
    done = done.filter(Q(again_at__isnull=True) | Q(opened_at__gt=F("again_at")))
    for public_id, number, place, town, body, closed, handled, due in done.values_list(
        *columns, "matter__closed_on", "handled_on", "due_on"
    ):
        outcome = EarnedBy.IN_TIME if due is None or handled <= due else EarnedBy.LATE
        proof = f"{WHISTLES.words.one} #{number}"
        yield f"handled:{public_id}", (outcome, Earned("", where(place, town), closed, proof, f"body:{body}"))
    for public_id, number, place, town, body, judged in rows.filter(status="returned").values_list(
        *columns, "judged_on"
    ):
        proof = f"{WHISTLES.words.one} #{number}"
        yield (
            f"returned:{public_id}",
            (EarnedBy.RETURNED, Earned("", where(place, town), judged, proof, f"body:{body}")),
        )
    brought = matters.filter(about=about.id, channel__in=STATION_SIDE, status="closed")
    brought = brought.exclude(outcome="impossible").order_by("number")
    for public_id, number, place, town, reopened, closed in brought.values_list(
        "public_id", "number", "place_id", "town_id", "reopened", "closed_on"
    ):
        proof = f"{MATTERS.words.one} #{number}"
        yield f"brought:{public_id}:{reopened}", (EarnedBy.BROUGHT, Earned("", where(place, town), closed, proof))
