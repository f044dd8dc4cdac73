"""What geometry has to report: a `Flaw` per trouble, with the row and the remedy.

Geometry is mended where a mend is safe and reported either way; it never crashes because one village has a bad outline.
"""

from __future__ import annotations

from typing import Literal

from mergeplan.types import Flaw, FlawSeverity


def found(
    code: str,
    severity: Literal["error", "warning"],
    message: str,
    remedy: str,
    index: int | None = None,
    *,
    field: str = "outline",
) -> Flaw:
    """A problem with the geometry of row `index` (0-based), or of the whole input."""
    return Flaw(code, message, field, index, remedy, FlawSeverity(severity))
