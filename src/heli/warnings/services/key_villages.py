"""Key complex villages: proposed with reasons, confirmed by a second person, ended with a reason."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.bodies import queries as bodies
from heli.campaigns.queries import Campaign, village_tracks
from heli.kernel.access import Actor, require
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.warnings.models import KeyVillage
from heli.warnings.queries.key_villages import key_rules
from heli.warnings.rules.key_villages import Reason, compute_points
from heli.warnings.services.statements import person
from heli.warnings.services.week_notices import DECIDE
from heli.warnings.types import Tier

PROPOSE = "campaigns.matters"


def propose_key_village(
    *,
    actor: Actor,
    campaign: Campaign,
    place_id: int,
    tier: Tier,
    reasons: Sequence[Reason],
    on: date,
    team: str = "",
    leader: str = "",
    at: datetime | None = None,
) -> KeyVillage:
    """Propose a village of the campaign as a key one. `team` is a holder's key ("body:…"), `leader` the public id of a link to it.

    Raises `Refused` for a place without a track, without a reason, for unknown kinds, teams or links, or when it is one
    already; `Forbidden`.
    """
    require(actor, PROPOSE, place_id)
    who = person(actor=actor)
    rules, found = key_rules(), []
    if not village_tracks(campaign).filter(place=place_id).exists():
        found.append(Fault("foreign_place", _("Choose a village of this campaign."), field="place"))
    if not reasons:
        found.append(Fault("reason_missing", _("Give at least one reason.")))
    for reason in reasons:
        if reason.kind not in rules.kinds:
            found.append(Fault("unknown_kind", _("This kind of reason is not in the list."), field=reason.kind))
        elif reason.value < 0:
            found.append(Fault("value_negative", _("The value cannot be negative."), field=reason.kind))
    body = bodies.find_holder(team, campaign.district_id, on) if team else None
    if team and (body is None or body.is_person):
        found.append(Fault("unknown_team", _("There is no such team here."), field="team"))
    link = bodies.link_to_place(place_id, leader, on) if leader else None
    if leader and link is None:
        found.append(Fault("unknown_leader", _("Nobody is linked to this village in that way."), field="leader"))
    if KeyVillage.objects.filter(campaign=campaign, place=place_id, valid_to=None).exists():
        found.append(Fault("key_already", _("This village is a key village already."), field="place"))
    if found:
        raise Refused(found)
    with writing(actor, "campaigns.propose_key_village", action=PROPOSE, place_id=place_id, at=at) as act:
        kept = KeyVillage.objects.create(
            public_id=new_public_id(),
            campaign=campaign,
            place_id=place_id,
            tier=tier,
            reasons=[reason.as_json() for reason in reasons],
            points=compute_points(reasons, rules),
            team_id=body.id if body is not None else None,
            leader=link,
            valid_from=on,
            proposed_by_id=who,
            proposed_by_name=actor.name,
            proposed_at=act.at,
        )
        act.subject = f"key_village:{kept.public_id}"
        act.after = {"tier": str(tier), "reasons": kept.reasons, "points": kept.points}
    return kept


def confirm_key_village(*, actor: Actor, village: KeyVillage, at: datetime | None = None) -> KeyVillage:
    """The district confirms a proposed key village; never who proposed it."""
    district = village.campaign.district_id
    require(actor, DECIDE, district)
    who = person(actor=actor)
    found = []
    if village.confirmed_at is not None or village.valid_to is not None:
        found.append(Fault("decided", _("This key village has been decided.")))
    if who == village.proposed_by_id:
        found.append(Fault("own_proposal", _("You proposed this village: somebody else confirms it.")))
    if found:
        raise Refused(found)
    with writing(actor, "campaigns.confirm_key_village", action=DECIDE, place_id=district, at=at) as act:
        changed = KeyVillage.objects.filter(pk=village.pk, confirmed_at=None, valid_to=None).update(
            confirmed_by_id=who, confirmed_by_name=actor.name, confirmed_at=act.at
        )
        if not changed:
            raise Refused(Fault("decided", _("This key village has been decided.")))
        act.subject = f"key_village:{village.public_id}"
        act.after = {"confirmed": True}
        village.refresh_from_db()
    return village


def end_key_village(
    *, actor: Actor, village: KeyVillage, on: date, reason: str, at: datetime | None = None
) -> KeyVillage:
    """A village is no longer a key one from a day on, or a proposal is turned down; with the reason."""
    district = village.campaign.district_id
    require(actor, DECIDE, district)
    found = []
    if not reason.strip():
        found.append(Fault("reason_missing", _("Give the reason of the decision."), field="reason"))
    if on <= village.valid_from:
        text = _("It began on %(day)s: choose a later day.") % {"day": village.valid_from}
        found.append(Fault("period_backward", text, field="on"))
    if village.valid_to is not None:
        found.append(Fault("decided", _("This key village has been decided.")))
    if found:
        raise Refused(found)
    with writing(actor, "campaigns.end_key_village", action=DECIDE, place_id=district, reason=reason, at=at) as act:
        changed = KeyVillage.objects.filter(pk=village.pk, valid_to=None).update(
            valid_to=on, ended_reason=reason.strip()
        )
        if not changed:
            raise Refused(Fault("decided", _("This key village has been decided.")))
        act.subject = f"key_village:{village.public_id}"
        act.after = {"to": on.isoformat()}
        village.refresh_from_db()
    return village
