"""The ledger of objections: in time, never who, ruled by another person in the days of the law."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.accounts.testing import World
from heli.assemblies.ledger import OBJECTIONS, check, proposes
from heli.assemblies.models import Objection
from heli.audit.testing import unaudited
from heli.campaigns.abouts import about_of
from heli.campaigns.testing.runs import campaign_of
from heli.records.abouts import About
from heli.records.ledgers import Values
from heli.records.testing import DAY, LedgerSuite, make, row_in

KEEPERS = ("district_officer", "town_officer", "village_cadre")
RULERS = ("district_officer", "town_officer")
ROLL: dict[str, Any] = {
    "body": "village_committee", "matter": "roll", "published_on": date(2026, 4, 20), "due_on": None,
}  # fmt: skip


class TestObjections(LedgerSuite):
    ledger, enterers, movers = OBJECTIONS, KEEPERS, {"rule": RULERS}

    def about(self, half: Any) -> About:
        """Objections of the half's campaign."""
        return about_of(campaign_of(half))


@pytest.fixture
def place_in(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """The cadre's village, as if it lay in a province."""

    def lies(jurisdiction: str) -> int:
        monkeypatch.setattr("heli.assemblies.provinces.jurisdiction_of", lambda *_asked: jurisdiction)
        return int(world.a.village.pk)

    return lies


def wrong(given: Values) -> list[str]:
    return [fault.code for fault in check(given, date(2026, 6, 30))]


@pytest.mark.django_db
def test_objections_are_taken_within_the_days_of_the_law_and_the_ruling_is_due_by_it(
    place_in: Callable[[str], int],
) -> None:
    given = {**ROLL, "place": place_in("CN-33")}
    assert wrong({**given, "found_on": date(2026, 4, 25)}) == []
    assert wrong({**given, "found_on": date(2026, 4, 26)}) == ["objection_late"]
    assert wrong({**given, "found_on": date(2026, 4, 19)}) == ["objection_before"]
    assert proposes({**given, "found_on": date(2026, 4, 25)}) == {"due_on": date(2026, 4, 28)}
    assert proposes({**given, "found_on": date(2026, 4, 25), "due_on": DAY}) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("province", "body", "due", "codes"),
    [
        ("CN-51", "village_committee", {"due_on": date(2026, 5, 25)}, []),
        ("CN-51", "residents_committee", {"due_on": date(2026, 5, 25)}, []),
        ("CN-33", "village_committee", {}, ["objection_no_days"]),
        ("CN-33", "residents_committee", {}, ["objection_no_days"]),
        ("CN-51", "supervision_village", {}, ["objection_no_days"]),
    ],
)
def test_days_of_a_result_are_those_of_the_province_and_body_or_are_written_by_hand(
    place_in: Callable[[str], int], province: str, body: str, due: dict[str, date], codes: list[str]
) -> None:
    """Sichuan rules on a result in thirty days; of Zhejiang none were read, and nobody else's are taken for them."""
    given = {**ROLL, "body": body, "matter": "result", "place": place_in(province), "found_on": date(2026, 4, 25)}
    assert proposes(given) == due
    assert wrong(given) == codes
    assert wrong({**given, "due_on": date(2026, 5, 10)}) == []


def test_no_column_says_who_objects_or_about_whom() -> None:
    names = {field.name for field in Objection._meta.get_fields()}
    people = {name for name in names if name.endswith("_by")}
    assert people == {"opened_by", "examined_by", "ruled_by"}
    assert not names & {"person", "name", "nominee", "objector"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("objection_ruled_by_another", {"ruled_by_id": "examined_by_id"}),
        ("objection_ruled_on_a_day", {"ruled_on": None}),
        ("objection_ruled_one_way", {"outcome": ""}),
        ("objection_status_known", {"status": "lost", "ruled_on": None, "ruled_by_id": None}),
    ],
)
def test_the_database_refuses_what_no_objection_can_be(world: World, constraint: str, changes: dict[str, Any]) -> None:
    row = row_in(OBJECTIONS, world.a, about_of(campaign_of(world.a)), "examined")
    row = make(OBJECTIONS, world.a, world.a.actor("district_officer"), row, OBJECTIONS.by_name["rule"])
    changed = {name: getattr(row, value) if str(value).endswith("_id") else value for name, value in changes.items()}
    with unaudited(), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Objection.objects.filter(pk=row.pk).update(**changed)
