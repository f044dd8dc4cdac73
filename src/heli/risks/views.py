"""Risk assessments: which places have one, writing a version, signing it."""

from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.kernel.access import may
from heli.places.types import PlaceRow
from heli.records.abouts import About
from heli.records.forms import upload_of
from heli.records.queries import targets
from heli.records.views import about_or_404, page_of, today
from heli.risks import queries, services
from heli.risks.catalogues import risk_pack
from heli.risks.forms import MOST_RISKS, RiskForm, RiskLine
from heli.risks.models import RiskAssessment
from heli.risks.queries import READ
from heli.risks.rules import compute_level, is_allowed
from heli.risks.services import SIGN, WRITE
from heli.risks.tables import risk_table
from heli.risks.texts import ASPECTS, LEVELS, TONES
from heli.risks.types import Aspect, RiskFactor, RiskLevel
from heli.ui.forms import attempt, press
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page

TAB = "risks"
SPARE = 2
"""Empty lines offered for more risks."""


@page(READ)
@require_GET
def risks(request: ActorRequest, about_id: str) -> HttpResponse:
    """Every place of the actor's part with its newest assessment."""
    about = about_or_404(request, about_id, READ)
    rows = queries.risk_rows(request.actor, about, today())
    table = risk_table(request, about, rows)
    if table.export:
        return table.export_response()
    context = {
        "table": table,
        "signed": sum(row.is_signed for row in rows),
        "drafts": sum(bool(row.version) and not row.is_signed for row in rows),
        "high": sum(row.level is RiskLevel.HIGH for row in rows),
        "places": len(rows),
    }
    return page_of(request, about, TAB, "risks/list.html", context)


@page(READ)
@require_http_methods(["GET", "POST"])
def risk(request: ActorRequest, about_id: str, place: str) -> HttpResponse:
    """The assessment of a place: versions, the draft's form, the signature."""
    about = about_or_404(request, about_id, READ)
    row = next((one for one in targets(request.actor, about, today(), READ) if one.public_id == place), None)
    if row is None:
        raise Http404(place)
    versions = queries.versions_of(request.actor, about, row.id)
    draft = next((one for one in versions if one.sealed_at is None), None)
    may_write = may(request.actor, WRITE, row.id)
    last = draft or (versions[0] if versions else None)
    form, lines = risk_forms(request, last) if may_write else (None, [])
    if request.method == "POST":
        if request.POST.get("did") == "sign" and draft is not None:
            press(request, lambda: services.sign_assessment(actor=request.actor, assessment=draft), _("Signed."))
            return see_other("risks:risk", about_id, place)
        if form is None:
            raise PermissionDenied(WRITE)
        if write(request, about, row, form, lines):
            return see_other("risks:risk", about_id, place)
    context = {
        "place": row,
        "versions": [described(one) for one in versions],
        "form": form,
        "lines": lines,
        "asks": asks(),
        "can_sign": draft is not None and may(request.actor, SIGN, row.id) and draft.written_by_id != request.actor.id,
        "is_own_draft": draft is not None and draft.written_by_id == request.actor.id,
        "draft": draft,
    }
    crumbs = [(_("Risks"), reverse("risks:list", args=[about.id])), (row.name, "")]
    status = 422 if request.method == "POST" else 200
    return page_of(request, about, TAB, "risks/risk.html", context, crumbs=crumbs, status=status)


def risk_forms(request: ActorRequest, last: RiskAssessment | None) -> tuple[RiskForm, list[RiskLine]]:
    """The form of the assessment and a line per risk: those of the last version, the four aspects, and spare ones."""
    data = request.POST if request.POST.get("did") == "write" else None
    initial = {"contingency": last.contingency} if last else {}
    factors = queries.factors_of(last) if last else [RiskFactor(aspect, 1, 1, "") for aspect in Aspect]
    number = min(MOST_RISKS, len(factors) + SPARE)
    lines = []
    for at in range(number):
        one = factors[at] if at < len(factors) else None
        lines.append(RiskLine(data, prefix=f"r{at}", initial=asdict(one) if one else None))
    return RiskForm(data, request.FILES if data else None, initial=initial), lines


def write(request: ActorRequest, about: About, row: PlaceRow, form: RiskForm, lines: list[RiskLine]) -> bool:
    """Write the draft; whether the page is to be shown afresh."""
    wrong = [line for line in lines if not line.is_valid()]
    if wrong:
        return False
    given = [line.cleaned_data for line in lines if line.cleaned_data["what"].strip()]
    factors = [
        RiskFactor(Aspect(one["aspect"]), int(one["likelihood"]), int(one["severity"]), one["what"], one["measures"])
        for one in given
    ]
    return attempt(
        form,
        lambda: services.write_assessment(
            actor=request.actor,
            about=about,
            place_id=row.id,
            factors=factors,
            contingency=form.cleaned_data["contingency"],
            upload=upload_of(form.cleaned_data["contingency_file"]),
        ),
    )


def described(one: RiskAssessment) -> dict[str, Any]:
    """A version as the page shows it."""
    pack, level = risk_pack(), RiskLevel(one.level)
    return {
        "one": one,
        "level": LEVELS[level],
        "tone": TONES[level],
        "is_allowed": is_allowed(level, pack),
        "factors": [
            {
                "aspect": ASPECTS[factor.aspect],
                "factor": factor,
                "level": LEVELS[compute_level(factor.score, pack)],
                "tone": TONES[compute_level(factor.score, pack)],
            }
            for factor in queries.factors_of(one)
        ],
    }


def asks() -> list[tuple[str, str]]:
    """The guiding question of each aspect."""
    chinese = (get_language() or "zh").startswith("zh")
    key = "ask_zh" if chinese else "ask_en"
    return [(str(ASPECTS[name]), str(entry.more[key])) for name, entry in risk_pack().entries.items()]
