"""What inspections count."""

from django.utils.translation import gettext_noop as _

from heli.places.counted import figure
from heli.records.figures import Past
from tests.trial.inspection.ledger import INSPECTION

PAST = Past(INSPECTION, ("fault", "works"))
HEADS = (_("What is wrong?"), _("Works"), _("Status"), _("To be mended by"), _("Closed on"))
FIGURES = (
    figure(
        "inspection.in_order", _("Works in order"), _("Inspections closed by a second person, over all."), PAST.done, HEADS,
        unit="%", decimals=1, source=_("Inspections"), action="places.read",
    ),
)  # fmt: skip
