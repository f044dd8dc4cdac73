"""Writes of posts: how many a body has under a document, who holds one, who leaves, which two are one person's."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.bodies import services as bodies
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.places import queries as places
from heli.places import services as register
from heli.places.types import FactSpec, Level
from heli.posts.catalogues import CommitteeSize, is_kind, kind_words, kinds, size_of
from heli.posts.models import Establishment, Holding, OfficeMatter, OfficeWord, Post
from heli.posts.queries.offices import free_posts, regular_posts
from heli.records.fields import check_values
from heli.records.services import hold

KEEP, ACCEPT = "posts.keep", "posts.accept"
MEASURE = "cadre_posts"
BEFORE = date.min
INSTEAD = {"member": ("part_time",)}
"""What whoever is elected may hold where no post of the kind is free."""
Seats = Mapping[str, int]
"""So many posts by kind."""


def set_posts(
    *,
    actor: Actor,
    body: Any,
    seats: Seats,
    on: date,
    document_number: str,
    joint: bool = False,
    at: datetime | None = None,
) -> Establishment:
    """From a day on a body has so many posts by kind under a document; kinds not named are given up.

    Writes the measure of the village's regular posts. Refused for an unknown kind, a second post of an exclusive one, a committee
    of unlawful size, fewer posts than are held, a paper not later than the last.
    """
    with writing(actor, "posts.set_posts", action=ACCEPT, place_id=body.place_id, at=at) as act:
        made = establish(body, seats=seats, on=on, document_number=document_number, joint=joint)
        write_regular(actor=actor, place_ids=[body.place_id], on=on, at=act.at)
        act.subject = f"body {body.pk}"
        act.after = {"did": "posts", "from": on, "document": document_number, "joint": joint, "posts": dict(seats)}
    return made


def establish(body: Any, *, seats: Seats, on: date, document_number: str, joint: bool = False) -> Establishment:
    """The paper and the posts it sets up or gives up; inside an open `writing` block. Raises `Refused`."""
    made = Establishment(
        public_id=new_public_id(), body=body, valid_from=on, document_number=document_number.strip(), joint=joint
    )
    found = [
        *_check_seats(seats, joint),
        *check_values(Establishment, {"document_number": document_number, "valid_from": on}, on),
    ]
    if Establishment.objects.filter(body=body, valid_from__gte=on).exists():
        found.append(
            Fault("paper_later", _("A paper of that day or later sets the posts of this body."), field="valid_from")
        )
    committee = sum(count for kind, count in seats.items() if is_kind(kind, "committee"))
    size = _size_at(body.place_id, on) if committee else None
    if size is not None and not size.least <= committee <= size.most:
        text = _("The committee would have %(count)s members; by %(law)s it has %(least)s to %(most)s.")
        said = {"count": committee, "law": size.article, "least": size.least, "most": size.most}
        found.append(Fault("committee_size", text % said, field="seats", source=size.article))
    if found:
        raise Refused(found)
    if size is not None:
        made.committee, made.least, made.most, made.law = committee, size.least, size.most, size.article
    known = list(Post.objects.select_for_update(of=("self",), no_key=True).filter(body=body).order_by("pk"))
    Holding.objects.filter(post__in=known, person=None, valid_from=BEFORE, valid_to__gt=on).update(valid_to=on)
    away = {one.post_id: one for one in Holding.objects.filter(post__in=known, person=None, valid_to=None)}
    later = Holding.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), post__in=known, person__isnull=False)
    taken = set(later.values_list("post_id", flat=True))
    for kind in sorted({*seats, *(post.kind for post in known)}):
        mine = [post for post in known if post.kind == kind]
        there = [post for post in mine if post.pk not in away]
        wanted = seats.get(kind, 0)
        if wanted < (held := sum(post.pk in taken for post in there)):
            text = _("%(held)s are in office as %(kind)s on that day, more than %(wanted)s: end offices first.")
            said = {"held": held, "kind": kind_words().get(kind, kind), "wanted": wanted}
            raise Refused(Fault("below_holders", text % said, field=kind))
        _give_up([post for post in reversed(there) if post.pk not in taken][: max(0, len(there) - wanted)], on)
        more = max(0, wanted - len(there))
        back = [away[post.pk] for post in mine if post.pk in away][:more]
        Holding.objects.filter(pk__in=[one.pk for one in back]).update(valid_to=on)
        _set_up(body, kind, range(len(mine) + 1, len(mine) + 1 + more - len(back)), on)
    made.save(force_insert=True)
    return made


def _size_at(place_id: int, on: date) -> CommitteeSize | None:
    row = places.rows_of([place_id], on).get(place_id)
    return size_of(row.kind, on) if row else None


def _give_up(posts: list[Post], on: date) -> None:
    Holding.objects.bulk_create(Holding(public_id=new_public_id(), post=post, valid_from=on) for post in posts)


def _set_up(body: Any, kind: str, numbers: Iterable[int], on: date) -> None:
    exclusive = is_kind(kind, "exclusive")
    made = Post.objects.bulk_create(
        Post(public_id=new_public_id(), body=body, kind=kind, number=number, is_exclusive=exclusive)
        for number in numbers
    )
    Holding.objects.bulk_create(
        Holding(public_id=new_public_id(), post=post, valid_from=BEFORE, valid_to=on) for post in made
    )


def write_regular(*, actor: Actor, place_ids: list[int], on: date, at: datetime | None = None) -> None:
    """Write how many regular posts villages have from a day on into the register, where others read it."""
    counted = regular_posts(place_ids, on)
    standing = places.rows_of(place_ids, on)
    facts = [
        FactSpec(place_id=place, measure=MEASURE, on=on, value=counted.get(place, 0))
        for place in sorted(standing)
        if standing[place].level is Level.VILLAGE
    ]
    register.record_facts(actor=actor, facts=facts, at=at, action=ACCEPT)


def fill(
    *,
    actor: Actor,
    body: Any,
    kind: str,
    name: str,
    on: date,
    how: str = "",
    until: date | None = None,
    document_number: str = "",
    office: str = "",
    at: datetime | None = None,
) -> Holding:
    """Somebody holds a free post of this kind from a day on; `how`: as the kind is usually filled. The holding, with its person.

    Refused where the body has no such post or all are held.
    """
    entry = kinds().entries.get(kind)
    with writing(actor, "posts.fill", action=KEEP, place_id=body.place_id, at=at) as act:
        free = free_posts(body, kind, on, until)
        if entry is None or not free:
            text = _(
                "%(body)s has no free post of this kind (%(kind)s) then: set more posts under a document, or end an office."
            )
            raise Refused(
                Fault("no_free_post", text % {"body": body.name, "kind": kind_words().get(kind, kind)}, field="kind")
            )
        how = how or str(entry.more["how"])
        if found := check_values(Holding, {"how": how, "document_number": document_number}, on):
            raise Refused(found)
        title = office or entry.words.zh
        person = bodies.add_person(actor=actor, body=body, name=name, office=title, on=on, until=until, at=act.at)
        made = Holding(
            public_id=new_public_id(), post=free[0], person=person, valid_from=on, valid_to=until, how=how,
            document_number=document_number.strip(),
        )  # fmt: skip
        made.save(force_insert=True)
        act.subject = f"holding:{made.public_id}"
        act.after = {"did": "fill", "kind": kind, "how": how, "from": on, "to": until}
    return made


def vacate(
    *,
    actor: Actor,
    holding: Holding,
    on: date,
    pay_kept_until: date | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Holding:
    """Whoever holds a post leaves it on a day; pay that is kept for a term ends by a later one (2.14)."""
    with writing(actor, "posts.vacate", action=KEEP, place_id=holding.post.body.place_id, reason=reason, at=at) as act:
        held: Holding = hold(Holding.objects, pk=holding.pk)
        if held.person is None or held.valid_to is not None or on <= held.valid_from:
            raise Refused(Fault("no_office", _("Nobody holds this post then, or the office ended before."), field="on"))
        if pay_kept_until is not None and pay_kept_until <= on:
            raise Refused(Fault("pay_day", _("Pay that is kept ends after the office does."), field="pay_kept_until"))
        held.valid_to, held.pay_kept_until = on, pay_kept_until
        held.save(update_fields=["valid_to", "pay_kept_until"])
        bodies.end_person(actor=actor, person=held.person, on=on, at=act.at)
        act.subject, act.after = (
            f"holding:{held.public_id}",
            {"did": "vacate", "to": on, "pay_kept_until": pay_kept_until},
        )
    return held


def pair(*, actor: Actor, holding: Holding, other: Holding, at: datetime | None = None) -> Holding:
    """Declare that two posts are held by one human (一肩挑); the first counts, the second does not."""
    with writing(actor, "posts.pair", action=KEEP, place_id=holding.post.body.place_id, at=at) as act:
        held: Holding = hold(Holding.objects, pk=holding.pk)
        if against := _check_pair(held, other):
            raise Refused(against)
        held.same_as = other
        held.save(update_fields=["same_as"])
        act.subject, act.after = f"holding:{held.public_id}", {"did": "pair", "with": other.public_id}
    return held


def _check_pair(one: Holding, other: Holding) -> Fault | None:
    if one.pk == other.pk or one.person is None or other.person is None:
        return Fault("pair_of_two", _("Choose two posts that are held."), field="other")
    if one.person.name != other.person.name:
        return Fault("pair_names", _("The two posts are held by people of different names."), field="other")
    pairs = Holding.objects.filter(
        Q(pk__in=[one.pk, other.pk], same_as__isnull=False) | Q(same_as__in=[one.pk, other.pk])
    )
    if pairs.exists():
        return Fault("paired_already", _("One of the two is paired already."), field="other")
    if one.valid_from >= (other.valid_to or date.max) or other.valid_from >= (one.valid_to or date.max):
        return Fault("pair_apart", _("The two posts are not held at the same time."), field="other")
    return None


def say_word(
    *,
    actor: Actor,
    holding: Holding,
    matter: str,
    is_met: bool,
    ground: str,
    decided_by: str,
    on: date,
    today: date | None = None,
    at: datetime | None = None,
) -> OfficeWord:
    """Keep the one word of the deciding body about somebody in office: apart from near relatives, qualified, conduct."""
    values = {"matter": matter, "ground": ground, "decided_by": decided_by, "on": on}
    if found := check_values(OfficeWord, values, today or on):
        raise Refused(found)
    with writing(actor, "posts.say_word", action=KEEP, place_id=holding.post.body.place_id, at=at) as act:
        if holding.person_id is None:
            raise Refused(Fault("no_office", _("Nobody holds this post.")))
        said = OfficeWord.objects.create(
            holding=holding, matter=OfficeMatter(matter), is_met=is_met, ground=ground.strip(),
            decided_by=decided_by.strip(), on=on, by_name=actor.name,
        )  # fmt: skip
        act.subject, act.after = f"holding:{holding.public_id}", {"did": "word", "matter": matter, "met": is_met}
    return said


def _check_seats(seats: Seats, joint: bool) -> list[Fault]:
    found = []
    for kind, count in seats.items():
        if kind not in kinds().entries:
            found.append(Fault("kind_unknown", _("“%(kind)s” is no kind of post.") % {"kind": kind}, field="seats"))
        elif count < 0 or (count > 1 and is_kind(kind, "exclusive")):
            text = _("A body has one post of this kind at most (%(kind)s).")
            found.append(Fault("exclusive_twice", text % {"kind": kind_words()[kind]}, field=kind))
    if joint and not (seats.get("secretary") and seats.get("head")):
        found.append(
            Fault(
                "joint_of_two", _("One person holds both only where there are a secretary and a head."), field="joint"
            )
        )
    return found


def seat_elected(
    *,
    actor: Actor,
    body: Any,
    kind: str,
    name: str,
    office: str,
    on: date,
    new_term: bool = True,
    at: datetime | None = None,
) -> Any:
    """Somebody elected holds a post; `kind` "" is an office without one (heads of groups, representatives). The person.

    With a `new_term` those who were elected before leave on the day where all posts of the kind are held. A member without a free
    post holds a part-time one. Where no paper sets posts of the body yet, the election sets one up, else it is refused.
    """
    given: dict[str, Any] = {"actor": actor, "on": on, "at": at}
    if not kind:
        return bodies.add_person(body=body, name=name, office=office, **given)
    choices = (kind, *INSTEAD.get(kind, ()))
    if new_term and not any(free_posts(body, one, on) for one in choices):
        earlier = Holding.objects.filter(
            post__body=body, post__kind__in=choices, how="elected", valid_to=None, valid_from__lt=on
        ).select_related("post__body")
        for held in list(earlier):
            vacate(holding=held, **given)
    free = next((one for one in choices if free_posts(body, one, on)), "")
    if not free and not Establishment.objects.filter(body=body).exists():
        with writing(actor, "posts.elected_post", action=KEEP, place_id=body.place_id, at=at) as act:
            there = Post.objects.filter(body=body, kind=kind).count()
            if not (there and is_kind(kind, "exclusive")):
                _set_up(body, kind, [there + 1], on)
            act.subject, act.after = f"body {body.pk}", {"did": "elected_post", "kind": kind, "from": on}
    return fill(body=body, kind=free or kind, name=name, office=office, how="elected", **given).person


def leave_office(*, actor: Actor, person: Any, on: date, at: datetime | None = None) -> None:
    """Somebody leaves an office: the post they hold, or the office alone where posts are not kept."""
    held = Holding.objects.filter(person=person, valid_to=None).select_related("post__body").first()
    if held is not None:
        vacate(actor=actor, holding=held, on=on, at=at)
        person.refresh_from_db(fields=["valid_to"])
    else:
        bodies.end_person(actor=actor, person=person, on=on, at=at)
