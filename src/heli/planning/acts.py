"""What planning offers upwards: the act that writes an accepted plan into the register."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from heli.kernel.access import SYSTEM, Actor
from heli.kernel.declare import Act, Subject
from heli.kernel.faults import Refused
from heli.planning import queries, services
from heli.planning.wording import fault


def apply_plan(*, actor: Actor, subject: Subject, on: date) -> str:
    """Apply the subject's scenario on a day; returns the public id. Applied already: nothing happens."""
    scenario = queries.find_scenario(subject.scenario, actor)
    if scenario is None:
        raise Refused(fault("unknown", _("There is no such scenario.")))
    services.apply_plan(actor=actor, scenario=scenario, on=on)
    return scenario.public_id


def tell_plan(subject: Subject) -> str:
    """What applying the subject's scenario would change."""
    scenario = queries.find_scenario(subject.scenario, SYSTEM)
    told = services.consequences(queries.standing(scenario)) if scenario is not None else None
    return told.told().replace("{on}", "{act_on}") if told is not None else ""


ACTS = (
    Act("planning.apply_plan", gettext_noop("Write the accepted merger plan into the register"), apply_plan, tell_plan),
)
