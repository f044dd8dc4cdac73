"""The ledger of inspections, declared."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from heli.kernel.faults import Fault
from heli.records.ledgers import Ledger, Move, Values, Wording
from tests.trial.inspection.models import Inspection, State


def check(values: Values, on: date) -> Iterable[Fault]:
    """Nothing is due before it was found."""
    if values.get("due_on") and values.get("found_on") and values["due_on"] < values["found_on"]:
        yield Fault("due_before_found", now("It cannot be due before it was found."), field="due_on")


INSPECTION = Ledger(
    name="inspection", model=Inspection, states=State, reads="places.read", enters="bodies.edit", title="fault",
    done=State.IN_ORDER, groups=("works",), check=check,
    words=Wording(
        tab=_("Inspections"), one=_("Inspection"), new=_("Enter an inspection"), take_in=_("Take in a list of inspections"),
        empty=_("No inspection yet"), groups=_("By works, town and age"), replaces=_("inspection form (巡查登记表)"),
    ),
    moves=(
        Move(
            name="mend", did="mended", right="bodies.edit", sources=(State.FOUND,), to=State.MENDED, stamp="mended",
            evidence=_("How it was mended"), button=_("It is mended"), happened=_("was mended"), icon="check", is_main=True,
        ),
        Move(
            name="close", did="closed", right="campaigns.accept", sources=(State.MENDED,), to=State.IN_ORDER, stamp="closed",
            never="mended", button=_("It is in order"), happened=_("was looked at again"), icon="check", is_main=True,
            waits=_("A second person looks at it again."),
        ),
    ),
)  # fmt: skip
LEDGERS = (INSPECTION,)
