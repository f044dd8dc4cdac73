"""The ledger of objections: in time, never who, ruled by another person in the days of the law."""

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
from heli.records.testing import DAY, LedgerSuite, make, row_in

KEEPERS = ("district_officer", "town_officer", "village_cadre")
RULERS = ("district_officer", "town_officer")
ROLL: dict[str, Any] = {"matter": "roll", "published_on": date(2026, 4, 20), "due_on": None}


class TestObjections(LedgerSuite):
    ledger, enterers, movers = OBJECTIONS, KEEPERS, {"rule": RULERS}

    def about(self, half: Any) -> About:
        """Objections of the half's campaign."""
        return about_of(campaign_of(half))


def test_objections_are_taken_within_the_days_of_the_law_and_the_ruling_is_due_by_it() -> None:
    def codes(found: date) -> list[str]:
        return [fault.code for fault in check({**ROLL, "found_on": found}, date(2026, 5, 1))]

    assert codes(date(2026, 4, 25)) == []
    assert codes(date(2026, 4, 26)) == ["objection_late"]
    assert codes(date(2026, 4, 19)) == ["objection_before"]
    assert proposes({**ROLL, "found_on": date(2026, 4, 25)}) == {"due_on": date(2026, 4, 28)}
    assert proposes({**ROLL, "matter": "result", "found_on": date(2026, 4, 25)}) == {"due_on": date(2026, 5, 25)}
    assert proposes({**ROLL, "found_on": date(2026, 4, 25), "due_on": DAY}) == {}


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
