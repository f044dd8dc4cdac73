"""The catalogues of the house can be read, and mistakes in them are named."""

from collections.abc import Callable

import pytest

from heli.consultation.catalogues import notice_kinds, opinion_topics, survey_pack, talk_classes
from heli.kernel.catalogues import Catalogue, parse_catalogue, whole
from heli.kernel.faults import Refused
from heli.meetings.catalogues import attendance_classes, meeting_kinds
from heli.problems.catalogues import DAYS, problem_kinds
from heli.risks.catalogues import risk_pack
from heli.risks.types import Aspect, RiskLevel

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


CATALOGUES = (
    problem_kinds, risk_pack, meeting_kinds, attendance_classes, notice_kinds, opinion_topics, talk_classes, survey_pack,
)  # fmt: skip


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda catalogue: catalogue().id)
def test_every_catalogue_of_the_house_reads(catalogue: Callable[[], Catalogue]) -> None:
    found = catalogue()
    assert found.entries
    assert all(entry.words.zh and entry.words.en for entry in found.entries.values())


def test_the_rule_packs_say_what_the_rules_ask_of_them() -> None:
    assert set(risk_pack().entries) == set(Aspect)
    assert risk_pack().settings["allowed"] in set(RiskLevel)
    assert all(0 < whole(e.more["share"]) <= whole(e.more["over"]) for e in talk_classes().entries.values())
    assert {e.more["group"] for e in meeting_kinds().entries.values()} == {
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
        parse_catalogue(GOOD.replace(old, new, 1), "problem-kinds.toml", more=(DAYS,))
    assert (refused.value.faults[0].code, refused.value.faults[0].source) == where


def test_a_key_no_longer_in_the_file_stays_readable() -> None:
    found: Catalogue = parse_catalogue(GOOD, "problem-kinds.toml", more=(DAYS,))
    assert (found.text("debts", "zh-hans"), found.text("debts", "en"), found.text("old", "en")) == (
        "债",
        "Debts",
        "old",
    )


def test_a_text_is_not_a_number() -> None:
    with pytest.raises(ValueError, match="whole number"):
        whole("3")
