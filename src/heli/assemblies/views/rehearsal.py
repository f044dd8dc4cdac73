"""Polling day rehearsed with sliders, before it is rehearsed on foot."""

from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from heli.assemblies.queries.sittings import READ
from heli.assemblies.rehearsal_form import ORDINARY, SERVERS, RehearsalFileForm, RehearsalForm, read_state, state_of
from heli.assemblies.rules.fewest import find_fewest
from heli.assemblies.rules.rehearsing import PollingSetup, rehearse
from heli.assemblies.texts import STAGES
from heli.kernel.faults import Fault
from heli.records.views import about_or_404, page_of, sent
from heli.ui.http import download, see_other
from heli.ui.pages import ActorRequest, page

TAB = "assemblies:rehearsal"
SERVICES = 200_000
"""Voters x stages x replications of one look: a second of work at most, the search included."""


@page(READ)
@require_http_methods(["GET", "POST"])
def rehearsal(request: ActorRequest, about_id: str) -> HttpResponse:
    """Voters, hours and servers as sliders; waits, queues and the closing time; the fewest servers for a wait."""
    about = about_or_404(request, about_id, READ)
    address = reverse(TAB, args=[about.id])
    upload = RehearsalFileForm(*sent(request))
    if request.method == "POST" and upload.is_valid():
        return see_other(f"{address}?{urlencode({'file': state_of(upload.cleaned_data['file'])})}")
    faults: list[Fault] = []
    try:
        base = read_state(request.GET["file"]) if "file" in request.GET else ORDINARY
    except forms.ValidationError as wrong:
        base, faults = ORDINARY, [Fault("state", message) for message in wrong.messages]
    form = RehearsalForm(request.GET, base)
    context: dict[str, Any] = {"form": form, "upload": upload, "state": state_of(base), "faults": faults}
    if form.is_valid():
        setup = form.setup()
        if request.GET.get("as") == "json":
            name = f"{_('Rehearsal')} {about.name}.json"
            return download(state_of(setup).encode(), name=name, content_type="application/json")
        context |= shown(setup, form.cleaned_data["target"], is_asked="find" in request.GET)
    wrong_input = bool(form.errors or (request.method == "POST" and upload.errors))
    return page_of(request, about, TAB, "assemblies/rehearsal.html", context, status=422 if wrong_input else 200)


def shown(setup: PollingSetup, target: int, *, is_asked: bool) -> dict[str, Any]:
    """The results as the page shows them, for as many drawn days as it may take; with the fewest servers when asked."""
    most = max(3, SERVICES // (setup.voters * len(setup.stages)))
    looked = replace(setup, replications=min(setup.replications, most))
    results = rehearse(looked)
    fewest = find_fewest(looked, target, SERVERS) if is_asked else None
    stages = [(STAGES.get(stage.name, stage.name), stage) for stage in setup.stages]
    keeps = results["wait_p95"]["mean"] <= target
    now = {"file": state_of(setup), "target": str(target)}
    then = {f"servers-{number}": str(servers) for number, servers in enumerate(fewest.servers)} if fewest else {}
    return {
        "setup": looked,
        "count": looked.replications,
        "results": results,
        "after_closing": results["last_out"]["mean"] - setup.window_min,
        "verdict": _("within the wait to be kept") if keeps else _("more than the wait to be kept"),
        "target": target,
        "queues": [(name, stage.servers, results[f"queue_max.{stage.name}"]) for name, stage in stages],
        "is_asked": is_asked,
        "fewest": fewest,
        "fewest_stages": list(zip((name for name, _stage in stages), fewest.servers, strict=True)) if fewest else [],
        "fewest_query": urlencode(now | then),
        "state_now": urlencode(now),
    }
