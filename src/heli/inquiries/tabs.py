"""Questionnaires among the tabs of a campaign."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Tab

TABS = (Tab("inquiries:list", gettext_noop("Questionnaires"), about=("campaign",), order=34, group="work"),)
