"""Votes of villages as their steps have them: a step that asks for `present` and `for` is one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from heli.campaigns.models import Campaign, Evidence, Step
from heli.campaigns.queries.runs import playbook_of
from heli.campaigns.types import OPEN, StepStatus

ASKED = frozenset({"present", "for"})


@dataclass(frozen=True, slots=True)
class VillageVote:
    """A vote of a place: its numbers by their names (None: not handed in), the day they are of, whether the step is accepted."""

    place: int
    numbers: Mapping[str, int | None]
    on: date | None
    is_accepted: bool


def votes_of(campaign: Campaign, track_ids: Collection[int]) -> list[VillageVote]:
    """The votes of some tracks, held or to be held, by place; two queries."""
    named = {
        rule.key: {at: one.key for at, one in enumerate(rule.evidence) if one.key}
        for rule in playbook_of(campaign).steps
    }
    asking = {key: names for key, names in named.items() if set(names.values()) >= ASKED}
    steps = Step.objects.filter(track__in=track_ids, key__in=asking, status__in=[*OPEN, StepStatus.ACCEPTED])
    rows = list(steps.order_by("track__place_id", "ordinal").values_list("pk", "key", "track__place_id", "status"))
    given: dict[int, dict[int, tuple[int, date]]] = {}
    proof = Evidence.objects.filter(step__in=[pk for pk, *_rest in rows], withdrawn_at=None, number__isnull=False)
    for step, at, value, on in proof.order_by("pk").values_list("step_id", "requirement", "number", "on"):
        given.setdefault(step, {})[at] = (value or 0, on)
    votes = []
    for pk, key, place, status in rows:
        known = given.get(pk, {})
        numbers = {name: known[at][0] if at in known else None for at, name in asking[key].items()}
        latest = max((day for _value, day in known.values()), default=None)
        votes.append(VillageVote(place, numbers, latest, status == StepStatus.ACCEPTED))
    return votes
