"""The ledger of shifts 志愿岗位: offered by a village, taken on by members, ended or withdrawn."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.kernel.faults import Fault
from heli.points.catalogues import earning_of
from heli.points.models import Shift, ShiftState
from heli.points.types import Proof
from heli.records.ledgers import Ledger, Move, Values, Wording

READ, KEEP, CONFIRM, AWARD = "points.read", "points.keep", "points.confirm", "points.award"


def check(values: Values, on: date) -> Iterable[Fault]:
    """A shift counts as something that a shift can prove."""
    act = values.get("act")
    earning = earning_of(act) if act else None
    if act and (earning is None or earning.proof is not Proof.SHIFT):
        yield Fault("act_unknown", now("Nothing is earned for this: choose one of the list."), field="act")


SHIFTS = Ledger(
    name="shifts", model=Shift, states=ShiftState, reads=READ, enters=KEEP, title="title", done=ShiftState.ENDED,
    closed="ended", icon="people", groups=("act",), check=check, entry="shifts:all", row_template="points/shift.html",
    form=("title", "place", "act", "held_on", "hours", "heads"),
    words=Wording(
        tab=_("Shifts"), caption=_("Volunteer shifts"), one=_("Shift"), new=_("Offer a shift"),
        take_in=_("Take in a list of shifts"), template=_("shift template"), empty=_("No shift is offered"),
        first=_("Offer the first one"), groups=_("By what they count as, and town"), in_time=_("Ended in time"),
        empty_text=_("What a village needs hands for: where, on which day, how many hours, how many people."),
        replaces=_("list of posts to take on (志愿岗位清单、认领表)"),
        replaces_row=_("sign-up and service sheet (岗位认领及服务记录表)"),
    ),
    moves=(
        Move(
            name="withdraw", did="withdrawn", right=KEEP, sources=(ShiftState.OFFERED,), to=ShiftState.WITHDRAWN,
            button=_("Withdraw it"), card=_("Withdraw it"), icon="undo", is_folded=True, reason=_("Reason"),
            happened=pgettext_lazy("shift", "withdrawn"),
        ),
        Move(
            name="end", did="ended", right=KEEP, sources=(ShiftState.OFFERED,), to=ShiftState.ENDED, stamp="ended",
            button=_("The shift is over"), icon="check", happened=pgettext_lazy("shift", "ended"),
            help=_("Whoever was not confirmed by then is no longer on it."),
        ),
    ),
)  # fmt: skip
LEDGERS = (SHIFTS,)
