"""The tabs of matters on the pages of a district."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Tab
from heli.matters.ledger.matter import READ
from heli.problems.ledger import PROBLEMS

DISTRICT = ("district",)
TABS = (
    Tab("matters:list", gettext_noop("Matters"), about=DISTRICT, order=1, somewhere=READ, group="whistles"),
    Tab("whistles:list", gettext_noop("Whistles"), about=DISTRICT, order=2, somewhere=READ, group="whistles"),
    Tab("matter:board", gettext_noop("Board"), about=DISTRICT, order=3, somewhere=READ, group="whistles"),
    Tab("problems:list", gettext_noop("Problems"), about=DISTRICT, order=4, somewhere=PROBLEMS.reads, group="whistles"),
)
