"""Taking snapshots: every figure of a district, stored with its hash."""

from datetime import date, datetime

from django.utils import timezone

from heli.audit.services import writing
from heli.figures import catalogue
from heli.figures.models import Snapshot, SnapshotFigure, SnapshotValues
from heli.figures.queries.evaluating import evaluate
from heli.figures.rules import canonical, digest, snapshot_digest
from heli.figures.types import SnapshotKind
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.ids import new_public_id
from heli.places import queries as places
from heli.warnings.services.weeks import freeze_due

FREEZE = "figures.freeze"


def take_snapshot(
    *, actor: Actor, district_id: int, kind: SnapshotKind, on: date, at: datetime | None = None
) -> Snapshot:
    """Store all figures of the district for a day as they are known now (or were at `at`); once per district, kind and day.

    A second call returns the first snapshot unchanged. Asks `figures.freeze` at the district. Raises `Forbidden`.
    """
    moment = at or timezone.now()
    with writing(actor, FREEZE, place_id=district_id, at=moment) as act:
        taken = Snapshot.objects.filter(district_id=district_id, kind=kind, on=on).first()
        if taken is not None:
            act.subject, act.after = f"snapshot:{taken.public_id}", {"did": "nothing", "was": "taken"}
            return taken
        # All places, whoever asks: who sees which of them is asked when it is read.
        found = evaluate(
            SYSTEM, catalogue.in_force(on).values(), district_ids=[district_id], on=on, at=moment if at else None
        )
        texts = {name: canonical(pairs, is_ratio=found.figures[name].is_ratio) for name, pairs in found.values.items()}
        hashes = {name: digest(text) for name, text in texts.items()}
        stored = _store({hashes[name]: text for name, text in texts.items()})
        previous = Snapshot.objects.filter(district_id=district_id, kind=kind).order_by("-pk").first()
        before = previous.sha256 if previous is not None else ""
        snapshot = Snapshot.objects.create(
            public_id=new_public_id(),
            district_id=district_id,
            kind=kind,
            on=on,
            at=moment,
            previous=before,
            sha256=snapshot_digest(
                district=places.versions_of(district_id)[0].public_id,
                kind=kind,
                on=on,
                previous=before,
                figures=((name, found.figures[name].version, hashes[name]) for name in texts),
            ),
            is_sample=places.is_sample([district_id], on),
            taken_by=actor.name,
        )
        SnapshotFigure.objects.bulk_create(
            SnapshotFigure(
                snapshot=snapshot, figure=name, version=found.figures[name].version, values_id=stored[hashes[name]]
            )
            for name in texts
        )
        act.subject = f"snapshot:{snapshot.public_id}"
        act.after = {"kind": str(kind), "on": on, "figures": len(texts), "sha256": snapshot.sha256}
        return snapshot


def freeze_weeks(*, actor: Actor, at: datetime | None = None) -> int:
    """Freeze every week of a campaign that has ended, each with a snapshot of its district's figures; how many weeks."""
    weeks = freeze_due(actor=actor, at=at)
    for day, district in sorted({(timezone.localdate(week.ends_at), week.campaign.district_id) for week in weeks}):
        take_snapshot(actor=actor, district_id=district, kind=SnapshotKind.WEEKLY, on=day)
    return len(weeks)


def _store(texts: dict[str, str]) -> dict[str, int]:
    """Contents not stored yet are written; {hash: key} of all."""
    known = set(SnapshotValues.objects.filter(sha256__in=texts).values_list("sha256", flat=True))
    SnapshotValues.objects.bulk_create(
        (SnapshotValues(sha256=sha256, content=text) for sha256, text in sorted(texts.items()) if sha256 not in known),
        ignore_conflicts=True,
    )
    return dict(SnapshotValues.objects.filter(sha256__in=texts).values_list("sha256", "pk"))
