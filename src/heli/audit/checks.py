"""What must hold of the trail: it is unbroken and meets its anchor."""

from collections.abc import Iterable

from heli.audit.verify import verify_trail
from heli.kernel.problems import Problem


def check_invariants() -> Iterable[Problem]:
    """The first broken entry, if any."""
    problem = verify_trail().problem
    return [problem] if problem else []
