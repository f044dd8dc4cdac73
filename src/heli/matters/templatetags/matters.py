"""What the page of a matter shows beside its ledger's own."""

from datetime import date
from typing import Any

from django import template
from django.utils import timezone

from heli.kernel.access import Actor, may
from heli.matters import queries
from heli.matters.ledger.matter import COLLECT, DISPATCH, JUDGE
from heli.matters.models import OVER, Duty, Matter, MatterState, UrgeColour, WhistleState
from heli.matters.rules.flow import STAGES
from heli.matters.texts import STAGE_WORDS
from heli.matters.triage import told_items
from heli.problems.ledger import PROBLEMS

register = template.Library()


@register.simple_tag(takes_context=True)
def beside(context: Any, matter: Matter) -> dict[str, Any]:
    """Its stage, its whistles, how many voices can be called, and which of the room's own pages the reader may open."""
    actor: Actor = context["request"].actor
    on = timezone.localdate()
    state, may_dispatch = MatterState(matter.status), may(actor, DISPATCH, matter.place_id)
    is_early = state in (MatterState.COLLECTED, MatterState.FILED)
    problem = queries.lifted_into(matter)
    actions = {
        "whistle": state in (MatterState.FILED, MatterState.WHISTLED)
        and may(actor, JUDGE if matter.flagged_on else DISPATCH, matter.place_id),
        "merge": may_dispatch and is_early,
        "link": may_dispatch and state not in queries.SETTLED,
        "lift": may_dispatch
        and state not in queries.UNSEEN
        and problem is None
        and may(actor, PROBLEMS.enters, matter.place_id),
        "split": may_dispatch and (is_early or state is MatterState.WHISTLED),
        "voice": may(actor, COLLECT, matter.place_id) and state not in queries.SETTLED,
        "contacts": may_dispatch and state in (MatterState.TOLD, MatterState.CALLED),
    }
    contacts = sum(bool(one.contact) for one in queries.voices_of(matter))
    return {
        "stage": STAGE_WORDS[STAGES[state]],
        "whistles": [
            {
                "row": one,
                "state": WhistleState(one.status),
                "is_late": _is_late(one, on),
                "name": one.body_body.name,
                "duty": Duty(one.duty).label,
                "urged": UrgeColour(one.urged) if one.urged else None,
            }
            for one in queries.whistles_of(matter)
        ],
        "problem": problem,
        "problem_state": PROBLEMS.states(problem.status) if problem is not None else None,
        "linked": queries.linked_to(matter),
        "hotlines": queries.hotlines_of(matter),
        "likely": told_items(matter) if state is MatterState.COLLECTED and may_dispatch else [],
        "contacts": contacts,
        "anonymous": (matter.voices or 0) - contacts,
        "actions": {name for name, is_open in actions.items() if is_open},
    }


def _is_late(one: Any, on: date) -> bool:
    return one.status not in OVER and one.due_on is not None and one.due_on < on
