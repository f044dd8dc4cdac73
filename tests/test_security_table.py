"""The table of OWASP ASVS 5.0 is whole: each requirement of levels 1 and 2 once, an honest count, files that exist."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "reference" / "security.md").read_text(encoding="utf-8")
SECTIONS = (
    "1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3 "
    "5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 "
    "9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 "
    "13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2"
)
"""Sections of the standard, and how many of their requirements belong to levels 1 and 2 (always the first ones)."""
ROWS = [
    (key.split(", "), state, why)
    for key, state, why in re.findall(
        r"^\| (\d[\d., ]*) \| [^|]+ \| (met|not met|n/a) \| ([^|]+) \|$", PAGE, re.MULTILINE
    )
]


def test_every_requirement_of_levels_1_and_2_stands_there_once() -> None:
    counts = [part.partition(":") for part in SECTIONS.split()]
    wanted = [f"{section}.{number}" for section, _colon, most in counts for number in range(1, int(most) + 1)]
    assert len(wanted) == 253
    assert Counter(key for keys, _state, _why in ROWS for key in keys) == Counter(wanted)


def test_what_is_not_met_is_counted() -> None:
    said = re.search(r"\*\*Not met: (\d+)\.\*\*", PAGE)
    assert said is not None
    assert int(said[1]) == sum(len(keys) for keys, state, _why in ROWS if state == "not met")


def test_what_shows_it_exists() -> None:
    named = set(re.findall(r"`((?:src|tests|docs)/[^`*]+)`", PAGE))
    assert len(named) > 30
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
