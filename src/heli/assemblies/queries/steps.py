"""Reads of matters on the four steps: which were taken and when, what may be linked as the next."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from heli.assemblies.models import FourSteps
from heli.assemblies.queries.sittings import READ
from heli.assemblies.rules.steps import STEPS, missing_before, too_early
from heli.assemblies.texts import STEP_NAMES
from heli.consultation.queries.notices import notices_of
from heli.kernel.access import Actor
from heli.kernel.faults import Fault
from heli.records.abouts import About
from heli.records.queries import part_of


def steps_of(actor: Actor, about: About) -> QuerySet[FourSteps]:
    """The matters of an about on the four steps, with what each step is."""
    return FourSteps.objects.filter(part_of(actor, about, READ), about=about.id).select_related(
        *STEPS, "reviewed__meeting", "resolved__meeting"
    )


def days_of(rows: Iterable[FourSteps]) -> Mapping[int, Mapping[str, date]]:
    """The day of each step that was taken, by matter; publications by the day they were posted."""
    found: dict[int, dict[str, date]] = {}
    for row in rows:
        held = {step: getattr(row, step) for step in STEPS}
        found[row.pk] = {
            step: one.first_on if step.endswith("_notice") else one.held_on
            for step, one in held.items()
            if one is not None
        }
    return found


def open_steps_at(about: About, place_id: int, matter: str) -> FourSteps | None:
    """The newest matter of this sort of a place that was not decided yet."""
    rows = FourSteps.objects.filter(about=about.id, place_id=place_id, matter=matter, resolved__isnull=True)
    return rows.select_related(*STEPS).first()


def notices_for(actor: Actor, about: About, place_id: int) -> QuerySet[Any]:
    """The notices that hang in a place and were not taken down, the newest first."""
    return notices_of(actor, about).filter(places__place_id__in=[place_id, about.district_id], taken_down_on=None)


def turn_faults(row: FourSteps, step: str, on: date, *, missing: str, day: str) -> list[Fault]:
    """Why a step cannot be taken on a day: it was taken, one before it was not (told at the field `missing`), or only later
    (told at `day`)."""
    done = days_of([row])[row.pk]
    if step in done:
        return [Fault("step_taken", _("This step was taken already."), field=missing)]
    if before := missing_before(step, done):
        names = ", ".join(str(STEP_NAMES[one]) for one in before)
        return [Fault("step_missing", _("Missing before it: %(steps)s.") % {"steps": names}, field=missing)]
    if (last := too_early(step, on, done)) is not None:
        text = _("The step before was taken on %(day)s only.") % {"day": last.isoformat()}
        return [Fault("step_before", text, field=day)]
    return []
