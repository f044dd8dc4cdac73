"""The published numbers of posts, from rows of the sample: 507 → 399, six roles of seventeen villages, what is flagged."""

import json
from datetime import date

import pytest

from heli.accounts.testing import World, build_world
from heli.kernel.access import SYSTEM
from heli.kernel.quantities import Ratio
from heli.posts.catalogues import kinds
from heli.posts.ledger import RECRUITMENTS
from heli.posts.rules.allotting import allot, read_allotting
from heli.posts.testing import allot_file
from heli.records.services import Draft, enter
from heli.records.testing import district_of

ROLES = 6


def gives(k_share: str, base: int, places: int = 2) -> list[int]:
    """The whole numbers of people that print as this percentage of a base."""
    return [k for k in range(base + 1) if Ratio(k, base).percent_text(places) == k_share]


def test_507_posts_become_399_over_116_villages_of_three_to_seven() -> None:
    assert Ratio(507 - 399, 507).percent_text(1) == "21.3"
    weights = {f"v{number:03}": 1_000 + 37 * (number * 61 % 59) for number in range(116)}
    shared = allot(read_allotting(json.dumps(allot_file(weights, 399))))
    assert sum(shared.posts.values()) == 399
    assert {min(shared.posts.values()), max(shared.posts.values())} <= {3, 4, 5, 6, 7}


def test_seventeen_key_villages_have_102_roles() -> None:
    six = [key for key in kinds().entries if key.startswith("role_")]
    assert len(six) == ROLES
    assert 17 * len(six) == 102


@pytest.mark.parametrize("share", ["23.53", "74.97", "71.14", "28.85"])
def test_published_shares_that_no_count_of_399_gives_stay_flagged(share: str) -> None:
    assert gives(share, 399) == []


def test_two_shares_of_one_team_that_do_not_add_up_stay_flagged() -> None:
    assert 7_114 + 2_885 == 9_999


def test_99_6_of_100_one_shoulder_is_no_share_of_148_but_of_230() -> None:
    assert gives("99.6", 148, 1) == []
    assert gives("99.6", 230, 1) == [229]


@pytest.mark.django_db
def test_116_and_40_are_two_recruitments_whose_relation_is_flagged() -> None:
    world: World = build_world()
    said = {"place": world.a.district.pk, "kind": "community_worker", "who": "anybody", "source": "公开招考"}
    unclear = "116 and 40: the source does not say whether the 40 are among the 116."
    rows = enter(
        actor=SYSTEM, ledger=RECRUITMENTS, about=district_of(world.a), on=date(2026, 3, 2),
        drafts=[Draft({**said, "title": f"招考{quota}名", "quota": quota, "unclear": unclear}) for quota in (116, 40)],
    )  # fmt: skip
    assert [(row.quota, row.unclear) for row in rows] == [(116, unclear), (40, unclear)]
