"""Reads of bodies: which exist, and who answers for a place."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from heli.bodies.models import Body, BodyLink, Person
from heli.bodies.types import GRASSROOTS, JOINT, ORDER, Answering, BodyKind, LinkKind
from heli.kernel.access import Scope
from heli.places import queries as places


def valid_on(on: date, prefix: str = "") -> Q:
    """Rows valid on the day; of those at the end of `prefix`."""
    open_ended, later = Q(**{f"{prefix}valid_to__isnull": True}), Q(**{f"{prefix}valid_to__gt": on})
    return Q(**{f"{prefix}valid_from__lte": on}) & (open_ended | later)


def in_scope(scope: Scope) -> QuerySet[Body]:
    """The bodies an actor may reach: those of the places in scope, and those held directly."""
    if scope.everything:
        return Body.objects.all()
    return Body.objects.filter(Q(place__in=places.in_scope(scope)) | Q(pk__in=scope.body_ids))


def open_among(scope: Scope, public_ids: Collection[str]) -> set[str]:
    """Those of some bodies that an actor may reach, by public id; the place of each is asked for, not every place in scope."""
    found = list(Body.objects.filter(public_id__in=sorted(public_ids)).values_list("public_id", "pk", "place_id"))
    reached = places.reached_among(scope, {place for _public, _key, place in found})
    return {public for public, key, place in found if place in reached or key in scope.body_ids or scope.everything}


def who_answers_for(place_id: int, on: date, *, ever: bool = False) -> list[Answering]:
    """Who is linked to the place on a day: the responsible first, then the area lead, then those assigned.

    With `ever`, everybody who ever was, newest first within a kind.
    """
    return _answering(BodyLink.objects.filter(place_id=place_id), None if ever else on)


def who_answers_for_all(place_ids: Collection[int], on: date) -> dict[int, list[Answering]]:
    """The same for many places, one query: {place: holders}."""
    found: dict[int, list[Answering]] = {}
    links = _with_holders(BodyLink.objects.filter(valid_on(on), place_id__in=list(place_ids)))
    for link in links:
        found.setdefault(link.place_id, []).append(_row(link))
    return found


def _with_holders(links: QuerySet[BodyLink]) -> list[BodyLink]:
    rows = links.filter(kind__in=ORDER).select_related("body", "person__body").order_by("-valid_from", "pk")
    return sorted(rows, key=lambda link: ORDER.index(LinkKind(link.kind)))


def _answering(links: QuerySet[BodyLink], on: date | None) -> list[Answering]:
    return [_row(link) for link in _with_holders(links if on is None else links.filter(valid_on(on)))]


def _row(link: BodyLink) -> Answering:
    person = link.person
    holder = person or link.body
    assert holder is not None
    return Answering(
        link_id=link.public_id,
        kind=LinkKind(link.kind),
        holder_id=holder.public_id,
        name=holder.name,
        is_person=person is not None,
        office=person.office if person else "",
        of=person.body.name if person else "",
        since=link.valid_from,
        until=link.valid_to,
        document_number=link.document_number,
    )


def serving(place_ids: Collection[int], on: date, most: int) -> list[str]:
    """Names of the stations of some places on a day."""
    found = Body.objects.filter(valid_on(on), kind=BodyKind.STATION, place__in=list(place_ids))
    return list(found.order_by("name").values_list("name", flat=True)[:most])


def of_kind(district_id: int, kind: str, on: date) -> list[tuple[int, int, str]]:
    """The bodies of a kind in a district on a day, by name: (key, place, name)."""
    mine = Q(place_id=district_id) | Q(place__district_id=district_id)
    found = Body.objects.filter(valid_on(on), mine, kind=kind).order_by("name", "pk")
    return list(found.values_list("pk", "place_id", "name"))


def joint_links(district_ids: Collection[int], on: date) -> list[tuple[int, int, LinkKind, str, date]]:
    """Who helps the places of some districts on a day: (place, district, kind, organisation, since), persons by theirs."""
    links = BodyLink.objects.filter(valid_on(on), kind__in=JOINT, place__district_id__in=list(district_ids))
    found = links.select_related("place", "body", "person__body").order_by("place_id", "pk")
    rows = []
    for one in found:
        body = one.body or (one.person.body if one.person else None)
        assert body is not None
        rows.append((one.place_id, one.place.district_id or 0, LinkKind(one.kind), body.name, one.valid_from))
    return rows


def keepers_of(place_ids: Collection[int], on: date) -> dict[int, int]:
    """Who keeps the collective property of some places on a day: {body: place}."""
    links = BodyLink.objects.filter(valid_on(on), kind=LinkKind.PROPERTY, place_id__in=list(place_ids))
    return {body: place for body, place in links.values_list("body_id", "place_id") if body is not None}


def property_places(body_ids: Collection[int], on: date) -> dict[int, int]:
    """Whose place's collective property some bodies keep on a day: {body: place}."""
    links = BodyLink.objects.filter(valid_on(on), kind=LinkKind.PROPERTY, body_id__in=list(body_ids))
    return {body: place for body, place in links.values_list("body_id", "place_id") if body is not None}


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A body as lists show it."""

    public_id: str
    name: str
    kind: BodyKind
    place_name: str
    persons: int
    linked_places: int


def names_at_places(place_ids: Collection[int]) -> list[str]:
    """Names of the bodies of some places and of those that are or were linked to them, themselves or by a person; sorted."""
    linked = BodyLink.objects.filter(place__in=place_ids)
    keys = Q(pk__in=linked.values("body")) | Q(pk__in=linked.values("person__body"))
    return sorted(set(Body.objects.filter(Q(place__in=place_ids) | keys).values_list("name", flat=True)))


def body_rows(scope: Scope, on: date) -> list[BodyRow]:
    """The bodies of a scope on a day, with how many persons they have and how many places they answer for."""
    bodies = list(in_scope(scope).filter(valid_on(on)).order_by("name", "pk"))
    keys = [body.pk for body in bodies]
    names = places.names_at({body.place_id for body in bodies}, on)
    persons: dict[int, int] = {}
    for body_id in Person.objects.filter(valid_on(on), body_id__in=keys).values_list("body_id", flat=True):
        persons[body_id] = persons.get(body_id, 0) + 1
    linked: dict[int, set[int]] = {}
    links = BodyLink.objects.filter(valid_on(on)).filter(Q(body_id__in=keys) | Q(person__body_id__in=keys))
    for body_id, persons_body, place_id in links.values_list("body_id", "person__body_id", "place_id"):
        linked.setdefault(body_id or persons_body, set()).add(place_id)
    return [
        BodyRow(
            public_id=body.public_id,
            name=body.name,
            kind=BodyKind(body.kind),
            place_name=names.get(body.place_id, ""),
            persons=persons.get(body.pk, 0),
            linked_places=len(linked.get(body.pk, ())),
        )
        for body in bodies
    ]


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link as the page of a body lists it."""

    public_id: str
    kind: LinkKind
    place_id: int
    place_name: str
    place_public_id: str
    holder: str
    valid_from: date
    valid_to: date | None
    document_number: str


def body_named(place_id: int, name: str) -> Body | None:
    """The standing body of this name at a place."""
    return Body.objects.filter(place_id=place_id, name=name, valid_to__isnull=True).first()


def links_now(body: Body, kind: LinkKind, on: date) -> list[BodyLink]:
    """The links of this kind that a body itself has on a day, ready to be ended."""
    links = BodyLink.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), body=body, kind=kind.value, valid_from__lte=on
    )
    return list(links.order_by("pk"))


def links_by_key(keys: Collection[int]) -> list[BodyLink]:
    """Links by their keys, in that order."""
    found = BodyLink.objects.select_related("body", "person").in_bulk(list(keys))
    return [found[key] for key in keys]


def links_of(body: Body, on: date) -> list[LinkRow]:
    """Links of a body and of its persons, open ones first."""
    links = BodyLink.objects.filter(Q(body=body) | Q(person__body=body)).select_related("place", "body", "person")
    rows = list(links.order_by("valid_to", "-valid_from", "pk"))
    names = places.names_at({link.place_id for link in rows}, on)
    return [
        LinkRow(
            public_id=link.public_id,
            kind=LinkKind(link.kind),
            place_id=link.place_id,
            place_name=names.get(link.place_id, ""),
            place_public_id=link.place.public_id,
            holder=str(link.person or link.body),
            valid_from=link.valid_from,
            valid_to=link.valid_to,
            document_number=link.document_number,
        )
        for link in sorted(rows, key=lambda link: link.valid_to is not None)
    ]


def persons_of(body: Body, on: date | None) -> QuerySet[Person]:
    """The persons in office of a body on a day; None: whoever ever was."""
    persons = Person.objects.filter(body=body).order_by("pk")
    return persons if on is None else persons.filter(valid_on(on))


def bodies_named(scope: Scope, text: str, on: date) -> QuerySet[Body]:
    """Organisations of the day with a text in their name."""
    return in_scope(scope).filter(valid_on(on), name__icontains=text).order_by("name", "pk")


def persons_named(scope: Scope, text: str, on: date) -> QuerySet[Person]:
    """People in office on the day with a text in their name or office."""
    found = Person.objects.filter(valid_on(on), Q(name__icontains=text) | Q(office__icontains=text))
    return found.filter(body__in=in_scope(scope)).select_related("body").order_by("name", "pk")


def link_to_place(place_id: int, public_id: str, on: date) -> BodyLink | None:
    """A link to the place that holds on the day, by its public id."""
    return BodyLink.objects.filter(valid_on(on), place_id=place_id, public_id=public_id).first()


def link_of(body: Body, public_id: str) -> BodyLink | None:
    """A link of the body or of one of its persons."""
    links = BodyLink.objects.filter(Q(body=body) | Q(person__body=body), public_id=public_id)
    return links.select_related("body", "person__body").first()


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who can be charged with a matter: a person in office or a body; `key` names it in forms ("person:…", "body:…")."""

    key: str
    id: int
    is_person: bool
    name: str
    office: str
    of: str

    @property
    def title(self) -> str:
        """How a row names them: a person with the office."""
        return f"{self.name} {self.office}" if self.is_person else self.name

    @property
    def label(self) -> str:
        """How it is written in lists."""
        return f"{self.name}（{self.of} {self.office}）" if self.is_person else self.name


def holder_of(person: Person | None, body: Body | None) -> Holder | None:
    """Whoever is charged by one of two columns."""
    if person is not None:
        return Holder(f"person:{person.public_id}", person.pk, True, person.name, person.office, "")
    return None if body is None else Holder(f"body:{body.public_id}", body.pk, False, body.name, "", "")


def holders_in(district_id: int, on: date) -> list[Holder]:
    """Every body of a district and every person in office there on a day, bodies first; two queries."""
    bodies = Body.objects.filter(valid_on(on)).filter(Q(place_id=district_id) | Q(place__district_id=district_id))
    persons = Person.objects.filter(valid_on(on), body__in=bodies).select_related("body")
    return [
        *(
            Holder(f"body:{body.public_id}", body.pk, False, body.name, "", "")
            for body in bodies.order_by("name", "pk")
        ),
        *(
            Holder(f"person:{one.public_id}", one.pk, True, one.name, one.office, one.body.name)
            for one in persons.order_by("body__name", "pk")
        ),
    ]


def grassroots_in(district_id: int, on: date) -> set[int]:
    """Keys of the bodies of a district's villages and communities on a day: they whistle, no task is put on them; one query."""
    found = Body.objects.filter(valid_on(on), kind__in=GRASSROOTS)
    return set(
        found.filter(Q(place_id=district_id) | Q(place__district_id=district_id))
        .order_by()
        .values_list("pk", flat=True)
    )


def names_of_bodies(body_ids: Collection[int]) -> dict[int, str]:
    """Names of bodies by key; one query."""
    return dict(Body.objects.filter(pk__in=list(body_ids)).values_list("pk", "name"))


def names_of_persons(public_ids: Collection[str]) -> dict[str, str]:
    """Names of persons in office by public id, as of today: who was forgotten has none."""
    found = Person.objects.filter(public_id__in=sorted(public_ids)).exclude(name="")
    return dict(found.values_list("public_id", "name"))


def holders_on_call(place_ids: Collection[int], on: date) -> list[Holder]:
    """The bodies on call at some places on a day, each once, by name; one query."""
    links = BodyLink.objects.filter(
        valid_on(on), kind=LinkKind.ON_CALL, place_id__in=list(place_ids), body__isnull=False
    )
    found = Body.objects.filter(pk__in=links.values("body")).order_by("name", "pk")
    return [Holder(f"body:{one.public_id}", one.pk, False, one.name, "", "") for one in found]


def find_holder(key: str, district_id: int, on: date) -> Holder | None:
    """The holder behind a key, if it is in the district on the day."""
    return next((holder for holder in holders_in(district_id, on) if holder.key == key), None)
