"""Builders for tests: districts drawn as text.

Each word of a drawing is a village on a square of 1 km; its letter is the town, a capital letter first means a community:

    a1 a2 b1
    a3 a4 Cb     four villages of town a, one of town b, one community of town b
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from shapely import Polygon, box

from heli.audit.services import writing
from heli.consultation.models import Notice
from heli.consultation.services import notices as consultation
from heli.kernel.access import SYSTEM, Actor
from heli.places import services as places
from heli.places.models import PlaceVersion
from heli.places.services.neighbours import NeighbourSpec
from heli.places.types import EventKind, EventSpec, FactSpec, Level, LinkSpec, PlaceKind, PlaceSpec
from heli.planning import services
from heli.planning.abouts import SCENARIO
from heli.planning.models import JointPlan, Scenario
from heli.planning.queries import POPULATION
from heli.planning.sharing import Way
from heli.planning.types import Goal, GoalKind, Material, PlanKind, PlanRules, SharedBorder, Town, Village
from heli.ui.testing import EVERYONE, STRANGER, AccessCase

CELL_M = 1000
DAY = date(2026, 1, 1)


def drawn(text: str) -> list[tuple[str, int, int]]:
    """The words of a drawing with column and row; "." leaves a hole."""
    rows = [line.split() for line in text.strip().splitlines()]
    return [(word, x, len(rows) - 1 - y) for y, row in enumerate(rows) for x, word in enumerate(row) if word != "."]


def town_letter(word: str) -> str:
    """The town of a drawn village: "a1" → a, "Cb" (a community) → b."""
    return word[1] if word[0].isupper() else word[0]


def is_community(word: str) -> bool:
    """Whether the word draws a community."""
    return word[0].isupper()


def draw_material(
    text: str, population: Mapping[str, int] | None = None, usual: int = 1200, affinity: int = 500
) -> Material:
    """Pinned inputs as drawn; ids count from 1 in reading order, towns from 101 by letter."""
    cells = drawn(text)
    letters = sorted({town_letter(word) for word, _, _ in cells})
    towns = {
        letter: Town(101 + number, f"{letter}镇", f"5116031{number:02d}000") for number, letter in enumerate(letters)
    }
    numbers = {word: number for number, (word, _, _) in enumerate(cells, start=1)}
    villages = tuple(
        Village(
            id=numbers[word],
            public_id=f"p{numbers[word]}",
            name=word,
            code="",
            town=towns[town_letter(word)].id,
            x=x * CELL_M,
            y=y * CELL_M,
            population=(population or {}).get(word, usual),
            area_m2=CELL_M * CELL_M,
            perimeter_m=4 * CELL_M,
            lon=106.8 + x / 100,
            lat=30.5 + y / 100,
            is_community=is_community(word),
        )
        for word, x, y in cells
    )
    borders = tuple(
        SharedBorder(min(numbers[a], numbers[b]), max(numbers[a], numbers[b]), CELL_M, affinity)
        for a, ax, ay in cells
        for b, bx, by in cells
        if (bx - ax, by - ay) in ((1, 0), (0, 1))
    )
    return Material(100, "示例区", "511603000000", DAY, True, tuple(towns.values()), villages, borders)


@dataclass(frozen=True, slots=True)
class DrawnDistrict:
    """A drawn district in the register: its key, and the keys of its towns ("a镇") and villages by name."""

    id: int
    keys: Mapping[str, int]

    def __getitem__(self, name: str) -> int:
        return self.keys[name]

    def unit(self, names: str) -> tuple[int, ...]:
        """The keys of some villages (names apart by spaces), sorted."""
        return tuple(sorted(self.keys[name] for name in names.split()))


def draw_district(
    text: str,
    population: Mapping[str, int] | None = None,
    *,
    usual: int = 1200,
    code: str = "511603",
    on: date = date(2020, 1, 1),
    with_figures: bool = True,
    above: str = "",
) -> DrawnDistrict:
    """Write a drawing into the register: places with square outlines, populations and common borders.

    `above` names a city; districts with the same one stand under the same city.
    """
    cells = drawn(text)
    letters = sorted({town_letter(word) for word, _, _ in cells})
    city = PlaceVersion.objects.filter(name=above, kind=PlaceKind.CITY).values_list("place_id", flat=True).first()
    founds = (
        {}
        if not above or city
        else {above: PlaceSpec(name=above, kind=PlaceKind.CITY, code=f"{code[:4]}00000000", level=Level.CITY)}
    )
    founds["district"] = PlaceSpec(
        name=f"示例区{code}", kind=PlaceKind.DISTRICT, code=f"{code}000000", parent=city or above or None
    )
    for number, letter in enumerate(letters):
        founds[f"{letter}镇"] = PlaceSpec(
            name=f"{letter}镇", kind=PlaceKind.TOWN, code=f"{code}{100 + number}000", parent="district"
        )
    numbers: Counter[tuple[str, bool]] = Counter()
    with writing(SYSTEM, "places.edit"):
        for word, x, y in cells:
            town, kind = town_letter(word), PlaceKind.COMMUNITY if is_community(word) else PlaceKind.VILLAGE
            first = 1 if is_community(word) else 200
            founds[word] = PlaceSpec(
                name=word,
                kind=kind,
                code=f"{code}{100 + letters.index(town)}{first + numbers[town, is_community(word)]:03d}",
                parent=f"{town}镇",
                outline_id=places.add_outline(shape=square(x, y), is_sample=True).pk,
            )
            numbers[town, is_community(word)] += 1
        event = EventSpec(
            kind=EventKind.FOUND,
            on=on,
            links=tuple(LinkSpec(source=None, target=name) for name in founds),
            founds=founds,
        )
        keys = dict(places.record_event(actor=SYSTEM, event=event).founded)
        if with_figures:
            people = {word: (population or {}).get(word, usual) for word, _, _ in cells}
            facts = [FactSpec(place_id=keys[w], measure=POPULATION, on=on, value=n) for w, n in people.items()]
            places.record_facts(actor=SYSTEM, facts=facts)
        pairs = [
            NeighbourSpec(a_id=keys[a], b_id=keys[b], border_m=CELL_M)
            for a, ax, ay in cells
            for b, bx, by in cells
            if (bx - ax, by - ay) in ((1, 0), (0, 1))
        ]
        places.replace_computed_neighbours(actor=SYSTEM, district_id=keys["district"], on=on, pairs=pairs)
    return DrawnDistrict(keys["district"], keys)


def square(x: int, y: int) -> Polygon:
    """The cell in column x and row y as degrees near 30.5° N, about a kilometre wide."""
    west, south, wide, high = 106.8 + x * 0.01045, 30.5 + y * 0.00902, 0.01045, 0.00902
    return box(west, south, west + wide, south + high)


# --- who may open what -------------------------------------------------------------------------------------------------


def scenario_of(half: Any) -> Scenario:
    """A computed draft in one half of the world: its villages get points, figures and borders in a row."""
    if "scenario" in half.links:
        return Scenario.objects.get(public_id=half.links["scenario"])
    register = half.register
    names = [name for name in register.keys if name not in half.towns and len(name) > 1]
    district, on = half.district.pk, date(2012, 1, 1)
    with writing(SYSTEM, "places.edit"):
        for number, name in enumerate(names):
            outline = places.add_outline(shape=square(number, 0), is_sample=True)
            places.change_version(actor=SYSTEM, place_id=register[name], on=on, reason="drawn", outline_id=outline.pk)
        facts = [FactSpec(place_id=register[name], measure=POPULATION, on=on, value=1500) for name in names]
        places.record_facts(actor=SYSTEM, facts=facts)
        pairs = [NeighbourSpec(a_id=register[a], b_id=register[b], border_m=CELL_M) for a, b in pairwise(names)]
        places.replace_computed_neighbours(actor=SYSTEM, district_id=district, on=on, pairs=pairs)
    rules = PlanRules(goal=Goal(GoalKind.REDUCTION, reduction=0))
    actor = half.actor("district_officer")
    scenario = services.create_scenario(
        actor=actor, district_id=district, name="First", on=date(2026, 1, 1), rules=rules
    )
    services.run_scenario(actor=actor, scenario=scenario)
    half.links["scenario"] = scenario.public_id
    return scenario


def question_of(half: Any) -> Scenario:
    """A computed draft about villagers' groups in one half of the world."""
    if "question" in half.links:
        return Scenario.objects.get(public_id=half.links["question"])
    village, on, actor = half.village.pk, date(2026, 1, 1), half.actor("district_officer")
    scenario_of(half)
    groups = [
        places.GroupSpec(name=f"{n}组", village_id=village, lon=106.801 + n / 500, lat=30.503, households=40)
        for n in (1, 2, 3)
    ]
    places.add_groups(actor=SYSTEM, district_id=half.district.pk, groups=groups, on=date(2025, 1, 1), is_sample=True)
    question = services.create_question(
        actor=actor, kind=PlanKind.GROUPS, district_id=half.district.pk, name="Groups", on=on, numbers={"at_most": 2}
    )
    services.run_question(actor=actor, question=question)
    half.links["question"] = question.public_id
    return question


def post(scenario: Scenario, actor: Actor, **more: Any) -> Notice:
    """A notice about a proposed scenario that hangs in its district, since 2026-01-01 unless said otherwise."""
    given: dict[str, Any] = {
        "kind": "plan",
        "title": "调整方案公示",
        "text": "现将方案公示，欢迎提出意见。",
        "place_ids": [scenario.district_id],
        "first_on": DAY,
        "last_on": date(2026, 1, 16),
        "on": DAY,
        **more,
    }
    return consultation.post_notice(actor=actor, about=SCENARIO.about(scenario), **given)


def posted_of(half: Any) -> Notice:
    """A notice about that half's plan, which hangs."""
    if "posted" not in half.links:
        scenario, actor = scenario_of(half), half.actor("district_officer")
        services.propose(actor=actor, scenario=scenario)
        half.links["posted"] = post(scenario, actor, last_on=date(2099, 1, 1)).public_id
    return Notice.objects.get(public_id=half.links["posted"])


def joint_of(world: Any) -> JointPlan:
    """A computed joint plan over both halves of the world."""
    if "joint" not in world.kept:
        inputs = [scenario_of(half).inputs for half in (world.a, world.b)]
        joint = services.create_joint(
            actor=SYSTEM,
            district_ids=[pinned.district_id for pinned in inputs],
            name="Both districts",
            on=date(2026, 1, 1),
            way=Way.FOUND_BEST,
            rules=PlanRules(goal=Goal(GoalKind.REDUCTION, reduction=0), pmin=0),
        )
        world.kept["joint"] = joint.public_id
    return JointPlan.objects.get(public_id=world.kept["joint"])


def _alone(half: Any) -> JointPlan:
    """A joint plan over one half only."""
    district = scenario_of(half).district_id
    rules = PlanRules(goal=Goal(GoalKind.REDUCTION, reduction=0), pmin=0)
    return services.create_joint(
        actor=SYSTEM, district_ids=[district], name="Alone", on=date(2026, 1, 1), way=Way.FOUND_BEST, rules=rules
    )


READERS = ("district_officer", "town_officer", "department_liaison", "auditor")
WHOLE = ("district_officer", "department_liaison", "auditor")
"""Who reads more than a town."""
EDITORS = ("district_officer",)


def _own(world: Any) -> dict[str, Any]:
    return {"public_id": scenario_of(world.a).public_id}


def _foreign(world: Any) -> dict[str, Any]:
    return {"public_id": scenario_of(world.b).public_id}


def _case(name: str, allowed: tuple[str, ...], **more: Any) -> AccessCase:
    return AccessCase(f"planning:{name}", allowed, own=_own, foreign=_foreign, **more)


def _asked(name: str, allowed: tuple[str, ...], **more: Any) -> AccessCase:
    """A page of a question: for those who reach its whole district."""
    return AccessCase(
        f"planning:{name}",
        allowed,
        own=lambda w: {"public_id": question_of(w.a).public_id},
        foreign=lambda w: {"public_id": question_of(w.b).public_id},
        **more,
    )


def _run(world: Any, half: Any) -> dict[str, Any]:
    return {"public_id": scenario_of(half).public_id, "number": 1}


def _posted(half: Any) -> dict[str, Any]:
    return {"public_id": posted_of(half).public_id}


def _about(half: Any) -> dict[str, Any]:
    return {"about_id": scenario_of(half).public_id}


def _sheet(half: Any) -> dict[str, Any]:
    return {"about_id": scenario_of(half).public_id, "notice_id": posted_of(half).public_id}


def _notices(name: str, allowed: tuple[str, ...], build: Any = _about, **more: Any) -> AccessCase:
    """Pages of consultation about a scenario; who keeps notices elsewhere only is answered as a stranger to it: 404."""
    more = {"refused": (403, 404), **more}
    return AccessCase(f"consultation:{name}", allowed, own=lambda w: build(w.a), foreign=lambda w: build(w.b), **more)


def _form(name: str, allowed: tuple[str, ...], build: Any = _about, did: str = "") -> AccessCase:
    return _notices(name, allowed, build, method="post", success=(422,), data=lambda w: {"did": did})


def _joint_case(name: str, allowed: tuple[str, ...], number: int | None = None, **more: Any) -> AccessCase:
    """Whoever reads plans but no whole district (a town officer) is answered as a stranger to the plan: 404."""
    more_kwargs = {} if number is None else {"number": number}
    return AccessCase(
        f"planning:{name}",
        allowed,
        own=lambda w: {"public_id": _alone(w.a).public_id, **more_kwargs},
        foreign=lambda w: {"public_id": _alone(w.b).public_id, **more_kwargs},
        **more,
    )


ACCESS: list[AccessCase] = [
    AccessCase("planning:scenarios", READERS),
    AccessCase("planning:new", EDITORS),
    *(_case(name, READERS) for name in ("scenario", "map", "units", "mergers", "villages", "compare")),
    *(_case(name, READERS) for name in ("print", "excel", "geojson", "docx")),
    *(_case(name, WHOLE) for name in ("rules", "policies", "alternatives", "decision")),
    AccessCase("planning:progress", READERS, own=lambda w: _run(w, w.a), foreign=lambda w: _run(w, w.b)),
    _case("presence", EDITORS),
    _case("run", EDITORS, method="post", success=(303,)),
    _case("adjust", EDITORS, method="post", success=(303,)),
    AccessCase("planning:new_question", EDITORS, own=lambda w: {"kind": "groups"}),
    *(_asked(f"question{name}", WHOLE) for name in ("", "_map", "_table", "_rules", "_compare", "_decision")),
    *(_asked(f"question_{name}", EDITORS, method="post", success=(303,)) for name in ("run", "adjust")),
    AccessCase("planning:joint_plans", READERS),
    AccessCase("planning:new_joint", EDITORS),
    *(
        _joint_case(name, WHOLE, refused=(403, 404))
        for name in ("joint", "joint_progress", "joint_print", "joint_excel", "joint_instances")
    ),
    _joint_case("joint_part", WHOLE, number=1, refused=(403, 404)),
    _joint_case("joint_open", EDITORS, number=1, method="post", success=(303,)),
    _joint_case("joint_hand_down", EDITORS, method="post", success=(303,)),
    AccessCase("planning:notice_map", (*EVERYONE, STRANGER), own=lambda w: _posted(w.a)),
    AccessCase("planning:notice_units", (*EVERYONE, STRANGER), own=lambda w: _posted(w.a)),
    AccessCase("consultation:notice", (*EVERYONE, STRANGER), own=lambda w: _posted(w.a), query="?scenario"),
    *(_notices(name, READERS) for name in ("home", "opinions")),
    _notices("notice_sheet", READERS, _sheet),
    _form("notice_sheet", EDITORS, _sheet, "down"),
    _notices("notice_new", EDITORS),
    _form("notice_new", EDITORS),
    _form("opinions", EDITORS, did="enter"),
    *(_notices(name, (), refused=(403, 404)) for name in ("questions", "talks", "surveys")),
]
