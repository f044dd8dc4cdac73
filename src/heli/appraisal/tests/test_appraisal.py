"""The appraisal year: incomplete is never nought, two people grade, a third rules, then it is sealed; nobody is ranked."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.accounts.testing import World
from heli.appraisal import packs, queries, services
from heli.appraisal.ledger import APPRAISALS
from heli.appraisal.models import Appraisal, AppraisalFact, AppraisalNote, AppraisalYear, ReviewCount
from heli.appraisal.packs import KEYS, appraisal_packs, parse_appraisal_pack
from heli.appraisal.rules import grades_open, is_told, is_unfit, needs_reason, places_left
from heli.appraisal.sealing import digest_of
from heli.appraisal.services import PushedValue
from heli.appraisal.testing import OFFICES, added_up, begun, fill, graded, made, ready, row_at, third
from heli.audit.testing import unaudited
from heli.kernel.declare import Ask
from heli.kernel.faults import Refused
from heli.kernel.packs import read_pack
from heli.records.ledgers import Move
from heli.records.testing import DAY, DUE, MoveSuite, district_of

EVERYBODY = ("district_officer", "town_officer", "village_cadre")


class TestAppraisals(MoveSuite):
    ledger, enterers = APPRAISALS, OFFICES
    movers = {"report": EVERYBODY, "object": EVERYBODY}

    def row_in(self, half: Any, status: str, on: date = DAY) -> Any:
        """Led there by the cadre, a third officer and the district officer."""
        row = ready(half)
        if status == "open":
            return row
        if status in ("reported", "proposed"):
            row = made(half.actor("village_cadre"), row, "report", note="已述职")
            grade = {"grade": "excellent", "why": ""}
            return row if status == "reported" else made(half.actor("town_officer"), row, "propose", values=grade)
        row = graded(half, row, on=on)
        if status in ("objected", "ruled"):
            row = made(half.actor("village_cadre"), row, "object", on, values={"objection": "漏计一项"})
        if status == "ruled":
            row = made(half.actor("town_officer"), row, "rule", values={"grade": "excellent", "ruling": "维持"})
        return made(half.actor("town_officer"), row, "seal", DUE) if status == "sealed" else row

    def row_for(self, half: Any, step: Move) -> Any:
        """Somebody objects on the day of the notice; it is sealed long after."""
        return self.row_in(half, step.sources[0].value, DUE if step.name == "object" else DAY)


def codes(do: Any, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        do(*args, **more)
    return [fault.code for fault in refused.value.faults]


def reported(world: World, row: Appraisal) -> Appraisal:
    return made(world.a.actor("village_cadre"), row, "report", note="已述职")


def proposes(world: World, row: Appraisal, grade: str, why: str = "") -> Appraisal:
    return made(world.a.actor("town_officer"), row, "propose", values={"grade": grade, "why": why})


# -- the way of an appraisal -------------------------------------------------------------------------------------------


def test_every_committee_is_appraised_once_a_year_by_a_pack_in_force(world: World) -> None:
    year = begun(world.a, "two-committees", 2026)
    names = list(Appraisal.objects.filter(year=year).values_list("title", flat=True))
    assert sorted(names) == sorted(["岩门村", "大石村", "代市社区", "光明村", "水口村"])
    assert codes(begun, world.a, "two-committees", 2026) == ["begun_already"]
    given: dict[str, Any] = {"actor": world.a.actor("district_officer"), "about": district_of(world.a), "year": 2026}
    assert codes(services.begin_year, **given, pack="two-committees", on=date(2025, 12, 31)) == ["pack_not_in_force"]
    assert codes(services.begin_year, **given, pack="none", on=DAY) == ["pack_not_in_force"]
    assert begun(world.a, "linked-departments").appraisals.get().body_body == world.a.bodies["department"]


def test_a_missing_fact_or_too_few_ballots_is_incomplete_and_never_nought(world: World) -> None:
    few = {"excellent": 19, "good": 0, "fair": 0, "poor": 0}
    row = reported(world, ready(world.a, "two-committees", posted=None, ballots=few))
    assert row.parts["missing"] == ["ballots", "posted"]
    assert codes(proposes, world, row, "incompetent") == ["incomplete"]
    officer = world.a.actor("town_officer")
    services.exempt_from(
        actor=world.a.actor("district_officer"), row=row, indicator="posted", reason="新设社区，无村务"
    )
    services.enter_fact(
        actor=officer, row=row, indicator="ballots", fact={**few, "good": 1}, source="民主评议表 1 号"
    )  # fmt: skip
    assert codes(proposes, world, row, "competent") == ["not_added_up"]
    added_up(world.a, row.year)
    row.refresh_from_db()
    assert sum(row.parts["weights"].values()) == 10_000
    assert "posted" not in row.parts["weights"]
    assert row.parts["total"] > 9_900


def test_people_grade_as_the_facts_give_or_lower_with_a_reason(world: World) -> None:
    row = reported(world, ready(world.a, "two-committees"))
    # A fifth of three is nought: nobody of this town is excellent, and two people say what it is.
    assert row.parts["grade"] == "decide"
    assert codes(proposes, world, row, "excellent", "救灾突出") == ["cap_reached"]
    assert codes(proposes, world, row, "competent") == ["why_missing"]
    assert proposes(world, row, "competent", "名额已满").grade == "competent"
    row = reported(world, ready(world.a, "two-committees", solution={"k": 7, "n": 10}, content={"k": 7, "n": 10}))
    assert row.parts["grade"] == "competent"
    assert codes(proposes, world, row, "excellent", "x") == ["grade_above"]
    assert codes(proposes, world, row, "basic") == ["why_missing"]
    assert proposes(world, row, "basic", "上级通报一次").grade == "basic"


def test_whoever_stands_on_the_line_is_decided_by_people_with_a_reason(world: World) -> None:
    year = begun(world.a)
    for name in ("岩门村", "大石村"):
        fill(row_at(world.a, year, world.a.place(name)))
    added_up(world.a, year)
    officer, about = world.a.actor("district_officer"), district_of(world.a)
    state = queries.state_of(officer, about, year, appraisal_packs()["norm-year"])
    assert [(row.title, left) for row, left in state.on_the_line] == [("岩门村", 1), ("大石村", 1)]
    assert state.incomplete == 3
    row = reported(world, row_at(world.a, year))
    assert codes(proposes, world, row, "excellent") == ["why_missing"]
    assert proposes(world, row, "excellent", "两次救灾在先").grade == "excellent"
    other = row_at(world.a, year, world.a.place("大石村"))
    other = made(world.a.actor("town_officer"), other, "report", note="已述职")
    assert codes(made, third(world.a), other, "propose", values={"grade": "excellent", "why": "同分"}) == [
        "cap_reached"
    ]


def test_the_appraised_never_grade_themselves(world: World) -> None:
    from heli.accounts import services as accounts
    from heli.accounts.testing import BEGINNING
    from heli.kernel.access import SYSTEM

    row = reported(world, ready(world.a))
    user = world.a.users["town_officer"]
    accounts.grant_role(actor=SYSTEM, user=user, role="village_cadre", on=BEGINNING, place_id=world.a.village.pk)
    assert codes(proposes, world, row, "excellent") == ["own_grade"]


def test_an_objection_is_ruled_on_by_neither_of_the_two(world: World) -> None:
    row = graded(world.a, by="town_officer")
    late = DAY + timedelta(6)
    cadre, values = world.a.actor("village_cadre"), {"objection": "漏计一项"}
    assert codes(made, cadre, row, "object", late, values=values) == ["objection_late"]
    row = made(cadre, row, "object", values=values)
    ruling = {"grade": "competent", "ruling": "核实后改为称职"}
    for role in OFFICES:
        assert codes(made, world.a.actor(role), row, "rule", values=ruling) == ["same_person"]
    row = made(third(world.a), row, "rule", values=ruling)
    assert (row.status, row.grade) == ("ruled", "competent")


def test_it_is_sealed_after_the_notice_with_a_hash_over_everything(world: World) -> None:
    row, officer = graded(world.a), world.a.actor("town_officer")
    assert codes(made, officer, row, "seal", DAY + timedelta(5)) == ["notice_runs"]
    row = made(officer, row, "seal", DAY + timedelta(6))
    assert row.sha256 == digest_of(row)
    assert codes(
        services.enter_fact,
        actor=officer,
        row=row,
        indicator=row.facts.all()[0].indicator,
        fact={"done": 0},
        source="x",
    ) == ["graded_already"]
    answer = world.client("village_cadre").get(f"/appraisal/{world.a.district.public_id}/of/{row.public_id}/paper")
    assert answer["Content-Type"] == "application/pdf"


# -- facts -------------------------------------------------------------------------------------------------------------


def test_values_come_from_a_snapshot_with_its_hash_and_only_what_is_new(world: World) -> None:
    year = begun(world.a, "two-committees")
    value = PushedValue(world.a.village.pk, "matters.solution", 1, 9, 10, "snap", "f" * 64)
    officer = world.a.actor("district_officer")
    other = PushedValue(world.a.village.pk, "places.area", 1, 9, 1, "snap", "f" * 64)
    assert services.take_values(actor=officer, year=year, values=[value, other]) == 1
    assert services.take_values(actor=officer, year=year, values=[value]) == 0
    fact = AppraisalFact.objects.get()
    assert (fact.fact, fact.figure, fact.snapshot, fact.sha256) == (
        '{"k":9,"n":10}',
        "matters.solution",
        "snap",
        "f" * 64,
    )


def test_what_is_entered_fits_its_kind_and_says_what_shows_it(world: World) -> None:
    row, officer = row_at(world.a, begun(world.a, "two-committees")), world.a.actor("town_officer")
    wrong: list[tuple[str, dict[str, int], str, str]] = [
        ("none", {"k": 1, "n": 2}, "x", "unknown_indicator"),
        ("posted", {"k": 3, "n": 2}, "x", "more_than_all"),
        ("posted", {"k": 3}, "x", "numbers_missing"),
        ("posted", {"k": -1, "n": 2}, "x", "numbers_missing"),
        ("reported", {"done": 2}, "x", "numbers_missing"),
        ("posted", {"k": 1, "n": 2}, " ", "source_missing"),
    ]
    for indicator, fact, source, code in wrong:
        assert codes(services.enter_fact, actor=officer, row=row, indicator=indicator, fact=fact, source=source) == [
            code
        ]
    given = {"actor": officer, "row": row}
    assert codes(services.exempt_from, **given, indicator="reported", reason="x") == ["never_exempt"]
    assert codes(services.exempt_from, **given, indicator="content", reason=" ") == ["no_reason"]
    assert not AppraisalFact.objects.exists()


def test_a_confirmed_proposal_is_handed_over_once_and_scores_nothing(world: World) -> None:
    given: dict[str, Any] = {
        "district_id": world.a.district.pk,
        "place_id": world.a.town.pk,
        "text": "连续两周红色",
        "on": DAY,
    }
    officer = world.a.actor("district_officer")
    first = services.take_entry(actor=officer, **given, source="proposal:a")
    assert services.take_entry(actor=officer, **given, source="proposal:a") == first
    assert AppraisalNote.objects.count() == 1
    row = ready(world.a)
    assert queries.notes_at(row) == [first]
    assert row.parts["total"] == 10_000


def test_six_of_those_reviewed_were_not_proposed_as_numbers(world: World) -> None:
    from heli.appraisal.figures import FIGURES

    year, officer = begun(world.a), world.a.actor("district_officer")
    given: dict[str, Any] = {"actor": officer, "year": year, "place_id": world.a.town.pk, "on": DAY}
    assert codes(services.count_review, **given, reviewed=5, not_proposed={"age": 6}) == ["more_than_all"]
    assert codes(services.count_review, **given, reviewed=5, not_proposed={"name": 1}) == ["reason_unknown"]
    services.count_review(**given, reviewed=1, not_proposed={"age": 1})
    services.count_review(**given, reviewed=1_770, not_proposed={"age": 4, "own_wish": 2})
    ask = Ask(district_ids=(world.a.district.pk,), on=date(2100, 1, 1))
    (value,) = next(one for one in FIGURES if one.id == "appraisal.not_proposed").evaluate(ask).values()
    assert value == (6, 1_770)
    assert round(6 / 1_770 * 100, 2) == 0.34


# -- rules -------------------------------------------------------------------------------------------------------------


def test_grades_that_people_may_give() -> None:
    assert grades_open({}) == grades_open({"missing": ["x"]}) == ()
    assert grades_open({"grade": "basic"}) == ("incompetent", "basic")
    assert grades_open({"grade": "decide"})[-1] == "excellent"
    assert needs_reason({"grade": "decide"}, "excellent")
    assert not needs_reason({"grade": "basic"}, "basic")
    assert places_left(["excellent", "decide", "decide", "", ""], ["excellent"], (2, 5)) == 0


def test_twice_running_is_told_and_once_is_not() -> None:
    poor, half = {"poor": 11, "good": 10}, {"poor": 10, "good": 10}
    assert is_unfit(poor)
    assert not is_unfit(half)
    assert is_told([poor, poor])
    assert not any(is_told(some) for some in ([poor], [poor, half], [half, poor], [poor, None]))


def test_twice_running_is_told_on_the_page_with_its_article(world: World, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    poor = {"excellent": 0, "good": 0, "fair": 5, "poor": 30}
    rows = [ready(world.a, "two-committees", ballots=poor) for _year in range(2)]
    assert [is_told(queries.ballots_of(row)) for row in rows] == [False, True]
    page = world.client("village_cadre").get(APPRAISALS.url("row", world.a.district.public_id, rows[1].public_id))
    assert "第三十八条" in page.content.decode()


def test_no_page_orders_appraisals_by_their_total(world: World, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    ready(world.a)
    page = (
        world.client("district_officer").get(f"/appraisals/{world.a.district.public_id}/?sort=-total").content.decode()
    )
    assert "sort=total" not in page


# -- packs -------------------------------------------------------------------------------------------------------------


def test_the_packs_name_figures_that_exist_and_say_what_is_a_sample() -> None:
    from heli.kernel.offers import offered

    known = {figure.id: figure for figure in offered("figures", "FIGURES")}
    named = {one.figure for pack in appraisal_packs().values() for one in pack.indicators.values() if one.figure}
    assert named
    assert all(known[name].is_ratio for name in named)
    assert all(pack.is_sample for pack in appraisal_packs().values())
    norm, two = appraisal_packs()["norm-year"], appraisal_packs()["two-committees"]
    assert (len(norm.instruments), len(norm.indicators), len(two.instruments)) == (5, 18, 6)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("weight = 2000", "weight = 1999", "weights_sum"),
        ('instrument = "people"', 'instrument = "gossip"', "unknown_instrument"),
        ("target = 9500", "target = 6000", "floor_is_target"),
        ("least = 20\n", "", "least_missing"),
        ("competent = 7000", "competent = 9000", "grades_order"),
        ("share = [1, 5]", "share = [6, 5]", "share"),
        ("sample = true", 'sample = "yes"', "shape"),
    ],
)
def test_a_wrong_pack_is_refused_with_its_line(old: str, new: str, code: str) -> None:
    text = (Path(packs.__file__).parent / "data/packs/two-committees.toml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(Refused) as refused:
        parse_appraisal_pack(read_pack(text.replace(old, new, 1), "x.toml", KEYS))
    assert code in [fault.code for fault in refused.value.faults]
    assert all(fault.source.startswith("x.toml:") for fault in refused.value.faults)


def test_a_pack_that_was_changed_since_does_not_add_up(world: World) -> None:
    year = begun(world.a)
    with unaudited():
        AppraisalYear.objects.update(pack_sha256="0" * 64)
    year.refresh_from_db()
    assert codes(services.add_up, actor=world.a.actor("district_officer"), year=year) == ["pack_changed"]


# -- the database ------------------------------------------------------------------------------------------------------


def test_the_database_holds_what_the_services_promise(world: World) -> None:
    row = graded(world.a)
    services.take_entry(
        actor=world.a.actor("district_officer"),
        district_id=row.district_id,
        place_id=row.place_id,
        text="x",
        source="s",
        on=DAY,
    )
    services.count_review(
        actor=world.a.actor("district_officer"),
        year=row.year,
        place_id=world.a.town.pk,
        reviewed=1,
        not_proposed={},
        on=DAY,
    )
    mine = Appraisal.objects.filter(pk=row.pk)
    wrong: list[tuple[Any, dict[str, Any], str]] = [
        (mine, {"status": "x"}, "appraisal_status_known"),
        (mine, {"confirmed_by": row.proposed_by_id}, "appraisal_confirmed_by_another"),
        (mine, {"ruled_by": row.confirmed_by_id}, "appraisal_ruled_by_another"),
        (mine, {"ruled_by": row.proposed_by_id}, "appraisal_ruled_not_by_the_proposer"),
        (mine, {"grade": ""}, "appraisal_graded"),
        (mine, {"sha256": "x"}, "appraisal_sealed_with_a_hash"),
        (mine, {"sealed_on": DAY}, "appraisal_sealed_on_a_day"),
        (AppraisalYear.objects.all(), {"year": 1900}, "appraisal_year_can_be_meant"),
        (AppraisalFact.objects.all(), {"source": "y"}, "appraisal_fact_append_only|AppendOnly"),
        (AppraisalNote.objects.all(), {"text": "y"}, "appraisal_note_append_only|AppendOnly"),
        (ReviewCount.objects.all(), {"number": 2}, "appraisal_review_append_only|AppendOnly"),
    ]
    for rows, change, name in wrong:
        with pytest.raises(Exception, match=name), transaction.atomic(), unaudited():
            rows.update(**change)
    at = row.opened_at
    fact = {"appraisal": row, "indicator": "x", "source": "x", "by_name": "x", "at": at}
    note = {
        "public_id": "n",
        "district_id": row.district_id,
        "place_id": row.place_id,
        "on": DAY,
        "by_name": "x",
        "at": at,
    }
    added: list[tuple[Any, dict[str, Any], str]] = [
        (AppraisalFact, fact, "appraisal_fact_or_reason"),
        (AppraisalFact, {**fact, "fact": "{}", "figure": "x"}, "appraisal_figure_with_its_snapshot"),
        (AppraisalNote, {**note, "text": "", "source": "t"}, "appraisal_note_says_what"),
        (ReviewCount, {"year": row.year, "place_id": row.place_id, "number": -1, "by_name": "x", "at": at},
         "appraisal_review_not_below_nought"),
    ]  # fmt: skip
    for model, values, name in added:
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), unaudited():
            model.objects.create(**values)
    copied = {field.attname: getattr(row, field.attname) for field in Appraisal._meta.fields if field.attname != "id"}
    for more in ({"number": 99}, {"place_id": world.a.town.pk}):  # once a year, numbered once
        with pytest.raises(IntegrityError), transaction.atomic(), unaudited():
            Appraisal.objects.create(**{**copied, "public_id": "z", **more})
