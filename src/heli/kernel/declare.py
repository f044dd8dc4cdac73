"""What a context offers by name: figures, gates, acts, facts, documents. It declares them, the higher contexts collect."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from heli.kernel.access import SYSTEM, Actor
from heli.kernel.faults import Fault
from heli.kernel.words import Words

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a gate or an act is asked about. Keys of places; public ids of the rest, "" where there is none.

    `about` is what the rows of a ledger are about: a campaign, later a matter or an election. `gates`: those of the step that
    asks, for facts of what opens one of them.
    """

    district: int
    place: int | None = None
    campaign: str = ""
    scenario: str = ""
    about: str = ""
    gates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """Something a context can do when a step is accepted ("planning.apply_plan"); idempotent, refuses with `Refused`.

    Called as `run(actor=…, subject=Subject(…), on=…)`: `on` is the day from which it holds.
    """

    id: str
    title: str
    run: Callable[..., Any]
    tell: Callable[[Subject], str] = lambda _subject: ""
    """What it would change, in a sentence of the reader's language with {act_on} for the day."""


@dataclass(frozen=True, slots=True)
class PlaceUse:
    """What a context has on places, in sentences of the reader's language; offered in `uses.py` as `USES`.

    `built(founded, ended)`: what was begun on places that a plan founded, or went on there from places that it ended; the plan
    is not taken back under it. `running(places, scenario)`: what is at work over places and rests on another plan than the one
    of this public id.
    """

    id: str
    built: Callable[[Collection[int], Collection[int]], list[str]]
    running: Callable[[Collection[int], str], list[str]] = lambda _places, _scenario: []


@dataclass(frozen=True, slots=True)
class Gate:
    """A question a step may require to be answered before it passes; no problems means the gate is open.

    Called as `check(subject=Subject(…), on=…)`; `on` is the day.
    """

    id: str
    title: str
    check: Callable[..., Iterable[Fault]]


@dataclass(frozen=True, slots=True)
class SubjectFact:
    """A number that a context knows of a subject ("consultation.opinions"); offered in `facts.py` as `FACTS`.

    A step of a playbook takes it as proof instead of having it typed. `title` and `unit` are English texts marked with
    `gettext_noop`, the title says whose number it is; `value(subject, on)` gives it as of a day, None where it is not known.
    """

    id: str
    title: str
    unit: str
    value: Callable[[Subject, date], int | None]


@dataclass(frozen=True, slots=True)
class KeptMeasure:
    """A measure of the register that a context writes itself ("cadre_posts"); offered in `kept.py` as `KEPT`.

    `since(places)` says from which day on it is kept, of those of these places where it is; `right` is the right under which the
    context writes it (`also`: others of its own): under any other it is refused from that day on, but for what says the same.
    `room`: where it is kept, marked with `gettext_noop`.
    """

    measure: str
    right: str
    room: str
    since: Callable[[Collection[int]], Mapping[int, date]]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Documents:
    """Forms of documents that a step of a playbook may name ("work-plan"); offered in `documents.py` as `DOCUMENTS`.

    `titles()` tells which there are, by id; `link(id, about, place)` is the page where one is made, for the public ids of
    what it is about and of a place.
    """

    titles: Callable[[], Mapping[str, Words]]
    link: Callable[[str, str, str], str]


class Additivity(StrEnum):
    """What may be added up: numerators and denominators of all places below (or weeks within), or nothing."""

    SUM = "sum"
    NONE = "none"


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A question put to many offers at once, who may keep for each other what they read."""

    _kept: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def shared(self, key: str, read: Callable[[], T]) -> T:
        """What several offers read alike ("places.structure"): read once, by whoever asks first."""
        if key not in self._kept:
            self._kept[key] = read()
        kept: T = self._kept[key]
        return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Asking):
    """What an evaluation is about: all places of some districts as they stood on a day.

    `at`: rows written after this moment do not count; None means all that is known now.
    """

    district_ids: tuple[int, ...]
    on: date
    at: datetime | None = None


Pair = tuple[int, int]
"""A value as counted: numerator and denominator. A plain count or amount has the denominator 1."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows behind a number: headings, lines of plain values (str, int, date, Ratio), and an address per line ("" for none)."""

    heads: Sequence[str]
    lines: Sequence[Sequence[Any]]
    links: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One declared number: what it means, how it is computed for all places at once, and which rows lie behind it.

    `title`, `meaning`, `unit` are English texts marked with `gettext_noop`. `evaluate` gives, in a constant number of
    queries, {place id: (numerator, denominator)} at the lowest level it knows; with `over_places` SUM the evaluator adds
    towns and districts up, with NONE `evaluate` must give every level itself. `is_ratio`: the value is
    numerator/denominator, shown times 100 when `unit` is "%" or "percentage points"; otherwise the numerator alone is the
    value, in the small unit it is stored in where `unit` is "yuan" (fen) or "km²" (0.01 m²).
    `rows(ask, place_ids)` lists what stands behind the number of these places (all below the one that was opened).
    `carried_by` says by which share values go along the lineage when they are restated: "population" or "area".
    `action` is what a reader must be allowed to do. A changed definition is a new version with its own period.
    """

    id: str
    version: int
    title: str
    meaning: str
    unit: str
    evaluate: Callable[[Ask], Mapping[int, Pair]]
    rows: Callable[[Ask, Collection[int]], Rows]
    action: str
    source: str
    is_ratio: bool = False
    decimals: int = 0
    direction: Direction = Direction.NEITHER
    over_places: Additivity = Additivity.SUM
    over_time: Additivity = Additivity.NONE
    carried_by: str = "population"
    valid_from: date = date(2019, 1, 1)
    valid_to: date | None = None


class Writing(Protocol):
    """How a report is written: numbers come with their sources, texts have holes "{n}" for them.

    `to` is "district", "town" or "leader", `place` and `district` keys, `on` the day, `campaign` what it is about (its name and
    days), `subject` and `since` words for the addressee and for "on last week", `towns` and `villages` the rows below.

    `value` and `then` give the addressee's number of a figure now and a week before, `of` that of one place (None: not known),
    `over` puts a count over another's base, `grade` is a place's colour from 0 for green, `behind` the latest villages with
    their days, `kept` what a frozen week keeps beside figures, `limit` a threshold of the pack.

    `number`, `above` and `below` write a number, its numerator, its denominator; `worked_out` what follows from it or from the
    difference of two, `change`, `share` and `gap` two against each other, `count` and `rank` many, `foretold` what was kept.
    `told` gives the rows of a `Telling` in the addressee's places, `who` whoever leads one.
    `say` fills a text, `listed` puts names in a row, `named` places (of many the first), `sentence` joins clauses and ends them.
    """

    to: Any
    place: int
    district: int
    on: date
    campaign: Any

    @property
    def subject(self) -> str: ...

    @property
    def since(self) -> str: ...

    @property
    def towns(self) -> Sequence[Any]: ...

    @property
    def villages(self) -> Sequence[Any]: ...

    def row(self, place: int) -> Any: ...

    def value(self, figure: str) -> Any: ...

    def then(self, figure: str) -> Any: ...

    def of(self, figure: str, place: int, *, earlier: bool = False) -> Any: ...

    def told(self, telling: str) -> Sequence[Any]: ...

    def who(self, told: Any) -> Any: ...

    def over(self, above: Any, below: Any) -> Any: ...

    def grade(self, place: int, *, earlier: bool = False) -> int | None: ...

    def behind(self) -> Sequence[tuple[Any, Any]]: ...

    def kept(self, name: str, place: int) -> Any: ...

    def limit(self, name: str) -> int: ...

    def number(self, counted: Any) -> Any: ...

    def above(self, counted: Any) -> Any: ...

    def below(self, counted: Any) -> Any: ...

    def worked_out(self, number: int, now: Any, then: Any = None) -> Any: ...

    def change(self, now: Any, then: Any) -> Any: ...

    def share(self, part: Any, whole: Any) -> Any: ...

    def gap(self, now: Any, planned: Any) -> Any: ...

    def count(self, values: Sequence[Any], number: int) -> Any: ...

    def rank(self, number: int, mine: Any, others: Sequence[Any]) -> Any: ...

    def foretold(self, text: str) -> Any: ...

    def day(self, day: date) -> str: ...

    def listed(self, names: Sequence[Any]) -> list[Any]: ...

    def named(self, rows: Sequence[Any]) -> list[Any]: ...

    def say(self, text: str, **parts: Any) -> list[Any]: ...

    def sentence(self, main: list[Any], *clauses: list[Any] | None) -> list[Any]: ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that reports carry where its figures are known; offered in a context's `sentences.py` as `SENTENCES`.

    `part` is the part of the report it stands in ("progress", "warnings", "matters", "outlook"), "conclusion" for what leads
    in, "requests" for what is asked for next, or the paragraph of the yearbook ("yearbook.time", "yearbook.villages",
    "yearbook.people", "yearbook.steps"); `write` gives its pieces, None for none. `order`: where it stands, the smallest first.
    """

    id: str
    part: str
    write: Callable[[Writing], list[Any] | None]
    order: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits for somebody: what, where, until when.

    `district`, `town`, `place` are keys of places, no place: all of the district; `about` and `public_id` public ids, `who` the
    name of whoever leads it; `never` are the accounts that took the first step and may not take the second. `link` is a path
    of Heli, `note` what must be read first (why it was returned). `roles` and `over` say whom it waits for where that differs
    within a sort: a role held over one of these places; left empty, the sort's roles over the place, its town or its district.
    `body`: the body in whose name it is done, so that it waits for those alone who speak for it.
    """

    title: str
    district: int
    place: int | None
    about: str
    public_id: str
    link: str
    due_on: date | None = None
    town: int | None = None
    who: str = ""
    never: tuple[int, ...] = ()
    note: str = ""
    roles: tuple[str, ...] = ()
    over: tuple[int, ...] = ()
    body: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAsk(Asking):
    """What is asked of those who offer what waits: about which public ids, due by which day, seen by whom on which day.

    Offers may leave out what the actor does not reach; `SYSTEM` gets everything.
    """

    abouts: Collection[str]
    until: date
    on: date
    actor: Actor = SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A sort of things that wait, offered in a context's `due.py` as `DUES`; reminders, work points and inboxes gather them.

    `waiting(ask)` lists all of them that are due by the day asked for, in a constant number of queries. They wait for people
    of these `roles` who may do `action` where they stand. `title` names the sort, English text marked with `gettext_noop`;
    `says(n)` tells how many, in words. `judges`: it is looked at by a second person, not done.
    Work points list them below the `heading` (none: they do not), the smallest `order` first; `is_spread`: a thing that waits in
    many places is one line there.
    """

    id: str
    title: str
    action: str
    roles: tuple[str, ...]
    waiting: Callable[[DueAsk], Iterable[Waiting]]
    says: Callable[[int], str]
    judges: bool = False
    heading: str = ""
    order: int = 50
    is_spread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Fields that Heli asked a village to type: where (keys of places, the village's public id), when, how many, for what.

    A context offers in its `typed.py` as `TYPED` functions `(district ids, begins, ends)` that list what was typed from one
    moment on, before another, in a constant number of queries. Never by whom.
    """

    place: int
    town: int | None
    district: int
    public_id: str
    on: date
    fields: int
    what: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab that a context hangs into the pages of what its rows are about; offered in `tabs.py` as `TABS`.

    `name` is the URL name, which takes the public id alone; `label` English text marked with `gettext_noop`; `about` names the
    kinds of abouts it stands on ("campaign"), none for all. `order`: where it stands, the smallest first. `right`: what a
    reader must be allowed to do in the whole district to see it, "" where every reader sees it; `somewhere`: in any part of it.
    `group`: under which heading of a campaign it stands ("progress", "work", "matters", "people", "votes", "papers").
    """

    name: str
    label: str
    about: tuple[str, ...] = ()
    order: int = 50
    right: str = ""
    somewhere: str = ""
    group: str = "matters"
