"""What planning asks before a step passes: whether the plan that a campaign carries out has been accepted."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from heli.kernel.declare import Gate, Subject
from heli.kernel.faults import Fault
from heli.planning.models import Acceptance


def plan_accepted(*, subject: Subject, on: date) -> Iterable[Fault]:
    """Open when the plan that the campaign carries out was accepted under a document of the day or earlier."""
    if not subject.scenario:
        return [Fault("no_plan", _("The campaign carries out no merger plan: open it with an accepted one."))]
    if not Acceptance.objects.filter(scenario__public_id=subject.scenario, document_on__lte=on).exists():
        return [Fault("plan_not_accepted", _("The merger plan is not accepted yet."))]
    return []


GATES = (Gate("planning.plan_accepted", gettext_noop("The merger plan is accepted under a document"), plan_accepted),)
