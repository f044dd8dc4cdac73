"""The burden meter: what Heli asked each village to type, week by week, and which paper forms it replaces."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from heli.figures import catalogue, queries
from heli.figures.presenting import address
from heli.figures.replacing import replaced
from heli.figures.types import Where
from heli.figures.views.shared import READ, seat_of, today
from heli.places import queries as places
from heli.places.types import Level, PlaceRow
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import Column, Table

FIGURE = "campaigns.fields_typed"
WEEKS = 8


@dataclass(frozen=True, slots=True)
class BurdenLine:
    """A village with what it typed in each week, the newest first."""

    place: PlaceRow
    typed: tuple[int, ...]

    @property
    def name(self) -> str:
        return self.place.name

    @property
    def town(self) -> str:
        """The town it stands in."""
        return self.place.parent_name

    @property
    def total(self) -> int:
        """Of all weeks shown."""
        return sum(self.typed)


@page(READ)
@require_GET
def burden(request: ActorRequest) -> HttpResponse:
    """Fields typed by village and week; forms replaced."""
    now = today()
    seat, districts = seat_of(request, now)
    figure = catalogue.find(FIGURE, now)
    days = [now - timedelta(days=7 * back) for back in range(WEEKS)]
    lines: list[BurdenLine] = []
    totals: list[dict[str, Any]] = []
    if seat is not None and figure is not None:
        weeks = [
            queries.evaluate(request.actor, [figure], district_ids=[seat.district.id], on=day).all_of(FIGURE)
            for day in days
        ]
        villages = places.places_on(seat.district.id, now, levels=(Level.VILLAGE,))
        lines = [
            BurdenLine(row, tuple(week[row.id].numerator if row.id in week else 0 for week in weeks))
            for row in villages
            if any(row.id in week for week in weeks)
        ]
        top = seat.top
        totals = [
            {
                "day": day,
                "number": week[top.id].numerator if top.id in week else 0,
                "text": (week[top.id].number() if top.id in week else None) or "0",
                "url": address(Where(FIGURE, figure.version, top.public_id, day)),
            }
            for day, week in zip(days, weeks, strict=True)
        ]
    sample = seat is not None and places.is_sample([seat.district.id], now)
    tables = {"villages": _villages(request, lines, days, sample=sample), "forms": _forms(request)}
    for table in tables.values():
        if table.export:
            return table.export_response()
    crumbs = [{"url": reverse("figures:home"), "label": _("Register of figures")}, {"label": _("Burden meter")}]
    context = {"seat": seat, "districts": districts, "totals": totals, "chart": _chart(totals), "breadcrumbs": crumbs}
    return render(request, "figures/burden.html", context | tables)


def _villages(request: HttpRequest, lines: list[BurdenLine], days: list[date], *, sample: bool) -> Table:
    weeks = [
        Column(f"w{at}", f"{day:%m-%d}", kind="integer", value=_typed(at), total=True) for at, day in enumerate(days)
    ]
    return Table(
        "burden",
        request,
        rows=lines,
        columns=[
            Column("name", _("Village"), link=lambda line: _open(line, days[0])),
            Column("town", _("Town"), filter=True),
            Column("total", _("Eight weeks"), kind="integer", total=True),
            *weeks,
        ],
        search=("name", "town"),
        order="-total",
        caption=_("Fields typed, in the seven days up to each day"),
        empty=_("Nothing was typed in villages in these weeks"),
        replaces=gettext_lazy("Statistics on forms and tables sent to villages (村级报表清单)"),
        sample=sample,
        cards=True,
    )


def _typed(at: int) -> Any:
    return lambda line: line.typed[at]


def _open(line: BurdenLine, day: date) -> str:
    return address(Where(FIGURE, 1, line.place.public_id, day))


def _forms(request: HttpRequest) -> Table:
    return Table(
        "forms",
        request,
        rows=replaced(),
        columns=[Column("form", _("Paper form")), Column("area_text", _("Replaced in"), filter=True)],
        search=("form",),
        caption=_("Paper forms replaced by screens"),
        prefix="f-",
        cards=True,
    )


def _chart(totals: list[dict[str, Any]]) -> dict[str, Any]:
    """Fields per week, oldest first; nothing where nothing was typed."""
    if not any(one["number"] for one in totals):
        return {}
    oldest_first = list(reversed(totals))
    return {
        "categories": [f"{one['day']:%m-%d}" for one in oldest_first],
        "series": [{"name": _("Fields typed in villages"), "values": [one["number"] for one in oldest_first]}],
    }
