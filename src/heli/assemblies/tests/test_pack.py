"""The polling pack as PDF: its pages, its words, nothing by which two ballots could be told apart."""

import shutil
import subprocess
from dataclasses import replace
from string import Formatter

import pytest

from heli.assemblies.polling.pack import PollingPack, as_data, render_pack, spaced, words
from heli.assemblies.rules.ballots import BallotPost
from heli.assemblies.rules.hall import HallWish
from heli.kernel.faults import Unsound

VILLAGE = PollingPack(
    unit="代市镇岩门村",
    title="村民委员会换届选举",
    day="2026年12月20日",
    hours="8:00—11:00",
    voters=286,
    posts=(
        BallotPost("主任", 1, ("张伟", "丁一")),
        BallotPost("委员", 3, ("李娜", "赵敏", "欧阳春", "刘洋")),
    ),
    hall=HallWish(1800, 2400, 2, 8, 2, 2, (("一组", 130), ("二组", 95), ("三组", 61))),
    mobile_boxes=1,
)


def pages(content: bytes) -> list[str]:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode().rstrip("\f").split("\f")


def test_the_pack_has_its_sheets_in_order_and_each_part_on_as_many_as_it_needs() -> None:
    said = pages(render_pack(VILLAGE))
    first = [
        "投票日工作清单",
        "选票",
        "样票",
        "会场和座次图",
        *["村民委员会换届选举"] * 10,
        "第1号投票箱",
        "第1号流动票箱",
        "主持词",
    ]
    assert len(said) == len(first) + 1  # the script goes on to a second sheet
    assert all(word in page for word, page in zip(first, said, strict=False))
    assert "286人印制286张" in said[0]
    assert "比例1∶100" in said[3]
    assert [page.split()[0] for page in said[6:8]] == ["验证领票处1", "验证领票处2"]


def test_a_ballot_bears_names_by_strokes_and_a_blank_line_for_every_seat_and_no_number() -> None:
    _checks, ballot, sample, *_others = pages(render_pack(VILLAGE))
    rows = [ballot.index(name) for name in ("丁", "张")]
    assert rows == sorted(rows)
    # Two on a sheet: each has as many lines for another name as there are seats.
    assert ballot.count("另选他人") == 2 * (1 + 3 + 2)  # twice in the rules
    assert "样票" not in ballot
    assert "样票" in sample
    top, bottom = ballot.split("候选人以姓氏笔画为序。")[:2]
    assert top.split() == bottom.split()


def test_the_same_pack_is_the_same_bytes_and_no_voter_changes_a_ballot() -> None:
    assert render_pack(VILLAGE) == render_pack(VILLAGE)
    assert as_data(VILLAGE)["ballot"] == as_data(replace(VILLAGE, voters=999))["ballot"]


def test_a_long_ballot_takes_a_sheet_of_its_own_and_stays_on_it() -> None:
    names = tuple(f"王{sign}" for sign in "一二三四五六七八九十百千")
    pack = replace(VILLAGE, posts=(BallotPost("主任", 1, names[:2]), BallotPost("委员", 8, names)))
    said = pages(render_pack(pack))
    assert said[1].count("候选人以姓氏笔画为序") == 1
    assert "会场和座次图" in said[3]


def test_what_has_no_room_is_refused_with_both_parts_unbroken() -> None:
    with pytest.raises(Unsound):
        render_pack(replace(VILLAGE, hall=HallWish(900, 900, 9, 9, 1, 0)))
    with pytest.raises(Unsound):
        render_pack(replace(VILLAGE, posts=()))


def test_a_name_may_hold_any_sign_and_none_is_read_as_a_command() -> None:
    nasty = "#evil[]$*_`@\\"
    said = pages(render_pack(replace(VILLAGE, unit=nasty, posts=(BallotPost("主任", 1, (nasty, "丁\x01一")),))))
    assert nasty in said[1]


def test_every_brace_of_the_words_is_a_known_fact() -> None:
    facts = {
        "unit",
        "title",
        "day",
        "hours",
        "voters",
        "ballots",
        "desks",
        "booths",
        "boxes",
        "mobile",
        "seats",
        "wheelchairs",
    }
    said = [part["title"] for part in words()["checks"]] + [
        item for part in words()["checks"] for item in part["items"]
    ]
    said += [part["text"] for part in words()["script"]]
    assert {name for text in said for _text, name, _form, _change in Formatter().parse(text) if name} <= facts


def test_a_name_of_two_signs_is_as_wide_as_one_of_three() -> None:
    assert (spaced("丁一"), spaced("王小明")) == ("丁　一", "王小明")
