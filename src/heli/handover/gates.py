"""What handover answers to steps: everything is received and borne, and every former village has its agency point."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from heli.handover.models import HandedState
from heli.handover.queries import covered, items_of, missing_functions, points_of
from heli.kernel.declare import Gate, Subject
from heli.kernel.faults import Fault

COMPLETE, COVER = "handover.complete", "handover.agency_points_cover"


def complete(*, subject: Subject, on: date) -> Iterable[Fault]:
    """Open when every service of the place was received by the day and, in a community, every function has a bearer."""
    if subject.place is None:
        return [Fault("no_place", _("The step is about no village."), source=COMPLETE)]
    rows = items_of(subject.place)
    if not rows:
        text = _("The handover of services has not begun: begin it on the page of the village.")
        return [Fault("handover_not_begun", text, source=COMPLETE)]
    done = sum(
        row.status == HandedState.RECEIVED and row.received_on is not None and row.received_on <= on for row in rows
    )
    found = []
    if done < len(rows):
        text = _("%(done)s of %(all)s services are received by both sides.") % {"done": done, "all": len(rows)}
        found.append(Fault("services_open", text, source=COMPLETE))
    if missing := missing_functions(subject.place, on):
        text = _("%(count)s functions have no bearer.") % {"count": len(missing)}
        found.append(Fault("functions_open", text, source=COMPLETE))
    return found


def agency_points_cover(*, subject: Subject, on: date) -> Iterable[Fault]:
    """Open when each former village of the place has its agency point; where no village ended there is nothing to cover."""
    mine = [one for one in points_of(subject.district, on) if one.village.heir == subject.place]
    kept, wanted = covered(mine)
    if kept >= wanted:
        return []
    names = "、".join(one.village.name for one in mine if one.point is None)
    text = _("%(kept)s of %(wanted)s former villages have an agency point; none yet: %(names)s.")
    return [Fault("points_missing", text % {"kept": kept, "wanted": wanted, "names": names}, source=COVER)]


GATES = (
    Gate(COMPLETE, gettext_noop("Services are handed over, functions have their bearers"), complete),
    Gate(COVER, gettext_noop("Every former village has an agency point"), agency_points_cover),
)
