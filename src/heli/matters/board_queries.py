"""Reads of the board: where matters stand, which departments are late or urged, what never disappears from sight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, Q, Value, When

from heli.bodies.queries import names_of_bodies
from heli.kernel.access import Actor
from heli.matters.ledger import MATTERS, WHISTLES
from heli.matters.models import (
    GONE_ON,
    OVER,
    Matter,
    MatterState,
    UrgeColour,
    Whistle,
    WhistleState,
)
from heli.matters.queries import SETTLED
from heli.matters.rules.flow import STAGES
from heli.records.abouts import About
from heli.records.queries import part_of


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many matters of the actor's part are in a stage, and how many of them are past their day."""

    status: str
    stage: str
    count: int
    late: int


@dataclass(frozen=True, slots=True)
class DepartmentCount:
    """What a department was whistled for: open ones, of them late, handled, given back, urged now."""

    name: str
    open: int
    late: int
    handled: int
    returned: int
    urged: int


def stage_counts(actor: Actor, about: About, on: date) -> list[StateCount]:
    """Matters of the actor's part by state; one query."""
    rows = Matter.objects.filter(part_of(actor, about, MATTERS.reads), about=about.id).order_by()
    late = Count(Value(1), filter=Q(due_on__lt=on) & ~Q(status__in=SETTLED))
    counted = {
        status: (count, past) for status, count, past in rows.values_list("status").annotate(n=Count("*"), late=late)
    }
    return [StateCount(s.value, STAGES[s.value], *counted[s.value]) for s in MatterState if s.value in counted]


def department_counts(actor: Actor, about: About, on: date) -> list[DepartmentCount]:
    """Whistles of the actor's part by department, the most late first; two queries."""
    rows = Whistle.objects.filter(part_of(actor, about, WHISTLES.reads), about=about.id).order_by()
    is_open = ~Q(status__in=OVER)
    counted = rows.values_list("body_body").annotate(
        open=Count(Value(1), filter=is_open),
        late=Count(Value(1), filter=is_open & Q(due_on__lt=on) & ~Q(status=WhistleState.SUSPENDED)),
        handled=Count(Value(1), filter=Q(status=WhistleState.HANDLED)),
        returned=Count(Value(1), filter=Q(status__in=GONE_ON)),
        urged=Count(Value(1), filter=is_open & ~Q(urged="")),
    )
    by_key = {key: numbers for key, *numbers in counted}
    names = names_of_bodies(by_key)
    found = [DepartmentCount(names[key], *numbers) for key, numbers in by_key.items()]
    return sorted(found, key=lambda one: (-one.late, -one.open, one.name))


def urged_now(actor: Actor, about: About) -> list[Whistle]:
    """Whistles that were urged for the day that is due now, red ones first, those nobody answered on top; 50 at most."""
    rows = Whistle.objects.filter(part_of(actor, about, WHISTLES.reads), about=about.id).exclude(status__in=OVER)
    rank = Case(When(urged=UrgeColour.RED, then=0), When(urged=UrgeColour.ORANGE, then=1), default=2)
    found = rows.exclude(urged="").select_related("body_body")
    return list(found.order_by(rank, F("replied_on").asc(nulls_first=True), "due_on", "number")[:50])


def listed_apart(actor: Actor, about: About) -> tuple[Sequence[Matter], Sequence[Matter]]:
    """What never disappears from sight: matters for the next joint sitting, and those found impossible by two people."""
    rows = Matter.objects.filter(part_of(actor, about, MATTERS.reads), about=about.id)
    return list(rows.filter(flagged_on__isnull=False).order_by("flagged_on")), list(
        rows.filter(outcome="impossible").order_by("-closed_on")[:50]
    )
