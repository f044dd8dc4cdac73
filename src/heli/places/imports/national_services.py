"""Writing national lists: the first founds the register, a later one is kept and compared district by district."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils import timezone

from heli.audit.services import writing
from heli.kernel.access import Actor, require_everywhere
from heli.kernel.faults import Refused
from heli.kernel.ids import new_public_id
from heli.places import services as register
from heli.places.imports import founding, texts
from heli.places.imports.national import NationalCheck, NationalList, Said, above_units, units_by_province
from heli.places.imports.types import ListedUnit
from heli.places.models import PlaceVersion
from heli.places.models_imports import Comparison, OfficialList, Proposal
from heli.places.proposals.matching import propose
from heli.places.proposals.services import COLUMNS, LISTED_KINDS, counts_of, proposal_rows
from heli.places.proposals.types import SideUnit
from heli.places.queries import valid_on
from heli.places.services.bulk import insert_rows
from heli.places.types import Level, PlaceKind

ACTION = "places.import"
COMPARISON_COLUMNS = (
    "id", "public_id", "district_id", "list_id", "before_on", "register_mark", "counts", "compared_at",
)  # fmt: skip


@dataclass(slots=True)
class NationalResult:
    """What an import of a national list did."""

    founded: int = 0
    listed: int = 0
    compared: int = 0
    proposals: dict[str, int] = field(default_factory=dict)
    districts_unknown: list[str] = field(default_factory=list)
    nothing_new: bool = False


def import_national(
    *,
    actor: Actor,
    listed: NationalList,
    check: NationalCheck,
    on: date,
    title: str,
    attribution: str = "",
    reason: str = "",
    say: Said = lambda *_: None,
    at: datetime | None = None,
) -> NationalResult:
    """Write a checked national list in one transaction.

    Raises `Refused` while bad rows are neither mended nor excluded, `Forbidden` for whoever answers for a part of the country.
    """
    require_everywhere(actor, ACTION)
    if check.errors:
        raise Refused(texts.faults(check.errors))
    now = at or timezone.now()
    result = NationalResult()
    with writing(actor, ACTION, reason=reason, at=now) as act:
        known = OfficialList.objects.filter(district__isnull=True, on=on, sha256=listed.sha256).first()
        if known is not None:
            result.nothing_new, result.listed = True, known.unit_count
            return result
        source = register.add_source(title=title, sha256=listed.sha256, attribution=attribution, at=now)
        standing = founding.standing_above(on)
        is_first = not standing.place_of
        official = OfficialList.objects.create(
            public_id=new_public_id(), on=on, source=source, sha256=listed.sha256, unit_count=0, listed_at=now
        )
        above = above_units(listed, check)
        founding.keep_list_units(official.pk, above)
        if is_first:
            result.founded = founding.found_above(above, standing, on=on, source_id=source.pk)
        else:
            have = {code[:6] for code in standing.place_of}
            result.districts_unknown = [
                f"{unit.code[:6]} {unit.name}"
                for unit in above
                if unit.level is Level.DISTRICT and unit.code[:6] not in have
            ]
        comparing = _Comparing(official.pk, on, now, standing, above)
        for province, units in units_by_province(listed, check):
            founding.keep_list_units(official.pk, units)
            result.listed += len(units)
            if is_first:
                result.founded += founding.found_villages(units, standing, on=on, source_id=source.pk)
            else:
                comparing.add(province, units, result)
            say("apply", result.listed, check.rows)
        OfficialList.objects.filter(pk=official.pk).update(unit_count=result.listed)
        act.subject = official.public_id
        act.after = _summary(listed, check, result)
    return result


def _summary(listed: NationalList, check: NationalCheck, result: NationalResult) -> dict[str, Any]:
    return {
        "sha256": listed.sha256,
        "file": listed.name,
        "rows": check.rows,
        "listed": result.listed,
        "founded": result.founded,
        "compared": result.compared,
        "proposals": result.proposals,
        "skipped": sorted(check.skipped)[:100],
        "warnings": dict(check.warnings),
    }


class _Comparing:
    """Compares the register with the list, a province at a time."""

    def __init__(
        self, list_id: int, on: date, at: datetime, standing: founding.StandingPlaces, above: Sequence[ListedUnit]
    ) -> None:
        self.list_id, self.on, self.at, self.standing = list_id, on, at, standing
        self.towns: dict[str, list[SideUnit]] = {}
        for unit in above:
            if unit.level is Level.TOWNSHIP:
                self.towns.setdefault(unit.code[:6], []).append(SideUnit(unit.code, unit.name, unit.kind))
        self.done: set[str] = set()

    def add(self, province: str, units: Sequence[ListedUnit], result: NationalResult) -> None:
        """Propose lineage for the districts of a province and keep it."""
        old_villages, old_towns = self._register(province)
        new: dict[str, list[SideUnit]] = {
            six: [SideUnit(unit.code, unit.name, unit.kind) for unit in rows]
            for six, rows in groupby(units, key=lambda unit: unit.code[:6])
        }
        rows: list[tuple[object, ...]] = []
        comparisons: list[tuple[object, ...]] = []
        sixes = sorted(six for six in new if six in self.standing.district_of and six not in self.done)
        keys = register.reserve_ids(Comparison, count=len(sixes)) if sixes else []
        for six, key, public_id in zip(sixes, keys, register.new_public_ids(len(sixes)), strict=True):
            self.done.add(six)
            towns = self.towns.get(six, [])
            before = old_towns.get(six, [])
            lineage = propose(old_villages.get(six, []), new[six], before, towns)
            counts = counts_of(lineage)
            for group, count in counts.items():
                result.proposals[group] = result.proposals.get(group, 0) + count
            comparisons.append(
                (
                    key, public_id, self.standing.district_of[six], self.list_id, self.on, hashlib.sha256(b"").hexdigest(),
                    json.dumps(counts), self.at,
                )
            )  # fmt: skip
            rows += proposal_rows(key, lineage=lineage, old_towns=before, new_towns=towns)
        result.compared += len(sixes)
        insert_rows(Comparison, columns=COMPARISON_COLUMNS, rows=comparisons)
        insert_rows(Proposal, columns=COLUMNS, rows=rows)

    def _register(self, province: str) -> tuple[dict[str, list[SideUnit]], dict[str, list[SideUnit]]]:
        low = int(province) * 10**10
        rows = PlaceVersion.objects.filter(
            valid_on(self.on), code_number__range=(low, low + 10**10 - 1), kind__in=LISTED_KINDS
        )
        villages: dict[str, list[SideUnit]] = {}
        towns: dict[str, list[SideUnit]] = {}
        kinds = {kind.value: kind for kind in PlaceKind}
        columns = rows.order_by("code_number").values_list("place_id", "code", "name", "kind")
        for place, code, name, kind in columns.iterator(chunk_size=20_000):
            into = towns if code[9:] == "000" else villages
            into.setdefault(code[:6], []).append(SideUnit(code, name, kinds[kind], place))
        return villages, towns
