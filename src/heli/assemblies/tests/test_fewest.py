"""The fewest servers for a target of waiting: against every setting there is, and the two facts the search rests on."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heli.assemblies.rules.fewest import find_fewest
from heli.assemblies.rules.rehearsing import PollingSetup, PollingStage, draw, rehearse, serve

SMALL = PollingSetup(
    3,
    7,
    40,
    30,
    12,
    (),
    (PollingStage("desk", 1, 0.9, 3), PollingStage("booth", 1, 2.2, 2), PollingStage("box", 1, 0.3, 4)),
)


def waits(setup: PollingSetup, servers: tuple[int, ...]) -> float:
    stages = tuple(replace(stage, servers=number) for stage, number in zip(setup.stages, servers, strict=True))
    return rehearse(replace(setup, stages=stages))["wait_p95"]["mean"]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 12), st.integers(8, 45))
def test_it_is_the_fewest_of_all_settings(seed: int, target: float, voters: int) -> None:
    setup = replace(SMALL, seed=seed, voters=voters)
    most = 5
    found = find_fewest(setup, target, most)
    # The form rounds to a thousandth of a minute; a target that lies so near is not asked.
    table = {servers: waits(setup, servers) for servers in product(range(1, most + 1), repeat=3)}
    if any(abs(wait - target) < 0.001 for wait in table.values() if wait):
        return
    keeping = [servers for servers, wait in table.items() if wait <= target]
    if not keeping:
        assert found is None
    else:
        assert found is not None
        assert found.servers == min(keeping, key=lambda servers: (sum(servers), servers))
        assert found.wait_p95 == pytest.approx(table[found.servers], abs=0.001)


@given(st.integers(0, 10_000), st.integers(1, 8))
def test_at_one_stage_nobody_waits_longer_when_a_server_is_added(seed: int, servers: int) -> None:
    arrivals, needs = draw(replace(SMALL, seed=seed), 0)
    dice = np.random.default_rng(seed)
    at = dice.permutation(arrivals)
    fewer, more = serve(at, needs[1], servers)[0], serve(at, needs[1], servers + 1)[0]
    assert (more <= fewer + 1e-9).all()


def test_more_at_the_first_stage_may_be_fewer_altogether() -> None:
    stages = (*SMALL.stages[:2], PollingStage("box", 1, 0.9, 4))
    found = find_fewest(replace(SMALL, replications=2, seed=190, voters=60, stages=stages), 3, 12)
    assert found is not None
    assert found.servers == (4, 7, 3)  # with three desks it takes one server more


def test_no_wait_at_all_is_a_target_too_and_too_few_places_are_none() -> None:
    found = find_fewest(SMALL, 0, 40)
    assert found is not None
    assert waits(SMALL, found.servers) == 0
    assert find_fewest(SMALL, 0, 1) is None
