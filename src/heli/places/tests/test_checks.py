"""`heli check` finds what constraints cannot say."""

from datetime import date

import pytest

from heli.audit.testing import unaudited
from heli.kernel.access import SYSTEM
from heli.places import services
from heli.places.checks import check_invariants
from heli.places.models import LineageEvent, LineageLink, Place, PlaceVersion
from heli.places.testing import Register, draw_register, merge
from heli.places.types import FactSpec

pytestmark = pytest.mark.django_db
DAY = date(2020, 5, 1)


@pytest.fixture
def places() -> Register:
    places = draw_register({"T": "A B C"})
    fact = FactSpec(place_id=places["A"], measure="households", on=date(2019, 1, 1), value=3)
    services.record_facts(actor=SYSTEM, facts=[fact])
    event, _new = merge(places, "A B", "N", DAY, parent="T")
    services.reverse_event(actor=SYSTEM, event_id=event, reason="wrong")
    merge(places, "A B", "M", DAY, parent="T")
    return places


def found() -> list[str]:
    return [fault.code for fault in check_invariants()]


def test_a_register_written_by_services_keeps_every_invariant(places: Register) -> None:
    assert found() == []


def test_each_fault_written_past_the_services_is_named(places: Register) -> None:
    with unaudited():
        Place.objects.create(public_id="bare", level="village")
        LineageEvent.objects.create(
            public_id="e", kind="merge", on=DAY, district_id=places.district, sequence=9, in_force=False
        )
        LineageLink.objects.filter(from_place_id=places["A"]).update(population_part=9, population_of=10)
        PlaceVersion.objects.filter(place_id=places["C"]).update(kind="town", valid_to=DAY)
        PlaceVersion.objects.filter(place_id=places["T"]).update(valid_to=date(2020, 1, 1))
        PlaceVersion.objects.filter(place_id=places["A"], valid_from__lt=DAY).update(valid_to=date(2018, 1, 1))
        Place.objects.filter(pk=places["M"]).update(district_id=places["T"])
    assert set(found()) == {
        "place_without_version", "kind_of_other_level", "ended_without_event", "version_off_event", "parent_not_valid",
        "parent_ended", "district_not_current", "shares_do_not_add_up", "event_without_links", "out_of_force_alone",
        "figure_out_of_time",
    }  # fmt: skip
