"""Reads of sittings: those of the actor's part of the district, those that stand in a place."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from heli.assemblies.models import Sitting, SittingStatus
from heli.assemblies.rules.sittings import CHANGES
from heli.kernel.access import Actor
from heli.records.abouts import About
from heli.records.queries import part_of

READ = "assemblies.read"
OPENS = {
    "assemblies.villagers_decided": ("villagers_assembly", CHANGES),
    "assemblies.members_decided": ("coop_members", ("merge_coop",)),
    "assemblies.party_reviewed": ("party_members", ()),
}
"""Whose sitting, on which matters (none named: all), opens a gate."""


def sittings_of(actor: Actor, about: About) -> QuerySet[Sitting]:
    """The sittings of an about, the withdrawn among them, each with its meeting."""
    return Sitting.objects.filter(part_of(actor, about, READ), about=about.id).select_related("meeting")


def find_sitting(actor: Actor, about: About, meeting_id: str) -> Sitting | None:
    """The sitting of a meeting, with its place and the file of its minutes, if the actor reaches it."""
    found = sittings_of(actor, about).select_related("meeting__minutes_file", "place")
    return found.filter(meeting__public_id=meeting_id).first()


def standing_at(about: str, place_id: int, on: date) -> list[Sitting]:
    """The sittings held in a place by a day that were not withdrawn, the newest first."""
    return list(_standing(about, [place_id], on))


@dataclass(frozen=True, slots=True)
class DecidedSitting:
    """What a body decided about something: its meeting, day and votes, whether the law lets it pass, and that in words."""

    meeting: str
    held_on: date
    votes_for: int
    entitled: int
    is_passed: bool
    result: str


def decision_about(about: str, matter: str, bodies: Collection[str], on: date) -> DecidedSitting | None:
    """Of the standing sittings of these bodies about something on a matter by a day the newest that passed it; else the newest."""
    rows = Sitting.objects.filter(about=about, matter=matter, body__in=bodies, held_on__lte=on, withdrawn_on=None)
    held = list(rows.select_related("meeting").order_by("-held_on", "-pk"))
    found = next((one for one in held if one.status == SittingStatus.PASSED), held[0] if held else None)
    if found is None:
        return None
    status = SittingStatus(found.status)
    return DecidedSitting(
        found.meeting.public_id, found.held_on, found.votes_for, found.entitled, status is SittingStatus.PASSED,
        str(status.label),
    )  # fmt: skip


def sittings_within(within: Mapping[str, Any], on: date, most: int) -> list[Sitting]:
    """The last standing sittings in some part of a district, whatever they were about: what everybody may read."""
    rows = Sitting.objects.filter(**within, held_on__lte=on, withdrawn_on=None)
    return list(rows.order_by("-held_on", "-pk")[:most])


@dataclass(frozen=True, slots=True)
class SittingVotes:
    """A sitting as papers print it: its days, its way of meeting, its counts, and what came of it in words."""

    held_on: date
    called_on: date | None
    mode: str
    entitled: int
    present: int
    votes_for: int
    votes_against: int
    votes_abstain: int
    result: str


def opening_in(about: str, place_ids: Collection[int], on: date) -> Mapping[int, Mapping[str, SittingVotes]]:
    """By place and gate the sitting that opens it, or the newest that tried; one query."""
    held: dict[int, list[Sitting]] = {}
    for row in _standing(about, place_ids, on):
        held.setdefault(row.place_id, []).append(row)
    return {
        place: {gate: _votes(found) for gate in OPENS if (found := opening(gate, rows)) is not None}
        for place, rows in held.items()
    }


def _votes(row: Sitting) -> SittingVotes:
    return SittingVotes(
        row.held_on, row.called_on, row.mode, row.entitled, row.present, row.votes_for, row.votes_against, row.votes_abstain,
        str(SittingStatus(row.status).label),
    )  # fmt: skip


def opening(gate: str, held: Sequence[Sitting]) -> Sitting | None:
    """Of sittings, the newest first, the one that opens a gate; else the newest that tried, None where there was none."""
    body, matters = OPENS[gate]
    tried = [one for one in held if one.body == body and (not matters or one.matter in matters)]
    return next((one for one in tried if one.status == SittingStatus.PASSED), tried[0] if tried else None)


def _standing(about: str, place_ids: Collection[int], on: date) -> QuerySet[Sitting]:
    rows = Sitting.objects.filter(about=about, place_id__in=place_ids, held_on__lte=on, withdrawn_on=None)
    return rows.order_by("-held_on", "-pk")
