"""The entry to the registers: which district's."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from heli.files.documents import render_pdf
from heli.ledger.ledger import ASSETS, READ, TRANSFERS
from heli.ledger.proof import proof_sheet
from heli.places import queries as places
from heli.records.queries import find_row
from heli.records.views import about_or_404, districts_home, today
from heli.ui.http import download
from heli.ui.pages import ActorRequest, page


@page(READ)
@require_GET
def proof(request: ActorRequest, about_id: str, row_id: str) -> HttpResponse:
    """The proof sheet of a transfer that was carried, as a PDF."""
    about = about_or_404(request, about_id, READ)
    row = find_row(TRANSFERS, request.actor, about, row_id)
    if row is None or not row.sha256:
        raise Http404(row_id)
    url = request.build_absolute_uri(TRANSFERS.url("row", about_id, row_id))
    content = render_pdf(proof_sheet(row, url=url, is_sample=bool(places.sample_districts({row.district_id}, today()))))
    return download(content, name=f"{row.title}.pdf", content_type="application/pdf")


@page(READ)
@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """The districts whose property the reader sees; the only one at once."""
    return districts_home(request, READ, _("Collective property"), lambda key: ASSETS.url("list", key))
