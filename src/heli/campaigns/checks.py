"""Invariants of campaigns that no constraint can say; asked by `heli check`. Reads only."""

from collections.abc import Iterator

from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from heli.campaigns.models import Evidence, Step, StepEvent
from heli.campaigns.types import OPEN, StepStatus
from heli.kernel.faults import Fault

SHOWN = 20
"""So many broken rows of one rule are named."""


def check_invariants() -> Iterator[Fault]:
    """Steps stand where their log says, proof is sealed, ended places have nothing open."""
    yield from _steps()
    yield from _proof()


def _steps() -> Iterator[Fault]:
    last = StepEvent.objects.filter(step=OuterRef("pk")).order_by("-pk").values("status")[:1]
    steps = Step.objects.select_related("campaign").order_by("pk")
    logged = steps.annotate(logged=Subquery(last))
    elsewhere = logged.filter(~Q(logged=F("status")) | (Q(logged=None) & ~Q(status=StepStatus.NOT_STARTED)))
    for step in elsewhere[:SHOWN]:
        text = _("Step %(step)s stands at “%(status)s”, its log at “%(logged)s”.")
        given = {"step": step, "status": step.status, "logged": step.logged or StepStatus.NOT_STARTED}
        yield Fault("step_off_its_log", text % given, source=f"campaign {step.campaign.public_id}")
    for left in steps.filter(status__in=OPEN, track__ended_at__isnull=False)[:SHOWN]:
        text = _("Step %(step)s is open though its place has gone on in another.")
        yield Fault("open_after_the_end", text % {"step": left}, source=f"campaign {left.campaign.public_id}")


def _proof() -> Iterator[Fault]:
    loose = Evidence.objects.filter(step__status=StepStatus.ACCEPTED, sealed_at=None, withdrawn_at=None)
    for one in loose.select_related("step__campaign").order_by("pk")[:SHOWN]:
        text = _("Proof %(proof)s of an accepted step is not sealed.")
        yield Fault("proof_unsealed", text % {"proof": one}, source=f"campaign {one.step.campaign.public_id}")
