"""What the pages of imports share: whose they are, how far they are, and starting a check."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.utils.translation import get_language

from heli.kernel.access import scope
from heli.kernel.faults import Fault, Refused
from heli.places import queries as register
from heli.places.imports import jobs, queries
from heli.places.imports.types import Change, ImportStage
from heli.places.models import Place
from heli.places.models_imports import ImportRun
from heli.places.types import Level
from heli.ui.pages import ActorRequest

IMPORT = "places.import"
TONES = {
    ImportStage.APPLIED: "good", ImportStage.FAILED: "bad", ImportStage.ABANDONED: "quiet", ImportStage.CHECKED: "warn",
    ImportStage.UPLOADED: "info", ImportStage.CHECKING: "info", ImportStage.APPLYING: "info",
}  # fmt: skip
CHANGE_TONES = {Change.NEW: "good", Change.CHANGED: "warn", Change.UNCHANGED: "quiet", Change.GONE: "bad"}
PREVIEW_FIRST = (Change.NEW, Change.CHANGED, Change.GONE, Change.UNCHANGED)


def importable_districts(request: ActorRequest, on: date) -> list[Any]:
    """Districts the actor may import for."""
    reach = scope(request.actor, IMPORT)
    if reach.everything:
        return register.districts(on)
    return register.districts(
        on, list(register.in_scope(reach).filter(level=Level.DISTRICT).values_list("pk", flat=True))
    )


def find_district(request: ActorRequest, public_id: str) -> Place:
    """A district the actor may import for, else 404."""
    place = register.in_scope(scope(request.actor, IMPORT)).filter(public_id=public_id, level=Level.DISTRICT).first()
    if place is None:
        raise Http404
    return place


def find_run(request: ActorRequest, public_id: str) -> ImportRun:
    """An import within the actor's reach, else 404."""
    found = queries.runs_in_scope(scope(request.actor, IMPORT)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def start_check(request: ActorRequest, run_: ImportRun) -> None:
    """Have a run checked, at once or by the worker; what is refused is said on the next page."""
    try:
        jobs.start_check(actor=request.actor, run=run_, language=get_language() or "zh-hans")
    except Refused as refused:
        for one in refused.faults:
            messages.error(request, one.message)


def at_field(field: str, fault: Fault) -> Fault:
    """The problem at the form's field."""
    return Fault(fault.code, fault.message, fault.severity, field, fault.source)
