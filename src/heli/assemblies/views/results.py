"""The result sheet as PDF, and what strangers may read: results and office-holders, nothing else."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from heli.assemblies.catalogues import post_words
from heli.assemblies.counted import result_of
from heli.assemblies.queries import elections as queries
from heli.assemblies.queries.sittings import READ
from heli.assemblies.result_sheet import result_sheet
from heli.files.documents import PDF, render_pdf
from heli.kernel.access import SYSTEM
from heli.places import queries as places
from heli.records.abouts import find_about
from heli.records.views import about_or_404, today
from heli.ui.http import download
from heli.ui.pages import ActorRequest, page


@page(READ)
@require_GET
def sheet_pdf(request: ActorRequest, about_id: str, contest_id: str) -> HttpResponse:
    """The result sheet of a declared contest, to be printed and signed."""
    about = about_or_404(request, about_id, READ)
    one = queries.contest_at(contest_id, request.actor, about)
    if one is None or not hasattr(one, "declaration"):
        raise Http404(contest_id)
    sheets = queries.standing_sheets(one)
    result = result_of(one, list(one.nominees.all()), sheets)
    assert result is not None
    unit = queries.unit_name(one, today())
    url = request.build_absolute_uri(reverse("assemblies:results", args=[one.election.public_id]))
    document = result_sheet(one, result, sheets, unit=unit, url=url, is_sample=about.is_sample)
    name = f"{unit} {_('Result of the election')}.pdf"
    return download(render_pdf(document), name=name, content_type=PDF)


@require_safe
def results(request: ActorRequest, election_id: str) -> HttpResponse:
    """Declared results of an election by unit: numbers, who was elected, who holds the office now."""
    found = queries.published(election_id)
    if found is None:
        raise Http404(election_id)
    election, contests = found
    names = places.names_at(
        {key for row in contests for key in (row.place_id, row.town_id) if key is not None}, today()
    )
    holders = queries.office_holders(contests)
    about = find_about(election.about, SYSTEM, READ)
    context = {
        "election": election,
        "units": [
            {
                "name": f"{names.get(row.place_id, '')}{row.part}",
                "town": names.get(row.town_id or 0, ""),
                "contest": row,
                "result": result_of(row, holders.get(row.pk, []), ()),
                "holders": [(post_words(election.body, one.post), one) for one in holders.get(row.pk, [])],
            }
            for row in contests
        ],
        "is_sample": about is not None and about.is_sample,
    }
    return render(request, "assemblies/elections/results.html", context)
