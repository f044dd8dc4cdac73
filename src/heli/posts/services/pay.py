"""Writes of the pay office: what posts pay under a document, the grade of a holder's year, whose pay an account sees."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from heli.accounts.queries import account_named
from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.posts.catalogues import kind_words
from heli.posts.models import GradedYear, Holding, PayAccount, PayGrade, PayRule
from heli.posts.rules.pay import PayScale
from heli.records.fields import check_values

PAY = "posts.pay"


def set_pay(
    *,
    actor: Actor,
    district_id: int,
    scale: PayScale,
    budget: int,
    valid_from: date,
    document_number: str,
    at: datetime | None = None,
) -> PayRule:
    """From a day on posts pay by this scale (fen a year) under a document; `budget` is fen a year for all of them.

    Refused without a document, for an unknown post or grade, an amount below nought, a rule not later than the last.
    """
    values = {"document_number": document_number, "valid_from": valid_from}
    found = check_values(PayRule, values, valid_from)
    if unknown := [*(set(scale.bases) - set(kind_words())), *(set(scale.shares) - set(PayGrade.values))]:
        found.append(
            Fault("pay_unknown", _("“%(what)s” is no post and no grade.") % {"what": unknown[0]}, field="bases")
        )
    if min([scale.floor, budget, *scale.bases.values(), *scale.shares.values()]) < 0:
        found.append(Fault("pay_negative", _("An amount is below nought."), field="floor"))
    if found:
        raise Refused(found)
    with writing(actor, "posts.set_pay", action=PAY, place_id=district_id, at=at) as act:
        if PayRule.objects.filter(district=district_id, valid_from__gte=valid_from).exists():
            raise Refused(Fault("pay_later", _("A document of that day or later sets the pay."), field="valid_from"))
        made = PayRule.objects.create(
            public_id=new_public_id(), district_id=district_id, valid_from=valid_from, budget=budget,
            document_number=document_number.strip(), bases=dict(scale.bases), shares=dict(scale.shares), floor=scale.floor,
        )  # fmt: skip
        act.subject, act.after = f"pay:{made.public_id}", {"did": "set_pay", "from": valid_from, **values}
    return made


def take_grade(
    *, actor: Actor, holding: Holding, year: int, grade: str, source: str, at: datetime | None = None
) -> GradedYear:
    """The grade of a holder's year, by which a share of the base is paid; said again it takes the place of the first."""
    if found := check_values(GradedYear, {"grade": grade, "source": source}, date(year, 1, 1)):
        raise Refused(found)
    with writing(actor, "posts.take_grade", action=PAY, place_id=holding.post.body.place_id, at=at) as act:
        _refuse_empty(holding, year)
        made, _is_new = GradedYear.objects.update_or_create(
            holding=holding, year=year, defaults={"grade": grade, "source": source.strip()}
        )
        act.subject, act.after = f"holding:{holding.public_id}", {"did": "grade", "year": year}
    return made


def link_account(*, actor: Actor, holding: Holding, username: str, at: datetime | None = None) -> PayAccount | None:
    """From now on this account sees the pay of the holder, its own; an empty name takes that back."""
    with writing(actor, "posts.link_account", action=PAY, place_id=holding.post.body.place_id, at=at) as act:
        _refuse_empty(holding, None)
        key = account_named(username.strip()) if username.strip() else None
        if username.strip() and key is None:
            raise Refused(Fault("no_account", _("There is no account of this name that is in use."), field="username"))
        PayAccount.objects.filter(holding=holding).delete()
        made = PayAccount.objects.create(holding=holding, user_id=key) if key is not None else None
        act.subject, act.after = f"holding:{holding.public_id}", {"did": "account", "linked": made is not None}
    return made


def _refuse_empty(holding: Holding, year: int | None) -> None:
    if holding.person_id is None:
        raise Refused(Fault("no_office", _("Nobody holds this post.")))
    if year is not None and not holding.valid_from.year <= year <= (holding.valid_to or date.max).year:
        raise Refused(Fault("not_that_year", _("They did not hold this post in that year."), field="year"))
