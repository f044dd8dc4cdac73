"""A campaign's own tabs."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Tab

ON = ("campaign",)
TABS = (
    Tab("campaigns:campaign", gettext_noop("Board"), about=ON, order=10, group="progress"),
    Tab("campaigns:timetable", gettext_noop("Timetable"), about=ON, order=29, group="progress"),
    Tab("campaigns:tasks", gettext_noop("My tasks"), about=ON, order=11, group="work", somewhere="campaigns.fill"),
    Tab("campaigns:work_points", gettext_noop("This week"), about=ON, order=12, group="work"),
    Tab("campaigns:settings", gettext_noop("Manage"), about=ON, order=91, right="campaigns.open", group="papers"),
)
