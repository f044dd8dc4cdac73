"""Questions in scope, how one stands, and the register as material for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from shapely.geometry import mapping

from heli.kernel.access import Actor
from heli.kernel.faults import Refused
from heli.places import queries as places
from heli.places.types import Level, PlaceRow
from heli.planning.models import Inputs, PlanRun, Scenario
from heli.planning.queries.register import local_plane
from heli.planning.queries.scenarios import PlanStanding, how_far, plans_in_scope, standing
from heli.planning.questions.types import (
    QuestionAnswer,
    QuestionMaterial,
    QuestionRules,
    Thing,
    question_answer_from_json,
    question_material_from_json,
    question_rules_from_json,
)
from heli.planning.solving import digest
from heli.planning.types import PlanKind
from heli.planning.wording import fault
from mergeplan.geo import neighbours_from_outlines

HOUSEHOLDS = "households"


@dataclass(frozen=True, kw_only=True)
class QuestionStanding(PlanStanding):
    """A question with what its pages need: material, rules, and the answer shown."""

    material: QuestionMaterial
    rules: QuestionRules

    @property
    def answer(self) -> QuestionAnswer | None:
        """The answer shown: the accepted one, or else the newest."""
        return stored_answer(self.run.pk, self.run.result_sha256) if self.run is not None else None

    @property
    def shown_rules(self) -> QuestionRules:
        """The rules of the answer shown."""
        return question_rules_from_json(self.run.rules) if self.run is not None else self.rules


def questions_in_scope(actor: Actor, action: str = "planning.read") -> QuerySet[Scenario]:
    """Scenarios that are no merger of villages, newest change first."""
    return plans_in_scope(actor, action).exclude(kind=PlanKind.VILLAGES)


def find_question(public_id: str, actor: Actor, action: str = "planning.read") -> Scenario | None:
    """The question behind a public id, if the actor's scope reaches it."""
    return questions_in_scope(actor, action).filter(public_id=public_id).first()


def question_standing(scenario: Scenario) -> QuestionStanding:
    """How a question stands."""
    rules = question_rules_from_json(scenario.rules)
    material = stored_question(scenario.inputs_id, scenario.inputs.sha256)
    return QuestionStanding(material=material, rules=rules, **how_far(scenario, digest(rules.as_json())))


def standing_of(scenario: Scenario) -> PlanStanding:
    """How a scenario of any kind stands."""
    return standing(scenario) if scenario.kind == PlanKind.VILLAGES else question_standing(scenario)


def address_of(scenario: Scenario) -> str:
    """The page of a scenario of any kind."""
    page = "planning:scenario" if scenario.kind == PlanKind.VILLAGES else "planning:question"
    return reverse(page, args=[scenario.public_id])


def question_of_run(scenario: Scenario, run: PlanRun) -> QuestionStanding:
    """A question with one certain run of it: what was posted for comment."""
    return replace(question_standing(scenario), run=run, is_current=True, pending=None)


@lru_cache(maxsize=16)
def stored_question(inputs_id: int, sha256: str) -> QuestionMaterial:
    """Pinned material; kept in memory under its hash, since it never changes."""
    return question_material_from_json(
        Inputs.objects.values_list("material", flat=True).get(pk=inputs_id, sha256=sha256)
    )


@lru_cache(maxsize=64)
def stored_answer(run_id: int, sha256: str) -> QuestionAnswer:
    """The answer of a finished run; kept in memory under its hash."""
    return question_answer_from_json(PlanRun.objects.values_list("result", flat=True).get(pk=run_id))


def newest_answers(scenarios: Sequence[Scenario]) -> Mapping[int, QuestionAnswer]:
    """The newest finished answer of each of some questions; one query."""
    runs = PlanRun.objects.filter(scenario__in=scenarios).exclude(result_sha256="").order_by("number")
    return {run.scenario_id: question_answer_from_json(run.result) for run in runs}


# --- the register as material ------------------------------------------------------------------------------------------


def read_groups(district_id: int, on: date) -> QuestionMaterial:
    """The villagers' groups of a district on a day, with their common borders.

    Raises `Refused` naming what is missing (groups, households, points) and the remedy.
    """
    district, rows = _rows(district_id, on, Level.GROUP, _("The register has no villagers' groups: import them first."))
    counts = places.facts_on([row.id for row in rows], HOUSEHOLDS, on)
    lacking = [row.name for row in rows if row.id not in counts or row.lon is None or row.parent_id is None]
    if lacking:
        message = _(
            "%(count)s groups have no households, point or village (%(names)s …): import them with these columns."
        )
        raise Refused(fault("incomplete", message % {"count": len(lacking), "names": "、".join(lacking[:3])}, "file"))
    rows.sort(key=lambda row: row.id)
    towns = places.rows_of({row.parent_id for row in rows if row.parent_id is not None}, on)
    things = tuple(
        thing
        for row, thing in zip(rows, _placed(rows), strict=True)
        for town in [towns.get(row.parent_id or 0)]
        for thing in [replace(thing, size=counts[row.id].value, more={"town": str(town.parent_id if town else "")})]
    )
    edges = _borders(rows, {thing.place: number for number, thing in enumerate(things)})
    is_sample = any(row.is_sample for row in rows) or any(fact.is_sample for fact in counts.values())
    return QuestionMaterial(PlanKind.GROUPS, district_id, district.name, on, is_sample, things, edges)


def _rows(district_id: int, on: date, level: Level, missing: str) -> tuple[PlaceRow, list[PlaceRow]]:
    district = places.version_on(district_id, on)
    if district is None:
        raise Refused(fault("no_district", _("The district did not exist on that day: choose a later one."), "on"))
    rows = places.places_on(district_id, on, levels=[level], outlines=True)
    if not rows:
        raise Refused(fault("no_things", missing, "file"))
    return district, rows


def _placed(rows: Sequence[PlaceRow]) -> list[Thing]:
    """Rows of the register as things in one local plane."""
    plane = local_plane(rows)
    xs, ys = plane.transform([row.lon for row in rows], [row.lat for row in rows])
    return [
        Thing(
            id=str(row.id),
            name=row.name,
            parent=row.parent_name,
            x=round(x),
            y=round(y),
            lon=round(row.lon or 0, 6),
            lat=round(row.lat or 0, 6),
            place=row.id,
            parent_place=row.parent_id,
            area_m2=(row.area_dm2 or 0) // 100,
            perimeter_m=row.perimeter_m or 0,
            outline=_geojson(row.outline),
        )
        for row, x, y in zip(rows, xs, ys, strict=True)
    ]


def _geojson(wkb: bytes | None) -> dict[str, Any] | None:
    """GeoJSON with coordinates to a tenth of a metre."""
    if wkb is None:
        return None
    shape = shapely.transform(shapely.from_wkb(wkb), lambda points: np.round(points, 6))
    found = mapping(shape)
    return {"type": found["type"], "coordinates": _lists(found["coordinates"])}


def _lists(value: Any) -> Any:
    return [_lists(one) for one in value] if isinstance(value, tuple | list) else value


def _borders(rows: Sequence[PlaceRow], at: Mapping[int | None, int]) -> tuple[tuple[int, int, int, int], ...]:
    """Common borders of rows with outlines, in metres; inside a village close (1000), across villages not (0)."""
    shaped = [row for row in rows if row.outline is not None]
    if len(shaped) < 2:
        return ()
    plane = local_plane(rows)
    shapes = shapely.transform(
        np.array([shapely.from_wkb(row.outline) for row in shaped], dtype=object),
        lambda points: np.column_stack(plane.transform(points[:, 0], points[:, 1])),
    )
    found = neighbours_from_outlines(list(shapes), shortest_m=20.0)
    return tuple(
        (
            at[shaped[b.i].id],
            at[shaped[b.j].id],
            b.length_m,
            1000 if shaped[b.i].parent_id == shaped[b.j].parent_id else 0,
        )
        for b in found.borders
    )
