"""Writes of sharing posts: begun from a file or the register, other numbers, changes with a reason, and what follows acceptance."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.audit.types import OpenEntry
from heli.bodies import queries as known_bodies
from heli.bodies import services as bodies
from heli.bodies.types import BodyKind
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused, Unsound
from heli.kernel.ids import new_public_id
from heli.places import queries as places
from heli.places.types import Level, PlaceRow
from heli.posts.catalogues import size_of
from heli.posts.ledger.allotting import ACCEPT, ALLOTTINGS, KEEP, worked_out
from heli.posts.models import AllottingState, VillageAllotting
from heli.posts.queries.offices import quota_of
from heli.posts.rules.allotting import FACTORS, read_allotting_form
from heli.posts.rules.sharing import VillageShare, spread_posts
from heli.posts.services.offices import establish, write_regular
from heli.posts.texts import as_fault
from heli.records.abouts import About
from heli.records.fields import check_values
from heli.records.models import Event
from heli.records.services import hold, next_number, refuse_finished

PEOPLE = "registered_population"
ORDINARY = {f"{factor}_bp": {"ordinary": 0} for factor in FACTORS}


def begin_allotting(
    *, actor: Actor, about: About, title: str, text: str = "", on: date | None = None, at: datetime | None = None
) -> VillageAllotting:
    """Begin to share posts: over the villages of a file of heli.posts/1, named by code, or over all villages of the register.

    Raises `Refused` for what the file says wrongly, a code that is no village of the district, or no people known.
    """
    today = on or timezone.localdate()
    if found := check_values(VillageAllotting, {"title": title}, today):
        raise Refused(found)
    refuse_finished(about)
    given = _from_file(text, about.district_id, today) if text else _from_register(about.district_id, today)
    with writing(actor, "posts.allot", action=KEEP, place_id=about.district_id, at=at) as act:
        row = VillageAllotting(
            public_id=new_public_id(), about=about.id, district_id=about.district_id, place_id=about.district_id,
            number=next_number(VillageAllotting, about=about), status=AllottingState.DRAFT, title=title.strip(),
            total=given.pop("total"), least=given.pop("least"), most=given.pop("most"), given=given,
            opened_by=actor.name, opened_at=act.at,
        )  # fmt: skip
        row.save(force_insert=True)
        _tell(row, "opened", act.actor, act.at)
        act.subject, act.after = f"allotting:{row.public_id}", {"did": "begin", "villages": len(given["places"])}
    return row


def _from_file(text: str, district_id: int, on: date) -> dict[str, Any]:
    try:
        data = read_allotting_form(text)
    except Unsound as wrong:
        raise Refused([as_fault(one) for one in wrong.findings]) from wrong
    by_code = places.places_by_code(district_id, on)
    villages = {code: row for code, row in by_code.items() if row.level is Level.VILLAGE}
    text = _("“%(code)s” is no village of this district. Write the code of one.")
    if found := [
        Fault("place_outside", text % {"code": one["id"]}, field="file", source=one["id"])
        for one in data["places"]
        if one["id"] not in villages
    ]:
        raise Refused(found)
    rows = [{**one, "id": str(villages[one["id"]].id)} for one in data["places"]]
    return {**{key: data[key] for key in ("total", "least", "most", "position_bp", "difficulty_bp")}, "places": rows}


def _from_register(district_id: int, on: date) -> dict[str, Any]:
    keys = [row.id for row in places.villages_of(district_id, on, outlines=False)]
    people = places.facts_on(keys, PEOPLE, on)
    if not keys or len(people) < len(keys):
        text = _("Of %(lacking)s villages no registered population is known: import it, or begin from a file.")
        raise Refused(Fault("people_unknown", text % {"lacking": len(keys) - len(people)}, field="file"))
    rows = [{"id": str(key), "people": people[key].value, **dict.fromkeys(FACTORS, "ordinary")} for key in keys]
    return {"total": 3 * len(keys), "least": 3, "most": 7, **ORDINARY, "places": rows}


def set_numbers(
    *,
    actor: Actor,
    row: VillageAllotting,
    total: int,
    least: int,
    most: int,
    on: date | None = None,
    at: datetime | None = None,
) -> VillageAllotting:
    """Another total, or other bounds, of a sharing in work."""
    values = {"total": total, "least": least, "most": most}
    if found := check_values(VillageAllotting, values, on or timezone.localdate()):
        raise Refused(found)
    if least > most:
        raise Refused(Fault("least_above_most", _("The fewest are more than the most."), field="least"))
    with writing(actor, "posts.allot_numbers", action=KEEP, place_id=row.place_id, at=at) as act:
        held = _in_work(row)
        held.total, held.least, held.most = total, least, most
        held.save(update_fields=["total", "least", "most"])
        _tell(held, "numbers", act.actor, act.at, f"{total} · {least}–{most}")
        act.subject, act.after = f"allotting:{held.public_id}", {"did": "numbers", **values}
    return held


def change_village(
    *, actor: Actor, row: VillageAllotting, place: str, posts: int | None, why: str = "", at: datetime | None = None
) -> VillageAllotting:
    """A village is to get other posts than by the rule, with a reason; None takes the change back."""
    with writing(actor, "posts.allot_change", action=KEEP, place_id=row.place_id, reason=why, at=at) as act:
        held = _in_work(row)
        if place not in {one["id"] for one in held.given["places"]}:
            raise Refused(Fault("place_outside", _("Choose a village of the list."), field="place"))
        if posts is not None and not why.strip():
            raise Refused(Fault("why_empty", _("Say why."), field="why"))
        if posts is not None and not held.least <= posts <= held.most:
            text = _("Between %(least)s and %(most)s, please.")
            raise Refused(Fault("number_outside", text % {"least": held.least, "most": held.most}, field="posts"))
        rest = {key: value for key, value in held.changes.items() if key != place}
        held.changes = rest if posts is None else {**rest, place: [posts, why.strip()]}
        held.save(update_fields=["changes"])
        name = places.names_at([int(place)], timezone.localdate(act.at)).get(int(place), place)
        _tell(held, "changed", act.actor, act.at, f"{name}: {'—' if posts is None else posts} {why.strip()}".strip())
        act.subject, act.after = f"allotting:{held.public_id}", {"did": "change", "place": place, "posts": posts}
    return held


def apply_allotting(
    *, actor: Actor, row: VillageAllotting, since: date, document: str, at: datetime | None = None
) -> None:
    """What is accepted becomes quotas of the villages' committees from a day on, and stands in the register."""
    _allotment, shares = worked_out(row)
    standing = places.rows_of([int(one.place) for one in shares], since)
    if any(int(share.place) not in standing for share in shares):
        text = _("A village of the list is not there on %(on)s: choose another day, or share anew.")
        raise Refused(Fault("place_gone", text % {"on": since}, field="valid_from"))
    paper: dict[str, Any] = {"on": since, "document_number": document, "joint": True}
    with writing(actor, "posts.allot_apply", action=ACCEPT, place_id=row.place_id, at=at) as act:
        if found := [one for share in shares for one in _establish(act, share, standing[int(share.place)], paper)]:
            raise Refused(found)
        write_regular(actor=actor, place_ids=sorted(standing), on=since, at=act.at)
        act.subject, act.after = f"allotting:{row.public_id}", {"did": "apply", "from": since, "villages": len(shares)}


def _establish(act: OpenEntry, share: VillageShare, place: PlaceRow, paper: dict[str, Any]) -> list[Fault]:
    """The posts of a village's committee; what stands against them, by the village's name."""
    since = paper["on"]
    name = places.committee_name(place.name)
    body = known_bodies.body_named(place.id, name) or bodies.add_body(
        actor=act.actor, name=name, kind=BodyKind.COMMITTEE, place_id=place.id, on=since, at=act.at
    )
    size = size_of(place.kind, since)
    seats = spread_posts(share.posts, quota_of(body, since), size.least if size else 0)
    try:
        establish(body, seats=seats, **paper)
    except Refused as refused:
        return [Fault(one.code, one.message, field="valid_from", source=place.name) for one in refused.faults]
    return []


def _in_work(row: VillageAllotting) -> VillageAllotting:
    held: VillageAllotting = hold(VillageAllotting.objects, pk=row.pk)
    if held.status != AllottingState.DRAFT:
        raise Refused(Fault("not_now", _("This is no longer in work: it was proposed or dropped.")))
    return held


def _tell(row: VillageAllotting, did: str, actor: Actor, at: datetime, words: str = "") -> None:
    """An entry of the history of its ledger."""
    Event.objects.create(
        ledger=ALLOTTINGS.name, row=row.public_id, about=row.about, district_id=row.district_id, at=at, did=did,
        status=row.status, by_id=actor.id, by_name=actor.name, reason=words,
    )  # fmt: skip
