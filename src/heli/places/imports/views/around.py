"""Around imports: the template for figures, and neighbours computed from outlines."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from heli.files import apart
from heli.files.services import sent_by
from heli.files.sheets import Unreadable
from heli.kernel.faults import Refused
from heli.places import queries as register
from heli.places.imports import queries, texts
from heli.places.imports.neighbouring import compute_neighbours
from heli.places.imports.outlines import TOLERANCES_M, read_lines
from heli.places.imports.template_file import facts_template
from heli.places.imports.views.shared import IMPORT, find_district
from heli.ui.http import download, plausible_day, see_other
from heli.ui.pages import ActorRequest, page


@page(IMPORT)
def template(request: ActorRequest, district: str) -> HttpResponse:
    """The Excel template for figures with the district's villages filled in."""
    place = find_district(request, district)
    on = plausible_day(request.GET.get("on")) or timezone.localdate()
    version = register.version_on(place.pk, on)
    name = version.name if version else district
    standing = {
        (place_id, measure): value for (place_id, measure, _), value in queries.standing_facts(place.pk, [on]).items()
    }
    content = facts_template(name, queries.known_on(place.pk, on), on, standing)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return download(content, name=f"{name} {gettext('figures')} {on}.xlsx", content_type=kind)


@page(IMPORT)
@require_POST
def neighbours(request: ActorRequest, district: str) -> HttpResponse:
    """Compute a district's neighbours from its outlines or points."""
    place = find_district(request, district)
    given = request.FILES.get("barriers")
    try:
        with sent_by(actor=request.actor, name=given.name or "" if given else "", place_id=place.pk):
            barriers = apart.call(read_lines, given.read(), given.name or "") if given else []
        counts, noticed = compute_neighbours(
            actor=request.actor,
            district_id=place.pk,
            on=timezone.localdate(),
            barriers=barriers,
            tolerance_m=next(
                (one for one in TOLERANCES_M if str(one) == request.POST.get("tolerance")), TOLERANCES_M[0]
            ),
        )
    except Unreadable as unreadable:
        messages.error(request, texts.fault(texts.finding_of(unreadable)).message)
        return see_other("places:imports:home")
    except Refused as refused:
        for one in refused.faults:
            messages.error(request, one.message)
        return see_other("places:imports:home")
    messages.success(
        request,
        gettext("%(new)s pairs of neighbours computed, %(parted)s of them parted; %(kept)s edited by hand stay.")
        % counts,
    )
    for one in noticed[:10]:
        messages.warning(request, f"{one.source} {one.message}".strip())
    return see_other("places:neighbours", place.public_id)
