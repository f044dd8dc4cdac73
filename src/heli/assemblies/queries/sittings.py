"""Reads of sittings: those of the actor's part of the district, those that stand in a place."""

from datetime import date

from django.db.models import QuerySet

from heli.assemblies.models import Sitting
from heli.kernel.access import Actor
from heli.records.abouts import About
from heli.records.queries import part_of

READ = "assemblies.read"


def sittings_of(actor: Actor, about: About) -> QuerySet[Sitting]:
    """The sittings of an about, the withdrawn among them, each with its meeting."""
    return Sitting.objects.filter(part_of(actor, about, READ), about=about.id).select_related("meeting")


def find_sitting(actor: Actor, about: About, meeting_id: str) -> Sitting | None:
    """The sitting of a meeting, with its place and the file of its minutes, if the actor reaches it."""
    found = sittings_of(actor, about).select_related("meeting__minutes_file", "place")
    return found.filter(meeting__public_id=meeting_id).first()


def standing_at(about: str, place_id: int, on: date) -> list[Sitting]:
    """The sittings held in a place by a day that were not withdrawn, the newest first."""
    rows = Sitting.objects.filter(about=about, place_id=place_id, held_on__lte=on, withdrawn_on=None)
    return list(rows.order_by("-held_on", "-pk"))
