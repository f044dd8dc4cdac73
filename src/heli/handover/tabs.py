"""The tabs of admission and handover on the pages of a district."""

from django.utils.translation import gettext_noop

from heli.handover.ledger import READ
from heli.kernel.declare import Tab

DISTRICT, GROUP = ("district",), "handover"
TABS = (
    Tab("handover:units", gettext_noop("Villages"), about=DISTRICT, order=1, somewhere=READ, group=GROUP),
    Tab("admissions:list", gettext_noop("Admission of tasks"), about=DISTRICT, order=2, somewhere=READ, group=GROUP),
    Tab("slips:list", gettext_noop("Request slips"), about=DISTRICT, order=3, somewhere=READ, group=GROUP),
    Tab("handover:lists", gettext_noop("Lists"), about=DISTRICT, order=4, somewhere=READ, group=GROUP),
)
