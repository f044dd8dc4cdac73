"""What of warnings waits for somebody, over some campaigns (public ids): one query each."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from heli.warnings.models import AppraisalProposal, Contest, KeyVillage, Statement
from heli.warnings.types import ContestStatus, ProposalStatus, StatementStatus


def open_demands(campaigns: Collection[str], until: date) -> QuerySet[Statement]:
    """Statements demanded by a day and not given."""
    return _statements(campaigns, StatementStatus.DEMANDED).filter(due_on__lte=until)


def demands_on(town_id: int) -> QuerySet[Statement]:
    """Statements that a town has still to give, the most pressing first."""
    found = Statement.objects.filter(town=town_id, status=StatementStatus.DEMANDED).select_related("campaign")
    return found.order_by("due_on", "pk")


def unread_statements(campaigns: Collection[str]) -> QuerySet[Statement]:
    """Statements given that the district has not taken note of."""
    return _statements(campaigns, StatementStatus.GIVEN)


def _statements(campaigns: Collection[str], status: StatementStatus) -> QuerySet[Statement]:
    found = Statement.objects.filter(campaign__public_id__in=campaigns, status=status)
    return found.select_related("campaign").order_by("due_on", "pk")


def open_proposals(campaigns: Collection[str]) -> QuerySet[AppraisalProposal]:
    """Proposals for the appraisal record that nobody has decided."""
    found = AppraisalProposal.objects.filter(
        statement__campaign__public_id__in=campaigns, status=ProposalStatus.PROPOSED
    )
    return found.select_related("statement__campaign").order_by("proposed_at", "pk")


def open_contests(campaigns: Collection[str]) -> QuerySet[Contest]:
    """Contested reds that nobody has decided."""
    found = Contest.objects.filter(week__campaign__public_id__in=campaigns, status=ContestStatus.OPEN)
    return found.select_related("week__campaign").order_by("contested_at", "pk")


def open_key_villages(campaigns: Collection[str]) -> QuerySet[KeyVillage]:
    """Proposed key villages that nobody has confirmed or turned down."""
    found = KeyVillage.objects.filter(campaign__public_id__in=campaigns, confirmed_at=None, valid_to=None)
    return found.select_related("campaign").order_by("proposed_at", "pk")
