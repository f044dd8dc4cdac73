"""A plan on paper and in files: print view, Excel, GeoJSON, docx brief. Sample data say so in each of them."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from heli.files.documents import DOCX
from heli.planning import presenting, queries
from heli.planning.brief import summary_sentences, write_brief
from heli.planning.geo import collection, unit_features
from heli.planning.queries import ScenarioStanding
from heli.planning.rules import compute_names, compute_town_lines
from heli.planning.views.asking import page_of, scenario_or_404, shell
from heli.planning.views.scenarios import map_settings
from heli.planning.wording import KIND_LABELS
from heli.ui.exports import XLSX, Workbook, note_of
from heli.ui.http import download
from heli.ui.pages import ActorRequest, page


def _planned(request: ActorRequest, public_id: str) -> tuple[ScenarioStanding, frozenset[int] | None]:
    """A scenario that has a plan, and the part of it that the actor sees."""
    found = scenario_or_404(request, public_id)
    standing = queries.standing(found)
    if standing.result is None or not standing.result.is_feasible:
        raise Http404(public_id)
    return standing, queries.visible_villages(request.actor, found)


@page("planning.read")
@require_GET
def print_view(request: ActorRequest, public_id: str) -> HttpResponse:
    """Everything of a plan on one page for the printer."""
    standing, visible = _planned(request, public_id)
    shown = presenting.town_in_view(standing, visible)
    lines = compute_town_lines(standing.material, standing.shown_rules, standing.result) if standing.result else []
    context = shell(request, standing, "scenario") | {
        "stats": presenting.stats(standing, visible),
        "sentences": summary_sentences(standing, visible),
        "rows": presenting.merger_rows(standing, visible),
        "towns": [line for line in lines if shown is None or line.town in shown],
        "map_settings": map_settings(),
    }
    return page_of(request, "print", context)


@page("planning.read")
@require_GET
def geo(request: ActorRequest, public_id: str) -> HttpResponse:
    """The new units as GeoJSON."""
    import json

    standing, visible = _planned(request, public_id)
    names = compute_names(standing.material, standing.shown_rules, standing.result) if standing.result else {}
    content = collection(unit_features(standing, names, visible), is_sample=standing.material.is_sample)
    body = json.dumps(content, ensure_ascii=False).encode()
    return download(body, name=f"{standing.scenario.name}.geojson", content_type="application/geo+json")


@page("planning.read")
@require_GET
def docx(request: ActorRequest, public_id: str) -> HttpResponse:
    """The brief in official layout."""
    standing, visible = _planned(request, public_id)
    return download(write_brief(standing, visible), name=f"{standing.scenario.name}.docx", content_type=DOCX)


@page("planning.read")
@require_GET
def excel(request: ActorRequest, public_id: str) -> HttpResponse:
    """Summary, mergers, villages and towns as sheets of one workbook."""
    standing, visible = _planned(request, public_id)
    book = Workbook(
        standing.scenario.name, sample=standing.material.is_sample, note=note_of(request, unit=_("as headed"))
    )
    sheet = book.sheet
    figures = [
        [str(s["label"]), str(s["value"]), str(s.get("unit", "")), str(s.get("note", ""))]
        for s in presenting.stats(standing, visible)
    ]
    sheet(_("Summary"), [_("Figure"), _("Value"), _("Unit"), _("Note")], [list(row) for row in figures])
    sheet(
        _("Mergers"),
        [
            _("New village"), _("Town"), _("Kind"), _("Made of"), _("Villages"), _("Registered population"),
            _("Farthest way (m)"), _("Centre"), _("Score"), _("What the score is made of"),
        ],
        [
            [
                r.name, r.town, r.kind_label, r.members, r.before, r.population, r.farthest_m, r.centre, r.score_value, r.reasons,
            ]
            for r in presenting.merger_rows(standing, visible)
        ],
    )  # fmt: skip
    sheet(
        _("Villages"),
        [
            _("Village"),
            _("Code"),
            _("Town"),
            _("Registered population"),
            _("becomes part of"),
            _("Kind"),
            _("Way to the centre (m)"),
        ],
        [
            [r.name, r.code, r.town, r.population, r.unit, str(KIND_LABELS.get(r.kind, "")), r.distance_m]
            for r in presenting.village_rows(standing, visible)
        ],
    )
    shown = presenting.town_in_view(standing, visible)
    lines = compute_town_lines(standing.material, standing.shown_rules, standing.result) if standing.result else []
    sheet(
        _("Towns"),
        [_("Town"), _("Before"), _("After"), _("Fewest possible"), _("Most possible"), _("Registered population")],
        [
            [t.name, t.before, t.after, t.fewest, t.most, t.population]
            for t in lines
            if shown is None or t.town in shown
        ],
    )
    return download(book.content(), name=f"{standing.scenario.name}.xlsx", content_type=XLSX)
