"""Lists for programs of the staff, as JSON with OpenAPI: read only, under a key, and no more than its account may see."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Query, Schema
from ninja.errors import HttpError
from ninja.security import HttpBearer

from heli.accounts.queries import actor_of, key_of_program
from heli.accounts.services import count_use
from heli.campaigns.queries import runs
from heli.campaigns.queries.board import load_board
from heli.figures import catalogue
from heli.figures.queries.evaluating import evaluate
from heli.kernel.access import Actor, may, require, scope
from heli.kernel.faults import Refused
from heli.matters.ledger import MATTERS
from heli.places import queries as places
from heli.places.types import Level, PlaceRow
from heli.records.abouts import DISTRICT
from heli.records.queries import rows_of
from heli.ui.http import language
from heli.ui.limits import is_too_often

READ = "places.read"
MOST = 500
"""Rows of an answer."""


class ByKey(HttpBearer):
    """`Authorization: Bearer …` with a key that was given for an account: the request is that person's, today."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The account as an actor; None answers 401."""
        key = key_of_program(token)
        if key is None or key.user is None:
            if is_too_often(request, "api"):
                raise HttpError(429, "too much from this network; try again in ten minutes")
            return None
        if not count_use(key, at=timezone.now()):
            raise HttpError(429, f"this key was used {key.most_an_hour} times this hour, as often as it may be")
        actor = actor_of(key.user)
        request.actor = actor  # type: ignore[attr-defined]  # the log and the cache headers ask for it
        return actor


api = NinjaAPI(
    title="Heli", version="1", description=__doc__ or "", urls_namespace="api", docs_url=None, auth=ByKey(),
)  # fmt: skip


@api.exception_handler(Refused)
def refused(request: HttpRequest, found: Refused) -> HttpResponse:
    """A refusal in the one shape of faults."""
    return api.create_response(request, {"faults": [fault.as_json() for fault in found.faults]}, status=403)


def reading(action: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An operation of those who may `action` somewhere; what it asks again is asked once."""

    def decorate(operation: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(operation)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            require(request.actor, action)
            with places.reading_only():
                return operation(request, *args, **kwargs)

        return guarded

    return decorate


class PlaceItem(Schema):
    """A place as it stands on the day; `parent` names what stands above it."""

    id: str
    code: str
    name: str
    level: str
    kind: str
    parent: str
    valid_from: date
    lon: float | None
    lat: float | None


class CampaignItem(Schema):
    """A campaign with the steps of the account's part."""

    id: str
    name: str
    district: str
    playbook: str
    status: str
    starts_on: date
    ends_on: date | None
    done: int
    steps: int


class CellItem(Schema):
    """A village's step: its state, colour, days late, and when it is due."""

    place_id: str
    place: str
    step: str
    title: str
    status: str
    colour: str
    days_late: int
    due_on: date


class MatterItem(Schema):
    """A matter in the office's words; never who reported it, nor their words."""

    id: str
    number: int
    title: str
    item: str
    place: str
    status: str
    voices: int
    opened_at: datetime
    due_on: date | None


class FigureItem(Schema):
    """A figure's definition."""

    id: str
    version: int
    title: str
    unit: str
    source: str


class ValueItem(Schema):
    """A figure's number at a place, as counted."""

    place_id: str
    place: str
    level: str
    numerator: int
    denominator: int
    text: str | None


class Paged(Schema):
    """Which rows: from `first` on, at most 500."""

    first: int = 0
    most: int = MOST

    def of(self, rows: Any) -> list[Any]:
        """Those rows."""
        first = max(0, min(self.first, 10**9))
        return list(rows[first : first + max(1, min(self.most, MOST))])


def _districts(actor: Actor, action: str) -> list[PlaceRow]:
    """The districts of which the actor reaches something."""
    return places.districts(timezone.localdate(), places.reached_districts(scope(actor, action)))


def _district(actor: Actor, action: str, public_id: str) -> PlaceRow:
    """A district that the actor reaches. Raises `Http404`."""
    for row in _districts(actor, action):
        if public_id in (row.public_id, row.code):
            return row
    raise Http404(public_id)


def _place(row: PlaceRow) -> PlaceItem:
    return PlaceItem(
        id=row.public_id, code=row.code, name=row.name, level=row.level, kind=row.kind, parent=row.parent_name,
        valid_from=row.valid_from, lon=row.lon, lat=row.lat,
    )  # fmt: skip


@api.get("/districts", response=list[PlaceItem], url_name="districts")
@reading(READ)
def districts(request: Any) -> Any:
    """The districts that the account reaches."""
    return [_place(row) for row in _districts(request.actor, READ)]


@api.get("/places", response=list[PlaceItem], url_name="places")
@reading(READ)
def places_of_district(
    request: Any, paged: Query[Paged], district: str, level: Level | None = None, on: date | None = None
) -> Any:
    """The places of a district (public id or code) on a day, as far as the account reaches."""
    day = on or timezone.localdate()
    found = _district(request.actor, READ, district)
    reached = places.reached_in(scope(request.actor, READ), found.id, day)
    rows = places.places_on(found.id, day, levels=(level,) if level else (), place_ids=reached)
    return [_place(row) for row in paged.of(rows)]


@api.get("/campaigns", response=list[CampaignItem], url_name="campaigns")
@reading(runs.READ)
def campaign_list(request: Any, paged: Query[Paged]) -> Any:
    """The campaigns that the account reaches, the newest first."""
    found = paged.of(runs.campaigns_in_scope(request.actor))
    return [
        CampaignItem(
            id=row.public_id, name=row.name, district=row.district_name, playbook=row.playbook_title, status=row.status,
            starts_on=row.starts_on, ends_on=row.ends_on, done=row.done, steps=row.steps,
        )
        for row in runs.rows_of_campaigns(request.actor, found, timezone.localdate())
    ]  # fmt: skip


@api.get("/campaigns/{campaign_id}/cells", response=list[CellItem], url_name="cells")
@reading(runs.READ)
def cells(request: Any, campaign_id: str, first: int = 0) -> Any:
    """The steps of a hundred villages from row `first` on, the latest first, as on the board."""
    campaign = runs.find_campaign(campaign_id, request.actor)
    if campaign is None:
        raise Http404(campaign_id)
    board = load_board(request.actor, campaign, timezone.localdate(), first=max(0, min(first, 10**9)), size=100)
    titles = {rule.key: rule.title.text(language()) for rule in board.rules}
    return [
        CellItem(
            place_id=row.track.public_id, place=row.track.name, step=cell.row.key, title=titles.get(cell.row.key, ""),
            status=cell.row.status, colour=cell.colour, days_late=cell.days_late, due_on=cell.row.due_on,
        )
        for row in board.rows
        for cell in row.cells
        if cell.row is not None and not cell.is_shared
    ]  # fmt: skip


@api.get("/matters", response=list[MatterItem], url_name="matters")
@reading(MATTERS.reads)
def matters(request: Any, paged: Query[Paged], district: str, status: str = "") -> Any:
    """The matters of a district in the account's part, the newest first; by state where one is named."""
    found = _district(request.actor, MATTERS.reads, district)
    rows = rows_of(MATTERS, request.actor, DISTRICT.about(found.id, found.public_id)).order_by("-pk")
    chosen = paged.of(rows.filter(status=status) if status else rows)
    names = places.names_at({row.place_id for row in chosen}, timezone.localdate())
    return [
        MatterItem(
            id=row.public_id, number=row.number, title=row.title, item=row.item, place=names.get(row.place_id, ""),
            status=row.status, voices=row.voices or 0, opened_at=row.opened_at, due_on=row.due_on,
        )
        for row in chosen
    ]  # fmt: skip


@api.get("/figures", response=list[FigureItem], url_name="figures")
@reading("figures.read")
def figure_list(request: Any) -> Any:
    """The figures in force that the account may read."""
    return [
        FigureItem(id=one.id, version=one.version, title=one.title, unit=one.unit, source=one.source)
        for one in catalogue.in_force(timezone.localdate()).values()
        if may(request.actor, one.action)
    ]


@api.get("/figures/{figure_id}", response=list[ValueItem], url_name="figure")
@reading("figures.read")
def figure(request: Any, paged: Query[Paged], figure_id: str, district: str, on: date | None = None) -> Any:
    """A figure's numbers at the places of a district on a day, as far as the account reaches."""
    day = on or timezone.localdate()
    one = catalogue.find(figure_id, day)
    if one is None:
        raise Http404(figure_id)
    require(request.actor, one.action)
    found = _district(request.actor, one.action, district)
    values = evaluate(request.actor, [one], district_ids=[found.id], on=day).all_of(one.id)
    chosen = paged.of(sorted(values.items()))
    rows = places.rows_of([place for place, _value in chosen], day)
    return [
        ValueItem(
            place_id=rows[place].public_id, place=rows[place].name, level=rows[place].level, numerator=value.numerator,
            denominator=value.denominator, text=value.number(),
        )
        for place, value in chosen
        if place in rows
    ]  # fmt: skip
