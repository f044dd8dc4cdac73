"""The roll of a holder as counts and lines; names are opened by a service alone."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from heli.ledger.models import Collective, MemberClass, RollConfirmation, RollMember, RollState


@dataclass(frozen=True, slots=True)
class RollCounts:
    """What a roll adds up to: members, their households, shares of all lines in hundredths."""

    members: int
    households: int
    shares: int


def lines_on_roll(collective: Collective) -> QuerySet[RollMember]:
    """The lines of a holder's roll, those that ended among them."""
    return RollMember.objects.filter(collective=collective)


def counts_of(collective: Collective) -> RollCounts:
    """What stands on the roll now, confirmed or to be; one query."""
    is_member = Q(sort=MemberClass.MEMBER)
    found = lines_on_roll(collective).filter(ended_on=None)
    told = found.aggregate(
        members=Count("pk", filter=is_member), households=Count("household", filter=is_member, distinct=True),
        shares=Sum("shares"),
    )  # fmt: skip
    return RollCounts(told["members"], told["households"], told["shares"] or 0)


def rolls_of(collective: Collective) -> QuerySet[RollConfirmation]:
    """The confirmations of a holder's roll, the newest first."""
    return RollConfirmation.objects.filter(collective=collective).order_by("-pk")


def standing_roll(collective: Collective) -> RollConfirmation | None:
    """The newest roll that was confirmed."""
    return rolls_of(collective).filter(status=RollState.CONFIRMED).first()


def waiting_lines(collective: Collective) -> int:
    """Lines that stand and are not confirmed yet."""
    return lines_on_roll(collective).filter(ended_on=None, confirmed_on=None).count()
