"""Who stands above a place may change it; who once did, or received a part of it, may only read it."""

from datetime import date

import pytest

from heli.kernel.access import SYSTEM
from heli.places import queries, services
from heli.places.testing import arrows, draw_register, merge
from heli.places.types import EventKind, EventSpec

pytestmark = pytest.mark.django_db
DAY = date(2021, 5, 1)


def test_the_receiver_of_a_part_reads_the_giver_and_does_not_change_it() -> None:
    register = draw_register({"甲镇": "东村 西村", "乙镇": "南村"})
    giver, receiver = register["东村"], register["南村"]
    part = EventSpec(
        kind=EventKind.SPLIT,
        on=DAY,
        links=arrows((giver, giver, 7_000), (giver, receiver, 3_000)),
        document_number="1号",
    )
    services.record_event(actor=SYSTEM, event=part)
    assert queries.is_within(giver, {register["乙镇"]})
    assert not queries.stands_within(giver, {register["乙镇"]})
    assert queries.stands_within(giver, {register["甲镇"]})
    assert queries.stands_within(giver, {register.district})


def test_a_merged_village_stands_where_its_successor_does() -> None:
    register = draw_register({"甲镇": "东村 西村", "乙镇": "南村"})
    merge(register, "东村 西村", "新村", DAY, parent="甲镇")
    assert queries.stands_within(register["东村"], {register["新村"]})
    assert queries.stands_within(register["东村"], {register["甲镇"]})
    assert not queries.stands_within(register["东村"], {register["乙镇"]})


def test_a_village_that_moved_is_left_by_its_former_town() -> None:
    register = draw_register({"甲镇": "东村 西村", "乙镇": "南村"})
    services.change_version(actor=SYSTEM, place_id=register["东村"], on=DAY, reason="moved", parent_id=register["乙镇"])
    assert queries.is_within(register["东村"], {register["甲镇"]})
    assert not queries.stands_within(register["东村"], {register["甲镇"]})
    assert queries.stands_within(register["东村"], {register["乙镇"]})


def test_a_village_that_ended_without_successor_stays_where_it_stood() -> None:
    register = draw_register({"甲镇": "东村 西村", "乙镇": "南村"})
    gone = EventSpec(kind=EventKind.DISSOLVE, on=DAY, links=arrows((register["东村"], None, 10_000)))
    services.record_event(actor=SYSTEM, event=gone)
    assert queries.stands_within(register["东村"], {register["甲镇"]})
    assert not queries.stands_within(register["东村"], {register["乙镇"]})


def test_nobody_founds_a_village_in_the_year_9999() -> None:
    register = draw_register({"甲镇": "东村"})
    late = EventSpec(kind=EventKind.DISSOLVE, on=date(9999, 1, 1), links=arrows((register["东村"], None, 10_000)))
    assert "day_implausible" in {fault.code for fault in services.check_events([late])}
