"""The gate of placements: everybody who held a post is settled, before is the sum of the four."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from heli.kernel.declare import Gate, Subject
from heli.kernel.faults import Fault
from heli.posts.models import PlacingState
from heli.posts.queries.placing import states_of


def settled(*, subject: Subject, on: date) -> Iterator[Fault]:
    """Placements were begun, and each of them is settled."""
    counts = states_of(subject.place)
    if not sum(counts.values()):
        yield Fault("placements_none", _("Nobody's placement was begun: who held a post must end up somewhere."))
    elif missing := counts[PlacingState.OPEN] + counts[PlacingState.DECIDED]:
        text = ngettext("%(count)s placement is not settled.", "%(count)s placements are not settled.", missing)
        yield Fault("placements_open", text % {"count": missing})


GATES = (Gate("posts.settled", gettext_noop("Everybody who held a post is settled"), settled),)
