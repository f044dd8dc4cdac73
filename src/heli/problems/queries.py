"""Reads of problems for the contexts above; lists and pages come from the kit."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import QuerySet

from heli.kernel.access import Actor, scope
from heli.places import queries as places
from heli.problems.models import Problem, ProblemSource, ProblemState

__all__ = ["Problem", "ProblemSource", "open_problems", "reported"]


def open_problems(about: str) -> QuerySet[Problem]:
    """The problems about a public id that nobody has closed, by number, with who leads them."""
    found = Problem.objects.filter(about=about).exclude(status=ProblemState.CLOSED)
    return found.select_related("leader_person", "leader_body").order_by("number")


def late_problems(actor: Actor, on: date) -> QuerySet[Problem]:
    """Open problems past their day where the actor reads them, the latest first."""
    late = Problem.objects.exclude(status=ProblemState.CLOSED).filter(due_on__lt=on)
    reach = scope(actor, "campaigns.read")
    return late.filter(place__in=places.in_scope(reach).values("pk")).order_by("due_on", "pk")


def problems_named(actor: Actor, text: str) -> QuerySet[Problem]:
    """Problems with a text in their title, where the actor reads them, the newest first."""
    mine = places.in_scope(scope(actor, "campaigns.read")).values("pk")
    return Problem.objects.filter(title__icontains=text, place__in=mine).order_by("-opened_at", "-pk")


def reported(district_ids: Collection[int], begins: datetime, ends: datetime) -> QuerySet[Problem]:
    """The problems that villages reported themselves, entered in [begins, ends)."""
    entered = Problem.objects.filter(opened_at__gte=begins, opened_at__lt=ends)
    return entered.filter(district_id__in=district_ids, source=ProblemSource.REPORT).order_by("pk")
