"""The pages of the appraisal year: what was begun, how far a year is, one part of an appraisal, the paper."""

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.appraisal import queries, services
from heli.appraisal.forms import ExemptForm, KnownForm, ReviewCountForm, YearForm
from heli.appraisal.ledger import APPRAISALS, GRADE, KEEP, OPEN, READ
from heli.appraisal.models import Appraisal, AppraisalFact, AppraisalState, AppraisalYear, pack_words
from heli.appraisal.packs import appraisal_packs, reasons
from heli.appraisal.paper import appraisal_paper
from heli.files.documents import PDF, render_pdf
from heli.kernel.access import may
from heli.kernel.quantities import Ratio
from heli.places.types import Level
from heli.records.abouts import About
from heli.records.forms import CHOOSE, of_places
from heli.records.queries import find_row, targets
from heli.records.views import about_or_404, districts_home, page_of, today
from heli.ui.forms import attempt, offer, press
from heli.ui.http import download, language, see_other
from heli.ui.pages import ActorRequest, page

ENTRY, TAB = "appraisal:home", "appraisal:years"


@page(READ)
@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """The districts whose appraisals the reader sees; the only one at once."""
    return districts_home(request, READ, _("Appraisal year"), lambda key: reverse(TAB, args=[key]))


def shown(
    request: ActorRequest, about: About, template: str, context: dict[str, Any], *crumbs: tuple[str, str]
) -> HttpResponse:
    """A page under the tab of years."""
    way = [(_("Appraisal year"), reverse(TAB, args=[about.id])), *crumbs] if crumbs else []
    status = 422 if request.method == "POST" else 200
    return page_of(request, about, TAB, template, context, crumbs=way, status=status, entry=ENTRY)


@page(READ)
@require_http_methods(["GET", "POST"])
def years(request: ActorRequest, about_id: str) -> HttpResponse:
    """The appraisals that were begun; whoever may begins another one."""
    about, form = about_or_404(request, about_id, READ), None
    can_begin = may(request.actor, OPEN, about.district_id)
    if request.method == "POST" and not can_begin:
        raise PermissionDenied(OPEN)
    if can_begin:
        form = YearForm(request.POST or None if request.method == "POST" else None, initial={"year": today().year})
        form = YearForm(request.POST, initial={}) if request.method == "POST" else form
        offer(form, pack=list(pack_words().items()))
        if request.method == "POST" and attempt(form, lambda: begun(request, about, form)):
            return see_other(TAB, about_id)
    words = pack_words()
    rows = [(one, words.get(one.pack, one.pack)) for one in queries.years_of(about)]
    return shown(request, about, "appraisal/years.html", {"years": rows, "form": form})


def begun(request: ActorRequest, about: About, form: Any) -> object:
    """Begin what was chosen."""
    return services.begin_year(actor=request.actor, about=about, **form.cleaned_data)


@page(READ)
@require_http_methods(["GET", "POST"])
def year(request: ActorRequest, about_id: str, year_id: str) -> HttpResponse:
    """How far an appraisal is: states, what is incomplete, who stands on the line; added up by a button."""
    about = about_or_404(request, about_id, READ)
    found = queries.year_by(about, year_id)
    if found is None or (pack := appraisal_packs().get(found.pack)) is None:
        raise Http404(year_id)
    did = request.POST.get("did", "add_up") if request.method == "POST" else ""
    if did == "add_up":
        if not may(request.actor, GRADE, about.district_id):
            raise PermissionDenied(GRADE)
        press(request, lambda: services.add_up(actor=request.actor, year=found), _("Added up."))
        return see_other("appraisal:year", about_id, year_id)
    review = review_form(request, about) if may(request.actor, KEEP) else None
    if did == "review":
        if review is None:
            raise PermissionDenied(KEEP)
        if attempt(review, lambda: reviewed(request, found, review)):
            messages.success(request, _("Entered; the last numbers of a place count."))
            return see_other("appraisal:year", about_id, year_id)
    state, counts = queries.state_of(request.actor, about, found, pack), queries.reviews_of(found)
    all_reviewed = sum(number for (_place, reason), number in counts.items() if not reason)
    classes: dict[str, int] = {}
    for (_place, reason), number in counts.items():
        if reason:
            classes[reason] = classes.get(reason, 0) + number
    title = f"{pack.title.text(language())} {found.year}"
    context = {
        "year": found,
        "title": title,
        "pack": pack,
        "state": state,
        "states": [(AppraisalState(key), number) for key, number in state.states],
        "can_add_up": may(request.actor, GRADE, about.district_id),
        "reviewed": all_reviewed,
        "classes": [(reasons().text(key, language()), number) for key, number in classes.items() if number],
        "not_proposed": sum(classes.values()),
        "share": Ratio(sum(classes.values()), all_reviewed),
        "review": review,
        "list_url": APPRAISALS.url("list", about.id),
    }
    return shown(request, about, "appraisal/year.html", context, (title, ""))


def review_form(request: ActorRequest, about: About) -> ReviewCountForm:
    """The form for the counts of a review, over the towns that the reader keeps."""
    form = ReviewCountForm(request.POST if request.POST.get("did") == "review" else None)
    rows = [row for row in targets(request.actor, about, today(), KEEP) if row.level is not Level.VILLAGE]
    offer(form, place=of_places(rows, CHOOSE))
    return form


def reviewed(request: ActorRequest, year: AppraisalYear, form: ReviewCountForm) -> None:
    """Keep what was typed."""
    given = form.cleaned_data
    services.count_review(
        actor=request.actor, year=year, place_id=int(given["place"]), reviewed=given["reviewed"], not_proposed=form.classes,
        on=today(),
    )  # fmt: skip


def row_or_404(request: ActorRequest, about_id: str, row_id: str) -> tuple[About, Appraisal]:
    """An appraisal in the reader's part."""
    about = about_or_404(request, about_id, READ)
    row: Appraisal | None = find_row(APPRAISALS, request.actor, about, row_id)
    if row is None:
        raise Http404(row_id)
    return about, row


@page(READ)
@require_http_methods(["GET", "POST"])
def part(request: ActorRequest, about_id: str, row_id: str, indicator: str) -> HttpResponse:
    """A score opened: the sum, everything that was ever known for it, the rows of its figure; whoever keeps it enters more."""
    about, row = row_or_404(request, about_id, row_id)
    one = next((part for part in queries.parts_of(row) if part.key == indicator), None)
    if one is None:
        raise Http404(indicator)
    can_enter = row.status in services.TAKES and may(request.actor, KEEP, row.place_id)
    if request.method == "POST" and not may(request.actor, KEEP, row.place_id):
        raise PermissionDenied(KEEP)
    did = request.POST.get("did", "fact") if request.method == "POST" else ""
    form = KnownForm(request.POST if did == "fact" else None, kind=one.kind, initial={**one.fact, "source": one.source})
    right = OPEN if one.takes == "district" else GRADE
    exempt = (
        ExemptForm(request.POST if did == "exempt" else None)
        if one.takes and can_enter and may(request.actor, right, row.place_id)
        else None
    )
    back = APPRAISALS.url("row", about.id, row.public_id)
    if did == "fact" and attempt(
        form,
        lambda: services.enter_fact(
            actor=request.actor, row=row, indicator=indicator, fact=form.fact, source=form.cleaned_data["source"]
        ),
    ):
        messages.success(request, _("Entered; it counts once it is added up."))
        return see_other(back)
    if (
        did == "exempt"
        and exempt is not None
        and attempt(
            exempt,
            lambda: services.exempt_from(
                actor=request.actor, row=row, indicator=indicator, reason=exempt.cleaned_data["reason"]
            ),
        )
    ):
        return see_other(back)
    context = {
        "row": row, "part": one, "form": form if can_enter or request.method == "POST" else None, "exempt": exempt,
        "list_url": back, "facts": facts_shown(row, one), "rows_url": rows_of_figure(request, row, one),
    }  # fmt: skip
    return shown(request, about, "appraisal/part.html", context, (row.title, back), (one.name, ""))


def facts_shown(row: Appraisal, part: queries.AppraisalPart) -> list[tuple[AppraisalFact, dict[str, int]]]:
    """Everything that was known for a part, the newest first, read."""
    found = queries.facts_of(row, part.key)
    return [(one, json.loads(one.fact) if one.fact else {}) for one in found]


def rows_of_figure(request: ActorRequest, row: Appraisal, part: queries.AppraisalPart) -> str:
    """Where the rows behind the figure of a part stand, as it was on the day; "" for a fact that was typed."""
    if not part.figure or part.on is None or not may(request.actor, "figures.read", row.place_id):
        return ""
    asked = urlencode({"place": row.place.public_id, "on": part.on.isoformat()})
    return f"{reverse('figures:figure', args=[part.figure])}?{asked}"


@page(READ)
@require_GET
def paper(request: ActorRequest, about_id: str, row_id: str) -> HttpResponse:
    """The sheet with boxes for signatures."""
    about, row = row_or_404(request, about_id, row_id)
    document = appraisal_paper(
        row, queries.parts_of(row), is_sample=about.is_sample or appraisal_packs()[row.pack].is_sample
    )
    return download(render_pdf(document), name=f"{row.title} {_('Appraisal form')}.pdf", content_type=PDF)
