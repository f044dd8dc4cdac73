"""Invariants of figures that no constraint can say; asked by `heli check`. Reads only."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from heli.figures import queries
from heli.figures.models import Snapshot
from heli.kernel.problems import Problem


def check_invariants() -> Iterable[Problem]:
    """Every snapshot whose stored values no longer fit its hash."""
    for snapshot in Snapshot.objects.select_related("district").order_by("pk").iterator():
        verdict = queries.verify(snapshot)
        if not verdict.is_whole:
            message = _("The snapshot %(snapshot)s of %(day)s does not fit its hash: %(figures)s")
            given = {
                "snapshot": snapshot.public_id,
                "day": snapshot.on,
                "figures": ", ".join(verdict.broken) or "chain",
            }
            yield Problem("snapshot_broken", message % given, source="figures")
