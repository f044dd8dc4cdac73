"""What is due and what waits to be judged, told to those whose it is: one line a day and campaign, never step by step."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from heli.accounts import queries as accounts
from heli.audit.services import writing
from heli.campaigns.models import Campaign
from heli.campaigns.notices import TASKS
from heli.campaigns.queries.picture import CampaignPicture, picture
from heli.campaigns.services.tasks import own_part, tasks_for
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.workdays import calendar
from heli.notices import services as notices

SOON = 2
"""Working days before its due day from which a step is called due."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """What one person is told of a campaign."""

    user_id: int
    judge: int
    late: int
    due: int

    def __bool__(self) -> bool:
        return bool(self.judge or self.late or self.due)


def remind(*, campaign: Campaign, at: datetime) -> int:
    """Tell everybody in the district what of the campaign is theirs; on working days. Returns how many were told."""
    on = timezone.localdate(at)
    if not calendar().is_workday(on):
        return 0
    seen = picture(SYSTEM, campaign, on)
    found = [reminder_for(actor=actor, seen=seen) for actor in accounts.actors_within(campaign.district_id, on)]
    told = 0
    with writing(SYSTEM, "campaigns.remind", place_id=campaign.district_id, at=at) as act:
        for reminder in filter(None, found):
            # Written in the language the installation speaks: whoever reads it is not here to ask.
            with translation.override("zh-hans"):
                told += notices.notify(
                    actor=SYSTEM,
                    recipients=[reminder.user_id],
                    kind=TASKS,
                    title=_("%(campaign)s: %(judge)s to judge, %(late)s late, %(due)s due soon")
                    % {
                        "campaign": campaign.name,
                        "judge": reminder.judge,
                        "late": reminder.late,
                        "due": reminder.due,
                    },
                    link=reverse("campaigns:tasks", args=[campaign.public_id]),
                    about=f"campaign:{campaign.public_id}",
                    at=at,
                )
        act.subject, act.after = f"campaign:{campaign.public_id}", {"told": told}
    return told


def reminder_for(*, actor: Actor, seen: CampaignPicture) -> Reminder:
    """What the actor has to judge, is late with, and has due within the next days."""
    tasks = own_part(actor=actor, tasks=tasks_for(actor=actor, seen=seen))
    soon = calendar().add(seen.on, SOON)
    late = sum(task.days_late > 0 for task in tasks.do)
    due = sum(task.days_late == 0 and task.row.due_on <= soon for task in tasks.do)
    return Reminder(actor.id or 0, len(tasks.judge) + len(tasks.decide), late, due)
