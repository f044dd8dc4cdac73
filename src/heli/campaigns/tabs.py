"""A campaign's own tabs."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Tab

TABS = (
    Tab("campaigns:campaign", gettext_noop("Board"), about=("campaign",), order=10),
    Tab("campaigns:tasks", gettext_noop("My tasks"), about=("campaign",), order=11),
    Tab("campaigns:work_points", gettext_noop("This week"), about=("campaign",), order=12),
    Tab("campaigns:timetable", gettext_noop("Timetable"), about=("campaign",), order=90),
    Tab("campaigns:settings", gettext_noop("Manage"), about=("campaign",), order=91, right="campaigns.open"),
)
