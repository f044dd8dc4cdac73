"""Writes of bodies: founding and ending them, persons in office, links to places. A person's name enters the trail as a
digest, so that it can be deleted on time."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from heli.audit.anchor import keyed_digest
from heli.audit.services import writing
from heli.bodies.models import Body, BodyLink, Person
from heli.bodies.types import EXCLUSIVE, BodyKind, LinkKind
from heli.kernel.access import Actor, require_everywhere
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.kernel.offers import offered

EDIT = "bodies.edit"
KEPT_YEARS = 3
FORGOTTEN = "\uff0a"
"""Stands where the name of a former office-holder was."""


def add_body(
    *,
    actor: Actor,
    name: str,
    kind: BodyKind,
    place_id: int,
    on: date,
    parent: Body | None = None,
    at: datetime | None = None,
) -> Body:
    """Enter a body that belongs to a place from a day on."""
    name = name.strip()
    faults = [] if name else [Fault("name_missing", _("Enter the body's name."), field="name")]
    if Body.objects.filter(place_id=place_id, name=name, valid_to=None).exists():
        faults.append(Fault("body_exists", _("This place has a body of that name already."), field="name"))
    if faults:
        raise Refused(faults)
    with writing(actor, "bodies.add_body", action=EDIT, place_id=place_id, at=at) as act:
        body = Body(
            public_id=new_public_id(), name=name, kind=kind.value, place_id=place_id, parent=parent, valid_from=on
        )
        body.save(force_insert=True)
        act.subject, act.after = f"body {body.pk}", {"name": name, "kind": kind.value, "from": on}
    return body


def end_body(*, actor: Actor, body: Body, on: date, reason: str, at: datetime | None = None) -> None:
    """End a body with its persons and links; rows stay."""
    if faults := _check_end(body.valid_from, body.valid_to, on):
        raise Refused(faults)
    with writing(actor, "bodies.end_body", action=EDIT, place_id=body.place_id, reason=reason, at=at) as act:
        links = BodyLink.objects.filter(Q(body=body) | Q(person__body=body), valid_to=None)
        persons = Person.objects.filter(body=body, valid_to=None)
        late = max(
            [*links.values_list("valid_from", flat=True), *persons.values_list("valid_from", flat=True)], default=None
        )
        if late is not None and late >= on:
            text = _("A link or a person of this body begins on %(day)s; choose a later day.") % {"day": late}
            raise Refused(Fault("body_in_use", text, field="on"))
        _refuse_kept(persons, on)
        act.subject, act.after = f"body {body.pk}", {"to": on, "links": links.count(), "persons": persons.count()}
        links.update(valid_to=on)
        persons.update(valid_to=on)
        body.valid_to = on
        body.save(update_fields=["valid_to"])


def add_person(
    *,
    actor: Actor,
    body: Body,
    name: str,
    office: str,
    on: date,
    until: date | None = None,
    at: datetime | None = None,
) -> Person:
    """Enter a person in an office of a body, until a day where that is known."""
    name, office = name.strip(), office.strip()
    faults = [
        Fault(f"{field}_missing", text, field=field)
        for field, value, text in (
            ("name", name, _("Enter the person's name.")),
            ("office", office, _("Enter the office the person holds.")),
        )
        if not value
    ]
    if (body.valid_to is not None and body.valid_to <= on) or on < body.valid_from:
        faults.append(Fault("body_not_there", _("The body does not exist on that day."), field="on"))
    if until is not None and until <= on:
        faults.append(Fault("period_backward", _("The period must end after it starts."), field="until"))
    if faults:
        raise Refused(faults)
    with writing(actor, "bodies.add_person", action=EDIT, place_id=body.place_id, at=at) as act:
        person = Person(public_id=new_public_id(), body=body, name=name, office=office, valid_from=on, valid_to=until)
        person.save(force_insert=True)
        act.subject = f"person {person.pk}"
        act.after = {"body": body.pk, "name": keyed_digest(name), "office": office, "from": on}
    return person


def end_person(*, actor: Actor, person: Person, on: date, at: datetime | None = None) -> None:
    """A person leaves the office; the person's links end with it."""
    if faults := _check_end(person.valid_from, person.valid_to, on):
        raise Refused(faults)
    with writing(actor, "bodies.end_person", action=EDIT, place_id=person.body.place_id, at=at) as act:
        links = BodyLink.objects.filter(person=person, valid_to=None)
        if links.filter(valid_from__gte=on).exists():
            text = _("A link of this person begins on that day or later; end it first.")
            raise Refused(Fault("person_in_use", text, field="on"))
        _refuse_kept([person], on)
        act.subject, act.after = f"person {person.pk}", {"to": on, "links": links.count()}
        links.update(valid_to=on)
        person.valid_to = on
        person.save(update_fields=["valid_to"])


def add_link(
    *,
    actor: Actor,
    kind: LinkKind,
    place_id: int,
    on: date,
    body: Body | None = None,
    person: Person | None = None,
    until: date | None = None,
    document_number: str = "",
    at: datetime | None = None,
    action: str = EDIT,
) -> BodyLink:
    """Link a body or a person to a place from a day on. A place has one responsible and one area lead at a time, a body
    one place whose property it keeps."""
    faults = []
    if (body is None) == (person is None):
        faults.append(Fault("link_holder", _("Choose either a body or a person."), field="holder"))
    if until is not None and until <= on:
        faults.append(Fault("period_backward", _("The period must end after it starts."), field="until"))
    if not faults and (other := _overlapping(kind, place_id, on, until, body=body, person=person)):
        if kind in EXCLUSIVE:
            text = _("%(holder)s has this link until %(end)s; end that one first.")
        else:
            text = _("%(holder)s is linked to this place already.")
        end = other.valid_to.isoformat() if other.valid_to else _("further notice")
        message = text % {"holder": other.person or other.body, "end": end}
        faults.append(Fault("link_exists", message, field="kind"))
    if faults:
        raise Refused(faults)
    with writing(actor, "bodies.add_link", action=action, place_id=place_id, at=at) as act:
        link = BodyLink(
            public_id=new_public_id(), kind=kind.value, place_id=place_id, body=body, person=person,
            valid_from=on, valid_to=until, document_number=document_number,
        )  # fmt: skip
        link.save(force_insert=True)
        act.subject = f"link {link.pk}"
        act.after = {
            "kind": kind.value,
            "body": body.pk if body else None,
            "person": person.pk if person else None,
            "from": on,
            "to": until,
            "document": document_number,
        }
    return link


def end_link(*, actor: Actor, link: BodyLink, on: date, reason: str = "", at: datetime | None = None) -> None:
    """End a link on a day."""
    if faults := _check_end(link.valid_from, link.valid_to, on):
        raise Refused(faults)
    with writing(actor, "bodies.end_link", action=EDIT, place_id=link.place_id, reason=reason, at=at) as act:
        act.subject, act.before, act.after = f"link {link.pk}", {"to": link.valid_to}, {"to": on}
        link.valid_to = on
        link.save(update_fields=["valid_to"])


def forget_persons(*, actor: Actor, on: date, at: datetime | None = None) -> int:
    """Replace the names of persons whose office ended more than `KEPT_YEARS` ago; how many. Offices and links stay.

    Law: PIPL Art. 19, 47: kept no longer than needed (declared in accounts/data/personal.toml).
    """
    require_everywhere(actor, EDIT)
    leap_day = (on.month, on.day) == (2, 29)
    limit = on.replace(year=on.year - KEPT_YEARS, day=28 if leap_day else on.day)
    due = Person.objects.filter(valid_to__lte=limit).exclude(name=FORGOTTEN)
    keys = list(due.order_by("pk").values_list("pk", flat=True))
    if keys:
        with writing(actor, "bodies.forget_persons", action=EDIT, at=at) as act:
            due.update(name=FORGOTTEN)
            act.after = {"persons": keys, "ended_before": limit}
    return len(keys)


def _refuse_kept(persons: Iterable[Person], on: date) -> None:
    """Whoever's office is kept by a higher context (`offices.py`) leaves it there."""
    keys = [person.pk for person in persons]
    if found := [fault for keeper in offered("offices", "OFFICES") for fault in keeper(keys, on)]:
        raise Refused(found)


def _overlapping(
    kind: LinkKind, place_id: int, on: date, until: date | None, *, body: Body | None, person: Person | None
) -> BodyLink | None:
    links = BodyLink.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), kind=kind.value)
    if until is not None:
        links = links.filter(valid_from__lt=until)
    if kind is not LinkKind.PROPERTY:
        links = links.filter(place_id=place_id)
    if kind not in EXCLUSIVE:
        links = links.filter(body=body) if body else links.filter(person=person)
    return links.select_related("body", "person").first()


def _check_end(start: date, end: date | None, on: date) -> list[Fault]:
    if end is not None and end <= on:
        return [Fault("ended", _("This has ended already."), field="on")]
    if on <= start:
        text = _("It begins on %(day)s: choose a later day.") % {"day": start}
        return [Fault("period_backward", text, field="on")]
    return []
