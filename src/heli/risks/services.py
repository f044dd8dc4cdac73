"""Risk assessments: written, signed by another person than the author, renewed as a new version."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.files.services import store_document
from heli.kernel.access import Actor, require
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.records.abouts import About
from heli.records.fields import check_values
from heli.records.services import FormFile, hold, refuse_finished, refuse_oneself, towns_at
from heli.risks.catalogues import risk_pack
from heli.risks.models import RiskAssessment, RiskItem
from heli.risks.queries import READ, factors_of
from heli.risks.rules import compute_level, compute_score, missing_aspects, without_measures
from heli.risks.texts import ASPECTS
from heli.risks.types import RiskFactor

WHAT, WRITE, SIGN = "campaigns.risks", "campaigns.matters", "campaigns.accept"


def write_assessment(
    *,
    actor: Actor,
    about: About,
    place_id: int,
    factors: Sequence[RiskFactor],
    contingency: str = "",
    upload: FormFile | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> RiskAssessment:
    """Write the draft of a place, or change it; after a signature this begins the next version.

    The last to change a draft counts as its author. Raises `Refused` for marks outside 1 to 5 or a risk without words.
    """
    require(actor, WRITE, place_id)
    refuse_finished(about)
    today = on or timezone.localdate()
    town = towns_at(about.district_id, place_ids=[place_id], on=today)[place_id]
    if found := _check(factors, contingency, today):
        raise Refused(found)
    pack, score = risk_pack(), compute_score(factors)
    with writing(actor, WHAT, action=WRITE, place_id=place_id, at=at) as act:
        hold(about.kind.rows().only("pk"), public_id=about.id)
        mine = RiskAssessment.objects.filter(about=about.id, place_id=place_id)
        draft = mine.filter(sealed_at__isnull=True).first()
        if draft is None:
            last = mine.aggregate(last=Max("version"))["last"] or 0
            stands = {"about": about.id, "district_id": about.district_id, "place_id": place_id, "town_id": town}
            draft = RiskAssessment(public_id=new_public_id(), **stands, version=last + 1)
            before = mine.filter(version=last).first()
            draft.contingency_file_id = before.contingency_file_id if before else None
        draft.pack = f"{pack.id} v{pack.version}"
        draft.score, draft.level = score, compute_level(score, pack).value
        draft.contingency = contingency.strip()
        draft.written_by_id, draft.written_by_name, draft.written_at = actor.id, actor.name, act.at
        if upload is not None:
            draft.contingency_file = store_document(
                actor=actor, chunks=upload.chunks, name=upload.name, action=READ, place_id=place_id
            )
        draft.save()
        _replace_items(draft, factors, act.at)
        act.subject = f"risk:{draft.public_id}"
        act.after = {"did": "write", "version": draft.version, "score": score, "level": draft.level}
    return draft


def _check(factors: Sequence[RiskFactor], contingency: str, on: date) -> list[Fault]:
    found = check_values(RiskAssessment, {"contingency": contingency}, on)
    for number, factor in enumerate(factors, 1):
        found += [replace(one, field=f"{one.field}_{number}") for one in check_values(RiskItem, asdict(factor), on)]
    return found


def _replace_items(draft: RiskAssessment, factors: Sequence[RiskFactor], now: datetime) -> None:
    """The draft's risks become these; rows are reused by their place in the list, surplus ones are dropped, not deleted."""
    rows = {item.ordinal: item for item in RiskItem.objects.filter(assessment=draft)}
    for ordinal, factor in enumerate(factors, 1):
        item = rows.pop(ordinal, None) or RiskItem(assessment=draft, ordinal=ordinal)
        item.aspect, item.likelihood, item.severity = factor.aspect.value, factor.likelihood, factor.severity
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
    with writing(actor, WHAT, action=SIGN, place_id=assessment.place_id, at=at) as act:
        held: RiskAssessment = hold(RiskAssessment.objects, pk=assessment.pk)
        if held.sealed_at is not None:
            raise Refused(Fault("already_signed", _("This assessment is signed already.")))
        refuse_oneself(actor=actor, first_id=held.written_by_id)
        if held.written_at != assessment.written_at:
            raise Refused(Fault("stale", _("It was changed meanwhile: read it again before you sign.")))
        if found := unfinished(held):
            raise Refused(found)
        RiskItem.objects.filter(assessment=held, sealed_at__isnull=True).update(sealed_at=act.at)
        held.signed_by_id, held.signed_by_name = actor.id, actor.name
        held.signed_on, held.sealed_at = on or timezone.localdate(), act.at
        held.save(update_fields=["signed_by", "signed_by_name", "signed_on", "sealed_at"])
        act.subject = f"risk:{held.public_id}"
        act.after = {"did": "sign", "version": held.version, "score": held.score, "level": held.level}
    return held


def unfinished(assessment: RiskAssessment) -> list[Fault]:
    """What a draft lacks before it can be signed."""
    factors = factors_of(assessment)
    found = [
        Fault("aspect_missing", _("Not judged yet: %(aspect)s.") % {"aspect": ASPECTS[aspect]})
        for aspect in missing_aspects(factors)
    ]
    if without_measures(factors, risk_pack()):
        found.append(Fault("measures_missing", _("Every medium or high risk needs measures against it.")))
    if not assessment.contingency and assessment.contingency_file_id is None:
        found.append(Fault("contingency_missing", _("Write the contingency plan, or add it as a file.")))
    return found
