"""A proposal posted for comment: the notice is consultation's, planning keeps which plan it shows and that one hangs at a time."""

from datetime import date

from django.utils.translation import gettext as _

from heli.kernel.access import Actor, require
from heli.kernel.faults import Refused
from heli.planning import queries
from heli.planning.models import Posting, Scenario
from heli.planning.services.scenarios import stale, take_turn
from heli.planning.types import ScenarioStatus
from heli.planning.wording import fault

CONSULT = "planning.consult"


def keep_posting(*, actor: Actor, scenario: Scenario, notice_id: int, on: date) -> Posting:
    """Keep the plan that a notice shows, within the block that posts it on a day.

    Raises `Refused` for a scenario that is no longer proposed and while an earlier notice waits or hangs; `Forbidden`.
    """
    require(actor, CONSULT, scenario.district_id)
    held = take_turn(scenario)
    run = queries.standing_of(held).run
    if held.status != ScenarioStatus.PROPOSED or run is None:
        raise Refused(stale(scenario.pk))
    refuse_posted(scenario=scenario, on=on)
    Posting.objects.filter(scenario=scenario, is_last=True).update(is_last=False)
    return Posting.objects.create(scenario=scenario, run=run, notice_id=notice_id)


def refuse_posted(*, scenario: Scenario, on: date) -> None:
    """Refuse what may not happen while a notice of the plan waits or hangs."""
    if queries.open_postings(on).filter(scenario=scenario).exists():
        text = _(
            "The plan is posted for comment: wait until its notice is over, or take the notice down with a reason."
        )
        raise Refused(fault("posted", text))
