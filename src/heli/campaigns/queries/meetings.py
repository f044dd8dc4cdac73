"""Reads of meetings, decisions and supervision rounds, with what each round has not covered yet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from heli.campaigns.models import Campaign, Decision, Finding, InspectionRound, Meeting, Visit
from heli.campaigns.queries.matters import leader_name, names_for, part, part_of, targets, villages
from heli.campaigns.rules.catalogues import meeting_kinds
from heli.kernel.access import Actor
from heli.kernel.quantities import Ratio
from heli.places.types import PlaceRow


def meetings_of(actor: Actor, campaign: Campaign) -> QuerySet[Meeting]:
    """Meetings of the actor's part."""
    return part(Meeting.objects.all(), actor, campaign)


def find_meeting(actor: Actor, campaign: Campaign, public_id: str) -> Meeting | None:
    """A meeting by its public id, if the actor reaches it."""
    found = meetings_of(actor, campaign).select_related("campaign", "minutes_file").prefetch_related("attendance")
    return found.filter(public_id=public_id).first()


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting as the list shows it."""

    public_id: str
    kind: str
    title: str
    place: str
    town: str
    held_on: date
    sittings: int
    present: int
    has_minutes: bool


def meeting_rows(actor: Actor, campaign: Campaign, on: date) -> list[MeetingRow]:
    """The ledger of meetings; four queries."""
    found = list(meetings_of(actor, campaign).annotate(present=Sum("attendance__present")))
    names = names_for(found, campaign, on)
    return [
        MeetingRow(
            public_id=one.public_id,
            kind=one.kind,
            title=one.title,
            place=names.of(one.place_id),
            town=names.of(one.town_id),
            held_on=one.held_on,
            sittings=one.sittings,
            present=one.present or 0,
            has_minutes=bool(one.minutes) or one.minutes_file_id is not None,
        )
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class KindLine:
    """How many sittings of a kind there were, and how many people came."""

    kind: str
    sittings: int
    present: int


def by_kind(rows: Sequence[MeetingRow]) -> list[KindLine]:
    """Totals by kind, in the order of the catalogue."""
    sittings: Counter[str] = Counter()
    present: Counter[str] = Counter()
    for row in rows:
        sittings[row.kind] += row.sittings
        present[row.kind] += row.present
    order = list(meeting_kinds().entries)
    kinds = sorted(sittings, key=lambda kind: (order.index(kind) if kind in order else len(order), kind))
    return [KindLine(kind, sittings[kind], present[kind]) for kind in kinds]


def decisions_of(actor: Actor, campaign: Campaign) -> QuerySet[Decision]:
    """Decisions about the actor's part."""
    rows = part(Decision.objects.all(), actor, campaign)
    return rows.select_related("owner_person", "owner_body", "meeting", "campaign")


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision as the list of tasks shows it. `state`: "open", "late", "done" (to be checked) or "checked"."""

    public_id: str
    text: str
    owner: str
    place: str
    due_on: date
    done_on: date | None
    checked_on: date | None
    result: str
    meeting: str
    meeting_id: str
    state: str


def decision_rows(actor: Actor, campaign: Campaign, on: date, meeting: Meeting | None = None) -> list[DecisionRow]:
    """Decisions with where they stand; four queries."""
    found = decisions_of(actor, campaign)
    rows = list(found if meeting is None else found.filter(meeting=meeting))
    names = names_for(rows, campaign, on)
    return [
        DecisionRow(
            public_id=one.public_id,
            text=one.text,
            owner=leader_name(one, "owner"),
            place=names.of(one.place_id),
            due_on=one.due_on,
            done_on=one.done_on,
            checked_on=one.checked_on,
            result=one.result,
            meeting=one.meeting.title,
            meeting_id=one.meeting.public_id,
            state="checked" if one.checked_on else "done" if one.done_on else "late" if one.due_on < on else "open",
        )
        for one in rows
    ]


def rounds_of(campaign: Campaign) -> list[InspectionRound]:
    """The rounds of a campaign: who sees the campaign sees that they run."""
    return list(InspectionRound.objects.filter(campaign=campaign).select_related("campaign"))


@dataclass(frozen=True, slots=True)
class Coverage:
    """A round against the places it must reach: visited, missing, visits, findings, findings in the ledger."""

    round: InspectionRound
    visited: int
    missing: list[PlaceRow]
    visits: int
    findings: int
    entered: int

    @property
    def share(self) -> Ratio:
        """Visited over all."""
        return Ratio(self.visited, self.visited + len(self.missing))


def coverage(actor: Actor, campaign: Campaign, on: date) -> list[Coverage]:
    """Every round with the villages of the actor's part that no team has been to yet; six queries."""
    rounds = rounds_of(campaign)
    wanted = villages(targets(actor, campaign, on))
    mine = part_of(actor, campaign)
    visits = list(Visit.objects.filter(mine, round__in=rounds).values_list("round_id", "place_id"))
    found = Finding.objects.filter(part_of(actor, campaign, path="visit__place"), visit__round__in=rounds)
    findings: Counter[int] = Counter()
    entered: Counter[int] = Counter()
    for round_id, issue_id in found.values_list("visit__round_id", "issue_id"):
        findings[round_id] += 1
        entered[round_id] += issue_id is not None
    result = []
    for one in rounds:
        reached = {place for round_id, place in visits if round_id == one.pk}
        missing = [row for row in wanted if row.id not in reached]
        count = sum(round_id == one.pk for round_id, _place in visits)
        result.append(Coverage(one, len(wanted) - len(missing), missing, count, findings[one.pk], entered[one.pk]))
    return result


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit with its findings."""

    place: str
    town: str
    team: str
    on: date
    findings: list[Finding]


def visit_rows(actor: Actor, round: InspectionRound, on: date) -> list[VisitRow]:
    """The visits of a round in the actor's part; five queries."""
    mine = Visit.objects.filter(part_of(actor, round.campaign), round=round)
    found = list(mine.select_related("team").prefetch_related("findings__issue"))
    names = names_for(found, round.campaign, on)
    return [
        VisitRow(names.of(one.place_id), names.of(one.town_id), one.team.name, one.on, list(one.findings.all()))
        for one in found
    ]


def find_finding(actor: Actor, campaign: Campaign, public_id: str) -> Finding | None:
    """A finding by its public id, if the actor reaches its place."""
    reach = part_of(actor, campaign, path="visit__place") & Q(visit__round__campaign=campaign)
    return Finding.objects.filter(reach, public_id=public_id).select_related("visit__round__campaign").first()
