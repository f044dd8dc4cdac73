"""Reads of proposed lineage: comparisons in scope, counts by group, proposals with words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from heli.kernel.access import Scope
from heli.places import queries as register
from heli.places.models_imports import Comparison, OfficialUnit, Proposal
from heli.places.proposals.texts import group_note, group_text, reason_text
from heli.places.proposals.types import Group
from heli.places.types import Level

SHOWN = (
    Group.TOWN, Group.SUFFIX, Group.RECODED, Group.CONVERTED, Group.TOWN_GONE, Group.RENAMED, Group.MOVED, Group.UNCLEAR,
    Group.GONE, Group.NEW,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group with how many of it are open, confirmed and declined."""

    group: Group
    title: str
    note: str
    open: int
    confirmed: int
    declined: int


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate as the page offers it."""

    code: str
    name: str
    town: str
    score: int
    reasons: tuple[str, ...]


def comparisons_in_scope(scope: Scope) -> QuerySet[Comparison]:
    """Comparisons of districts in reach."""
    rows = Comparison.objects.select_related("list", "list__source", "district")
    if scope.everything:
        return rows
    return rows.filter(district__in=register.in_scope(scope).filter(level=Level.DISTRICT))


def groups_of(comparison: Comparison) -> list[GroupRow]:
    """The groups in the order in which they are best decided; empty ones left out."""
    counted: dict[str, dict[str, int]] = {}
    rows = Proposal.objects.filter(comparison=comparison).values_list("group", "decision").annotate(count=Count("*"))
    for group, decision, count in rows.order_by():
        counted.setdefault(group, {})[decision] = count
    return [
        GroupRow(
            group, group_text(group), group_note(group),
            counted[group].get("open", 0), counted[group].get("confirmed", 0), counted[group].get("declined", 0),
        )
        for group in SHOWN
        if group.value in counted
    ]  # fmt: skip


def proposals_of(comparison: Comparison, group: Group, search: str = "") -> QuerySet[Proposal]:
    """Proposals of a group; `search` looks in names and codes."""
    rows = Proposal.objects.filter(comparison=comparison, group=group).order_by(
        "old_town", "old_code", "new_code", "id"
    )
    if search:
        wanted = Q(old_name__contains=search) | Q(new_name__contains=search) | Q(old_code__contains=search)
        rows = rows.filter(
            wanted | Q(new_code__contains=search) | Q(old_town__contains=search) | Q(new_town__contains=search)
        )
    return rows


def find_comparison(public_id: str) -> Comparison | None:
    """The comparison that an import led to."""
    return Comparison.objects.filter(public_id=public_id).first()


def chosen_of(comparison: Comparison, group: Group, keys: Sequence[int]) -> QuerySet[Proposal]:
    """Those of a group's proposals that were ticked."""
    return Proposal.objects.filter(comparison=comparison, group=group, pk__in=keys)


def choices_of(proposal: Proposal, towns: Mapping[str, str]) -> list[CandidateRow]:
    """Ranked candidates with their reasons in words."""
    return [
        CandidateRow(
            one["code"], one["name"], towns.get(one["code"][:9], ""), one["score"],
            tuple(reason_text(reason["code"], reason["facts"]) for reason in one["reasons"]),
        )
        for one in proposal.candidates
    ]  # fmt: skip


def listed_towns(comparison: Comparison) -> dict[str, str]:
    """Nine digits → name of the list's towns."""
    low = register.version_on(comparison.district_id, comparison.before_on)
    units = OfficialUnit.objects.filter(list_id=comparison.list_id)
    if low and low.code:
        first = int(low.code[:6]) * 1_000_000
        units = units.filter(code_number__range=(first, first + 999_999))
    return {str(code)[:9]: name for code, name in units.values_list("code_number", "name") if code % 1000 == 0}


def unsaid() -> Sequence[str]:
    """What two lists can never tell, said on the page."""
    return (
        gettext("Which villages were merged into which: a merged village only disappears from the list."),
        gettext("Whether a village that keeps its name and code took others in."),
        gettext("Whether a village was divided, and in what shares."),
        gettext("The day and the document of a change: only that it happened between the two lists."),
        gettext("Whether the same code still means the same village: dropped codes come back for unrelated ones."),
    )
