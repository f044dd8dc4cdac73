"""Sharing posts with sliders, beginning placements, and the post that whoever stays or moves has afterwards."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from heli.kernel.access import may
from heli.posts.forms import BeginForm, ChangeForm, NumbersForm, PlacingForm, TakeForm
from heli.posts.ledger import ALLOTTINGS, PLACEMENTS
from heli.posts.ledger.allotting import KEEP, READ, worked_out
from heli.posts.models import AllottingState
from heli.posts.queries.offices import bodies_with_room
from heli.posts.queries.placing import placed_by_village
from heli.posts.queries.sharing import known_villages
from heli.posts.services import allotting, placing
from heli.posts.tables import placed_table, shares_table
from heli.posts.texts import class_words
from heli.records import queries as rows
from heli.records.abouts import About
from heli.records.views import Pages, about_or_404, page_of, sent, today
from heli.ui.forms import attempt, offer
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page

ENTRY = "post:home"
MAX_BYTES = 1_000_000


def keeping(request: ActorRequest, about_id: str) -> About:
    """What is kept by somebody over the whole of it; 404 out of reach, 403 for whoever keeps a part."""
    about = about_or_404(request, about_id, KEEP)
    if not may(request.actor, KEEP, about.district_id):
        raise PermissionDenied(KEEP)
    return about


@page(KEEP)
@require_http_methods(["GET", "POST"])
def begin(request: ActorRequest, about_id: str) -> HttpResponse:
    """Begin to share posts, over the register or a file."""
    about = keeping(request, about_id)
    form = BeginForm(*sent(request))
    made: list[Any] = []

    def do() -> None:
        given, text = form.cleaned_data, ""
        if given["file"]:
            text = given["file"].read(MAX_BYTES).decode("utf-8-sig", errors="replace")
        made.append(
            allotting.begin_allotting(actor=request.actor, about=about, title=given["title"], text=text, on=today())
        )

    if request.method == "POST" and attempt(form, do):
        return see_other(reverse("post:work", args=[about.id, made[0].public_id]))
    context = {
        "form": form,
        "title": _("Share posts"),
        "button": _("Begin"),
        "list_url": ALLOTTINGS.url("list", about.id),
    }
    return Pages(ALLOTTINGS).show(
        request, about, "records/form.html", context, _("Share posts"), 422 if form.errors else 200
    )


@page(READ)
@require_http_methods(["GET", "POST"])
def work(request: ActorRequest, about_id: str, row_id: str) -> HttpResponse:
    """The sharing with sliders: what other numbers would give is seen before they are kept; a village is changed with a reason."""
    about = about_or_404(request, about_id, READ)
    row = rows.find_row(ALLOTTINGS, request.actor, about, row_id)
    if row is None:
        raise Http404(row_id)
    may_keep = may(request.actor, KEEP, row.place_id) and row.status == AllottingState.DRAFT
    if request.method == "POST" and not may_keep:
        raise PermissionDenied(KEEP)
    known = known_villages(row, today())
    start = {"total": row.total, "least": row.least, "most": row.most}
    pressed = request.POST.get("do", "")
    looked = {name: request.GET.get(name, value) for name, value in start.items()}
    form = NumbersForm(request.POST if pressed == "numbers" else looked, villages=len(known))
    change = ChangeForm(request.POST if pressed == "change" else None)
    offer(change, place=[(key, f"{one['name']} · {one['town']}") for key, one in known.items()])
    given: dict[str, Any] = {"actor": request.actor, "row": row}
    done = (
        pressed == "numbers" and attempt(form, lambda: allotting.set_numbers(**given, **form.cleaned_data, on=today()))
    ) or (pressed == "change" and attempt(change, lambda: allotting.change_village(**given, **change.cleaned_data)))
    if done:
        return see_other(reverse("post:work", args=[about.id, row_id]))
    numbers = form.cleaned_data if form.is_valid() else start
    allotment, shares = worked_out(row, **numbers)
    table = shares_table(request, shares, known, class_words, sample=about.is_sample)
    if table.export:
        return table.export_response()
    counts: dict[int, int] = {}
    for one in shares:
        counts[one.posts] = counts.get(one.posts, 0) + 1
    context = {
        "row": row, "form": form, "change": change, "may_keep": may_keep, "table": table, "allotment": allotment,
        "numbers": numbers, "is_other": numbers != start, "counts": sorted(counts.items()),
        "after": sum(one.posts for one in shares), "changed": sum(one.changed is not None for one in shares),
        "row_url": ALLOTTINGS.url("row", about.id, row_id), "is_change": pressed == "change", "title": row.title,
    }  # fmt: skip
    crumbs = [(str(ALLOTTINGS.words.tab), ALLOTTINGS.url("list", about.id)), (str(row.number), "")]
    status = 422 if request.method == "POST" else 200
    return page_of(
        request, about, ALLOTTINGS.name, "posts/work.html", context, crumbs=crumbs, status=status, entry=ENTRY
    )


@page(READ)
@require_http_methods(["GET", "POST"])
def begin_placing(request: ActorRequest, about_id: str) -> HttpResponse:
    """What placements come to by village, town and district; those who keep posts of the whole begin them."""
    about = about_or_404(request, about_id, READ)
    may_keep = may(request.actor, KEEP, about.district_id)
    if request.method == "POST" and not may_keep:
        raise PermissionDenied(KEEP)
    form = PlacingForm(*sent(request))
    form.fields["on"].initial = today()
    if request.method == "POST" and attempt(
        form, lambda: placing.begin_placements(actor=request.actor, about=about, on=form.cleaned_data["on"])
    ):
        return see_other(reverse("post:place", args=[about.id]))
    mine = {row.id for row in rows.targets(request.actor, about, today(), READ)}
    placed = placed_by_village(about.id, about.district_id, today(), mine)
    table = placed_table(request, placed.villages, sample=about.is_sample)
    if table.export:
        return table.export_response()
    context = {"table": table, "placed": placed, "form": form if may_keep else None}
    crumbs = [(str(PLACEMENTS.words.tab), PLACEMENTS.url("list", about.id)), (_("Before and after"), "")]
    status = 422 if form.errors else 200
    return page_of(
        request, about, PLACEMENTS.name, "posts/placed.html", context, crumbs=crumbs, status=status, entry=ENTRY
    )


@page(KEEP)
@require_http_methods(["GET", "POST"])
def take(request: ActorRequest, about_id: str, row_id: str) -> HttpResponse:
    """The post that whoever stays or moves has afterwards: among bodies with a free one, and the post they hold."""
    about = about_or_404(request, about_id, KEEP)
    row = rows.find_row(PLACEMENTS, request.actor, about, row_id)
    if row is None:
        raise Http404(row_id)
    if not may(request.actor, KEEP, row.place_id):
        raise PermissionDenied(KEEP)
    bodies, kinds = bodies_with_room(row, about.district_id)
    form = TakeForm(*sent(request))
    offer(form, body=[(key, name) for key, (_body, name) in bodies.items()], kind=kinds)

    def do() -> None:
        given = dict(form.cleaned_data)
        chosen, _name = bodies[given.pop("body")]
        placing.take_post(actor=request.actor, placement=row, body=chosen, **given)

    back = PLACEMENTS.url("row", about.id, row_id)
    if request.method == "POST" and attempt(form, do):
        return see_other(back)
    context = {"form": form, "title": _("Post afterwards"), "button": _("Keep"), "list_url": back, "note": row.office}
    return Pages(PLACEMENTS).show(
        request, about, "records/form.html", context, _("Post afterwards"), 422 if form.errors else 200
    )
