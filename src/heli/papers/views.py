"""Documents of a campaign: the list of templates, one before it is printed, files, a district's own templates, batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.campaigns.pages import campaign_or_404, shell
from heli.campaigns.queries import Campaign, playbook_of
from heli.campaigns.texts import LEVELS
from heli.files.documents import DOCX, PDF, has_office, pdf_note, render_docx, render_html
from heli.files.templating.documents import PaperTemplate, as_word_template
from heli.kernel.access import may, scope
from heli.kernel.faults import Fault, Refused
from heli.kernel.levels import Per
from heli.papers.forms import BatchForm, PaperForm, given_from
from heli.papers.models import BatchState, PaperBatch, PaperFormat
from heli.papers.queries.papers import Papers, load_papers
from heli.papers.queries.templates import catalogue, local_templates, shipped_templates, versions_of
from heli.papers.queries.work import MAKE, VILLAGES, PlaceChoice, batches_in_scope, fits, places_for
from heli.papers.services.making import FolderNames, Maker, forms_of
from heli.papers.services.papers import TEMPLATES, make_batch, resume_batch, upload_template, withdraw_template
from heli.ui.forms import add_faults
from heli.ui.http import download, language, see_other
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import Column, Table

READ = "campaigns.read"
LATEST = 10
"""Batches listed on the page of templates."""


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template in the list."""

    key: str
    title: str
    per: Per
    about: str
    step: str
    version: int
    own: str
    source: str


@page(READ)
@require_GET
def papers(request: ActorRequest, public_id: str) -> HttpResponse:
    """The templates, which step produces each, and the batches of late."""
    campaign = campaign_or_404(request, public_id)
    own = local_templates(campaign.district_id)
    rows = [
        TemplateRow(
            key=template.key,
            title=template.title.text(language()),
            per=template.per,
            about=template.about.text(language()),
            step=_steps_producing(campaign, template.key),
            version=template.version,
            own=_("version %(number)s") % {"number": own[template.key].number} if template.key in own else "",
            source=template.source,
        )
        for template in fitting(campaign, places_for(request.actor, campaign, timezone.localdate()))
    ]
    table = Table(
        "papers",
        request,
        rows=rows,
        columns=[
            Column(
                "title",
                _("Name of the document"),
                link=lambda row: reverse("papers:paper", args=[campaign.public_id, row.key]),
            ),
            Column("per", _("One per"), labels=LEVELS, filter=True),
            Column("step", _("Produced in the step")),
            Column("about", _("What it is for"), sort=False),
            Column("own", _("The district's own template")),
            Column("source", _("Rests on"), screen=False),
        ],
        search=("title", "about", "step"),
        caption=_("Templates of documents"),
        replaces=_("Folders of sample texts and forms filled in by hand (25 templates, 1+4 manual)"),
        sample=campaign.is_sample,
        cards=True,
    )
    if table.export:
        return table.export_response()
    context = shell(request, campaign, "papers:list") | {
        "table": table,
        "batches": list(batches_in_scope(request.actor, campaign)[:LATEST]) if scope(request.actor, MAKE) else [],
        "may_make": bool(places_for(request.actor, campaign, timezone.localdate(), MAKE)),
    }
    return render(request, "papers/list.html", context)


def ordered_templates(campaign: Campaign) -> list[PaperTemplate]:
    """The templates in the order of the steps that produce them, the others behind."""
    order = [key for step in playbook_of(campaign).steps for key in step.documents]
    every = shipped_templates()
    return [every[key] for key in dict.fromkeys([*order, *every]) if key in every]


def fitting(campaign: Campaign, choices: Sequence[PlaceChoice]) -> list[PaperTemplate]:
    """The templates that are made for one of the places: a village is not offered the papers of its district."""
    return [one for one in ordered_templates(campaign) if any(fits(one, choice) for choice in choices)]


def _steps_producing(campaign: Campaign, key: str) -> str:
    named = [step.title.text(language()) for step in playbook_of(campaign).steps if key in step.documents]
    return _("; ").join(named)


def _template_or_404(key: str) -> PaperTemplate:
    template = shipped_templates().get(key)
    if template is None:
        raise Http404(key)
    return template


def _choices(request: ActorRequest, campaign: Campaign, template: PaperTemplate) -> list[PlaceChoice]:
    return [one for one in places_for(request.actor, campaign, timezone.localdate()) if fits(template, one)]


@page(READ)
@require_http_methods(["GET", "POST"])
def paper(request: ActorRequest, public_id: str, key: str) -> HttpResponse:
    """One document for one place before it is printed; the district's own template is taken in and given back here."""
    campaign, template = campaign_or_404(request, public_id), _template_or_404(key)
    faults: Sequence[Fault] = ()
    if request.method == "POST":
        if not may(request.actor, TEMPLATES, campaign.district_id):
            raise PermissionDenied(TEMPLATES)
        try:
            if request.POST.get("did") == "withdraw":
                withdraw_template(actor=request.actor, district_id=campaign.district_id, key=key)
                messages.success(request, _("Heli's own template is used again."))
            else:
                given = request.FILES.get("file")
                upload_template(actor=request.actor, district_id=campaign.district_id, key=key, given=given)
                messages.success(request, _("Documents are made with the district's own template from now on."))
        except Refused as refused:
            faults = refused.faults
        else:
            return see_other("papers:paper", public_id, key)
    choices = _choices(request, campaign, template)
    form = PaperForm(request.GET or None, choices=choices, template=template)
    own = local_templates(campaign.district_id).get(key)
    place, given_text = _asked(request, form, choices)
    fields = catalogue().fields
    context = shell(request, campaign, "papers:list") | {
        "template": template,
        "title": template.title.text(language()),
        "about": template.about.text(language()),
        "steps": _steps_producing(campaign, key),
        "form": form,
        "faults": faults,
        "own": own,
        "versions": versions_of(campaign.district_id, key),
        "may_change": may(request.actor, TEMPLATES, campaign.district_id),
        "pdf_needs_office": own is not None and not has_office(),
        "place": place,
        "query": request.GET.urlencode(),
        "fields": [fields[name].name.text(language()) for name in sorted(template.fields())],
        "allowed": [(rule.id, rule.name.text(language()), rule.columns) for rule in fields.values()],
        "preview": "",
    }
    if place is not None and own is None:
        maker = Maker(campaign, _load(campaign, template, place), given_text)
        document = maker.document(template, place.id)
        # The engine escapes everything that was typed.
        context |= {"preview": mark_safe(render_html(document)), "pdf": pdf_note(document)}
    return render(request, "papers/paper.html", context, status=422 if faults else 200)


def _load(campaign: Campaign, template: PaperTemplate, place: PlaceChoice) -> Papers:
    return load_papers(campaign, timezone.localdate(), [place.id], whole=template.per not in VILLAGES)


def _asked(
    request: ActorRequest, form: PaperForm, choices: Sequence[PlaceChoice]
) -> tuple[PlaceChoice | None, dict[str, str]]:
    """The place that is asked for (the first one where none is) and what was typed."""
    if not choices:
        return None, {}
    if not request.GET:
        return choices[0], {}
    if not form.is_valid():
        # A step of a town leads here with the town, though the document is one of its villages'.
        return (choices[0], {}) if set(form.errors) == {"place"} else (None, {})
    wanted = form.cleaned_data["place"]
    found = next((one for one in choices if one.public_id == wanted), choices[0])
    return found, given_from(form.cleaned_data)


@page(READ)
@require_GET
def paper_file(request: ActorRequest, public_id: str, key: str, suffix: str) -> HttpResponse:
    """The document as docx or PDF."""
    campaign, template = campaign_or_404(request, public_id), _template_or_404(key)
    if suffix not in tuple(PaperFormat):
        raise Http404(suffix)
    choices = _choices(request, campaign, template)
    asked = request.GET.get("place")
    if asked and all(one.public_id != asked for one in choices):
        raise Http404(asked)
    form = PaperForm(request.GET, choices=choices, template=template)
    place, given = _asked(request, form, choices)
    if place is None:
        raise Http404(key)
    own = {name: one for name, one in local_templates(campaign.district_id).items() if name == key}
    papers_of = _load(campaign, template, place)
    maker = Maker(campaign, papers_of, given, forms_of(own))
    try:
        content = maker.file(template, place.id, PaperFormat(suffix))
    except ValueError as wrong:
        messages.error(request, _("The document could not be made: %(why)s.") % {"why": wrong})
        return see_other("papers:paper", public_id, key)
    folder = FolderNames(papers_of).of(template, place.id).replace("/", " ")
    return download(
        content, name=f"{folder} {template.title.zh}.{suffix}", content_type=DOCX if suffix == "docx" else PDF
    )


@page(TEMPLATES)
@require_GET
def paper_template(request: ActorRequest, public_id: str, key: str) -> HttpResponse:
    """The template with its fields in place, to be edited in Word."""
    campaign_or_404(request, public_id, TEMPLATES)
    template = _template_or_404(key)
    content = render_docx(as_word_template(template, catalogue().fields))
    return download(content, name=f"{template.title.zh}.docx", content_type=DOCX)


# --- batches -----------------------------------------------------------------------------------------------------------


@page(MAKE)
@require_http_methods(["GET", "POST"])
def new_batch(request: ActorRequest, public_id: str) -> HttpResponse:
    """Ask for many documents at once."""
    campaign = campaign_or_404(request, public_id, MAKE)
    choices = places_for(request.actor, campaign, timezone.localdate(), MAKE)
    templates = fitting(campaign, choices)
    form = BatchForm(request.POST or None, choices=choices, templates=templates)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        place = next(one for one in choices if one.public_id == given["place"])
        try:
            batch = make_batch(
                actor=request.actor,
                campaign=campaign,
                place_id=place.id,
                keys=[one.key for one in templates] if given["every"] else given["templates"],
                form=PaperFormat(given["format"]),
                given=given_from(given),
            )
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            return see_other("papers:batch", public_id, batch.public_id)
    context = shell(request, campaign, "papers:list") | {"form": form, "has_places": bool(choices)}
    return render(request, "papers/new_batch.html", context, status=422 if form.errors else 200)


@page(MAKE)
@require_http_methods(["GET", "POST"])
def batch(request: ActorRequest, public_id: str, batch_id: str) -> HttpResponse:
    """How far a batch is, its archive, and what could not be made; a POST lets it go on."""
    campaign = campaign_or_404(request, public_id, MAKE)
    found = batches_in_scope(request.actor, campaign).filter(public_id=batch_id).first()
    if found is None:
        raise Http404(batch_id)
    if request.method == "POST":
        try:
            resume_batch(actor=request.actor, batch=found)
        except Refused as refused:
            messages.error(request, str(refused))
        return see_other("papers:batch", public_id, batch_id)
    context = shell(request, campaign, "papers:list") | {
        "batch": found,
        "place_name": _place_name(request, campaign, found),
        "titles": [_title(key) for key, _hash, _own in found.templates],
        "is_over": found.state in (BatchState.DONE, BatchState.FAILED),
    }
    return render(request, "papers/batch.html", context)


def _title(key: str) -> str:
    template = shipped_templates().get(key)
    return template.title.text(language()) if template is not None else key


def _place_name(request: ActorRequest, campaign: Campaign, found: PaperBatch) -> str:
    every: list[Any] = places_for(request.actor, campaign, found.on, MAKE)
    return next((one.name for one in every if one.id == found.place_id), "")
