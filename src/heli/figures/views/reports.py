"""Reports: the list, one as a page and as a file, where one of its numbers comes from, making one now, looking at the next."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.campaigns.queries import campaigns_in_scope, find_campaign
from heli.campaigns.types import CampaignStatus
from heli.figures.forms import MakeForm
from heli.figures.models import Report
from heli.figures.queries import reports as queries
from heli.figures.report_tables import MovedLine, ReportLine, SourceLine, moved_table, report_table, source_table
from heli.figures.reports.paper import said_of, title_of_mark
from heli.figures.reports.rules import rules_in_force
from heli.figures.reports.types import Mark, ReportKind, marks_in
from heli.figures.reports.wording import HOW_LABELS, REPORT_KINDS
from heli.figures.services import reports as services
from heli.figures.views.shared import READ, today
from heli.files.documents import DOCX, PDF, pdf_note, render_docx, render_html, render_pdf
from heli.kernel.access import may, scope
from heli.kernel.faults import Refused
from heli.notices.queries import deliveries_of
from heli.places import queries as places
from heli.ui.forms import add_faults
from heli.ui.http import download, see_other
from heli.ui.pages import ActorRequest, page

MAKE = queries.MAKE
PREVIEWS = (ReportKind.INTERIM, ReportKind.YEARBOOK)
"""What can be looked at from what is known now; a weekly report is of a frozen week."""


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


@page(READ)
@require_GET
def report_list(request: ActorRequest) -> HttpResponse:
    """The reports in scope, in the reader's language, newest first."""
    found = list(queries.reports_in_scope(request.actor).filter(language=_language()).defer("content"))
    names = places.names_at({one.place_id for one in found}, today())
    lines = [
        ReportLine(
            one.public_id,
            one.snapshot.on,
            one.campaign.name,
            one.kind,
            one.recipient,
            queries.recipient_name(one, names),
            one.week.number if one.week is not None else None,
            one.made_at,
        )
        for one in found
    ]
    table = report_table(request, lines, sample=any(one.is_sample for one in found))
    if table.export:
        return table.export_response()
    context = {"table": table, "may_make": bool(scope(request.actor, MAKE)), "breadcrumbs": _crumbs(here=True)}
    return render(request, "figures/reports/list.html", context)


def _crumbs(label: str = "", *, here: bool = False) -> list[dict[str, str]]:
    reports = {"label": _("Reports")} if here else {"label": _("Reports"), "url": reverse("figures:reports")}
    crumbs = [{"url": reverse("figures:home"), "label": _("Register of figures")}, reports]
    return [*crumbs, {"label": label}] if label else crumbs


def _report(request: ActorRequest, public_id: str) -> Report:
    found = queries.find_report(public_id, request.actor)
    if found is None:
        raise Http404(public_id)
    return found


@page(READ)
@require_GET
def report(request: ActorRequest, public_id: str) -> HttpResponse:
    """One report as a page: every number opens; what is known better since stands below."""
    found = _report(request, public_id)
    document = queries.paper_of(found)
    moved = queries.known_better(request.actor, found)
    lines = [MovedLine(one, found.snapshot) for one in moved]
    other = next((code for code, _name in settings.LANGUAGES if code != found.language), "")
    context = {
        "report": found,
        "kind": REPORT_KINDS[found.kind],
        "title": queries.content_of(found)["title"],
        # Drawn by files.documents, which escapes everything typed.
        "paper": mark_safe(render_html(document)),
        "pdf": pdf_note(document),
        "moved": moved_table(request, lines, sample=found.is_sample) if lines else None,
        "is_whole": queries.fits_its_hash(found),
        "other": queries.in_other_language(found, other),
        "other_name": dict(settings.LANGUAGES).get(other, ""),
        "deliveries": deliveries_of(f"report:{found.public_id}"),
        "breadcrumbs": _crumbs(found.snapshot.on.isoformat()),
    }
    return render(request, "figures/reports/report.html", context)


@page(READ)
@require_GET
def report_file(request: ActorRequest, public_id: str, suffix: str) -> HttpResponse:
    """One report as Word or PDF."""
    found = _report(request, public_id)
    document = queries.paper_of(found, home=settings.SITE_URL or request.build_absolute_uri("/").rstrip("/"))
    name = f"{document.title}.{suffix}"
    if suffix == "pdf":
        return download(render_pdf(document), name=name, content_type=PDF)
    return download(render_docx(document), name=name, content_type=DOCX)


@page(READ)
@require_GET
def report_number(request: ActorRequest, public_id: str, number: int) -> HttpResponse:
    """One number of a report: how it was worked out, and every stored number it comes from."""
    found = _report(request, public_id)
    content = queries.content_of(found)
    marks = marks_in(content)
    if not 1 <= number <= len(marks):
        raise Http404(str(number))
    mark = marks[number - 1]
    origin = queries.origin_of(found, content)
    table = source_table(request, _sources(request, mark, origin.names, origin.snapshots), sample=found.is_sample)
    if table.export:
        return table.export_response()
    context = {
        "report": found,
        "title": title_of_mark(mark),
        "said": said_of(mark, origin.snapshots, origin.names),
        "how": HOW_LABELS[mark.how],
        "text": queries.text_of_mark(content, number - 1),
        "table": table if any(source.figure for source in mark.sources) else None,
        "forecast_url": reverse("warnings:forecast", args=[found.campaign.public_id]),
        "breadcrumbs": [
            *_crumbs(),
            {"url": reverse("figures:report", args=[found.public_id]), "label": found.snapshot.on.isoformat()},
            {"label": title_of_mark(mark)},
        ],
    }
    return render(request, "figures/reports/number.html", context)


def _sources(request: ActorRequest, mark: Mark, names: Mapping[str, str], days: Mapping[str, date]) -> list[SourceLine]:
    """The sources, each opened where the reader may."""
    wanted = {source.place for source in mark.sources}
    reach = places.in_scope(scope(request.actor, READ))
    seen = set(reach.filter(public_id__in=wanted).values_list("public_id", flat=True))
    return [
        SourceLine(at, source, names.get(source.place, ""), days[source.snapshot], source.place in seen)
        for at, source in enumerate(mark.sources)
        if source.figure
    ]


@page(MAKE)
@require_http_methods(["GET", "POST"])
def make(request: ActorRequest) -> HttpResponse:
    """Make the reports of a campaign now: of its newest frozen week, between weeks, or of its end."""
    chosen = {
        one.public_id: one for one in campaigns_in_scope(request.actor, MAKE).exclude(status=CampaignStatus.DRAFT)
    }
    form = MakeForm(
        request.POST if request.method == "POST" else None,
        campaigns=[(key, one.name) for key, one in chosen.items()],
        initial={"campaign": request.GET.get("campaign", ""), "kind": request.GET.get("kind", ReportKind.WEEKLY.value)},
    )
    if request.method == "POST" and form.is_valid():
        campaign = chosen[form.cleaned_data["campaign"]]
        kind = ReportKind(form.cleaned_data["kind"])
        try:
            made = services.make_now(actor=request.actor, campaign=campaign, kind=kind, at=timezone.now())
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            mine = next((one for one in made if one.language == _language()), made[0])
            messages.success(request, _("The reports are made; whoever gets one has been told."))
            return see_other("figures:report", mine.public_id)
    context = {"form": form, "has_campaigns": bool(chosen), "breadcrumbs": _crumbs(_("Make reports now"))}
    return render(request, "figures/reports/make.html", context, status=422 if form.errors else 200)


@page(MAKE)
@require_GET
def preview(request: ActorRequest, public_id: str, kind: str) -> HttpResponse:
    """The district's report of today, or the yearbook page, from what is known now; nothing is kept."""
    campaign = find_campaign(public_id, request.actor, MAKE)
    if campaign is None or not may(request.actor, MAKE, campaign.district_id) or kind not in PREVIEWS:
        raise Http404(public_id)
    document = queries.preview_of(campaign, today(), ReportKind(kind), rules_in_force())
    context = {
        "campaign": campaign,
        "kind": kind,
        "title": document.title,
        "paper": mark_safe(render_html(document)),
        "breadcrumbs": _crumbs(_("Preview")),
    }
    return render(request, "figures/reports/preview.html", context)
