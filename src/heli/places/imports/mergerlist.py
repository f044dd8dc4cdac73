"""The district's own merger list: which old village, or which part of it, goes on in which new village. Pure.

It decides what lists of codes cannot tell. A new village whose name is that of one of its old villages (or of another unit
that goes on) is a host that absorbs and keeps its identity; any other is founded by a merger. Shares of divided villages are
the figures of the parts themselves, and recorded as unknown where the list does not give them: never guessed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from heli.kernel.faults import Finding
from heli.places.imports.cells import date_of, number_of
from heli.places.imports.matching import Villages
from heli.places.imports.types import KnownPlace, Record
from heli.places.imports.wordings import one_spelling, split_names, stays
from heli.places.proposals.matching import town_name
from heli.places.rules import clean_name, compute_kind_of_name, is_code, normalise_name
from heli.places.shares import to_integers
from heli.places.types import UNKNOWN, EventKind, EventSpec, LinkSpec, PlaceKind, PlaceSpec, Share

COMMUNITIES = (PlaceKind.COMMUNITY, PlaceKind.COMMUNITY_LIKE)


@dataclass(frozen=True, slots=True)
class MergerRow:
    """A row of the list, its old village found."""

    number: int
    old: KnownPlace
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


@dataclass(frozen=True, slots=True)
class ListTerms:
    """What holds for the whole list: the day and document of rows without one, and what a person has confirmed.

    `blank_stays`: a blank new village means that the old one stays; `join_spellings`: spellings that differ only in their
    suffix are one village; `same_names`: why two villages of a town may bear one name.
    """

    on: date
    document: str = ""
    blank_stays: bool = False
    join_spellings: bool = False
    same_names: str = ""


def check_mergers(
    records: Sequence[Record], villages: Villages, towns: Sequence[KnownPlace], rules: ListTerms
) -> tuple[list[PlannedEvent], list[Finding]]:
    """The events that the list says, in the order of its rows, and what is wrong with it."""
    rows: list[MergerRow] = []
    staying: dict[int, int] = {}
    findings: list[Finding] = []
    for record in records:
        row, wrong = _read(record, villages, rules)
        findings += wrong
        if isinstance(row, MergerRow):
            rows.append(row)
        elif row is not None:
            staying[row.id] = record.number
    findings += _check_staying(rows, staying)
    rows, wrong = _spellings(rows, join=rules.join_spellings)
    findings += wrong
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
    if not rules.same_names:
        findings += _same_names(planned, villages)
    return planned, findings


def _read(record: Record, villages: Villages, rules: ListTerms) -> tuple[MergerRow | KnownPlace | None, list[Finding]]:
    """A row of the list; the old village itself where the row says that it stays as a whole."""
    source = str(record.number)
    old, wrong = villages.find(record, code="old_code", name="old_name", town="old_town", unknown="old_village_unknown")
    if wrong and wrong.code == "village_ambiguous" and not record.text("old_town") and record.text("new_town"):
        old, wrong = villages.find(
            record, code="old_code", name="old_name", town="new_town", unknown="old_village_unknown"
        )
    found = [wrong] if wrong else []
    new_name = clean_name(record.text("new_name"))
    part = clean_name(record.text("part"))
    if stays(new_name) or (not new_name and rules.blank_stays):
        if old is None or not part:
            return old, found
        # A part that stays goes on in its own village.
        new_name = clean_name(old.name)
    elif not new_name:
        found.append(Finding("new_name_missing", {}, "new_name", source))
    elif len(split_names(new_name)[0]) > 1:
        found.append(Finding("new_name_several", {"value": new_name[:40]}, "new_name", source))
    day = rules.on
    if record.text("on"):
        told = date_of(record.values.get("on"))
        if told is None:
            found.append(Finding("date_unreadable", {"value": record.text("on")}, "on", source))
        else:
            day = told
    code = _unless_stays(record.text("new_code").replace(" ", ""))
    if code and not is_code(code):
        found.append(Finding("row_code_length", {"value": code[:30], "digits": len(code)}, "new_code", source))
    numbers: dict[str, Decimal | None] = {}
    for name in ("people", "area"):
        numbers[name] = number = number_of(record.values.get(name))
        if record.text(name) and (number is None or number < 0):
            code_of = "number_unreadable" if number is None else "number_negative"
            found.append(Finding(code_of, {"value": record.text(name)[:40]}, name, source))
    if found or old is None:
        return None, found
    return (
        MergerRow(
            record.number, old, part, new_name, code, _unless_stays(clean_name(record.text("new_town"))), day,
            _unless_stays(record.text("document")) or rules.document, record.text("seat"), numbers["people"],
            numbers["area"],
        ),
        [],
    )  # fmt: skip


def _unless_stays(text: str) -> str:
    return "" if stays(text) else text


def _check_staying(rows: Sequence[MergerRow], staying: Mapping[int, int]) -> list[Finding]:
    """How many villages stay, in a line; one that also goes elsewhere contradicts itself."""
    found = [
        Finding("stays_and_goes", {"village": row.old.name, "row": staying[row.old.id]}, "new_name", str(row.number))
        for row in rows
        if row.old.id in staying and normalise_name(row.new_name) != normalise_name(row.old.name)
    ]
    if staying:
        found.append(Finding("read_stays", {"count": len(staying)}, severity="note"))
    return found


def _spellings(rows: Sequence[MergerRow], *, join: bool) -> tuple[list[MergerRow], list[Finding]]:
    """Rows whose new villages of one town are spelled alike: joined where a person said so, else asked about."""
    spelled: dict[tuple[str, str, bool], list[MergerRow]] = defaultdict(list)
    for row in rows:
        is_community = compute_kind_of_name(row.new_name) is PlaceKind.COMMUNITY
        spelled[town_name(row.new_town or row.old.town), normalise_name(row.new_name), is_community].append(row)
    joined: dict[int, str] = {}
    findings: list[Finding] = []
    for own in spelled.values():
        names = [row.new_name for row in own]
        if len(set(names)) == 1:
            continue
        facts = {"names": "、".join(dict.fromkeys(names)), "name": one_spelling(names)}
        if join:
            joined |= {id(row): one_spelling(names) for row in own}
            findings.append(Finding("read_joined", facts, severity="note"))
        else:
            odd = next(row for row in own if row.new_name != one_spelling(names))
            findings.append(Finding("new_name_spellings", facts, "new_name", str(odd.number)))
    return [replace(row, new_name=joined.get(id(row), row.new_name)) for row in rows], findings


def _same_names(planned: Sequence[PlannedEvent], villages: Villages) -> list[Finding]:
    """New names that another village of the town bears or is given: two of one name cannot be told apart."""
    ended = {
        link.source
        for event in planned
        for link in event.spec.links
        if link.source != link.target
        and link.source not in {one.target for one in event.spec.links}
        and not link.is_part
    }
    renamed = {key for event in planned for key in event.spec.becomes}
    holders: dict[tuple[int | None, str, bool], str] = {}
    for one in villages.known:
        if one.id not in ended and one.id not in renamed:
            holders[one.parent_id, normalise_name(one.name), one.kind in COMMUNITIES] = one.name
    found = []
    for event in planned:
        for spec in [*event.spec.founds.values(), *event.spec.becomes.values()]:
            parent = spec.parent if isinstance(spec.parent, int) else None
            key = (parent, normalise_name(spec.name), spec.kind in COMMUNITIES)
            if key in holders:
                facts = {"name": spec.name, "other": holders[key]}
                found.append(Finding("name_in_town", facts, "new_name", str(event.rows[0])))
            holders[key] = spec.name
    return found


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


Shares = dict[tuple[int, str, str], tuple[Share, Share]]


def _shares(rows: Sequence[MergerRow]) -> tuple[Shares, list[Finding]]:
    """{(old, new town, new name): shares of people and of area} for villages divided among several.

    Parts are what the list counts, their base the sum of them; where it does not count every part they are unknown.
    """
    shares: Shares = {}
    findings: list[Finding] = []
    by_old: dict[int, dict[tuple[str, str], list[MergerRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_old[row.old.id][row.new_town, row.new_name].append(row)
    for old, targets in by_old.items():
        if len(targets) == 1:
            continue
        columns: list[list[Share]] = []
        for name in ("people", "area"):
            column, wrong = _column(targets, name)
            columns.append(column)
            findings += wrong
        for key, people, area in zip(targets, *columns, strict=True):
            shares[old, *key] = (people, area)
    return shares, findings


def _column(targets: Mapping[tuple[str, str], list[MergerRow]], name: str) -> tuple[list[Share], list[Finding]]:
    """The shares of people or of area that go to each of the targets of one old village."""
    first = next(iter(targets.values()))[0]
    facts = {"village": first.old.name, "targets": "、".join(key[1] for key in targets), "what": name}
    missing = next((row for own in targets.values() for row in own if getattr(row, name) is None), None)
    unknown = [UNKNOWN for _target in targets]
    if missing is not None:
        return unknown, [Finding("shares_unknown", facts, name, str(missing.number), severity="warning")]
    sums = to_integers([sum((getattr(row, name) for row in own), Decimal(0)) for own in targets.values()])
    if not any(sums):
        return unknown, [Finding("shares_needed", facts, name, str(first.number))]
    return [Share(part, sum(sums)) for part in sums], []


def _event(
    bundle: list[tuple[tuple[str, str], list[MergerRow]]],
    villages: Villages,
    towns: Sequence[KnownPlace],
    shares: Shares,
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
        kind = compute_kind_of_name(name) or PlaceKind.VILLAGE
        code = next((row.new_code for row in rows if row.new_code), "")
        target: int | str
        if host is not None:
            target = host.id
            if (code and code != host.code) or (
                normalise_name(name) == normalise_name(host.name) and name != host.name
            ):
                becomes[host.id] = PlaceSpec(
                    name=name, kind=host.kind, code=code or host.code, parent=host.parent_id,
                    urban_rural_class=host.urban_rural_class,
                    outline_id=host.outline_id,
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
                    source=old, target=target, population=people, area=area, note=parts,
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
            parent=next(iter(founds.values())).parent, outline_id=whole.outline_id,
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


def _town(town: str, rows: Sequence[MergerRow], towns: Sequence[KnownPlace]) -> tuple[KnownPlace | None, list[Finding]]:
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


def _host(name: str, rows: Sequence[MergerRow], parent: KnownPlace | None, villages: Villages) -> KnownPlace | None:
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
            and (compute_kind_of_name(name) in (None, PlaceKind.COMMUNITY)) is (one.kind in COMMUNITIES)
        ]
        if len({one.id for one in like}) == 1:
            return like[0]
    return None
