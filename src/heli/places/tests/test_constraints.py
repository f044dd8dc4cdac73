"""Every constraint of the register refuses its case in the database itself."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.audit.testing import unaudited
from heli.places.models import Fact, LineageEvent, LineageLink, Neighbour, Outline, Place, PlaceVersion, Source
from heli.places.testing import BEGINNING, Register, draw_register

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = date(2020, 5, 1)


def version(places: Register, **fields: Any) -> PlaceVersion:
    given = {
        "place_id": places["A"],
        "valid_from": date(2001, 1, 1),
        "valid_to": date(2002, 1, 1),
        "name": "X",
        "kind": "village",
    }
    return PlaceVersion(**{**given, **fields})


def fact(places: Register) -> Fact:
    return Fact(place_id=places["A"], measure="households", on=DAY, value=1)


def pair(places: Register, **fields: Any) -> Neighbour:
    return Neighbour(**{"a_id": places["A"], "b_id": places["B"], "valid_from": DAY, "origin": "edited", **fields})


def event(places: Register, number: int, **fields: Any) -> LineageEvent:
    given = {"public_id": f"e{number}", "kind": "merge", "on": DAY, "district_id": places.district}
    return LineageEvent(**{**given, **fields})


def link(places: Register, **fields: Any) -> LineageLink:
    return LineageLink(event=LineageEvent.objects.get(on=BEGINNING), **fields)


CASES: dict[str, Callable[[Register], list[Any]]] = {
    "place_versions_do_not_overlap": lambda p: [version(p, valid_from=DAY, valid_to=None)],
    "place_codes_do_not_overlap": lambda p: [
        version(p, place_id=p["B"], valid_to=BEGINNING, code="511603100999", code_number=511603100999),
        version(p, valid_to=BEGINNING, code="511603100999", code_number=511603100999),
    ],
    "version_runs_forward": lambda p: [version(p, valid_to=date(2000, 1, 1))],
    "version_has_name": lambda p: [version(p, name="")],
    "version_kind_known": lambda p: [version(p, kind="hamlet")],
    "version_code_is_twelve_digits": lambda p: [version(p, code="51160310099", code_number=51160310099)],
    "place_level_known": lambda p: [Place(public_id="x", level="county")],
    "outline_on_earth": lambda p: [Outline(lon=200, lat=30)],
    "outline_measured_from_shape": lambda p: [Outline(lon=100, lat=30, area_dm2=5)],
    "event_kind_known": lambda p: [event(p, 1, kind="swap")],
    "event_order_of_day": lambda p: [event(p, 1), event(p, 2)],
    "reversal_out_of_force": lambda p: [event(p, 1, reverses=LineageEvent.objects.get(on=BEGINNING))],
    "link_has_an_end": lambda p: [link(p)],
    "link_population_share_sound": lambda p: [link(p, from_place_id=p["A"], population_part=2)],
    "link_area_share_sound": lambda p: [link(p, from_place_id=p["A"], area_of=None)],
    "link_once_per_event": lambda p: [
        link(p, from_place_id=p["A"], to_place_id=p["B"]),
        link(p, from_place_id=p["A"], to_place_id=p["B"]),
    ],
    "fact_stands_once": lambda p: [fact(p), fact(p)],
    "source_once": lambda p: [
        Source(public_id="1", title="t", sha256="s", imported_at=NOW),
        Source(public_id="2", title="t", sha256="s", imported_at=NOW),
    ],
    "neighbour_pairs_do_not_overlap": lambda p: [pair(p), pair(p)],
    "neighbour_lower_first": lambda p: [pair(p, a_id=p["B"], b_id=p["A"])],
    "neighbour_affinity_per_mille": lambda p: [pair(p, affinity=1001)],
    "neighbour_runs_forward": lambda p: [pair(p, valid_to=date(2000, 1, 1))],
    "neighbour_origin_known": lambda p: [pair(p, origin="guessed")],
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_database_itself_refuses(name: str) -> None:
    *fine, wrong = CASES[name](draw_register({"T": "A B"}))
    with unaudited():
        for row in fine:
            row.save()
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            wrong.save()
    message = str(caught.value)
    # SQLite names the columns of a unique constraint, not the constraint.
    assert name in message or "UNIQUE constraint failed" in message


def test_every_constraint_of_the_register_is_fired() -> None:
    models = (Source, Place, Outline, LineageEvent, PlaceVersion, LineageLink, Fact, Neighbour)
    named = {constraint.name for model in models for constraint in model._meta.constraints}
    assert named == set(CASES)


def test_a_code_may_come_back_and_an_empty_version_disturbs_nobody() -> None:
    places = draw_register({"T": "A B"})
    with unaudited():
        version(places, code="511603100999", code_number=511603100999).save()
        version(
            places, place_id=places["B"], valid_from=date(2002, 1, 1), valid_to=BEGINNING, code="511603100999",
            code_number=511603100999,
        ).save()  # fmt: skip
        version(places, valid_from=DAY, valid_to=DAY).save()
