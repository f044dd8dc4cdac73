"""The problem ledger, declared: found, taken in hand, claimed done, closed by a second person 销号, opened again."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.kernel.faults import Fault
from heli.kernel.workdays import calendar
from heli.problems.catalogues import USUAL_DAYS, days_of
from heli.problems.models import Problem, ProblemState
from heli.records.ledgers import Ledger, Move, Values, Wording
from heli.records.words import MATTERS_ONLY

MATTERS, ACCEPT = "campaigns.matters", "campaigns.accept"
LED = ("leader", "due_on", "measures")


def check(values: Values, on: date) -> Iterable[Fault]:
    """Whoever leads has a day, and nothing is due before it was found."""
    due_on, found_on = values.get("due_on"), values.get("found_on")
    if values.get("leader") and due_on is None:
        yield Fault("due_missing", now("Give the day until which it is to be settled."), field="due_on")
    if due_on and found_on and due_on < found_on:
        yield Fault("due_before_found", now("It cannot be due before it was found."), field="due_on")


def starts(values: Values) -> ProblemState:
    """With a leader it is in hand at once."""
    return ProblemState.IN_HAND if values.get("leader") else ProblemState.OPEN


def proposes(values: Values) -> Values:
    """The due day of one that is led, from the day it was found."""
    if not values["leader"] or values["due_on"]:
        return {}
    return {"due_on": calendar().add(values["found_on"], days_of(values["kind"]))}


PROBLEMS = Ledger(
    name="problems", model=Problem, states=ProblemState, reads="campaigns.read", enters=MATTERS, title="title",
    done=ProblemState.CLOSED, icon="flag", groups=("kind",), check=check, starts=starts, proposes=proposes,
    form=("title", "place", "kind", "source", "found_on"),
    words=Wording(
        tab=_("Problems"), caption=_("Problem ledger"), one=_("Problem"), new=_("Enter a problem"),
        take_in=_("Take in a list of problems"), template=_("problem ledger template"),
        empty=_("No problem in the ledger"), first=_("Enter the first one"), groups=_("By kind, town and age"),
        empty_text=_("What surveys, rounds, meetings and notices bring to light is entered here and led until it is closed."),
        in_time=_("Closed in time"), replaces=_("problem ledger (问题台账) and close-out sheets (销号单)"),
        replaces_row=_("problem sheet and close-out sheet (问题登记表、销号单)"),
    ),
    moves=(
        Move(
            name="close", did="closed", right=ACCEPT, sources=(ProblemState.CLAIMED,), to=ProblemState.CLOSED, stamp="closed",
            never="claimed", card=_("Is it settled?"), button=_("Close it"), icon="check", is_main=True, done=_("Closed."),
            happened=pgettext_lazy("problem", "closed"),
            waits=_("You said it is settled; a second person looks and closes it."),
        ),
        Move(
            name="return", did="returned", right=ACCEPT, sources=(ProblemState.CLAIMED,), to=ProblemState.IN_HAND,
            clears=("claimed",), never="claimed", card=_("Is it settled?"), button=_("Send it back"), icon="undo",
            is_folded=True, reason=_("Reason"), happened=pgettext_lazy("problem", "sent back"),
        ),
        Move(
            name="claim", did="claimed", right=MATTERS, sources=(ProblemState.IN_HAND,), to=ProblemState.CLAIMED,
            stamp="claimed", card=_("It is settled"), button=_("Claim it done"), icon="check", is_main=True,
            evidence=_("How it was settled"), help=MATTERS_ONLY, happened=pgettext_lazy("problem", "claimed done"),
        ),
        Move(
            name="lead", did="took_in_hand", right=MATTERS, sources=(ProblemState.OPEN,), to=ProblemState.IN_HAND,
            asks=LED, needs=("leader", "due_on"), card=_("Take it in hand"), button=_("Save"), is_main=True, is_folded=True,
            start=lambda row, on: {"due_on": row.due_on or calendar().add(on, days_of(row.kind))},
            happened=pgettext_lazy("problem", "taken in hand"),
        ),
        Move(
            name="change", did="changed", right=MATTERS, sources=(ProblemState.IN_HAND,), to=ProblemState.IN_HAND,
            asks=LED, needs=("leader", "due_on"), card=_("Change leader, measures or day"), button=_("Save"), is_folded=True,
            happened=pgettext_lazy("problem", "changed"),
        ),
        Move(
            name="reopen", did="reopened", right=ACCEPT, sources=(ProblemState.CLOSED,), to=ProblemState.IN_HAND,
            clears=("closed", "claimed"), asks=("due_on",), needs=("due_on",), reason=_("Reason"), icon="undo",
            card=_("Open it again"), button=_("Open it again"), is_folded=True,
            start=lambda _row, on: {"due_on": calendar().add(on, USUAL_DAYS)},
            happened=pgettext_lazy("problem", "opened again"),
        ),
    ),
)  # fmt: skip
LEDGERS = (PROBLEMS,)
