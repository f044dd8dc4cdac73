"""Reads of meetings and decisions."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from heli.campaigns.models import Campaign
from heli.campaigns.queries.matters import leader_name, names_for, part
from heli.kernel.access import Actor
from heli.meetings.catalogues import meeting_kinds
from heli.meetings.models import Decision, Meeting


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


def meetings_at(place_ids: Collection[int], on: date) -> QuerySet[Meeting]:
    """The meetings held at some places by a day, the oldest first."""
    found = Meeting.objects.filter(place__in=place_ids, held_on__lte=on)
    return found.select_related("campaign").order_by("held_on", "title")
