"""Keying: the sheets within a clerk's reach, one sheet at a time, and nothing of what others keyed."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.assemblies.catalogues import post_words
from heli.assemblies.election_forms import SheetForm
from heli.assemblies.models import CountSheet, SheetState
from heli.assemblies.queries import elections as queries
from heli.assemblies.queries.elections import KEY
from heli.assemblies.rules.tallies import differing
from heli.assemblies.services import tallies
from heli.places import queries as places
from heli.records.views import today
from heli.ui.forms import ResumableFile, ResumableFileField, attempt, press
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page


@page(KEY)
@require_GET
def sheets(request: ActorRequest) -> HttpResponse:
    """What is to be keyed, by unit; where two differ, a third look."""
    rows = list(queries.sheets_to_key(request.actor))
    names = places.names_at({row.contest.place_id for row in rows}, today())
    key = request.actor.id
    lines = [
        {"sheet": row, "place": f"{names.get(row.contest.place_id, '')}{row.contest.part}", "state": _turn(row, key)}
        for row in rows
        if row.state != SheetState.AGREED or _mine(row, key)
    ]
    context = {"lines": lines, "agreed": sum(row.state == SheetState.AGREED for row in rows), "every": len(rows)}
    return render(request, "assemblies/elections/tally.html", context)


def _mine(row: CountSheet, key: int | None) -> bool:
    return key is not None and key in {row.first_by_id, row.second_by_id, row.third_by_id}


def _turn(row: CountSheet, key: int | None) -> str:
    """What the clerk may do with the sheet: "key", "look", or only see that it was keyed: "mine", "agreed"."""
    if row.state == SheetState.AGREED:
        return "agreed"
    if _mine(row, key):
        return "mine"
    return "look" if row.state == SheetState.DIFFERS else "key"


@page(KEY)
@require_http_methods(["GET", "POST"])
def sheet(request: ActorRequest, sheet_id: str) -> HttpResponse:
    """Key one sheet, look at what differs, or take one's own keying back."""
    one, actor = queries.sheets_to_key(request.actor).filter(public_id=sheet_id).first(), request.actor
    if one is None:
        raise Http404(sheet_id)
    turn = _turn(one, actor.id)
    labels = _labels(one, turn)
    photo = None
    if turn == "key":
        widget = ResumableFile(KEY, one.contest.place_id, photo=True)
        photo = ResumableFileField(label=_("Photo of the paper"), widget=widget, required=False, most=1)
    is_sent = request.method == "POST" and request.POST.get("did") in {"key", "look"}
    form = SheetForm(*((request.POST, request.FILES) if is_sent else ()), labels=labels, photo=photo)
    if request.method == "POST" and _done(request, one, turn, form):
        return see_other("assemblies:tally")
    names = places.names_at([one.contest.place_id], today())
    context: dict[str, Any] = {
        "sheet": one, "place": f"{names.get(one.contest.place_id, '')}{one.contest.part}",
        "turn": turn, "form": form if turn in {"key", "look"} else None,
        "breadcrumbs": [{"url": "../", "label": _("Keying ballots")}, {"label": one.name}],
    }  # fmt: skip
    return render(request, "assemblies/elections/sheet.html", context, status=422 if request.method == "POST" else 200)


def _done(request: ActorRequest, one: CountSheet, turn: str, form: SheetForm) -> bool:
    did = request.POST.get("did", "")
    given: dict[str, Any] = {"actor": request.actor, "sheet": one}
    if did == "withdraw" and turn == "mine":
        press(request, lambda: tallies.withdraw_keying(**given), _("Taken back: the sheet can be keyed again."))
        return True
    if did == "key" and turn == "key":

        def key() -> None:
            files = form.cleaned_data.get("photo") or ()
            word = form.cleaned_data["word"]
            tallies.key_sheet(**given, numbers=form.numbers(), word=word, photo=next(iter(files), None))

        return attempt(form, key)
    if did == "look" and turn == "look":
        return attempt(
            form, lambda: tallies.settle_sheet(**given, values=form.numbers(), word=form.cleaned_data["word"])
        )
    # Somebody else was quicker, or it is the reader's own sheet: the list says how it stands now.
    if did in {"key", "look", "withdraw"}:
        return True
    raise Http404(did)


def _labels(one: CountSheet, turn: str) -> dict[str, str]:
    """The fields that are asked, with words: all of them, or where two keyings differ."""
    names = {name: _("%(box)s: ballots returned") % {"box": box} for name, box in _boxes(one)}
    names |= {
        "unreturned": _("Ballots issued and not returned"),
        "invalid": _("Invalid ballots"),
        "valid": _("Valid ballots"),
    }
    for person in queries.nominees_of(one.contest):
        if person.is_qualified is False:
            continue
        label = f"{post_words(one.contest.election.body, person.post)} {person.number} {person.name}"
        names[f"votes.{person.post}.{person.number}"] = label
    if turn != "look":
        return names
    return {name: names[name] for name in differing(one.first or {}, one.second or {})}


def _boxes(one: CountSheet) -> list[tuple[str, str]]:
    return [(f"box.{at}", str(name)) for at, (name, _issued) in enumerate(one.boxes)]
