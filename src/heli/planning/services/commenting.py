"""Comment rounds (公示): a proposal is posted, anyone with the address gives an opinion by village, the district answers."""

from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.kernel.access import Actor, require
from heli.kernel.faults import Refused
from heli.kernel.ids import new_public_id
from heli.planning import queries
from heli.planning.models import CommentRound, Opinion, Scenario
from heli.planning.services.scenarios import stale, take_turn
from heli.planning.types import ScenarioStatus, Stance
from heli.planning.wording import fault

CONSULT = "planning.consult"
COMMENT = "planning.comment"
LONGEST = 2_000
"""Characters of an opinion."""


def open_round(
    *, actor: Actor, scenario: Scenario, first_on: date, last_on: date, notice: str = "", at: datetime | None = None
) -> CommentRound:
    """Post a proposed plan for comment from the first to the last day, at an address that cannot be guessed.

    Raises `Refused` for a scenario that is not proposed, a round already open or days in the wrong order; `Forbidden`.
    """
    require(actor, CONSULT, scenario.district_id)
    found = []
    standing = queries.standing(scenario)
    if scenario.status != ScenarioStatus.PROPOSED or standing.run is None:
        found.append(fault("not_proposed", _("Only a proposed scenario can be posted for comment: propose it first.")))
    if last_on < first_on:
        found.append(fault("days_crossed", _("The last day lies before the first."), "last_on"))
    if CommentRound.objects.filter(scenario=scenario, closed_at__isnull=True).exists():
        found.append(fault("round_open", _("A comment round is already open: close it first.")))
    if found or standing.run is None:
        raise Refused(found)
    with writing(actor, CONSULT, place_id=scenario.district_id, at=at) as act:
        held = take_turn(scenario)
        if held.status != ScenarioStatus.PROPOSED or held.version != scenario.version:
            raise Refused(stale(scenario.pk))
        if CommentRound.objects.filter(scenario=scenario, closed_at__isnull=True).exists():
            raise Refused(fault("round_open", _("A comment round is already open: close it first.")))
        opened = CommentRound.objects.create(
            public_id=new_public_id(24),
            scenario=scenario,
            run=standing.run,
            first_on=first_on,
            last_on=last_on,
            notice=notice.strip(),
            opened_by=actor.name,
            opened_at=act.at,
        )
        act.subject = f"scenario:{scenario.public_id}"
        # The address itself stays out of the trail: whoever reads the trail must not comment by it.
        act.after = {"did": "open_round", "first_on": first_on.isoformat(), "last_on": last_on.isoformat()}
    return opened


def close_round(*, actor: Actor, comment_round: CommentRound, at: datetime | None = None) -> CommentRound:
    """End a round; opinions stay and can still be answered."""
    require(actor, CONSULT, comment_round.scenario.district_id)
    if comment_round.closed_at is not None:
        raise Refused(fault("round_closed", _("This comment round is closed.")))
    with writing(actor, CONSULT, place_id=comment_round.scenario.district_id, at=at) as act:
        held = CommentRound.objects.select_for_update(of=("self",)).get(pk=comment_round.pk)
        if held.closed_at is not None:
            raise Refused(fault("round_closed", _("This comment round is closed.")))
        comment_round.closed_by, comment_round.closed_at = actor.name, act.at
        comment_round.save(update_fields=["closed_by", "closed_at"])
        act.subject = f"scenario:{comment_round.scenario.public_id}"
        act.after = {"did": "close_round", "opinions": Opinion.objects.filter(round=comment_round).count()}
    return comment_round


def is_open(comment_round: CommentRound, today: date) -> bool:
    """Whether opinions are taken today."""
    return comment_round.closed_at is None and comment_round.first_on <= today <= comment_round.last_on


def add_opinion(
    *, actor: Actor, comment_round: CommentRound, village_id: int, stance: Stance, text: str, today: date | None = None
) -> Opinion:
    """Take down what somebody says about a village of the plan. No name is asked for and none is kept.

    Raises `Refused` outside the round's days, for an unknown village, an empty or overlong text.
    """
    day = today or timezone.localdate()
    found = []
    if not is_open(comment_round, day):
        message = _("Opinions were taken from %(first)s to %(last)s: this round is not open.")
        found.append(fault("round_closed", message % {"first": comment_round.first_on, "last": comment_round.last_on}))
    villages = {village.id: village for village in queries.pinned(comment_round.scenario).villages}
    if village_id not in villages:
        found.append(fault("village.unknown", _("Choose the village you are writing about."), "village"))
    if not text.strip():
        found.append(fault("opinion_empty", _("Write what you think."), "text"))
    elif len(text.strip()) > LONGEST:
        message = _("At most %(most)s characters, please; this is %(count)s.")
        found.append(fault("opinion_long", message % {"most": LONGEST, "count": len(text.strip())}, "text"))
    if found:
        raise Refused(found)
    with writing(actor, COMMENT, place_id=comment_round.scenario.district_id) as act:
        # Numbers run without a gap: who writes at the same moment waits.
        held = CommentRound.objects.select_for_update(of=("self",)).get(pk=comment_round.pk)
        if held.closed_at is not None:
            raise Refused(fault("round_closed", _("This comment round is closed.")))
        last = Opinion.objects.filter(round=comment_round).aggregate(last=Max("number"))["last"] or 0
        opinion = Opinion.objects.create(
            round=comment_round,
            number=last + 1,
            village_id=village_id,
            town_id=villages[village_id].town,
            stance=stance,
            text=text.strip(),
            received_on=day,
        )
        act.subject = f"scenario:{comment_round.scenario.public_id}"
        act.after = {"did": "add_opinion", "number": opinion.number, "village": village_id, "stance": str(stance)}
    return opinion


def answer_opinion(*, actor: Actor, opinion: Opinion, answer: str, at: datetime | None = None) -> Opinion:
    """Answer an opinion; the answer is public on the round's page and may be corrected."""
    scenario = opinion.round.scenario
    require(actor, CONSULT, scenario.district_id)
    if not answer.strip():
        raise Refused(fault("answer_empty", _("Write an answer."), "answer"))
    with writing(actor, CONSULT, place_id=scenario.district_id, at=at) as act:
        act.before = {"answered": bool(opinion.answer)}
        opinion.answer, opinion.answered_by, opinion.answered_at = answer.strip(), actor.name, act.at
        opinion.save(update_fields=["answer", "answered_by", "answered_at"])
        act.subject = f"scenario:{scenario.public_id}"
        act.after = {"did": "answer_opinion", "number": opinion.number}
    return opinion
