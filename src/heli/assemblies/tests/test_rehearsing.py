"""Polling day rehearsed: against a plain list of events, against figures worked out elsewhere, and what cannot be."""

import heapq
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heli.assemblies.rules.rehearsing import draw, read_setup, rehearse, walk
from heli.kernel.faults import Unsound

VILLAGE: dict[str, Any] = {
    "form": "heli.rehearse/1", "name": "village, morning peak", "replications": 200, "seed": 1, "voters": 1500,
    "window_min": 180, "arrivals": {"kind": "triangular", "peak_min": 63},
    "stages": [
        {"name": "desk", "servers": 4, "mean_min": 0.5, "shape": 4},
        {"name": "booth", "servers": 12, "mean_min": 1.6, "shape": 4},
        {"name": "box", "servers": 2, "mean_min": 0.1, "shape": 4},
    ],
}  # fmt: skip


def events(
    arrivals: list[float], needs: list[list[float]], servers: list[int]
) -> tuple[list[float], list[float], list[int]]:
    """One event after another: who comes, who is served, who goes on; queues counted as they stand."""
    voters, stages = len(arrivals), len(servers)
    queues: list[list[int]] = [[] for _ in servers]
    free, longest = list(servers), [0] * stages
    came, waited, left = [0.0] * voters, [0.0] * voters, [0.0] * voters
    agenda = [(minute, 1, number, who, 0) for number, (who, minute) in enumerate(enumerate(arrivals))]
    heapq.heapify(agenda)
    number = len(agenda)
    while agenda:
        now, comes, _number, who, stage = heapq.heappop(agenda)
        if comes:
            came[who] = now
            queues[stage].append(who)
        else:
            free[stage] += 1
            number += 1
            if stage + 1 < stages:
                heapq.heappush(agenda, (now, 1, number, who, stage + 1))
            else:
                left[who] = now
        while free[stage] and queues[stage]:
            first = queues[stage].pop(0)
            free[stage] -= 1
            waited[first] += now - came[first]
            number += 1
            heapq.heappush(agenda, (now + needs[stage][first], 0, number, first, stage))
        longest[stage] = max(longest[stage], len(queues[stage]))
    return waited, left, longest


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 120), st.lists(st.integers(1, 5), min_size=1, max_size=3), st.integers(0, 9999), st.floats(0.1, 3)
)
def test_the_walk_is_that_of_a_plain_list_of_events(voters: int, servers: list[int], seed: int, pace: float) -> None:
    rng = np.random.default_rng(seed)
    arrivals = np.sort(rng.random(voters) * 60)
    needs = [rng.gamma(2, pace, voters) for _ in servers]
    waited, left, longest = walk(arrivals, needs, servers)
    plain = events(arrivals.tolist(), [need.tolist() for need in needs], servers)
    assert np.allclose(waited, plain[0], atol=1e-9)
    assert np.allclose(left, plain[1], atol=1e-9)
    assert list(longest) == plain[2]


@pytest.mark.slow
def test_a_village_morning() -> None:
    results = rehearse(read_setup(json.dumps(VILLAGE)))
    assert abs(results["wait_p95"]["mean"] - 61.15) <= 0.40
    assert abs(results["last_out"]["mean"] - 218.11) <= 0.39
    assert abs(results["wait_mean"]["mean"] - 33.87) <= 0.48
    assert abs(results["queue_max.booth"]["mean"] - 92.1) <= 6.6


def small(**other: Any) -> str:
    return json.dumps({**VILLAGE, "replications": 3, "voters": 50, **other})


def test_the_same_file_gives_the_same_and_another_seed_another() -> None:
    assert rehearse(read_setup(small())) == rehearse(read_setup(small()))
    assert rehearse(read_setup(small())) != rehearse(read_setup(small(seed=2)))


def test_one_replication_has_no_interval() -> None:
    assert rehearse(read_setup(small(replications=1)))["wait_mean"]["half95"] == 0


def test_more_booths_meet_the_same_crowd() -> None:
    stages = [{**one, "servers": 50} if one["name"] == "booth" else one for one in VILLAGE["stages"]]
    few, many = read_setup(small()), read_setup(small(stages=stages))
    for one, other in zip(draw(few, 1)[1], draw(many, 1)[1], strict=True):
        assert (one == other).all()
    assert rehearse(many)["queue_max.booth"]["mean"] <= rehearse(few)["queue_max.booth"]["mean"]


def test_slots_put_voters_where_the_weights_are() -> None:
    arrivals, _needs = draw(read_setup(small(arrivals={"kind": "slots", "weights": [0, 1, 0]})), 0)
    assert arrivals.min() >= 60
    assert arrivals.max() <= 120


def test_assisted_voters_need_longer_where_it_is_said() -> None:
    plain = draw(read_setup(small()), 0)[1]
    slow = draw(read_setup(small(assisted={"share_bp": 10_000, "stage": "booth", "factor_pct": 250})), 0)[1]
    assert np.allclose(slow[1], plain[1] * 2.5)
    assert (slow[0] == plain[0]).all()


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"voters": 0}, "voters"),
        ({"voters": 1.5}, "voters"),
        ({"replications": 0}, "replications"),
        ({"replications": 400_000}, "replications"),
        ({"window_min": 0}, "window_min"),
        ({"arrivals": {"kind": "triangular"}}, "arrivals.peak_min"),
        ({"arrivals": {"kind": "triangular", "peak_min": 181}}, "arrivals.peak_min"),
        ({"arrivals": {"kind": "slots", "weights": [0, 0]}}, "arrivals.weights"),
        ({"arrivals": {"kind": "waves"}}, "arrivals.kind"),
        ({"stages": []}, "stages"),
        ({"stages": [{"name": "desk", "servers": 0, "mean_min": 1, "shape": 1}]}, "stages.0.servers"),
        ({"stages": [{"name": "desk", "servers": 1, "mean_min": -1, "shape": 1}]}, "stages.desk.mean_min"),
        ({"assisted": {"share_bp": 1, "stage": "hall", "factor_pct": 100}}, "assisted"),
        ({"colour": "red"}, "colour"),
        ({"form": "heli.decide/1"}, "form"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused_with_its_field(other: dict[str, Any], field: str) -> None:
    with pytest.raises(Unsound) as unsound:
        read_setup(small(**other))
    assert field in {fault.field for fault in unsound.value.findings}
