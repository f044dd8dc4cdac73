"""The registers among the tabs of a district's property."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Tab
from heli.ledger.ledger import READ

DISTRICT = ("district",)
TABS = (
    Tab("assets:list", gettext_noop("Assets and resources"), about=DISTRICT, order=1, somewhere=READ, group="property"),
    Tab("contracts:list", gettext_noop("Contracts"), about=DISTRICT, order=2, somewhere=READ, group="property"),
    Tab("clearances:list", gettext_noop("Clearances"), about=DISTRICT, order=3, somewhere=READ, group="property"),
    Tab("transfers:list", gettext_noop("Transfers"), about=DISTRICT, order=4, somewhere=READ, group="property"),
)
