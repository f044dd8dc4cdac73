"""Writes of placements: begun for whoever holds a regular post the day before, the post afterwards, what settling does."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.places import queries as places
from heli.places.types import Level
from heli.posts.ledger.allotting import KEEP
from heli.posts.ledger.placing import PLACEMENTS
from heli.posts.models import Holding, Placement, PlacingOutcome, PlacingState
from heli.posts.queries.placing import office_of, to_place
from heli.posts.services.offices import fill, vacate
from heli.records.abouts import About
from heli.records.models import Event
from heli.records.services import hold, next_number, refuse_finished


def begin_placements(
    *, actor: Actor, about: About, on: date, place_ids: Collection[int] | None = None, at: datetime | None = None
) -> list[Placement]:
    """A row for everybody who holds a regular post the day before villages change; who has one already gets none.

    `place_ids`: of these villages only; else of those the about runs over, or the whole district.
    """
    refuse_finished(about)
    eve = on - timedelta(days=1)
    keys = set(place_ids if place_ids is not None else about.villages)
    if not keys:
        keys = {row.id for row in places.places_on(about.district_id, eve, levels=(Level.VILLAGE,))}
    with writing(actor, "posts.place", action=KEEP, place_id=about.district_id, at=at) as act:
        first = next_number(Placement, about=about)
        holders = to_place(keys, eve)
        towns = places.townships_of(about.district_id, keys, eve)
        made = [
            Placement(
                public_id=new_public_id(), about=about.id, district_id=about.district_id, number=number,
                place_id=one.post.body.place_id, town_id=towns.get(one.post.body.place_id), status=PlacingState.OPEN,
                office=office_of(one), kind=one.post.kind, on=on, before=one, opened_by=actor.name, opened_at=act.at,
            )
            for number, one in enumerate(holders, first)
        ]  # fmt: skip
        Placement.objects.bulk_create(made)
        Event.objects.bulk_create(_event(row, "opened", act.actor, act.at) for row in made)
        act.subject, act.after = f"{about.kind.name}:{about.id}", {"did": "begin", "on": on, "count": len(made)}
    return made


def take_post(
    *,
    actor: Actor,
    placement: Placement,
    body: Any,
    kind: str,
    document_number: str = "",
    at: datetime | None = None,
) -> Placement:
    """Whoever stays or moves has this post from the day of the change on; who keeps the post they hold just keeps it.

    Refused for whoever leaves, a second post, staying elsewhere, and where no post is free.
    """
    with writing(actor, "posts.take_post", action=KEEP, place_id=placement.place_id, at=at) as act:
        held: Placement = hold(Placement.objects, pk=placement.pk)
        goes_on = held.outcome in (PlacingOutcome.STAYS, PlacingOutcome.MOVES)
        if held.status != PlacingState.DECIDED or not goes_on or held.after_id is not None:
            raise Refused(Fault("not_placed", _("A post afterwards is for whoever was decided to stay or move, once.")))
        here = {held.place_id, *places.successors(held.place_id)}
        if (body.place_id in here) != (held.outcome == PlacingOutcome.STAYS):
            text = _("Whoever stays has a post of the same village or of what it became, whoever moves elsewhere.")
            raise Refused(Fault("stays_here", text, field="body"))
        before: Holding = held.before
        assert before.person is not None
        if before.post.body_id == body.pk and before.post.kind == kind and before.valid_to is None:
            held.after = before
        else:
            name = before.person.name
            if before.valid_to is None:
                vacate(actor=actor, holding=before, on=held.on, at=act.at)
            held.after = fill(
                actor=actor, body=body, kind=kind, name=name, on=held.on, document_number=document_number, at=act.at
            )
        held.new_office = office_of(held.after)
        held.save(update_fields=["after", "new_office"])
        _event(held, "took_post", act.actor, act.at).save(force_insert=True)
        act.subject, act.after = f"placement:{held.public_id}", {"did": "took_post", "kind": kind}
    return held


def settle_placement(*, actor: Actor, row: Placement, at: datetime | None = None) -> None:
    """Whoever leaves or starts a business leaves every post they hold on the day of the change; pay is kept as decided."""
    if row.outcome in (PlacingOutcome.STAYS, PlacingOutcome.MOVES):
        return
    pairs = Holding.objects.filter(same_as=row.before_id, valid_to=None)
    for held in (row.before, *pairs, *filter(None, [row.before.same_as])):
        if held.valid_to is None:
            kept = row.pay_kept_until if held.pk == row.before_id else None
            vacate(actor=actor, holding=held, on=row.on, pay_kept_until=kept, at=at)


def _event(row: Placement, did: str, actor: Actor, at: datetime) -> Event:
    return Event(
        ledger=PLACEMENTS.name, row=row.public_id, about=row.about, district_id=row.district_id, at=at, did=did,
        status=row.status, by_id=actor.id, by_name=actor.name,
    )  # fmt: skip
