"""Documents among the tabs of a campaign."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Tab

TABS = (Tab("papers:list", gettext_noop("Documents"), about=("campaign",), order=35, group="papers"),)
