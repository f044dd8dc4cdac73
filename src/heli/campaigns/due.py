"""Whom steps of running campaigns wait for: those who do them, those who judge, those who decide about more time."""

from collections.abc import Callable, Iterator

from django.urls import reverse
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from heli.campaigns.queries.open_steps import WaitingStep, open_steps
from heli.campaigns.rules.steps import holders_of
from heli.campaigns.services.steps import ACCEPT, FILL
from heli.campaigns.types import Party, StepStatus
from heli.kernel.declare import Due, DueAsk, Waiting


def to_do(ask: DueAsk) -> Iterator[Waiting]:
    """Steps that can be worked on now."""
    for one in _read(ask):
        if one.row.status != StepStatus.SUBMITTED and one.is_ready and one.row.due_on <= ask.until:
            is_back = one.row.status == StepStatus.RETURNED
            yield from _for(ask, one, one.rule.does, note=_("Returned: %s") % one.reason if is_back else "")


def to_judge(ask: DueAsk) -> Iterator[Waiting]:
    """Steps that were handed in."""
    for one in _read(ask):
        if one.row.status == StepStatus.SUBMITTED:
            yield from _for(ask, one, one.rule.accepts, never=one.handed_in)


def to_decide(ask: DueAsk) -> Iterator[Waiting]:
    """Steps for which more time is asked."""
    for one in _read(ask):
        if one.row.asked_due_on is not None:
            note = _("Asks for time until %(day)s: %(reason)s") % {"day": one.row.asked_due_on, "reason": one.reason}
            yield from _for(ask, one, one.rule.accepts, never=one.asked, note=note)


def _read(ask: DueAsk) -> list[WaitingStep]:
    return ask.shared("campaigns.open_steps", lambda: open_steps(ask.actor, ask.abouts))


def _for(
    ask: DueAsk, one: WaitingStep, party: Party, *, never: tuple[int, ...] = (), note: str = ""
) -> Iterator[Waiting]:
    """The step as it waits for the party; nothing where that is none of the asking person's roles."""
    if not ask.actor.is_system and party.role not in {grant.role for grant in ask.actor.grants}:
        return
    campaign, key = one.campaign, one.row.key
    yield Waiting(
        title=one.rule.title.text(get_language() or "zh-hans"), district=campaign.district_id, town=one.lane.town,
        place=one.lane.place, about=campaign.public_id, public_id=f"{one.place_public_id}:{key}", due_on=one.row.due_on,
        link=reverse("campaigns:step", args=[campaign.public_id, one.place_public_id, key]), note=note, never=never,
        roles=(party.role,), over=holders_of(one.chain, one.lane.per, party.level),
    )  # fmt: skip


def _due(
    name: str, title: str, action: str, waiting: Callable[[DueAsk], Iterator[Waiting]], says: Callable[[int], str]
) -> Due:
    # The playbook says whose each step is.
    return Due(
        id=f"campaigns.{name}",
        title=title,
        action=action,
        roles=(),
        waiting=waiting,
        says=says,
        judges=action == ACCEPT,
    )


DUES = (
    _due(
        "do", gettext_noop("Steps to do"), FILL, to_do,
        lambda n: ngettext("%(n)s step to do", "%(n)s steps to do", n) % {"n": n},
    ),
    _due(
        "judge", gettext_noop("Steps to judge"), ACCEPT, to_judge,
        lambda n: ngettext("%(n)s step to judge", "%(n)s steps to judge", n) % {"n": n},
    ),
    _due(
        "decide", gettext_noop("More time asked for"), ACCEPT, to_decide,
        lambda n: ngettext("%(n)s step for which more time is asked", "%(n)s steps for which more time is asked", n) % {"n": n},
    ),
)  # fmt: skip
