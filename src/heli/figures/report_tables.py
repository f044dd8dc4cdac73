"""The shape of the lists of reports, of the sources of a number, and of what is known better since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from heli.figures.catalogue import versions_of
from heli.figures.models import Snapshot
from heli.figures.presenting import address
from heli.figures.queries.reports import Moved
from heli.figures.queries.snapshots import definition
from heli.figures.reports.types import NumberSource
from heli.figures.reports.wording import RECIPIENTS, REPORT_KINDS
from heli.figures.types import Value, Where
from heli.figures.wording import counted_text, text_of, title_of
from heli.ui.tables import Column, Table


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report in the list."""

    public_id: str
    on: date
    campaign: str
    kind: str
    recipient: str
    name: str
    week: int | None
    made_at: datetime

    @property
    def url(self) -> str:
        return reverse("figures:report", args=[self.public_id])


def report_table(request: HttpRequest, lines: Sequence[ReportLine], *, sample: bool) -> Table:
    """The reports in scope."""
    return Table(
        "reports",
        request,
        rows=lines,
        columns=[
            Column("on", _("Day"), kind="date", value=lambda line: line.on, link=lambda line: line.url),
            Column("recipient", _("Report for"), value=lambda line: line.recipient, labels=RECIPIENTS, filter=True),
            Column("name", _("Name"), value=lambda line: line.name, link=lambda line: line.url),
            Column("kind", _("Kind"), value=lambda line: line.kind, labels=REPORT_KINDS, filter=True),
            Column("campaign", _("Campaign"), value=lambda line: line.campaign, filter=True),
            Column("week", _("Week"), kind="integer", value=lambda line: line.week),
        ],
        search=("name", "campaign"),
        caption=_("Reports"),
        empty=_("No report yet: the clock makes them when a week of a campaign is frozen"),
        order="-on",
        sample=sample,
        cards=True,
    )


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A stored number behind a number of a report."""

    at: int
    source: NumberSource
    place: str
    on: date
    is_open: bool

    @property
    def value(self) -> Value | None:
        figure = definition(self.source.figure, self.source.version)
        return None if figure is None else Value(figure, self.source.numerator, self.source.denominator)

    @property
    def title(self) -> str:
        found = versions_of(self.source.figure)
        return title_of(found[-1]) if found else self.source.figure

    @property
    def url(self) -> str | None:
        if not self.is_open:
            return None
        source = self.source
        return address(Where(source.figure, source.version, source.place, self.on, source.snapshot))


def source_table(request: HttpRequest, lines: Sequence[SourceLine], *, sample: bool) -> Table:
    """Every stored number behind one of a report."""
    return Table(
        "sources",
        request,
        rows=lines,
        columns=[
            Column("place", _("Place"), value=lambda line: line.place, link=lambda line: line.url),
            Column("figure", _("Figure"), value=lambda line: line.title, link=lambda line: line.url),
            Column("on", _("Snapshot"), kind="date", value=lambda line: line.on),
            Column("value", _("Value"), value=lambda line: text_of(line.value), sort=False),
            Column(
                "counted",
                _("As counted"),
                value=lambda line: counted_text(line.value) if line.value is not None else "",
                sort=False,
            ),
            Column("version", _("Version"), kind="integer", value=lambda line: line.source.version),
        ],
        caption=_("The stored numbers it comes from"),
        sample=sample,
        cards=True,
    )


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A number of a report that is known better now."""

    moved: Moved
    snapshot: Snapshot

    @property
    def title(self) -> str:
        return title_of(self.moved.reported.figure)

    @property
    def url(self) -> str:
        source = self.moved.source
        return address(Where(source.figure, source.version, source.place, self.snapshot.on, self.snapshot.public_id))

    @property
    def now_url(self) -> str:
        source = self.moved.source
        return address(Where(source.figure, source.version, source.place, self.snapshot.on))


def moved_table(request: HttpRequest, lines: Sequence[MovedLine], *, sample: bool) -> Table:
    """As reported beside as known now."""
    return Table(
        "moved",
        request,
        rows=lines,
        columns=[
            Column("place", _("Place"), value=lambda line: line.moved.place),
            Column("figure", _("Figure"), value=lambda line: line.title),
            Column(
                "reported",
                _("As reported"),
                value=lambda line: text_of(line.moved.reported),
                link=lambda line: line.url,
                sort=False,
            ),
            Column(
                "now",
                _("As known now"),
                value=lambda line: text_of(line.moved.known_now),
                link=lambda line: line.now_url,
                sort=False,
            ),
        ],
        caption=_("Numbers of this report that are known better now"),
        sample=sample,
        prefix="k-",
        cards=True,
    )
