"""Reads of meetings and decisions."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from heli.kernel.access import Actor
from heli.meetings.models import Decision, DecisionState, Meeting
from heli.records.abouts import About
from heli.records.queries import holder_of, part_of

READ = "campaigns.read"


def meetings_of(actor: Actor, about: About) -> QuerySet[Any]:
    """Meetings of the actor's part, each with how many were `present`."""
    found = Meeting.objects.filter(part_of(actor, about, READ), about=about.id)
    return found.annotate(present=Coalesce(Sum("attendance__present"), 0))


def meetings_at(place_ids: Collection[int], on: date) -> QuerySet[Meeting]:
    """Meetings held at some places up to a day."""
    return Meeting.objects.filter(place__in=place_ids, held_on__lte=on).order_by("held_on", "title")


def held_since(about_id: str, kind: str, since: date) -> QuerySet[Meeting]:
    """Meetings of a kind about something (its public id), held on a day or later, the newest first."""
    return Meeting.objects.filter(about=about_id, kind=kind, held_on__gte=since).order_by("-held_on", "-pk")


def decisions_of(actor: Actor, about: About) -> QuerySet[Decision]:
    """Decisions about the actor's part."""
    return _owned(Decision.objects.filter(part_of(actor, about, READ), about=about.id))


def due_decisions(abouts: Collection[str], until: date, status: DecisionState) -> QuerySet[Decision]:
    """Decisions within some abouts (public ids) that are due by a day and stand there, the most pressing first."""
    return _owned(Decision.objects.filter(about__in=abouts, due_on__lte=until, status=status)).order_by("due_on", "pk")


def _owned(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    return rows.select_related("owner_person", "owner_body", "meeting")


def state_of(decision: Decision, on: date) -> DecisionState:
    """Where a decision stands on a day."""
    is_late = decision.status == DecisionState.OPEN and decision.due_on < on
    return DecisionState.LATE if is_late else DecisionState(decision.status)


def owner_of(decision: Decision) -> str:
    """Who carries it out, as lists show it."""
    holder = holder_of(decision, "owner")
    return holder.title if holder else ""
