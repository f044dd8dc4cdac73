"""Writes of proposed lineage: compare a list with the register, confirm proposals as lineage events, or decline them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone

from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.kernel.faults import Finding, Refused
from heli.kernel.ids import new_public_id
from heli.places import rules, texts
from heli.places import services as register
from heli.places.models import PlaceVersion
from heli.places.models_imports import Comparison, OfficialList, OfficialUnit, Proposal
from heli.places.proposals.matching import propose
from heli.places.proposals.ranking import Ground
from heli.places.proposals.types import BULK, Group, Lineage, Proposed, SideUnit
from heli.places.queries import neighbours_on, register_mark, valid_on, version_on
from heli.places.services.bulk import insert_rows
from heli.places.types import KINDS_OF_LEVEL, EventKind, EventSpec, Level, LinkSpec, PlaceKind, PlaceSpec, Ref

IMPORT = "places.import"
EDIT = "places.edit"
COLUMNS = (
    "comparison_id", "group", "place_id", "old_code", "old_name", "old_town", "new_code", "new_name", "new_town",
    "candidates", "decision",
)  # fmt: skip
TOGETHER = BULK | {Group.TOWN_GONE}
LISTED_KINDS = tuple(kind.value for level in (Level.TOWNSHIP, Level.VILLAGE) for kind in KINDS_OF_LEVEL[level])


def compare_list(
    *, actor: Actor, official: OfficialList, district_id: int, before_on: date, at: datetime | None = None
) -> Comparison:
    """Compare the register of a day with a list and keep what the two propose; made anew, decided proposals stay."""
    now = at or timezone.now()
    six = _six(district_id, before_on)
    old, old_towns = _register_units(district_id, before_on)
    new, new_towns = _listed_units(official.pk, six)
    lineage = propose(old, new, old_towns, new_towns, _ground(district_id, before_on))
    with writing(actor, IMPORT, place_id=district_id, at=now) as act:
        comparison, _ = Comparison.objects.get_or_create(
            list=official,
            district_id=district_id,
            defaults={
                "public_id": new_public_id(),
                "before_on": before_on,
                "register_mark": "",
                "compared_at": now,
            },
        )
        # What nobody has decided is only computed: it gives way to what the register says now.
        Proposal.objects.filter(comparison=comparison).exclude(decision="confirmed").delete()
        insert_rows(
            Proposal,
            columns=COLUMNS,
            rows=proposal_rows(comparison.pk, lineage=lineage, old_towns=old_towns, new_towns=new_towns),
        )
        comparison.counts = counts_of(lineage)
        comparison.register_mark = register_mark(district_id, before_on)
        comparison.compared_at, comparison.before_on = now, before_on
        comparison.save(update_fields=["counts", "register_mark", "compared_at", "before_on"])
        act.subject, act.after = comparison.public_id, {"list": official.public_id, **comparison.counts}
    return comparison


def counts_of(lineage: Lineage) -> dict[str, int]:
    """{group: count}, kept among them."""
    counts: dict[str, int] = {Group.KEPT.value: lineage.kept}
    for one in lineage.proposals:
        counts[one.group.value] = counts.get(one.group.value, 0) + 1
    return counts


def proposal_rows(
    comparison_id: int, *, lineage: Lineage, old_towns: Sequence[SideUnit], new_towns: Sequence[SideUnit]
) -> Iterable[tuple[object, ...]]:
    """Rows of `COLUMNS` for a lineage."""
    before = {unit.town: unit.name for unit in old_towns}
    after = {unit.town: unit.name for unit in new_towns}
    for one in lineage.proposals:
        old, new = one.old, one.new
        yield (
            comparison_id, one.group.value, old.id if old else None, old.code if old else "", old.name if old else "",
            before.get(old.town, "") if old and one.group is not Group.TOWN else "", new.code if new else "",
            new.name if new else "", after.get(new.town, "") if new and one.group is not Group.TOWN else "",
            _candidates_json(one), "open",
        )  # fmt: skip


def _candidates_json(one: Proposed) -> str:
    return json.dumps(
        [
            {
                "code": candidate.code,
                "name": candidate.name,
                "score": candidate.score,
                "reasons": [{"code": reason.code, "facts": dict(reason.facts)} for reason in candidate.reasons],
            }
            for candidate in one.candidates
        ],
        ensure_ascii=False,
    )


def _six(district_id: int, on: date) -> str:
    row = version_on(district_id, on)
    return row.code[:6] if row else ""


def _register_units(district_id: int, on: date) -> tuple[list[SideUnit], list[SideUnit]]:
    rows = PlaceVersion.objects.filter(valid_on(on), district_id=district_id, kind__in=LISTED_KINDS).exclude(code="")
    villages: list[SideUnit] = []
    towns: list[SideUnit] = []
    for place, code, name, kind in rows.order_by("code_number").values_list("place_id", "code", "name", "kind"):
        (towns if code[9:] == "000" else villages).append(SideUnit(code, name, PlaceKind(kind), place))
    return villages, towns


def _ground(district_id: int, on: date) -> Ground:
    """Which places touch, and where they lie, as far as the register knows."""
    neighbours: dict[int, set[int]] = {}
    for pair in neighbours_on(district_id, on):
        neighbours.setdefault(pair.a_id, set()).add(pair.b_id)
        neighbours.setdefault(pair.b_id, set()).add(pair.a_id)
    lying = PlaceVersion.objects.filter(valid_on(on), district_id=district_id, outline__isnull=False)
    points = {place: (lon, lat) for place, lon, lat in lying.values_list("place_id", "outline__lon", "outline__lat")}
    return Ground(neighbours, points)


def _listed_units(list_id: int, six: str) -> tuple[list[SideUnit], list[SideUnit]]:
    low = int(six) * 1_000_000
    rows = OfficialUnit.objects.filter(list_id=list_id, code_number__range=(low + 1, low + 999_999))
    villages: list[SideUnit] = []
    towns: list[SideUnit] = []
    for number, name in rows.order_by("code_number").values_list("code_number", "name"):
        code = str(number)
        (towns if code[9:] == "000" else villages).append(
            SideUnit(code, name, rules.compute_kind(code) or PlaceKind.VILLAGE)
        )
    return villages, towns


# -- deciding --------------------------------------------------------------------------------------------------------


def confirm_group(
    *,
    actor: Actor,
    comparison: Comparison,
    group: Group,
    on: date,
    document_number: str = "",
    proposal_ids: Sequence[int] | None = None,
) -> int:
    """Confirm the open proposals of a group that may be accepted together (or those named); returns how many.

    Those whose new code still belongs to an undecided place stay open.
    """
    if group not in TOGETHER:
        raise Refused(texts.as_fault(Finding("proposal_unknown")))
    rows = Proposal.objects.filter(comparison=comparison, group=group, decision="open")
    if proposal_ids is not None:
        rows = rows.filter(pk__in=proposal_ids)
    ready, waiting = _ready(comparison, list(rows), on)
    if not ready:
        held = "、".join(row.old_name for row in waiting[:3])
        raise Refused(texts.as_fault(Finding("codes_still_held" if waiting else "proposal_unknown", {"names": held})))
    choices = {row.pk: row.new_code for row in ready}
    return confirm(actor=actor, comparison=comparison, choices=choices, on=on, document_number=document_number)


def _ready(comparison: Comparison, rows: list[Proposal], on: date) -> tuple[list[Proposal], list[Proposal]]:
    """Proposals whose new code is free that day, and those that wait until the place that holds it is decided about."""
    versions = PlaceVersion.objects.filter(valid_on(on), district_id=comparison.district_id).exclude(code="")
    holder = dict(versions.values_list("code", "place_id"))
    leaving = {row.place_id for row in rows if row.old_code != row.new_code}
    waiting: list[Proposal] = []
    while True:
        stuck = [
            row
            for row in rows
            if holder.get(row.new_code, row.place_id) != row.place_id and holder[row.new_code] not in leaving
        ]
        if not stuck:
            return rows, waiting
        waiting += stuck
        rows = [row for row in rows if row not in stuck]
        leaving -= {row.place_id for row in stuck}


def confirm(
    *,
    actor: Actor,
    comparison: Comparison,
    choices: Mapping[int, str],
    on: date,
    document_number: str = "",
    note: str = "",
) -> int:
    """Confirm proposals as lineage events, all or nothing; returns how many.

    `choices` maps a proposal to the code of the unit that continues it, or to "" for: founded out of nothing (new), or
    ended without successor (gone). Choosing a unit that exists already means the village joined it. Raises `Refused`.
    """
    found = {
        row.pk: row for row in Proposal.objects.filter(comparison=comparison, pk__in=list(choices), decision="open")
    }
    if not choices or len(found) != len(choices):
        raise Refused(texts.as_fault(Finding("proposal_unknown")))
    with writing(actor, EDIT, place_id=comparison.district_id) as act:
        maker = _Maker(comparison, on, document_number, note)
        for key, code in sorted(choices.items(), key=lambda one: (found[one[0]].group != Group.TOWN, one[0])):
            maker.add(found[key], code)
        if maker.findings:
            raise Refused(texts.as_faults(maker.findings))
        events = maker.events()
        recorded = register.record_events(
            actor=actor, events=[event for event, _ in events], source_id=comparison.list.source_id
        )
        now = timezone.now()
        for (_, rows), one in zip(events, recorded, strict=True):
            Proposal.objects.filter(pk__in=[row.pk for row in rows]).update(
                decision="confirmed", decided_by_id=actor.id, decided_at=now, event_id=one.id
            )
            for row in rows:
                if row.new_code != choices[row.pk] and choices[row.pk]:
                    Proposal.objects.filter(pk=row.pk).update(new_code=choices[row.pk])
        taken = [code for code in choices.values() if code]
        Proposal.objects.filter(comparison=comparison, group=Group.NEW, decision="open", new_code__in=taken).update(
            decision="declined", decided_by_id=actor.id, decided_at=now
        )
        Comparison.objects.filter(pk=comparison.pk).update(
            register_mark=register_mark(comparison.district_id, comparison.before_on)
        )
        act.subject, act.after = (
            comparison.public_id,
            {"confirmed": len(choices), "on": str(on), "document": document_number},
        )
    return len(choices)


def decline(*, actor: Actor, comparison: Comparison, proposal_ids: Sequence[int]) -> int:
    """Say that proposals are wrong; nothing happens in the register."""
    with writing(actor, EDIT, place_id=comparison.district_id) as act:
        count = Proposal.objects.filter(comparison=comparison, pk__in=list(proposal_ids), decision="open").update(
            decision="declined", decided_by_id=actor.id, decided_at=timezone.now()
        )
        act.subject, act.after = comparison.public_id, {"declined": count}
    return count


class _Maker:
    """Turns decided proposals into events: towns first, then villages, then towns that end."""

    def __init__(self, comparison: Comparison, on: date, document_number: str, note: str) -> None:
        self.comparison, self.on, self.document, self.note = comparison, on, document_number, note
        self.findings: list[Finding] = []
        rows = PlaceVersion.objects.filter(valid_on(on), district_id=comparison.district_id)
        self.standing = {row.place_id: row for row in rows}
        self.by_code = {row.code: row.place_id for row in rows if row.code}
        low = int(_six(comparison.district_id, comparison.before_on)) * 1_000_000
        units = OfficialUnit.objects.filter(list_id=comparison.list_id, code_number__range=(low, low + 999_999))
        self.listed = {
            str(number): (name, urban)
            for number, name, urban in units.values_list("code_number", "name", "urban_rural_class")
        }
        self.towns: dict[str, Ref] = {
            row.code[:9]: row.place_id for row in rows if row.code and rules.compute_level(row.code) is Level.TOWNSHIP
        }
        self.in_place: dict[tuple[bool, EventKind], list[tuple[int, PlaceSpec, Proposal]]] = {}
        self.absorbed: dict[bool, list[tuple[int, int, Proposal]]] = {}
        self.founded: dict[bool, list[tuple[str, PlaceSpec, Proposal]]] = {}
        self.dissolved: dict[bool, list[tuple[int, Proposal]]] = {}
        self.taken: dict[str, str] = {}

    def add(self, row: Proposal, code: str) -> None:  # noqa: PLR0911 - one way out per case
        """Take a decided proposal; towns are to be added before their villages."""
        is_town = row.group == Group.TOWN
        shown = row.old_name or row.new_name
        if code and code not in self.listed:
            self.findings.append(Finding("proposal_needs_choice", {"village": shown}))
            return
        if row.place_id is None:
            self._found(row, is_town)
            return
        old = self.standing.get(row.place_id)
        if old is None:
            self.findings.append(Finding("proposals_stale"))
            return
        if not code:
            self.dissolved.setdefault(is_town, []).append((row.place_id, row))
            return
        holder = self.by_code.get(code)
        if holder is not None and holder != row.place_id and self._goes_on(holder, code):
            self.absorbed.setdefault(is_town, []).append((row.place_id, holder, row))
            return
        if code in self.taken:
            facts = {"target": self.listed[code][0], "first": self.taken[code], "second": shown}
            self.findings.append(Finding("target_taken", facts))
            return
        self.taken[code] = shown
        spec = self._spec(code, is_town, old)
        if spec is None:
            return
        kind = self._kind(old, spec)
        self.in_place.setdefault((is_town, kind), []).append((row.place_id, spec, row))
        if is_town:
            self.towns[code[:9]] = row.place_id

    def _goes_on(self, holder: int, code: str) -> bool:
        """Whether the place that holds a code today is the unit the list means by it, and not one that leaves the code."""
        return rules.normalise_name(self.standing[holder].name) == rules.normalise_name(self.listed[code][0])

    def _found(self, row: Proposal, is_town: bool) -> None:
        spec = self._spec(row.new_code, is_town, None)
        if spec is not None:
            self.founded.setdefault(is_town, []).append((row.new_code, spec, row))
            if is_town:
                self.towns[row.new_code[:9]] = row.new_code

    def _spec(self, code: str, is_town: bool, old: PlaceVersion | None) -> PlaceSpec | None:
        name, urban = self.listed[code]
        parent: Ref | None = self.comparison.district_id if is_town else self.towns.get(code[:9])
        if parent is None:
            town = self.listed.get(code[:9] + "000", (code[:9], ""))[0]
            self.findings.append(Finding("town_unknown", {"town": town, "on": self.on}))
            return None
        return PlaceSpec(
            name=name,
            kind=rules.compute_kind(code) or PlaceKind.VILLAGE,
            code=code,
            parent=parent,
            legal_parent=old.legal_parent_id if old else None,
            urban_rural_class=urban or (old.urban_rural_class if old else ""),
            outline_id=old.outline_id if old else None,
        )

    @staticmethod
    def _kind(old: PlaceVersion, spec: PlaceSpec) -> EventKind:
        if old.parent_id != spec.parent:
            return EventKind.MOVE
        if old.kind != spec.kind:
            return EventKind.CONVERT
        return EventKind.RECODE if old.code != spec.code else EventKind.RENAME

    def events(self) -> list[tuple[EventSpec, list[Proposal]]]:
        """Events in the order in which they can happen, each with its proposals."""
        made: list[tuple[EventSpec, list[Proposal]]] = []
        for is_town in (True, False):
            if self.founded.get(is_town):
                made.append(self._founding(self.founded[is_town]))
            for (of_town, kind), rows in sorted(self.in_place.items()):
                if of_town is is_town:
                    made.append(self._changing(kind, rows))
        for is_town in (False, True):
            if self.absorbed.get(is_town):
                links = tuple(LinkSpec(source=old, target=host) for old, host, _ in self.absorbed[is_town])
                made.append((self._event(EventKind.ABSORB, links), [row for _, _, row in self.absorbed[is_town]]))
            if self.dissolved.get(is_town):
                links = tuple(LinkSpec(source=old, target=None) for old, _ in self.dissolved[is_town])
                made.append((self._event(EventKind.DISSOLVE, links), [row for _, row in self.dissolved[is_town]]))
        return made

    def _founding(self, rows: list[tuple[str, PlaceSpec, Proposal]]) -> tuple[EventSpec, list[Proposal]]:
        links = tuple(LinkSpec(source=None, target=ref) for ref, _, _ in rows)
        event = self._event(EventKind.FOUND, links, founds={ref: spec for ref, spec, _ in rows})
        return event, [row for _, _, row in rows]

    def _changing(
        self, kind: EventKind, rows: list[tuple[int, PlaceSpec, Proposal]]
    ) -> tuple[EventSpec, list[Proposal]]:
        links = tuple(LinkSpec(source=place, target=place) for place, _, _ in rows)
        event = self._event(kind, links, becomes={place: spec for place, spec, _ in rows})
        return event, [row for _, _, row in rows]

    def _event(
        self,
        kind: EventKind,
        links: tuple[LinkSpec, ...],
        founds: Mapping[str, PlaceSpec] | None = None,
        becomes: Mapping[Ref, PlaceSpec] | None = None,
    ) -> EventSpec:
        return EventSpec(
            kind=kind, on=self.on, links=links, founds=founds or {}, becomes=becomes or {},
            document_number=self.document, note=self.note,
        )  # fmt: skip
