"""The district's own merger list: which old village, or which part of it, goes on in which new village. Pure.

It decides what lists of codes cannot tell. A new village whose name is that of one of its old villages (or of another unit
that goes on) is a host that absorbs and keeps its identity; any other is founded by a merger. Shares of divided villages come
from the figures of the parts and are asked for where missing, never guessed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from heli.kernel.quantities import largest_remainder
from heli.places.imports.matching import Villages
from heli.places.imports.readers import date_of, number_of
from heli.places.imports.types import Known, Record
from heli.places.proposals.matching import town_name
from heli.places.rules import clean_name, compute_kind_of_name, is_code, normalise_name
from heli.places.types import WHOLE, EventKind, EventSpec, Finding, Kind, LinkSpec, PlaceSpec

COMMUNITIES = (Kind.COMMUNITY, Kind.COMMUNITY_LIKE)


@dataclass(frozen=True, slots=True)
class MergerRow:
    """A row of the list, its old village found."""

    number: int
    old: Known
    part: str
    new_name: str
    new_code: str
    new_town: str
    on: date
    document: str
    seat: str
    people: Decimal | None
    area: Decimal | None


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """An event of the preview, with what a person reads about it."""

    spec: EventSpec
    title: str
    members: tuple[str, ...]
    rows: tuple[int, ...]


def check_mergers(
    records: Sequence[Record], villages: Villages, towns: Sequence[Known], *, on: date, document: str
) -> tuple[list[PlannedEvent], list[Finding]]:
    """The events that the list says, in the order of its rows, and what is wrong with it."""
    rows: list[MergerRow] = []
    findings: list[Finding] = []
    for record in records:
        row, wrong = _read(record, villages, on, document)
        findings += wrong
        if row:
            rows.append(row)
    findings += _check_parts(rows)
    if any(finding.severity == "error" for finding in findings):
        return [], findings
    groups: dict[tuple[str, str], list[MergerRow]] = defaultdict(list)
    for row in rows:
        groups[row.new_town, row.new_name].append(row)
    bundles, wrong = _bundles(groups)
    findings += wrong
    shares, wrong = _shares(rows)
    findings += wrong
    planned: list[PlannedEvent] = []
    for bundle in bundles:
        event, wrong = _event([(key, groups[key]) for key in bundle], villages, towns, shares)
        findings += wrong
        if event:
            planned.append(event)
    return planned, findings


def _read(record: Record, villages: Villages, on: date, document: str) -> tuple[MergerRow | None, list[Finding]]:
    source = str(record.number)
    old, wrong = villages.find(record, code="old_code", name="old_name", town="old_town", unknown="old_village_unknown")
    if wrong and wrong.code == "village_ambiguous" and not record.text("old_town") and record.text("new_town"):
        old, wrong = villages.find(
            record, code="old_code", name="old_name", town="new_town", unknown="old_village_unknown"
        )
    found = [wrong] if wrong else []
    new_name = clean_name(record.text("new_name"))
    if not new_name:
        found.append(Finding("new_name_missing", {}, "new_name", source))
    day = on
    if record.text("on"):
        told = date_of(record.values.get("on"))
        if told is None:
            found.append(Finding("date_unreadable", {"value": record.text("on")}, "on", source))
        else:
            day = told
    code = record.text("new_code").replace(" ", "")
    if code and not is_code(code):
        found.append(Finding("row_code_length", {"value": code[:30], "digits": len(code)}, "new_code", source))
    numbers: dict[str, Decimal | None] = {}
    for name in ("people", "area"):
        numbers[name] = number_of(record.values.get(name))
        if record.text(name) and (numbers[name] is None or numbers[name] < 0):  # type: ignore[operator]
            code_of = "number_unreadable" if numbers[name] is None else "number_negative"
            found.append(Finding(code_of, {"value": record.text(name)[:40]}, name, source))
    if found or old is None:
        return None, found
    return (
        MergerRow(
            record.number, old, clean_name(record.text("part")), new_name, code, clean_name(record.text("new_town")), day,
            record.text("document") or document, record.text("seat"), numbers["people"], numbers["area"],
        ),
        [],
    )  # fmt: skip


def _check_parts(rows: Sequence[MergerRow]) -> list[Finding]:
    findings = []
    by_old: dict[int, list[MergerRow]] = defaultdict(list)
    for row in rows:
        by_old[row.old.id].append(row)
    for own in by_old.values():
        targets = {(row.new_town, row.new_name) for row in own}
        last = str(own[-1].number)
        name = own[0].old.name
        if len(targets) == 1 and any(row.part for row in own) and len(own) == 1:
            findings.append(Finding("part_alone", {"part": own[0].part, "village": name}, "part", last))
        elif len(targets) > 1 and any(not row.part for row in own) and any(row.part for row in own):
            findings.append(Finding("parts_and_whole", {"village": name}, "part", last))
        elif len(targets) == 1 and len(own) > 1 and not any(row.part for row in own):
            findings.append(Finding("village_twice", {"village": name, "first": own[0].number}, "old_name", last))
    return findings


def _bundles(groups: Mapping[tuple[str, str], list[MergerRow]]) -> tuple[list[list[tuple[str, str]]], list[Finding]]:
    """New villages that share a divided old one belong to one event: its shares add up there."""
    findings = []
    owner: dict[int, int] = {}
    bundles: list[list[tuple[str, str]]] = []
    for key, rows in groups.items():
        if len({(row.on, row.document) for row in rows}) > 1:
            findings.append(Finding("document_two", {"village": key[1]}, "document", str(rows[-1].number)))
        joined = sorted({owner[row.old.id] for row in rows if row.old.id in owner})
        bundle = [one for number in joined for one in bundles[number]] + [key]
        for number in joined:
            bundles[number] = []
        bundles.append(bundle)
        for one in bundle:
            for row in groups[one]:
                owner[row.old.id] = len(bundles) - 1
    return [bundle for bundle in bundles if bundle], findings


def _shares(rows: Sequence[MergerRow]) -> tuple[dict[tuple[int, str, str], tuple[int, int]], list[Finding]]:
    """{(old, new town, new name): (population, area) in basis points} for villages divided among several."""
    shares: dict[tuple[int, str, str], tuple[int, int]] = {}
    findings: list[Finding] = []
    by_old: dict[int, dict[tuple[str, str], list[MergerRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_old[row.old.id][row.new_town, row.new_name].append(row)
    for old, targets in by_old.items():
        if len(targets) == 1:
            continue
        parts: list[list[int]] = []
        first = next(iter(targets.values()))[0]
        for name in ("people", "area"):
            sums = [sum((getattr(row, name) or Decimal(0) for row in own), Decimal(0)) for own in targets.values()]
            missing = next((row for own in targets.values() for row in own if getattr(row, name) is None), None)
            if missing is not None or not any(sums):
                at = missing or first
                facts = {"village": at.old.name, "targets": "、".join(key[1] for key in targets), "what": name}
                findings.append(Finding("shares_needed", facts, name, str(at.number)))
                continue
            scale = 10 ** max((-int(value.as_tuple().exponent) for value in sums), default=0)
            parts.append(largest_remainder(WHOLE, [int(value * scale) for value in sums]))
        if len(parts) == 2:
            for key, people, area in zip(targets, *parts, strict=True):
                shares[old, *key] = (people, area)
    return shares, findings


def _event(
    bundle: list[tuple[tuple[str, str], list[MergerRow]]],
    villages: Villages,
    towns: Sequence[Known],
    shares: Mapping[tuple[int, str, str], tuple[int, int]],
) -> tuple[PlannedEvent | None, list[Finding]]:
    findings: list[Finding] = []
    links: list[LinkSpec] = []
    founds: dict[str, PlaceSpec] = {}
    becomes: dict[int | str, PlaceSpec] = {}
    first = bundle[0][1][0]
    sources = {row.old.id for _, rows in bundle for row in rows}
    for (town, name), rows in bundle:
        parent, wrong = _town(town, rows, towns)
        findings += wrong
        host = _host(name, rows, parent, villages)
        kind = compute_kind_of_name(name) or Kind.VILLAGE
        code = next((row.new_code for row in rows if row.new_code), "")
        target: int | str
        if host is not None:
            target = host.id
            if (code and code != host.code) or (
                normalise_name(name) == normalise_name(host.name) and name != host.name
            ):
                becomes[host.id] = PlaceSpec(
                    name=name, kind=host.kind, code=code or host.code, parent=host.parent_id,
                    urban_rural_class=str(host.extra.get("urban_rural_class", "")),
                    outline_id=host.extra.get("outline_id"),  # type: ignore[arg-type]
                )  # fmt: skip
        else:
            target = f"{parent.id if parent else 0}:{name}"
            founds[target] = PlaceSpec(name=name, kind=kind, code=code, parent=parent.id if parent else None)
        merged: dict[int, list[MergerRow]] = defaultdict(list)
        for row in rows:
            merged[row.old.id].append(row)
        for old, own in merged.items():
            people, area = shares.get((old, town, name), (None, None))
            parts = "、".join(row.part for row in own if row.part)
            links.append(
                LinkSpec(
                    source=old, target=target, population_bp=people, area_bp=area, note=parts,
                    is_part=(old, town, name) in shares,
                )
            )  # fmt: skip
        if host is not None and host.id not in sources:
            # A host that is in no row of its own goes on whole; the absorption leaves it as it is.
            becomes.pop(host.id, None)
    targets = {link.target for link in links}
    divided = any((old, *key) in shares for old in sources for key, _ in bundle)
    kind_of = EventKind.SPLIT if divided else EventKind.ABSORB if not founds else EventKind.MERGE
    members = tuple(row.old.name + (f"（{row.part}）" if row.part else "") for _, rows in bundle for row in rows)
    numbers = tuple(row.number for _, rows in bundle for row in rows)
    title = "、".join(key[1] for key, _ in bundle)
    if not divided and len(sources) == 1 and targets == sources:
        return None, [*findings, Finding("merger_of_one", {"village": title}, "new_name", str(first.number))]
    if kind_of is EventKind.MERGE and len(sources) == 1:
        whole = first.old
        spec = PlaceSpec(
            name=bundle[0][0][1], kind=next(iter(founds.values())).kind, code=next(iter(founds.values())).code or whole.code,
            parent=next(iter(founds.values())).parent, outline_id=whole.extra.get("outline_id"),  # type: ignore[arg-type]
        )  # fmt: skip
        converts = (whole.kind in COMMUNITIES) is not (spec.kind in COMMUNITIES)
        kind_of = EventKind.CONVERT if converts else EventKind.RENAME
        links, founds, becomes = [LinkSpec(source=whole.id, target=whole.id)], {}, {whole.id: spec}
    seat = next((row.seat for _, rows in bundle for row in rows if row.seat), "")
    spec_event = EventSpec(
        kind=kind_of, on=first.on, links=tuple(links), founds=founds, becomes=becomes, document_number=first.document, note=seat,
        children_follow=kind_of in (EventKind.MERGE, EventKind.ABSORB),
    )  # fmt: skip
    return PlannedEvent(spec_event, title, members, numbers), findings


def _town(town: str, rows: Sequence[MergerRow], towns: Sequence[Known]) -> tuple[Known | None, list[Finding]]:
    source = str(rows[0].number)
    if town:
        found = [one for one in towns if one.name == town] or [
            one for one in towns if town_name(one.name) == town_name(town)
        ]
        if len(found) == 1:
            return found[0], []
        return None, [Finding("town_unknown", {"town": town, "on": rows[0].on}, "new_town", source)]
    parents = {row.old.parent_id for row in rows}
    if len(parents) > 1:
        return None, [Finding("town_needed", {"village": rows[0].new_name}, "new_town", source)]
    return next((one for one in towns if one.id in parents), None), []


def _host(name: str, rows: Sequence[MergerRow], parent: Known | None, villages: Villages) -> Known | None:
    """The old village (or another unit of the town) whose name goes on; same name and kind before same name alone."""
    here = [row.old for row in rows]
    nearby = [one for one in villages.known if parent is not None and one.parent_id == parent.id]
    for pool in (here, nearby):
        exact = [one for one in pool if clean_name(one.name) == name]
        if exact:
            return exact[0]
        like = [
            one
            for one in pool
            if normalise_name(one.name) == normalise_name(name)
            and (compute_kind_of_name(name) in (None, Kind.COMMUNITY)) is (one.kind in COMMUNITIES)
        ]
        if len({one.id for one in like}) == 1:
            return like[0]
    return None
