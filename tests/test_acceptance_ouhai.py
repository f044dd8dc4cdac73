"""Ouhai's published figures of its term change, printed by Heli beside the others (docs/explanation/acceptance.md)."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from heli.appraisal import services as appraisal
from heli.assemblies.election_figures import units
from heli.assemblies.models import UnitContest
from heli.assemblies.services import elections
from heli.assemblies.types import ElectionPlan
from heli.audit.testing import unaudited
from heli.figures import catalogue, queries
from heli.figures.wording import title_of
from heli.kernel.access import SYSTEM
from heli.kernel.declare import Ask
from heli.places.models import Place
from heli.places.testing import draw_register
from heli.records.abouts import DISTRICT
from tests.test_acceptance import DOC, officer, spread, value

pytestmark = pytest.mark.django_db


@pytest.fixture
def ouhai() -> int:
    """151 villages and 54 communities in 13 towns and a zone; 39 of the communities take part, and 150 units are settled."""
    drawing = {
        f"T{town}": " ".join([f"V{one}" for one in range(town, 151, 14)] + [f"(C{one})" for one in range(town, 54, 14)])
        for town in range(14)
    }
    register = draw_register(drawing, district="O", code="330304")
    villages = [register[f"V{one}"] for one in range(151)]
    communities = [register[f"C{one}"] for one in range(39)]
    chief, public_id = officer("chief"), Place.objects.get(pk=register.district).public_id
    for body, place_ids in (("village_committee", villages), ("residents_committee", communities)):
        elections.open_election(
            actor=chief, about=DISTRICT.about(register.district, public_id), place_ids=place_ids,
            plan=ElectionPlan(
                title="换届", body=body, mode="voters", on=date(2026, 11, 20), jurisdiction="CN-33",
                seats={"chair": 1, "member": 4},
            ),
            today=ELECTING, at=datetime(2026, 9, 1, tzinfo=UTC),
        )  # fmt: skip
    keys = list(UnitContest.objects.order_by("pk").values_list("pk", flat=True))
    with unaudited():
        UnitContest.objects.filter(pk__in=keys).update(readiness="intended", intended_on=ELECTING)
        UnitContest.objects.filter(pk__in=keys[:150]).update(readiness="settled", settled_on=ELECTING)
    return register.district


ELECTING = date(2026, 9, 10)
OUHAI = (
    ("3.2", "assemblies.units", None, "190 units"),
    ("3.14", "assemblies.settled", None, "150 units"),
    ("3.14", "assemblies.intended", None, "40 units"),
)
OUHAI_REVIEW = (("3.8", "appraisal.not_proposed", None, "0.34 %"),)


def test_ouhai_prints_its_published_figures(ouhai: int) -> None:
    with translation.override("en"):
        check(ouhai)


def check(ouhai: int) -> None:
    """The figures, and that they are of 151 villages and 39 communities."""
    printed = [value(ouhai, name, ELECTING) for _row, name, _decimals, _text in OUHAI]
    assert printed == [text for _row, _name, _decimals, text in OUHAI]
    ask = Ask(district_ids=(ouhai,), on=ELECTING)
    bodies = Counter(row.cells[0] for row in units(ask))
    assert bodies == {"Villagers' committee": 151, "Residents' committee": 39}


@pytest.fixture
def ouhai_review() -> int:
    """The counts of a review of 1,770 by town, and of the six by class of reasons; who they are is nowhere."""
    towns = [f"T{town}" for town in range(13)]
    register = draw_register(dict.fromkeys(towns, "") | {"T0": "V0"}, district="O", code="330304")
    about = DISTRICT.about(register.district, Place.objects.get(pk=register.district).public_id)
    year = appraisal.begin_year(
        actor=SYSTEM, about=about, pack="two-committees", year=2026, on=ELECTING, at=datetime(2026, 9, 10, tzinfo=UTC)
    )
    reviewed = spread(1_770, [register[name] for name in towns])
    for number, (town, count_of) in enumerate(reviewed.items()):
        classes = {"age": 1, "own_wish": int(number == 0)} if number < 5 else {}
        appraisal.count_review(
            actor=SYSTEM, year=year, place_id=town, reviewed=count_of, not_proposed=classes, on=ELECTING,
            at=datetime(2026, 9, 10, tzinfo=UTC),
        )  # fmt: skip
    return register.district


def test_ouhai_prints_its_published_share_of_those_not_proposed(ouhai_review: int) -> None:
    with translation.override("en"):
        assert [value(ouhai_review, name, ELECTING) for _row, name, _decimals, _text in OUHAI_REVIEW] == ["0.34 %"]
    figure = catalogue.find("appraisal.not_proposed", ELECTING)
    assert figure is not None
    found = queries.evaluate(SYSTEM, [figure], district_ids=[ouhai_review], on=ELECTING)
    assert found.values[figure.id][ouhai_review] == (6, 1_770)
    lines = queries.rows_behind(SYSTEM, figure, ouhai_review, ELECTING).lines
    assert len(lines) == 13
    assert all(isinstance(cell, int) or cell.startswith("T") for line in lines for cell in line)


def test_the_document_prints_this_very_table() -> None:
    document = DOC.read_text("utf-8")
    with translation.override("en"):
        for row, name, _decimals, text in (*OUHAI, *OUHAI_REVIEW):
            figure = catalogue.find(name, ELECTING)
            assert figure is not None
            assert f"| Ouhai | {row} | {title_of(figure)} | `{name}` | {text} |" in document
