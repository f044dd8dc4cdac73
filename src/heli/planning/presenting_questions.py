"""What the pages of a question show: figures, units, meetings, the map. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from shapely import union_all
from shapely.geometry import mapping, shape

from heli.kernel.quantities import Ratio
from heli.planning import presenting
from heli.planning.queries import QuestionStanding
from heli.planning.questions.grids import curve_of_community, part_size, price_one_move
from heli.planning.questions.types import QuestionMaterial, Thing
from heli.planning.questions.words import FIGURES, MARK_COLOURS, MARKS, QUIET_WHEN_NONE, WORDS, number_words, words_of
from heli.planning.types import PlanKind

LABELLED = frozenset({PlanKind.GRIDS, PlanKind.LAYOUT})
"""Kinds whose units are few enough to be named on the map."""
SCORED = frozenset({PlanKind.GROUPS})
"""Kinds whose cost is a score in millionths; the others count household-metres and the like."""


def cost_text(kind: str, cost: int | None) -> str:
    """A cost as people read it."""
    if cost is None:
        return "—"
    return presenting.points(cost) if kind in SCORED else presenting.number(cost)


def question_stats(standing: QuestionStanding) -> list[dict[str, Any]]:
    """The figures at the head of a question, as `ui/stat.html` takes them."""
    answer, kind = standing.answer, standing.scenario.kind
    if answer is None or not answer.is_feasible:
        return []
    found: list[dict[str, Any]] = [
        {"label": FIGURES[name], "value": presenting.number(value), "tone": "main" if name == "after" else ""}
        for name, value in answer.figures.items()
        if name in FIGURES and (value or name not in QUIET_WHEN_NONE)
    ]
    before, after = answer.figures.get("before"), answer.figures.get("after")
    if kind == PlanKind.GROUPS and before and after is not None:
        ratio = Ratio(before - after, before)
        found.append(
            {
                "label": _("Reduction"),
                "value": ratio.percent_text() or "—",
                "unit": "%",
                "note": f"{before - after}/{before}",
            }
        )
    proof = presenting.proof_words(answer.status, answer.objective, answer.bound)
    tone = "good" if answer.status == "optimal" else "warn"
    if kind == PlanKind.PAIRING:  # two aims one after the other have no cost that people could read
        return [*found[:-1], {**found[-1], "note": proof, "tone": tone}]
    return [
        *found,
        {"label": WORDS[kind].cost, "value": cost_text(kind, answer.objective), "note": proof, "tone": tone},
    ]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One unit of an answer as lists and files show it."""

    key: str
    name: str
    parent: str
    mark: str
    members: str
    count: int
    size: int
    far_m: int
    cost: str
    cost_value: int
    note: str


def answer_rows(standing: QuestionStanding) -> list[AnswerRow]:
    """The units of the answer shown."""
    answer, kind = standing.answer, standing.scenario.kind
    known = standing.material.by_id
    comma = str(_(", "))
    return [
        AnswerRow(
            key=unit.key,
            name=unit.name,
            parent=unit.parent,
            mark=unit.mark,
            members=comma.join(known[member].name for member in unit.members),
            count=len(unit.members),
            size=unit.size,
            far_m=unit.far_m,
            cost=cost_text(kind, unit.cost),
            cost_value=unit.cost,
            note=unit.note,
        )
        for unit in (answer.units if answer else ())
    ]


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """The meeting of one old group that has to agree to its merger, counted by households."""

    group: str
    village: str
    into: str
    households: int
    present: int
    agree: int


def compute_quorum(households: int) -> tuple[int, int]:
    """(households that must be present, that must agree): two thirds, and more than half of those present (村组法 32)."""
    present = -(-2 * households // 3)
    return present, present // 2 + 1


def meeting_rows(standing: QuestionStanding) -> list[MeetingRow]:
    """One row for every group that is merged; empty for other kinds."""
    answer, known = standing.answer, standing.material.by_id
    if answer is None or standing.scenario.kind != PlanKind.GROUPS:
        return []
    return [
        MeetingRow(
            known[member].name, known[member].parent, unit.name, known[member].size, *compute_quorum(known[member].size)
        )
        for unit in answer.units
        if len(unit.members) > 1
        for member in unit.members
    ]


def settled_rows(standing: QuestionStanding) -> list[dict[str, Any]]:
    """What was settled by hand, with what its button sends."""
    known, rules, comma = standing.material.by_id, standing.rules, str(_(", "))
    return [
        {
            "icon": icon,
            "names": comma.join(known[one].name if one in known else one for one in wish),
            "value": ",".join(wish),
        }
        for icon, wishes in (("lock", rules.locks), ("split", rules.bans), ("merge", rules.moves))
        for wish in wishes
    ]


def answer_features(standing: QuestionStanding) -> list[dict[str, Any]]:
    """Every thing with a place, coloured by its unit or by what becomes of it."""
    answer, kind = standing.answer, standing.scenario.kind
    units = {member: unit for unit in (answer.units if answer else ()) for member in (unit.centre, *unit.members)}
    colours = {unit.key: number % 8 for number, unit in enumerate(answer.units if answer else ())}
    features = []
    for thing in standing.material.things:
        geometry = thing.outline or (
            {"type": "Point", "coordinates": [thing.lon, thing.lat]} if thing.lon is not None else None
        )
        if geometry is None:
            continue
        unit = units.get(thing.id)
        features.append(
            {
                "type": "Feature",
                "id": thing.id,
                "geometry": geometry,
                "properties": {
                    "name": thing.name,
                    "label": unit.name if unit and unit.centre == thing.id and kind in LABELLED else "",
                    "parent": thing.parent,
                    "size": thing.size,
                    "unit": unit.name if unit else "",
                    "unit_size": unit.size if unit else 0,
                    "colour": f"c{colours[unit.key]}" if unit else "none",
                    "mark": unit.mark if unit else "none",
                },
            }
        )
    return features


def answer_outlines(standing: QuestionStanding) -> list[dict[str, Any]]:
    """The outline of every unit whose members have outlines."""
    answer, known = standing.answer, standing.material.by_id
    features = []
    for unit in answer.units if answer else ():
        inside = {unit.centre, *unit.members}
        shapes = [shape(dict(known[one].outline or {})) for one in sorted(inside) if known[one].outline]
        if len(shapes) == len(inside):
            features.append(
                {
                    "type": "Feature",
                    "id": unit.key,
                    "geometry": mapping(union_all(shapes)),
                    "properties": {"name": unit.name},
                }
            )
    return features


def question_map_settings(material: QuestionMaterial) -> dict[str, Any]:
    """How `<heli-map>` colours and describes things."""
    words = words_of(material)
    return {
        "words": {**{mark: str(label) for mark, label in MARKS.items()}, "none": _("left as it is")},
        "colours": {**MARK_COLOURS, **{f"c{number}": number for number in range(8)}, "none": "#f4f4f2"},
        "tooltip": [
            ["parent", _("Belongs to")],
            ["size", str(words.size)],
            ["unit", str(words.unit)],
            ["unit_size", _("Altogether")],
        ],
    }


def curve_of_answer(standing: QuestionStanding, community: int | None = None) -> dict[str, Any]:
    """The curve of the answer as `<heli-chart kind="curve">` takes it; empty where there is none.

    For grids it is that of one community, computed when it is asked for.
    """
    answer, kind = standing.answer, standing.scenario.kind
    if answer is None:
        return {}
    words, points, at = words_of(standing.material), answer.curve, len(answer.units)
    label = str(words.unit)
    if kind == PlanKind.POINTS:
        label, at = _("Further points (without a farthest way)"), answer.figures.get("further", 0)
    if community is not None:
        known = standing.material.by_id
        points = curve_of_community(standing.material, standing.shown_rules, community)
        own = [unit for unit in answer.units if known[unit.centre].parent_place == community]
        label, at = _("Grids of %(community)s") % {"community": own[0].parent if own else ""}, len(own)
    if len(points) < 2:
        return {}
    scale = 1_000_000 if kind in SCORED else 1
    series = [{"name": _("best plan known"), "points": [[n, round(cost / scale, 3), n] for n, cost in points]}]
    return {
        "x_label": label,
        "y_label": str(words.cost),
        "series": series,
        "marks": [{"x": at, "label": _("this plan")}],
    }


def choices_of(things: Mapping[str, Thing], *roles: str, parent: str = "") -> list[tuple[str, str]]:
    """Things of some roles, of one parent where it is named, as choices."""
    return [
        (thing.id, thing.name if parent or not thing.parent else f"{thing.parent} {thing.name}")
        for thing in things.values()
        if (not roles or thing.role in roles) and (not parent or thing.parent == parent)
    ]


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A question beside others of its kind."""

    name: str
    url: str
    status: str
    things: int
    units: int | None
    smallest: int | None
    largest: int | None
    far_m: int | None
    cost: str
    cost_value: int
    proof: str
    rules: str


def compared_row(standing: QuestionStanding, beside: QuestionStanding) -> ComparedRow:
    """The figures of one question, and the numbers in which its rules differ from those of the question it stands beside."""
    scenario, answer = standing.scenario, standing.answer
    sizes = [unit.size for unit in answer.units if unit.mark != "special"] if answer else []
    mine, theirs = standing.shown_rules.numbers, beside.shown_rules.numbers
    differing = [
        f"{number_words(scenario.kind, name, standing.material)[0]} {value if value is not None else '—'}"
        for name, value in mine.items()
        if value != theirs.get(name)
    ]
    return ComparedRow(
        name=scenario.name,
        url=reverse("planning:question", args=[scenario.public_id]),
        status=scenario.status,
        things=len(standing.material.things),
        units=len(answer.units) if answer and answer.is_feasible else None,
        smallest=min(sizes, default=None),
        largest=max(sizes, default=None),
        far_m=max((unit.far_m for unit in answer.units), default=None) if answer else None,
        cost=cost_text(scenario.kind, answer.objective if answer else None),
        cost_value=(answer.objective or 0) if answer else 0,
        proof=answer.status if answer else "",
        rules=str(_(", ")).join(differing),
    )


@dataclass(frozen=True, slots=True)
class PricedMove:
    """What a move would cost: the difference, what stands against it in words, and the grids concerned afterwards."""

    more: int
    against: tuple[str, ...]
    sizes: tuple[tuple[str, int, int], ...]


def priced_move(standing: QuestionStanding, one: str, other: str) -> PricedMove | None:
    """The price of moving a building to the grid of another; None where either is unknown or both are in one grid."""
    answer, known = standing.answer, standing.material.by_id
    if answer is None or one not in known or other not in known:
        return None
    home = next((unit for unit in answer.units if one in unit.members), None)
    target = next((unit for unit in answer.units if other in unit.members), None)
    apart = {known[one].role, known[other].role} != {"building"} or known[one].parent_place != known[other].parent_place
    if home is None or target is None or home is target or apart:
        return None
    was, priced = price_one_move(standing.material, standing.shown_rules, answer, one, other)
    size = part_size(known[one], standing.shown_rules.numbers.get("high") or 1)
    said = {
        "walking": _("the shortest way of some building would leave its grid"),
        "window": _("a grid would have %(size)s households"),
        "empty": _("a grid would be empty"),
    }
    against = tuple(said[code] % {"size": people} for code, _node, people in priced.wrong)
    sizes = ((home.name, home.size, home.size - size), (target.name, target.size, target.size + size))
    return PricedMove(priced.cost - was, against, sizes)


@dataclass(frozen=True, slots=True)
class GridSheet:
    """What the sheet and the notice of a grid show."""

    name: str
    community: str
    households: int
    buildings: tuple[tuple[str, int], ...]
    centre: str
    far_m: int
    features: tuple[dict[str, Any], ...]


def grid_sheet_of(standing: QuestionStanding, key: str) -> GridSheet | None:
    """The sheet of one grid of the answer; None where there is none of this key."""
    answer, known = standing.answer, standing.material.by_id
    unit = next((one for one in answer.units if one.key == key), None) if answer else None
    high = standing.shown_rules.numbers.get("high") or 1
    if unit is None:
        return None
    return GridSheet(
        name=unit.name,
        community=unit.parent,
        households=unit.size,
        buildings=tuple((known[one].name, part_size(known[one], high)) for one in unit.members),
        centre=known[unit.centre].name,
        far_m=unit.far_m,
        features=tuple(one for one in answer_features(standing) if one["id"] in unit.members),
    )
