"""Pages of weeks: the strip over the weeks, one frozen week, contests."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from heli.campaigns.pages import campaign_or_404, shell
from heli.campaigns.queries import Campaign, playbook_of
from heli.campaigns.queries.colours import live_colours, rules_of
from heli.campaigns.rules.colours import ColourRules
from heli.campaigns.texts import COLOURS
from heli.campaigns.types import COLOUR_ORDER, Colour, SeatLevel
from heli.kernel.access import may
from heli.kernel.faults import Refused
from heli.places import queries as places
from heli.ui.forms import add_faults
from heli.ui.http import language, see_other
from heli.ui.pages import ActorRequest, always, page
from heli.ui.tables import NOT_GREEN, Column, Exceptions, Table
from heli.warnings.forms import ContestForm, DecisionForm
from heli.warnings.models import FrozenWeek
from heli.warnings.queries.weeks import (
    WeekRow,
    find_contest,
    find_week,
    missing_weeks,
    statements_of,
    strip_of,
    visible_places,
    week_table,
    weeks_of,
)
from heli.warnings.services.statements import contest_red, decide_contest
from heli.warnings.services.week_notices import ANSWER, DECIDE
from heli.warnings.services.weeks import FREEZE, freeze_missing
from heli.warnings.templatetags.weeks import mark
from heli.warnings.texts import CONTEST_TONES, CONTESTS, GLYPHS, SEATS, WHY_NOT, week_words
from heli.warnings.types import ContestStatus, StatementStatus


def frame(request: ActorRequest, campaign: Campaign, part: str) -> dict[str, Any]:
    """The head of a page of this topic: the campaign's."""
    return shell(request, campaign, f"warnings:{part}")


def marks() -> list[dict[str, Any]]:
    """The legend: shape and word of each colour."""
    return [mark(colour) for colour in COLOUR_ORDER]


def rule_words(rules: ColourRules) -> list[str]:
    """The rules of a pack in sentences."""
    step, town = rules.step, rules.town
    found = [
        _(
            "Step: yellow from %(yellow)s, orange from %(orange)s, red from %(red)s working days late; the due day must have ended."
        )
        % {"yellow": step.yellow, "orange": step.orange, "red": step.red},
        _("Village: its worst open step."),
        _(
            "Town: red from %(red)s %% red villages, orange from %(orange)s %% orange or red, yellow from %(yellow)s %% late."
        )
        % {"red": _percent(town.red), "orange": _percent(town.orange), "yellow": _percent(town.yellow)},
    ]
    if town.own_steps:
        found.append(_("The town's own worst open step counts too."))
    found.append(
        _("Frozen every week; %(weeks)s red weeks in a row and the town states within %(days)s working days.")
        % {"weeks": rules.escalation.weeks, "days": rules.escalation.statement_days}
    )
    return found


def _percent(share_bp: int) -> str:
    whole, rest = divmod(share_bp, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


@page("campaigns.read", confirm=always)
@require_http_methods(["GET", "POST"])
def weeks(request: ActorRequest, public_id: str) -> HttpResponse:
    """The colours now, and the strip of frozen weeks of the district and each town; POST freezes what is missing."""
    campaign = campaign_or_404(request, public_id)
    now = timezone.now()
    if request.method == "POST":
        if not may(request.actor, FREEZE, campaign.district_id):
            raise PermissionDenied(FREEZE)
        count = len(freeze_missing(actor=request.actor, campaign=campaign, at=now))
        messages.success(
            request, ngettext("%(count)s week frozen.", "%(count)s weeks frozen.", count) % {"count": count}
        )
        return see_other("warnings:weeks", public_id)
    on = timezone.localdate(now)
    visible = visible_places(request.actor, campaign)
    strip = strip_of(campaign, visible, on)
    # The newest first: it is what one looks for, and a narrow screen shows the left end.
    frozen = [cell.week for cell in reversed(strip[0].cells)] if strip else []
    context = frame(request, campaign, "weeks") | {
        "now": _now(campaign, visible, on),
        "columns": [{"week": week, "why_not": WHY_NOT.get(week.why_not, ""), "url": week_url(week)} for week in frozen],
        "rows": [
            {
                "name": row.name,
                "cells": [
                    {
                        "mark": mark(cell.colour) if cell.colour is not None else None,
                        "upheld": cell.is_upheld,
                        "counts": cell.week.counts,
                        "label": cell.week.label,
                        "url": f"{week_url(cell.week)}?{urlencode({'q': row.name})}",
                    }
                    for cell in reversed(row.cells)
                ],
            }
            for row in strip
        ],
        "more": max(0, len(weeks_of(campaign)) - len(frozen)),
        "legend": marks(),
        "pack": rules_of(campaign),
        "rule_words": rule_words(rules_of(campaign)),
        "missing": missing_weeks(campaign, now),
        "may_freeze": may(request.actor, FREEZE, campaign.district_id),
        "open_statements": [one for one in statements_of(campaign, visible) if one.status == StatementStatus.DEMANDED],
    }
    return render(request, "warnings/weeks.html", context)


def _now(campaign: Campaign, visible: frozenset[int] | None, on: Any) -> list[dict[str, Any]]:
    """How many villages and towns have each colour today."""
    counts = {level: dict.fromkeys(COLOUR_ORDER, 0) for level in (SeatLevel.TOWN, SeatLevel.VILLAGE)}
    for one in live_colours(campaign, on):
        if one.level in counts and (visible is None or one.place in visible):
            counts[SeatLevel(one.level)][one.colour] += 1
    return [
        {"mark": mark(colour), "villages": counts[SeatLevel.VILLAGE][colour], "towns": counts[SeatLevel.TOWN][colour]}
        for colour in reversed(COLOUR_ORDER)
    ]


def week_url(week: FrozenWeek) -> str:
    """The address of a frozen week."""
    return reverse("warnings:week", args=[week.campaign.public_id, week.number])


def week_or_404(request: ActorRequest, public_id: str, number: int) -> FrozenWeek:
    """The frozen week, if the actor reaches its campaign."""
    week = find_week(campaign_or_404(request, public_id), number)
    if week is None:
        raise Http404(number)
    return week


@page("campaigns.read")
@require_GET
def week(request: ActorRequest, public_id: str, number: int) -> HttpResponse:
    """One frozen week: every place with its colour and why, what is known now where it differs, contests."""
    found = week_or_404(request, public_id, number)
    campaign = found.campaign
    visible = visible_places(request.actor, campaign)
    rows = week_table(found, visible)
    table = _table(request, found, rows)
    if table.export:
        return table.export_response()
    changed = [row for row in rows if row.changed]
    context = frame(request, campaign, "weeks") | {
        "week": found,
        "why_not": WHY_NOT.get(found.why_not, ""),
        "table": table,
        "changed": [{"row": row, "then": mark(row.colour), "now": mark(row.now or row.colour)} for row in changed],
        "legend": marks(),
        "counts": [
            {
                "mark": mark(colour),
                "villages": sum(row.colour is colour and row.level is SeatLevel.VILLAGE for row in rows),
                "towns": sum(row.colour is colour and row.level is SeatLevel.TOWN for row in rows),
            }
            for colour in reversed(COLOUR_ORDER)
        ],
        "rule_words": rule_words(rules_of(found)),
        "earlier": find_week(campaign, number - 1),
        "later": find_week(campaign, number + 1),
    }
    return render(request, "warnings/week.html", context)


def _table(request: ActorRequest, week: FrozenWeek, rows: list[WeekRow]) -> Table:
    campaign = week.campaign
    titles = {key: step.title.text(language()) for key, step in playbook_of(campaign).by_key.items()}
    may_contest = may(request.actor, ANSWER)
    below: dict[int, list[Colour]] = {}
    for one in rows:
        below.setdefault(one.above, []).append(one.colour)

    def why(row: WeekRow) -> str:
        """The worst own step; of a town or the district also how those below it stand."""
        own = titles.get(row.worst_key, row.worst_key)
        if row.level is SeatLevel.VILLAGE or row.place not in below:
            return own
        counts = [f"{GLYPHS[colour]}{below[row.place].count(colour)}" for colour in reversed(COLOUR_ORDER)]
        return " ".join([*counts, *([own] if own else [])])

    def contest_url(row: WeekRow) -> str:
        if row.contest is not None and row.contest.status != ContestStatus.REJECTED:
            return reverse("warnings:contest", args=[campaign.public_id, row.contest.public_id])
        return reverse("warnings:new_contest", args=[campaign.public_id, week.number, row.public_id])

    def contest_word(row: WeekRow) -> str:
        if row.contest is not None:
            return str(CONTESTS[ContestStatus(row.contest.status)])
        can = row.level is SeatLevel.TOWN and row.colour is Colour.RED and may_contest
        return _("Contest") if can else ""

    return Table(
        "week",
        request,
        sorted(rows, key=lambda row: (-COLOUR_ORDER.index(row.colour), -row.days_late)),
        [
            Column("name", _("Place"), link=lambda row: reverse("places:place", args=[row.public_id])),
            Column("level", _("Level"), labels=SEATS, filter=True),
            Column("above_name", _("Town"), value=lambda row: row.above_name if row.level == "village" else row.name,
                   filter=True),
            Column("colour", _("Colour"), labels=COLOURS, filter=True,
                   template="warnings/colour_cell.html"),
            Column("days_late", _("Working days late"), kind="integer"),
            Column("worst_key", _("Why"), value=why, sort=False),
            Column("open", _("open"), kind="integer", total=True),
            Column("late", _("late"), kind="integer", total=True),
            Column("done", _("done"), kind="integer", total=True),
            Column("now", _("As known now"), value=lambda row: row.now if row.changed else None, labels=COLOURS,
                   sort=False, template="warnings/now_cell.html"),
            Column("contest", _("Contest"), value=contest_word, sort=False,
                   link=lambda row: contest_url(row) if contest_word(row) else None),
        ],
        search=("name", "above_name"),
        caption=_("%(campaign)s, %(week)s") % {"campaign": campaign.name, "week": week_words(week.label)},
        replaces=_("weekly colour table of towns and villages (三色预警表)"),
        sample=campaign.is_sample,
        row_id=lambda row: row.place,
        cards=True,
        exceptions=Exceptions(NOT_GREEN, lambda row: row.colour is not Colour.GREEN),
    )  # fmt: skip


# --- contests ----------------------------------------------------------------------------------------------------------


@page(ANSWER)
@require_http_methods(["GET", "POST"])
def new_contest(request: ActorRequest, public_id: str, number: int, place: str) -> HttpResponse:
    """Contest a town's red of a week."""
    found = week_or_404(request, public_id, number)
    visible = visible_places(request.actor, found.campaign)
    row = next((one for one in week_table(found, visible) if one.public_id == place and one.level == "town"), None)
    if row is None:
        raise Http404(place)
    if not may(request.actor, ANSWER, row.place):
        raise PermissionDenied(ANSWER)
    form = ContestForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = contest_red(
                actor=request.actor, week=found, town_id=row.place, text=form.cleaned_data["text"], upload=form.upload
            )
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            messages.success(request, _("The red is contested; a second person decides."))
            return see_other("warnings:contest", public_id, made.public_id)
    context = frame(request, found.campaign, "weeks") | {
        "week": found,
        "row": row,
        "mark": mark(row.colour),
        "form": form,
    }
    return render(request, "warnings/new_contest.html", context, status=422 if request.method == "POST" else 200)


@page("campaigns.read")
@require_http_methods(["GET", "POST"])
def contest(request: ActorRequest, public_id: str, contest_id: str) -> HttpResponse:
    """A contest with its evidence; the district decides, another person than who contested."""
    campaign = campaign_or_404(request, public_id)
    found = find_contest(campaign, contest_id, visible_places(request.actor, campaign))
    if found is None:
        raise Http404(contest_id)
    may_decide = may(request.actor, DECIDE, campaign.district_id)
    form = DecisionForm(request.POST or None)
    if request.method == "POST":
        if not may_decide:
            raise PermissionDenied(DECIDE)
        if form.is_valid():
            uphold = request.POST.get("did") == "uphold"
            try:
                decide_contest(actor=request.actor, contest=found, uphold=uphold, reason=form.cleaned_data["reason"])
            except Refused as refused:
                add_faults(form, refused.faults)
            else:
                return see_other("warnings:contest", public_id, contest_id)
    status = ContestStatus(found.status)
    on = timezone.localdate(found.week.ends_at)
    context = frame(request, campaign, "weeks") | {
        "contest": found,
        "week": found.week,
        "week_url": reverse("warnings:week", args=[public_id, found.week.number]),
        "town_name": places.names_at([found.town_id], on).get(found.town_id, ""),
        "status": CONTESTS[status],
        "tone": CONTEST_TONES[status],
        "is_open": status is ContestStatus.OPEN,
        "is_own": found.contested_by_id == request.actor.id,
        "may_decide": may_decide,
        "form": form,
    }
    return render(request, "warnings/contest.html", context, status=422 if request.method == "POST" else 200)
