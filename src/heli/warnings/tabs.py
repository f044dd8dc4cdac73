"""Charts, weeks, statements, forecast and key villages among the tabs of a campaign."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Tab

ON = ("campaign",)
TABS = (
    Tab("warnings:charts", gettext_noop("Charts"), about=ON, order=20, group="progress"),
    Tab("warnings:weeks", gettext_noop("Colours by week"), about=ON, order=21, group="progress"),
    Tab("warnings:statements", gettext_noop("Statements"), about=ON, order=22, group="progress"),
    Tab("warnings:forecast", gettext_noop("Forecast"), about=ON, order=23, group="progress"),
    Tab("warnings:critical", gettext_noop("Critical villages"), about=ON, order=24, group="progress"),
    Tab("warnings:key_villages", gettext_noop("Key villages"), about=ON, order=25, group="progress"),
)
