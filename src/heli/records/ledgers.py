"""A ledger as it is declared: its model, its words, its rights, and the moves that lead a row from state to state."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from heli.kernel.access import Actor
from heli.kernel.faults import Fault
from heli.kernel.offers import offered
from heli.records.fields import Field, ShownIn, columns_of, fields_of
from heli.records.models import LedgerRow
from heli.records.words import Text, WordEnum

Values = Mapping[str, Any]
"""What was typed, by field: a place as its key, a holder as "body:…" or "person:…", the rest as stored."""
Check = Callable[[Values, date], Iterable[Fault]]
"""A rule over all values of a row, pure: (values, today) → problems."""
OPENED = "opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A step of a row from state to state, by whoever has the right where it stands.

    `did` is what history keeps for ever, `happened` its words; `button` is pressed in a card headed `card` (moves with the
    same card share it). `stamp` names columns `{stamp}_by, {stamp}_by_name, {stamp}_on, {stamp}_at` that are filled in as far
    as they exist, `clears` stamps that are emptied. `never` is the stamp of the first person, who may not do this: the second
    person's step; `waits` is what that first person reads meanwhile. `speaks_for` names the holder in whose name it is done:
    by those alone who hold the right over that very body. `asks` are fields that are typed with it, of which those
    it `needs` may not be left empty. `reason`, `evidence`: the label of words that are required, of a note that (or else a
    file) is, with `photo` a photo and nothing else; `start` proposes values of the form. `guard` says what stands against it
    (actor, locked row, typed values, today), `sets` what else it changes (locked row, typed values, today → columns). Without
    `to` the row stands where it stood; `when` says whether the page offers it (row, today), where
    the `guard` would refuse it anyway.
    """

    name: str
    did: str
    right: str
    sources: Sequence[WordEnum]
    to: WordEnum | None
    button: Text
    happened: Text
    card: Text = ""
    stamp: str = ""
    clears: tuple[str, ...] = ()
    never: str = ""
    waits: Text = ""
    speaks_for: str = ""
    asks: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    reason: Text = ""
    evidence: Text = ""
    help: Text = ""
    done: Text = ""
    icon: str = ""
    is_main: bool = False
    is_folded: bool = False
    start: Callable[[Any, date], Values] | None = None
    photo: bool = False
    when: Callable[[Any, date], bool] | None = None
    guard: Callable[[Actor, Any, Values, date], Iterable[Fault]] | None = None
    sets: Callable[[Any, Values, date], Values] | None = None

    def leads(self, status: str) -> str:
        """The state in which a row is after it."""
        return status if self.to is None else self.to.value

    @property
    def has_form(self) -> bool:
        """Whether something is typed with it; else it is a button."""
        return bool(self.asks or self.reason or self.evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What the pages of a ledger say. `tab` names the list among others, `caption` by itself, `one` a row; `replaces` and
    `replaces_row` name the paper forms of both.
    """

    tab: Text
    one: Text
    new: Text
    take_in: Text
    empty: Text
    empty_text: Text = ""
    first: Text = ""
    caption: Text = ""
    groups: Text = ""
    in_time: Text = ""
    template: Text = ""
    replaces: Text = ""
    replaces_row: Text = ""


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """A list that people keep. `name` is its namespace of addresses and its name in history and trail; never renamed.

    `reads` and `enters` are the actions asked for reading and for entering ("": its rows are made by the room's own services);
    moves ask their own. `says` are words for what those services write into history; `entry` is the line of the navigation its
    pages stand under, where that is not the about's. `title` names the field that
    stands for a row, `done` the state in which its matter is settled, `closed` the stamp whose day that was; `over` are other
    states in which nothing waits any more. `groups` are
    fields the statistics are parted by. `check` looks over all values of a row when it is entered and at every move.
    `starts` gives the state of a new row by its values; the first of the states when it is missing. `proposes` fills in what
    was left empty in a form. `begins`: the page of the room's own on which its rows begin, where `enters` is "", and the right
    over the whole about for it. `form` orders the fields of the form where another order than the columns' reads better.
    `named` (a holder, an action): where the action is missing, rows are seen by those alone who hold `reads` over the organisation
    that the holder names, or over the one it belongs to, and moved by those who hold the right of the move over itself.
    """

    name: str
    model: type[LedgerRow]
    states: type[WordEnum]
    words: Wording
    reads: str
    enters: str
    title: str
    moves: tuple[Move, ...]
    done: WordEnum
    closed: str = "closed"
    over: tuple[WordEnum, ...] = ()
    icon: str = "list"
    groups: tuple[str, ...] = ()
    check: Check = field(default=lambda values, on: ())
    starts: Callable[[Values], WordEnum] | None = None
    proposes: Callable[[Values], Values] | None = None
    form: tuple[str, ...] = ()
    says: Mapping[str, Text] = field(default_factory=dict)
    entry: str = ""
    list_template: str = "records/list.html"
    row_template: str = "records/record.html"
    most: int = 5_000
    begins: tuple[str, str] = ("", "")
    named: tuple[str, str] = ("", "")

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Everything that is said about the columns, by name, in order."""
        return fields_of(self.model)

    def at(self, where: ShownIn) -> list[Field]:
        """The fields shown somewhere, in order."""
        found = [one for one in self.fields.values() if where in one.where]
        if where is ShownIn.FORM and self.form:
            found.sort(key=lambda one: self.form.index(one.name) if one.name in self.form else len(self.form))
        return found

    @cached_property
    def ended(self) -> tuple[str, ...]:
        """The states in which nothing waits any more."""
        return tuple(state.value for state in (self.done, *self.over))

    @cached_property
    def columns(self) -> frozenset[str]:
        """The names of the model's columns, for stamps."""
        return columns_of(self.model)

    @cached_property
    def happened(self) -> Mapping[str, Text]:
        """What an entry of the history says, in words."""
        return {OPENED: _("entered"), **self.says} | {move.did: move.happened for move in self.moves}

    @cached_property
    def by_name(self) -> Mapping[str, Move]:
        """The moves by the name of their button."""
        return {move.name: move for move in self.moves}

    def moves_from(self, status: str) -> list[Move]:
        """What can be done with a row in this state."""
        return [move for move in self.moves if status in move.sources]

    @property
    def first(self) -> WordEnum:
        """The state of a new row."""
        return next(iter(self.states))

    def url(self, page: str, *args: object) -> str:
        """The address of one of its pages: "list", "new", "take_in" of an about, "row" of an about and a row."""
        from django.urls import reverse

        return reverse(f"{self.name}:{page}", args=args)


@dataclass(frozen=True, slots=True)
class Follow:
    """What follows a move of the ledger of this name in the same block, offered in a room's `follows.py` as `FOLLOWS`.

    `run(actor, row, values, on, at)` writes what belongs to it elsewhere and gives further columns of the row; it raises `Refused`.
    """

    ledger: str
    move: str
    run: Callable[[Actor, Any, Values, date, datetime], Values]


@cache
def follows() -> Mapping[tuple[str, str], Follow]:
    """Everything on offer, by ledger and move."""
    return {(one.ledger, one.move): one for one in offered("follows", "FOLLOWS")}


@cache
def ledgers() -> Mapping[str, Ledger]:
    """Every ledger that a context offers in its `ledger.py` as `LEDGERS`, by name."""
    return {ledger.name: ledger for ledger in offered("ledger", "LEDGERS")}
