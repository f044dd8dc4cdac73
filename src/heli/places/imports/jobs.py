"""Long checks and applications as jobs of the queue; small files are done at once."""

from django.utils.translation import override
from django_q.tasks import async_task

from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.places.imports import services
from heli.places.imports.types import ImportStage
from heli.places.models_imports import ImportRun

INLINE_BYTES = 2 * 1024 * 1024
"""Files up to this size are checked and applied within the request."""


def start_check(*, actor: Actor, run: ImportRun, language: str) -> bool:
    """Check now, or hand it to the worker; returns whether it is done."""
    return _start(actor, run, ImportStage.CHECKING, "check", language)


def start_apply(*, actor: Actor, run: ImportRun, language: str) -> bool:
    """Apply now, or hand it to the worker; returns whether it is done. Raises `Refused` when done at once and refused."""
    return _start(actor, run, ImportStage.APPLYING, "apply", language)


def _start(actor: Actor, run: ImportRun, stage: ImportStage, work: str, language: str) -> bool:
    if run.file.size <= INLINE_BYTES:
        _work(work, actor, run)
        return True
    services.queue_import(actor=actor, run=run, stage=stage)
    async_task("heli.places.imports.jobs.run_job", work, run.pk, actor, language, task_name=f"import {run.public_id}")
    return False


def run_job(work: str, run_id: int, actor: Actor, language: str) -> None:
    """What the worker calls: a refusal is kept with the run, so that the page can show it."""
    run = ImportRun.objects.select_related("file").get(pk=run_id)
    with override(language):
        try:
            _work(work, actor, run)
        except Refused as refused:
            services.fail_import(actor=actor, run=run, faults=list(refused.faults))
        except Exception as wrong:
            services.fail_import(actor=actor, run=run, faults=[Fault("job_failed", str(wrong)[:300])])
            raise


def _work(work: str, actor: Actor, run: ImportRun) -> None:
    if work == "check":
        services.check_import(actor=actor, run=run)
    else:
        services.apply_import(actor=actor, run=run)
