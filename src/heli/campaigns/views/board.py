"""The board of a campaign, the sheet of a place, and one step over all its places."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from heli.campaigns.models import Campaign
from heli.campaigns.pages import campaign_or_404, shell
from heli.campaigns.queries import playbook_of
from heli.campaigns.queries.board import WALL, WINDOW, Board, BoardCell, BoardRow, counts_of, load_board
from heli.campaigns.queries.picture import picture
from heli.campaigns.queries.steps import answering_for, find_track, sheet_of
from heli.campaigns.texts import COLOURS, LEVELS, STATUSES, TAGS
from heli.campaigns.types import Colour, StepStatus, Tag
from heli.kernel.quantities import Ratio
from heli.ui.http import language, whole_number
from heli.ui.pages import ActorRequest, page

GLYPHS = {
    StepStatus.NOT_STARTED: "·",
    StepStatus.IN_PROGRESS: "◐",
    StepStatus.SUBMITTED: "↑",
    StepStatus.RETURNED: "↩",
    StepStatus.ACCEPTED: "✓",
    StepStatus.WAIVED: "—",
    StepStatus.MOVED: "→",
    StepStatus.ENDED: "✕",
}
"""What stands in a cell, so that colour is never the only sign."""


@page("campaigns.read")
def campaign(request: ActorRequest, public_id: str) -> HttpResponse:
    """The board: villages × steps, a window at a time; counts above it."""
    found = campaign_or_404(request, public_id)
    on = timezone.localdate()
    asked = request.GET
    colour = asked.get("colour", "")
    board = load_board(
        request.actor,
        found,
        on,
        first=whole_number(asked.get("first"), most=10**6) or 0,
        town=whole_number(asked.get("town")),
        text=asked.get("q", "").strip()[:40],
        at_least=Colour(colour) if colour in ("yellow", "orange", "red") else None,
        size=WALL if asked.get("all") else WINDOW,
    )
    context: dict[str, Any] = {
        "campaign": found,
        "board": board,
        "columns": columns(board, public_id),
        "lines": [(row, cells(row, public_id)) for row in board.rows],
        "next_url": more_url(request, board),
        "columns_count": len(board.rules) + 2,
    }
    if request.headers.get("HX-Request") and board.first:
        return render(request, "campaigns/board_rows.html", context)
    counts = counts_of(request.actor, found, on)
    return render(
        request,
        "campaigns/board.html",
        shell(request, found, "campaigns:campaign")
        | context
        | {
            "counts": counts,
            "share": Ratio(counts.done, counts.steps),
            "stages": stages(found),
            "glyphs": [(GLYPHS[status], STATUSES[status]) for status in GLYPHS],
            "colours": [(key, COLOURS[key]) for key in (Colour.YELLOW, Colour.ORANGE, Colour.RED)],
            "chosen": {"town": asked.get("town", ""), "colour": colour, "q": asked.get("q", "")},
            "on": on,
            "is_all": bool(asked.get("all")),
            "only_url": only_url(request, colour),
            "all_url": f"{request.path}?{all_of(request)}",
        },
    )


def stages(found: Campaign) -> list[tuple[str, int]]:
    """The stages with how many columns each spans."""
    return [(stage.title.text(language()), len(stage.steps)) for stage in playbook_of(found).stages]


def columns(board: Board, public_id: str) -> list[dict[str, Any]]:
    """The steps as numbered columns."""
    return [
        {
            "number": number,
            "title": rule.title.text(language()),
            "is_now": rule.key == board.now,
            "level": LEVELS[rule.per],
            "url": reverse("campaigns:column", args=[public_id, rule.key]),
        }
        for number, rule in enumerate(board.rules, start=1)
    ]


def cells(row: BoardRow, public_id: str) -> SafeString:
    """The cells of a row as HTML. Built here and not in a template: a window has some 1,700 of them."""
    root = reverse("campaigns:campaign", args=[public_id])
    return mark_safe("".join(_cell(cell, root) for cell in row.cells))


def _cell(cell: BoardCell, root: str) -> str:
    if cell.row is None:
        return '<td class="cell cell--none"></td>'
    step = cell.row
    status = StepStatus(step.status)
    tone = f" cell--{cell.colour}" if cell.days_late else ""
    shared = " cell--shared" if cell.is_shared else ""
    said = escape(STATUSES[status])
    late = (
        escape(_("%(colour)s, %(days)s days late") % {"colour": COLOURS[cell.colour], "days": cell.days_late})
        if tone
        else ""
    )
    glyph = "" if tone and status is StepStatus.NOT_STARTED else GLYPHS[status]
    text = f"{glyph}<b>{cell.days_late}</b>" if tone else glyph
    title = f"{said} · {late}" if late else said
    return (
        f'<td class="cell cell--{status}{tone}{shared}"><a href="{root}p/{cell.place_public_id}/{step.key}/" '
        f'title="{title}">{text}<span class="visually-hidden">{title}</span></a></td>'
    )


def more_url(request: HttpRequest, board: Board) -> str:
    """The address of the next window; empty at the end."""
    if board.next_first is None:
        return ""
    query = request.GET.copy()
    query["first"] = str(board.next_first)
    return f"{request.path}?{query.urlencode()}"


def only_url(request: HttpRequest, colour: str) -> str:
    """The address that shows only villages that are not green, or all of the choice again."""
    query = request.GET.copy()
    query.pop("first", None)
    query.pop("colour", None)
    if not colour:
        query["colour"] = Colour.YELLOW
    return f"{request.path}?{query.urlencode()}"


def all_of(request: HttpRequest) -> str:
    """The query that shows every village of the choice at once, for the printer."""
    query = request.GET.copy()
    query["all"] = "1"
    return query.urlencode()


@page("campaigns.read")
def sheet(request: ActorRequest, public_id: str, place: str) -> HttpResponse:
    """The sheet of one place: its steps by stage, who answers, what each waits for."""
    found = campaign_or_404(request, public_id)
    track = find_track(found, place, request.actor)
    if track is None:
        raise Http404(place)
    on = timezone.localdate()
    seen = picture(request.actor, found, on)
    shown = seen.tracks[track.pk]
    lines = sheet_of(seen, shown)
    titles = {rule.key: rule.title.text(language()) for rule in seen.playbook.steps}
    heir = seen.tracks.get(shown.lane.successor) if shown.lane.successor is not None else None
    groups = [
        {
            "title": stage.title.text(language()),
            "lines": [
                {
                    "title": titles[line.rule.key],
                    "url": reverse("campaigns:step", args=[public_id, place, line.rule.key]),
                    "status": STATUSES[StepStatus(line.row.status)],
                    "glyph": GLYPHS[StepStatus(line.row.status)],
                    "line": line,
                    "late": COLOURS[line.colour] if line.days_late else "",
                    "waits": [(titles[key], count) for key, count in line.waits],
                    "proof_asked": sum(one.least for one in line.rule.evidence),
                }
                for line in lines
                if line.rule.stage == stage.key
            ],
        }
        for stage in seen.playbook.stages
    ]
    context = shell(request, found, "campaigns:campaign") | {
        "track": shown,
        "place_public_id": place,
        "heir": heir,
        "groups": [group for group in groups if group["lines"]],
        "answers": answering_for([track.place_id], on).get(track.place_id, []),
        "tags": [TAGS[Tag(tag)] for tag in shown.tags],
        "level": LEVELS[shown.per],
        "on": on,
    }
    context["breadcrumbs"] = [*context["breadcrumbs"], {"label": shown.name, "url": ""}]
    context["breadcrumbs"][1]["url"] = reverse("campaigns:campaign", args=[public_id])
    return render(request, "campaigns/sheet.html", context)
