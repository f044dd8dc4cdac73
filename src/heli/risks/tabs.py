"""Risks among the tabs of a campaign."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Tab

TABS = (Tab("risks:list", gettext_noop("Risks"), about=("campaign",), order=31),)
