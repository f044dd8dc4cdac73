"""Which places touch: computed for a district as a whole, mended by hand pair by pair. What is mended stays mended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.kernel.faults import Finding, Refused
from heli.places.models import Neighbour, PlaceVersion
from heli.places.queries.asof import valid_on
from heli.places.services.bulk import insert_rows
from heli.places.texts import as_faults
from heli.places.types import Origin

EDIT = "places.edit"
LONGEST_M = 1_000_000
"""No border of two villages and no road between them is longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourSpec:
    """Two places that touch; `border_m` metres in common, `affinity` 0–1000 (500 where nothing is known)."""

    a_id: int
    b_id: int
    border_m: int = 0
    affinity: int = 500
    is_barrier: bool = False
    road_m: int | None = None


def replace_computed_neighbours(
    *,
    actor: Actor,
    district_id: int,
    on: date,
    pairs: Iterable[NeighbourSpec],
    source_id: int | None = None,
    action: str = EDIT,
) -> dict[str, int]:
    """Put freshly computed pairs in the place of computed ones from a day on; pairs edited by hand stay as they are."""
    with writing(actor, action, place_id=district_id) as act:
        standing = Neighbour.objects.filter(valid_on(on), district_id=district_id)
        edited = set(standing.filter(origin=Origin.EDITED).values_list("a_id", "b_id"))
        new = {}
        for pair in pairs:
            low, high = sorted((pair.a_id, pair.b_id))
            if (low, high) not in edited:
                new[low, high] = pair
        findings = [finding for pair in new.values() for finding in _check(pair)]
        if findings:
            raise Refused(as_faults(findings))
        ended = standing.filter(origin=Origin.COMPUTED).update(valid_to=on)
        columns = (
            "a_id", "b_id", "district_id", "border_m", "affinity", "is_barrier", "road_m", "valid_from", "valid_to", "origin",
            "source_id",
        )  # fmt: skip
        insert_rows(
            Neighbour,
            columns=columns,
            rows=(
                (
                    *key,
                    district_id,
                    pair.border_m,
                    pair.affinity,
                    pair.is_barrier,
                    pair.road_m,
                    on,
                    None,
                    Origin.COMPUTED.value,
                    source_id,
                )
                for key, pair in sorted(new.items())
            ),
        )
        counts = {"new": len(new), "ended": ended, "kept": len(edited)}
        act.subject, act.after = "neighbours", counts
        return counts


def edit_neighbour(*, actor: Actor, pair: NeighbourSpec, on: date, reason: str = "") -> int:
    """Set one pair by hand from a day on; returns its key. Raises `Refused` for places not valid or in different districts."""
    low, high = sorted((pair.a_id, pair.b_id))
    with writing(actor, EDIT, place_id=low, reason=reason) as act:
        findings = _check(pair)
        districts = dict(
            PlaceVersion.objects.filter(valid_on(on), place_id__in=(low, high)).values_list("place_id", "district_id")
        )
        findings += [
            Finding("place_not_valid", {"place": key, "on": on}, "place") for key in {low, high} - set(districts)
        ]
        if not findings and districts[low] != districts[high]:
            findings.append(Finding("pair_too_far", {}, "b"))
        if findings:
            raise Refused(as_faults(findings))
        old = Neighbour.objects.filter(valid_on(on), a_id=low, b_id=high).first()
        if old is not None:
            act.before = {
                "border_m": old.border_m,
                "affinity": old.affinity,
                "is_barrier": old.is_barrier,
                "road_m": old.road_m,
            }
            Neighbour.objects.filter(pk=old.pk).update(valid_to=on)
        new = Neighbour.objects.create(
            a_id=low,
            b_id=high,
            district_id=districts[low],
            border_m=pair.border_m,
            affinity=pair.affinity,
            is_barrier=pair.is_barrier,
            road_m=pair.road_m,
            valid_from=on,
            valid_to=old.valid_to if old else None,
            origin=Origin.EDITED,
        )
        act.subject = f"{low}-{high}"
        act.after = {
            "border_m": new.border_m,
            "affinity": new.affinity,
            "is_barrier": new.is_barrier,
            "road_m": new.road_m,
        }
        return new.pk


def end_neighbour(*, actor: Actor, neighbour_id: int, on: date, reason: str = "") -> None:
    """Two places no longer count as neighbours from a day on (a river without a bridge)."""
    pair = Neighbour.objects.get(pk=neighbour_id)
    with writing(actor, EDIT, place_id=pair.a_id, reason=reason) as act:
        Neighbour.objects.filter(pk=neighbour_id).update(valid_to=max(on, pair.valid_from))
        act.subject = f"{pair.a_id}-{pair.b_id}"
        act.before, act.after = {"valid_to": None}, {"valid_to": str(max(on, pair.valid_from))}


def _check(pair: NeighbourSpec) -> list[Finding]:
    findings = []
    if pair.a_id == pair.b_id:
        findings.append(Finding("pair_same", {}, "b"))
    if not 0 <= pair.affinity <= 1000:
        findings.append(Finding("affinity_out_of_range", {}, "affinity"))
    if not (0 <= pair.border_m <= LONGEST_M and 0 <= (pair.road_m or 0) <= LONGEST_M):
        findings.append(Finding("length_negative", {}, "border_m"))
    return findings
