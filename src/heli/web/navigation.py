"""The side navigation: the entry pages of every context, shown to those who may open them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from heli.kernel.access import PUBLIC, may


@dataclass(frozen=True, slots=True)
class NavigationLine:
    """One line of the navigation: which page, what it is called, who may open it."""

    view: str
    label: Promise
    icon: str
    action: str


ENTRIES = (
    NavigationLine("web:home", _("Overview"), "home", "ui.read"),
    NavigationLine("places:home", _("Register of places"), "map", "places.read"),
    NavigationLine("places:imports:home", _("Imports"), "upload", "places.import"),
    NavigationLine("planning:scenarios", _("Merger plans"), "merge", "planning.read"),
    NavigationLine("campaigns:list", _("Campaigns"), "list", "campaigns.read"),
    NavigationLine("figures:map", _("Battle map"), "eye", "figures.read"),
    NavigationLine("figures:reports", _("Reports"), "paper", "figures.read"),
    NavigationLine("figures:home", _("Register of figures"), "chart", "figures.read"),
    NavigationLine("bodies:list", _("Organisations and links"), "building", "bodies.read"),
    NavigationLine("notices:inbox", _("Messages"), "bell", "ui.read"),
    NavigationLine("audit:list", _("Audit trail"), "shield", "audit.read"),
    NavigationLine("accounts:list", _("Accounts and roles"), "people", "accounts.manage"),
)

ROOMS = frozenset({"problems", "risks", "rounds", "inquiries", "meetings", "consultation", "warnings", "papers"})
"""Whose pages stand under the tabs of a campaign."""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Template context: `navigation`, a list of {label, url, icon, current}; empty for strangers."""
    actor = getattr(request, "actor", PUBLIC)
    if actor.id is None:
        return {"navigation": []}
    open_to = [(entry, reverse(entry.view)) for entry in ENTRIES if may(actor, entry.action)]
    found = request.resolver_match
    entry = getattr(request, "entry", "campaigns:list" if found and found.namespace in ROOMS else "")
    path = reverse(entry) if entry else request.path
    current = max((url for _, url in open_to if path.startswith(url)), key=len, default="")
    return {
        "navigation": [
            {"label": entry.label, "url": url, "icon": entry.icon, "current": url == current} for entry, url in open_to
        ]
    }
