"""What the composed pages show, drawn from the contexts' own queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from heli.kernel.access import Actor, Scope
from heli.kernel.offers import offered
from heli.kernel.searching import SearchLine, SearchOffer
from heli.places import queries as places
from heli.places.texts import EVENTS
from heli.places.types import KINDS_OF_LEVEL, EventRow, Level, PlaceKind, PlaceRow

VILLAGES = (PlaceKind.VILLAGE, PlaceKind.VILLAGE_LIKE)
COMMUNITIES = (PlaceKind.COMMUNITY, PlaceKind.COMMUNITY_LIKE)
TOWNS = KINDS_OF_LEVEL[Level.TOWNSHIP]


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event in a line: which day, what, from which places to which, under which document."""

    on: date
    kind: str
    before: str
    after: str
    document_number: str


@dataclass(frozen=True, slots=True)
class DistrictCard:
    """A district (or the part of it within a scope) at a glance."""

    district: PlaceRow
    towns: int
    villages: int
    communities: int
    events: tuple[EventLine, ...]
    is_sample: bool
    is_whole: bool
    """Whether the reader may open the district itself, not only a part of it."""
    parts: tuple[PlaceRow, ...] = ()
    """Of a part only: the places entrusted to the reader."""

    @property
    def is_counted(self) -> bool:
        """Whether counts say something: not of those who have villages only."""
        return self.is_whole or any(one.level is not Level.VILLAGE for one in self.parts)


@dataclass(frozen=True, slots=True)
class DistrictCards:
    """What a reader reaches: a card for each district, and over many districts their sum and what happened in any of them."""

    cards: tuple[DistrictCard, ...]
    events: tuple[EventLine, ...] = ()

    @property
    def is_wide(self) -> bool:
        """Whether there are too many districts to tell of each what happened."""
        return len(self.cards) > MOST_TOLD

    @property
    def sums(self) -> dict[str, int]:
        """The counts of all districts together."""
        return {name: sum(getattr(card, name) for card in self.cards) for name in ("towns", "villages", "communities")}

    @property
    def is_sample(self) -> bool:
        return any(card.is_sample for card in self.cards)


MOST_TOLD = 3
"""Of more districts than this the home page lists the counts, and what happened last in all of them together."""
NEWEST = 8


def ground_of(reach: Scope, on: date) -> DistrictCards:
    """Every district that the scope touches, counts being of what lies within it; so many questions for one as for hundreds."""
    rows = places.districts(on, places.reached_districts(reach))
    every = {row.id for row in rows}
    whole = every if reach.everything else every & places.whole_districts(reach)
    part, mine = every - whole, places.in_scope(reach, on)
    counts, samples = places.counts_on(on, whole), places.sample_districts(whole, on)
    if part:
        counts |= places.counts_on(on, part, mine)
        samples |= places.sample_districts(part, on, mine)
    each = len(rows) <= MOST_TOLD
    events = places.newest_events(whole, NEWEST, each=each)
    if part:
        events += places.newest_events(part, NEWEST, mine, each=each)
    events.sort(key=lambda one: (one.on, one.event.sequence), reverse=True)
    opened = every if reach.everything else places.reached_among(reach, every)

    def count(district: int, kinds: tuple[PlaceKind, ...]) -> int:
        return sum(counts.get(district, {}).get(kind, 0) for kind in kinds)

    own = sorted(places.rows_of(reach.place_ids, on).values(), key=lambda one: one.code or "") if part else []
    cards = tuple(
        DistrictCard(
            row, count(row.id, TOWNS), count(row.id, VILLAGES), count(row.id, COMMUNITIES),
            tuple(happening(one.event) for one in events if each and one.district_id == row.id),
            row.id in samples, row.id in opened, tuple(one for one in own if one.district_id == row.id),
        )
        for row in rows
    )  # fmt: skip
    return DistrictCards(cards, () if each else tuple(happening(one.event) for one in events[:NEWEST]))


def happening(event: EventRow) -> EventLine:
    """An event in the words of a line; a place that goes on under its own name is said once."""
    before = list(dict.fromkeys(link.source_name for link in event.links if link.source_name))
    after = list(dict.fromkeys(link.target_name for link in event.links if link.target_name))
    between = gettext(", ")
    return EventLine(
        event.on,
        gettext(EVENTS[event.kind]),
        between.join(before),
        between.join(after) if after != before else "",
        event.document_number,
    )


def found_elsewhere(actor: Actor, text: str, on: date) -> list[tuple[str, Sequence[SearchLine]]]:
    """What contexts find besides places, by sort; sorts without a hit are left out."""
    offers: list[SearchOffer] = sorted(offered("search", "SEARCHES"), key=lambda offer: (offer.order, offer.id))
    found = [(gettext(offer.title), offer.find(actor, text, on)) for offer in offers]
    return [(title, lines) for title, lines in found if lines]
