"""A grid worker's own pages: two taps on site, with or without a network; their diary as counts; what became of what they found."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from heli.kernel.access import scope
from heli.kernel.faults import Fault, Refused
from heli.matters import queries, services, site_services
from heli.matters.catalogues import item_words
from heli.matters.forms import LONGEST_TEXT, PointForm, key_of
from heli.matters.ledger import MATTERS
from heli.matters.ledger.matter import COLLECT
from heli.matters.models import MatterState, ReportChannel, SiteKind
from heli.matters.services import MOST_PHOTOS, MatterReport
from heli.places import queries as places
from heli.places.types import Level, PlaceRow
from heli.records.abouts import DISTRICT, About
from heli.records.forms import of_places
from heli.records.services import FormFile
from heli.records.views import today
from heli.records.words import MATTERS_ONLY
from heli.ui.forms import ResumableFile, ResumableFileField, attempt, offer
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page
from heli.ui.uploads import Uploaded

TILES, LATELY, MOST = 8, timedelta(days=90), 30


class SiteForm(PointForm):
    """What was found on a round: the item by a tap, the rest only where it says more."""

    place = forms.ChoiceField(label=gettext_lazy("Where"))
    item = forms.ChoiceField(label=gettext_lazy("What is it?"), widget=forms.RadioSelect)
    photos = ResumableFileField(
        label=gettext_lazy("Photos (three at most)"), required=False, most=MOST_PHOTOS,
        widget=ResumableFile(COLLECT, photo=True),
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("A word about it"), required=False, max_length=LONGEST_TEXT, help_text=MATTERS_ONLY,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    key = forms.CharField(required=False, widget=forms.HiddenInput)


class CountForm(forms.Form):
    """One more that was settled on the spot."""

    place = forms.ChoiceField()
    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in SiteKind])
    key = forms.CharField(required=False)


def own_places(request: ActorRequest) -> list[PlaceRow]:
    """The villages where the reader collects matters."""
    reach = scope(request.actor, COLLECT)
    found: list[PlaceRow] = []
    for district in places.districts(today(), places.reached_districts(reach)):
        within = places.reached_in(reach, district.id, today())
        found += places.places_on(district.id, today(), levels=(Level.VILLAGE,), place_ids=within)
    return found


def about_of(rows: list[PlaceRow], key: str) -> About:
    """The district of a place among one's own."""
    row = next((one for one in rows if str(one.id) == key), None)
    if row is None or row.district_id is None:
        raise Refused(Fault("place_unknown", _("Choose a place of your own."), field="place"))
    district = places.rows_of([row.district_id], today())[row.district_id]
    return DISTRICT.about(district.id, district.public_id)


@page(COLLECT)
@require_http_methods(["GET", "POST"])
def site(request: ActorRequest) -> HttpResponse:
    """On site: a tap on what it is and one to send; hazards and disputes settled on the spot are a tap each."""
    rows = own_places(request)
    words = item_words()
    usual = queries.usual_items([row.id for row in rows], today() - LATELY, TILES)
    tiles = list(dict.fromkeys([*usual, *words]))[:TILES]
    is_count = request.method == "POST" and "kind" in request.POST
    given = request.POST if request.method == "POST" else None
    first = {"place": rows[0].id} if len(rows) == 1 else {}
    form: Any = CountForm(given) if is_count else SiteForm(given, request.FILES or None, initial=first)
    offer(form, place=of_places(rows))
    if not is_count:
        offer(form, item=[(key, words[key]) for key in [*tiles, *(key for key in words if key not in tiles)]])

    def do() -> None:
        data = form.cleaned_data
        about, place, key = about_of(rows, data["place"]), int(data["place"]), key_of(data["key"])
        if is_count:
            kind = SiteKind(data["kind"])
            site_services.note_on_site(actor=request.actor, about=about, place_id=place, kind=kind, key=key)
            messages.success(request, str(kind.label) + " +1")
            return
        photos = [
            one if isinstance(one, Uploaded) else FormFile(one.name or "", one.chunks()) for one in data["photos"]
        ]
        said = MatterReport(
            place, data["text"] or str(words[data["item"]]), data["item"], point=form.point(), photos=photos, key=key,
            channel=ReportChannel.GRID,
        )  # fmt: skip
        made = services.report(actor=request.actor, about=about, said=said)
        messages.success(request, _("Taken down as no. %(number)s") % {"number": made.matter.number})

    if request.method == "POST" and attempt(form, do):
        return see_other("matter:site")
    if is_count:
        raise Refused([Fault("count", _("Choose a place of your own."), field="place")])
    on = today()
    context = {
        "form": form, "places": rows, "tiles": len(tiles), "kinds": list(SiteKind),
        "day": queries.diary_of(request.actor, on, on),
        "week": queries.diary_of(request.actor, on - timedelta(days=on.weekday()), on),
    }  # fmt: skip
    return render(request, "matters/site.html", context, status=422 if form.errors else 200)


@page(COLLECT)
@require_GET
def mine(request: ActorRequest) -> HttpResponse:
    """What the reader found, and what became of it."""
    found = list(queries.found_by(request.actor)[:MOST])
    where = queries.public_places_of(found, today())
    lines = [
        {"row": one, "state": MatterState(one.status), "place": where.get(one.pk, ""),
         "url": MATTERS.url("row", one.about, one.public_id)}
        for one in found
    ]  # fmt: skip
    return render(request, "matters/mine.html", {"lines": lines})
