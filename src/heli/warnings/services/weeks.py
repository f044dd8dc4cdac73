"""Freezing weeks from the log, and demanding statements where two red weeks follow each other."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.campaigns.queries import Campaign, begun_campaigns
from heli.campaigns.queries.colours import rules_of
from heli.campaigns.queries.standing import clock_of, colours_of, standing_at
from heli.campaigns.rules.colours import WEEK, Coloured, ColourRules, pinned, tables_of, week_label, why_not_counted
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.kernel.workdays import calendar
from heli.places import queries as places
from heli.records.services import hold
from heli.warnings.models import AppraisalProposal, Forecast, FrozenColour, FrozenWeek, Statement
from heli.warnings.queries.forecasting import DRAWS, Expected, after_of, forecast_from, seed_of
from heli.warnings.queries.weeks import lineage_of_towns, moments_of, streak_weeks
from heli.warnings.rules.streaks import Demand, compute_demands, compute_withdrawals
from heli.warnings.services.week_notices import tell_of_statement
from heli.warnings.types import ProposalStatus, StatementStatus

FREEZE = "campaigns.freeze"
CHUNK = 1_000


def freeze_week(*, actor: Actor, campaign: Campaign, ends_at: datetime, at: datetime | None = None) -> FrozenWeek:
    """Keep the colours and forecasts as the log had them when the week ended; the same whenever it is asked, once.

    Then statements are demanded where that makes a streak long enough. Raises `Refused` for a moment at which none of the
    campaign's weeks ends, or that is yet to come; `Forbidden`.
    """
    now = at or timezone.now()
    if kept := FrozenWeek.objects.filter(campaign=campaign, ends_at=ends_at).first():
        return kept
    rules = rules_of(campaign)
    moments = moments_of(campaign, now, rules)
    if ends_at not in moments:
        text = _("No week of this campaign ended at %(moment)s.") % {"moment": timezone.localtime(ends_at)}
        raise Refused(Fault("no_week_ends", text, field="ends_at"))
    with writing(actor, FREEZE, place_id=campaign.district_id, at=now) as act:
        # Two workers at once: the second waits here and finds what the first has kept.
        hold(begun_campaigns(), pk=campaign.pk)
        if kept := FrozenWeek.objects.filter(campaign=campaign, ends_at=ends_at).first():
            return kept
        week = _freeze(campaign, ends_at, moments.index(ends_at) + 1, rules, now)
        act.subject = f"campaign:{campaign.public_id}"
        act.after = {"week": week.label, "counts": week.counts, "sha256": week.sha256}
        escalate(actor=actor, campaign=campaign, at=now)
    return week


def freeze_due(*, actor: Actor, at: datetime | None = None) -> list[FrozenWeek]:
    """Freeze every week that has ended and is not yet kept, of all campaigns, the earliest first."""
    return [week for campaign in begun_campaigns() for week in freeze_missing(actor=actor, campaign=campaign, at=at)]


def freeze_missing(*, actor: Actor, campaign: Campaign, at: datetime | None = None) -> list[FrozenWeek]:
    """Freeze every week of one campaign that has ended and is not yet kept, the earliest first."""
    now = at or timezone.now()
    kept = set(FrozenWeek.objects.filter(campaign=campaign).values_list("ends_at", flat=True))
    return [
        freeze_week(actor=actor, campaign=campaign, ends_at=moment, at=now)
        for moment in moments_of(campaign, now, rules_of(campaign))
        if moment not in kept
    ]


def _freeze(campaign: Campaign, ends_at: datetime, number: int, rules: ColourRules, now: datetime) -> FrozenWeek:
    standing = standing_at(campaign, ends_at)
    on = standing.on
    ahead = clock_of(campaign, on, ahead=True)
    coloured = colours_of(standing, ahead, rules)
    seed = seed_of(campaign, ends_at)
    expected = forecast_from(standing, ahead, after_of(campaign), seed=seed)
    why_not = why_not_counted(calendar().count(on - WEEK, on), ahead.between(on - WEEK, on))
    week = FrozenWeek.objects.create(
        campaign=campaign,
        number=number,
        ends_at=ends_at,
        label=week_label(on),
        **pinned(rules),
        counts=not why_not,
        why_not=why_not,
        is_provisional=calendar().is_provisional(on),
        sha256=digest(
            campaign, ends_at=ends_at, number=number, rules=rules, why_not=why_not, coloured=coloured, expected=expected
        ),
        frozen_at=now,
    )
    FrozenColour.objects.bulk_create(
        [
            FrozenColour(
                week=week, place_id=one.place, above_id=one.above or None, level=one.level, colour=one.colour,
                days_late=one.days_late, worst_key=one.worst_key, open=one.open, late=one.late, done=one.done,
            )
            for one in coloured
        ],
        CHUNK,
    )  # fmt: skip
    Forecast.objects.bulk_create(
        [
            Forecast(
                week=week, place_id=one.place, level=one.level, p50_on=one.p50_on, p80_on=one.p80_on, draws=DRAWS,
                seed=seed,
            )
            for one in expected
        ],
        CHUNK,
    )  # fmt: skip
    return week


def digest(
    campaign: Campaign,
    *,
    ends_at: datetime,
    number: int,
    rules: ColourRules,
    why_not: str,
    coloured: Sequence[Coloured],
    expected: Sequence[Expected],
) -> str:
    """The hash of everything a frozen week says, so that it can be compared with what the log gives again."""
    content = [
        campaign.public_id,
        ends_at.astimezone(UTC).isoformat(),
        number,
        rules.sha256,
        tables_of(rules),
        why_not,
        sorted(
            [one.place, one.level, one.above, one.colour, one.days_late, one.worst_key, one.open, one.late, one.done]
            for one in coloured
        ),
        sorted([one.place, one.level, one.p50_on.isoformat(), one.p80_on.isoformat()] for one in expected),
    ]
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


# --- escalation --------------------------------------------------------------------------------------------------------


def escalate(*, actor: Actor, campaign: Campaign, at: datetime | None = None) -> list[Statement]:
    """Demand a statement of every town whose streak is long enough and has none; withdraw what rests on an upheld contest.

    Asked again, it changes nothing.
    """
    now = at or timezone.now()
    if not _work_out(campaign).changes:
        return []
    with writing(actor, "campaigns.escalate", action=FREEZE, place_id=campaign.district_id, at=now) as act:
        # Two at once: the second waits here, looks again, and finds what the first has demanded.
        hold(begun_campaigns(), pk=campaign.pk)
        found = _work_out(campaign)
        for statement in found.void:
            _withdraw(statement, now)
            tell_of_statement(actor=actor, statement=statement, at=now)
        by_number = {week.number: week for week in found.weeks}
        made = [_demand(campaign, demand, by_number, now) for demand in found.due]
        for statement in made:
            tell_of_statement(actor=actor, statement=statement, at=now)
        act.subject = f"campaign:{campaign.public_id}"
        act.after = {
            "demanded": [[one.town_id, one.first_week.label, one.last_week.label] for one in made],
            "withdrawn": [statement.public_id for statement in found.void],
        }
    return made


@dataclass(frozen=True, slots=True)
class _Escalation:
    """What a look at the frozen weeks says: statements to demand, and demands that no longer rest on anything."""

    weeks: Sequence[FrozenWeek]
    due: Sequence[Demand]
    void: Sequence[Statement]

    @property
    def changes(self) -> bool:
        return bool(self.due or self.void)


def _work_out(campaign: Campaign) -> _Escalation:
    weeks, seen = streak_weeks(campaign)
    lineage = lineage_of_towns(campaign, seen)
    rows = list(
        Statement.objects.filter(campaign=campaign)
        .exclude(status=StatementStatus.WITHDRAWN)
        .select_related("first_week", "last_week", "campaign")
    )
    standing = {Demand(row.town_id, row.first_week.number, row.last_week.number): row for row in rows}
    length = rules_of(campaign).escalation.weeks
    unanswered = [demand for demand, row in standing.items() if row.status == StatementStatus.DEMANDED]
    void = compute_withdrawals(seen, unanswered, length=length, lineage=lineage)
    kept = [demand for demand in standing if demand not in void]
    due = compute_demands(seen, kept, length=length, lineage=lineage)
    return _Escalation(weeks, list(due), [standing[demand] for demand in void])


def _demand(campaign: Campaign, demand: Demand, weeks: dict[int, FrozenWeek], now: datetime) -> Statement:
    today = timezone.localdate(now)
    statement = Statement.objects.create(
        public_id=new_public_id(),
        campaign=campaign,
        town_id=demand.town,
        first_week=weeks[demand.first],
        last_week=weeks[demand.last],
        due_on=calendar().add(today, rules_of(campaign).escalation.statement_days),
        demanded_at=now,
    )
    with translation.override(settings.LANGUAGE_CODE):
        text = _(
            "%(town)s was red in consecutive weeks of “%(campaign)s” (%(first)s to %(last)s); a statement was demanded."
        ) % {
            "town": places.names_at([demand.town], today).get(demand.town, ""),
            "campaign": campaign.name,
            "first": statement.first_week.label,
            "last": statement.last_week.label,
        }
    AppraisalProposal.objects.create(public_id=new_public_id(), statement=statement, text=text, proposed_at=now)
    return statement


def _withdraw(statement: Statement, now: datetime) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("A contested red was found wrong: there is no streak any more.")
    statement.status, statement.withdrawn_at, statement.withdrawn_reason = StatementStatus.WITHDRAWN, now, reason
    statement.save(update_fields=["status", "withdrawn_at", "withdrawn_reason"])
    AppraisalProposal.objects.filter(statement=statement, status=ProposalStatus.PROPOSED).update(
        status=ProposalStatus.LAPSED, decided_at=now, reason=reason
    )
