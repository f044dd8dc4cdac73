"""Figures' work by the clock."""

from datetime import timedelta

from django.utils import timezone

from heli.figures import services
from heli.figures.services import reports
from heli.figures.services.pushing import push_values
from heli.figures.types import SnapshotKind
from heli.kernel.access import SYSTEM
from heli.places import queries as places


def snapshot_daily() -> int:
    """Store the figures of the day that has ended, of every district in which something was counted, and hand them to the
    appraisals that gather facts; how many districts."""
    day = timezone.localdate() - timedelta(days=1)
    districts = places.districts_counted(day)
    for district in districts:
        snapshot = services.take_snapshot(actor=SYSTEM, district_id=district, kind=SnapshotKind.DAILY, on=day)
        push_values(actor=SYSTEM, snapshot=snapshot)
    return len(districts)


def freeze_weeks() -> int:
    """Every hour: weeks that have ended are frozen, missed ones made up for, each with all its figures. Returns how many."""
    return services.freeze_weeks(actor=SYSTEM, at=timezone.now())


def make_reports() -> int:
    """Every hour: the reports of weeks newly frozen, and quick ones where much changed. Returns for how many campaigns."""
    return reports.make_due(actor=SYSTEM, at=timezone.now())
