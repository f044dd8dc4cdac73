"""The law of a day as a page."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from heli.assemblies.forms import LawForm
from heli.assemblies.queries.sittings import READ
from heli.assemblies.rules.law import law_findings, shelf
from heli.assemblies.tables import law_table
from heli.assemblies.texts import KIND_NAMES, as_fault
from heli.assemblies.views.sittings import law_words
from heli.kernel.faults import Unsound
from heli.records.views import today
from heli.ui.forms import add_faults
from heli.ui.pages import ActorRequest, page


@page(READ)
@require_GET
def law(request: ActorRequest) -> HttpResponse:
    """What is in force on a day, with its articles, and which lines of the province were set aside."""
    request.entry = "assemblies:law"
    form = LawForm({"kind": "village", "on": today(), "province": "", **request.GET.dict()}, kinds=KIND_NAMES)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        kind, province = form.cleaned_data["kind"], form.cleaned_data["province"]
        try:
            found = shelf().law_of(kind, f"CN-{province}" if province else "CN", form.cleaned_data["on"])
        except Unsound as unsound:
            fields = {"jurisdiction": "province"}
            add_faults(
                form, [replace(as_fault(one), field=fields.get(one.field, one.field)) for one in unsound.findings]
            )
        else:
            language, rules = get_language() or "zh-hans", law_table(request, found)
            if rules.export:
                return rules.export_response()
            context |= {
                "rules": rules,
                "readings": [(one, one.words.text(language)) for one in found.readings],
                "warnings": [as_fault(finding).message for finding in law_findings(found)],
                **law_words(found, language),
            }
    return render(request, "assemblies/law.html", context)
