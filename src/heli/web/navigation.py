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
    """One line of the navigation: which page, what it is called, who may open it.

    `under` names the line below which it stands, and is only seen once that one or its like is open. It is a line of its own for
    those who do not have that line, and for those who may do none of what stands in `unless`: the grid worker's day is on site.
    """

    view: str
    label: Promise
    icon: str
    action: str
    under: str = ""
    unless: tuple[str, ...] = ("ui.read",)


OFFICES = ("matters.dispatch", "matters.handle")
"""Who sits in an office and has no grid."""

GROUPS: tuple[tuple[Promise, tuple[NavigationLine, ...]], ...] = (
    (
        _("See"),
        (
            NavigationLine("web:home", _("Overview"), "home", "ui.read"),
            NavigationLine("figures:map", _("Battle map"), "eye", "figures.read"),
            NavigationLine("figures:reports", _("Reports"), "paper", "figures.read"),
        ),
    ),
    (
        _("Do"),
        (
            NavigationLine("records:inbox", _("To do"), "check", "ui.read"),
            NavigationLine("campaigns:list", _("Campaigns"), "list", "campaigns.read"),
            NavigationLine("problems:all", _("Problems"), "flag", "campaigns.read", "campaigns:list"),
            NavigationLine("consultation:all", _("Opinions"), "people", "campaigns.read", "campaigns:list"),
            NavigationLine("assemblies:elections_home", _("Elections"), "check", "assemblies.read"),
            NavigationLine(
                "assemblies:tally", _("Keying ballots"), "list", "assemblies.key", "assemblies:elections_home"
            ),
            NavigationLine(
                "assemblies:law", _("Law of votes"), "paper", "assemblies.read", "assemblies:elections_home"
            ),
            NavigationLine("matter:home", _("Matters"), "flag", "matters.read"),
            NavigationLine("matter:site", _("On site"), "camera", "matters.collect", "matter:home", OFFICES),
            NavigationLine("planning:own_grids", _("My grids"), "map", "matters.collect", "matter:home", OFFICES),
            NavigationLine("handover:home", _("Admission and handover"), "shield", "handover.read"),
            NavigationLine("post:home", _("Posts"), "people", "posts.read"),
            NavigationLine("appraisal:home", _("Appraisal year"), "check", "appraisal.read"),
            NavigationLine("property:home", _("Collective property"), "building", "ledger.read"),
            NavigationLine(
                "property:books",
                _("Books of collectives"),
                "paper",
                "ledger.read",
                "property:home",
                ("campaigns.read",),
            ),
            NavigationLine("shifts:all", _("Volunteer shifts"), "people", "points.read"),
            NavigationLine("points:mine", _("My volunteering"), "people", "ui.read", "shifts:all"),
            NavigationLine("notices:inbox", _("Messages"), "bell", "ui.read"),
        ),
    ),
    (_("Resolve"), (NavigationLine("planning:scenarios", _("Merger plans"), "merge", "planning.read"),)),
    (
        _("Foundations"),
        (
            NavigationLine("places:home", _("Register of places"), "map", "places.read"),
            NavigationLine("bodies:list", _("Organisations and links"), "building", "bodies.read"),
            NavigationLine("places:imports:home", _("Imports"), "upload", "places.import"),
            NavigationLine("figures:home", _("Register of figures"), "chart", "figures.read"),
            NavigationLine("audit:list", _("Audit trail"), "shield", "audit.read"),
            NavigationLine("accounts:list", _("Accounts and roles"), "people", "accounts.manage"),
        ),
    ),
)
"""What people come to do, and where: to look, to act, to decide, and what all of it rests on."""

ROOMS = frozenset(
    {"problems", "risks", "rounds", "inquiries", "meetings", "consultation", "assemblies", "warnings", "papers"}
)
"""Whose pages stand under the tabs of a campaign."""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Template context: `navigation`, a list of {label, url, icon, current, group, is_under}; empty for strangers."""
    actor = getattr(request, "actor", PUBLIC)
    if actor.id is None:
        return {"navigation": []}
    open_to = [
        (entry, group, reverse(entry.view)) for group, lines in GROUPS for entry in lines if may(actor, entry.action)
    ]
    found = request.resolver_match
    entry = getattr(request, "entry", "campaigns:list" if found and found.namespace in ROOMS else "")
    path = reverse(entry) if entry else request.path
    current = max((url for _entry, _group, url in open_to if path.startswith(url)), key=len, default="")
    own = {entry.view for entry, _group, _url in open_to}
    above = {
        entry.view: entry.under if entry.under in own and any(may(actor, one) for one in entry.unless) else ""
        for entry, _group, _url in open_to
    }
    opened = {above[entry.view] or entry.view for entry, _group, url in open_to if url == current}
    return {
        "navigation": [
            {"label": entry.label, "url": url, "icon": entry.icon, "current": url == current, "group": group,
             "is_under": bool(above[entry.view])}
            for entry, group, url in open_to if not above[entry.view] or above[entry.view] in opened
        ]
    }  # fmt: skip
