"""Planning's work in the background."""

from heli.kernel.access import SYSTEM
from heli.planning import services


def run_queued(run_id: int) -> None:
    """Compute a queued run of a scenario of any kind; called by the job queue."""
    services.finish_any_run(actor=SYSTEM, run_id=run_id)


def run_joint(joint_id: int) -> None:
    """Compute a queued joint plan; called by the job queue."""
    services.finish_joint(actor=SYSTEM, joint_id=joint_id)
