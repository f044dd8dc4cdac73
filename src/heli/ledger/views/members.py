"""The roll of members of a holder: counts and lines for whoever reads the books, names for the book-keeper who opens them."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from heli.files.documents import PDF, render_pdf
from heli.files.services.reading import sent_by
from heli.kernel.access import may
from heli.ledger import services
from heli.ledger.abouts import sitting_url
from heli.ledger.forms import LineEndForm
from heli.ledger.ledger import READ
from heli.ledger.models import Collective, RollConfirmation, RollState
from heli.ledger.queries import members as queries
from heli.ledger.roll_sheet import heads, read_roll, roll_paper
from heli.ledger.services.members import APPROVE, NAMES
from heli.ledger.tables import member_table
from heli.ledger.views.books import holder_or_404, show
from heli.records.forms import ListForm
from heli.records.views import today
from heli.ui.exports import XLSX, template_xlsx
from heli.ui.forms import attempt, press
from heli.ui.http import download, see_other
from heli.ui.pages import ActorRequest, page


@page(READ)
@require_http_methods(["GET", "POST"])
def roll(request: ActorRequest, holder_id: str) -> HttpResponse:
    """The roll of a holder, how far its confirmation is, and what the reader may do with it."""
    one, on, did = holder_or_404(request, holder_id), today(), request.POST.get("did", "")
    place_id = one.body.place_id
    keeps, approves = may(request.actor, NAMES, place_id), may(request.actor, APPROVE, place_id)
    if request.method == "POST" and not (keeps or approves):
        raise PermissionDenied(NAMES)
    rows = list(queries.lines_on_roll(one).order_by("ended_on", "number"))
    forms = {
        "list": ListForm(*((request.POST, request.FILES) if did == "list" else ())),
        "end": LineEndForm(request.POST if did == "end" else None, initial={"on": on}),
    }
    newest = queries.rolls_of(one).first()
    names: Mapping[int, str] = {}
    if did == "print":
        return _printed(request, one)
    if did == "open":
        number = request.POST.get("number", "")
        given: dict[str, Any] = {"actor": request.actor, "collective": one, "why": "page"}
        names = services.open_names(numbers=[int(number)] if number.isascii() and number.isdigit() else [0], **given)
    elif did and _did(request, one, newest, forms):
        return see_other("property:roll", one.public_id)
    if request.GET.get("template"):
        return download(
            template_xlsx(_("Roll of members"), list(heads().values())), name="roll.xlsx", content_type=XLSX
        )
    table = member_table(request, rows, names)
    if table.export:
        return table.export_response()
    hangs = newest is not None and newest.status == RollState.POSTED
    context = {
        "table": table, "counts": queries.counts_of(one), "newest": newest, "hangs": hangs, "names": names,
        "state": RollState(newest.status) if newest is not None else None, "waiting": queries.waiting_lines(one),
        "forms": forms if keeps and not hangs else None, "keeps": keeps, "approves": approves,
        "heads": list(heads().values()),
        "sitting_url": sitting_url(newest, "membership", place_id) if newest is not None and hangs else "",
    }  # fmt: skip
    status = 200 if names or request.method == "GET" else 422
    return show(request, "ledger/roll.html", context, one, (_("Roll of members"), ""), status=status)


def _did(request: ActorRequest, one: Collective, newest: RollConfirmation | None, forms: Mapping[str, Any]) -> bool:
    """Do what was pressed; whether the page is to be shown afresh."""
    did = request.POST["did"]
    given: dict[str, Any] = {"actor": request.actor}
    if did == "list":
        return attempt(forms["list"], lambda: _take_in(request, one, forms["list"].cleaned_data["file"]))
    if did == "end":
        return attempt(forms["end"], lambda: services.end_member(collective=one, **forms["end"].cleaned_data, **given))
    if did == "post":
        is_static = request.POST.get("is_static") == "1"
        press(request, lambda: services.post_roll(collective=one, is_static=is_static, **given), _("It hangs."))
    elif did == "confirm" and newest is not None:
        press(request, lambda: services.confirm_roll(roll=newest, **given), _("The roll is confirmed."))
    elif did == "aside" and newest is not None:
        reason = request.POST.get("reason", "")
        press(request, lambda: services.set_roll_aside(roll=newest, reason=reason, **given))
    else:
        raise Http404(did)
    return True


def _take_in(request: ActorRequest, one: Collective, file: Any) -> None:
    with sent_by(actor=request.actor, name=file.name, place_id=one.body.place_id):
        lines, sha256, said = read_roll(file.read(), file.name)
    count = services.take_in_members(actor=request.actor, collective=one, lines=lines, sha256=sha256)
    messages.success(request, _("%(count)s lines were entered.") % {"count": count})
    for line in said:
        messages.info(request, line)


def _printed(request: ActorRequest, one: Collective) -> HttpResponse:
    """The roll with names, as a paper for filing and for the wall; each printing stands in the trail."""
    names = services.open_names(actor=request.actor, collective=one, why="filing")
    rows = list(queries.lines_on_roll(one).filter(ended_on=None).order_by("number"))
    sheet = roll_paper(one, rows, names, on=today(), is_sample=settings.DEMO)
    return download(render_pdf(sheet), name=f"{one.body.name} {_('Roll of members')}.pdf", content_type=PDF)
