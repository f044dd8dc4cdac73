"""Points: confirmed by somebody else, capped by the month, reversed and never edited; leaving keeps sums and no person."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World
from heli.audit.testing import unaudited
from heli.kernel.faults import Refused
from heli.points import queries, services
from heli.points.catalogues import acts, earning_of, forbidden
from heli.points.ledger import SHIFTS
from heli.points.models import Certificate, Credit, Member, PointsEntry, Shift, ShiftClaim
from heli.points.rules import compute_points, fold, standing
from heli.points.testing import KEEPERS, TIMED, claim, confirmed, earned, entered, member, shift
from heli.points.types import EarnedPer, Line, Sum
from heli.records.testing import DAY, LedgerSuite, district_of, make


class TestShifts(LedgerSuite):
    ledger, enterers = SHIFTS, KEEPERS


def code(do: Callable[..., object], *args: Any, **more: Any) -> str:
    with pytest.raises(Refused) as refused:
        do(*args, **more)
    return refused.value.faults[0].code


def balance(world: World, role: str = "grid_worker") -> Sum:
    own = queries.member_of(world.a.actor(role))
    assert own is not None
    return queries.account_of(own).balance


# -- the way of a shift ------------------------------------------------------------------------------------------------


def test_hours_are_confirmed_by_somebody_else_and_earn_for_the_member_and_the_organisation(world: World) -> None:
    member(world.a, unit=f"body:{world.a.bodies['department'].public_id}")
    row = shift(world.a)
    taken = services.take_on(actor=world.a.actor("grid_worker"), shift=row, on=DAY)
    entry = services.confirm_shift(actor=world.a.actor("village_cadre"), claim=taken, minutes=120, on=DAY)
    assert (entry.points, entry.minutes, entry.body, entry.shift) == (4, 120, world.a.bodies["department"], row)
    assert balance(world) == Sum(4, 120, 1)
    (line,) = queries.sums_of(world.a.actor("auditor"), district_of(world.a), DAY)
    assert (line.place, line.act, line.points) == ("岩门村", "shift", 4)
    found = queries.unit_account(
        world.a.actor("auditor"), district_of(world.a), world.a.bodies["department"].public_id, DAY
    )
    assert found is not None
    assert [one.points for one in found[1]] == [4]


def test_nobody_reports_in_without_consent_or_elsewhere(world: World) -> None:
    assert code(member, world.a, consents=False) == "consent_missing"
    assert code(member, world.a, home_id=None) == "nowhere"
    assert code(member, world.a, home_id=world.b.village.pk) == "place_outside"
    assert code(member, world.a, unit="body:x") == "unit_unknown"
    assert not Member.objects.exists()
    assert member(world.a).pk == member(world.a, work_id=world.a.other_village.pk).pk


def test_a_shift_is_taken_on_where_one_lives_or_works_until_all_are_found(world: World) -> None:
    row, far = shift(world.a, heads=1), shift(world.a, world.a.other_village)
    taken = claim(world.a, row=row)
    again = world.a.actor("grid_worker")
    assert code(services.take_on, actor=again, shift=row, on=DAY) == "taken_on_already"
    assert code(services.take_on, actor=again, shift=far, on=DAY) == "shift_elsewhere"
    assert code(claim, world.a, "auditor", row) == "shift_full"
    services.give_back(actor=again, claim=taken)
    other = claim(world.a, "auditor", row)
    assert code(services.give_back, actor=again, claim=other) == "not_yours"
    services.release_claim(actor=world.a.actor("town_officer"), claim=other)
    assert not ShiftClaim.objects.exists()
    make(SHIFTS, world.a, world.a.actor("town_officer"), row, SHIFTS.by_name["end"])
    assert code(services.take_on, actor=again, shift=row, on=DAY) == "shift_over"
    assert code(services.take_on, actor=again, shift=shift(world.a), on=DAY + timedelta(1)) == "shift_over"


def test_a_shift_one_is_on_or_was_confirmed_for_is_not_offered_again(world: World) -> None:
    row, taken, open_one = shift(world.a), shift(world.a), shift(world.a)
    confirmed(world.a, claim(world.a, row=row))
    claim(world.a, row=taken)
    own = queries.member_of(world.a.actor("grid_worker"))
    assert own is not None
    assert queries.shifts_for(own, DAY) == [open_one]


def test_whoever_was_confirmed_stays_on_the_shift_after_leaving(world: World) -> None:
    row = shift(world.a, heads=1)
    confirmed(world.a, claim(world.a, row=row))
    services.leave(actor=world.a.actor("grid_worker"))
    assert queries.heads_of(row) == (0, 1)
    assert code(claim, world.a, "auditor", row) == "shift_full"


def test_nothing_is_confirmed_twice_before_its_day_or_for_a_day_and_more(world: World) -> None:
    taken = claim(world.a)
    for minutes in (0, 24 * 60 + 1):
        assert code(confirmed, world.a, taken, minutes) == "minutes_outside"
    assert code(confirmed, world.a, taken, on=TIMED) == "shift_not_yet"
    entry = confirmed(world.a, taken)
    assert code(confirmed, world.a, taken) == "not_now"
    assert PointsEntry.objects.get() == entry
    second = claim(world.a, "auditor", shift(world.a))
    make(SHIFTS, world.a, world.a.actor("town_officer"), second.shift, SHIFTS.by_name["end"])
    assert code(confirmed, world.a, second) == "shift_over"


def test_a_month_has_a_cap_that_hours_go_beyond_and_points_do_not(world: World) -> None:
    for _time in range(3):
        confirmed(world.a, claim(world.a, hours=8), minutes=8 * 60)
    assert balance(world) == Sum(40, 24 * 60, 3)
    later = claim(world.a, held_on=DAY + timedelta(30))
    confirmed(world.a, later, on=DAY + timedelta(30))
    assert balance(world).points == 44


def test_what_was_wrong_is_taken_back_by_a_second_line_once(world: World) -> None:
    entry, officer = confirmed(world.a), world.a.actor("district_officer")
    assert code(services.reverse_entry, actor=officer, entry=entry, reason=" ") == "reason_empty"
    back = services.reverse_entry(actor=officer, entry=entry, reason="工时误录")
    assert (back.points, back.minutes, back.reverses) == (-4, -120, entry)
    assert balance(world) == Sum(0, 0, 2)
    for one in (entry, back):
        assert code(services.reverse_entry, actor=officer, entry=one, reason="x") == "reversed_already"


def test_leaving_deletes_what_names_the_person_and_keeps_every_sum(world: World) -> None:
    officer, about = world.a.actor("district_officer"), district_of(world.a)
    confirmed(world.a)
    services.take_on(actor=world.a.actor("grid_worker"), shift=shift(world.a), on=DAY)
    services.issue_certificate(actor=world.a.actor("grid_worker"), on=DAY)
    before = queries.sums_of(officer, about, DAY)
    assert services.leave(actor=world.a.actor("grid_worker")) == 1
    assert [model.objects.count() for model in (Member, Credit, ShiftClaim, Certificate)] == [0, 0, 0, 0]
    assert queries.sums_of(officer, about, DAY) == before


def test_no_line_has_a_column_for_a_person(world: World) -> None:
    """The only way from a line to a person is a credit, which goes with the member."""
    people = {field.name for field in PointsEntry._meta.fields if field.related_model is not None}
    assert people == {"district", "place", "town", "body", "shift", "reverses", "confirmed_by"}


def test_a_certificate_says_what_it_said_and_whether_it_still_holds(world: World) -> None:
    actor = world.a.actor("grid_worker")
    member(world.a)
    assert code(services.issue_certificate, actor=actor, on=DAY) == "nothing_yet"
    entry = confirmed(world.a)
    made = services.issue_certificate(actor=actor, on=DAY)
    page = world.client("stranger").get(f"/points/true/{made.code}/").content.decode()
    assert made.code in page
    assert "grid_worker" not in page
    found = queries.certificate_by(made.code)
    assert found is not None
    assert found[1].minutes == made.minutes
    services.reverse_entry(actor=world.a.actor("district_officer"), entry=entry, reason="误录")
    changed = world.client("stranger").get(f"/points/true/{made.code}/").content.decode()
    assert page != changed


# -- organisations and places ------------------------------------------------------------------------------------------


def test_both_sides_of_a_matter_are_scored_once(world: World) -> None:
    unit = entered(world.a, "solved", source="matter:abc:unit")
    place = entered(world.a, "brought", unit="", source="matter:abc:place")
    assert (unit.points, unit.body, place.points, place.body) == (5, world.a.bodies["department"], 3, None)
    assert code(entered, world.a, "solved", source="matter:abc:unit") == "entered_already"


def test_what_is_entered_is_known_shown_and_past(world: World) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"act": "click"}, "act_unknown"),
        ({"act": "shift"}, "act_unknown"),
        ({"proof": " "}, "proof_missing"),
        ({"on": DAY + timedelta(1)}, "day_in_future"),
        ({"unit": ""}, "unit_unknown"),
        ({"minutes": -1}, "minutes_outside"),
        ({"act": "brought"}, "unit_with_place"),
    ]
    for more, expected in wrong:
        assert code(entered, world.a, **more) == expected
    assert not PointsEntry.objects.exists()


def test_the_cap_of_an_organisation_is_its_own(world: World) -> None:
    assert [entered(world.a).points for _time in range(5)] == [5, 5, 5, 5, 0]
    assert entered(world.a, on=date(2026, 2, 1)).points == 5
    officer = world.a.actor("district_officer")
    group = f"body:{world.a.bodies['group'].public_id}"
    given: dict[str, Any] = {"actor": officer, "about": district_of(world.a), "on": DAY}
    assert services.enter_points(**given, earned=earned(world.a, unit=group)).points == 5


# -- what earns --------------------------------------------------------------------------------------------------------


def test_an_act_of_clicks_or_whereabouts_is_refused_with_its_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from heli.kernel.words import Words

    shipped = acts()
    assert forbidden(shipped) == []
    assert earning_of("login") is None
    for words in (Words("每日打卡", "daily"), Words("文章", "a forward in a group")):
        entry = replace(shipped.entries["shift"], words=words)
        (fault,) = forbidden(replace(shipped, entries={"shift": entry}))
        assert (fault.code, fault.source) == ("never_earns", "国办函〔2026〕12号")


def test_what_would_prove_nothing_is_no_proof_of_the_file(tmp_path: Any) -> None:
    from pathlib import Path

    from heli.kernel.catalogues import parse_catalogue
    from heli.kernel.packs import Key, Shape
    from heli.points import catalogues
    from heli.points.types import Proof

    text = (Path(catalogues.__file__).parent / "data/acts.toml").read_text(encoding="utf-8")
    more = [Key(name, Shape.TEXT, name) for name in ("earner", "per", "confirmer")]
    more += [Key(name, Shape.WHOLE, name) for name in ("points", "cap")]
    more.append(Key("proof", Shape.TEXT, "what proves it", choices=tuple(Proof)))
    with pytest.raises(Refused) as refused:
        parse_catalogue(
            text.replace('proof = "record"', 'proof = "login"', 1), "acts.toml", more=more,
            settings=[Key("units_table", Shape.YES_NO, "x")],
        )  # fmt: skip
    assert refused.value.faults[0].code == "unknown_value"


# -- laws --------------------------------------------------------------------------------------------------------------

amounts = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 1440), st.booleans()), max_size=30)


def lines_of(drawn: list[tuple[int, int, bool]]) -> list[Line]:
    found = []
    for number, (points, minutes, is_reversed) in enumerate(drawn):
        found.append(Line(f"e{number}", "shift", DAY, 1, minutes, points))
        if is_reversed:
            found.append(Line(f"r{number}", "shift", DAY, 1, -minutes, -points, f"e{number}", "误录"))
    return found


@given(amounts, st.randoms(use_true_random=False))
def test_a_balance_is_the_fold_of_what_stands_in_any_order(drawn: list[tuple[int, int, bool]], rng: Any) -> None:
    lines = lines_of(drawn)
    whole = fold(lines)
    kept = fold(standing(lines))
    assert (whole.points, whole.minutes) == (kept.points, kept.minutes)
    rng.shuffle(lines)
    assert fold(lines) == whole


@given(st.integers(1, 10), st.sampled_from(EarnedPer), st.integers(1, 100), st.integers(0, 1440), st.integers(-10, 200))
def test_a_month_never_holds_more_than_its_cap(
    points: int, per: EarnedPer, cap: int, minutes: int, before: int
) -> None:
    more = compute_points(points, per, cap, minutes, before)
    assert more >= 0
    assert before + more <= max(cap, before)


# -- the database ------------------------------------------------------------------------------------------------------


def test_the_database_holds_what_the_services_promise(world: World) -> None:
    entry = confirmed(world.a)
    made = services.issue_certificate(actor=world.a.actor("grid_worker"), on=DAY)
    credit, row = Credit.objects.get(), entry.shift
    assert row is not None
    wrong: list[tuple[Any, dict[str, Any], str]] = [
        (
            Credit.objects.filter(pk=credit.pk),
            {"confirmed_by": credit.earner_id},
            "points_never_confirmed_by_the_earner",
        ),
        (Member.objects.all(), {"home": None}, "points_member_reports_somewhere"),
        (Certificate.objects.filter(pk=made.pk), {"minutes": -1}, "points_certificate_not_below_nought"),
        (Shift.objects.filter(pk=row.pk), {"title": ""}, "shift_named"),
        (Shift.objects.filter(pk=row.pk), {"heads": 0}, "shift_within_bounds"),
        (Shift.objects.filter(pk=row.pk), {"status": "x"}, "shift_status_known"),
        (Shift.objects.filter(pk=row.pk), {"status": "ended"}, "shift_ended_on_a_day"),
        (PointsEntry.objects.filter(pk=entry.pk), {"points": 9}, "points_entry_append_only|AppendOnly"),
    ]
    for rows, change, name in wrong:
        with pytest.raises(Exception, match=name), transaction.atomic(), unaudited():
            rows.update(**change)
    copied = {
        field.attname: getattr(entry, field.attname)
        for field in PointsEntry._meta.fields if field.attname not in ("id", "public_id", "source")
    }  # fmt: skip
    added: list[tuple[dict[str, Any], str]] = [
        ({"earner": "x"}, "points_earner_known"),
        ({"earner": "unit", "body_id": None}, "points_earner_named"),
        ({"earner": "place", "body_id": world.a.bodies["group"].pk}, "points_earner_named"),
        ({"proof": ""}, "points_proven"),
        ({"points": -1}, "points_reversed_never_edited"),
        ({"reverses_id": entry.pk, "reason": "x"}, "points_reversed_never_edited"),
        ({"reverses_id": entry.pk, "points": -1, "minutes": -1}, "points_reversed_never_edited"),
    ]
    for number, (change, name) in enumerate(added):
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), unaudited():
            PointsEntry.objects.create(**{**copied, **change, "public_id": f"x{number}", "source": f"x{number}"})
    reversal = {"reverses_id": entry.pk, "points": -4, "minutes": -120, "reason": "x"}
    with unaudited():
        PointsEntry.objects.create(**{**copied, **reversal, "public_id": "y", "source": "y"})
    for change in ({"source": entry.source}, {**reversal, "source": "z"}):
        with pytest.raises(IntegrityError), transaction.atomic(), unaudited():
            PointsEntry.objects.create(**{**copied, **change, "public_id": "z"})
    claimed = ShiftClaim.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic(), unaudited():
        ShiftClaim.objects.create(
            public_id="z", shift=row, member=claimed.member, claimed_at=claimed.claimed_at
        )  # shift_claimed_once


# -- pages -------------------------------------------------------------------------------------------------------------


def test_the_account_asks_as_many_questions_however_long_it_is(world: World, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    client = world.client("grid_worker")
    confirmed(world.a)
    shift(world.a, held_on=date(2030, 1, 1))
    client.get("/points/")
    with CaptureQueriesContext(connection) as few:
        assert client.get("/points/").status_code == 200
    for _time in range(4):
        confirmed(world.a, claim(world.a))
        shift(world.a, held_on=date(2030, 1, 1))
    with CaptureQueriesContext(connection) as many:
        client.get("/points/")
    assert len(many) == len(few)
    assert len(few) <= 12, [one["sql"][:120] for one in few]


def test_a_member_goes_the_way_on_pages_and_others_see_no_name(world: World, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    client, keeper = world.client("grid_worker"), world.client("town_officer")
    typed = {"home": world.a.village.pk, "work": "", "unit": ""}
    assert client.post("/points/", {**typed, "did": "report_in"}).status_code == 422
    assert client.post("/points/", {**typed, "did": "report_in", "consents": "on"}).status_code == 303
    row = shift(world.a, held_on=DAY)
    taken = services.take_on(actor=world.a.actor("grid_worker"), shift=row, on=DAY)
    people = f"/points/d/{world.a.district.public_id}/shifts/{row.public_id}/"
    assert "grid_worker" in keeper.get(people).content.decode()
    assert keeper.post(people, {"did": "confirm", "id": taken.public_id, "hours": "1.5"}).status_code == 303
    assert balance(world) == Sum(3, 90, 1)
    seen = [
        SHIFTS.url("row", world.a.district.public_id, row.public_id),
        f"/points/d/{world.a.district.public_id}/",
        f"/points/d/{world.a.district.public_id}/lines/{PointsEntry.objects.get().public_id}/",
    ]
    for role in ("district_officer", "auditor", "department_liaison"):
        pages = [world.client(role).get(page).content.decode() for page in seen]
        assert [page for page in pages if "grid_worker" in page] == []
    answer = client.post("/points/certificate/")
    assert answer["Content-Type"] == "application/pdf"
    assert client.post("/points/", {"did": "leave"}).status_code == 303
    assert not Member.objects.exists()


def test_figures_count_links_sums_and_members_and_list_nobody(world: World) -> None:
    from heli.bodies import services as bodies
    from heli.bodies.types import LinkKind
    from heli.kernel.access import SYSTEM
    from heli.kernel.declare import Ask
    from heli.points.figures import FIGURES

    department = world.a.bodies["department"]
    for kind in (LinkKind.REPORTS_IN, LinkKind.PARTNER):
        bodies.add_link(actor=SYSTEM, kind=kind, place_id=world.a.village.pk, body=department, on=TIMED)
    confirmed(world.a)
    entered(world.a)
    ask = Ask(district_ids=(world.a.district.pk,), on=date(2027, 1, 1))
    values = {one.id: dict(one.evaluate(ask)) for one in FIGURES}
    village = world.a.village.pk
    assert values == {
        "points.units": {village: (1, 1)}, "points.partners": {village: (1, 1)}, "points.part_time": {},
        "points.members": {village: (1, 1)}, "points.earned": {village: (9, 1)}, "points.minutes": {village: (120, 1)},
    }  # fmt: skip
    for one in FIGURES:
        assert "grid_worker" not in str(one.rows(ask, [village]).lines)
