"""What waits for what: the rule against a naive reading of the words, and the picture against the rule, on random runs."""

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World, build_world
from heli.campaigns.models import Step, Track
from heli.campaigns.queries.picture import picture
from heli.campaigns.rules.steps import Lane, waiting_for
from heli.campaigns.services import steps
from heli.campaigns.testing import open_drawn
from heli.campaigns.testing.runs import OPENED
from heli.campaigns.types import OPEN, Per, Status
from heli.kernel.problems import Refused

ENDS = [Status.ACCEPTED, Status.WAIVED, Status.MOVED, Status.ENDED]
LANES = [
    Lane(1, 100, None, Per.DISTRICT),
    Lane(2, 10, 10, Per.TOWN),
    Lane(3, 20, 20, Per.TOWN),
    Lane(4, 11, 10, Per.VILLAGE, successor=7),
    Lane(5, 12, 10, Per.VILLAGE, successor=7),
    Lane(6, 21, 20, Per.VILLAGE),
    Lane(7, 13, 10, Per.SUCCESSOR),
]
KEYS = {"d": Per.DISTRICT, "t": Per.TOWN, "v": Per.VILLAGE, "s": Per.SUCCESSOR}


def naive(lane: Lane, key: str) -> set[int]:
    """In words: a village hears of itself, its town, the district; a town of what lies in it; the district of all; and a
    successor also of those it was made of."""
    per, found = KEYS[key], set()
    for other in LANES:
        if per is Per.DISTRICT:
            fits = other.per is Per.DISTRICT
        elif lane.per is Per.DISTRICT:
            fits = (other.per is Per.TOWN) == (per is Per.TOWN) and other.per is not Per.DISTRICT
        elif per is Per.TOWN:
            fits = other.per is Per.TOWN and other.place == lane.town
        elif lane.per is Per.TOWN:
            fits = other.per not in (Per.TOWN, Per.DISTRICT) and other.town == lane.place
        else:
            fits = lane.id in (other.id, other.successor)
        if fits:
            found.add(other.id)
    return found


@given(
    st.sampled_from(LANES),
    st.lists(st.sampled_from(sorted(KEYS)), unique=True),
    st.dictionaries(
        st.tuples(st.sampled_from([lane.id for lane in LANES]), st.sampled_from(sorted(KEYS))),
        st.sampled_from(list(Status)),
    ),
)
def test_a_step_waits_exactly_for_the_open_steps_of_those_it_hears_of(
    lane: Lane, after: list[str], statuses: dict[tuple[int, str], Status]
) -> None:
    expected = {
        (key, track) for key in after for track in naive(lane, key) if statuses.get((track, key), Status.ENDED) in OPEN
    }
    assert set(waiting_for(after, lane, KEYS, LANES, statuses)) == expected


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_on_random_runs_what_may_begin_is_what_the_rule_and_the_picture_say(world: World, seed: int) -> None:
    dice = random.Random(seed)
    campaign = open_drawn(
        world.a, "d1 district", "v1 village < d1", "t1 town < v1", "v2 village < t1", "d2 district < v2 t1"
    )
    officer = world.a.actor("district_officer")
    now = OPENED
    for _turn in range(40):
        now += timedelta(hours=7)
        seen = picture(officer, campaign, OPENED.date())
        rows = [row for steps_ in seen.rows.values() for row in steps_.values()]
        lanes = [track.lane for track in seen.tracks.values()]
        statuses = {(row.track, row.key): Status(row.status) for row in rows}
        levels = {rule.key: rule.per for rule in seen.playbook.steps}
        for row in rows:
            rule = seen.playbook.by_key[row.key]
            waiting = waiting_for(rule.after, seen.tracks[row.track].lane, levels, lanes, statuses)
            told = {key: sum(1 for other, _t in waiting if other == key) for key in rule.after}
            assert dict(seen.waits_for(row)) == {key: count for key, count in told.items() if count}
        chosen = dice.choice(rows)
        step = Step.objects.select_related("track", "campaign__playbook", "campaign__scenario").get(pk=chosen.id)
        could = chosen.status == Status.NOT_STARTED and not seen.waits_for(chosen)
        try:
            steps.start_step(officer, step=step, at=now)
            began = True
        except Refused:
            began = False
        assert began is could
        if began and dice.random() < 0.8:
            steps.waive_step(officer, step=step, reason="演练", at=now)
    assert Track.objects.filter(campaign=campaign).count() == 7
