"""Writes of matters beside the moves of their ledgers: reported by anybody, whistled, merged, split, said to be unsolved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.accounts.queries import bodies_spoken_for
from heli.accounts.sealing import seal_text, unseal_text
from heli.audit.services import writing
from heli.bodies.queries import Holder, find_holder
from heli.files.services import store_photo, take_upload
from heli.kernel.access import Actor, require_everywhere
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.kernel.masking import mask
from heli.matters.catalogues import stage_due
from heli.matters.happened import event_of, subject_of, tell
from heli.matters.ledger import MATTERS
from heli.matters.ledger.matter import COLLECT, DISPATCH, JUDGE
from heli.matters.ledger.whistle import HANDLE
from heli.matters.models import (
    E6,
    GONE_ON,
    OVER,
    Matter,
    MatterState,
    MatterVoice,
    ReportChannel,
    Whistle,
)
from heli.matters.queries import SETTLED, UNSEEN, find_sitting, lies_in, said_of, voice_by_key
from heli.matters.rules.flow import is_back_and_forth
from heli.matters.whistle_services import make_whistles
from heli.places.queries import require_at
from heli.records.abouts import About
from heli.records.fields import check_values
from heli.records.models import Event, LedgerEvidence
from heli.records.services import FormFile, hold, next_number, refuse_finished, towns_at
from heli.ui.uploads import Uploaded

REPORT = "matters.report"
CONTACT, LONGEST_CONTACT = "contact of a matter", 80
MOST_PHOTOS, MOST_PARTS = 3, 10
KEPT_DAYS = 90
"""Days after which the contacts of a closed matter are removed."""
OBJECT_DAYS = 30
"""Days after it was told in which whoever reported it may say that it is not solved."""
Point = tuple[int, int]
"""Longitude and latitude in millionths of a degree."""


@dataclass(frozen=True, slots=True)
class MatterReport:
    """What somebody reports: where, what, and how they can be told ("" for who stays unnamed), the device's key."""

    place_id: int
    text: str
    item: str = ""
    spot: str = ""
    contact: str = ""
    point: Point | None = None
    photos: Sequence[FormFile | Uploaded] = ()
    key: str = ""
    channel: ReportChannel | None = None


def report(
    *, actor: Actor, about: About, said: MatterReport, on: date | None = None, at: datetime | None = None
) -> MatterVoice:
    """Take a report of anybody down; its voice has the code to follow it by. Nobody else sees it until it is filed.

    What a device sends again under its key is the voice it got before. What is found on a grid worker's round comes by the same
    door, from whoever collects there. Refused without words or with more than 4,000 characters, for a place or a point outside,
    a fourth photo, or a photo that is none.
    """
    if said.key and (before := voice_by_key(said.key)) is not None:
        return before
    try:
        return _report(actor, about, said, on, at)
    except IntegrityError:
        before = voice_by_key(said.key) if said.key else None
        if before is None:
            raise
        return before


def _report(actor: Actor, about: About, said: MatterReport, on: date | None, at: datetime | None) -> MatterVoice:
    today = on or timezone.localdate()
    title = mask(said.text.strip().splitlines()[0][:60]) if said.text.strip() else ""
    values = {"text": said.text, "item": said.item, "spot": said.spot}
    found = check_values(Matter, values, today)
    if not title:
        found.append(Fault("text_empty", _("Write what the matter is."), field="text"))
    found += [*_check_contact(said.contact), *_check_point(said.point, about.district_id, today)]
    if len(said.photos) > MOST_PHOTOS:
        text = _("At most %(most)s photos, please.") % {"most": MOST_PHOTOS}
        found.append(Fault("photos_many", text, field="photos"))
    if found:
        raise Refused(found)
    refuse_finished(about)
    town = towns_at(about.district_id, place_ids=[said.place_id], on=today)[said.place_id]
    action = REPORT if actor.id is None else COLLECT
    with writing(actor, "matters.report", action=action, place_id=said.place_id, at=at) as act:
        lon, lat = said.point or (None, None)
        matter = Matter(
            public_id=new_public_id(), about=about.id, district_id=about.district_id, place_id=said.place_id,
            town_id=town, title=title[:60], text=said.text.strip(), spot=said.spot.strip(), item=said.item,
            channel=said.channel or ReportChannel.ONLINE, voices=1,
            due_on=stage_due("file", today), status=MatterState.COLLECTED,
            lon_e6=lon, lat_e6=lat, opened_by=actor.name, opened_at=act.at, number=next_number(Matter, about=about),
        )  # fmt: skip
        matter.save(force_insert=True)
        tell(matter, "opened", act)
        for photo in said.photos:
            kept = _photo(actor, photo, action, said.place_id)
            LedgerEvidence.objects.create(
                ledger=MATTERS.name, row=matter.public_id, about=matter.about, district_id=matter.district_id, file=kept,
                on=today, added_by=actor.name, added_at=act.at,
            )  # fmt: skip
        act.subject, act.after = subject_of(matter), {"did": "report", "number": matter.number}
        return _voice(matter, said.contact, today, said.key)


def _photo(actor: Actor, photo: FormFile | Uploaded, purpose: str, place_id: int) -> Any:
    """A photo that came with the form, or piece by piece before it."""
    given: dict[str, Any] = {"actor": actor, "action": MATTERS.reads, "place_id": place_id}
    if isinstance(photo, Uploaded):
        return take_upload(public_id=photo.public_id, purpose=purpose, photo=True, **given)
    return store_photo(chunks=photo.chunks, name=photo.name, **given)


def add_voice(
    *, actor: Actor, matter: Matter, contact: str = "", on: date | None = None, at: datetime | None = None
) -> MatterVoice:
    """Somebody else says the same ("me too"); their own code. Refused for what is settled, or nobody has seen yet."""
    if found := _check_contact(contact):
        raise Refused(found)
    action = REPORT if actor.id is None else COLLECT
    with writing(actor, "matters.voice", action=action, place_id=matter.place_id, at=at) as act:
        held = hold(Matter.objects, pk=matter.pk)
        if held.status in (SETTLED if actor.id else {*SETTLED, *UNSEEN}):
            raise Refused(Fault("not_now", _("This matter is settled: report it anew."), source="voice"))
        held.voices = (held.voices or 0) + 1
        held.save(update_fields=["voices"])
        tell(held, "voice", act)
        act.subject, act.after = subject_of(held), {"did": "voice", "voices": held.voices}
        return _voice(held, contact, on or timezone.localdate())


def object_to(
    *, actor: Actor, voice: MatterVoice, reason: str, on: date | None = None, at: datetime | None = None
) -> Matter:
    """Whoever reported it says that it is not solved: it is filed again. Refused before it was told, and after 30 days."""
    today = on or timezone.localdate()
    if not reason.strip() or len(reason) > 300:
        raise Refused(Fault("reason_empty", _("Say in 300 characters at most what is not solved."), field="reason"))
    with writing(actor, "matters.again", action=REPORT, place_id=voice.matter.place_id, at=at) as act:
        held: Matter = hold(Matter.objects, pk=voice.matter_id)
        told = (MatterState.TOLD, MatterState.CALLED, MatterState.CLOSED)
        if held.status not in told or held.told_on is None or today > held.told_on + timedelta(days=OBJECT_DAYS):
            text = _("This can be said within 30 days after the answer. Report it anew.")
            raise Refused(Fault("not_now", text, field="reason"))
        for stamp in ("handled", "checked", "told", "called", "doubted", "closed"):
            setattr(held, f"{stamp}_by", None)
            setattr(held, f"{stamp}_on", None)
        held.status, held.outcome, held.content = MatterState.FILED, "", ""
        held.due_on, held.reopened = stage_due("dispatch", today), held.reopened + 1
        held.save()
        tell(held, "again", act, reason=mask(reason.strip()))
        act.subject, act.after = subject_of(held), {"did": "again", "reopened": held.reopened}
    return held


def whistle(
    *,
    actor: Actor,
    about: About,
    matter: Matter,
    lead: str,
    support: Sequence[str] = (),
    decided: str = "",
    on: date | None = None,
    at: datetime | None = None,
) -> list[Whistle]:
    """Whistle departments ("body:…") to a matter; each has its own clock from today on.

    A department that gave the matter back is not whistled again: the matter is flagged for the next joint sitting, and the
    list is empty. With `decided` (the public id of the joint sitting of this district that said so, held since the matter was
    flagged) it is, and cannot give it back.
    """
    today, keys = on or timezone.localdate(), [lead, *(one for one in support if one != lead)]
    holders = [find_holder(key, about.district_id, today) if key.startswith("body:") else None for key in keys]
    if not lead or None in holders:
        raise Refused(Fault("department_unknown", _("Choose a department of the district."), field="lead"))
    if unheard := [one.name for one in _unspoken(holders, today)]:
        text = _(
            "Nobody speaks for %(names)s yet: whoever administers accounts gives somebody the role of liaison over it."
        )
        raise Refused(Fault("no_liaison", text % {"names": "、".join(unheard)}, field="lead"))
    sitting = find_sitting(about, matter, decided, today) if decided else None
    if decided and sitting is None:
        text = _("Record the joint sitting first, then choose it: it is held after the matter was sent back and forth.")
        raise Refused(Fault("sitting_unknown", text, field="decided"))
    if not matter.item:
        raise Refused(Fault("item_empty", _("File it with an item first."), field="lead"))
    bodies = [holder.id for holder in holders if holder is not None]
    action = JUDGE if decided else DISPATCH
    with writing(actor, "matters.whistle", action=action, place_id=matter.place_id, at=at) as act:
        held = hold(Matter.objects, pk=matter.pk)
        if held.status not in (MatterState.FILED, MatterState.WHISTLED):
            text = _("This cannot be done now: somebody else has moved the matter on.")
            raise Refused(Fault("not_now", text, source="whistle"))
        past = list(held.whistles.order_by("number").values_list("body_body_id", "status"))
        if still := [body for body, status in past if body in bodies and status not in OVER]:
            names = [holder.name for holder in holders if holder is not None and holder.id in still]
            text = _("Whistled already: %(names)s.") % {"names": "、".join(names)}
            raise Refused(Fault("whistled_already", text, field="support"))
        back = [body for body, status in past if status in GONE_ON]
        act.subject = subject_of(held)
        if not decided and any(is_back_and_forth([body for body, _s in past], back, body) for body in bodies):
            held.flagged_on = held.flagged_on or today
            held.save(update_fields=["flagged_on"])
            tell(held, "flagged", act)
            act.after = {"did": "flag", "number": held.number}
            return []
        made = make_whistles(act=act, about=about, held=held, bodies=bodies, on=today, sitting=sitting)
        held.status = MatterState.WHISTLED
        held.flagged_on = None
        held.save(update_fields=["status", "due_on", "flagged_on"])
        tell(held, "whistled", act, reason=said_of(sitting))
        act.after = {"did": "whistle", "number": held.number, "bodies": bodies}
    return made


def merge(*, actor: Actor, matter: Matter, into: Matter, on: date | None = None, at: datetime | None = None) -> Matter:
    """Two reports of one thing become one matter: voices and open whistles go along. The one that goes on."""
    today = on or timezone.localdate()
    if into.pk == matter.pk or into.about != matter.about:
        raise Refused(Fault("merge_into_itself", _("Give the number of another matter."), field="number"))
    with writing(actor, "matters.merge", action=DISPATCH, place_id=matter.place_id, at=at) as act:
        require_at(actor, DISPATCH, [into.place_id], timezone.localdate())
        first, second = sorted((matter.pk, into.pk))
        locked: dict[int, Matter] = {key: hold(Matter.objects, pk=key) for key in (first, second)}
        gone, kept = locked[matter.pk], locked[into.pk]
        if gone.status not in (MatterState.COLLECTED, MatterState.FILED) or kept.status in SETTLED:
            text = _("Only what no department was whistled for is merged, and only into an open matter.")
            raise Refused(Fault("not_now", text, field="number"))
        gone.heard.update(matter=kept)
        kept.voices = (kept.voices or 0) + (gone.voices or 0)
        kept.save(update_fields=["voices"])
        gone.status, gone.merged_into, gone.voices, gone.due_on = MatterState.MERGED, kept, 0, None
        gone.save(update_fields=["status", "merged_into", "voices", "due_on"])
        tell(gone, "merged", act, reason=f"#{kept.number}")
        tell(kept, "took_over", act, reason=f"#{gone.number}")
        act.subject, act.after = subject_of(gone), {"did": "merge", "into": kept.number, "on": str(today)}
    return kept


def split(
    *,
    actor: Actor,
    about: About,
    matter: Matter,
    titles: Sequence[str],
    on: date | None = None,
    at: datetime | None = None,
) -> list[Matter]:
    """What was several things in one becomes a matter each; whoever reported it follows the first one and sees the others."""
    today, words = on or timezone.localdate(), [title.strip() for title in titles if title.strip()]
    found = [fault for title in words for fault in check_values(Matter, {"title": title}, today)]
    if not words or len(words) > MOST_PARTS:
        text = _("Write a line for each part: at least one, at most %(most)s.") % {"most": MOST_PARTS}
        found.append(Fault("parts", text, field="titles"))
    if found:
        raise Refused(found)
    with writing(actor, "matters.split", action=DISPATCH, place_id=matter.place_id, at=at) as act:
        held = hold(Matter.objects, pk=matter.pk)
        if held.status not in (MatterState.COLLECTED, MatterState.FILED, MatterState.WHISTLED):
            raise Refused(Fault("not_now", _("What is handled is not split any more."), field="titles"))
        first = next_number(Matter, about=about)
        parts = [
            Matter(
                public_id=new_public_id(), about=held.about, district_id=held.district_id, place_id=held.place_id,
                town_id=held.town_id, title=title, text=held.text, spot=held.spot, channel=held.channel, voices=0,
                due_on=stage_due("file", today), status=MatterState.COLLECTED, lon_e6=held.lon_e6, lat_e6=held.lat_e6,
                split_from=held, opened_by=actor.name, opened_at=act.at, number=number,
            )
            for number, title in enumerate(words, first)
        ]  # fmt: skip
        Matter.objects.bulk_create(parts)
        Event.objects.bulk_create([event_of(MATTERS.name, one, "opened", act) for one in parts])
        tell(held, "split", act, reason="、".join(f"#{one.number}" for one in parts))
        act.subject, act.after = subject_of(held), {"did": "split", "parts": len(parts)}
    return parts


def open_contacts(*, actor: Actor, matter: Matter, at: datetime | None = None) -> list[str]:
    """The contacts of a matter in clear, for whoever calls back; that they were opened stays in the trail."""
    with writing(actor, "matters.contacts", action=DISPATCH, place_id=matter.place_id, at=at) as act:
        sealed = list(matter.heard.exclude(contact="").order_by("pk").values_list("contact", flat=True))
        act.subject, act.after = subject_of(matter), {"did": "open_contacts", "count": len(sealed)}
    return [unseal_text(CONTACT, one) for one in sealed]


def forget_contacts(*, actor: Actor, on: date, at: datetime | None = None) -> int:
    """Remove the contacts of matters that were closed, refused or merged 90 days ago; how many."""
    require_everywhere(actor, JUDGE)
    until = on - timedelta(days=KEPT_DAYS)
    old = MatterVoice.objects.filter(matter__closed_on__lte=until) | MatterVoice.objects.filter(
        matter__status=MatterState.REFUSED, added_on__lte=until
    )
    old = MatterVoice.objects.filter(pk__in=old.exclude(contact="").values("pk"))
    if not old.exists():
        return 0
    with writing(actor, "matters.forget", action=JUDGE, at=at) as act:
        gone = old.update(contact="")
        act.after = {"did": "forget", "count": gone}
    return gone


# -- what is written ---------------------------------------------------------------------------------------------------


def _voice(matter: Matter, contact: str, on: date, key: str = "") -> MatterVoice:
    sealed = seal_text(CONTACT, contact.strip()) if contact.strip() else ""
    return MatterVoice.objects.create(
        code=new_public_id(10), matter=matter, told_of=matter, contact=sealed, key=key, added_on=on
    )


# -- what is wrong -----------------------------------------------------------------------------------------------------


def _unspoken(holders: Sequence[Holder | None], on: date) -> list[Holder]:
    """The departments nobody may answer for."""
    named = [holder for holder in holders if holder is not None]
    heard = bodies_spoken_for([one.id for one in named], HANDLE, on)
    return [one for one in named if one.id not in heard]


def _check_contact(contact: str) -> list[Fault]:
    if len(contact) <= LONGEST_CONTACT:
        return []
    text = _("At most %(most)s characters, please; this is %(count)s.")
    return [Fault("contact_long", text % {"most": LONGEST_CONTACT, "count": len(contact)}, field="contact")]


def _check_point(point: Point | None, district_id: int, on: date) -> list[Fault]:
    if point is None or (abs(point[0]) <= 180 * E6 and abs(point[1]) <= 90 * E6 and lies_in(district_id, point, on)):
        return []
    return [
        Fault("point_outside", _("This point is outside the district: choose the place from the list."), field="place")
    ]
