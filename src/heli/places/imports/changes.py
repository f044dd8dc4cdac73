"""What an import would change: the lines of the preview. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from heli.places.imports.types import Change, CodeListDraft, FactDraft, KnownPlace, OutlineDraft, PlannedChange
from heli.places.rules import is_same_name


def compare_codes(known: Sequence[KnownPlace], draft: CodeListDraft) -> list[PlannedChange]:
    """The list beside the register, code by code: for the eye only, since a code is not an identity."""
    by_code = {one.code: one for one in known}
    towns = {unit.code[:9]: unit.name for unit in draft.above} | {
        one.town_code[:9]: one.town
        for one in known
        if one.town and one.town_code[:9] not in {u.code[:9] for u in draft.above}
    }
    lines = []
    for unit in (*draft.above, *draft.units):
        town = towns.get(unit.code[:9], "") if unit.code[9:] != "000" else ""
        old = by_code.pop(unit.code, None)
        if old is None:
            lines.append(PlannedChange(Change.NEW, unit.code, unit.name, town, "", unit.number))
        elif old.kind is unit.kind and is_same_name(old.name, unit.name):
            lines.append(PlannedChange(Change.UNCHANGED, unit.code, unit.name, town, old.name, unit.number, old.id))
        else:
            lines.append(PlannedChange(Change.CHANGED, unit.code, unit.name, town, old.name, unit.number, old.id))
    lines += [PlannedChange(Change.GONE, one.code, one.name, one.town, one.name, 0, one.id) for one in by_code.values()]
    return sorted(lines, key=lambda line: (line.code, line.name))


def compare_facts(
    drafts: Sequence[FactDraft], standing: Mapping[tuple[int, str, date], int], known: Mapping[int, KnownPlace]
) -> list[tuple[PlannedChange, FactDraft, int | None]]:
    """Each figure beside the standing one of the same day."""
    lines = []
    for draft in drafts:
        old = standing.get((draft.place_id, draft.measure, draft.on))
        change = Change.NEW if old is None else Change.UNCHANGED if old == draft.value else Change.CHANGED
        place = known[draft.place_id]
        lines.append(
            (
                PlannedChange(
                    change, place.code, place.name, place.town, "" if old is None else str(old), draft.number, place.id
                ),
                draft,
                old,
            )
        )
    return lines


def compare_outlines(
    drafts: Sequence[OutlineDraft], drawn: Mapping[int, bytes | None], known: Mapping[int, KnownPlace]
) -> list[PlannedChange]:
    """Each outline beside the one the register has (WKB, or an empty mark for a point)."""
    lines = []
    for draft in drafts:
        place = known[draft.place_id]
        old = drawn.get(draft.place_id)
        change = Change.NEW if old is None else Change.UNCHANGED if old == mark_of(draft) else Change.CHANGED
        lines.append(PlannedChange(change, place.code, place.name, place.town, "", draft.number, place.id))
    return lines


def mark_of(draft: OutlineDraft) -> bytes:
    """What tells one outline from another: its WKB, or a point's coordinates to the centimetre."""
    return draft.wkb if draft.wkb is not None else point_mark(draft.lon, draft.lat)


def point_mark(lon: float, lat: float) -> bytes:
    """A point to the centimetre."""
    return f"{lon:.7f} {lat:.7f}".encode()


def count_changes(lines: Iterable[PlannedChange]) -> dict[str, int]:
    """{change: count}, all four named."""
    counted = Counter(line.change.value for line in lines)
    return {change.value: counted.get(change.value, 0) for change in Change}
