"""Sittings, elections and objections among the tabs of a campaign."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Tab

TABS = (
    Tab("assemblies:list", gettext_noop("Sittings and votes"), about=("campaign",), order=36, group="votes"),
    Tab("assemblies:elections", gettext_noop("Elections"), about=("campaign",), order=37, group="votes"),
    Tab("objections:list", gettext_noop("Objections"), about=("campaign",), order=38, group="votes"),
    Tab("assemblies:rehearsal", gettext_noop("Rehearsal of polling day"), about=("campaign",), order=39, group="votes"),
)
