"""What is somebody's to do in a campaign: their own work, and the work of others that they may do in their place."""

from heli.campaigns.models import Campaign, Track
from heli.campaigns.queries.picture import CampaignPicture, PlaceTrack
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
