"""Applying an accepted plan: the register gets its dated events, all or none; taking them back while nothing builds on them."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from shapely import union_all
from shapely.geometry import shape

from heli.audit.services import writing
from heli.kernel.access import Actor, require
from heli.kernel.faults import Fault, Refused
from heli.kernel.periods import is_plausible
from heli.places import queries as places
from heli.places import services as register
from heli.places.rules import propose_code as propose_free_code
from heli.places.types import PlaceKind
from heli.planning import queries
from heli.planning.lineage import EventWriter, compute_events, places_concerned
from heli.planning.models import Application, Scenario
from heli.planning.rules import check_names, compute_names
from heli.planning.services.foreseeing import built_on
from heli.planning.services.scenarios import take_turn
from heli.planning.types import ScenarioStatus
from heli.planning.wording import fault, faults, implausible_day

APPLY = "planning.apply"
REVERSE = "planning.reverse"


def apply_plan(*, actor: Actor, scenario: Scenario, on: date, at: datetime | None = None) -> Application:
    """Write the accepted plan into the register as events of the day `on`. Applied already: the standing application.

    Raises `Refused` when the scenario is not accepted, a village has changed since, or the register refuses; `Forbidden`.
    """
    require(actor, APPLY, scenario.district_id)
    standing = queries.standing(scenario)
    if standing.application is not None:
        return standing.application
    if found := [implausible_day("on")] if not is_plausible(on) else check_applicable(standing, on=on):
        raise Refused(found)
    assert standing.result is not None
    assert standing.acceptance is not None
    with writing(actor, APPLY, place_id=scenario.district_id, at=at) as act:
        take_turn(scenario)
        if (other := Application.objects.filter(scenario=scenario, reversed_at__isnull=True).first()) is not None:
            act.subject, act.after = f"scenario:{scenario.public_id}", {"did": "apply", "again": True}
            return other
        writer = _writer(standing, on)
        events = compute_events(writer, standing.result)
        recorded = register.record_events(actor=actor, events=events, at=at, action=APPLY) if events else []
        application = Application.objects.create(
            scenario=scenario,
            on=on,
            events=[[event.id, event.public_id] for event in recorded],
            applied_by=actor.name,
            applied_at=act.at,
        )
        set_status(actor=actor, scenario=scenario, status=ScenarioStatus.APPLIED, at=act.at)
        act.subject = f"scenario:{scenario.public_id}"
        act.before = {"villages": len(standing.material.planned)}
        act.after = {
            "did": "apply",
            "on": on.isoformat(),
            "events": len(recorded),
            "villages": standing.result.after,
            "document": standing.acceptance.document_number,
        }
    return application


def check_applicable(standing: queries.ScenarioStanding, *, on: date) -> list[Fault]:
    """What keeps a scenario from being applied on a day: its status, its day, or villages that are no longer as they were."""
    if standing.acceptance is None or standing.result is None:
        return [fault("not_accepted", _("Only an accepted scenario can be applied."))]
    if on <= standing.material.on:
        message = _("The plan was made from the register of %(day)s: apply it on a later day.")
        return [fault("too_early", message % {"day": standing.material.on}, "on")]
    ids = places_concerned(standing.material, standing.shown_rules, standing.result)
    rows = places.rows_of(ids, on)
    names = {village.id: village for village in standing.material.villages}
    gone = [names[key].name if key in names else str(key) for key in ids if key not in rows]
    if gone:
        message = _(
            "%(count)s places of the plan no longer exist on that day (%(names)s …): plan again from today's register."
        )
        return [fault("gone", message % {"count": len(gone), "names": "、".join(gone[:3])}, "on")]
    moved = [v.name for v in names.values() if v.id in rows and rows[v.id].parent_id != v.town]
    if moved:
        message = _("%(count)s villages stand in another town by then (%(names)s …): plan again from today's register.")
        return [fault("moved", message % {"count": len(moved), "names": "、".join(moved[:3])}, "on")]
    turned = [
        v.name for v in names.values() if v.id in rows and (rows[v.id].kind is PlaceKind.COMMUNITY) != v.is_community
    ]
    if turned:
        message = _(
            "%(count)s villages have become communities by then (%(names)s …): plan again from today's register."
        )
        return [fault("turned", message % {"count": len(turned), "names": "、".join(turned[:3])}, "on")]
    return faults(check_names(standing.material, standing.shown_rules, standing.result))


def _writer(standing: queries.ScenarioStanding, on: date) -> EventWriter:
    """Everything the events are made from; new outlines are kept on the way."""
    assert standing.result is not None
    assert standing.acceptance is not None
    material, rules = standing.material, standing.shown_rules
    ids = places_concerned(material, rules, standing.result)
    rows = places.rows_of(ids, on)
    towns = {merger.town for merger in standing.result.mergers} | {into for _town, into in rules.town_merges}
    used = {town: places.codes_ever(town) for town in sorted(towns)}
    town_codes = {town.id: town.code for town in material.towns}

    def propose_code(town: int, kind: PlaceKind) -> str:
        code = propose_free_code(used[town], town_codes[town], kind) if town_codes[town] else None
        used[town].add(code or "")
        return code or ""

    shapes = {village.id: village.outline for village in material.villages if village.outline is not None}

    def outline_of(members: tuple[int, ...]) -> int | None:
        if not shapes.keys() >= set(members):
            return None
        joined = union_all([shape(dict(shapes[member])) for member in members])
        return register.add_outline(shape=joined, is_sample=material.is_sample).pk

    return EventWriter(
        material=material,
        rules=rules,
        names=compute_names(material, rules, standing.result),
        rows=rows,
        on=on,
        document_number=standing.acceptance.document_number,
        document_on=standing.acceptance.document_on,
        note=standing.scenario.name,
        propose_code=propose_code,
        outline_of=outline_of,
    )


def reverse_plan(*, actor: Actor, scenario: Scenario, reason: str, at: datetime | None = None) -> Application:
    """Take an applied plan back, event by event from the last, while nothing builds on it; the decision stays on record.

    Raises `Refused` where something builds on it or no reason is given; `Forbidden`.
    """
    require(actor, REVERSE, scenario.district_id)
    application = Application.objects.filter(scenario=scenario, reversed_at__isnull=True).first()
    if application is None:
        raise Refused(fault("not_applied", _("This scenario is not applied.")))
    if not reason.strip():
        raise Refused(fault("reason_missing", _("Say why the plan is taken back."), "reason"))
    with writing(actor, REVERSE, place_id=scenario.district_id, reason=reason.strip(), at=at) as act:
        take_turn(scenario)
        application.refresh_from_db()
        if application.reversed_at is not None:
            raise Refused(fault("not_applied", _("This scenario is not applied.")))
        if found := [fault("built_upon", said) for said in built_on(application)]:
            raise Refused(found)
        keys = [key for key, _public_id in application.events]
        if keys:
            register.reverse_events(actor=actor, event_ids=keys, reason=reason.strip(), action=REVERSE)
        application.reversed_by, application.reversed_at, application.reason = actor.name, act.at, reason.strip()
        application.save(update_fields=["reversed_by", "reversed_at", "reason"])
        set_status(actor=actor, scenario=scenario, status=ScenarioStatus.REVERSED, at=act.at)
        act.subject = f"scenario:{scenario.public_id}"
        act.before, act.after = {"events": len(keys)}, {"did": "reverse", "status": "reversed"}
    return application


def set_status(*, actor: Actor, scenario: Scenario, status: ScenarioStatus, at: datetime) -> None:
    """The new status of a scenario that was applied or taken back; inside an open `writing` block."""
    scenario.refresh_from_db()
    scenario.status, scenario.changed_at, scenario.changed_by = status, at, actor.name
    scenario.version += 1
    scenario.save(update_fields=["status", "changed_at", "changed_by", "version"])


def default_day(on: date, *, today: date) -> date:
    """The first of the next month: boundaries change on the first, and the decision has time to be made known.

    `on` is the day whose register was planned; the day is a later one.
    """
    start = max(today, on + timedelta(days=1))
    return (start.replace(day=1) + timedelta(days=32)).replace(day=1)
