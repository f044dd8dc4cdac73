"""Charts, weeks and forecast among the tabs of a campaign."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Tab

TABS = (
    Tab("warnings:charts", gettext_noop("Charts"), about=("campaign",), order=20),
    Tab("warnings:weeks", gettext_noop("Colours by week"), about=("campaign",), order=21),
    Tab("warnings:forecast", gettext_noop("Forecast"), about=("campaign",), order=22),
)
