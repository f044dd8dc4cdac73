"""The moves of a department: reports in, answers, handles; gives back within a day; asks for time, or to hand it on, before it
is due; is urged by colour, and answers.

Its clock starts at the whistle, not when it signs, and stands only while it is suspended.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.accounts.queries import bodies_spoken_for
from heli.bodies.queries import find_holder
from heli.kernel.access import Actor
from heli.kernel.clock import Rest
from heli.kernel.faults import Fault
from heli.kernel.workdays import calendar
from heli.matters.catalogues import stage_due
from heli.matters.ledger.matter import DISPATCH, JUDGE, READ
from heli.matters.models import GONE_ON, OVER, Whistle, WhistleState
from heli.matters.rules.clocks import CountedIn, compute_due
from heli.matters.rules.flow import is_back_and_forth
from heli.matters.rules.urging import Urgency, colour_of, is_urged_next
from heli.records.ledgers import Ledger, Move, Values, Wording
from heli.records.models import Event
from heli.records.words import MATTERS_ONLY, Text

HANDLE, URGE = "matters.handle", "matters.urge"
S = WhistleState


def may_give_back(_actor: Actor, row: Any, values: Values, on: date) -> Iterable[Fault]:
    """Within a working day of the whistle, to another department, and never what a joint sitting decided."""
    last = stage_due("give_back", row.whistled_on)
    if row.decided:
        yield Fault("decided", now("The joint sitting decided this: it is not given back."))
    if on > last:
        text = now("It could be given back until %(day)s. Ask the centre for a joint sitting.") % {"day": last}
        yield Fault("too_late_to_give_back", text)
    yield from _names_another(row, values)


def _names_another(row: Any, values: Values) -> Iterable[Fault]:
    right = str(values.get("right") or "")
    if not right.startswith("body:") or right == f"body:{row.body_body.public_id}":
        yield Fault("right_is_another", now("Name the other department whose matter it is."), field="right")


def before_due(_actor: Actor, row: Any, _values: Values, on: date) -> Iterable[Fault]:
    """Time is asked for and given before it has run out."""
    if row.due_on is not None and on > row.due_on:
        text = now("It was due on %(day)s: time is given before that day only.") % {"day": row.due_on}
        yield Fault("past_due", text)


def may_ask_on(actor: Actor, row: Any, values: Values, on: date) -> Iterable[Fault]:
    """Before it is due, to another department that can take it, and never what a joint sitting decided."""
    if row.decided:
        yield Fault("decided", now("The joint sitting decided this: it is not handed on."))
    yield from before_due(actor, row, values, on)
    yield from _names_another(row, values)
    holder = find_holder(str(values.get("right") or ""), row.district_id, on)
    if holder is not None and not holder.is_person:
        yield from _cannot_take(row, holder.id, on)


def may_hand_on(actor: Actor, row: Any, values: Values, on: date) -> Iterable[Fault]:
    """Approved before it is due, and the other department can still take it."""
    yield from before_due(actor, row, values, on)
    yield from _cannot_take(row, row.right_body_id, on)


def _cannot_take(row: Any, body: int, on: date) -> Iterable[Fault]:
    past = list(row.matter.whistles.order_by("number").values_list("body_body_id", "status"))
    if any(one == body and status not in OVER for one, status in past):
        yield Fault("whistled_already", now("This department is whistled for already."), field="right")
    elif is_back_and_forth([one for one, _status in past], [one for one, s in past if s in GONE_ON], body):
        text = now(
            "This department gave the matter on before: the next joint sitting decides; whistle it again to flag it."
        )
        yield Fault("back_and_forth", text, field="right")
    if body not in bodies_spoken_for([body], HANDLE, on):
        text = now(
            "Nobody speaks for this department yet: whoever administers accounts gives somebody the role of liaison over it."
        )
        yield Fault("no_liaison", text, field="right")


def is_colour(colour: Urgency) -> Callable[[Any, date], bool]:
    """Whether a whistle is to be urged in this colour today."""
    return lambda row, on: colour_now(row, on) is colour and is_urged_next(row.urged, colour)


def colour_now(row: Any, on: date) -> Urgency:
    """The colour of a whistle today."""
    return Urgency.NONE if row.due_on is None else colour_of(calendar(), row.whistled_on, row.due_on, on)


def urges(colour: Urgency) -> Callable[[Actor, Any, Values, date], Iterable[Fault]]:
    """What stands against urging in this colour: another one is due, or it was urged so already."""

    def guard(_actor: Actor, row: Any, _values: Values, on: date) -> Iterable[Fault]:
        if colour_now(row, on) is not colour:
            text = now("Before the day the station urges, on the day the town, after it the district: due on %(day)s.")
            yield Fault("urge_colour", text % {"day": row.due_on})
        elif not is_urged_next(row.urged, colour):
            yield Fault("urged_already", now("It was urged in this colour already: once for each due day."))

    return guard


def is_unanswered(row: Any, _on: date) -> bool:
    """Urged, and nothing was said to it yet."""
    return bool(row.urged) and row.replied_on is None


def was_urged(_actor: Actor, row: Any, _values: Values, on: date) -> Iterable[Fault]:
    """There is something to answer."""
    if not is_unanswered(row, on):
        yield Fault("not_urged", now("Nobody urged it, or it was answered already."))


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
    return {"due_on": handle_by(row, row.days), "urged": ""}


def given_time(row: Any, _values: Values, _on: date) -> Values:
    """So many days more."""
    days = row.days + (row.more or 0)
    return {"days": days, "due_on": handle_by(row, days), "urged": ""}


def resumed(row: Any, _values: Values, on: date) -> Values:
    """The days of the suspension are not counted."""
    return {"due_on": handle_by(row, row.days, on), "urged": ""}


def not_theirs(_row: Any, _values: Values, _on: date) -> Values:
    """It stays where it is: nobody else is named any more."""
    return {"right_body_id": None, "right_person_id": None}


def _urge(colour: Urgency, right: str, button: Text, happened: Text) -> Move:
    """Urging 督办 in a colour: the row stands where it stood, the department hears of it and answers."""
    return Move(
        name=f"urge_{colour.value}", did=f"urged_{colour.value}", right=right, sources=RUNNING, to=None, stamp="urged",
        clears=("replied",), card=_("Urge it"), button=button, reason=_("What is expected, and by when"), is_folded=True,
        icon="bell", when=is_colour(colour), guard=urges(colour), happened=happened,
        sets=lambda _row, _values, _on: {"urged": colour.value},
    )  # fmt: skip


RUNNING = (S.SENT, S.ARRIVED, S.ANSWERED)
"""States in which a department has the next step."""


WHISTLES = Ledger(
    name="whistles", model=Whistle, states=WhistleState, reads=READ, enters="", title="title", done=S.HANDLED,
    over=(S.RETURNED, S.MOVED, S.WITHDRAWN), closed="handled", icon="bell", entry="matter:home", groups=("body",),
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
            happened=_("reported in"), sets=lambda row, _values, _on: {"due_on": row.answer_due_on, "urged": ""},
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
            sets=lambda row, values, on: {"due_on": row.answer_due_on, "urged": "", **not_theirs(row, values, on)},
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
            name="ask_transfer", did="asked_transfer", right=HANDLE, speaks_for="body", sources=(S.ANSWERED,), to=S.MOVING,
            stamp="asked", asks=("right",), needs=("right",), card=_("Another department goes on"),
            button=_("Ask to hand it on"), reason=_("Why, and by which law"), is_folded=True, guard=may_ask_on,
            happened=_("asked to hand it on"),
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
            name="transfer", did="transferred", right=JUDGE, sources=(S.MOVING,), to=S.MOVED, never="asked", stamp="judged",
            card=_("Judge what is asked"), button=_("Hand it on"), icon="check", guard=may_hand_on,
            happened=_("handed on to another department"), waits=_("The centre judges it."),
        ),
        Move(
            name="decline", did="declined", right=JUDGE, sources=(S.MORE_TIME, S.MORE_REST, S.MOVING), to=S.ANSWERED, never="asked",
            card=_("Judge what is asked"), button=_("Decline"), reason=_("Reason"), is_folded=True,
            happened=_("declined"), sets=not_theirs,
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
        _urge(Urgency.YELLOW, URGE, _("Urge in yellow"), _("urged in yellow, before its day")),
        _urge(Urgency.ORANGE, DISPATCH, _("Urge in orange"), _("urged in orange, on its day")),
        _urge(Urgency.RED, JUDGE, _("Urge in red"), _("urged in red, after its day")),
        Move(
            name="reply", did="replied", right=HANDLE, speaks_for="body", sources=RUNNING, to=None, stamp="replied",
            card=_("Answer to being urged"), button=_("Answer it"), reason=_("What you do, and until when"), is_main=True,
            when=is_unanswered, guard=was_urged, happened=_("answered to being urged"),
        ),
    ),
)  # fmt: skip
