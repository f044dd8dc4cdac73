"""Data files are read strictly: every problem has its file and line, a locality's own file comes first."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.kernel import packs
from heli.kernel.faults import Refused
from heli.kernel.packs import Key, Shape, index_lines, read_pack, words_key

HEAD = """\
id = "colours"
version = 2
valid_from = 2026-01-01
jurisdiction = "CN"
source = "a notice"
"""
KEYS = (
    words_key("title", "its title"),
    Key("days", Shape.WHOLE, "how many days", required=False, least=1),
    Key("open", Shape.YES_NO, "whether it is open", required=False),
    Key("kinds", Shape.TEXTS, "kinds", required=False, choices=("a", "b")),
    Key("off", Shape.DAYS, "days off", required=False),
    Key(
        "stages", Shape.TABLES, "the stages", required=False, least=1,
        keys=(Key("key", Shape.TEXT, "its key"), Key("steps", Shape.TABLES, "steps", False, (Key("days", Shape.WHOLE, "days"),))),
    ),
    Key("towns", Shape.NAMED, "by town", required=False, keys=(Key("share", Shape.WHOLE, "a share"),)),
)  # fmt: skip
TITLE = 'title = {zh = "三色", en = "Colours"}\n'


def refused(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(Refused) as caught:
        read_pack(text, "colours.toml", KEYS)
    return [(fault.code, fault.source, fault.field) for fault in caught.value.faults]


def test_a_file_gives_its_header_its_data_and_its_hash() -> None:
    pack = read_pack(HEAD + TITLE, "colours.toml", KEYS)
    assert (pack.header.id, pack.header.version, pack.header.valid_to) == ("colours", 2, None)
    assert pack.data["title"]["zh"] == "三色"
    assert pack.sha256 == read_pack(HEAD + TITLE, "elsewhere.toml", KEYS).sha256
    assert pack.sha256 != read_pack(HEAD + TITLE + "# said\n", "colours.toml", KEYS).sha256


def test_a_header_holds_from_its_first_day_until_before_its_last() -> None:
    pack = read_pack(HEAD + "valid_to = 2027-01-01\n" + TITLE, "colours.toml", KEYS)
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [pack.header.holds_on(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("colour = 1\n", ("unknown_key", "colours.toml:7", "colour")),
        ('days = "3"\n', ("shape", "colours.toml:7", "days")),
        ("days = true\n", ("shape", "colours.toml:7", "days")),
        ("days = 0\n", ("too_few", "colours.toml:7", "days")),
        ("open = 1\n", ("shape", "colours.toml:7", "open")),
        ('kinds = ["a",\n  "c"]\n', ("unknown_value", "colours.toml:7", "kinds")),
        ("off = [2026-01-01T10:00:00]\n", ("shape", "colours.toml:7", "off")),
        ("stages = []\n", ("too_few", "colours.toml:7", "stages")),
        ('[[stages]]\nkey = " "\n', ("blank", "colours.toml:8", "key")),
        ('[[stages]]\nkey = "a"\n[[stages]]\n# no key\n', ("missing_key", "colours.toml:9", "key")),
        (
            '[[stages]]\nkey = "a"\n[[stages]]\nkey = "b"\n[[stages.steps]]\ndays = 1\n[[stages.steps]]\ndays = 1\nday = 2\n',
            ("unknown_key", "colours.toml:15", "day"),
        ),
        ("[towns.east]\nshare = 1\n[towns.west]\nshares = 2\nshare = 1\n", ("unknown_key", "colours.toml:10", "shares")),
        ("[towns]\neast = 1\n", ("shape", "colours.toml:7", "towns")),
        ("days = = 1\n", ("toml", "colours.toml:7", "")),
        ("valid_to = 2025-01-01\n", ("period", "colours.toml:7", "valid_to")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_file_line_and_key(more: str, found: tuple[str, str, str]) -> None:
    assert refused(HEAD + TITLE + more) == [found]


def test_every_problem_of_a_file_is_told_at_once_with_a_remedy() -> None:
    with pytest.raises(Refused) as caught:
        read_pack('id = "x"\ntitle = {zh = "三色"}\nkinds = ["z"]\n', "x.toml", KEYS)
    told = [(fault.source, fault.field) for fault in caught.value.faults]
    assert told == [
        ("x.toml:1", "version"), ("x.toml:1", "valid_from"), ("x.toml:1", "jurisdiction"), ("x.toml:1", "source"),
        ("x.toml:2", "en"), ("x.toml:3", "kinds"),
    ]  # fmt: skip
    assert "one of: a, b" in caught.value.faults[-1].message


def test_a_file_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "gbk.toml").write_bytes('id = "x"\nsource = "文件"\n'.encode("gbk"))
    with pytest.raises(Refused) as caught:
        packs.load_pack(tmp_path / "gbk.toml", ())
    assert caught.value.faults[0].source == "gbk.toml:2"


def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "marked.toml").write_bytes(b"\xef\xbb\xbf" + (HEAD + TITLE).encode())
    assert packs.load_pack(tmp_path / "marked.toml", KEYS).sha256 == read_pack(HEAD + TITLE, "plain.toml", KEYS).sha256


# A locality's own files


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    packs.override_from(tmp_path / "own")
    yield tmp_path / "own"
    packs.override_from(None)


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_locality_s_file_comes_before_the_shipped_one(tmp_path: Path, own: Path) -> None:
    shipped = write(tmp_path / "shipped" / "colours.toml")
    assert packs.find_file(shipped, "campaigns/colours.toml") == shipped
    mine = write(own / "campaigns" / "colours.toml")
    assert packs.find_file(shipped, "campaigns/colours.toml") == mine


def test_the_locality_s_folder_replaces_and_adds(tmp_path: Path, own: Path) -> None:
    kept, replaced = (write(tmp_path / "shipped" / name) for name in ("b.toml", "a.toml"))
    assert packs.find_files(tmp_path / "shipped", "playbooks") == {"a": replaced, "b": kept}
    mine, new = (write(own / "playbooks" / name) for name in ("a.toml", "c.toml"))
    assert packs.find_files(tmp_path / "shipped", "playbooks") == {"a": mine, "b": kept, "c": new}


# Lines


def ways(value: Any, where: packs.Where = ()) -> Iterator[packs.Where]:
    """The way to every key and element."""
    if where:
        yield where
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inside:
        yield from ways(part, (*where, name))


ODD = '''\
# [not.a.table]
a = 1 # a = 2
"b c" = """
[no]
x = 1 ""quoted"" \\"""
"""
d.e = { f = [1, { g = "}" }], 'h' = 2020-01-01 }
list = [ # said
  "one, [two]",
  [ 3, 4 ],

  { k = 1 },
]
[t."u.v"]
w = \'\'\'
[[x]]
\'\'\'
[[s]]
n = 1
[[s.s]]
n = 2
[[s.s]]
n = 3
[s.s.deep]
m = 4
[[s]]
[[s.s]]
n = 5
'''


def test_lines_are_found_through_texts_lists_and_nested_tables() -> None:
    lines = index_lines(ODD)
    wanted = {
        ("a",): 2, ("b c",): 3, ("d",): 7, ("d", "e", "f", 1, "g"): 7, ("list",): 8, ("list", 0): 9, ("list", 1, 1): 10,
        ("list", 2, "k"): 12, ("t", "u.v", "w"): 15, ("s", 0): 18, ("s", 0, "s", 0, "n"): 21, ("s", 0, "s", 1, "n"): 23,
        ("s", 0, "s", 1, "deep", "m"): 25, ("s", 1): 26, ("s", 1, "s", 0, "n"): 28,
    }  # fmt: skip
    assert {where: lines.get(where) for where in wanted} == wanted
    assert set(ways(tomllib.loads(ODD))) <= set(lines)


SHIPPED = sorted(Path(packs.__file__).parents[1].rglob("data/**/*.toml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_key_of_every_shipped_file_has_a_line_on_which_it_stands(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines, rows = index_lines(text), text.split("\n")
    for where in ways(tomllib.loads(text)):
        if isinstance(where[-1], str):
            assert where[-1] in rows[lines[where] - 1], where


SIMPLE = st.one_of(
    st.integers(-5, 5).map(str), st.sampled_from(['"a # b"', "'[x]'", '"""\n[y]\n"""', "true", "2020-01-01"])
)
VALUES = st.recursive(
    SIMPLE,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: "[\n" + ",\n".join(parts) + "]")
        | st.lists(inner, max_size=3).map(
            lambda parts: "{" + ", ".join(f"k{number} = {part}" for number, part in enumerate(parts)) + "}"
        )
    ),
    max_leaves=8,
)


@given(st.lists(st.tuples(st.sampled_from(["", "[[rows]]", "# said", "[rows.more]"]), VALUES), max_size=6))
def test_the_index_knows_exactly_the_keys_that_the_reader_knows(parts: list[tuple[str, str]]) -> None:
    text = "".join(f"{before}\nkey{number} = {value}\n" for number, (before, value) in enumerate(parts))
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(index_lines(text)) == set(ways(data))
