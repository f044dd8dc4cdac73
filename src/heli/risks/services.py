"""Risk assessments: written, signed by another person than the author, renewed as a new version."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.campaigns.models import Campaign
from heli.campaigns.services.matters import (
    ACCEPT,
    MATTERS,
    Upload,
    keep_file,
    problem,
    raise_found,
    refuse_finished,
    refuse_long,
    refuse_oneself,
    town_of,
)
from heli.kernel.access import Actor, require
from heli.kernel.ids import new_public_id
from heli.kernel.problems import Problem, Refused
from heli.risks.catalogues import risk_pack
from heli.risks.models import RiskAssessment, RiskItem
from heli.risks.queries import factors_of
from heli.risks.rules import compute_level, compute_score, missing_aspects, without_measures
from heli.risks.texts import ASPECTS
from heli.risks.types import RiskFactor

WHAT = "campaigns.risks"


def write_assessment(
    *,
    actor: Actor,
    campaign: Campaign,
    place_id: int,
    factors: Sequence[RiskFactor],
    contingency: str = "",
    upload: Upload | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> RiskAssessment:
    """Write the draft of a place, or change it; after a signature this begins the next version.

    The last to change a draft counts as its author. Raises `Refused` for marks outside 1 to 5 or a risk without words.
    """
    require(actor, MATTERS, place_id)
    refuse_finished(campaign)
    town = town_of(campaign, place_id, on or timezone.localdate())
    raise_found(_check_factors(factors) + refuse_long(contingency, "contingency"))
    pack = risk_pack()
    score = compute_score(factors)
    with writing(actor, WHAT, action=MATTERS, place_id=place_id, at=at) as act:
        Campaign.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=campaign.pk)
        mine = RiskAssessment.objects.filter(campaign=campaign, place_id=place_id)
        draft = mine.filter(sealed_at__isnull=True).first()
        if draft is None:
            last = mine.aggregate(last=Max("version"))["last"] or 0
            draft = RiskAssessment(
                public_id=new_public_id(), campaign=campaign, place_id=place_id, town_id=town, version=last + 1
            )
            before = mine.filter(version=last).first()
            draft.contingency_file_id = before.contingency_file_id if before else None
        draft.pack = f"{pack.id} v{pack.version}"
        draft.score, draft.level = score, compute_level(score, pack)
        draft.contingency = contingency.strip()
        draft.author_id, draft.author_name, draft.changed_at = actor.id, actor.name, act.at
        if upload is not None:
            draft.contingency_file = keep_file(actor, upload, place_id)
        draft.save()
        _replace_items(draft, factors, act.at)
        act.subject = f"risk:{draft.public_id}"
        act.after = {"did": "write", "version": draft.version, "score": score, "level": str(draft.level)}
    return draft


def _check_factors(factors: Sequence[RiskFactor]) -> list[Problem]:
    found = []
    for number, factor in enumerate(factors, 1):
        if not (1 <= factor.likelihood <= 5 and 1 <= factor.severity <= 5):
            found.append(problem("mark_outside", _("Marks go from 1 to 5."), f"likelihood_{number}"))
        if not factor.what.strip():
            found.append(problem("risk_empty", _("Say what could go wrong."), f"what_{number}"))
        found += refuse_long(factor.what, f"what_{number}", 1_000) + refuse_long(
            factor.measures, f"measures_{number}", 2_000
        )
    return found


def _replace_items(draft: RiskAssessment, factors: Sequence[RiskFactor], now: datetime) -> None:
    """The draft's risks become these; rows are reused by their place in the list, surplus ones are dropped, not deleted."""
    rows = {item.ordinal: item for item in RiskItem.objects.filter(assessment=draft)}
    for ordinal, factor in enumerate(factors, 1):
        item = rows.pop(ordinal, None) or RiskItem(assessment=draft, ordinal=ordinal)
        item.aspect, item.likelihood, item.severity = factor.aspect, factor.likelihood, factor.severity
        item.what, item.measures, item.dropped_at = factor.what.strip(), factor.measures.strip(), None
        item.save()
    for surplus in rows.values():
        if surplus.dropped_at is None:
            surplus.dropped_at = now
            surplus.save(update_fields=["dropped_at"])


def sign_assessment(
    *, actor: Actor, assessment: RiskAssessment, on: date | None = None, at: datetime | None = None
) -> RiskAssessment:
    """Sign a draft: from then on it never changes. Raises `Refused` for its author, while an aspect is not judged, a
    higher risk has no measures, or no contingency plan is there."""
    with writing(actor, WHAT, action=ACCEPT, place_id=assessment.place_id, at=at) as act:
        held = RiskAssessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
        if held.sealed_at is not None:
            raise Refused(problem("already_signed", _("This assessment is signed already.")))
        refuse_oneself(actor, held.author_id)
        if held.changed_at != assessment.changed_at:
            raise Refused(problem("stale", _("It was changed meanwhile: read it again before you sign.")))
        raise_found(_unfinished(held))
        RiskItem.objects.filter(assessment=held, sealed_at__isnull=True).update(sealed_at=act.at)
        held.signed_by_id, held.signed_by_name = actor.id, actor.name
        held.signed_on, held.sealed_at = on or timezone.localdate(), act.at
        held.save(update_fields=["signed_by", "signed_by_name", "signed_on", "sealed_at"])
        act.subject = f"risk:{held.public_id}"
        act.after = {"did": "sign", "version": held.version, "score": held.score, "level": held.level}
    return held


def _unfinished(assessment: RiskAssessment) -> list[Problem]:
    factors = factors_of(assessment)
    found = [
        problem("aspect_missing", _("Not judged yet: %(aspect)s.") % {"aspect": ASPECTS[aspect]})
        for aspect in missing_aspects(factors)
    ]
    if without_measures(factors, risk_pack()):
        found.append(problem("measures_missing", _("Every medium or high risk needs measures against it.")))
    if not assessment.contingency and assessment.contingency_file_id is None:
        found.append(problem("contingency_missing", _("Write the contingency plan, or add it as a file.")))
    return found
