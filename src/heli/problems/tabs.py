"""Problems among the tabs of a campaign."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Tab

TABS = (Tab("problems:list", gettext_noop("Problems"), about=("campaign",), order=30),)
