"""What is somebody's to do in a campaign: their own work, and the work of others that they may do in their place."""

from dataclasses import dataclass
from datetime import date

from heli.campaigns.models import Campaign, Track
from heli.campaigns.queries.picture import CampaignPicture, PlaceTrack, picture
from heli.campaigns.queries.runs import playbook_of
from heli.campaigns.queries.steps import Entitled, Task, Tasks, tasks_of
from heli.campaigns.services.steps import ACCEPT, FILL, entitled
from heli.campaigns.types import Party, StepRule
from heli.kernel.access import Actor


def entitled_to(*, actor: Actor, campaign: Campaign) -> Entitled:
    """Whether a step is the actor's to do or to judge; asks the role table once per party and place, not per step."""
    known: dict[tuple[Party, int, bool], bool] = {}

    def ask(rule: StepRule, track: PlaceTrack, judging: bool) -> bool:
        party = rule.accepts if judging else rule.does
        key = (party, track.lane.id, judging)
        if key not in known:
            lane = Track(place_id=track.lane.place, town_id=track.lane.town, per=track.lane.per)
            known[key] = entitled(
                actor=actor, action=ACCEPT if judging else FILL, track=lane, campaign=campaign, party=party
            )
        return known[key]

    return ask


def tasks_for(*, actor: Actor, seen: CampaignPicture) -> Tasks:
    """Everything the actor may do or judge now."""
    return tasks_of(seen, entitled_to(actor=actor, campaign=seen.campaign))


def own_part(*, actor: Actor, tasks: Tasks) -> Tasks:
    """Of those, the work the playbook gives to one of the actor's own roles; officers may help others out, but need not."""
    roles = {grant.role for grant in actor.grants}

    def own(part: tuple[Task, ...], *, judging: bool) -> tuple[Task, ...]:
        return tuple(task for task in part if (task.rule.accepts if judging else task.rule.does).role in roles)

    return Tasks(
        judge=own(tasks.judge, judging=True),
        decide=own(tasks.decide, judging=True),
        do=own(tasks.do, judging=False),
        waiting=own(tasks.waiting, judging=False),
    )


@dataclass(frozen=True, slots=True)
class OwnWork:
    """How much of a campaign waits for somebody: to be done, to be judged."""

    do: int
    judge: int


def count_own(*, actor: Actor, campaign: Campaign, on: date) -> OwnWork:
    """How many steps are the actor's own work on a day; nothing is read where the playbook asks nothing of the actor's roles."""
    roles = {grant.role for grant in actor.grants}
    if not any(rule.does.role in roles or rule.accepts.role in roles for rule in playbook_of(campaign).steps):
        return OwnWork(0, 0)
    may = entitled_to(actor=actor, campaign=campaign)

    def own(rule: StepRule, track: PlaceTrack, judging: bool) -> bool:
        return (rule.accepts if judging else rule.does).role in roles and may(rule, track, judging)

    mine = tasks_of(picture(actor, campaign, on), own)
    return OwnWork(do=len(mine.do), judge=len(mine.judge) + len(mine.decide))
