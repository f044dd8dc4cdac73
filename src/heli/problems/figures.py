"""Figures of the problem ledger, as it stood at a moment."""

from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _

from heli.campaigns.counting import Counted, counted, figure, moment_of
from heli.kernel.declare import Ask, Direction, Figure
from heli.problems.catalogues import problem_kinds
from heli.problems.models import Issue, IssueEvent
from heli.problems.texts import ISSUE_STATUSES
from heli.problems.types import IssueStatus

LEDGER = _("Campaigns: problem ledger")


HEADS = (_("Problem"), _("Kind"), _("Status"), _("Due"), _("Closed on"))


def issues_in(ask: Ask) -> QuerySet[Issue]:
    """Problems known at the moment, with the status, the due day and the moment of their last event by then."""
    last = IssueEvent.objects.filter(issue=OuterRef("pk"), at__lte=moment_of(ask)).order_by("-pk")
    found = Issue.objects.filter(
        campaign__district_id__in=ask.district_ids, found_on__lte=ask.on, opened_at__lte=moment_of(ask)
    )
    return found.annotate(
        status_then=Subquery(last.values("status")[:1]),
        due_then=Subquery(last.values("due_on")[:1]),
        moved_at=Subquery(last.values("at")[:1]),
    ).order_by("campaign_id", "number")


def all_issues(ask: Ask) -> list[tuple[Counted, IssueStatus, date | None, date]]:
    """Every problem as (row, status, due day, day of its last event); one query, read once."""
    return ask.shared("campaigns.issues", lambda: _read(ask))


def _read(ask: Ask) -> list[tuple[Counted, IssueStatus, date | None, date]]:
    language, kinds = get_language() or "zh-hans", problem_kinds()
    columns = ("place_id", "town_id", "campaign__district_id", "campaign__public_id", "public_id", "title", "kind",
               "status_then", "due_then", "moved_at")  # fmt: skip
    found = []
    for place, town, district, campaign, public_id, title, kind, then, due, moved in issues_in(ask).values_list(
        *columns
    ):
        status, day = IssueStatus(then), localdate(moved)
        cells = [title, kinds.text(kind, language), str(ISSUE_STATUSES[status]), due or ""]
        cells.append(day if status is IssueStatus.CLOSED else "")
        url = reverse("problems:problem", args=[campaign, public_id])
        found.append((counted(ask, (place, town, district), (1, 1), cells, url), status, due, day))
    return found


def _marked(one: Counted, *, is_in: bool) -> Counted:
    return Counted(one.place, one.village, int(is_in), 1, one.cells, one.url)


def known(ask: Ask) -> list[Counted]:
    """Every problem."""
    return [one for one, *_rest in all_issues(ask)]


def closed(ask: Ask) -> list[Counted]:
    """Closed ones over all."""
    return [_marked(one, is_in=status is IssueStatus.CLOSED) for one, status, _due, _day in all_issues(ask)]


def closed_in_time(ask: Ask) -> list[Counted]:
    """Those closed by their due day over all closed ones."""
    return [
        _marked(one, is_in=due is None or day <= due)
        for one, status, due, day in all_issues(ask)
        if status is IssueStatus.CLOSED
    ]


def late(ask: Ask) -> list[Counted]:
    """Open ones whose due day has ended."""
    return [
        one
        for one, status, due, _day in all_issues(ask)
        if status is not IssueStatus.CLOSED and due is not None and due < ask.on
    ]


FIGURES: tuple[Figure, ...] = (
    figure("problems", _("Problems found"), _("Problems entered into the ledgers of campaigns up to the day."), known, HEADS,
           unit=_("problems"), source=LEDGER),
    figure("problems_closed", _("Problems closed"), _("Problems closed by a second person, over all problems."), closed, HEADS,
           unit="%", decimals=2, source=LEDGER, direction=Direction.UP),
    figure("problems_in_time", _("Problems closed in time"), _("Problems closed by their due day, over all closed ones."),
           closed_in_time, HEADS, unit="%", decimals=2, source=LEDGER, direction=Direction.UP),
    figure("problems_late", _("Problems late"), _("Problems not closed whose due day has ended."), late, HEADS,
           unit=_("problems"), source=LEDGER, direction=Direction.DOWN),
)  # fmt: skip
