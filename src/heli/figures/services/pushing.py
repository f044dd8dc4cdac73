"""Values of a frozen snapshot, pushed down to the appraisals that gather facts: figure, version, k, n, snapshot and its hash."""

import json
from datetime import datetime

from heli.appraisal.queries import wanted_figures
from heli.appraisal.services import PushedValue, take_values
from heli.figures.models import Snapshot, SnapshotFigure
from heli.kernel.access import Actor


def push_values(*, actor: Actor, snapshot: Snapshot, at: datetime | None = None) -> int:
    """Hand what the packs of open appraisals name from a snapshot down; how many facts came in. A second call adds nothing."""
    pushed = 0
    for year, wanted in wanted_figures(snapshot.district_id, snapshot.on):
        rows = SnapshotFigure.objects.filter(snapshot=snapshot, figure__in=sorted(wanted)).select_related("values")
        values = [
            PushedValue(int(place), row.figure, row.version, pair[0], pair[1], snapshot.public_id, row.values.sha256)
            for row in rows
            for place, pair in json.loads(row.values.content).items()
            if isinstance(pair, list)
        ]
        pushed += take_values(actor=actor, year=year, values=values, at=at)
    return pushed
