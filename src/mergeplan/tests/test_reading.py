"""Spoiled instances are refused with field, index and remedy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mergeplan import InstanceError, dump_json, instance_from_json, read_json
from mergeplan.tests.drawing import county_raw


@pytest.mark.parametrize(
    ("change", "where", "word"),
    [
        ({"edges": [[0, 9, 1, 1]]}, "edges[0]", "use an index from 0 to 2"),
        ({"edges": [[0, 1, 1]]}, "edges[0]", "write [i, j, length_m, affinity]"),
        ({"edges": [[0, 1, 1, 1], [1, 0, 1, 1]]}, "edges[1]", "repeats edges[0]"),
        ({"edges": [[0, 0, 1, 1]]}, "edges[0]", "itself"),
        ({"edges": [[0, 1, 1, 1001]]}, "edges[0]", "at most 1000"),
        ({"pop": [1, -2, 3]}, "pop[1]", "negative"),
        ({"pop": [1, 2.5, 3]}, "pop[1]", "whole"),
        ({"pop": [1, True, 3]}, "pop[1]", "not a number"),
        ({"x": [0, float("nan"), 1]}, "x[1]", "finite"),
        ({"pop": [1, 10**400, 3]}, "pop[1]", "at most"),
        ({"y": [0, 1]}, "y", "exactly 3 entries"),
        ({"town": None}, "town", "exactly 3 entries"),
        ({"id": ["a", "b", "a"]}, "id[2]", "unique"),
        ({"weights": {"balance": 0.12345}}, "weights.balance", "four decimal places"),
        ({"weights": {"balance": "much"}}, "weights.balance", "decimal"),
        ({"Pmin": 10, "Pmax": 5}, "Pmin", "above Pmax"),
        ({"K": 2, "Kmin": 3}, "Kmin", "above K"),
        ({"absorb": [[0, 1, 5]]}, "absorb[0]", "add 1 to hosts"),
        ({"must": [[1, 1]]}, "must[0]", "itself"),
        ({"windows": {"market": [5, 1]}}, "windows[0]", "above"),
        ({"zones": [3]}, "zones[0]", "list of villages"),
        ({"k": 0}, "k", "at least 1"),
        ({"K": -1}, "K", "negative"),
        ({"Pmx": 3000}, "Pmx", "write Pmax"),
        ({"pmin": 3000}, "pmin", "write Pmin"),
        ({"colour": 3}, "colour", "known are"),
        ({"weights": {"ballance": 1}}, "weights.ballance", "write weights.balance"),
        ({"windows": {"market": [1, 5]}}, "windows.market", "no village has one"),
        ({"type": ["mountain", None, None], "windows": {"montain": [1, 5]}}, "windows.montain", "types are: mountain"),
        ({"edges": [[0, 1, 4002, 1]]}, "edges[0]", "more than the perimeter"),
        ({"x": [11_890_000, 11_891_000, 11_892_000], "y": [3_560_000] * 3}, "x", "Web Mercator"),
    ],
)
def test_a_spoiled_field_is_named_with_its_remedy(change: dict[str, Any], where: str, word: str) -> None:
    with pytest.raises(InstanceError) as caught:
        instance_from_json({**county_raw("abc"), **change})
    text = str(caught.value)
    assert where in text
    assert word in text


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(InstanceError) as caught:
        instance_from_json({**county_raw("abc"), "pop": [-1, -2, -3], "k": 0})
    assert len(caught.value.flaws) == 4


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"\xff\xfe", b'{"n": 1e999}', b'{"n": 3}', b"[" * 100_000])
def test_what_is_no_instance_is_refused(data: bytes) -> None:
    with pytest.raises(InstanceError):
        read_json(data)


def test_writing_and_reading_back_changes_nothing() -> None:
    instance = instance_from_json(
        county_raw("abC", name=["甲", "乙", "丙"], cannot=[[0, 1]], type=["t", None, "t"], windows={"t": [1, 2]})
    )
    assert instance_from_json(json.loads(dump_json(instance))) == instance


def test_a_border_as_long_as_the_perimeter_and_survey_metres_are_taken() -> None:
    instance_from_json(county_raw("ab", edges=[[0, 1, 4001, 1]]))  # an enclave; a metre is left for rounding
    instance_from_json(county_raw("ab", x=[36_500_000, 36_501_000], y=[3_370_000, 3_370_000]))
    west = instance_from_json(county_raw("ab", x=[13_500_000, 13_501_000], y=[4_370_000, 4_370_000]))
    assert [w.code for w in west.warnings] == ["web-mercator"], "survey zone 13 looks like Web Mercator off Shanghai"


def test_remarks_are_left_alone_and_defaults_hold() -> None:
    raw = county_raw("ab", comment="x", towns=2)
    for key in ("T", "k", "id"):
        del raw[key]
    instance = instance_from_json({**raw, "K": 1})
    assert (instance.rules.target_pop, instance.rules.k, instance.id) == (2000, 3, (0, 1))
    assert instance.rules.detour == 13_000


def test_the_default_target_is_rounded_half_up() -> None:
    raw = county_raw("abcd", {"a": 1001, "b": 1000, "c": 1000, "d": 1000}, K=2)
    del raw["T"]
    assert instance_from_json(raw).rules.target_pop == 2001


@pytest.mark.parametrize("text", ['{"n": ' + "9" * 5000 + "}", "[" * 100_000, '{"n": ', "\udcff"])
def test_what_is_no_json_is_refused_in_words(text: str) -> None:
    with pytest.raises(InstanceError, match="not readable JSON"):
        read_json(text.encode("utf-8", "surrogateescape"))
