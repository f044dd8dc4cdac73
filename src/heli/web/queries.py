"""What the composed pages show, drawn from the contexts' own queries."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, gettext

from heli.campaigns import queries as campaigns
from heli.campaigns.queries.weeks import newest_weeks
from heli.campaigns.services.tasks import OwnWork, count_own
from heli.campaigns.types import CampaignStatus
from heli.figures.queries.reports import reports_in_scope
from heli.kernel.access import Actor, Scope, may
from heli.places import queries as places
from heli.places.texts import EVENTS
from heli.places.types import KINDS_OF_LEVEL, EventKind, EventRow, Kind, Level, PlaceRow

VILLAGES = (Kind.VILLAGE, Kind.VILLAGE_LIKE)
COMMUNITIES = (Kind.COMMUNITY, Kind.COMMUNITY_LIKE)
TOWNS = KINDS_OF_LEVEL[Level.TOWNSHIP]


@dataclass(frozen=True, slots=True)
class Happening:
    """An event in a line: which day, what, from which places to which, under which document."""

    on: date
    kind: str
    before: str
    after: str
    document_number: str


@dataclass(frozen=True, slots=True)
class DistrictCard:
    """A district (or the part of it within a scope) at a glance."""

    district: PlaceRow
    towns: int
    villages: int
    communities: int
    events: tuple[Happening, ...]
    is_sample: bool
    is_whole: bool
    """Whether the reader may open the district itself, not only a part of it."""


def district_cards(reach: Scope, on: date) -> list[DistrictCard]:
    """One card per district that the scope touches; counts are of what lies within the scope."""
    within = places.in_scope(reach, on)
    cards = []
    for district in places.districts(on, set(within.values_list("district_id", flat=True))):
        rows = places.places_on(
            district.id, on, levels=(Level.TOWNSHIP, Level.VILLAGE), place_ids=set(within.values_list("pk", flat=True))
        )
        events = [e for e in places.events_in(district.id) if e.in_force and e.kind is not EventKind.FOUND]
        mine = {row.id for row in rows}
        events.sort(key=lambda event: (event.on, event.sequence), reverse=True)
        if not reach.everything and district.id not in reach.place_ids:
            events = [e for e in events if any(link.target_id in mine or link.source_id in mine for link in e.links)]
        cards.append(
            DistrictCard(
                district,
                sum(row.kind in TOWNS for row in rows),
                sum(row.kind in VILLAGES for row in rows),
                sum(row.kind in COMMUNITIES for row in rows),
                tuple(map(happening, events[:8])),
                any(row.is_sample for row in rows),
                within.filter(pk=district.id).exists(),
            )
        )
    return cards


MOST_CAMPAIGNS = 3


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """A running campaign at a glance: how far it is, what of it waits for the reader, its newest week and report."""

    row: campaigns.CampaignRow
    waiting: OwnWork
    week_number: int | None
    week_label: str
    report: str


def campaign_cards(actor: Actor, on: date) -> list[CampaignCard]:
    """The newest running campaigns the actor sees; their number is limited, for what waits is counted in each."""
    running = [row for row in campaigns.campaign_rows(actor, on) if row.status is CampaignStatus.RUNNING][
        :MOST_CAMPAIGNS
    ]
    wanted = {row.public_id for row in running}
    found = {one.public_id: one for one in campaigns.campaigns_in_scope(actor).filter(public_id__in=wanted)}
    weeks = newest_weeks(found.values())
    cards = []
    for row in running:
        campaign = found[row.public_id]
        week = weeks.get(campaign.pk)
        reports = (
            reports_in_scope(actor).filter(campaign=campaign, language=get_language())
            if may(actor, "figures.read")
            else None
        )
        report = reports.values_list("public_id", flat=True).first() if reports is not None else None
        cards.append(
            CampaignCard(
                row,
                count_own(actor, campaign, on),
                week.number if week is not None else None,
                week.label if week is not None else "",
                report or "",
            )
        )
    return cards


def happening(event: EventRow) -> Happening:
    """An event in the words of a line; a place that goes on under its own name is said once."""
    before = list(dict.fromkeys(link.source_name for link in event.links if link.source_name))
    after = list(dict.fromkeys(link.target_name for link in event.links if link.target_name))
    between = gettext(", ")
    return Happening(
        event.on,
        gettext(EVENTS[event.kind]),
        between.join(before),
        between.join(after) if after != before else "",
        event.document_number,
    )
