"""Codes and names: what digits and words tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.places import rules
from heli.places.naming import committee_name, short_name
from heli.places.types import Level, PlaceKind, PlaceSpec


@pytest.mark.parametrize(
    ("code", "level", "kind"),
    [
        ("510000000000", Level.PROVINCE, PlaceKind.PROVINCE),
        ("511600000000", Level.CITY, PlaceKind.CITY),
        ("511603000000", Level.DISTRICT, PlaceKind.DISTRICT),
        ("511603001000", Level.TOWNSHIP, PlaceKind.STREET),
        ("511603100000", Level.TOWNSHIP, PlaceKind.TOWN),
        ("511603201000", Level.TOWNSHIP, PlaceKind.TOWNSHIP),
        ("511603400000", Level.TOWNSHIP, PlaceKind.TOWNSHIP_LIKE),
        ("511603001001", Level.VILLAGE, PlaceKind.COMMUNITY),
        ("511603001200", Level.VILLAGE, PlaceKind.VILLAGE),
        ("511603001498", Level.VILLAGE, PlaceKind.COMMUNITY_LIKE),
        ("511603001598", Level.VILLAGE, PlaceKind.VILLAGE_LIKE),
        ("511603001600", Level.VILLAGE, None),
        ("441900003001", Level.VILLAGE, PlaceKind.COMMUNITY),
    ],
)
def test_digits_tell_level_and_kind(code: str, level: Level, kind: PlaceKind | None) -> None:
    assert rules.compute_level(code) is level
    assert rules.compute_kind(code) is kind


def test_a_city_without_counties_is_the_parent_of_its_towns() -> None:
    assert rules.parent_codes("441900003001") == ["441900003000", "441900000000", "440000000000"]
    assert rules.parent_codes("511603001200")[0] == "511603001000"


@pytest.mark.parametrize(
    "code", ["51160300120", "5116030012000", "<td>511603", "５１１６０３００１２００", "011603001200", ""]
)
def test_only_twelve_plain_digits_are_a_code(code: str) -> None:
    assert not rules.is_code(code)


@pytest.mark.parametrize(
    "name", ["大桥村委会", "大桥村村民委员会", "大桥社区居委会", "大桥社区居民委员会", " 大 桥 村 "]
)
def test_suffixes_of_style_make_no_other_name(name: str) -> None:
    assert rules.normalise_name(name) == "大桥"


@pytest.mark.parametrize(
    ("listed", "short", "committee"),
    [
        # As the code lists of six districts write them.
        ("光明村村民委员会", "光明村", "光明村村民委员会"),
        ("光明村民委员会", "光明村", "光明村村民委员会"),
        ("光明村村委会", "光明村", "光明村村民委员会"),
        ("光明村委会", "光明村", "光明村村民委员会"),
        ("光明村", "光明村", "光明村村民委员会"),
        ("李村村委会", "李村", "李村村民委员会"),
        ("村村村委会", "村村", "村村村民委员会"),
        ("大桥社区居民委员会", "大桥社区", "大桥社区居民委员会"),
        ("大桥社区居委会", "大桥社区", "大桥社区居民委员会"),
        ("大桥居委会", "大桥社区", "大桥社区居民委员会"),
        ("头坡社居委", "头坡社区", "头坡社区居民委员会"),
        ("腊树园社区居民委员", "腊树园社区", "腊树园社区居民委员会"),
        ("铁路新村社区居委会", "铁路新村社区", "铁路新村社区居民委员会"),
        ("乌兰嘎查村民委员会", "乌兰嘎查", "乌兰嘎查村民委员会"),
        # Farms keep the name of the list; a town is called by its kind.
        ("三益分场", "三益分场", "三益分场"),
        ("城关街道办事处", "城关街道", "城关街道"),
        ("代市镇", "代市镇", "代市镇"),
        ("村委会", "村委会", "村委会"),
    ],
)
def test_a_place_is_called_for_short_and_its_committee_in_full(listed: str, short: str, committee: str) -> None:
    assert short_name(listed) == short
    assert committee_name(listed) == committee


@given(st.text(max_size=12))
def test_a_short_name_is_never_shortened_again(name: str) -> None:
    short = short_name(name)
    assert short_name(short) == short
    assert committee_name(short) == committee_name(name)


@given(st.text(max_size=12))
def test_a_name_never_loses_everything(name: str) -> None:
    assert bool(rules.normalise_name(name)) == bool(rules.clean_name(name))


def test_a_name_that_contradicts_its_digits_is_a_warning() -> None:
    assert [f.code for f in rules.check_name_against_code("大桥社区居委会", "511603001200")] == [
        "name_contradicts_code"
    ]
    assert rules.check_name_against_code("大桥村委会", "511603001200") == []


@given(st.sets(st.integers(200, 399), max_size=200))
def test_a_proposed_code_was_never_used(used: set[int]) -> None:
    codes = {f"511603100{number}" for number in used}
    proposed = rules.propose_code(codes, "511603100000", PlaceKind.VILLAGE)
    if proposed is None:
        assert len(used) == 200
    else:
        assert proposed not in codes
        assert rules.compute_kind(proposed) is PlaceKind.VILLAGE


def test_attributes_are_checked_by_themselves() -> None:
    spec = PlaceSpec(name=" ", kind=PlaceKind.TOWN, code="12", urban_rural_class="999", level=Level.VILLAGE)
    assert [f.code for f in rules.check_spec(spec)] == [
        "name_missing", "code_not_twelve_digits", "urban_rural_class_unknown", "kind_of_other_level",
    ]  # fmt: skip
