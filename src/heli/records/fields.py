"""What a column of a ledger means beyond the database: its words, its limits, where it is shown, how it is typed.

A room writes `title = text(_("What is the matter?"), most=120)` in its model: that is Django's own column with a `Field` said
beside it. The check, the form, the list, the page and the Excel list all follow from that one line.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from heli.kernel.faults import Fault
from heli.kernel.periods import is_plausible
from heli.kernel.quantities import MU, YUAN, TypedUnit
from heli.records.words import Text, WordEnum

Options = Callable[[], Mapping[str, Text]]
"""The choices of a field by their stored keys, in the reader's language."""
LONGEST = 4_000
"""Characters of a free text."""
LARGEST = 2**53


class FieldKind(StrEnum):
    """What is typed into a field. Money is kept in fen and typed in yuan, an area kept in 0.01 m² and typed in mu."""

    TEXT = "text"
    DAY = "day"
    MONEY = "money"
    AREA = "area"
    NUMBER = "number"
    CHOICE = "choice"
    PLACE = "place"
    HOLDER = "holder"
    FILE = "file"


class ShownIn(StrEnum):
    """Where a field is shown: typed when a row is entered, in the list on screen, in its export, in lists taken in, on the page."""

    FORM = "form"
    LIST = "list"
    EXPORT = "export"
    EXCEL = "excel"
    PAGE = "page"


EVERYWHERE = frozenset(ShownIn)
UNLISTED = EVERYWHERE - {ShownIn.LIST}
"""On no screen list, but in its export."""
SHOWN = frozenset({ShownIn.LIST, ShownIn.EXPORT, ShownIn.PAGE})
"""Written by moves or by the kit, never typed when a row is entered."""
UNITS: Mapping[FieldKind, TypedUnit] = {FieldKind.MONEY: YUAN, FieldKind.AREA: MU}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What is said about a column. `name` is the column's (of a holder: without `_person` and `_body`).

    `most`: characters of a text, or the largest number; `lines`: of its text box; `options`: of a choice; `is_past`: a day
    that must have come; `seen_by`: the action whose holders alone see it, "" for whoever reads the ledger; `missing`: what
    to say where it is required and empty; `question`: how forms and lists to be filled in ask for it, `head`: its heading in
    Excel, where these are other words than its label; `example`: a
    text that can be meant, where not any text will do; `start`: what a new form holds; `is_lead`: a text that stands above the
    facts of its page; `beside`: the field behind whose value it stands there.
    """

    kind: FieldKind
    label: Text
    name: str = ""
    required: bool = True
    where: frozenset[ShownIn] = EVERYWHERE
    most: int = LONGEST
    least: int = 0
    lines: int = 1
    options: Options | None = None
    is_past: bool = False
    seen_by: str = ""
    help: Text = ""
    question: Text = ""
    head: Text = ""
    example: str = ""
    missing: Text = ""
    start: Callable[[], Any] | None = None
    filter: bool = False
    search: bool = False
    is_lead: bool = False
    beside: str = ""

    def fault(self, code: str, message: str) -> Fault:
        """A problem at this field."""
        return Fault(code, message, field=self.name)

    def empty(self) -> Fault:
        """That it was left empty."""
        return self.fault(f"{self.name}_empty", str(self.missing or _("Fill this in.")))

    def check(self, value: Any, on: date) -> list[Fault]:  # noqa: PLR0911 - one way out per kind of field
        """What is wrong with a value by itself; places and holders are looked up by the service. `on` is today."""
        if value is None or (isinstance(value, str) and not value.strip()):
            return [self.empty()] if self.required else []
        if self.kind is FieldKind.TEXT and len(value) > self.most:
            text = _("At most %(most)s characters, please; this is %(count)s.")
            return [self.fault("text_long", text % {"most": self.most, "count": len(value)})]
        if self.kind is FieldKind.CHOICE and value not in self.words():
            return [self.fault(f"{self.name}_unknown", _("Choose one of the list."))]
        if self.kind is FieldKind.DAY and not is_plausible(value):
            return [self.fault("day_implausible", _("This day cannot be meant."))]
        if self.kind is FieldKind.DAY and self.is_past and value > on:
            return [self.fault("day_in_future", _("This day has not come yet."))]
        if self.is_counted and not self.least <= value <= self.most:
            text = _("Between %(least)s and %(most)s, please.")
            bounds = {"least": self.typed(self.least), "most": self.typed(self.most)}
            return [self.fault("number_outside", text % bounds)]
        return []

    @property
    def is_counted(self) -> bool:
        """Whether its values are integers."""
        return self.kind in (FieldKind.NUMBER, FieldKind.MONEY, FieldKind.AREA)

    @property
    def heading(self) -> str:
        """Its heading in Excel, in the reader's language."""
        return str(self.head or self.question or self.label)

    @property
    def headings(self) -> tuple[str, ...]:
        """What its column may be headed by in a list: as Heli asks for it, as Heli shows and exports it."""
        return tuple(dict.fromkeys(filter(None, map(str, (self.heading, self.label)))))

    def words(self) -> Mapping[str, Text]:
        """The choices by key."""
        return self.options() if self.options else {}

    def keys(self) -> dict[str, str]:
        """The choices as people write them: words in both languages, and the keys themselves."""
        found: dict[str, str] = {}
        for language in ("zh-hans", "en"):
            with translation.override(language):
                found |= {str(text): key for key, text in self.words().items()}
        return found | {key: key for key in self.words()}

    def typed(self, value: Any) -> Any:
        """A stored number as people type it; other values as they are."""
        return UNITS[self.kind].typed(value) if self.kind in UNITS and value is not None else value

    def stored(self, typed: Any) -> Any:
        """What people typed, as it is stored."""
        return UNITS[self.kind].stored(typed) if self.kind in UNITS else int(typed)


def said(column: Any, kind: FieldKind, label: Text, **more: Any) -> Any:
    """A column with its `Field` beside it; for columns that the functions below do not make."""
    column.said = Field(kind=kind, label=label, **more)
    return column


def text(label: Text, *, most: int = 0, required: bool = True, lines: int = 1, **more: Any) -> Any:
    """A text of at most so many characters (120, of several `lines` 4,000)."""
    most = most or (LONGEST if lines > 1 else 120)
    long, short = models.TextField(blank=not required), models.CharField(max_length=most, blank=not required)
    column = long if lines > 1 else short
    return said(column, FieldKind.TEXT, label, most=most, required=required, lines=lines, **more)


def day(label: Text, *, required: bool = True, **more: Any) -> Any:
    """A day."""
    return said(models.DateField(null=not required), FieldKind.DAY, label, required=required, **more)


def choice(label: Text, options: Options | type[WordEnum], *, required: bool = True, **more: Any) -> Any:
    """One of an enumeration with words, or of a catalogue given as a function: {key: words in the reader's language}."""
    found: Any = options.words if isinstance(options, type) and issubclass(options, WordEnum) else options
    column = models.CharField(max_length=40, blank=not required)
    return said(column, FieldKind.CHOICE, label, options=found, required=required, **more)


def number(
    label: Text, *, kind: FieldKind = FieldKind.NUMBER, required: bool = True, most: int = LARGEST, **more: Any
) -> Any:
    """A whole number from `least` (0) on; `money` and `area` are numbers too."""
    column = models.BigIntegerField(null=not required)
    return said(column, kind, label, required=required, most=most, **more)


money = partial(number, kind=FieldKind.MONEY)
area = partial(number, kind=FieldKind.AREA)


def file(
    label: Text, *, required: bool = False, where: frozenset[ShownIn] = frozenset({ShownIn.FORM, ShownIn.PAGE})
) -> Any:
    """A file, kept for those who may read the ledger at the place."""
    return said(_below("files.StoredFile"), FieldKind.FILE, label, required=required, where=where)


def holder(name: str, label: Text, *, required: bool = False, **more: Any) -> tuple[Any, Any]:
    """Who is charged, as two columns `{name}_person, {name}_body`, of which one at most is filled (`one_holder`)."""
    person = said(_below("bodies.Person"), FieldKind.HOLDER, label, name=name, required=required, **more)
    return person, _below("bodies.Body")


def place(label: Text, **more: Any) -> Any:
    """A place of the district."""
    return said(_below("places.Place", null=False), FieldKind.PLACE, label, **more)


def stamp() -> tuple[Any, Any]:
    """Who took a step and on which day, as two columns `{step}_by, {step}_on`; moves fill them in."""
    return _below("accounts.User"), models.DateField(null=True)


def _below(model: str, null: bool = True) -> Any:
    return models.ForeignKey(model, on_delete=models.PROTECT, null=null, related_name="+")


def fields_of(model: type[models.Model]) -> dict[str, Field]:
    """What is said about a model's columns, in the order in which they stand there: {name: field}."""
    found = {}
    for column in model._meta.local_fields:
        if (one := getattr(column, "said", None)) is not None:
            name = one.name or column.name
            found[name] = replace(one, name=name)
    return found


def check_values(model: type[models.Model], values: Mapping[str, Any], on: date) -> list[Fault]:
    """What is wrong with each of the values by itself, by the fields of the model; for services that write rows of their own."""
    known = fields_of(model).items()
    return [fault for name, one in known if name in values for fault in one.check(values[name], on)]


def columns_of(model: type[models.Model]) -> frozenset[str]:
    """The names of a model's columns, keys also as `…_id`."""
    return frozenset(name for column in model._meta.local_fields for name in (column.name, column.attname))
