"""The polling pack of a unit, and those of all units of an election in one archive."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from heli.assemblies.models import UnitContest
from heli.assemblies.polling.contests import drawn, drawn_all, pack_of
from heli.assemblies.polling.forms import PollingDayForm
from heli.assemblies.queries import elections as queries
from heli.assemblies.services.elections import KEEP
from heli.assemblies.views.elections import ROOM
from heli.files.documents import PDF
from heli.kernel.faults import Refused
from heli.places import queries as places
from heli.records.abouts import About
from heli.records.views import about_or_404, today
from heli.ui.forms import add_faults
from heli.ui.http import download
from heli.ui.pages import ActorRequest, page


@page(KEEP)
@require_GET
def pack(request: ActorRequest, about_id: str, contest_id: str) -> HttpResponse:
    """The hall is asked; `as=pdf` is the pack of this unit, `as=zip` those of all units of its election that are not declared."""
    about, on = about_or_404(request, about_id, KEEP), today()
    contests = queries.to_be_held(request.actor, about, KEEP)
    one = contests.filter(public_id=contest_id).first()
    if one is None:
        raise Http404(contest_id)
    wanted = request.GET.get("as", "")
    form = PollingDayForm(request.GET if wanted else None, initial=PollingDayForm.ORDINARY)
    unit = units_of([one], on)[one.pk]
    if wanted and form.is_valid():
        try:
            if wanted == "zip":
                return archive(about, list(contests.filter(election=one.election_id)), form, on)
            told = pack_of(one, one.nominees.all(), form.day(), unit=unit, is_sample=about.is_sample)
            return download(drawn(told), name=f"{unit} {_('Polling pack')}.pdf", content_type=PDF)
        except Refused as refused:
            add_faults(form, refused.faults)
    context = {"form": form, "contest": one, "unit": unit}
    status = 422 if form.errors else 200
    return ROOM.show(request, about, "assemblies/elections/pack.html", context, _("Polling pack"), status=status)


def units_of(contests: list[UnitContest], on: date) -> dict[int, str]:
    """The units as they are printed, town, village and group, by the contests' keys."""
    keys = {key for one in contests for key in (one.place_id, one.town_id) if key is not None}
    names = places.names_at(keys, on)
    return {one.pk: f"{names.get(one.town_id or 0, '')}{names.get(one.place_id, '')}{one.part}" for one in contests}


def archive(about: About, contests: list[UnitContest], form: PollingDayForm, on: date) -> HttpResponse:
    """The packs of all units, drawn for halls of the same size."""
    kept = BytesIO()
    with ZipFile(kept, "w") as zipped:
        for name, content in drawn_all(contests, form.day(), units_of(contests, on), is_sample=about.is_sample):
            zipped.writestr(name, content)
    return download(kept.getvalue(), name=f"{about.name} {_('Polling packs')}.zip", content_type="application/zip")
