"""What waits for what: the rule against a naive reading of the words, and the picture against the rule, on random runs."""

import random
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World, build_world
from heli.campaigns.abouts import about_of
from heli.campaigns.models import Step, Track
from heli.campaigns.queries.picture import picture
from heli.campaigns.rules.steps import Lane, waiting_for
from heli.campaigns.services import evidence, steps
from heli.campaigns.testing import draw_playbook, open_drawn
from heli.campaigns.testing.runs import OPENED
from heli.campaigns.types import OPEN, StepStatus
from heli.kernel.access import Actor
from heli.kernel.faults import Refused
from heli.kernel.levels import Per
from heli.meetings import services as meetings

ENDS = [StepStatus.ACCEPTED, StepStatus.WAIVED, StepStatus.MOVED, StepStatus.ENDED]
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


PAIRS = [(lane.id, key) for lane in LANES for key in KEYS]


@given(
    st.sampled_from(LANES),
    st.lists(st.sampled_from(sorted(KEYS)), unique=True),
    st.lists(st.sampled_from([None, *StepStatus]), min_size=len(PAIRS), max_size=len(PAIRS)),
)
def test_a_step_waits_exactly_for_the_open_steps_of_those_it_hears_of(
    lane: Lane, after: list[str], drawn: list[StepStatus | None]
) -> None:
    """Every track has each step in some status, or does without it."""
    statuses = {pair: status for pair, status in zip(PAIRS, drawn, strict=True) if status is not None}
    expected = {
        (key, track)
        for key in after
        for track in naive(lane, key)
        if statuses.get((track, key), StepStatus.ENDED) in OPEN
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
        statuses = {(row.track, row.key): StepStatus(row.status) for row in rows}
        levels = {rule.key: rule.per for rule in seen.playbook.steps}
        for row in rows:
            rule = seen.playbook.by_key[row.key]
            waiting = waiting_for(rule.after, seen.tracks[row.track].lane, levels, lanes, statuses)
            told = {key: sum(1 for other, _t in waiting if other == key) for key in rule.after}
            assert dict(seen.waits_for(row)) == {key: count for key, count in told.items() if count}
        chosen = dice.choice(rows)
        step = Step.objects.select_related("track", "campaign__playbook", "campaign__scenario").get(pk=chosen.id)
        could = chosen.status == StepStatus.NOT_STARTED and not seen.waits_for(chosen)
        try:
            steps.start_step(actor=officer, step=step, at=now)
            began = True
        except Refused:
            began = False
        assert began is could
        if began and dice.random() < 0.8:
            steps.waive_step(actor=officer, step=step, reason="演练", at=now)
    assert Track.objects.filter(campaign=campaign).count() == 7


class Scan:
    """A scanned document as a form hands it over."""

    name: str | None = "决议.txt"

    def chunks(self) -> Iterable[bytes]:
        return [b"resolution"]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_on_random_runs_a_step_passes_exactly_when_its_gates_and_what_it_waits_for_allow(
    world: World, seed: int, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    dice = random.Random(seed)
    gate = {
        "v2": 'gates = ["archives.listed", "campaigns.rehearsed"]',
        "v1": 'gates = ["archives.sealed"]',
    }
    book = draw_playbook("d1 district", "v1 village < d1", "v2 village < v1", more=gate)
    campaign, officer = open_drawn(world.a, playbook=book), world.a.actor("district_officer")
    attested: set[tuple[int, str]] = set()
    finished: set[tuple[int, str]] = set()
    rehearsed: dict[int, int] = {}
    now = OPENED
    for _turn in range(60):
        now += timedelta(hours=3)
        step = dice.choice(
            list(
                Step.objects.filter(campaign=campaign).select_related(
                    "track", "campaign__playbook", "campaign__scenario"
                )
            )
        )
        place, asked = step.track.place_id, book.by_key[step.key]
        roll = dice.random()
        if roll < 0.4 and asked.gates and step.status == StepStatus.NOT_STARTED:
            name = dice.choice([one for one in asked.gates if not one.startswith("campaigns.")])
            evidence.attest_gate(actor=officer, step=step, gate=name, given=Scan(), at=now)
            attested.add((step.pk, name))
        elif roll < 0.6 and step.track.per == Per.VILLAGE:
            meetings.record_meeting(
                actor=officer, about=about_of(campaign), place_id=place, kind="sand_table", title="推演", held_on=now.date(),
                attendance={}, on=now.date(), at=now,
            )  # fmt: skip
            rehearsed[place] = rehearsed.get(place, 0) + 1
        elif step.status in OPEN:
            # In words: what it waits for is finished, every gate nobody answers is attested, three rehearsals were held.
            first = {"d1": True, "v1": (campaign.district_id, "d1") in finished, "v2": (place, "v1") in finished}[
                step.key
            ]
            papers = all((step.pk, one) in attested for one in asked.gates if not one.startswith("campaigns."))
            could = first and papers and ("campaigns.rehearsed" not in asked.gates or rehearsed.get(place, 0) >= 3)
            try:
                steps.submit_step(actor=officer, step=step, at=now)
                passed = True
            except Refused:
                passed = False
            assert passed is could, (step.key, place)
            if passed:
                second = Actor(world.a.users["auditor"].pk, "second", officer.grants)
                steps.accept_step(actor=second, step=step, at=now)
                finished.add((place, step.key))
