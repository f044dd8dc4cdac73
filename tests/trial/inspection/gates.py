"""What a step may ask of inspections."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from heli.kernel.declare import Gate, Subject
from heli.kernel.faults import Fault
from tests.trial.inspection.models import Inspection, State


def all_in_order(*, subject: Subject, on: date) -> Iterable[Fault]:
    """Nothing found in the place by the day is still to be mended or looked at."""
    left = Inspection.objects.filter(place_id=subject.place, found_on__lte=on).exclude(status=State.IN_ORDER).count()
    if left:
        yield Fault("inspections_open", _("%(left)s inspections are not closed.") % {"left": left})


GATES = (Gate("inspection.all_in_order", gettext_noop("Works of the place in order"), all_in_order),)
