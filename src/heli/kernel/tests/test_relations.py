"""What numbers cannot be beside each other: read with file and line, held at equality, agreed between sums and rule."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.kernel.faults import Refused
from heli.kernel.packs import Key, Shape, read_pack
from heli.kernel.relations import (
    RELATION_KEYS,
    Conclusion,
    Relation,
    check_relation,
    day_number,
    day_text,
    parse_side,
    read_relation,
    say_relation,
)
from heli.kernel.words import Words

NAMES = ("entitled", "present", "for", "against", "abstain")
HEAD = 'id = "x"\nversion = 1\nvalid_from = 2026-01-01\njurisdiction = "CN"\nsource = "x"\n'
VOTES = read_relation({"lte": ["for + against + abstain", "present"]})
TWO_THIRDS = read_relation({"lte": ["2 * entitled", "3 * present"]})
counts = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 2000))


def faults(*lines: str, days: tuple[str, ...] = ()) -> list[str]:
    keys = (Key("relations", Shape.TABLES, "relations", keys=RELATION_KEYS),)
    pack = read_pack(HEAD + "relations = [\n" + ",\n".join(lines) + "\n]\n", "x.toml", keys)
    return [
        f"{fault.source} {fault.message}"
        for number, each in enumerate(pack.data["relations"])
        for fault in check_relation(pack, ("relations", number), each, NAMES, days)
    ]


def test_what_is_declared_wrongly_is_named_with_its_line() -> None:
    assert faults('{lte = ["for + against", "present"]}', '{lt = ["entitled", "2 * present"]}') == []
    assert [line.split()[0] for line in faults('{lte = ["for", "present"]}', '{lte = ["gone", "present"]}')] == [
        "x.toml:8"
    ]
    assert "'for - against'" in faults('{lte = ["for - against", "present"]}')[0]
    assert "one of `lte` and `lt`" in faults('{lte = ["for"]}')[0]
    assert "one of `lte` and `lt`" in faults('{lte = ["for", "present"], lt = ["for", "present"]}')[0]
    with pytest.raises(Refused, match="unknown"):
        faults('{gte = ["for", "present"]}')


def test_a_day_stands_alone_beside_a_day() -> None:
    days = ("entitled", "present")
    assert faults('{lt = ["entitled", "present"]}', days=days) == []
    for wrong in ('["entitled", "for"]', '["entitled + present", "present"]', '["2 * entitled", "present"]'):
        assert "A day stands alone" in faults(f"{{lte = {wrong}}}", days=days)[0]


@given(st.dates(), st.dates())
def test_numbers_of_days_keep_their_order_and_are_read_back(one: date, other: date) -> None:
    assert (day_number(one) < day_number(other)) == (one < other)
    assert day_text(day_number(one)) == one.isoformat()


@pytest.mark.parametrize("text", ["", "+", "for +", "0 * for", "2 for", "2 * 3", "for * 2", "For", "-1 * for"])
def test_no_other_sum_is_read(text: str) -> None:
    assert parse_side(text) is None


def test_equality_is_the_edge() -> None:
    assert not VOTES.is_broken({"for": 300, "against": 100, "abstain": 100, "present": 500})
    assert VOTES.is_broken({"for": 300, "against": 100, "abstain": 101, "present": 500})
    half = Conclusion(read_relation({"lt": ["present", "2 * for"]}), Words("过半", "half"), "x")
    assert [half.is_reached({"present": 500, "for": votes}) for votes in (249, 250, 251)] == [False, False, True]
    thirds = Conclusion(TWO_THIRDS, Words("三分之二", "two thirds"), "x")
    assert [thirds.is_reached({"entitled": 420, "present": here}) for here in (279, 280)] == [False, True]
    assert thirds.is_reached({"entitled": 420}) is None


@given(counts, counts)
def test_what_is_broken_stays_broken_whatever_is_filled_in(values: dict[str, int], more: dict[str, int]) -> None:
    if VOTES.is_broken(values):
        assert VOTES.is_broken(more | values)


@given(st.fixed_dictionaries({name: st.integers(0, 50) for name in NAMES}))
def test_with_every_number_known_it_is_plain_arithmetic(values: dict[str, int]) -> None:
    votes = values["for"] + values["against"] + values["abstain"]
    assert VOTES.is_broken(values) is (votes > values["present"])
    strict = Relation(VOTES.left, VOTES.right, is_strict=True)
    assert strict.is_broken(values) is (votes >= values["present"])
    assert TWO_THIRDS.is_broken(values) is (2 * values["entitled"] > 3 * values["present"])


def test_it_is_said_in_the_words_of_its_fields() -> None:
    said = say_relation(
        VOTES, {"for": "同意", "against": "反对", "abstain": "弃权", "present": "实到"}, {"for": "evidence-2"}
    )
    told = said.filled(said.sentence("{left}（{a}）不能大于{right}（{b}）"), {"for": 1200, "present": 500})
    assert told == "同意 + 反对 + 弃权（1,200）不能大于实到（500）"
    assert said.as_json("x")["left"] == [[1, "evidence-2"], [1, "against"], [1, "abstain"]]
