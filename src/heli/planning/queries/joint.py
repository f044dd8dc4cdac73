"""Joint plans in scope, what an actor sees of one, and the districts that can be planned together."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from heli.kernel.access import Actor, scope
from heli.places import queries as places
from heli.places.types import PlaceKind
from heli.planning.models import Inputs, JointPart, JointPlan
from heli.planning.sharing import PartStatus
from heli.planning.solving import result_from_json
from heli.planning.stored import material_from_json, rules_from_json
from heli.planning.types import Material, PlanRules, Result

JOINT = "planning.joint"
READ = "planning.read"


def joint_plans_in_scope(actor: Actor) -> QuerySet[JointPlan]:
    """Joint plans with a district of which the actor reads the plans, newest first."""
    reach = scope(actor, READ)
    found = JointPlan.objects.defer("result")
    if reach.everything:
        return found
    return found.filter(pk__in=JointPart.objects.filter(district__in=places.in_scope(reach)).values("joint"))


def find_joint(public_id: str, actor: Actor) -> JointPlan | None:
    """The joint plan behind a public id, if the actor's scope reaches one of its districts."""
    return joint_plans_in_scope(actor).filter(public_id=public_id).first()


@dataclass(frozen=True, slots=True)
class JointView:
    """A joint plan as one actor sees it: the rows of the own districts, and whether these are all."""

    joint: JointPlan
    parts: tuple[JointPart, ...]
    is_whole: bool

    @property
    def before(self) -> int:
        return sum(part.before for part in self.parts)

    @property
    def after(self) -> int | None:
        """Villages afterwards; districts without a plan stay as they are. None while nothing is known."""
        if not any(part.count is not None for part in self.parts):
            return None
        return sum(part.before if part.count is None else part.count for part in self.parts)

    @property
    def without_plan(self) -> tuple[JointPart, ...]:
        """The districts that have no plan, be it for their rules or for lack of data."""
        return tuple(part for part in self.parts if part.status in (PartStatus.INFEASIBLE, PartStatus.UNPLANNED))


def view_joint(actor: Actor, joint: JointPlan) -> JointView:
    """What the actor sees of a joint plan; results and inputs stay in the database until asked for."""
    parts = JointPart.objects.filter(joint=joint).select_related("district", "scenario", "inputs")
    every = list(parts.defer("result", "inputs__material"))
    reach = scope(actor, READ)
    if reach.everything:
        return JointView(joint, tuple(every), is_whole=True)
    mine = set(places.in_scope(reach).filter(pk__in=[part.district_id for part in every]).values_list("pk", flat=True))
    seen = tuple(part for part in every if part.district_id in mine)
    return JointView(joint, seen, is_whole=len(seen) == len(every))


def curve_of(joint: JointPlan) -> list[tuple[int, int, int | None]]:
    """The corners of the curve of all districts: count, proven bound, cost in millionths."""
    return [(count, lower, cost) for count, lower, cost in joint.result.get("curve", ())]


def part_material(part: JointPart) -> Material:
    """What the district was planned from; read anew, so that many districts do not stay in memory."""
    if part.inputs_id is None:
        raise ValueError(f"{part.name} was not pinned")
    return material_from_json(Inputs.objects.values_list("material", flat=True).get(pk=part.inputs_id))


def part_result(part: JointPart) -> tuple[PlanRules, Result] | None:
    """The district's own rules and result, where it was planned."""
    if not part.result_sha256:
        return None
    return rules_from_json(part.rules), result_from_json(part.result)


@dataclass(frozen=True, slots=True)
class JointDistrict:
    """A district that can be planned with others; `before` counts its villages on the day."""

    id: int
    name: str
    code: str
    above: str
    before: int


def plannable_districts(actor: Actor, on: date) -> list[JointDistrict]:
    """The districts over which the actor may plan together, with their villages of the day, by code."""
    reach = scope(actor, JOINT)
    mine = None if reach.everything else set(places.in_scope(reach).values_list("pk", flat=True))
    rows = places.districts(on, mine)
    if not reach.everything:  # a district that has left the scope is still read there, but no longer planned
        above = chains([row.id for row in rows], on)
        rows = [row for row in rows if not reach.place_ids.isdisjoint(above[row.id])]
    counts = places.counts_on(on, [row.id for row in rows])
    return [
        JointDistrict(row.id, row.name, row.code, row.parent_name, counts.get(row.id, {}).get(PlaceKind.VILLAGE, 0))
        for row in rows
    ]


def chains(place_ids: Collection[int], on: date) -> dict[int, list[int]]:
    """Each place with everything above it on a day, lowest first; one query per level."""
    found = {place: [place] for place in place_ids}
    while True:
        ends = places.rows_of({chain[-1] for chain in found.values()}, on)
        longer = False
        for chain in found.values():
            parent = ends[chain[-1]].parent_id if chain[-1] in ends else None
            if parent is not None and parent not in chain:
                chain.append(parent)
                longer = True
        if not longer:
            return found


def common_place(district_ids: Collection[int], on: date) -> int | None:
    """The lowest place that holds all the districts on a day (one district holds itself); None without any."""
    above = list(chains(district_ids, on).values())
    return next((place for place in above[0] if all(place in chain for chain in above)), None) if above else None
