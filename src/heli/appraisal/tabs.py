"""The tabs of appraisals on the pages of a district."""

from django.utils.translation import gettext_noop

from heli.appraisal.ledger import READ
from heli.kernel.declare import Tab

TABS = (
    Tab("appraisals:list", gettext_noop("Appraisals"), about=("district",), order=1, somewhere=READ, group="appraisal"),
    Tab(
        "appraisal:years",
        gettext_noop("Appraisal year"),
        about=("district",),
        order=2,
        somewhere=READ,
        group="appraisal",
    ),
)
