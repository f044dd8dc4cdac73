"""Plays events against the register in memory: what would begin, end and go on, or why it cannot.

Nothing is written here. `Staging` loads every place the events name (set-based), takes the events in order, and keeps the
versions that would be opened and closed. Findings name places by key; `names` turns them into words.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Q

from heli.kernel.faults import Finding
from heli.places import rules
from heli.places.models import LineageLink, Place, PlaceVersion
from heli.places.types import (
    IN_PLACE,
    KINDS_OF_LEVEL,
    EventKind,
    EventSpec,
    Level,
    LinkSpec,
    PlaceKind,
    PlaceSpec,
    Ref,
)

CHUNK = 5_000


@dataclass(slots=True)
class Staged:
    """A version in play: recorded (`pk`) or about to be written."""

    place: Ref
    valid_from: date
    valid_to: date | None
    spec: PlaceSpec
    district: Ref | None
    pk: int | None = None
    begun_by: int | None = None
    ended_by: int | None = None


@dataclass(slots=True)
class StagedPlace:
    """A place in play with its versions from the first day of the batch on."""

    ref: Ref
    level: Level
    versions: list[Staged] = field(default_factory=list)
    last_event_on: date | None = None

    def on(self, day: date) -> Staged | None:
        """The version valid on the day."""
        return next(
            (v for v in reversed(self.versions) if v.valid_from <= day and (v.valid_to is None or v.valid_to > day)),
            None,
        )

    def has_later(self, day: date) -> bool:
        """Whether anything is recorded of the place after the day."""
        return any(v.valid_from > day or (v.valid_to is not None and v.valid_to > day) for v in self.versions) or (
            self.last_event_on is not None and self.last_event_on > day
        )


class Staging:
    """The register as far as the events touch it."""

    def __init__(self, events: Sequence[EventSpec]) -> None:
        self.places: dict[Ref, StagedPlace] = {}
        self.founded: list[Ref] = []
        self.opened: list[Staged] = []
        self.closed: list[Staged] = []
        self.findings: list[Finding] = []
        self.played: list[EventSpec] = []
        self.first_day = min((event.on for event in events), default=date.max)
        self._load(named_places(events))
        if following := {
            key for event in events if event.children_follow for key in rules.ends(event) if isinstance(key, int)
        }:
            self._load(self._children_of(following))
        for number, event in enumerate(events, 1):
            source = f"#{number}" if len(events) > 1 else ""
            faults = rules.check_event(event, source)
            self.findings += faults
            if not faults:
                self._play(event, source)
        if not self.findings:
            self._check_codes()
            self._check_children()

    @property
    def founded_set(self) -> set[Ref]:
        """The places this batch founds."""
        return set(self.founded)

    def give_outline(self, number: int, outline_id: int) -> None:
        """Give the version about to be opened an outline."""
        version = self.opened[number]
        version.spec = replace(version.spec, outline_id=outline_id)

    @property
    def names(self) -> dict[object, str]:
        """The names of places in play, by key."""
        return {
            ref: (place.versions[-1].spec.name if place.versions else str(ref)) for ref, place in self.places.items()
        }

    # -- loading -----------------------------------------------------------------------------------------------------

    def _load(self, keys: Iterable[int]) -> None:
        wanted = sorted(set(keys) - {ref for ref in self.places if isinstance(ref, int)})
        for start in range(0, len(wanted), CHUNK):
            chunk = wanted[start : start + CHUNK]
            for key, level in Place.objects.filter(pk__in=chunk).values_list("pk", "level"):
                self.places[key] = StagedPlace(key, Level(level))
            recent = PlaceVersion.objects.filter(place_id__in=chunk).filter(
                Q(valid_to__isnull=True) | Q(valid_to__gte=self.first_day)
            )
            for row in recent.order_by("valid_from", "id"):
                self.places[row.place_id].versions.append(_staged(row))
            later = LineageLink.objects.filter(event__in_force=True, event__on__gt=self.first_day)
            for end in ("from_place_id", "to_place_id"):
                for key, day in later.filter(**{f"{end}__in": chunk}).values_list(end, "event__on"):
                    place = self.places[key]
                    place.last_event_on = max(day, place.last_event_on or day)

    def _children_of(self, keys: set[int]) -> list[int]:
        versions = PlaceVersion.objects.filter(parent_id__in=keys).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=self.first_day)
        )
        return list(versions.values_list("place_id", flat=True))

    # -- playing -----------------------------------------------------------------------------------------------------

    def _play(self, event: EventSpec, source: str) -> None:
        before = len(self.findings)
        sources = rules.outgoing(event)
        for ref in sources:
            self._expect_source(ref, event.on, source)
        for key in event.founds:
            if key in self.places:
                self.findings.append(Finding("place_founded_twice", {"place": key}, "founds", source))
        self._expect_targets(event, source)
        if len(self.findings) > before:
            return
        index = len(self.played)
        self.played.append(event)
        # Close first, open afterwards: a code may pass from one place to another on the same day.
        ending = rules.ends(event)
        followers = self._followers(event, ending) if event.children_follow else None
        for ref in ending:
            self._close(ref, event.on, index)
        for key, spec in event.founds.items():
            self.places[key] = StagedPlace(key, rules.compute_spec_level(spec))
            self.founded.append(key)
        for ref, spec in [*event.founds.items(), *event.becomes.items()]:
            self._open(ref, spec, event, index, source)
        if followers is not None:
            self._play(followers, source)

    def _expect_source(self, ref: Ref, on: date, source: str) -> None:
        place = self.places.get(ref)
        if place is None:
            self.findings.append(Finding("place_unknown", {"place": ref}, "links", source))
        elif place.on(on) is None:
            code = "later_history" if any(v.valid_from > on for v in place.versions) else "place_not_valid"
            self.findings.append(Finding(code, {"place": ref, "on": on}, "links", source))
        elif place.has_later(on):
            self.findings.append(Finding("later_history", {"place": ref, "on": on}, "links", source))

    def _expect_targets(self, event: EventSpec, source: str) -> None:
        sources = set(rules.outgoing(event))
        for ref in {link.target for link in event.links} - sources - set(event.founds) - {None}:
            assert ref is not None
            place = self.places.get(ref)
            if place is None:
                self.findings.append(Finding("place_unknown", {"place": ref}, "links", source))
            elif place.on(event.on) is None:
                # Not valid that day: it may come back (a merger undone later), if nothing follows.
                if ref not in event.becomes:
                    self.findings.append(Finding("place_not_valid", {"place": ref, "on": event.on}, "links", source))
                elif place.has_later(event.on):
                    self.findings.append(Finding("later_history", {"place": ref, "on": event.on}, "links", source))
            elif ref in event.becomes and place.has_later(event.on):
                self.findings.append(Finding("later_history", {"place": ref, "on": event.on}, "links", source))

    def _close(self, ref: Ref, on: date, index: int) -> None:
        version = self.places[ref].on(on)
        if version is not None:
            version.valid_to, version.ended_by = on, index
            if version.pk is not None:
                self.closed.append(version)

    def _open(self, ref: Ref, spec: PlaceSpec, event: EventSpec, index: int, source: str) -> None:
        place = self.places[ref]
        old = place.on(event.on)
        if spec.kind not in KINDS_OF_LEVEL[place.level]:
            self.findings.append(Finding("kind_changes_level", {"place": ref}, "kind", source))
            return
        if old is not None and event.kind in IN_PLACE and not rules.changes_in_place(old.spec, spec):
            self.findings.append(Finding("nothing_changes", {"place": ref}, "becomes", source))
            return
        district = self._district_under(ref, place.level, spec, event.on, source)
        self._close(ref, event.on, index)
        version = Staged(ref, event.on, None, replace(spec, name=rules.clean_name(spec.name)), district, begun_by=index)
        place.versions.append(version)
        self.opened.append(version)

    def _district_under(self, ref: Ref, level: Level, spec: PlaceSpec, on: date, source: str) -> Ref | None:
        if spec.legal_parent is not None and spec.legal_parent not in self.places:
            self.findings.append(Finding("place_unknown", {"place": spec.legal_parent}, "legal_parent", source))
        if spec.parent is None:
            if level not in (Level.PROVINCE, Level.CITY, Level.DISTRICT):
                self.findings.append(Finding("parent_missing", {"place": spec.name}, "parent", source))
            return ref if level is Level.DISTRICT else None
        parent = self.places.get(spec.parent)
        standing = parent.on(on) if parent else None
        if parent is None:
            self.findings.append(Finding("place_unknown", {"place": spec.parent}, "parent", source))
            return None
        if standing is None:
            self.findings.append(Finding("parent_not_valid", {"place": spec.name, "on": on}, "parent", source))
        if not rules.stands_above(parent.level, level):
            self.findings.append(Finding("parent_too_low", {"place": spec.name}, "parent", source))
        if level is Level.DISTRICT:
            return ref
        if parent.level is Level.DISTRICT:
            return spec.parent
        return standing.district if standing else None

    def _followers(self, event: EventSpec, ending: set[Ref]) -> EventSpec | None:
        """The move of every child of an ending place to that place's one target."""
        goes = {
            ref: links[0].target
            for ref, links in rules.outgoing(event).items()
            if ref in ending and len(links) == 1 and links[0].target is not None
        }
        moves: dict[Ref, PlaceSpec] = {}
        for ref, place in self.places.items():
            version = place.on(event.on)
            if version is not None and ref not in ending and version.spec.parent in goes:
                moves[ref] = replace(version.spec, parent=goes[version.spec.parent])
        if not moves:
            return None
        return EventSpec(
            kind=EventKind.MOVE,
            on=event.on,
            links=tuple(LinkSpec(source=ref, target=ref) for ref in moves),
            becomes=moves,
            document_number=event.document_number,
            document_date=event.document_date,
            note=event.note,
        )

    # -- the whole batch ---------------------------------------------------------------------------------------------

    def _check_codes(self) -> None:
        lasting = [v for v in self.opened if v.spec.code and (v.valid_to is None or v.valid_to > v.valid_from)]
        for code, times in Counter(v.spec.code for v in lasting if v.valid_to is None).items():
            if times > 1:
                self.findings.append(Finding("code_twice", {"code": code}, "code"))
        ours = {version.pk: version.valid_to for version in self.closed}
        by_code = {int(version.spec.code): version for version in lasting}
        numbers = sorted(by_code)
        for start in range(0, len(numbers), CHUNK):
            held = PlaceVersion.objects.filter(code_number__in=numbers[start : start + CHUNK]).values_list(
                "pk", "code_number", "valid_from", "valid_to", "name"
            )
            for pk, number, begins, ends, name in held:
                new = by_code[int(number or 0)]
                until = ours.get(pk, ends)
                outlives = until is None or until > new.valid_from
                if outlives and until != begins and (new.valid_to is None or begins < new.valid_to):
                    self.findings.append(Finding("code_taken", {"code": new.spec.code, "place": name}, "code"))

    def _check_children(self) -> None:
        """Nobody may stand under a place that ends, or stay behind when a place goes to another district."""
        gone = {v.place: v.valid_to for v in self.closed if self.places[v.place].versions[-1].valid_to is not None}
        moved = {
            v.place: v.district
            for v in self.opened
            if v.valid_to is None
            and any(old.pk and old.district != v.district for old in self.places[v.place].versions)
        }
        ours = {version.pk for version in self.closed}
        keys = sorted(key for key in {*gone, *moved} if isinstance(key, int))
        left: Counter[Ref] = Counter()
        behind: Counter[Ref] = Counter()
        for start in range(0, len(keys), CHUNK):
            children = PlaceVersion.objects.filter(parent_id__in=keys[start : start + CHUNK])
            for pk, parent, district, begins, until in children.values_list(
                "pk", "parent_id", "district_id", "valid_from", "valid_to"
            ):
                if pk in ours or until == begins:
                    continue
                day = gone.get(parent)
                if day is not None and (until is None or until > day):
                    left[parent] += 1
                elif parent in moved and until is None and district != moved[parent]:
                    behind[parent] += 1
        for version in self.opened:
            above = version.spec.parent
            if version.valid_to is None and above is not None and self.places[above].versions[-1].valid_to is not None:
                left[above] += 1
        self.findings += [Finding("children_left", {"place": key, "count": n}, "links") for key, n in left.items()]
        self.findings += [
            Finding("children_in_other_district", {"place": key, "count": n}, "links") for key, n in behind.items()
        ]


def named_places(events: Sequence[EventSpec], *, parents: bool = True) -> set[int]:
    """Keys of every recorded place the events name: ends of arrows, parents of new places; with `parents` also those of
    places that go on, and legal parents."""
    keys: set[int] = set()
    for event in events:
        refs: list[Ref | None] = [end for link in event.links for end in (link.source, link.target)]
        refs += [*event.becomes, *(spec.parent for spec in event.founds.values())]
        if parents:
            specs = [*event.founds.values(), *event.becomes.values()]
            refs += [ref for spec in specs for ref in (spec.parent, spec.legal_parent)]
        keys |= {ref for ref in refs if isinstance(ref, int)}
    return keys


def _staged(row: PlaceVersion) -> Staged:
    spec = PlaceSpec(
        name=row.name,
        kind=PlaceKind(row.kind),
        code=row.code,
        parent=row.parent_id,
        legal_parent=row.legal_parent_id,
        urban_rural_class=row.urban_rural_class,
        outline_id=row.outline_id,
        source_id=row.source_id,
    )
    return Staged(row.place_id, row.valid_from, row.valid_to, spec, row.district_id, pk=row.pk)
