"""Reads of sittings and of matters on the four steps, of the actor's part of the district."""

from django.db.models import QuerySet

from heli.assemblies.models import FourSteps, Sitting
from heli.kernel.access import Actor
from heli.records.abouts import About
from heli.records.queries import part_of

READ = "assemblies.read"


def sittings_of(actor: Actor, about: About) -> QuerySet[Sitting]:
    """The sittings of an about, the withdrawn among them, each with its meeting."""
    return Sitting.objects.filter(part_of(actor, about, READ), about=about.id).select_related("meeting")


def steps_of(actor: Actor, about: About) -> QuerySet[FourSteps]:
    """The matters of an about on the four steps."""
    return FourSteps.objects.filter(part_of(actor, about, READ), about=about.id)
