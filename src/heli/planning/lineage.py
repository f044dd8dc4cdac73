"""What an accepted plan does to the register, as lineage events in their order. Pure: rows and codes in, events out.

Order of the day: mergers, absorptions, conversions, new names, moves out of towns that vanish, and at last those towns.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from heli.kernel.packs import Key, Shape, load_pack
from heli.places.types import EventKind, EventSpec, LinkSpec, PlaceKind, PlaceRow, PlaceSpec
from heli.planning.rules import town_of
from heli.planning.types import Material, Merger, MergerKind, PlanRules, Result

NAMING = Path(__file__).parent / "data" / "naming.toml"
_ENDINGS = (Key("village", Shape.TEXT, "the ending of a village"), Key("community", Shape.TEXT, "what takes its place"))
NAMING_KEYS = (Key("community", Shape.TABLES, "the first that fits counts", keys=_ENDINGS, least=1),)

ProposeCode = Callable[[int, PlaceKind], str]
"""A code never used before, for a place of this kind in this town."""
OutlineOf = Callable[[tuple[int, ...]], int | None]
"""The key of the joined outline of some places; None where one of them has none."""


@cache
def community_endings() -> tuple[tuple[str, str], ...]:
    """(ending of a village's name, ending of the community's), the first that fits counts."""
    rows = load_pack(NAMING, NAMING_KEYS).data["community"]
    return tuple((row["village"], row["community"]) for row in rows)


def community_name(village: str) -> str:
    """What a village is called as a community, unless somebody chose a name."""
    for ending, other in community_endings():
        if village.endswith(ending) and len(village) > len(ending):
            return village.removesuffix(ending) + other
    return village


@dataclass
class EventWriter:
    """Collects the events of one application."""

    material: Material
    rules: PlanRules
    names: Mapping[tuple[int, ...], str]
    rows: Mapping[int, PlaceRow]
    """Every place concerned, as the register has it on the day."""
    on: date
    document_number: str
    document_on: date
    note: str
    propose_code: ProposeCode
    outline_of: OutlineOf
    events: list[EventSpec] = field(default_factory=list)
    outlines: dict[int, int | None] = field(default_factory=dict)
    """New outlines of places that go on."""

    def add(self, kind: EventKind, links: list[LinkSpec], **more: object) -> None:
        self.events.append(
            EventSpec(
                kind=kind,
                on=self.on,
                links=tuple(links),
                document_number=self.document_number,
                document_date=self.document_on,
                note=self.note,
                **more,  # type: ignore[arg-type]  # founds, becomes, children_follow
            )
        )

    def goes_on(self, place: int, **changes: object) -> PlaceSpec:
        """A place's attributes from the day on: those it has, with changes."""
        row = self.rows[place]
        return PlaceSpec(
            **{  # type: ignore[arg-type]  # named fields of PlaceSpec
                "name": row.listed_name,
                "kind": row.kind,
                "code": row.code,
                "parent": row.parent_id,
                "legal_parent": row.legal_parent_id,
                "urban_rural_class": row.urban_rural_class,
                "outline_id": self.outlines.get(place),
                **changes,
            }
        )

    def merge(self, merger: Merger) -> None:
        """Several villages found a new one."""
        new = PlaceSpec(
            name=self.names[merger.members],
            kind=PlaceKind.VILLAGE,
            code=self.propose_code(merger.town, PlaceKind.VILLAGE),
            parent=merger.town,
            urban_rural_class=self.rows[merger.centre].urban_rural_class,
            outline_id=self.outline_of(merger.members),
        )
        name = f"new-{merger.key}"
        links = [LinkSpec(source=member, target=name) for member in merger.members]
        self.add(EventKind.MERGE, links, founds={name: new}, children_follow=True)

    def absorb(self, host: int, villages: list[int]) -> None:
        """A community takes villages in and stays itself."""
        self.outlines[host] = self.outline_of((host, *villages))
        links = [LinkSpec(source=village, target=host) for village in villages] + [LinkSpec(source=host, target=host)]
        self.add(EventKind.ABSORB, links, becomes={host: self.goes_on(host)}, children_follow=True)

    def convert(self, merger: Merger) -> None:
        """A village becomes a community by itself; its identity goes on."""
        (place,) = merger.members
        chosen = dict(self.rules.names).get(merger.members)
        becomes = self.goes_on(
            place,
            name=chosen or community_name(self.rows[place].name),
            kind=PlaceKind.COMMUNITY,
            code=self.propose_code(merger.town, PlaceKind.COMMUNITY),
            parent=merger.town,
        )
        self.add(EventKind.CONVERT, [LinkSpec(source=place, target=place)], becomes={place: becomes})

    def rename(self, place: int, name: str) -> None:
        """A village that is kept under a name chosen by hand."""
        self.add(
            EventKind.RENAME, [LinkSpec(source=place, target=place)], becomes={place: self.goes_on(place, name=name)}
        )

    def vanish(self, town: int, into: int, staying: list[int], named: Mapping[int, str]) -> None:
        """A town goes into another: what still stands in it moves there under new codes, then the town ends."""
        if staying:
            becomes = {
                place: self.goes_on(
                    place,
                    parent=into,
                    code=self.propose_code(into, self.rows[place].kind),
                    **({"name": named[place]} if place in named else {}),
                )
                for place in staying
            }
            self.add(EventKind.MOVE, [LinkSpec(source=place, target=place) for place in staying], becomes=becomes)
        links = [LinkSpec(source=town, target=into), LinkSpec(source=into, target=into)]
        self.add(EventKind.ABSORB, links, children_follow=True)


def compute_events(writer: EventWriter, result: Result) -> list[EventSpec]:
    """All events of the plan, in the order in which they are to be recorded."""
    mergers = sorted(result.mergers, key=lambda merger: merger.members)
    for merger in mergers:
        if len(merger.members) > 1:
            writer.merge(merger)
    absorbed: dict[int, list[int]] = defaultdict(list)
    for merger in mergers:
        if merger.kind is MergerKind.ABSORBED:
            absorbed[merger.centre].extend(merger.members)
    for host, villages in sorted(absorbed.items()):
        writer.absorb(host, villages)
    vanishing = dict(writer.rules.town_merges)
    ended = {member for merger in mergers for member in merger.members if len(merger.members) > 1}
    ended |= {village for villages in absorbed.values() for village in villages}
    named: dict[int, str] = {}
    for merger in mergers:
        if merger.kind is MergerKind.CONVERTED:
            writer.convert(merger)
            ended.update(merger.members)  # already under the town that will be
        elif merger.counts and len(merger.members) == 1:
            (place,) = merger.members
            name = writer.names[merger.members]
            if name != writer.rows[place].name:
                named[place] = name
                if writer.rows[place].parent_id not in vanishing:
                    writer.rename(place, name)
    for town in sorted(vanishing):
        staying = [
            village.id for village in writer.material.villages if village.town == town and village.id not in ended
        ]
        writer.vanish(town, town_of(writer.rules, town), staying, named)
    return writer.events


def places_concerned(material: Material, rules: PlanRules, result: Result) -> list[int]:
    """Every place that the events of a plan name."""
    vanishing = {town for pair in rules.town_merges for town in pair}
    ids = {member for merger in result.mergers for member in (*merger.members, merger.centre)}
    ids |= {village.id for village in material.villages if village.town in vanishing}
    return sorted(ids | vanishing)
