"""The reader's language, and the page that shows every component."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from heli.kernel.faults import Fault
from heli.ui import patterns as shown
from heli.ui.forms import DayField, FileDrop, PercentField, ResumableFile, ResumableFileField, add_faults
from heli.ui.http import geojson, see_other
from heli.ui.limits import TOO_OFTEN, is_too_often
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import Column, Table


@require_POST
def choose_language(request: ActorRequest) -> HttpResponse:
    """Remember the language in a cookie and go back to the page; open to strangers."""
    if request.actor.id is None and is_too_often(request, "language", most=60):
        faults = [Fault("too_often", str(TOO_OFTEN))]
        return render(request, "ui/refused.html", {"faults": faults}, status=429)
    to = request.POST.get("next", "")
    is_here = url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    if not is_here or not to.startswith(("/", "http")):  # a bare word would be looked up as the name of a view
        to = "/"
    response = see_other(to)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        )
    return response


class PatternForm(forms.Form):
    """Every kind of field once."""

    columns = 2

    name = forms.CharField(
        label=gettext_lazy("Name of the plan"), help_text=gettext_lazy("As it stands in the document.")
    )
    target = PercentField(label=gettext_lazy("Target reduction, %"))
    begins_on = DayField(label=gettext_lazy("Takes effect on"))
    largest = forms.IntegerField(label=gettext_lazy("Most villages in one merger"), min_value=2, max_value=5, initial=3)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of village"), choices=list(shown.KINDS.items()))
    same_town = forms.BooleanField(label=gettext_lazy("Only inside one town"), required=False, initial=True)
    weigh = forms.ChoiceField(
        label=gettext_lazy("What matters most"),
        widget=forms.RadioSelect,
        choices=[("even", gettext_lazy("villages of even size")), ("near", gettext_lazy("short ways"))],
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    source = forms.FileField(
        label=gettext_lazy("List of villages"), widget=FileDrop(accept=".xlsx,.csv"), required=False
    )
    photos = ResumableFileField(
        label=gettext_lazy("Photos from a phone"),
        help_text=gettext_lazy("They go up piece by piece, and continue where a weak network broke them off."),
        widget=ResumableFile("ui.read", photo=True),
        required=False,
    )


def pattern_form(request: HttpRequest) -> PatternForm:
    """The form as it looks after a refusal, or fresh with ?form=fresh."""
    if request.GET.get("form") == "fresh":
        return PatternForm()
    form = PatternForm(
        {"name": "", "target": "140", "largest": "3", "kind": "single", "weigh": "even", "same_town": "on"}
    )
    add_faults(form, [fault for fault in shown.faults() if fault.severity != "error"])
    return form


def pattern_table(request: HttpRequest) -> Table:
    """The table of invented villages."""
    tones = {"single": "quiet", "two_in_one": "info", "three_in_one": "info", "absorbed": "info"}
    columns = [
        Column("name", _("Name"), link=lambda place: f"#place-{place.id}"),
        Column("code", _("Code"), kind="code"),
        Column("town", _("Town"), filter=True),
        Column("kind", _("Kind"), labels=shown.KINDS, badge=lambda place: tones[place.kind], filter=True),
        Column("population", _("Registered population"), kind="integer", total=True),
        Column("share", _("Part of all"), kind="ratio"),
        Column("founded", _("Since"), kind="date"),
    ]
    return Table(
        "places",
        request,
        shown.places(),
        columns,
        search=("name", "code"),
        caption=_("Villages of an invented district"),
        replaces=_("village list of the statistics bureau"),
        sample=True,
        page_size=20,
        row_id=lambda place: place.id,
        cards=request.GET.get("cards") == "1",
    )


@page("ui.read")
def patterns(request: ActorRequest) -> HttpResponse:
    """Every component, with its states."""
    table = pattern_table(request)
    if table.export:
        return table.export_response()
    here = reverse("ui:patterns")
    context: dict[str, Any] = {
        "table": table,
        "empty_table": Table("none", request, [], [Column("name", _("Name"))], prefix="none-"),
        "form": pattern_form(request),
        "faults": shown.faults(),
        "kinds": {key: str(word) for key, word in shown.KINDS.items()},
        "map_settings": {
            "words": {key: str(word) for key, word in shown.KINDS.items()},
            "tooltip": [["kind", _("Kind")], ["population", _("Registered population")], ["town", _("Town")]],
        },
        "curve": shown.curve(),
        "histogram": shown.histogram(),
        "stacked": shown.stacked(),
        "burnup": shown.burnup(),
        "tabs": [
            {"label": _("Map"), "url": here, "current": True, "count": None},
            {"label": _("Mergers"), "url": f"{here}?tab=2", "current": False, "count": 94},
            {"label": _("Comments"), "url": f"{here}?tab=3", "current": False, "count": 7},
        ],
        "icons": shown.icon_names(),
        "breadcrumbs": [{"label": _("Home"), "url": "/"}, {"label": _("Patterns"), "url": ""}],
    }
    return render(request, "ui/patterns.html", context)


@require_GET
@page("ui.read")
def pattern_map(request: ActorRequest) -> HttpResponse:
    """The invented villages for the map."""
    return geojson(shown.map_features())


@require_GET
@page("ui.read")
def pattern_towns(request: ActorRequest) -> HttpResponse:
    """The invented towns for the map."""
    return geojson(shown.town_features())
