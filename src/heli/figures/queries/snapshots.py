"""Snapshots as they were taken, whether they are whole, and what is known better since."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from heli.figures import catalogue
from heli.figures.models import Snapshot, SnapshotFigure, SnapshotValues
from heli.figures.queries.evaluating import evaluate, rows_of_places, visible_places
from heli.figures.rules import digest, parsed, snapshot_digest
from heli.figures.types import SnapshotKind, Value
from heli.kernel.access import Actor, scope
from heli.kernel.declare import Figure, Rows
from heli.places import queries as places

READ = "figures.read"


def snapshots_in_scope(actor: Actor, action: str = READ) -> QuerySet[Snapshot]:
    """Snapshots of every district in which the actor may do this somewhere, newest first."""
    found = Snapshot.objects.select_related("district")
    districts = places.reached_districts(scope(actor, action))
    return found if districts is None else found.filter(district_id__in=districts)


def find_snapshot(public_id: str, actor: Actor) -> Snapshot | None:
    """The snapshot behind a public id, if the actor's scope reaches its district."""
    return snapshots_in_scope(actor).filter(public_id=public_id).first()


def snapshots_of(district_id: int, kind: SnapshotKind | None = None) -> list[Snapshot]:
    """A district's snapshots, newest first."""
    found = Snapshot.objects.filter(district_id=district_id)
    return list(found if kind is None else found.filter(kind=kind))


def stored_values(
    actor: Actor, snapshot: Snapshot, figure_ids: Collection[str] | None = None
) -> dict[str, dict[int, Value]]:
    """{figure: {place: value}} exactly as stored, as far as the actor reaches; two queries and the scope's.

    Figures whose definition is no longer declared are left out: nobody could say what they mean.
    """
    kept = SnapshotFigure.objects.filter(snapshot=snapshot).select_related("values")
    if figure_ids is not None:
        kept = kept.filter(figure__in=figure_ids)
    found: dict[str, dict[int, Value]] = {}
    reach: dict[str, set[int] | None] = {}
    for one in kept:
        figure = definition(one.figure, one.version)
        if figure is None:
            continue
        if figure.action not in reach:
            reach[figure.action] = visible_places(actor, figure.action, [snapshot.district_id], snapshot.on)
        seen = reach[figure.action]
        pairs = parsed(one.values.content)
        found[one.figure] = {
            place: Value(figure, *pair) for place, pair in pairs.items() if seen is None or place in seen
        }
    return found


def definition(figure_id: str, version: int) -> Figure | None:
    """The declaration of that version."""
    return next((figure for figure in catalogue.versions_of(figure_id) if figure.version == version), None)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A place's number in one snapshot."""

    snapshot: Snapshot
    value: Value


def history(
    actor: Actor, figure_id: str, place_id: int, district_id: int, kind: SnapshotKind | None = None
) -> list[HistoryLine]:
    """A place's number in every snapshot, oldest first; each content is read once. Empty where the actor does not reach it."""
    kept = SnapshotFigure.objects.filter(snapshot__district_id=district_id, figure=figure_id).select_related("snapshot")
    if kind is not None:
        kept = kept.filter(snapshot__kind=kind)
    ordered = list(kept.order_by("snapshot__on", "snapshot__pk"))
    contents = {
        key: parsed(content)
        for key, content in SnapshotValues.objects.filter(pk__in={one.values_id for one in ordered}).values_list(
            "pk", "content"
        )
    }
    reaches: dict[str, bool] = {}
    lines = []
    for one in ordered:
        figure = definition(one.figure, one.version)
        pair = contents[one.values_id].get(place_id)
        if figure is None or pair is None:
            continue
        if figure.action not in reaches:
            reaches[figure.action] = places.reaches(scope(actor, figure.action), place_id)
        if reaches[figure.action]:
            lines.append(HistoryLine(one.snapshot, Value(figure, *pair)))
    return lines


# -- is it whole, and what is known better now -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SnapshotVerdict:
    """Whether a snapshot still is what was taken: its hash, and the figures whose stored values do not fit theirs."""

    snapshot: Snapshot
    is_whole: bool
    broken: tuple[str, ...]


def verify(snapshot: Snapshot) -> SnapshotVerdict:
    """Compute every hash of a snapshot anew from what is stored."""
    kept = list(SnapshotFigure.objects.filter(snapshot=snapshot).select_related("values"))
    broken = tuple(one.figure for one in kept if digest(one.values.content) != one.values.sha256)
    whole = snapshot_digest(
        district=snapshot.district.public_id,
        kind=snapshot.kind,
        on=snapshot.on,
        previous=snapshot.previous,
        figures=((one.figure, one.version, one.values.sha256) for one in kept),
    )
    before = (
        Snapshot.objects.filter(district_id=snapshot.district_id, kind=snapshot.kind, pk__lt=snapshot.pk)
        .order_by("-pk")
        .values_list("sha256", flat=True)
        .first()
    )
    is_whole = not broken and whole == snapshot.sha256 and snapshot.previous == (before or "")
    return SnapshotVerdict(snapshot, is_whole, broken)


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that today's knowledge gives other values for: how many places differ, the district's number then and now."""

    figure: Figure
    is_redefined: bool
    places: tuple[int, ...]
    reported: Value | None
    known_now: Value | None


def differences(actor: Actor, snapshot: Snapshot) -> list[Difference]:
    """Which figures of the snapshot would come out differently from what is known now, as far as the actor reaches."""
    reported = stored_values(actor, snapshot)
    figures = {name: catalogue.find(name, snapshot.on) for name in reported}
    chosen = [figure for figure in figures.values() if figure is not None]
    now = evaluate(actor, chosen, district_ids=[snapshot.district_id], on=snapshot.on)
    found = []
    for figure in chosen:
        then = {place: value.pair for place, value in reported[figure.id].items()}
        fresh = dict(now.values[figure.id])
        moved = tuple(sorted(key for key in then.keys() | fresh.keys() if then.get(key) != fresh.get(key)))
        if moved:
            old = definition_version(reported[figure.id])
            district = snapshot.district_id
            found.append(
                Difference(
                    figure,
                    old is not None and old != figure.version,
                    moved,
                    reported[figure.id].get(district),
                    now.of(figure.id, district),
                )
            )
    return found


def definition_version(values: dict[int, Value]) -> int | None:
    """The version that computed stored values."""
    return next((value.figure.version for value in values.values()), None)


@dataclass(frozen=True, slots=True)
class Corrected:
    """Rows behind a figure that changed since a snapshot: those that counted then, and those that count now."""

    heads: Sequence[str]
    then: Sequence[tuple[Sequence[object], str]]
    now: Sequence[tuple[Sequence[object], str]]


def corrected_rows(actor: Actor, snapshot: Snapshot, difference: Difference) -> Corrected:
    """The rows by which a figure differs: behind it at the moment of the snapshot only, or now only."""
    lowest = _lowest(difference.places, snapshot)
    before = rows_of_places(actor, difference.figure, lowest, snapshot.on, snapshot.at)
    after = rows_of_places(actor, difference.figure, lowest, snapshot.on)
    old, new = _keyed(before), _keyed(after)
    return Corrected(
        after.heads or before.heads,
        [line for key, line in old.items() if key not in new],
        [line for key, line in new.items() if key not in old],
    )


def _lowest(keys: Collection[int], snapshot: Snapshot) -> list[int]:
    """The places among those that differ below which no other does."""
    rows = places.rows_of(keys, snapshot.on)
    parents = {row.parent_id for row in rows.values()}
    return [key for key in keys if key not in parents and key in rows]


def _keyed(rows: Rows) -> dict[str, tuple[Sequence[object], str]]:
    links = rows.links or [""] * len(rows.lines)
    return {repr(list(line)): (line, link) for line, link in zip(rows.lines, links, strict=True)}


def latest_before(district_id: int, kind: SnapshotKind, on: date) -> Snapshot | None:
    """The newest snapshot of a kind taken for a day before the given one."""
    return Snapshot.objects.filter(district_id=district_id, kind=kind, on__lt=on).order_by("-on", "-pk").first()
