"""Writes about hotlines of others: connected, taken from exactly once, told answers, sent on, heard; nothing goes round."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext as _

from heli.accounts.sealing import seal_text, unseal_text
from heli.audit.services import writing
from heli.kernel.access import Actor, Grant, require_everywhere
from heli.kernel.faults import Fault, Refused
from heli.kernel.masking import mask
from heli.matters import services
from heli.matters.catalogues import item_words, items
from heli.matters.happened import subject_of, tell
from heli.matters.ledger.matter import DISPATCH, JUDGE
from heli.matters.models import Hotline, HotlineLink, Matter, MatterState, ReportChannel
from heli.matters.open311 import queries
from heli.matters.open311.asked import NotServed, read_point, wrong
from heli.matters.open311.fetching import Ask, asking, check_address
from heli.matters.open311.hotlines import OVERLAP, HotlineDoor, Row
from heli.matters.open311.saying import sentence
from heli.matters.queries import SETTLED, UNSEEN
from heli.places.queries import names_at
from heli.records.abouts import DISTRICT, About
from heli.records.services import towns_at
from heli.ui.limits import key_of

KEY = "key of a hotline"
MOST_ASKED = 50
"""So many ids are asked for at once: they stand in an address."""
ANSWERED = (MatterState.TOLD, MatterState.CALLED, MatterState.CLOSED, MatterState.REFUSED)
"""States in which there is something to tell a hotline."""


def connect_hotline(
    *,
    actor: Actor,
    name: str,
    district_id: int,
    fallback_id: int,
    address: str,
    key: str,
    on: date,
    at: datetime,
    jurisdiction: str = "",
    hosts: Collection[str] | None = None,
) -> Hotline:
    """Connect a city's hotline; what was reported there from now on is taken. Its key is kept sealed.

    Refused for a host that the settings (or `hosts`, for a sample that no network is asked for) do not name, without a name, for
    a name that is connected, a fallback elsewhere.
    """
    address = address.strip().rstrip("/")
    try:
        check_address(address, settings.OPEN311_HOSTS if hosts is None else hosts)
    except NotServed:
        text = _("Not one of the hosts that HELI_OPEN311_HOSTS names: let whoever runs the server add it first.")
        raise Refused(Fault("hotline_host", text, field="address")) from None
    if not name.strip() or Hotline.objects.filter(name=name.strip(), ended_on=None).exists():
        raise Refused(Fault("hotline_name", _("Give it a name that no connected hotline has."), field="name"))
    towns_at(district_id, place_ids=[fallback_id], on=on, field="fallback")
    with writing(actor, "matters.connect_hotline", action=JUDGE, place_id=district_id, at=at) as act:
        hotline = Hotline.objects.create(
            name=name.strip()[:60], district_id=district_id, fallback_id=fallback_id, server=address[:200],
            jurisdiction=jurisdiction.strip()[:80], sealed=seal_text(KEY, key.strip()) if key.strip() else "",
            read_until=at, connected_on=on,
        )  # fmt: skip
        act.subject, act.after = f"hotline {hotline.public_id}", {"name": hotline.name, "address": hotline.server}
    return hotline


def end_hotline(*, actor: Actor, hotline: Hotline, on: date, at: datetime | None = None) -> None:
    """End a connection; its key is forgotten, its links stay."""
    with writing(actor, "matters.end_hotline", action=JUDGE, place_id=hotline.district_id, at=at) as act:
        hotline.ended_on, hotline.sealed = on, ""
        hotline.save(update_fields=["ended_on", "sealed"])
        act.subject = f"hotline {hotline.public_id}"


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What an exchange did: matters taken, answers told and heard, and why it stopped ("" where it did not)."""

    taken: int = 0
    told: int = 0
    heard: int = 0
    said: str = ""


def exchange(*, actor: Actor, hotline: Hotline, at: datetime, on: date, ask: Ask | None = None) -> Exchanged:
    """Take what is new at a hotline, each id exactly once, tell it the answers to what came from it, hear its own.

    What was sent there is known by its id and not taken back; while such an id is missing, nothing is taken.
    """
    require_everywhere(actor, JUDGE)
    door, taken, told = _door(hotline, ask), 0, 0
    try:
        for link in hotline.links.filter(is_ours=True, foreign="").select_related("matter"):
            _send(actor, hotline, link, door, at)
        for rows in door.since(hotline.read_until - OVERLAP, at):
            wanted = [row["service_request_id"][:120] for row in rows]
            known = set(hotline.links.filter(foreign__in=wanted).values_list("foreign", flat=True))
            new = [row for row in rows if row["service_request_id"][:120] not in known and not _is_closed(row)]
            taken += sum(_take(hotline, row, on, at) for row in reversed(new))
        told = _tell_answers(actor, hotline, door, at)
    except NotServed as stopped:
        return Exchanged(taken, told, 0, _why(stopped))
    heard, said = 0, ""
    try:
        heard = _hear_answers(actor, hotline, door, at)
    except NotServed as stopped:
        said = _why(stopped)
    with writing(actor, "matters.read_hotline", action=JUDGE, place_id=hotline.district_id, at=at) as act:
        Hotline.objects.filter(pk=hotline.pk).update(read_until=at)
        act.subject, act.after = f"hotline {hotline.public_id}", {"taken": taken, "told": told, "heard": heard}
    return Exchanged(taken, told, heard, said)


def _why(stopped: NotServed) -> str:
    return "; ".join(map(sentence, stopped.findings))


def exchange_all(*, actor: Actor, at: datetime, on: date, ask: Ask | None = None) -> dict[str, Exchanged]:
    """Exchange with every connected hotline; one that fails stops no other."""
    return {
        hotline.name: exchange(actor=actor, hotline=hotline, at=at, on=on, ask=ask)
        for hotline in Hotline.objects.filter(ended_on=None).select_related("district")
    }


def send_on(*, actor: Actor, hotline: Hotline, matter: Matter, at: datetime, ask: Ask | None = None) -> HotlineLink:
    """Send a matter on to a hotline: the office's words and its village. Refused for what came from it, or was sent already.

    The link is written before anything leaves, so that what was sent is never taken back as new.
    """
    if matter.status in UNSEEN or matter.status in SETTLED or hotline.ended_on is not None:
        raise Refused(
            Fault("not_now", _("Only a filed matter that is open is sent on, and only while it is connected."))
        )
    try:
        with writing(actor, "matters.send_on", action=DISPATCH, place_id=matter.place_id, at=at) as act:
            link = HotlineLink.objects.create(hotline=hotline, matter=matter, is_ours=True)
            tell(matter, "sent_on", act, reason=hotline.name)
            act.subject, act.after = f"matters:{matter.public_id}", {"hotline": hotline.public_id}
    except IntegrityError:
        text = _("This hotline knows the matter: it came from there, or was sent already.")
        raise Refused(Fault("hotline_knows", text)) from None
    try:
        _send(actor, hotline, link, _door(hotline, ask), at)
    except NotServed as stopped:
        said = [Fault(finding.code, sentence(finding)) for finding in stopped.findings]
        raise Refused(said) from stopped
    return link


def _door(hotline: Hotline, ask: Ask | None) -> HotlineDoor:
    key = unseal_text(KEY, hotline.sealed) if hotline.sealed else ""
    return HotlineDoor(hotline.server, hotline.jurisdiction, key, ask or asking(settings.OPEN311_HOSTS))


def _send(actor: Actor, hotline: Hotline, link: HotlineLink, door: HotlineDoor, at: datetime) -> None:
    """Send it under our own name for it: a server like ours takes it once, however often it is sent."""
    matter = link.matter
    code = matter.item
    foreign = door.send({
        "service_code": code, "description": mask(matter.title), "client_key": matter.public_id,
        "address_string": names_at([matter.place_id], at.date()).get(matter.place_id, ""),
    })  # fmt: skip
    if not foreign:
        raise wrong("hotline_pending")
    with writing(actor, "matters.send_on", action=DISPATCH, place_id=matter.place_id, at=at) as act:
        link.foreign = foreign[:120]
        link.save(update_fields=["foreign"])
        act.subject, act.after = f"matters:{matter.public_id}", {"hotline": hotline.public_id, "id": link.foreign}


def _take(hotline: Hotline, row: Row, on: date, at: datetime) -> int:
    """Take one of its requests as a matter; 0 where another worker was first, or it cannot be a matter at all."""
    about, foreign = DISTRICT.about(hotline.district_id, hotline.district.public_id), row["service_request_id"][:120]
    place, spot, is_inside = _where(hotline, about, row, on)
    item = row.get("service_code", "")
    if item not in items().entries:
        item = {name: code for code, name in item_words().items()}.get(row.get("service_name", ""), "")
    text = row.get("description", "") or row.get("service_name", "") or foreign
    said = services.MatterReport(
        place, text[:4_000], item, spot, point=_point(row) if is_inside else None,
        key=key_of("hotline", hotline.public_id, foreign), channel=ReportChannel.HOTLINE,
    )  # fmt: skip
    program = Actor(None, hotline.name, (Grant("public", place_id=hotline.district_id),))
    try:
        with writing(program, "matters.take_hotline", action=services.REPORT, place_id=place, at=at) as act:
            voice = services.report(actor=program, about=about, said=said, on=on, at=at)
            HotlineLink.objects.create(hotline=hotline, matter=voice.told_of, foreign=foreign)
            act.subject, act.after = f"matters:{voice.told_of.public_id}", {"hotline": hotline.public_id, "id": foreign}
    except (IntegrityError, Refused):
        return 0
    return 1


def _is_closed(row: Row) -> bool:
    return row.get("status", "").lower() == "closed"


def _point(row: Row) -> tuple[int, int] | None:
    try:
        return read_point({"lat": [row.get("lat", "")], "long": [row.get("long", "")]})
    except NotServed:
        return None


def _where(hotline: Hotline, about: About, row: Row, on: date) -> tuple[int, str, bool]:
    """The village: by its id, the point, the address, else the fallback; the spot; whether the point lies in the district."""
    address, point = row.get("address", "")[:120], _point(row)
    at_point = queries.place_at(about.district_id, point, on) if point is not None else None
    named = queries.places_in_address(about.district_id, address, on) if address else []
    by_id = queries.place_by_id(about.district_id, row["address_id"], on) if row.get("address_id") else None
    place = by_id or at_point or (named[0] if len(named) == 1 else None) or hotline.fallback_id
    return place, address, at_point is not None


def _tell_answers(actor: Actor, hotline: Hotline, door: HotlineDoor, at: datetime) -> int:
    """Tell it the answers to what came from it, each once. By `servicerequestupdates`, the extension that cities agree on."""
    count = 0
    links = hotline.links.filter(is_ours=False, matter__status__in=ANSWERED).select_related("matter")
    for link in links.iterator():
        matter = link.matter
        status = "CLOSED" if matter.status in SETTLED else "OPEN"
        text = mask(matter.answer or matter.way)
        digest = sha256(f"{status} {matter.reopened} {text}".encode()).hexdigest()
        if not text or digest == link.told:
            continue
        door.post(
            "servicerequestupdates", service_request_id=link.foreign, update_id=f"{matter.public_id}-{digest[:8]}",
            status=status, description=text, updated_datetime=at.isoformat(timespec="seconds"),
        )  # fmt: skip
        with writing(actor, "matters.tell_hotline", action=JUDGE, place_id=matter.place_id, at=at) as act:
            HotlineLink.objects.filter(pk=link.pk).update(told=digest)
            act.subject, act.after = f"matters:{matter.public_id}", {"hotline": hotline.public_id}
        count += 1
    return count


def _hear_answers(actor: Actor, hotline: Hotline, door: HotlineDoor, at: datetime) -> int:
    """What it says of what was sent there lands in the history of the matter, each saying once, while the matter is open here.

    It is a saying of theirs: who leads the matter decides what follows, and nothing of it goes back.
    """
    sent = hotline.links.filter(is_ours=True).exclude(foreign="").exclude(matter__status__in=SETTLED)
    links, count = {link.foreign: link for link in sent.select_related("matter")}, 0
    ids = list(links)
    for first in range(0, len(ids), MOST_ASKED):
        for row in door.rows("requests", service_request_id=",".join(ids[first : first + MOST_ASKED])):
            link = links.get(row.get("service_request_id", "")[:120])
            said = "heard_closed" if _is_closed(row) else "heard_open"
            text = mask(row.get("status_notes", ""))[:1_000]
            digest = sha256(f"{said} {text}".encode()).hexdigest()
            if link is None or digest == link.told or (said == "heard_open" and not text):
                continue
            with writing(actor, "matters.hear_hotline", action=JUDGE, place_id=link.matter.place_id, at=at) as act:
                link.told = digest
                link.save(update_fields=["told"])
                tell(link.matter, said, act, reason=f"{hotline.name} {link.foreign}: {text}".removesuffix(": "))
                act.subject, act.after = subject_of(link.matter), {"hotline": hotline.public_id, "said": said}
            count += 1
    return count
