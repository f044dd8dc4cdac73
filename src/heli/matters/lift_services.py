"""A matter, or a theme that keeps coming up, becomes a problem of the place: once, with a link both ways."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.matters.happened import subject_of, tell
from heli.matters.ledger.matter import DISPATCH
from heli.matters.models import Matter, MatterLift
from heli.matters.queries import UNSEEN
from heli.problems.ledger import PROBLEMS
from heli.problems.queries import Problem, ProblemSource
from heli.records.abouts import About
from heli.records.services import Draft, enter, hold

THEME_DAYS, MOST = 365, 100
"""Matters of one item at one place within so many days are one theme; so many go along at most."""


def theme_of(matter: Matter) -> QuerySet[Matter]:
    """Other matters of the same item at the same place in a year, none of them lifted yet, by number."""
    since = matter.opened_at - timedelta(days=THEME_DAYS)
    rows = Matter.objects.filter(place_id=matter.place_id, item=matter.item, opened_at__gte=since).exclude(pk=matter.pk)
    rows = rows.exclude(item="").exclude(status__in=UNSEEN)
    return rows.exclude(pk__in=MatterLift.objects.values("matter")).order_by("number")


def lift(
    *,
    actor: Actor,
    about: About,
    matter: Matter,
    title: str,
    kind: str,
    with_theme: bool = False,
    on: date | None = None,
    at: datetime | None = None,
) -> Problem:
    """Enter a matter into the problem ledger of its district, `with_theme` with the others of its theme; the matters go on.

    Refused for what nobody filed, for what was lifted already, and without title or kind.
    """
    today = on or timezone.localdate()
    with writing(actor, "matters.lift", action=DISPATCH, place_id=matter.place_id, at=at) as act:
        held: Matter = hold(Matter.objects, pk=matter.pk)
        if held.status in UNSEEN:
            raise Refused(Fault("not_now", _("Only what was filed is lifted: file it first."), field="title"))
        if MatterLift.objects.filter(matter=held).exists():
            raise Refused(Fault("lifted_already", _("It is in the problem ledger already."), field="title"))
        lifted = [held, *(theme_of(held)[:MOST] if with_theme else ())]
        numbers = "、".join(f"#{one.number}" for one in lifted)
        found_on = min(timezone.localdate(one.opened_at) for one in lifted)
        values = {
            "title": title, "kind": kind, "place": held.place_id, "source": ProblemSource.MATTER.value,
            "found_on": min(found_on, today), "description": _("Lifted from matters %(numbers)s.") % {"numbers": numbers},
        }  # fmt: skip
        problem: Problem
        (problem,) = enter(actor=actor, ledger=PROBLEMS, about=about, drafts=[Draft(values)], on=today, at=act.at)
        made = [MatterLift(matter=one, problem=problem, lifted_on=today, lifted_by=actor.name) for one in lifted]
        MatterLift.objects.bulk_create(made)
        for one in lifted:
            tell(one, "lifted", act, reason=f"#{problem.number}")
        act.subject, act.after = subject_of(held), {"did": "lift", "problem": problem.number, "matters": len(lifted)}
    return problem
