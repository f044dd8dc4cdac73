"""Consultation among the tabs of a campaign."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Tab

TABS = (Tab("consultation:home", gettext_noop("Consultation"), about=("campaign",), order=32, group="people"),)
