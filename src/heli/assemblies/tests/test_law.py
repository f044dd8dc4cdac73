"""The packs of law: which hold on a day, what a stale line of a province comes to, what is not read, what a mistake says."""

from datetime import date

import pytest

from heli.assemblies.rules.law import FOLDER, KINDS, LawShelf, law_findings, parse_law, shelf
from heli.kernel.faults import Refused, Unsound

DAY = date(2026, 5, 20)


def test_the_law_changes_on_its_day() -> None:
    for kind, changed in (("village", date(2026, 1, 1)), ("residents", date(2026, 1, 1))):
        before, after = (shelf().law_of(kind, "CN", day).packs[0] for day in (date(2025, 12, 31), changed))
        assert before.header.valid_to == after.header.valid_from == changed
        assert before.sha256 != after.sha256


@pytest.mark.parametrize(("kind", "day"), [("village", date(2018, 12, 28)), ("coop", date(2025, 4, 30))])
def test_a_day_without_a_pack_is_refused(kind: str, day: date) -> None:
    with pytest.raises(Unsound) as unsound:
        shelf().law_of(kind, "CN", day)
    assert [fault.code for fault in unsound.value.findings] == ["no_pack"]


@pytest.mark.parametrize("code", ["CN-99", "51", "CN-", "CN-5", "JP", "CN-47"])
def test_an_unknown_province_is_refused(code: str) -> None:
    with pytest.raises(Unsound) as unsound:
        shelf().law_of("village", code, DAY)
    assert [fault.code for fault in unsound.value.findings] == ["unknown_province"]


def test_there_are_thirty_one_provinces() -> None:
    from heli.assemblies.rules.law import PROVINCES

    assert len(PROVINCES) == 31
    assert {"11", "37", "46", "50", "54", "65"} <= PROVINCES


def test_national_law_beats_a_stale_line_and_names_it() -> None:
    zhejiang = shelf().law_of("village", "CN-33", DAY)
    assert {old.id: new.article for old, new in zhejiang.set_aside} == {
        "proxy_agent": "村民委员会组织法 第十八条",
        "nomination": "村民委员会组织法 第十八条",
    }
    shandong = shelf().law_of("village", "CN-37", DAY)
    assert [(old.id, getattr(new, "of", 0)) for old, new in shandong.set_aside] == [("term", 5)]
    assert not shelf().law_of("village", "CN-33", date(2025, 6, 30)).set_aside
    assert [old.id for old, _new in shelf().law_of("coop", "CN-51", DAY).set_aside] == ["online"]


def test_a_province_replaces_what_the_nation_leaves_to_it() -> None:
    rules = {rule.test: rule.text() for rule in shelf().law_of("village", "CN-33", DAY).rules if rule.test == "box"}
    assert rules == {"box": "returned ≤ participants"}


@pytest.mark.parametrize(
    ("kind", "code", "day", "warnings"),
    [
        ("village", "CN-34", DAY, ["unread_province"]),
        ("village", "CN-51", DAY, []),
        ("village", "CN-51", date(2025, 6, 30), ["overlay_not_in_force"]),
        ("residents", "CN-51", DAY, []),
        ("residents", "CN-46", DAY, ["by_analogy"]),
        ("coop", "CN-33", DAY, ["unread_province"]),
        ("four_steps", "CN-34", DAY, []),
    ],
)
def test_what_was_not_read_is_said(kind: str, code: str, day: date, warnings: list[str]) -> None:
    assert [fault.code for fault in law_findings(shelf().law_of(kind, code, day))] == warnings


def test_every_pack_is_sound() -> None:
    assert {pack.kind for pack in shelf().packs} == set(KINDS)
    names = [(pack.header.id, pack.header.jurisdiction, pack.header.valid_from) for pack in shelf().packs]
    assert len(set(names)) == len(names)
    known = {body for pack in shelf().packs for body in pack.bodies}
    for pack in shelf().packs:
        assert all(one.bodies <= known for one in pack.rules)
        assert all(one.bodies <= known for one in pack.readings)
        for rule in pack.rules:
            assert rule.op in {">", ">="} or rule.test in {"box", "objection", "shown"}


def test_a_mistake_in_a_pack_is_named_with_its_line() -> None:
    text = (FOLDER / "CN-37-village.toml").read_text(encoding="utf-8")
    for change, code in [
        (("of = 5\n", ""), "no_right_side"),
        (('op = "="', 'op = "=="'), "unknown_value"),
        (('id = "term"', 'id = "congress_called"'), "twice"),
        (("times = 3", "times = 0"), "too_few"),
        (("times = 3", "times = 3.0"), "shape"),
    ]:
        with pytest.raises(Refused) as refused:
            parse_law(text.replace(*change, 1), "mine.toml")
        assert [fault.code for fault in refused.value.faults] == [code]
        assert refused.value.faults[0].source.startswith("mine.toml:")


def test_a_younger_line_of_a_province_holds() -> None:
    text = (FOLDER / "CN-37-village.toml").read_text(encoding="utf-8").replace("2012-12-31", "2026-02-01", 1)
    packs = tuple(pack for pack in shelf().packs if pack.header.jurisdiction != "CN-37")
    law = LawShelf((*packs, parse_law(text, "young.toml"))).law_of("village", "CN-37", DAY)
    assert not law.set_aside
    assert [rule.of for rule in law.rules if rule.id == "term"] == [3]
