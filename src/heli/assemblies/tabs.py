"""Sittings and elections among the tabs of a campaign."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Tab

TABS = (Tab("assemblies:list", gettext_noop("Sittings and votes"), about=("campaign",), order=36, group="votes"),)
