"""Meetings among the tabs of a campaign."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Tab

TABS = (Tab("meetings:list", gettext_noop("Meetings and rounds"), about=("campaign",), order=33),)
