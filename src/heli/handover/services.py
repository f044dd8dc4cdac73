"""Writes of handover: a village refuses a task, services are given and received, functions get a bearer, points are kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.bodies.queries import find_holder
from heli.handover.catalogues import ALLOWED, BEARERS, LISTS, chinese, functions, item_words
from heli.handover.ledger import GIVE, KEEP
from heli.handover.models import Admission, AgencyPoint, FunctionBearer, HandedItem, HandedState, TaskRefusal
from heli.handover.queries import former_villages, is_divided, kept_on, listed_items, tasks_at
from heli.handover.rules import find_listed
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.matters.catalogues import stage_due
from heli.matters.ledger import MATTERS
from heli.places import queries as places
from heli.places.types import Level
from heli.records.abouts import About
from heli.records.fields import check_values
from heli.records.services import Draft, enter, hold, refuse_oneself, towns_at


@dataclass(frozen=True, slots=True)
class AskedTask:
    """A task that somebody asks of a village: in words and by whom ("body:…"), or the application it stands in."""

    title: str = ""
    asker: str = ""
    admission: Admission | None = None


def refuse_task(
    *, actor: Actor, about: About, place_id: int, task: AskedTask, on: date | None = None, at: datetime | None = None
) -> TaskRefusal:
    """A village refuses a task that is on no list and not admitted; it becomes a matter for the office that asked.

    Refused for what is on a list of duties or admitted for the village, without words or asker, and the second time.
    """
    today = on or timezone.localdate()
    title = (task.admission.title if task.admission else task.title).strip()
    asker = find_holder(task.asker, about.district_id, today) if task.asker.startswith("body:") else None
    body = task.admission.applicant_body_id if task.admission else asker.id if asker else None
    name = task.admission.applicant_body.name if task.admission else asker.name if asker else ""
    found = _check_refusal(title, body, tasks_at(place_id, about.district_id, today))
    if found or body is None:
        raise Refused(found)
    with writing(actor, "handover.refuse", action=KEEP, place_id=place_id, at=at) as act:
        hold(about.kind.rows().only("pk"), public_id=about.id)
        if TaskRefusal.objects.filter(place_id=place_id, title=title).exists():
            raise Refused(Fault("refused_already", _("This village has refused it already."), field="title"))
        text = _("Asked by %(asker)s, on no list and not admitted: %(title)s.") % {"asker": name, "title": title}
        values = {
            "place": place_id, "title": (_("Not on the list: %(title)s") % {"title": title})[:60], "text": text, "item": "",
            "channel": "station", "spot": "", "due_on": stage_due("file", today),
        }  # fmt: skip
        (matter,) = enter(actor=actor, ledger=MATTERS, about=about, drafts=[Draft(values)], on=today, at=act.at)
        made = TaskRefusal.objects.create(
            about=about.id, district_id=about.district_id, place_id=place_id, town_id=matter.town_id, title=title,
            asker_id=body, admission=task.admission, matter=matter, refused_on=today, refused_by_name=actor.name,
        )  # fmt: skip
        act.subject, act.after = f"place:{place_id}", {"did": "refuse", "matter": matter.public_id}
    return made


def _check_refusal(title: str, body: int | None, admitted: Collection[Any]) -> list[Fault]:
    if not title or len(title) > 60:
        return [Fault("title_empty", _("Say in at most 60 characters what is asked."), field="title")]
    if body is None:
        return [Fault("asker_unknown", _("Choose the office that asks."), field="asker")]
    if any(one.title == title for one in admitted):
        return [
            Fault("is_admitted", _("This task is admitted for your village: ask the office about it."), field="title")
        ]
    if any(find_listed(title, chinese(LISTS[name])) for name in ALLOWED):
        text = _("This is on the list of duties or help: it is not refused.")
        return [Fault("on_list", text, field="title")]
    return []


def open_handover(
    *, actor: Actor, place_id: int, district_id: int, on: date | None = None, at: datetime | None = None
) -> int:
    """Begin the handover to a village or community: its services are listed, the functions of a community get their usual
    bearers. How many services are listed anew; begun already, nothing happens."""
    today = on or timezone.localdate()
    town = towns_at(district_id, place_ids=[place_id], on=today)[place_id]
    row = places.version_on(place_id, today)
    if row is None or row.level is not Level.VILLAGE:
        raise Refused(Fault("not_a_village", _("Services are handed over to a village or a community."), field="place"))
    with writing(actor, "handover.open", action=KEEP, place_id=place_id, at=at) as act:
        hold(places.Place.objects, pk=place_id)
        there = set(HandedItem.objects.filter(place_id=place_id).values_list("item", flat=True))
        stands = {"district_id": district_id, "place_id": place_id}
        fresh = [
            HandedItem(
                **stands, town_id=town, item=item, department=department, status=HandedState.LISTED, opened_on=today
            )
            for item, department in listed_items()
            if item not in there
        ]
        HandedItem.objects.bulk_create(fresh)
        borne = set(FunctionBearer.objects.filter(place_id=place_id).values_list("function", flat=True))
        FunctionBearer.objects.bulk_create(
            FunctionBearer(**stands, function=key, bearer=str(entry.more["bearer"]), set_on=today)
            for key, entry in functions().entries.items()
            if is_divided(row) and key not in borne
        )
        act.subject, act.after = f"place:{place_id}", {"did": "open", "items": len(fresh)}
    return len(fresh)


def give_items(
    *, actor: Actor, place_id: int, items: Collection[str], on: date | None = None, at: datetime | None = None
) -> int:
    """A department hands services over: how many. Refused when none of them is still to be handed over."""
    return _sign(actor, "give", place_id, items, on, at)


def receive_items(
    *, actor: Actor, place_id: int, items: Collection[str], on: date | None = None, at: datetime | None = None
) -> int:
    """The village or community receives services that were given: how many. Refused to whoever gave one of them."""
    return _sign(actor, "receive", place_id, items, on, at)


SIGNED: Mapping[str, tuple[str, HandedState, HandedState, str]] = {
    "give": (GIVE, HandedState.LISTED, HandedState.GIVEN, "given"),
    "receive": (KEEP, HandedState.GIVEN, HandedState.RECEIVED, "received"),
}


def _sign(  # noqa: PLR0917 - one body of two services
    actor: Actor, what: str, place_id: int, items: Collection[str], on: date | None, at: datetime | None
) -> int:
    right, source, to, stamp = SIGNED[what]
    with writing(actor, f"handover.{what}", action=right, place_id=place_id, at=at) as act:
        rows = HandedItem.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
        held = list(rows.filter(place_id=place_id, item__in=list(items), status=source))
        if not held:
            raise Refused(Fault("nothing_chosen", _("Choose at least one service that waits for this."), field="items"))
        for row in held:
            if what == "receive":
                refuse_oneself(actor=actor, first_id=row.given_by_id, source=row.item)
        stamps = {f"{stamp}_by_id": actor.id, f"{stamp}_by_name": actor.name, f"{stamp}_on": on or timezone.localdate()}
        HandedItem.objects.filter(pk__in=[row.pk for row in held]).update(status=to, **stamps)
        act.subject = f"place:{place_id}"
        act.after = {"did": what, "items": [row.item for row in held]}
    return len(held)


def set_bearers(
    *, actor: Actor, place_id: int, bearers: Mapping[str, str], on: date | None = None, at: datetime | None = None
) -> None:
    """Say who bears each function of a community, none without a bearer. Refused for unknown ones and those left out."""
    known = functions().entries
    if set(bearers) != set(known) or not set(bearers.values()) <= set(BEARERS):
        missing = "、".join(known[key].words.zh for key in known if bearers.get(key) not in BEARERS)
        text = _("Every function has a bearer, the community or the co-operative: %(missing)s.") % {"missing": missing}
        raise Refused(Fault("bearer_missing", text, field="bearers"))
    with writing(actor, "handover.functions", action=KEEP, place_id=place_id, at=at) as act:
        hold(places.Place.objects, pk=place_id)
        rows = {row.function: row for row in FunctionBearer.objects.filter(place_id=place_id)}
        if not rows:
            raise Refused(Fault("not_opened", _("Begin the handover first."), field="bearers"))
        act.before = {key: row.bearer for key, row in rows.items()}
        district = next(iter(rows.values())).district_id
        for key, bearer in bearers.items():
            row = rows.get(key) or FunctionBearer(place_id=place_id, district_id=district, function=key)
            row.bearer, row.set_on = bearer, on or timezone.localdate()
            row.save()
        act.subject, act.after = f"place:{place_id}", {"did": "divide", **bearers}


@dataclass(frozen=True, slots=True)
class PointSpec:
    """An agency point as it is posted; `keeper` is an office-holder ("person:…"), `is_seat`: the committee sits there."""

    spot: str
    hours: str
    keeper: str = ""
    items: Collection[str] = field(default=())
    is_seat: bool = False


def keep_point(
    *,
    actor: Actor,
    district_id: int,
    former_id: int,
    point: PointSpec,
    on: date | None = None,
    at: datetime | None = None,
) -> AgencyPoint:
    """Open the agency point of a former village, or change what is posted about it. Who is there holds an office.

    Refused for a village that still stands, without spot, hours, services or keeper, and for a second seat of one unit.
    """
    today = on or timezone.localdate()
    former = {one.id: one for one in former_villages(district_id, today)}
    village = former.get(former_id)
    if village is None:
        raise Refused(Fault("not_former", _("This village still stands, or it is not of this district."), field="spot"))
    holder = find_holder(point.keeper, district_id, today) if point.keeper.startswith("person:") else None
    found = check_values(AgencyPoint, {"spot": point.spot, "hours": point.hours}, today)
    if not point.is_seat and holder is None:
        found.append(Fault("keeper_missing", _("Choose the office-holder who is there."), field="keeper"))
    if (not point.is_seat and not point.items) or not set(point.items) <= set(item_words()):
        found.append(Fault("items_missing", _("Choose the services that people find there."), field="items"))
    siblings = [one.id for one in former.values() if one.heir == village.heir and one.id != former_id]
    if point.is_seat and AgencyPoint.objects.filter(kept_on(today), place_id__in=siblings, is_seat=True).exists():
        text = _("The committee sits in another of its former villages already.")
        found.append(Fault("seat_taken", text, field="is_seat"))
    if found:
        raise Refused(found)
    town = towns_at(district_id, place_ids=[village.heir], on=today)[village.heir]
    with writing(actor, "handover.point", action=KEEP, place_id=former_id, at=at) as act:
        hold(places.Place.objects, pk=village.heir)
        row = AgencyPoint.objects.filter(place_id=former_id).first()
        row = row or AgencyPoint(place_id=former_id, district_id=district_id, opened_on=today)
        if row.closed_on is not None:
            row.opened_on, row.closed_on, row.closed_why = today, None, ""
        row.spot, row.hours, row.is_seat, row.town_id = point.spot.strip(), point.hours.strip(), point.is_seat, town
        row.items = [key for key in item_words() if key in point.items]
        row.keeper_id = holder.id if holder else None
        row.save()
        act.subject, act.after = f"place:{former_id}", {"did": "point", "spot": row.spot, "seat": row.is_seat}
    return row


def close_point(
    *,
    actor: Actor,
    district_id: int,
    former_id: int,
    reason: str,
    on: date | None = None,
    at: datetime | None = None,
) -> AgencyPoint:
    """Close the agency point of a former village from a day on, with its reason; the gate that asks for points notices.

    Refused without a reason, and where none is kept.
    """
    today = on or timezone.localdate()
    if not reason.strip() or len(reason) > 300:
        raise Refused(Fault("reason_empty", _("Say in at most 300 characters why it closes."), field="reason"))
    with writing(actor, "handover.close_point", action=KEEP, place_id=former_id, reason=reason.strip(), at=at) as act:
        kept = AgencyPoint.objects.filter(kept_on(today), district_id=district_id, place_id=former_id)
        row = kept.select_for_update(of=("self",), no_key=True).first()
        if row is None:
            raise Refused(Fault("no_point", _("No agency point is kept there."), field="reason"))
        row.closed_on, row.closed_why = today, reason.strip()
        row.save(update_fields=["closed_on", "closed_why"])
        act.subject, act.after = f"place:{former_id}", {"did": "close_point", "on": str(today)}
    return row
