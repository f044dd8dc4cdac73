"""The campaign most at risk: running before finished, then red villages, then the forecast, then orange ones."""

import pytest

from heli.warnings.rules.risk import CampaignRisk, most_at_risk

CALM = CampaignRisk("calm", is_running=True, villages=100)


@pytest.mark.parametrize(
    ("other", "worst"),
    [
        (CampaignRisk("red", is_running=True, villages=100, red=1), "red"),
        (CampaignRisk("over", is_running=False, villages=100, red=100), "calm"),
        (CampaignRisk("late", is_running=True, villages=100, days_beyond=1), "late"),
        (CampaignRisk("orange", is_running=True, villages=100, orange=1), "orange"),
    ],
)
def test_against_a_calm_one(other: CampaignRisk, worst: str) -> None:
    assert most_at_risk([CALM, other]) == most_at_risk([other, CALM]) == worst


@pytest.mark.parametrize(
    ("more", "less"),
    [
        # A share, not a number: three of ten are more than twenty of a hundred.
        ({"villages": 10, "red": 3}, {"villages": 100, "red": 20}),
        # Red decides before the forecast, the forecast before orange.
        ({"villages": 10, "red": 1}, {"villages": 10, "days_beyond": 90, "orange": 9}),
        ({"villages": 10, "days_beyond": 1}, {"villages": 10, "orange": 10}),
        # Equal shares of red: the forecast decides.
        ({"villages": 10, "red": 1, "days_beyond": 5}, {"villages": 20, "red": 2, "days_beyond": 4}),
    ],
)
def test_what_weighs_more(more: dict[str, int], less: dict[str, int]) -> None:
    worse, better = CampaignRisk("worse", is_running=True, **more), CampaignRisk("better", is_running=True, **less)
    assert most_at_risk([better, worse]) == most_at_risk([worse, better]) == "worse"


def test_of_equals_the_first_is_taken_and_of_none_nothing() -> None:
    assert most_at_risk([CALM, CampaignRisk("same", is_running=True, villages=7)]) == "calm"
    assert most_at_risk([]) == ""
