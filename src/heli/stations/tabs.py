"""The tabs of stations beside those of matters."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Tab
from heli.stations.ledger import READ

DISTRICT, GROUP = ("district",), "whistles"
TABS = (
    Tab("stations:centre", gettext_noop("Command centre"), about=DISTRICT, order=6, somewhere=READ, group=GROUP),
    Tab("station_acts:list", gettext_noop("Work of stations"), about=DISTRICT, order=4, somewhere=READ, group=GROUP),
    Tab("callouts:list", gettext_noop("Joint enforcement"), about=DISTRICT, order=5, somewhere=READ, group=GROUP),
)
