"""Two ledgers, declared: what a station did, and the departments it called to a site."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.kernel.faults import Fault
from heli.records.ledgers import Ledger, Move, Values, Wording
from heli.stations.catalogues import POWER, VISIT, class_of
from heli.stations.models import ActState, Callout, CalloutState, StationAct

READ, KEEP, ARRIVE = "stations.read", "stations.keep", "stations.arrive"
ENTRY = "matter:home"
A, C = ActState, CalloutState


def check_act(values: Values, _on: date) -> Iterable[Fault]:
    """A power is exercised towards an organisation, a visit is a person's."""
    sort, whom = class_of(str(values.get("act") or "")), str(values.get("whom") or "")
    if sort == POWER and not whom.startswith("body:"):
        yield Fault("power_towards", now("Name the department towards which the power was exercised."), field="whom")
    if sort == VISIT and not whom.startswith("person:"):
        yield Fault("visit_whose", now("Name the person in office who came."), field="whom")


STATION_ACTS = Ledger(
    name="station_acts", model=StationAct, states=A, reads=READ, enters=KEEP, title="title", done=A.ANSWERED,
    over=(A.WITHDRAWN,), closed="answered", icon="people", groups=("act",), check=check_act, entry=ENTRY,
    form=("title", "act", "place", "held_on", "whom", "people", "note"),
    words=Wording(
        tab=_("Work of stations"), one=_("Act of a station"), new=_("Write an act down"), take_in=_("Take in a list of acts"),
        template=_("station act template"), empty=_("Nothing was written down yet"), first=_("Write the first one down"),
        empty_text=_("Powers that a station exercised, platforms it held, visits of leaders: what it was about, what came of it."),
        groups=_("By act, town and age"), in_time=_("Answered in time"),
        replaces=_("station work log (工作站台账)"), replaces_row=_("record of a power exercised (权力行使记录)"),
    ),
    moves=(
        Move(
            name="answer", did="answered", right=KEEP, sources=(A.NOTED,), to=A.ANSWERED, stamp="answered", asks=("result",),
            needs=("result",), card=_("What came of it"), button=_("Save"), icon="check", is_main=True,
            happened=pgettext_lazy("station", "answered"),
        ),
        Move(
            name="withdraw", did="withdrawn", right=KEEP, sources=(A.NOTED,), to=A.WITHDRAWN, stamp="withdrawn",
            card=_("Withdraw it"), button=_("Withdraw it"), reason=_("Reason"), is_folded=True, icon="undo",
            happened=pgettext_lazy("station", "withdrawn"),
        ),
    ),
)  # fmt: skip
CALLOUTS = Ledger(
    name="callouts", model=Callout, states=C, reads=READ, enters="", title="title", done=C.ARRIVED, over=(C.ABSENT,),
    closed="arrived", icon="bell", groups=("department",), entry=ENTRY, row_template="stations/callout.html",
    begins=("stations:call", KEEP), says={"late": _("entered later, from paper")},
    words=Wording(
        tab=_("Joint enforcement"), one=_("Call"), new=_("Call departments"), take_in="",
        empty=_("No department was called yet"), first=_("Call the first ones"),
        empty_text=_("Departments on call 1+N are called to a site together; each says itself when it has arrived."),
        groups=_("By department, town and age"), in_time=_("Arrived"), replaces=_("joint enforcement register (联合执法登记表)"),
        replaces_row=_("call slip (联合执法通知单)"),
    ),
    moves=(
        Move(
            name="arrive", did="arrived", right=ARRIVE, speaks_for="department", sources=(C.CALLED,), to=C.ARRIVED,
            stamp="arrived", card=_("On site"), button=_("We are on site"), icon="check", is_main=True,
            happened=pgettext_lazy("callout", "arrived"),
        ),
        Move(
            name="miss", did="absent", right=KEEP, sources=(C.CALLED,), to=C.ABSENT, stamp="absent", card=_("Nobody came"),
            button=_("It did not come"), reason=_("What it said"), is_folded=True,
            happened=pgettext_lazy("callout", "did not come"),
        ),
    ),
)  # fmt: skip
LEDGERS = (STATION_ACTS, CALLOUTS)
