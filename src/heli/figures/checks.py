"""Invariants of figures that no constraint can say; asked by `heli check`. Reads only."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from heli.figures import queries
from heli.figures.models import Report, Snapshot
from heli.figures.queries import reports
from heli.kernel.faults import Fault


def check_invariants() -> Iterable[Fault]:
    """Every snapshot and every report that no longer fits its hash."""
    for report in Report.objects.order_by("pk").iterator():
        if not reports.fits_its_hash(report):
            message = _("The report %(report)s of %(day)s does not fit its hash.")
            given = {"report": report.public_id, "day": report.made_at.date()}
            yield Fault("report_broken", message % given, source="figures")
    for snapshot in Snapshot.objects.select_related("district").order_by("pk").iterator():
        verdict = queries.verify(snapshot)
        if not verdict.is_whole:
            message = _("The snapshot %(snapshot)s of %(day)s does not fit its hash: %(figures)s")
            given = {
                "snapshot": snapshot.public_id,
                "day": snapshot.on,
                "figures": ", ".join(verdict.broken) or "chain",
            }
            yield Fault("snapshot_broken", message % given, source="figures")
