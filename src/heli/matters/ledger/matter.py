"""The moves of a matter: collected, filed or refused, handled on the spot or by departments, checked, told, called back, closed."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.kernel.access import Actor
from heli.kernel.faults import Fault
from heli.matters.catalogues import stage_due
from heli.matters.models import OVER, Matter, MatterOutcome, MatterState, WhistleState
from heli.matters.triage import suggested
from heli.records.ledgers import Ledger, Move, Values, Wording
from heli.records.models import LedgerEvidence
from heli.records.words import MATTERS_ONLY

READ, COLLECT, DISPATCH = "matters.read", "matters.collect", "matters.dispatch"
SETTLE, CHECK, JUDGE = "matters.settle", "matters.check", "matters.judge"
S = MatterState


def due_in(stage: str) -> Callable[[Any, Values, date], Values]:
    """The next stage begins today."""
    return lambda _row, _values, on: {"due_on": stage_due(stage, on)}


def nothing_outstanding(_actor: Actor, row: Any, _values: Values, _on: date) -> Iterable[Fault]:
    """Every department has handled it, and at least one has."""
    open_ones = row.whistles.exclude(status__in=OVER).count()
    if open_ones:
        text = now("%(count)s departments have not handled it yet.") % {"count": open_ones}
        yield Fault("whistles_open", text)
    elif not row.whistles.filter(status=WhistleState.HANDLED).exists():
        yield Fault("nobody_handled", now("No department has handled it: whistle again, or file it anew."))


def another_person(actor: Actor, row: Any, _values: Values, _on: date) -> Iterable[Fault]:
    """Whoever handled it for a department neither checks it nor calls back."""
    if actor.id is not None and row.whistles.filter(handled_by_id=actor.id).exists():
        text = now("A second person decides this: you took the first step yourself.")
        yield Fault("same_person", text)


def can_be_called(actor: Actor, row: Any, values: Values, on: date) -> Iterable[Fault]:
    """Somebody left a contact."""
    yield from another_person(actor, row, values, on)
    if not row.heard.exclude(contact="").exists():
        yield Fault("nobody_to_call", now("Nobody left a contact: close it without a call; it stays outside the base."))


def nobody_to_call(_actor: Actor, row: Any, _values: Values, _on: date) -> Iterable[Fault]:
    """Who can be called is called."""
    if row.heard.exclude(contact="").exists():
        yield Fault("call_first", now("Whoever reported it left a contact: call back first."))


def is_solved(_actor: Actor, row: Any, _values: Values, _on: date) -> Iterable[Fault]:
    """Closed is what was solved."""
    if row.outcome != MatterOutcome.SOLVED:
        text = now("It is not solved: open it again, or say why it cannot be solved.")
        yield Fault("not_solved", text)


def is_unsolved(_actor: Actor, row: Any, _values: Values, _on: date) -> Iterable[Fault]:
    """Impossible is said only of what was not solved."""
    if row.outcome == MatterOutcome.SOLVED:
        yield Fault("solved", now("Whoever reported it says it is solved: close it."))


def anew(row: Any, _values: Values, on: date) -> Values:
    """It begins again, and remembers how often."""
    return {"due_on": stage_due("dispatch", on), "outcome": "", "content": "", "reopened": row.reopened + 1}


def photo_of(row: Any) -> Any:
    """The first photo that came with it; None without one."""
    shown = LedgerEvidence.objects.filter(ledger="matters", row=row.public_id, file__content_type__startswith="image/")
    first = shown.select_related("file").order_by("pk").first()
    return first.file if first is not None else None


def can_be_shown(row: Any, _on: date) -> bool:
    """There is a photo that strangers do not see yet."""
    return row.picture_id is None and photo_of(row) is not None


def has_photo(_actor: Actor, row: Any, _values: Values, on: date) -> Iterable[Fault]:
    """There is something to show."""
    if not can_be_shown(row, on):
        yield Fault("no_photo", now("There is no photo that is not shown already."))


def is_shown(_actor: Actor, row: Any, _values: Values, _on: date) -> Iterable[Fault]:
    """There is something to take away."""
    if row.picture_id is None:
        yield Fault("no_photo", now("No photo of it is shown."))


OPEN = (S.FILED, S.WHISTLED, S.HANDLED, S.CHECKED, S.TOLD, S.CALLED, S.DOUBTED)
"""States in which strangers see it and something is still done."""
MATTERS = Ledger(
    name="matters", model=Matter, states=MatterState, reads=READ, enters=COLLECT, title="title", done=S.CLOSED,
    over=(S.REFUSED, S.MERGED), icon="bell", entry="matter:home", groups=("item", "channel"), row_template="matters/matter.html",
    proposes=lambda _values: {"due_on": stage_due("file", localdate())},
    says={
        "whistled": _("was whistled to departments"), "handed_on": _("was handed on to another department"),
        "flagged": _("was sent back and forth: the joint sitting decides"),
        "merged": _("was merged into another"), "took_over": _("another one was merged into it"),
        "split": _("was split"), "linked": _("was linked with another"),
        "sent_on": _("was sent on to a hotline"),
        "heard_open": _("the hotline it was sent on to says where it stands"),
        "heard_closed": _("the hotline it was sent on to closed it and says"),
        "lifted": _("was entered into the problem ledger"),
        "voice": _("somebody else said the same"), "again": _("was reported as not solved"),
    },
    words=Wording(
        tab=_("Matters"), one=_("Matter"), new=_("Enter a matter"), take_in=_("Take in a list of matters"),
        template=_("matter list template"), empty=_("No matter was reported yet"), first=_("Enter the first one"),
        empty_text=_("What people report on the public page, by telephone or on a grid worker's round is entered here."),
        groups=_("By item, way in, town and age"), in_time=_("Closed in time"),
        replaces=_("matter register (群众诉求登记台账) and whistle slips (吹哨单)"),
        replaces_row=_("matter sheet (诉求办理单)"),
    ),
    moves=(
        Move(
            name="file", did="filed", right=DISPATCH, sources=(S.COLLECTED,), to=S.FILED, stamp="filed",
            asks=("title", "item"), needs=("item",), card=_("Is it for us?"), button=_("File it"), icon="check",
            start=lambda row, _on: {"item": _likely(row)},
            is_main=True, happened=pgettext_lazy("matter", "filed"), sets=due_in("dispatch"),
        ),
        Move(
            name="refuse", did="refused", right=DISPATCH, sources=(S.COLLECTED,), to=S.REFUSED, asks=("way",), needs=("way",),
            card=_("Is it for us?"), button=_("It is not for us"), is_folded=True, reason=_("Reason"),
            happened=pgettext_lazy("matter", "not taken, with the right way"),
            sets=lambda _row, _values, _on: {"due_on": None},
        ),
        Move(
            name="on_spot", did="on_spot", right=SETTLE, sources=(S.FILED,), to=S.HANDLED, stamp="handled",
            asks=("result", "cost"), needs=("result",), card=_("Handled on the spot"), button=_("It is handled"),
            evidence=_("How it looks now"), help=MATTERS_ONLY, is_folded=True, happened=_("handled on the spot"),
            sets=due_in("check"),
        ),
        Move(
            name="gather", did="gathered", right=DISPATCH, sources=(S.WHISTLED,), to=S.HANDLED, asks=("result",),
            needs=("result",), card=_("All departments have handled it"), button=_("It is handled"), is_folded=True,
            happened=_("handled by the departments"), guard=nothing_outstanding, sets=due_in("check"),
            start=lambda row, on: {"result": _results(row)},
        ),
        Move(
            name="check", did="checked", right=CHECK, sources=(S.HANDLED,), to=S.CHECKED, stamp="checked", never="handled",
            card=_("Look on site"), button=_("It is in order on site"), evidence=_("What you saw"), photo=True, icon="check",
            is_main=True, happened=_("checked on site"), guard=another_person, sets=due_in("tell"),
            waits=_("You handled it; somebody else looks on site."),
        ),
        Move(
            name="undone", did="undone", right=CHECK, sources=(S.HANDLED,), to=S.FILED, clears=("handled",), never="handled",
            card=_("Look on site"), button=_("It is not in order"), reason=_("What is missing?"), is_folded=True, icon="undo",
            happened=_("found not in order on site"), guard=another_person, sets=due_in("dispatch"),
        ),
        Move(
            name="tell", did="told", right=DISPATCH, sources=(S.CHECKED,), to=S.TOLD, stamp="told", asks=("answer",),
            needs=("answer",), card=_("Tell whoever reported it"), button=_("Publish the answer"), is_main=True,
            happened=_("told"), sets=due_in("call_back"),
        ),
        Move(
            name="call_back", did="called", right=DISPATCH, sources=(S.TOLD,), to=S.CALLED, stamp="called", never="handled",
            asks=("outcome", "content"), needs=("outcome", "content"), card=_("Call back"), button=_("Save"), is_main=True,
            happened=_("called back"), guard=can_be_called, sets=due_in("call_back"),
            waits=_("You handled it; somebody else calls back."),
        ),
        Move(
            name="close_unasked", did="closed", right=DISPATCH, sources=(S.TOLD,), to=S.CLOSED, stamp="closed",
            card=_("Nobody can be asked"), button=_("Close it"), is_folded=True, guard=nobody_to_call,
            happened=pgettext_lazy("matter", "closed"),
        ),
        Move(
            name="close", did="closed", right=DISPATCH, sources=(S.CALLED,), to=S.CLOSED, stamp="closed", guard=is_solved,
            card=_("It is solved"), button=_("Close it"), icon="check", is_main=True,
            happened=pgettext_lazy("matter", "closed"),
        ),
        Move(
            name="doubt", did="doubted", right=DISPATCH, sources=(S.CALLED,), to=S.DOUBTED, stamp="doubted",
            guard=is_unsolved, card=_("It cannot be solved"), button=_("Say so"), reason=_("Why nobody can solve it"),
            is_folded=True, happened=_("said to be objectively impossible"),
        ),
        Move(
            name="confirm", did="impossible", right=JUDGE, sources=(S.DOUBTED,), to=S.CLOSED, stamp="closed",
            never="doubted", card=_("Is it impossible?"), button=_("It is impossible"), reason=_("What you looked at"),
            happened=_("found objectively impossible"), sets=lambda _row, _values, _on: {"outcome": MatterOutcome.IMPOSSIBLE},
            waits=_("You said it is impossible; a second person decides."),
        ),
        Move(
            name="deny", did="possible", right=JUDGE, sources=(S.DOUBTED,), to=S.CALLED, clears=("doubted",),
            never="doubted", card=_("Is it impossible?"), button=_("It is possible"), reason=_("Reason"), is_folded=True,
            happened=_("found possible"),
        ),
        Move(
            name="reopen", did="reopened", right=DISPATCH, sources=(S.CALLED, S.CLOSED, S.REFUSED), to=S.FILED,
            clears=("handled", "checked", "told", "called", "doubted", "closed"), asks=("item",), needs=("item",),
            card=_("Open it again"), button=_("Open it again"), reason=_("Reason"), is_folded=True, icon="undo",
            happened=_("opened again"), sets=anew,
        ),
        Move(
            name="show_photo", did="photo_shown", right=DISPATCH, sources=OPEN, to=None, icon="camera",
            card=_("Photo on the public page"), button=_("Nobody can be recognised: show the first photo"),
            when=can_be_shown, guard=has_photo, happened=_("its photo was shown to everybody"),
            sets=lambda row, _values, _on: {"picture_id": photo_of(row).pk},
        ),
        Move(
            name="hide_photo", did="photo_hidden", right=DISPATCH, sources=OPEN, to=None, icon="undo",
            card=_("Photo on the public page"), button=_("Show the photo no more"),
            when=lambda row, _on: row.picture_id is not None, guard=is_shown, happened=_("its photo is shown no more"),
            sets=lambda _row, _values, _on: {"picture_id": None},
        ),
    ),
)  # fmt: skip


def _likely(row: Any) -> str:
    """The item that whoever reported it chose, else the one that most speaks for: a first draft."""
    found = [] if row.item else suggested(row)
    return row.item or (found[0].item if found else "")


def _results(row: Any) -> str:
    """What the departments did, as a first draft."""
    return "\n".join(text for text in row.whistles.order_by("number").values_list("result", flat=True) if text)
