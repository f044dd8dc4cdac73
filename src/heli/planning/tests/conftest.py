"""Districts, people and a scenario that tests of planning share."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from heli.kernel.access import Actor
from heli.planning import services
from heli.planning.models import Scenario
from heli.planning.testing import DrawnDistrict, draw_district
from heli.planning.tests.drawn import AT, DAY, DRAWING, EAST, RULES, WEST, officer


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def district() -> DrawnDistrict:
    return draw_district(DRAWING)


@pytest.fixture
def author() -> Actor:
    return officer("author")


@pytest.fixture
def chief() -> Actor:
    return officer("chief")


@pytest.fixture
def scenario(district: DrawnDistrict, author: Actor) -> Scenario:
    return services.create_scenario(actor=author, district_id=district.id, name="First", on=DAY, rules=RULES, at=AT)


@pytest.fixture
def east() -> DrawnDistrict:
    return draw_district(EAST, {"a1": 400, "a2": 500, "b1": 700}, code="511601")


@pytest.fixture
def west() -> DrawnDistrict:
    return draw_district(WEST, {"c1": 300, "d3": 2500}, code="511602")
