"""Figures of running campaigns: steps due, accepted, late and open, villages finished, evidence, returns."""

from collections.abc import Callable, Collection, Mapping
from functools import partial

import numpy as np
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _
from numpy.typing import NDArray

from heli.campaigns.figures.reading import (
    STATUS_ORDER,
    Steps,
    counts_of_events,
    evidence_in,
    last_events,
    steps_in,
    steps_of,
    structure_of,
)
from heli.campaigns.models import Step, StepEvent
from heli.campaigns.queries.runs import playbook_of
from heli.campaigns.texts import EVIDENCE, STATUSES
from heli.campaigns.types import DONE, OPEN, EvidenceKind, StepStatus
from heli.kernel.declare import Ask, Direction, Figure, Pair, Rows
from heli.kernel.pairs import Ints, Pairs
from heli.places import queries as places
from heli.places.counted import moment_of
from heli.places.types import Level

READ = "campaigns.read"
LOG = _("Campaigns: steps and their log")
LIVE = OPEN | DONE
"""Moved and ended steps go on in a successor or nowhere."""

Chosen = Callable[[Steps], NDArray[np.bool_]]


def is_live(steps: Steps) -> NDArray[np.bool_]:
    """Steps that are to be done or are done here."""
    return steps.stands(LIVE)


def is_open(steps: Steps) -> NDArray[np.bool_]:
    """Steps still to be done."""
    return steps.stands(OPEN)


def is_done(steps: Steps) -> NDArray[np.bool_]:
    """Steps accepted or waived."""
    return steps.stands(DONE)


def is_accepted(steps: Steps) -> NDArray[np.bool_]:
    """Steps accepted."""
    return steps.stands({StepStatus.ACCEPTED})


def is_waiting(steps: Steps) -> NDArray[np.bool_]:
    """Steps submitted and not yet decided."""
    return steps.stands({StepStatus.SUBMITTED})


def is_due(steps: Steps) -> NDArray[np.bool_]:
    """Steps whose due day has come."""
    return is_live(steps) & steps.is_due


def is_late(steps: Steps) -> NDArray[np.bool_]:
    """Open steps whose due day has ended; what was handed in by then waits for the accepter and is not late (`lateness`)."""
    waits = steps.stands({StepStatus.SUBMITTED}) & steps.was_in_time
    return is_open(steps) & steps.is_past_due & ~waits


def is_early(steps: Steps) -> NDArray[np.bool_]:
    """Steps accepted or waived whose due day has not come."""
    return is_done(steps) & ~steps.is_due


def was_in_time(steps: Steps) -> NDArray[np.bool_]:
    """Accepted steps that were submitted by their due day."""
    return is_accepted(steps) & steps.was_in_time


def count(ask: Ask, chosen: Chosen) -> Mapping[int, Pair]:
    """How many steps of a kind; a nought where there are only others."""
    steps = steps_of(ask)
    return Pairs.summed(steps.places, chosen(steps).astype(np.int64))


def share(ask: Ask, above: Chosen, below: Chosen) -> Mapping[int, Pair]:
    """Steps of one kind over steps of another."""
    steps = steps_of(ask)
    base = below(steps)
    return Pairs.summed(steps.places[base], above(steps)[base].astype(np.int64), np.ones(int(base.sum()), np.int64))


def finished(ask: Ask) -> Mapping[int, Pair]:
    """(1 if every step of the village is done, 1) for each village that has steps."""
    steps = steps_of(ask)
    mine = steps.is_of_village & is_live(steps) & np.isin(steps.places, _villages(ask))
    left = Pairs.summed(steps.places[mine], is_open(steps)[mine].astype(np.int64))
    return Pairs(left.places, (left.numerators == 0).astype(np.int64), np.ones(len(left.places), np.int64))


def _villages(ask: Ask) -> Ints:
    return structure_of(ask).of_level(Level.VILLAGE)


def returned(ask: Ask) -> Mapping[int, Pair]:
    """Times a step was returned over times one was submitted."""
    step, submitted, sent_back = ask.shared("campaigns.returns", lambda: counts_of_events(ask))
    steps = steps_of(ask)
    order = np.argsort(steps.ids)
    at = (
        order[np.minimum(np.searchsorted(steps.ids, step, sorter=order), max(len(order) - 1, 0))]
        if len(order)
        else step
    )
    return Pairs.summed(steps.places[at] if len(order) else step[:0], sent_back, submitted)


def evidence(ask: Ask) -> Mapping[int, Pair]:
    """Pieces of evidence that stand."""
    steps = steps_of(ask)
    place_of = dict(zip(steps.ids.tolist(), steps.places.tolist(), strict=True))
    rows = evidence_in(ask).order_by().values_list("step_id").annotate(number=Count("pk"))
    counts: dict[int, Pair] = {}
    for step, number in rows:
        counts[place_of[step]] = (counts.get(place_of[step], (0, 1))[0] + number, 1)
    return counts


def step_rows(ask: Ask, place_ids: Collection[int], chosen: Chosen) -> Rows:
    """The steps of a kind: whose, which, how they stood, when they were due and submitted; each opens its page."""
    steps = steps_of(ask)
    keys = steps.ids[chosen(steps) & np.isin(steps.places, np.array(sorted(place_ids), np.int64))].tolist()
    status = dict(zip(steps.ids.tolist(), steps.statuses.tolist(), strict=True))
    then = {row[0]: row[1:] for row in last_events(ask).values_list("step_id", "due_on", "submitted_on")}
    later = set(StepEvent.objects.filter(step_id__in=keys, at__gt=moment_of(ask)).values_list("step_id", flat=True))
    found = list(
        steps_in(ask)
        .filter(pk__in=keys)
        .select_related("track__place", "campaign__playbook")
        .defer("campaign__playbook__text")
        .order_by("campaign_id", "track_id", "ordinal")
    )
    names = places.names_at({step.track.place_id for step in found}, ask.on)
    lines = []
    for step in found:
        due, submitted = (
            then.get(step.pk, (step.baseline_on, None)) if step.pk in later else (step.due_on, step.submitted_on)
        )
        words = str(STATUSES[STATUS_ORDER[status[step.pk]]])
        lines.append(
            [names.get(step.track.place_id, ""), step.campaign.name, step.ordinal + 1, title_of(step), words, step.baseline_on,
             due, submitted or ""]
        )  # fmt: skip
    heads = [
        gettext("Place"), gettext("Campaign"), gettext("No."), gettext("Step"), gettext("Status"),
        gettext("Due at first"), gettext("Due"), gettext("Submitted"),
    ]  # fmt: skip
    return Rows(heads, lines, [page_of(step) for step in found])


def title_of(step: Step) -> str:
    """What the step is called in the playbook its campaign pinned; its key where the playbook was replaced since."""
    rule = playbook_of(step.campaign).by_key.get(step.key)
    return rule.title.text(get_language() or "zh-hans") if rule is not None else step.key


def page_of(step: Step) -> str:
    """The page of the step."""
    return reverse("campaigns:step", args=[step.campaign.public_id, step.track.place.public_id, step.key])


def evidence_rows(ask: Ask, place_ids: Collection[int]) -> Rows:
    """The pieces of evidence, newest first."""
    steps = steps_of(ask)
    keys = steps.ids[np.isin(steps.places, np.array(sorted(place_ids), np.int64))].tolist()
    found = list(
        evidence_in(ask)
        .filter(step_id__in=keys)
        .select_related("step__track__place", "step__campaign__playbook")
        .defer("step__campaign__playbook__text")
        .order_by("-pk")
    )
    names = places.names_at({one.step.track.place_id for one in found}, ask.on)
    heads = [gettext("Place"), gettext("Step"), gettext("Kind of evidence"), gettext("Day")]
    lines = [
        [
            names.get(one.step.track.place_id, ""),
            title_of(one.step),
            str(EVIDENCE[EvidenceKind(one.kind)]),
            one.on,
        ]
        for one in found
    ]
    return Rows(heads, lines, [page_of(one.step) for one in found])


def counting(
    name: str, title: str, meaning: str, chosen: Chosen, direction: Direction = Direction.NEITHER, *, version: int = 1
) -> Figure:  # fmt: skip
    """A figure that counts steps."""
    return Figure(
        id=f"campaigns.{name}", version=version, title=title, meaning=meaning, unit=_("steps"), action=READ, source=LOG,
        direction=direction, evaluate=partial(count, chosen=chosen), rows=partial(step_rows, chosen=chosen),
    )  # fmt: skip


def sharing(
    name: str, title: str, meaning: str, evaluate: Callable[[Ask], Mapping[int, Pair]], chosen: Chosen,
    *, direction: Direction,
) -> Figure:  # fmt: skip
    """A percentage over steps."""
    return Figure(
        id=f"campaigns.{name}", version=1, title=title, meaning=meaning, unit="%", decimals=1, is_ratio=True, action=READ,
        source=LOG, direction=direction, evaluate=evaluate, rows=partial(step_rows, chosen=chosen),
    )  # fmt: skip


RUNS: tuple[Figure, ...] = (
    counting("steps", _("Steps"), _("Steps of campaigns open on the day, moved and ended ones left out."), is_live),
    counting("steps_due", _("Steps due"), _("Steps whose due day has come."), is_due),
    counting("steps_accepted", _("Steps accepted"), _("Steps that were checked and accepted."), is_accepted, Direction.UP),
    counting("steps_open", _("Steps open"), _("Steps neither accepted nor waived."), is_open, Direction.DOWN),
    counting("steps_waiting", _("Steps waiting to be checked"), _("Steps submitted and not yet accepted or returned."), is_waiting),
    counting("steps_early", _("Steps done early"), _("Steps accepted or waived before their due day."), is_early, Direction.UP),
    counting(
        "steps_late", _("Steps late"), _("Open steps whose due day in force has ended; those submitted by then left out."),
        is_late, Direction.DOWN, version=2,
    ),
    sharing(
        "progress", _("Progress"), _("Steps accepted or waived over all steps."), partial(share, above=is_done, below=is_live),
        is_live, direction=Direction.UP,
    ),
    sharing(
        "finished", _("Villages finished"), _("Villages all of whose steps are accepted or waived, over villages with steps."),
        finished, is_live, direction=Direction.UP,
    ),
    sharing(
        "on_time", _("Accepted in time"), _("Accepted steps submitted by the due day in force, over accepted steps."),
        partial(share, above=was_in_time, below=is_accepted), is_accepted, direction=Direction.UP,
    ),
    sharing(
        "returned", _("Rate of returns"), _("Times a step was returned over times a step was submitted."), returned, is_live,
        direction=Direction.DOWN,
    ),
    Figure(
        id="campaigns.evidence", version=1, title=_("Pieces of evidence"), unit=_("pieces"), action=READ,
        meaning=_("Photos, files, numbers and minutes that prove steps; withdrawn ones left out."),
        source=_("Campaigns: evidence"), evaluate=evidence, rows=evidence_rows,
    ),
)  # fmt: skip
