"""Writes of every ledger: rows entered all or none, and moves, each locked, looked at again, written once to trail and history.

One idiom of locking: who needs the next number holds the row of what it is about, who moves a row holds that row (`hold`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.audit.types import OpenEntry
from heli.bodies import queries as bodies
from heli.bodies.queries import Holder
from heli.files.services import store_document, store_photo
from heli.kernel.access import Actor, may, speaks_for
from heli.kernel.faults import Fault, Forbidden, Refused
from heli.kernel.ids import new_public_id
from heli.places import queries as places
from heli.records.abouts import About
from heli.records.fields import Field, FieldKind, columns_of
from heli.records.ledgers import OPENED, Ledger, Move, Values, follows
from heli.records.models import Event, LedgerEvidence
from heli.records.queries import values_of


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file as it came from a form."""

    name: str
    chunks: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Draft:
    """A row as it was typed: `values` by field. `row`: where in a list it stood ("row 3")."""

    values: Values
    row: str = ""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What was looked up for some rows at once: the town of each place of the district, the holder behind each key."""

    towns: Mapping[int, int | None]
    holders: Mapping[str, Holder]


def hold(rows: Any, **key: Any) -> Any:
    """The one row of a model that is locked until the transaction ends: whoever wants it at the same moment waits."""
    return rows.select_for_update(of=("self",), no_key=True).get(**key)


def enter(
    *,
    actor: Actor,
    ledger: Ledger,
    about: About,
    drafts: Sequence[Draft],
    sha256: str = "",
    read: Sequence[Mapping[str, str]] = (),
    on: date | None = None,
    at: datetime | None = None,
) -> list[Any]:
    """Enter rows, all or none; `sha256` is the hash of the list they came in, `read` what was decided in reading it.

    Each place is asked about by itself, so that a town officer enters what lies in the own town only. Raises `Refused` with
    every fault of every row: unknown places, choices and holders, empty or overlong texts, days that cannot be meant.
    """
    today = on or timezone.localdate()
    refuse_finished(about)
    known = _look_up(ledger, about.district_id, [draft.values for draft in drafts], today)
    if found := [one for draft in drafts for one in _check_draft(ledger, draft, known, today)]:
        raise Refused(found)
    named = {draft.values["place"] for draft in drafts}
    places.require_at(actor, ledger.enters, named, timezone.localdate())
    where = next(iter(named)) if len(named) == 1 else about.district_id
    asked = where if len(drafts) == 1 else None
    with writing(actor, f"{ledger.name}.enter", action=ledger.enters, place_id=asked, at=at) as act:
        first = next_number(ledger.model, about=about)
        made = [_new(ledger, draft.values, known, act) for draft in drafts]
        for number, row in enumerate(made, first):
            row.about, row.district_id, row.number = about.id, about.district_id, number
        ledger.model._default_manager.bulk_create(made, batch_size=500)
        Event.objects.bulk_create([_event(ledger, row, OPENED, act) for row in made], batch_size=500)
        act.place_id, act.subject = where, f"{about.kind.name}:{about.id}"
        came = {"sha256": sha256, "read": read} if sha256 else {}
        act.after = {"did": "add", "count": len(made), "first": first, **came}
    return made


def refuse_finished(about: About) -> None:
    """Nothing new is begun in what is finished; what is begun goes on to its end."""
    if not about.is_open:
        raise Refused(Fault("about_finished", str(about.kind.closed), source=about.kind.name))


def next_number(model: type[Model], *, about: About) -> int:
    """The next number of a model's rows within the about, without gaps: who writes at the same moment waits."""
    hold(about.kind.rows().only("pk"), public_id=about.id)
    last = model._default_manager.filter(about=about.id).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1


def towns_at(district_id: int, *, place_ids: Collection[int], on: date, field: str = "place") -> dict[int, int | None]:
    """The township of each place (`places.townships_of`). Raises `Refused` at the field for a place outside the district."""
    towns = places.townships_of(district_id, place_ids, on)
    if not set(place_ids) <= set(towns):
        raise Refused(Fault("place_outside", _("Choose a place of this district."), field=field))
    return towns


def _new(ledger: Ledger, values: Values, known: LookedUp, act: OpenEntry) -> Any:
    state = ledger.starts(values) if ledger.starts else ledger.first
    row: Any = ledger.model(public_id=new_public_id(), status=state.value, opened_by=act.actor.name, opened_at=act.at)
    row.town_id = known.towns[values["place"]]
    for name in values:
        for column, value in _columns(act.actor, ledger, name, values, known).items():
            setattr(row, column, value)
    return row


def move(
    *,
    actor: Actor,
    ledger: Ledger,
    row: Any,
    name: str,
    values: Values | None = None,
    reason: str = "",
    note: str = "",
    upload: FormFile | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> Any:
    """Lead a row on by the move of this name; `values` are what it asks, `note` or `upload` its evidence. The row as it is now.

    Raises `Refused` for values that do not fit, missing words or evidence, the first person where a second one is asked, and
    when somebody else has moved the row on meanwhile; `Forbidden` without the right at its place.
    """
    step, today = ledger.by_name[name], on or timezone.localdate()
    given = {asked: (values or {}).get(asked) for asked in step.asks}
    known = _look_up(ledger, row.district_id, [given], today)
    found = [*_check_words(step, reason, note, upload), *_check(asked_fields(ledger, step=step), given, known, today)]
    if found or (found := [*ledger.check({**values_of(ledger, row), **given}, today)] if step.asks else []):
        raise Refused(found)
    words = reason.strip() or note.strip()
    with writing(actor, f"{ledger.name}.{name}", action=step.right, place_id=row.place_id, reason=words, at=at) as act:
        held = hold(ledger.model._default_manager, pk=row.pk)
        if not is_theirs(actor=actor, ledger=ledger, step=step, row=held):
            raise Forbidden(Fault("forbidden", f"{actor.name} may not do {step.right} here", source=step.right))
        check_turn(actor=actor, step=step, held=held)
        if against := list(step.guard(actor, held, given, today)) if step.guard else []:
            raise Refused(against)
        act.before = _stand(held)
        changes = {"status": step.leads(held.status), **_stamps(ledger.columns, step, act, today)}
        changes |= step.sets(held, given, today) if step.sets else {}
        if (after := follows().get((ledger.name, step.name))) is not None:
            changes |= after.run(actor, held, given, today, act.at)
        for asked in given:
            changes |= _columns(actor, ledger, asked, {**given, "place": held.place_id}, known)
        for column, value in changes.items():
            setattr(held, column, value)
        held.save(update_fields=list(changes))
        _event(ledger, held, step.did, act, _told(ledger, given)).save(force_insert=True)
        if step.evidence:
            kept = keep_file(actor=actor, ledger=ledger, upload=upload, place_id=held.place_id, photo=step.photo)
            shows = {"note": note.strip(), "file": kept, "on": today, "added_by": actor.name, "added_at": act.at}
            LedgerEvidence.objects.create(**_of(ledger, held), **shows)
        act.subject = f"{ledger.name}:{held.public_id}"
        act.after = {"did": step.did, "number": held.number, **_stand(held)}
    return held


def move_all(
    *,
    actor: Actor,
    ledger: Ledger,
    rows: Any,
    name: str,
    note: str = "",
    on: date | None = None,
    at: datetime | None = None,
) -> int:
    """Lead many rows of one place on by a move that asks for nothing but a `note`, in one block; how many. Refused as `move` is,
    for the first that does not stand where it begins. `rows` are a queryset of the ledger's model.
    """
    step, today = ledger.by_name[name], on or timezone.localdate()
    held = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if not held:
        return 0
    with writing(actor, f"{ledger.name}.{name}", action=step.right, place_id=held[0].place_id, at=at) as act:
        changes = _stamps(ledger.columns, step, act, today) | ({"status": step.to.value} if step.to else {})
        for row in held:
            if not is_theirs(actor=actor, ledger=ledger, step=step, row=row):
                raise Forbidden(Fault("forbidden", f"{actor.name} may not do {step.right} here", source=step.right))
            check_turn(actor=actor, step=step, held=row)
            if against := list(step.guard(actor, row, {}, today)) if step.guard else []:
                raise Refused(against)
            for column, value in changes.items():
                setattr(row, column, value)
        ledger.model._default_manager.filter(pk__in=[row.pk for row in held]).update(**changes)
        Event.objects.bulk_create([_event(ledger, row, step.did, act) for row in held], batch_size=500)
        if step.evidence:
            shows = {"note": note, "on": today, "added_by": actor.name, "added_at": act.at}
            LedgerEvidence.objects.bulk_create(
                [LedgerEvidence(**_of(ledger, row), **shows) for row in held], batch_size=500
            )
        act.subject, act.after = f"{ledger.name}:{held[0].about}", {"did": step.did, "count": len(held)}
    return len(held)


def take_step(
    *,
    actor: Actor,
    what: str,
    step: Move,
    row: Any,
    subject: str,
    changes: Mapping[str, Any] | None = None,
    reason: str = "",
    on: date | None = None,
    at: datetime | None = None,
) -> Any:
    """A move of a row that stands in no ledger, with what it `changes` besides: locked, looked at again, stamped, and written
    once to the trail as `what` about `subject`. The row as it is now; refused as `move` is.
    """
    with writing(actor, what, action=step.right, place_id=row.place_id, reason=reason, at=at) as act:
        held = hold(type(row)._default_manager, pk=row.pk)
        check_turn(actor=actor, step=step, held=held)
        stamps = _stamps(columns_of(type(row)), step, act, on or timezone.localdate())
        for column, value in {"status": step.leads(held.status), **stamps, **(changes or {})}.items():
            setattr(held, column, value)
        held.save()
        act.subject, act.after = subject, {"did": step.did, "place": held.place_id}
    return held


def check_turn(*, actor: Actor, step: Move, held: Any) -> None:
    """Raise `Refused` when the row does not stand where the move begins, the actor does not speak for the body that makes it, or
    took the first step of two."""
    if held.status not in step.sources:
        text = _("This cannot be done now: somebody else has moved the matter on.")
        raise Refused(Fault("not_now", text, source=step.name))
    if not speaks(actor=actor, step=step, row=held):
        text = _("You do not speak for %(body)s: whoever administers accounts gives you the role over it.")
        raise Refused(
            Fault("no_liaison", text % {"body": getattr(held, f"{step.speaks_for}_body") or ""}, source=step.name)
        )
    if step.never:
        refuse_oneself(actor=actor, first_id=getattr(held, f"{step.never}_by_id"), source=step.name)


def speaks(*, actor: Actor, step: Move, row: Any) -> bool:
    """Whether the actor speaks for the body in whose name the move is made; true where it is made in nobody's."""
    return not step.speaks_for or speaks_for(actor, step.right, getattr(row, f"{step.speaks_for}_body_id"))


def is_theirs(*, actor: Actor, ledger: Ledger, step: Move, row: Any) -> bool:
    """Whether the row is the actor's to move: everybody's who sees all rows there, else of the organisation it names (`named`)."""
    holder, sees = ledger.named
    own = getattr(row, f"{holder}_body_id") if sees else None
    return not sees or may(actor, sees, row.place_id) or (own is not None and speaks_for(actor, step.right, own))


def refuse_oneself(*, actor: Actor, first_id: int | None, source: str = "") -> None:
    """Raise `Refused` when the actor is the one who took the first step (their key); the second person is another one."""
    if first_id is not None and actor.id == first_id:
        text = _("A second person decides this: you took the first step yourself.")
        raise Refused(Fault("same_person", text, source=source))


def is_first_person(*, actor: Actor, step: Move, row: Any) -> bool:
    """Whether the actor took the step that this move must be another person's answer to."""
    return bool(step.never) and actor.id is not None and getattr(row, f"{step.never}_by_id") == actor.id


def asked_fields(ledger: Ledger, *, step: Move) -> list[Field]:
    """What a move asks for; what it `needs` is required even where a new row does without (and says how)."""
    asked = [ledger.fields[name] for name in step.asks]
    return [replace(one, required=True, help="") if one.name in step.needs else one for one in asked]


def keep_file(*, actor: Actor, ledger: Ledger, upload: FormFile | None, place_id: int, photo: bool = False) -> Any:
    """Keep an uploaded file for those who may read the ledger at the place; inside an open `writing` block.

    Raises `Refused` for what is not what it is called, and with `photo` for what is none.
    """
    if upload is None:
        return None
    store = store_photo if photo else store_document
    return store(actor=actor, chunks=upload.chunks, name=upload.name, action=ledger.reads, place_id=place_id)


# -- what is written ---------------------------------------------------------------------------------------------------


def _columns(actor: Actor, ledger: Ledger, name: str, values: Values, known: LookedUp) -> dict[str, Any]:
    """What a value is in the columns of the row."""
    one, value = ledger.fields[name], values[name]
    if one.kind is FieldKind.HOLDER:
        holder = known.holders.get(value or "")
        person = holder.id if holder and holder.is_person else None
        return {f"{name}_person_id": person, f"{name}_body_id": holder.id if holder and person is None else None}
    if one.kind is FieldKind.FILE:
        return {name: keep_file(actor=actor, ledger=ledger, upload=value, place_id=values["place"])}
    if value is None and one.kind in (FieldKind.TEXT, FieldKind.CHOICE):
        return {name: ""}
    return {f"{name}_id" if one.kind is FieldKind.PLACE else name: value.strip() if isinstance(value, str) else value}


def _stamps(columns: Collection[str], step: Move, act: OpenEntry, on: date) -> dict[str, Any]:
    """The columns of stamps that the move empties and fills in, as far as the model has them."""
    found: dict[str, Any] = {}
    for stamp in step.clears:
        found |= {f"{stamp}_by_id": None, f"{stamp}_by_name": "", f"{stamp}_on": None, f"{stamp}_at": None}
    stamp = step.stamp
    found |= {
        f"{stamp}_by_id": act.actor.id,
        f"{stamp}_by_name": act.actor.name,
        f"{stamp}_on": on,
        f"{stamp}_at": act.at,
    }
    return {column: value for column, value in found.items() if column in columns}


def _stand(row: Any) -> dict[str, str]:
    """Where a row stands, as the trail keeps it."""
    return {"status": row.status, **({"due_on": str(row.due_on or "")} if hasattr(row, "due_on") else {})}


def _told(ledger: Ledger, given: Values) -> dict[str, str]:
    """The free texts that were typed with a move, kept in history."""
    return {name: text.strip() for name, text in given.items() if text and ledger.fields[name].kind is FieldKind.TEXT}


def _of(ledger: Ledger, row: Any) -> dict[str, Any]:
    return {"ledger": ledger.name, "row": row.public_id, "about": row.about, "district_id": row.district_id}


def _event(ledger: Ledger, row: Any, did: str, act: OpenEntry, data: Mapping[str, str] | None = None) -> Event:
    stands = {"status": row.status, "due_on": getattr(row, "due_on", None)}
    by = {"by_id": act.actor.id, "by_name": act.actor.name}
    return Event(**_of(ledger, row), **stands, **by, did=did, at=act.at, reason=act.reason, data=data or {})


# -- what is wrong -----------------------------------------------------------------------------------------------------


def _look_up(ledger: Ledger, district_id: int, drafts: Sequence[Values], on: date) -> LookedUp:
    def typed(kind: FieldKind) -> set[Any]:
        named = [one.name for one in ledger.fields.values() if one.kind is kind]
        return {values[name] for values in drafts for name in named if values.get(name)}

    keys = typed(FieldKind.HOLDER)
    holders = {one.key: one for one in bodies.holders_in(district_id, on) if one.key in keys} if keys else {}
    return LookedUp(places.townships_of(district_id, typed(FieldKind.PLACE), on), holders)


def _check_words(step: Move, reason: str, note: str, upload: FormFile | None) -> list[Fault]:
    said = {"reason": reason, "note": note}
    texts = [Field(kind=FieldKind.TEXT, label="", name=name, required=False) for name in said]
    found = [fault for one in texts for fault in one.check(said[one.name], date.min)]
    if step.reason and not reason.strip():
        found.append(Fault("reason_empty", _("Say why."), field="reason"))
    if step.photo and upload is None:
        found.append(Fault("photo_missing", _("Add a photo that was taken on the spot."), field="shown"))
    elif step.evidence and not note.strip() and upload is None:
        text = _("Say how it was settled, or add a file that shows it.")
        found.append(Fault("evidence_missing", text, field="note"))
    return found


def _check_draft(ledger: Ledger, draft: Draft, known: LookedUp, today: date) -> list[Fault]:
    typed = [one for one in ledger.fields.values() if one.name in draft.values or one.required]
    found = [*_check(typed, draft.values, known, today), *ledger.check(draft.values, today)]
    return [replace(one, source=draft.row) for one in found] if draft.row else found


def _check(asked: Iterable[Field], values: Values, known: LookedUp, today: date) -> list[Fault]:
    found: list[Fault] = []
    for one in asked:
        value = values.get(one.name)
        wrong = one.check(value, today)
        if not wrong and value and one.kind is FieldKind.HOLDER and value not in known.holders:
            text = _("Choose who leads this: an office-holder or an organisation.")
            wrong = [one.fault(f"{one.name}_unknown", text)]
        if not wrong and value and one.kind is FieldKind.PLACE and value not in known.towns:
            wrong = [one.fault("place_outside", _("Choose a place of this district."))]
        found += wrong
    return found
