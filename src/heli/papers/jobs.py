"""What the queue does for papers."""

from heli.kernel.access import SYSTEM
from heli.papers.services.making import finish_batch


def make_papers(batch_id: int) -> None:
    """Make a batch of documents; called by the job queue, again if a worker was lost."""
    finish_batch(actor=SYSTEM, batch_id=batch_id)
