"""Questions in the world of tests: buildings drawn as text, grids in force."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from heli.kernel.access import SYSTEM
from heli.planning import services
from heli.planning.models import Scenario
from heli.planning.questions.types import QuestionMaterial, Thing
from heli.planning.testing.drawing import DAY, drawn
from heli.planning.types import PlanKind


def draw_buildings(
    text: str, *, community: int, district: int, households: Mapping[str, int] | None = None, usual: int = 100
) -> QuestionMaterial:
    """The buildings of one community as drawn, 100 m apart; neighbours are those beside, above and below."""
    cells = drawn(text)
    things = tuple(
        Thing(
            id=word,
            name=word,
            parent="社区",
            parent_place=community,
            size=(households or {}).get(word, usual),
            x=100 * x,
            y=100 * y,
            lon=106.8 + x / 1000,
            lat=30.5 + y / 1000,
            role="building",
        )
        for word, x, y in cells
    )
    edges = tuple(
        (i, j, 100, 0)
        for i, (_a, ax, ay) in enumerate(cells)
        for j, (_b, bx, by) in enumerate(cells)
        if (bx - ax, by - ay) in ((1, 0), (0, 1))
    )
    return QuestionMaterial(PlanKind.GRIDS, district, "示例区", DAY, True, things, edges)


def grids_of(half: Any) -> Scenario:
    """Two grids of one village of that half of the world, in force since 2026-02-01."""
    if "grids" not in half.links:
        material = draw_buildings("h1 h2 h3 h4", community=half.village.pk, district=half.district.pk)
        made = services.create_question(
            actor=SYSTEM, kind=PlanKind.GRIDS, district_id=half.district.pk, name="Grids", on=DAY, material=material,
            numbers={"low": 100, "high": 300, "target": 200},
        )  # fmt: skip
        services.run_question(actor=SYSTEM, question=made)
        services.propose(actor=SYSTEM, scenario=made)
        officer = half.actor("district_officer")
        services.accept(actor=officer, scenario=made, document_number="前府发〔2026〕3号", document_on=DAY)
        services.apply_question(actor=SYSTEM, question=made, on=date(2026, 2, 1))
        half.links["grids"] = made.public_id
    return Scenario.objects.get(public_id=half.links["grids"])
