"""What a report is called and to whom it speaks: a special report or brief to leaders, a bulletin to a town; never both."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from heli.figures.reports.scene import Scene
from heli.figures.reports.types import Addressee, Recipient, ReportKind
from heli.figures.reports.writing import day_text, week_text
from heli.places.types import PlaceKind, PlaceRow

MARKED = re.compile(r"\s*[（(][^（()）]*[)）]$")


def subject_of(campaign: str) -> str:
    """The name of a campaign without what stands in brackets behind it: the mark of a sample is above every page."""
    return MARKED.sub("", campaign) or campaign


def headed(scene: Scene, addressee: Addressee, kind: ReportKind) -> Mapping[str, str]:
    """Letterhead, title and recipient of a report, which agree: upwards 专报 and 简报, downwards 通报."""
    place = scene.rows.get(addressee.place, scene.district)
    given = {
        "campaign": subject_of(scene.campaign.name),
        "district": scene.district.name,
        "place": place.name,
        "period": week_text(scene.on)
        if kind is ReportKind.WEEKLY
        else _("as of %(day)s") % {"day": day_text(scene.on)},
    }
    if kind is ReportKind.YEARBOOK:
        letterhead, title, recipient = _("Yearbook of %(district)s"), _("%(campaign)s (entry of the yearbook)"), ""
    elif addressee.kind is Recipient.TOWN:
        letterhead, recipient = _("%(campaign)s: bulletin"), office_of(place)
        title = _("Bulletin to %(place)s on the progress of %(campaign)s, %(period)s")
    elif addressee.kind is Recipient.LEADER:
        letterhead, recipient = _("%(campaign)s: brief"), ""
        title = _("Linked villages in %(campaign)s, %(period)s")
    else:
        letterhead, recipient = _("%(campaign)s: special report"), office_of(place)
        title = _("Progress of %(campaign)s, %(period)s")
    return {"letterhead": letterhead % given, "title": title % given, "recipient": recipient}


def office_of(row: PlaceRow) -> str:
    """How the Party committee and the government of a place are addressed, by its kind."""
    offices = {
        PlaceKind.STREET: _("Party working committee and office of %(place)s"),
        PlaceKind.TOWN: _("Party committee and government of %(place)s"),
        PlaceKind.TOWNSHIP: _("Party committee and government of %(place)s"),
        PlaceKind.DISTRICT: _("Party committee and government of the district %(place)s"),
    }
    return offices.get(row.kind, "%(place)s") % {"place": row.name}
