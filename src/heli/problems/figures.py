"""Figures of the problem ledger, as it stood at a moment."""

from functools import partial

from django.utils.translation import gettext_noop as _

from heli.kernel.declare import Direction
from heli.places.counted import figure
from heli.problems.ledger import PROBLEMS
from heli.records.figures import Past

HEADS = (_("Problem"), _("Kind"), _("Status"), _("Due"), _("Closed on"))
PAST = Past(PROBLEMS, ("title", "kind"))
counted = partial(figure, heads=HEADS, source=_("Campaigns: problem ledger"), action=PROBLEMS.reads)
FIGURES = (
    counted("campaigns.problems", _("Problems found"), _("Problems entered into the ledgers of campaigns up to the day."),
            PAST.known, unit=_("problems")),
    counted("campaigns.problems_closed", _("Problems closed"), _("Problems closed by a second person, over all problems."),
            PAST.done, unit="%", decimals=2, direction=Direction.UP),
    counted("campaigns.problems_in_time", _("Problems closed in time"),
            _("Problems closed by their due day, over all closed ones."), PAST.in_time, unit="%", decimals=2,
            direction=Direction.UP),
    counted("campaigns.problems_late", _("Problems late"), _("Problems not closed whose due day has ended."), PAST.late,
            unit=_("problems"), direction=Direction.DOWN),
)  # fmt: skip
