"""Planning's invariants that a constraint cannot say, re-checked over the whole database by `heli check`."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from heli.kernel.faults import Fault
from heli.planning.models import Acceptance, Inputs, JointPart, JointPlan, PlanRun, Scenario
from heli.planning.questions.types import question_rules_from_json
from heli.planning.solving import digest
from heli.planning.stored import rules_from_json
from heli.planning.types import PlanKind, RunState, ScenarioStatus


def check_invariants() -> Iterator[Fault]:
    """Pinned inputs and finished runs are what their hashes say; rules can be read; a decision points at its own run."""
    for inputs in Inputs.objects.iterator(chunk_size=20):
        if digest(inputs.material) != inputs.sha256:
            yield Fault(
                "planning.inputs_changed",
                "pinned inputs differ from their hash: restore them",
                source=f"inputs {inputs.pk}",
            )
    for run in PlanRun.objects.filter(state=RunState.DONE).select_related("scenario").iterator(chunk_size=50):
        where = f"scenario {run.scenario.public_id} run {run.number}"
        if digest(run.result) != run.result_sha256 or digest(run.rules) != run.rules_sha256:
            yield Fault(
                "planning.run_changed",
                _("A finished run differs from its hash: restore it from a backup."),
                source=where,
            )
    for scenario in Scenario.objects.defer("inputs__material").select_related("inputs"):
        where = f"scenario {scenario.public_id}"
        try:
            read = rules_from_json if scenario.kind == PlanKind.VILLAGES else question_rules_from_json
            read(scenario.rules)
        except ValueError as error:
            yield Fault(
                "planning.rules_unreadable", _("The rules cannot be read: %(why)s") % {"why": error}, source=where
            )
        if scenario.inputs.district_id != scenario.district_id:
            yield Fault("planning.inputs_elsewhere", _("The pinned inputs belong to another district."), source=where)
    for acceptance in Acceptance.objects.select_related("scenario", "run"):
        if acceptance.run.scenario_id != acceptance.scenario_id:
            yield Fault(
                "planning.accepted_elsewhere",
                _("The accepted run belongs to another scenario."),
                source=str(acceptance),
            )
        if acceptance.scenario.status in (ScenarioStatus.DRAFT, ScenarioStatus.PROPOSED):
            yield Fault("planning.accepted_unfrozen", _("An accepted scenario is not frozen."), source=str(acceptance))
    yield from _check_joint_plans()


def _check_joint_plans() -> Iterator[Fault]:
    """Finished joint plans and their parts are what their hashes say; a part's scenario belongs to its district."""
    changed = _("A joint plan differs from its hash: restore it from a backup.")
    for joint in JointPlan.objects.filter(state=RunState.DONE).iterator(chunk_size=20):
        if digest(joint.result) != joint.result_sha256:
            yield Fault("planning.joint_changed", changed, source=f"joint {joint.public_id}")
    parts = JointPart.objects.select_related("joint", "scenario").exclude(result_sha256="")
    for part in parts.iterator(chunk_size=20):
        where = f"joint {part.joint.public_id} {part.code or part.number}"
        recorded = part.joint.result.get("parts", {}).get(str(part.district_id))
        if digest(part.result) != part.result_sha256 or recorded != part.result_sha256:
            yield Fault("planning.joint_changed", changed, source=where)
        if part.scenario is not None and part.scenario.district_id != part.district_id:
            yield Fault(
                "planning.joint_elsewhere", _("The scenario of a part belongs to another district."), source=where
            )
