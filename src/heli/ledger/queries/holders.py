"""Who keeps books of collective property: within reach, at a place, by public id."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localdate

from heli.bodies import queries as bodies
from heli.kernel.access import Scope
from heli.ledger.models import ClosedMonth, Collective, Disclosed, RollConfirmation
from heli.places import queries as places


@dataclass(frozen=True, slots=True)
class CollectiveRow:
    """A holder as lists show it; `place_id` is the place whose property it keeps, or where its body belongs."""

    id: int
    public_id: str
    name: str
    kind: str
    place_id: int
    place_name: str
    members: int
    begins_on: date


def in_reach(scope: Scope) -> QuerySet[Collective]:
    """The holders whose body's place is in the scope."""
    held = Collective.objects.select_related("body")
    if scope.everything:
        return held
    return held.filter(Q(body__place__in=places.in_scope(scope)) | Q(body__in=scope.body_ids))


def find_collective(public_id: str, scope: Scope) -> Collective | None:
    """A holder by its public id, if it is within reach; what lies above its place is asked, not all that the scope holds."""
    closed = ClosedMonth.objects.filter(collective=OuterRef("pk")).order_by("-month").values("month")[:1]
    rows = Collective.objects.select_related("body").annotate(closed_month=Subquery(closed))
    one = rows.filter(public_id=public_id).first()
    if one is None or scope.everything or one.body_id in scope.body_ids:
        return one
    return one if scope.place_ids and places.is_within(one.body.place_id, scope.place_ids) else None


def collective_rows(scope: Scope, district_id: int, on: date) -> list[CollectiveRow]:
    """The holders of a district within reach whose body stands on the day, by name; a constant number of queries."""
    held = list(in_reach(scope).filter(bodies.valid_on(on, "body__"), body__place__district=district_id))
    kept = bodies.property_places([one.body_id for one in held], on)
    keys = {one.pk: kept.get(one.body_id, one.body.place_id) for one in held}
    names = places.names_at(set(keys.values()), on)
    rows = [
        CollectiveRow(
            one.pk, one.public_id, one.body.name, one.body.kind, keys[one.pk], names.get(keys[one.pk], ""), one.members,
            one.begins_on,
        )
        for one in held
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.name, row.id))


def collectives_at(place_ids: Collection[int], on: date) -> dict[int, list[Collective]]:
    """The holders that keep the property of some places on a day: {place: holders}."""
    keepers = bodies.keepers_of(place_ids, on)
    found: dict[int, list[Collective]] = {}
    for one in Collective.objects.filter(body__in=keepers).select_related("body").order_by("pk"):
        found.setdefault(keepers[one.body_id], []).append(one)
    return found


def books_at(scope: Scope, place_ids: Collection[int], on: date) -> list[tuple[Collective, date | None, date | None]]:
    """The holders within reach that keep the property of places, with the last closed month and until when accounts hang."""
    keepers = bodies.keepers_of(place_ids, on)
    held = list(in_reach(scope).filter(body__in=keepers).order_by("pk"))
    months = ClosedMonth.objects.filter(collective__in=held).order_by().values_list("collective")
    hung = Disclosed.objects.filter(collective__in=held, voucher=None, posted_on__lte=on).order_by()
    closed = dict(months.annotate(last=Max("month")))
    until = dict(hung.values_list("collective").annotate(last=Max("until")))
    return [(one, closed.get(one.pk), until.get(one.pk)) for one in held]


def income_since(place_ids: Collection[int]) -> Mapping[int, date]:
    """From which day on the books of places write their income: the end of the first year that was closed; two queries."""
    keepers = bodies.keepers_of(place_ids, localdate())
    closed = ClosedMonth.objects.filter(collective__body__in=keepers, month__month=12).order_by()
    rows = closed.values_list("collective__body").annotate(first=Min("month"))
    return _earliest(keepers, {body: first.replace(day=31) for body, first in rows})


def members_since(place_ids: Collection[int]) -> Mapping[int, date]:
    """From which day on the rolls of places write their members: the first that was confirmed; two queries."""
    keepers = bodies.keepers_of(place_ids, localdate())
    rolls = RollConfirmation.objects.filter(collective__body__in=keepers, confirmed_on__isnull=False).order_by()
    return _earliest(keepers, dict(rolls.values_list("collective__body").annotate(first=Min("confirmed_on"))))


def _earliest(keepers: Mapping[int, int], days: Mapping[int, date]) -> dict[int, date]:
    found: dict[int, date] = {}
    for body, day in days.items():
        found[keepers[body]] = min(day, found.get(keepers[body], day))
    return found
