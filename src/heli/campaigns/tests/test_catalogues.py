"""The catalogues of the house can be read, and mistakes in them are named."""

import pytest

from heli.campaigns.rules import catalogues
from heli.campaigns.rules.catalogues import FOLDER, parse_catalogue, whole
from heli.campaigns.types_matters import Aspect, Catalogue, RiskLevel
from heli.kernel.problems import Refused

GOOD = """
id = "problem_kinds"
version = 1
valid_from = 2026-01-01
jurisdiction = "CN"
source = "test"
[entries.debts]
zh = "债"
en = "Debts"
days = 10
"""


@pytest.mark.parametrize("path", sorted((FOLDER / "catalogues").glob("*.toml")), ids=lambda path: path.stem)
def test_every_catalogue_of_the_house_reads(path: object) -> None:
    found = catalogues.catalogue(path.stem)  # type: ignore[attr-defined]  # a path
    assert found.entries
    assert all(entry.words.zh and entry.words.en for entry in found.entries.values())


def test_the_rule_packs_say_what_the_rules_ask_of_them() -> None:
    assert set(catalogues.risk_pack().entries) == set(Aspect)
    assert catalogues.risk_pack().settings["allowed"] in set(RiskLevel)
    assert all(0 < whole(e.more["share"]) <= whole(e.more["over"]) for e in catalogues.talk_classes().entries.values())
    assert {e.more["group"] for e in catalogues.meeting_kinds().entries.values()} == {
        "meeting",
        "training",
        "rehearsal",
    }


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("days = 10", "days = 10\ncolour = 1", ("unknown_key", "problem-kinds.toml:11")),
        ("days = 10", "", ("missing_key", "problem-kinds.toml:7")),
        ("version = 1", "", ("missing_key", "problem-kinds.toml:1")),
        ("days = 10", "days = 0", ("too_few", "problem-kinds.toml:10")),
    ],
)
def test_a_mistake_is_named_with_its_file_and_line(old: str, new: str, where: tuple[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        parse_catalogue(GOOD.replace(old, new, 1), "problem-kinds.toml")
    assert (refused.value.problems[0].code, refused.value.problems[0].source) == where


def test_a_key_no_longer_in_the_file_stays_readable() -> None:
    found: Catalogue = parse_catalogue(GOOD, "problem-kinds.toml")
    assert (found.text("debts", "zh-hans"), found.text("debts", "en"), found.text("old", "en")) == (
        "债",
        "Debts",
        "old",
    )


def test_a_text_is_not_a_number() -> None:
    with pytest.raises(ValueError, match="whole number"):
        whole("3")
