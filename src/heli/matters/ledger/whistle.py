"""The moves of a department: reports in, answers, handles; gives back within a day; asks for time before it is due.

Its clock starts at the whistle, not when it signs, and stands only while it is suspended.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.kernel.access import Actor
from heli.kernel.clock import Rest
from heli.kernel.faults import Fault
from heli.kernel.workdays import calendar
from heli.matters.catalogues import stage_due
from heli.matters.ledger.matter import DISPATCH, JUDGE, READ
from heli.matters.models import Whistle, WhistleState
from heli.matters.rules.clocks import CountedIn, compute_due
from heli.records.ledgers import Ledger, Move, Values, Wording
from heli.records.models import Event
from heli.records.words import MATTERS_ONLY

HANDLE = "matters.handle"
S = WhistleState


def may_give_back(_actor: Actor, row: Any, values: Values, on: date) -> Iterable[Fault]:
    """Within a working day of the whistle, to another department, and never what a joint sitting decided."""
    last = stage_due("give_back", row.whistled_on)
    if row.decided:
        yield Fault("decided", now("The joint sitting decided this: it is not given back."))
    if on > last:
        text = now("It could be given back until %(day)s. Ask the centre for a joint sitting.") % {"day": last}
        yield Fault("too_late_to_give_back", text)
    right = str(values.get("right") or "")
    if not right.startswith("body:") or right == f"body:{row.body_body.public_id}":
        yield Fault("right_is_another", now("Name the other department whose matter it is."), field="right")


def before_due(_actor: Actor, row: Any, _values: Values, on: date) -> Iterable[Fault]:
    """Time is asked for and given before it has run out."""
    if row.due_on is not None and on > row.due_on:
        text = now("It was due on %(day)s: time is given before that day only.") % {"day": row.due_on}
        yield Fault("past_due", text)


def handle_by(row: Any, days: int, until: date | None = None) -> date:
    """The day by which it is handled; suspended days do not count. `until`: the day on which a suspension ends now."""
    counted = CountedIn(row.counted)
    return compute_due(calendar(), row.whistled_on, days, counted, suspensions(row, until)).day


def suspensions(row: Any, until: date | None) -> list[Rest]:
    """The days on which its clock stood, from history."""
    told = Event.objects.filter(ledger="whistles", row=row.public_id).order_by("pk").values_list("status", "at")
    found: list[Rest] = []
    since: datetime | None = None
    for status, at in told:
        if since is not None:
            found.append((localdate(since), localdate(at)))
        since = at if status == S.SUSPENDED else None
    if since is not None:
        found.append((localdate(since), until or localdate(since)))
    return found


def answered(row: Any, _values: Values, _on: date) -> Values:
    """From the answer on the day counts by which it is handled."""
    return {"due_on": handle_by(row, row.days)}


def given_time(row: Any, _values: Values, _on: date) -> Values:
    """So many days more."""
    days = row.days + (row.more or 0)
    return {"days": days, "due_on": handle_by(row, days)}


def resumed(row: Any, _values: Values, on: date) -> Values:
    """The days of the suspension are not counted."""
    return {"due_on": handle_by(row, row.days, on)}


WHISTLES = Ledger(
    name="whistles", model=Whistle, states=WhistleState, reads=READ, enters="", title="title", done=S.HANDLED,
    over=(S.RETURNED, S.WITHDRAWN), closed="handled", icon="bell", entry="matter:home", groups=("body",),
    row_template="matters/whistle.html",
    words=Wording(
        tab=_("Whistles"), one=_("Whistle"), new="", take_in="", empty=_("No department was whistled for yet"),
        groups=_("By department, town and age"), in_time=_("Handled in time"),
        replaces=_("whistle slips (吹哨单) and report-in slips (报到单)"), replaces_row=_("whistle slip (吹哨单)"),
    ),
    moves=(
        Move(
            name="arrive", did="arrived", right=HANDLE, speaks_for="body", sources=(S.SENT,), to=S.ARRIVED, stamp="arrived",
            card=_("Report in"), button=_("We have reported in"), icon="check", is_main=True,
            happened=_("reported in"), sets=lambda row, _values, _on: {"due_on": row.answer_due_on},
        ),
        Move(
            name="answer", did="answered", right=HANDLE, speaks_for="body", sources=(S.ARRIVED,), to=S.ANSWERED, stamp="answered",
            asks=("answer",), needs=("answer",), card=_("Answer"), button=_("Send the answer"), is_main=True,
            happened=_("answered"), sets=answered,
        ),
        Move(
            name="handle", did="handled", right=HANDLE, speaks_for="body", sources=(S.ANSWERED,), to=S.HANDLED, stamp="handled",
            asks=("result", "cost"), needs=("result",), card=_("It is handled"), button=_("It is handled"), is_main=True,
            evidence=_("How it looks now"), help=MATTERS_ONLY, happened=_("handled"),
        ),
        Move(
            name="give_back", did="gave_back", right=HANDLE, speaks_for="body", sources=(S.SENT, S.ARRIVED), to=S.RETURNING,
            stamp="returned", asks=("right",), needs=("right",), card=_("It is not ours"), button=_("Give it back"),
            reason=_("Why, and by which law"), is_folded=True, icon="undo", guard=may_give_back,
            happened=_("gave it back"),
        ),
        Move(
            name="accept", did="accepted", right=JUDGE, sources=(S.RETURNING,), to=S.RETURNED, stamp="judged",
            never="returned", card=_("Judge the return"), button=_("It is not theirs"), icon="check",
            happened=_("return accepted"), waits=_("The centre judges it."),
        ),
        Move(
            name="insist", did="insisted", right=JUDGE, sources=(S.RETURNING,), to=S.ARRIVED, stamp="judged",
            never="returned", card=_("Judge the return"), button=_("It is theirs"), reason=_("Reason"), is_folded=True,
            happened=_("return not accepted"),
            sets=lambda row, _values, _on: {"due_on": row.answer_due_on, "right_body_id": None, "right_person_id": None},
        ),
        Move(
            name="ask_time", did="asked_time", right=HANDLE, speaks_for="body", sources=(S.ANSWERED,), to=S.MORE_TIME,
            stamp="asked", asks=("more",), needs=("more",), card=_("More time"), button=_("Ask for more days"), reason=_("Reason"),
            is_folded=True, guard=before_due, happened=_("asked for more time"),
        ),
        Move(
            name="ask_rest", did="asked_rest", right=HANDLE, speaks_for="body", sources=(S.ANSWERED,), to=S.MORE_REST,
            stamp="asked", card=_("More time"), button=_("Ask to suspend it"), reason=_("What it waits for"), is_folded=True,
            guard=before_due, happened=_("asked to suspend it"),
        ),
        Move(
            name="give_time", did="given_time", right=JUDGE, sources=(S.MORE_TIME,), to=S.ANSWERED, never="asked",
            card=_("Judge what is asked"), button=_("Give the days"), icon="check", guard=before_due,
            happened=_("more time given"), sets=given_time, waits=_("The centre judges it."),
        ),
        Move(
            name="suspend", did="suspended", right=JUDGE, sources=(S.MORE_REST,), to=S.SUSPENDED, never="asked",
            card=_("Judge what is asked"), button=_("Suspend it"), icon="check", guard=before_due,
            happened=_("suspended"), waits=_("The centre judges it."),
        ),
        Move(
            name="decline", did="declined", right=JUDGE, sources=(S.MORE_TIME, S.MORE_REST), to=S.ANSWERED, never="asked",
            card=_("Judge what is asked"), button=_("Decline"), reason=_("Reason"), is_folded=True,
            happened=_("declined"),
        ),
        Move(
            name="withdraw", did="withdrawn", right=DISPATCH, sources=(S.SENT, S.ARRIVED, S.ANSWERED), to=S.WITHDRAWN,
            card=_("It is not needed any more"), button=_("Withdraw it"), reason=_("Reason"), is_folded=True,
            happened=pgettext_lazy("whistle", "withdrawn"),
        ),
        Move(
            name="resume", did="resumed", right=DISPATCH, sources=(S.SUSPENDED,), to=S.ANSWERED, card=_("Go on"),
            button=_("It goes on"), is_main=True, happened=pgettext_lazy("whistle", "goes on"), sets=resumed,
        ),
    ),
)  # fmt: skip
