"""The price of forbidding each merger, asked many at once, is what forbidding it alone costs."""

import pytest

from mergeplan import Edits, Instance, Kind, Planner, regret, solving
from mergeplan.testing import county, odd_county

DRAWN = [*(odd_county(seed) for seed in (6, 12, 26, 29, 35, 37)), county(40, 5, 1), county(80, 5, 3)]


@pytest.mark.parametrize("instance", DRAWN)
def test_prices_asked_together_are_those_asked_alone(instance: Instance) -> None:
    planner = Planner(instance)
    low, high = planner.count_range()
    plan = planner.solve()
    wishes = Edits.of(lock=[unit.members for unit in plan.units if unit.kind is Kind.MERGED][:1])
    for found in regret(planner, at_least=low, at_most=high, lock=wishes.lock):
        alone = planner.cost(low, high, wishes.plus(Edits.of(forbid=[found.members])))
        assert plan.objective is not None
        assert found.regret == (None if alone is None else alone - plan.objective)


def test_a_large_district_is_asked_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    planner = Planner(odd_county(12))
    together = regret(planner)
    monkeypatch.setattr(solving, "JOINED_CELLS", 0)
    assert together == regret(planner) != ()
