"""The four placements: decided by whoever keeps posts, settled by another person."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from heli.kernel.access import Actor
from heli.kernel.faults import Fault
from heli.posts.ledger.allotting import ACCEPT, KEEP, READ
from heli.posts.models import Placement, PlacingOutcome, PlacingState
from heli.records.ledgers import Ledger, Move, Values, Wording

S = PlacingState
TERM_YEARS = 5
"""Pay is kept for one term (2.14; 村民委员会组织法: five years)."""


def term_after(on: date) -> date:
    """The last day until which pay is kept after a day."""
    return on.replace(year=on.year + TERM_YEARS, day=28 if (on.month, on.day) == (2, 29) else on.day)


def pay_in_time(_actor: Actor, row: Any, values: Values, _on: date) -> Iterable[Fault]:
    """Pay is kept of whoever leaves, for one term at most."""
    until, leaves = values["pay_kept_until"], values["outcome"] in (PlacingOutcome.LEAVES, PlacingOutcome.BUSINESS)
    if until is not None and not (leaves and row.on < until <= term_after(row.on)):
        text = now("Pay is kept of whoever leaves, after %(on)s and until %(most)s at the latest.")
        yield Fault("pay_day", text % {"on": row.on, "most": term_after(row.on)}, field="pay_kept_until")


def has_post(_actor: Actor, row: Any, _values: Values, _on: date) -> Iterable[Fault]:
    """Whoever stays or moves has the post afterwards."""
    if row.outcome in (PlacingOutcome.STAYS, PlacingOutcome.MOVES) and row.after_id is None:
        yield Fault("no_post_after", now("Give them their post afterwards first, then settle it."))


def opened_again(row: Any, _values: Values, _on: date) -> Values:
    """Nothing is decided, nothing is kept."""
    return {"outcome": "", "pay_kept_until": None}


def not_in_post(_actor: Actor, row: Any, _values: Values, _on: date) -> Iterable[Fault]:
    """Whoever has a new post already is no longer undecided."""
    if row.after_id is not None:
        yield Fault("in_post", now("They hold the post afterwards already: end that office first."))


PLACEMENTS = Ledger(
    name="placements", model=Placement, states=PlacingState, reads=READ, enters="", title="office", done=S.SETTLED,
    icon="people", entry="post:home", groups=("outcome",), list_template="posts/placements.html",
    row_template="posts/placement.html",
    words=Wording(
        tab=_("Placements"), one=_("Placement"), new=_("Begin placements"), take_in="",
        empty=_("Nobody is to be placed yet"),
        empty_text=_("Whoever held a regular post the day before villages change stays, leaves, moves or starts a business."),
        groups=_("By placement, town and age"), replaces=_("list of placements (四个一批 台账)"),
        replaces_row=_("list of placements (四个一批 台账)"),
    ),
    says={"took_post": _("has the post afterwards")},
    moves=(
        Move(
            name="decide", did="decided", right=KEEP, sources=(S.OPEN,), to=S.DECIDED, stamp="decided",
            asks=("outcome", "pay_kept_until"), needs=("outcome",), card=_("Decide"), button=_("Decide"), is_main=True,
            guard=pay_in_time, happened=_("decided"),
        ),
        Move(
            name="settle", did="settled", right=ACCEPT, sources=(S.DECIDED,), to=S.SETTLED, stamp="closed", never="decided",
            card=_("Settle it"), button=_("It is settled"), icon="check", is_main=True, guard=has_post, happened=_("settled"),
            waits=_("Another person settles it."),
        ),
        Move(
            name="reopen", did="reopened", right=KEEP, sources=(S.DECIDED,), to=S.OPEN, clears=("decided",),
            card=_("Decide again"), button=_("Decide again"), reason=_("Reason"), is_folded=True, guard=not_in_post,
            sets=opened_again, happened=_("opened again"),
        ),
    ),
)  # fmt: skip
