"""Answers carried out: an accepted question is written where it belongs on a day, all or nothing, and taken back the same way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from shapely import union_all
from shapely.geometry import shape

from heli.audit.services import writing
from heli.bodies import queries as bodies
from heli.bodies import services as bodies_register
from heli.bodies.types import BodyKind, LinkKind
from heli.kernel.access import Actor, require
from heli.kernel.faults import Fault, Refused
from heli.kernel.periods import is_plausible
from heli.places import queries as places
from heli.places import services as register
from heli.places.types import EventKind, EventSpec, LinkSpec, PlaceKind, PlaceSpec
from heli.planning import queries
from heli.planning.models import Application, Scenario
from heli.planning.queries import QuestionStanding
from heli.planning.questions.joined import is_joined
from heli.planning.services.applying import APPLY, REVERSE, set_status
from heli.planning.services.foreseeing import built_on
from heli.planning.services.scenarios import take_turn
from heli.planning.types import PlanKind, ScenarioStatus
from heli.planning.wording import fault, implausible_day


@dataclass
class PlanCarrier:
    """What is being written: the question, the day, and what came of it."""

    actor: Actor
    standing: QuestionStanding
    on: date
    at: datetime
    events: list[list[object]] = field(default_factory=list)
    links: list[list[object]] = field(default_factory=list)

    def record(self, specs: list[EventSpec]) -> None:
        """Write events into the register."""
        recorded = register.record_events(actor=self.actor, events=specs, at=self.at, action=APPLY) if specs else []
        self.events += [[event.id, event.public_id] for event in recorded]

    def event(self, kind: EventKind, links: tuple[LinkSpec, ...], founds: Mapping[str, PlaceSpec]) -> EventSpec:
        """An event of the day under the document that decided."""
        decided = self.standing.acceptance
        assert decided is not None
        return EventSpec(
            kind=kind,
            on=self.on,
            links=links,
            founds=founds,
            document_number=decided.document_number,
            document_date=decided.document_on,
            note=self.standing.scenario.name,
        )


def apply_question(*, actor: Actor, question: Scenario, on: date, at: datetime | None = None) -> Application:
    """Carry an accepted question out from the day `on`. Applied already: the standing application.

    Raises `Refused` when it is not accepted, places have changed since, or what it writes is refused; `Forbidden`.
    """
    require(actor, APPLY, question.district_id)
    standing = queries.question_standing(question)
    if standing.application is not None:
        return standing.application
    if found := [implausible_day("on")] if not is_plausible(on) else check_carrying(standing, on=on):
        raise Refused(found)
    with writing(actor, APPLY, place_id=question.district_id, at=at) as act:
        take_turn(question)
        if (other := Application.objects.filter(scenario=question, reversed_at__isnull=True).first()) is not None:
            act.subject, act.after = f"scenario:{question.public_id}", {"did": "apply", "again": True}
            return other
        carrier = PlanCarrier(actor, standing, on, act.at)
        CARRIES[PlanKind(question.kind)](carrier)
        application = Application.objects.create(
            scenario=question,
            on=on,
            events=carrier.events,
            links=carrier.links,
            applied_by=actor.name,
            applied_at=act.at,
        )
        set_status(actor=actor, scenario=question, status=ScenarioStatus.APPLIED, at=act.at)
        act.subject = f"scenario:{question.public_id}"
        act.after = {
            "did": "apply",
            "kind": question.kind,
            "on": on.isoformat(),
            "events": len(carrier.events),
            "links": len(carrier.links),
        }
    return application


def check_carrying(standing: QuestionStanding, *, on: date) -> list[Fault]:
    """What keeps a question from being carried out on a day: its status, its day, or places that are no longer there."""
    if standing.acceptance is None or standing.answer is None:
        return [fault("not_accepted", _("Only an accepted scenario can be applied."))]
    if on <= standing.material.on:
        message = _("The plan was made from the register of %(day)s: apply it on a later day.")
        return [fault("too_early", message % {"day": standing.material.on}, "on")]
    named = _places_named(standing)
    rows = places.rows_of(named, on)
    gone = [name for key, name in named.items() if key not in rows]
    if gone:
        message = _(
            "%(count)s places of the plan no longer exist on that day (%(names)s …): plan again from today's register."
        )
        return [fault("gone", message % {"count": len(gone), "names": "、".join(gone[:3])}, "on")]
    return []


def _places_named(standing: QuestionStanding) -> dict[int, str]:
    """The places that must still stand on the day: {key: name}. Sites of service points may have merged meanwhile."""
    kind, things = standing.scenario.kind, standing.material.things
    if kind == PlanKind.POINTS:
        return {}
    if kind == PlanKind.GRIDS:
        return {thing.parent_place: thing.parent for thing in things if thing.parent_place is not None}
    if kind == PlanKind.PAIRING:
        return {place: thing.name for thing in things for place in thing.more.get("places", ())}
    return {thing.place: thing.name for thing in things if thing.place is not None}


def carry_groups(carrier: PlanCarrier) -> None:
    """Merged groups are founded under their centre's village and name; those that stay are left alone."""
    answer, known = carrier.standing.answer, carrier.standing.material.by_id
    assert answer is not None
    rows = places.rows_of([thing.place for thing in known.values() if thing.place is not None], carrier.on)
    specs = []
    for unit in answer.units:
        members = [known[member].place for member in unit.members]
        if len(members) < 2:
            continue
        centre = rows[known[unit.centre].place or 0]
        new = PlaceSpec(name=centre.listed_name, kind=PlaceKind.GROUP, parent=centre.parent_id)
        name = f"group-{unit.key}"
        links = tuple(LinkSpec(source=member, target=name) for member in members)
        specs.append(carrier.event(EventKind.MERGE, links, {name: new}))
    carrier.record(specs)


def carry_grids(carrier: PlanCarrier) -> None:
    """The grids that stand in these communities end, the new ones are founded with the cells of their buildings.

    Large grids are only decided, like service points: the grids they are made of go on.
    """
    answer, material = carrier.standing.answer, carrier.standing.material
    if is_joined(material):
        return
    assert answer is not None
    known = material.by_id
    communities = sorted({thing.parent_place for thing in material.things if thing.parent_place is not None})
    old = [
        row.id
        for community in communities
        for row in places.children_of(community, carrier.on)
        if row.kind is PlaceKind.GRID
    ]
    specs = [carrier.event(EventKind.DISSOLVE, (LinkSpec(source=key, target=None),), {}) for key in sorted(old)]
    founds = {}
    for unit in answer.units:
        shapes = [shape(dict(known[one].outline or {})) for one in unit.members if known[one].outline]
        outline = register.add_outline(shape=union_all(shapes), is_sample=material.is_sample).pk if shapes else None
        founds[f"grid-{unit.key}"] = PlaceSpec(
            name=unit.name, kind=PlaceKind.GRID, parent=known[unit.centre].parent_place, outline_id=outline
        )
    specs.append(carrier.event(EventKind.FOUND, tuple(LinkSpec(source=None, target=name) for name in founds), founds))
    carrier.record(specs)
    names = {(known[unit.centre].parent_place, unit.name): unit.key for unit in answer.units}
    for community in communities:
        for row in places.children_of(community, carrier.on):
            if row.kind is PlaceKind.GRID and (community, row.listed_name) in names:
                carrier.links.append(["grid", row.id, names[community, row.listed_name]])


def carry_choice(carrier: PlanCarrier) -> None:
    """Nothing is written: what was decided is asked for by `queries.decided_units`."""


def carry_pairing(carrier: PlanCarrier) -> None:
    """Departments are linked to the villages of their areas; links of theirs to other places end the same day."""
    answer, material, on = carrier.standing.answer, carrier.standing.material, carrier.on
    decided = carrier.standing.acceptance
    assert answer is not None
    assert decided is not None
    known = material.by_id
    wanted = {
        (known[org].name, place)
        for unit in answer.units
        for org in unit.members
        for place in known[unit.centre].more["places"]
    }
    for name in sorted({thing.name for thing in material.of("org")}):
        body = bodies.body_named(material.district, name) or bodies_register.add_body(
            actor=carrier.actor, name=name, kind=BodyKind.DEPARTMENT, place_id=material.district, on=on, at=carrier.at
        )
        held = {link.place_id: link for link in bodies.links_now(body, LinkKind.VILLAGE_LINK, on)}
        mine = {place for org, place in wanted if org == name}
        for place in sorted(held.keys() - mine):
            bodies_register.end_link(actor=carrier.actor, link=held[place], on=on, at=carrier.at)
            carrier.links.append(["ended", held[place].pk])
        for place in sorted(mine - held.keys()):
            link = bodies_register.add_link(
                actor=carrier.actor,
                kind=LinkKind.VILLAGE_LINK,
                place_id=place,
                on=on,
                body=body,
                document_number=decided.document_number,
                at=carrier.at,
            )
            carrier.links.append(["begun", link.pk])


CARRIES: Mapping[PlanKind, Callable[[PlanCarrier], None]] = {
    PlanKind.GROUPS: carry_groups,
    PlanKind.GRIDS: carry_grids,
    PlanKind.LAYOUT: carry_choice,
    PlanKind.POINTS: carry_choice,
    PlanKind.PAIRING: carry_pairing,
}


def _relink(actor: Actor, application: Application, at: datetime) -> None:
    """Links that began end on the day after the application or today; those that had ended begin again that day."""
    day = max(timezone.localdate(at), application.on + timedelta(days=1))
    begun = [key for did, key, *_more in application.links if did == "begun"]
    ended = [key for did, key, *_more in application.links if did == "ended"]
    for link in bodies.links_by_key(begun):
        if link.valid_to is None:
            bodies_register.end_link(actor=actor, link=link, on=day, at=at)
    for link in bodies.links_by_key(ended):
        bodies_register.add_link(
            actor=actor,
            kind=LinkKind(link.kind),
            place_id=link.place_id,
            on=day,
            body=link.body,
            person=link.person,
            document_number=link.document_number,
            at=at,
        )


def reverse_question(*, actor: Actor, question: Scenario, reason: str, at: datetime | None = None) -> Application:
    """Take what was carried out back, from the last event to the first, while nothing builds on it; the decision stays.

    Raises `Refused` where something builds on it or no reason is given; `Forbidden`.
    """
    require(actor, REVERSE, question.district_id)
    application = Application.objects.filter(scenario=question, reversed_at__isnull=True).first()
    if application is None:
        raise Refused(fault("not_applied", _("This scenario is not applied.")))
    if not reason.strip():
        raise Refused(fault("reason_missing", _("Say why the plan is taken back."), "reason"))
    with writing(actor, REVERSE, place_id=question.district_id, reason=reason.strip(), at=at) as act:
        take_turn(question)
        application.refresh_from_db()
        if application.reversed_at is not None:
            raise Refused(fault("not_applied", _("This scenario is not applied.")))
        if found := [fault("built_upon", said) for said in built_on(application)]:
            raise Refused(found)
        keys = [key for key, _public_id in application.events]
        if keys:
            register.reverse_events(actor=actor, event_ids=keys, reason=reason.strip(), action=REVERSE)
        _relink(actor, application, act.at)
        application.reversed_by, application.reversed_at, application.reason = actor.name, act.at, reason.strip()
        application.save(update_fields=["reversed_by", "reversed_at", "reason"])
        set_status(actor=actor, scenario=question, status=ScenarioStatus.REVERSED, at=act.at)
        act.subject = f"scenario:{question.public_id}"
        act.before = {"events": len(keys), "links": len(application.links)}
        act.after = {"did": "reverse", "status": "reversed"}
    return application
