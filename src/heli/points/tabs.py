"""The tabs of points on the pages of a district."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Tab
from heli.points.ledger import READ

DISTRICT = ("district",)
TABS = (
    Tab("shifts:list", gettext_noop("Shifts"), about=DISTRICT, order=1, somewhere=READ, group="points"),
    Tab("points:sums", gettext_noop("Sums of points"), about=DISTRICT, order=2, somewhere=READ, group="points"),
)
