"""Deputies: who acts in campaigns for an absent colleague, from when to when."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from heli.accounts import queries as accounts
from heli.audit.services import writing
from heli.campaigns.models import Campaign, Deputy
from heli.campaigns.services.runs import OPEN_CAMPAIGN
from heli.kernel.access import Actor, scope
from heli.kernel.faults import Fault, Refused


def appoint_deputy(
    *,
    actor: Actor,
    campaign: Campaign,
    principal: str,
    deputy: str,
    valid_from: date,
    valid_to: date,
    at: datetime | None = None,
) -> Deputy:
    """Let one account (by sign-in name) act for another from a day until before another, in every campaign.

    Raises `Refused` for unknown accounts, the same person, backward or overlapping periods; `Forbidden`.
    """
    users = {user.username: user for user in accounts.in_scope(scope(actor, OPEN_CAMPAIGN)).filter(is_active=True)}
    faults = [
        Fault("unknown_account", _("There is no account of this sign-in name in your district."), field=field)
        for field, name in (("principal", principal), ("deputy", deputy))
        if name not in users
    ]
    if principal == deputy:
        faults.append(Fault("own_deputy", _("Nobody is their own deputy."), field="deputy"))
    if valid_to <= valid_from:
        faults.append(Fault("period_backward", _("The period must end after it starts."), field="valid_to"))
    if not faults and _overlaps(users[principal].pk, valid_from, valid_to):
        faults.append(Fault("deputy_twice", _("There is a deputy in this time already."), field="valid_from"))
    if faults:
        raise Refused(faults)
    with writing(actor, "campaigns.appoint_deputy", action=OPEN_CAMPAIGN, place_id=campaign.district_id, at=at) as act:
        made = Deputy.objects.create(
            principal=users[principal],
            deputy=users[deputy],
            valid_from=valid_from,
            valid_to=valid_to,
            appointed_by=actor.name,
        )
        act.subject = f"deputy:{made.pk}"
        act.after = {"principal": users[principal].pk, "deputy": users[deputy].pk, "from": valid_from, "to": valid_to}
    return made


def _overlaps(principal_id: int, valid_from: date, valid_to: date) -> bool:
    others = Deputy.objects.filter(principal_id=principal_id, valid_from__lt=valid_to)
    return others.exclude(valid_to__lte=valid_from).exists()
