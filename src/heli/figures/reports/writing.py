"""From values to words: numbers with their marks, names in a row, sentences with their clauses."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from heli.figures.reports.rules import ReportRules
from heli.figures.reports.scene import Scene
from heli.figures.reports.types import Addressee, Derivation, Mark, NumberSource, Piece, Pieces, Recipient
from heli.figures.types import TIMES_100, Value, thousands
from heli.files.documents import official_date
from heli.kernel.declare import Figure, Sentence
from heli.kernel.offers import offered
from heli.kernel.quantities import decimal_text, round_half_up
from heli.kernel.telling import Told
from heli.places.types import PlaceRow

ORANGE = 2
"""The grade of orange among green, yellow, orange, red."""
HOLE = re.compile(r"\{(\w+)\}")
Part = str | Piece | Sequence[Piece]


def is_chinese() -> bool:
    """Whether the text is written in Chinese."""
    return (get_language() or "zh").startswith("zh")


def day_text(day: date) -> str:
    """A day as it stands in a text."""
    return official_date(day) if is_chinese() else date_format(day, "j F Y")


def week_text(day: date) -> str:
    """The week of a day, from Monday to Sunday: 第48周（11.23—11.29）; years stand there where they differ."""
    _year, number, weekday = day.isocalendar()
    monday = day - timedelta(days=weekday - 1)
    sunday = monday + timedelta(days=6)
    shape = "{0.month}.{0.day}" if monday.year == sunday.year else "{0.year}.{0.month}.{0.day}"
    first, last = shape.format(monday), shape.format(sunday)
    if not is_chinese():
        first, last = (
            date_format(monday, "j F Y" if monday.year != sunday.year else "j F"),
            date_format(sunday, "j F Y"),
        )
    return _("week %(n)s (%(first)s to %(last)s)") % {"n": number, "first": first, "last": last}


@dataclass(frozen=True, slots=True)
class Sourced:
    """A number with its sources: of one place, or added up over the villages of a leader."""

    figure: Figure
    numerator: int
    denominator: int
    sources: tuple[NumberSource, ...]

    @property
    def mark(self) -> Mark:
        """Where it comes from."""
        return Mark(Derivation.VALUE if len(self.sources) == 1 else Derivation.SUM, self.sources)

    def less(self, other: "Sourced") -> int:
        """The difference in the last decimal shown: tenths of percentage points, or units."""
        if not self.figure.is_ratio:
            return self.numerator - other.numerator
        above = self.numerator * other.denominator - other.numerator * self.denominator
        return round_half_up(above * 100 * 10**self.figure.decimals, self.denominator * other.denominator)

    def equals(self, other: "Sourced") -> bool:
        """Whether the two are exactly equal, unrounded."""
        return self.numerator * other.denominator == other.numerator * self.denominator

    def is_ahead_of(self, other: "Sourced") -> bool:
        """Whether it is larger, exactly."""
        return self.numerator * other.denominator > other.numerator * self.denominator


class Writer:
    """Writes for one addressee: finds values, numbers the marks. A report has one."""

    def __init__(self, scene: Scene, addressee: Addressee, rules: ReportRules) -> None:
        self.scene, self.addressee, self.rules = scene, addressee, rules
        self.campaign, self.on = scene.campaign, scene.on
        self.to, self.place, self.district = addressee.kind, addressee.place, scene.district.id
        self.marks: dict[Mark, int] = {}

    # -- values --------------------------------------------------------------------------------------------------------

    def value(self, figure: str) -> Sourced | None:
        """The addressee's number now; None where it is not known or has no base."""
        return self._own(figure, earlier=False)

    def then(self, figure: str) -> Sourced | None:
        """The addressee's number a week before."""
        return self._own(figure, earlier=True)

    def of(self, figure: str, place: int, *, earlier: bool = False) -> Sourced | None:
        """The number of one place."""
        values = (self.scene.then if earlier else self.scene.now) or {}
        value = values.get(figure, {}).get(place)
        row = self.scene.rows.get(place)
        if value is None or row is None or not value.is_known:
            return None
        snapshot = self.scene.before if earlier else self.scene.snapshot
        source = NumberSource(figure, value.figure.version, row.public_id, snapshot, *value.pair)
        return Sourced(value.figure, *value.pair, (source,))

    def _own(self, figure: str, *, earlier: bool) -> Sourced | None:
        if self.addressee.kind is not Recipient.LEADER:
            return self.of(figure, self.addressee.place, earlier=earlier)
        found = [self.of(figure, place, earlier=earlier) for place in self.addressee.villages]
        known = [one for one in found if one is not None]
        if not known:
            return None
        first = known[0].figure
        below = sum(one.denominator for one in known) if first.is_ratio else 1
        sources = tuple(source for one in known for source in one.sources)
        return Sourced(first, sum(one.numerator for one in known), below, sources)

    def told(self, telling: str) -> list[Told]:
        """The rows of a telling in the addressee's places."""
        rows = self.scene.told.get(telling, ())
        if self.addressee.kind is Recipient.DISTRICT:
            return list(rows)
        own = {*self.addressee.villages, *([self.place] if self.addressee.kind is Recipient.TOWN else [])}
        return [row for row in rows if row.place in own or (row.town in own and row.town == self.place)]

    def who(self, told: Told) -> Piece:
        """Whoever leads a row: a body by name, a person by office, whose name is put in when the report is read."""
        return {"t": told.who, "who": told.person} if told.person else told.who

    def over(self, above: Sourced, below: Sourced) -> Sourced:
        """A count over what another one was counted over."""
        return Sourced(below.figure, above.numerator, below.denominator, above.sources)

    def grade(self, place: int, *, earlier: bool = False) -> int | None:
        """The colour of a place as its grade."""
        value = self.of("campaigns.colour", place, earlier=earlier)
        return None if value is None else value.numerator

    def behind(self) -> list[tuple[PlaceRow, Sourced]]:
        """The red and orange villages of the addressee with their working days late, the latest first."""
        grades = ((row, self.grade(row.id) or 0) for row in self.villages)
        late = ((row, self.of("campaigns.days_late", row.id)) for row, grade in grades if grade >= ORANGE)
        found = [(row, days) for row, days in late if days is not None and days.numerator]
        return sorted(found, key=lambda line: (-line[1].numerator, line[0].code, line[0].id))

    def kept(self, name: str, place: int) -> Any:
        """What the frozen week keeps of a place by this name; None where there is nothing."""
        return self.scene.kept.get(name, {}).get(place)

    def limit(self, name: str) -> int:
        """From when something is worth a sentence, by its name in the pack of reports."""
        return int(getattr(self.rules, name))

    # -- places --------------------------------------------------------------------------------------------------------

    @property
    def towns(self) -> list[PlaceRow]:
        """The towns of the campaign."""
        return self.scene.towns

    @cached_property
    def villages(self) -> list[PlaceRow]:
        """The villages of the addressee."""
        wanted = set(self.addressee.villages)
        return [row for row in self.scene.villages if row.id in wanted]

    def row(self, place: int) -> PlaceRow:
        """A place as it stood on the day."""
        return self.scene.rows[place]

    # -- numbers -------------------------------------------------------------------------------------------------------

    def mark(self, mark: Mark) -> int:
        """The number of a mark, from 0 in the order of first use."""
        return self.marks.setdefault(mark, len(self.marks))

    def piece(self, text: str, mark: Mark) -> Piece:
        """A number as text with its mark."""
        return {"t": text, "m": self.mark(mark)}

    def number(self, counted: Sourced) -> Piece:
        """The number as people read it, a percentage with its sign."""
        return self.piece(shown(counted), counted.mark)

    def above(self, counted: Sourced) -> Piece:
        """What was counted: the numerator of a ratio."""
        return self.piece(f"{counted.numerator:,}", counted.mark)

    def below(self, counted: Sourced) -> Piece:
        """Over what it was counted: the denominator of a ratio."""
        return self.piece(f"{counted.denominator:,}", counted.mark)

    def change(self, now: Sourced, then: Sourced) -> Piece:
        """By how much two numbers differ, without a sign."""
        return self.piece(points(now, then), Mark(Derivation.DIFFERENCE, (*now.sources, *then.sources)))

    def worked_out(self, number: int, now: Sourced, then: Sourced | None = None) -> Piece:
        """A number that follows from a known one, or from the difference of two."""
        mark = now.mark if then is None else Mark(Derivation.DIFFERENCE, (*now.sources, *then.sources))
        return self.piece(f"{number:,}", mark)

    def share(self, part: Sourced, whole: Sourced) -> Piece:
        """A count or a ratio as a percentage of another."""
        above, below = part.numerator * whole.denominator, part.denominator * whole.numerator
        text = thousands(decimal_text(above * 100, below, part.figure.decimals if part.figure.is_ratio else 1))
        return self.piece(f"{text}%", Mark(Derivation.SHARE, (*part.sources, *whole.sources)))

    def gap(self, now: Sourced, planned: Sourced) -> Piece:
        """By how much it differs from what was planned, without a sign."""
        return self.piece(points(now, planned), Mark(Derivation.GAP, (*now.sources, *planned.sources)))

    def count(self, values: Sequence[Sourced | None], number: int) -> Piece:
        """How many places there are of which these are the numbers."""
        sources = tuple(source for value in values if value is not None for source in value.sources)
        return self.piece(f"{number:,}", Mark(Derivation.COUNT, sources))

    def rank(self, number: int, mine: Sourced, others: Sequence[Sourced]) -> Piece:
        """A rank among others, or how many they are."""
        sources = (*mine.sources, *(source for value in others for source in value.sources))
        return self.piece(str(number), Mark(Derivation.RANK, sources))

    def foretold(self, text: str) -> Piece:
        """What was worked out for the addressee's place when the week was frozen."""
        source = NumberSource("", self.scene.week, self.row(self.place).public_id, self.scene.snapshot, 0, 1)
        return self.piece(text, Mark(Derivation.FORECAST, (source,)))

    # -- words ---------------------------------------------------------------------------------------------------------

    def say(self, text: str, **parts: Part) -> Pieces:
        """A text with its holes filled, for sentences that other contexts offer."""
        return say(text, **parts)

    def sentence(self, main: Pieces, *clauses: Pieces | None) -> Pieces:
        """A sentence of such pieces."""
        return sentence(main, *clauses)

    def listed(self, names: Sequence[Part]) -> Pieces:
        """Names, or pieces, in a row."""
        return listed(names)

    def named(self, rows: Sequence[PlaceRow]) -> Pieces:
        """Places in a row, of many the first "and others"."""
        names = [row.name for row in rows]
        if len(names) <= self.rules.names:
            return listed(names)
        return [_("%(names)s and others") % {"names": pgettext("between names", ", ").join(names[: self.rules.names])}]

    def day(self, day: date) -> str:
        """A day as it stands in a text."""
        return day_text(day)

    @property
    def subject(self) -> str:
        """Whom the report is about: a place, or the villages somebody is linked to."""
        if self.addressee.kind is Recipient.LEADER:
            return _("your linked villages")
        return self.name(self.addressee.place)

    def name(self, place: int) -> str:
        """The name of a place on the day."""
        row = self.scene.rows.get(place)
        return row.name if row is not None else ""

    @property
    def since(self) -> str:
        """Against what a change is meant: "on last week", or since which day."""
        before = self.scene.before_on
        if before is None or (self.scene.on - before).days == 7:
            return pgettext("change", "on last week")
        return pgettext("change", "since %(day)s") % {"day": day_text(before)}


def shown(counted: Sourced) -> str:
    """The number as people read it, a percentage with its sign."""
    text = Value(counted.figure, counted.numerator, counted.denominator).number() or ""
    return f"{text}%" if counted.figure.unit == "%" else text


def points(now: Sourced, then: Sourced) -> str:
    """The size of a difference as text: percentage points of a ratio, units of a count."""
    if not now.figure.is_ratio:
        return thousands(str(abs(now.numerator - then.numerator)))
    above = now.numerator * then.denominator - then.numerator * now.denominator
    factor = 100 if now.figure.unit in TIMES_100 else 1
    return thousands(decimal_text(abs(above) * factor, now.denominator * then.denominator, now.figure.decimals))


def signed(now: Sourced, then: Sourced) -> str:
    """The difference with its sign, for tables: "+3.2", "−1.0", "0"."""
    text = points(now, then)
    if now.less(then) == 0:
        return "0"
    return ("+" if now.is_ahead_of(then) else "−") + text


def say(text: str, **parts: Part) -> Pieces:
    """A text with its holes filled: strings, numbers with marks, or rows of both."""
    found: Pieces = []
    for at, piece in enumerate(HOLE.split(text)):
        if at % 2 == 0:
            found += [piece] if piece else []
            continue
        part = parts[piece]
        found += [part] if isinstance(part, str | dict) else list(part)
    return found


def sentence(main: Pieces, *clauses: Pieces | None) -> Pieces:
    """A sentence: its main part, what follows with commas, a full stop; of equal marks the last alone is printed."""
    comma, stop = pgettext("between clauses", ", "), pgettext("end of a sentence", ".")
    found = list(main)
    for clause in clauses:
        if clause:
            found += [comma, *clause]
    return quieted([*found, stop])


def quieted(pieces: Pieces) -> Pieces:
    """Of several numbers with one mark only the last prints it; all open it on screen."""
    seen: set[int] = set()
    found: Pieces = []
    for piece in reversed(pieces):
        if isinstance(piece, dict) and "m" in piece:
            found.append({**piece, "q": 1} if piece["m"] in seen else piece)
            seen.add(piece["m"])
        else:
            found.append(piece)
    return merged(found[::-1])


def merged(pieces: Pieces) -> Pieces:
    """Plain strings that follow each other as one."""
    found: Pieces = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def joined(sentences: Iterable[Pieces | None]) -> Pieces:
    """Sentences as one paragraph."""
    gap = "" if is_chinese() else " "
    found: Pieces = []
    for one in sentences:
        if one:
            found += ([gap] if found and gap else []) + one
    return merged(found)


def offers(part: str) -> list[Sentence]:
    """The sentences that contexts offer for a part of reports, in order."""
    found = (offer for offer in offered("sentences", "SENTENCES") if offer.part == part)
    return sorted(found, key=lambda offer: (offer.order, offer.id))


def listed(names: Sequence[Part]) -> Pieces:
    """Names, or pieces, in a row: "A, B and C"."""
    comma, last = pgettext("between names", ", "), pgettext("before the last name", " and ")
    found: Pieces = []
    for at, name in enumerate(names):
        if at:
            found.append(last if at == len(names) - 1 else comma)
        found += [name] if isinstance(name, str | dict) else list(name)
    return merged(found)
