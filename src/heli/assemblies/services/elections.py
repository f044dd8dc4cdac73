"""Writes of elections until polling day: opened over units, posts and numbers, who stands and qualifies, tables and boxes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.assemblies.catalogues import election_kind, grounds, limit, post_words
from heli.assemblies.models import (
    ContestKind,
    CountSheet,
    Election,
    Nominee,
    Readiness,
    SheetState,
    UnitContest,
)
from heli.assemblies.queries.elections import rounds_of, standing_sheets
from heli.assemblies.rules.law import shelf
from heli.assemblies.texts import as_fault
from heli.assemblies.types import ElectionPlan, RoundPlan
from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused, Unsound
from heli.kernel.ids import new_public_id
from heli.places.queries import require_at
from heli.records.abouts import About
from heli.records.fields import check_values
from heli.records.services import hold, refuse_finished, towns_at

WHAT, KEEP, DECLARE = "assemblies.elections", "assemblies.keep", "assemblies.declare"
MOST_PART = 40
BASE = ("registered", "unreachable", "participants", "agents", "proxies")


def open_election(
    *,
    actor: Actor,
    about: About,
    plan: ElectionPlan,
    place_ids: Sequence[int],
    today: date | None = None,
    at: datetime | None = None,
) -> Election:
    """Open an election over units, all with the seats of the plan until they say otherwise. Refused for a day or a province without
    a pack of law, a way of electing it does not know, a body too small or too large."""
    refuse_finished(about)
    given = {name: getattr(plan, name) for name in ("title", "body", "mode", "on", "jurisdiction")}
    given["title"] = plan.title.strip()
    found = check_values(Election, given, today or timezone.localdate())
    if not place_ids:
        found.append(Fault("place_missing", _("Choose the units that elect."), field="places"))
    if len(set(plan.parts)) < len(plan.parts) or any(not 0 < len(one) <= MOST_PART for one in plan.parts):
        text = _("Name each group once, in %(most)s characters at most.")
        found.append(Fault("parts", text % {"most": MOST_PART}, field="parts"))
    if found := found or _check_law(plan, plan.on, plan.seats):
        raise Refused(found)
    towns = towns_at(about.district_id, place_ids=place_ids, on=today or timezone.localdate(), field="places")
    require_at(actor, DECLARE, towns, timezone.localdate())
    with writing(actor, WHAT, action=DECLARE, at=at) as act:
        act.place_id = about.district_id
        election = Election.objects.create(
            public_id=new_public_id(), about=about.id, district_id=about.district_id, counts_intent=plan.counts_intent,
            opened_by=actor.name, opened_at=act.at, **given,
        )  # fmt: skip
        units = [
            UnitContest(
                public_id=new_public_id(), election=election, place_id=place, town_id=town, part=part, on=plan.on,
                seats=dict(plan.seats), readiness=Readiness.OPEN,
            )
            for place, town in towns.items()
            for part in plan.parts or ("",)
        ]  # fmt: skip
        UnitContest.objects.bulk_create(units, batch_size=500)
        act.subject, act.after = (
            f"election:{election.public_id}",
            {"did": "open", "body": plan.body, "units": len(units)},
        )
    return election


def _check_law(what: ElectionPlan | Election, on: date, seats: Mapping[str, int]) -> list[Fault]:
    """What the law of the day says against the seats, or against the way it is elected."""
    kind = election_kind(what.body)
    try:
        law = shelf().law_of(kind.law, what.jurisdiction, on)
    except Unsound as unsound:
        return [as_fault(one) for one in unsound.findings]
    if what.mode not in law.modes(what.body):
        text = _("By the law of this day it is not elected in this way. Correct who votes, or the day.")
        return [Fault("mode_of_election", text, field="mode")]
    values, wrong, posts = {"seats": sum(seats.values())}, [], list(kind.posts)
    if min(seats.values(), default=0) < 0 or set(seats) - set(posts):
        text = _("Write seats for these posts only: %(posts)s.")
        said = {"posts": "、".join(post_words(kind.body, post) for post in posts)}
        field = next((post for post, number in seats.items() if number < 0 or post not in posts), "")
        wrong.append(Fault("seats", text % said, field=field))
    for rule in law.rules_for(what.body, what.mode):
        if rule.id in {"size_least", "size_most"} and not rule.line(values).holds:
            text = _("A committee of %(seats)s: %(article)s says %(rule)s. Correct the seats.")
            size = {"seats": values["seats"], "article": rule.article, "rule": rule.text()}
            wrong.append(Fault("size", text % size, field=posts[-1], source=rule.article))
    return wrong


def prepare(
    *,
    actor: Actor,
    contest: UnitContest,
    readiness: str | None = None,
    seats: Mapping[str, int] | None = None,
    numbers: Mapping[str, int | None] | None = None,
    today: date | None = None,
    at: datetime | None = None,
) -> UnitContest:
    """Say how far a unit is, its seats by post, its `numbers` (of `BASE`). Refused for more out of reach than registered, and for
    somebody who votes for more than three."""
    given = {name: number for name, number in (numbers or {}).items() if name in BASE}
    if readiness is not None:
        given["readiness"] = readiness  # type: ignore[assignment]  # a column of its own
    found = check_values(UnitContest, given, today or timezone.localdate())
    if (given.get("unreachable") or 0) > (given.get("registered") or 0) and "registered" in given:
        text = _("More cannot be reached than are registered. Count again.")
        found.append(Fault("too_many_unreachable", text, field="unreachable"))
    if (given.get("proxies") or 0) > 3 * (given.get("agents") or 0):
        text = _(
            "%(agents)s people vote for %(proxies)s: nobody votes for more than three. Correct the list of proxies."
        )
        said = {"agents": given.get("agents") or 0, "proxies": given.get("proxies")}
        found.append(Fault("too_many_proxies", text % said, field="proxies", source="村民委员会组织法第十八条"))
    if seats is not None:
        is_first = contest.round == 1 and not contest.earlier_id
        found += _check_law(contest.election, contest.on, seats) if is_first else []
    if found:
        raise Refused(found)
    with writing(actor, WHAT, action=KEEP, place_id=contest.place_id, at=at) as act:
        held = hold_open(contest)
        changes: dict[str, Any] = {**given, **({"seats": dict(seats)} if seats is not None else {})}
        if readiness is not None and readiness != held.readiness:
            changes |= _readiness_days(readiness, held, today or timezone.localdate())
        for name, value in changes.items():
            setattr(held, name, value)
        held.save(update_fields=list(changes))
        act.subject, act.after = f"contest:{held.public_id}", {"did": "prepare", **changes}
    return held


def _readiness_days(readiness: str, held: UnitContest, on: date) -> dict[str, date | None]:
    """Since when people are in view, and since when they are settled; a step back empties the day."""
    in_view = None if readiness == Readiness.OPEN else held.intended_on or on
    return {"intended_on": in_view, "settled_on": on if readiness == Readiness.SETTLED else None}


def hold_open(contest: UnitContest) -> UnitContest:
    """The contest, locked. Raises `Refused` once its result was declared."""
    held: UnitContest = hold(UnitContest.objects, pk=contest.pk)
    if hasattr(held, "declaration"):
        raise Refused(Fault("declared_already", _("The result was declared: nothing in it is changed any more.")))
    return held


def nominate(
    *,
    actor: Actor,
    contest: UnitContest,
    post: str,
    name: str,
    is_woman: bool,
    number: int | None = None,
    today: date | None = None,
    at: datetime | None = None,
) -> Nominee:
    """Put somebody on the ballot for a post, by the next number, or by one that stands for another post already."""
    found = check_values(Nominee, {"post": post, "name": name.strip()}, today or timezone.localdate())
    if post not in contest.seats and not found:
        found.append(
            Fault("post_without_seat", _("This post has no seat here. Correct the seats first."), field="post")
        )
    if found:
        raise Refused(found)
    with writing(actor, WHAT, action=KEEP, place_id=contest.place_id, at=at) as act:
        held = hold_open(contest)
        last = held.nominees.order_by("-number").values_list("number", flat=True).first()
        if any(one.state != SheetState.WAITING for one in standing_sheets(held)):
            raise Refused(Fault("keyed_already", _("The papers are being keyed: the ballot is no longer changed.")))
        given: dict[str, Any] = {"post": post, "name": name.strip(), "is_woman": is_woman}
        try:
            with transaction.atomic():
                nominee = Nominee.objects.create(contest=held, number=number or (last or 0) + 1, **given)
        except IntegrityError as twice:
            text = _("This number stands for the post already.")
            raise Refused(Fault("nominee_twice", text, field="number")) from twice
        act.subject, act.after = (
            f"contest:{held.public_id}",
            {"did": "nominate", "post": post, "number": nominee.number},
        )
    return nominee


def review(
    *,
    actor: Actor,
    nominee: Nominee,
    is_qualified: bool,
    ground: str = "",
    today: date | None = None,
    at: datetime | None = None,
) -> Nominee:
    """Keep what the reviewing body answered, once: yes, or no and the legal ground. Nothing else is asked or kept."""
    if is_qualified == bool(ground) or (ground and ground not in grounds()):
        text = _("Choose the legal ground where the answer is no, and none where it is yes.")
        raise Refused(Fault("ground_missing", text, field="ground"))
    contest = nominee.contest
    with writing(actor, WHAT, action=KEEP, place_id=contest.place_id, at=at) as act:
        hold_open(contest)
        held: Nominee = hold(Nominee.objects, pk=nominee.pk)
        if held.is_qualified is not None:
            text = _("The reviewing body has answered: only a ruling on an objection changes that.")
            raise Refused(Fault("reviewed_already", text))
        held.is_qualified, held.ground = is_qualified, ground
        held.reviewed_by_id, held.reviewed_on = actor.id, today or timezone.localdate()
        held.save(update_fields=["is_qualified", "ground", "reviewed_by", "reviewed_on"])
        act.subject = f"contest:{contest.public_id}"
        act.after = {"did": "review", "number": held.number, "qualified": is_qualified}
    return held


# -- tables and boxes --------------------------------------------------------------------------------------------------


def add_table(
    *, actor: Actor, contest: UnitContest, name: str, boxes: Sequence[tuple[str, int]], at: datetime | None = None
) -> CountSheet:
    """Lay out a counting table with its boxes, mobile ones among them: (name, ballots issued for it). Refused for a table that
    counts so few ballots by themselves that its votes would tell how a few people voted."""
    issued, least = sum(number for _box, number in boxes), limit("least_together")
    others = [one.name for one in standing_sheets(contest)]
    found = []
    if not name.strip() or not boxes or any(not box.strip() or number < 0 for box, number in boxes):
        found.append(
            Fault("boxes_missing", _("Name the table, and each box with the ballots issued for it."), field="boxes")
        )
    elif issued < least and others:
        text = _(
            "%(issued)s ballots are not counted apart: pour the box together with others, at least %(least)s ballots."
        )
        found.append(Fault("too_few_together", text % {"issued": issued, "least": least}, field="boxes"))
    if name.strip() in others:
        found.append(Fault("table_twice", _("There is a table of this name."), field="name"))
    if found:
        raise Refused(found)
    with writing(actor, WHAT, action=KEEP, place_id=contest.place_id, at=at) as act:
        held = hold_open(contest)
        sheet = CountSheet.objects.create(
            public_id=new_public_id(),
            contest=held,
            name=name.strip(),
            boxes=[list(one) for one in boxes],
            issued=issued,
        )
        act.subject, act.after = f"contest:{held.public_id}", {"did": "table", "boxes": len(boxes), "issued": issued}
    return sheet


def pour_together(
    *, actor: Actor, sheet: CountSheet, into: CountSheet, today: date | None = None, at: datetime | None = None
) -> CountSheet:
    """Count a table's boxes with another's, before either is keyed: what came back is too little to be counted apart."""
    with writing(actor, WHAT, action=KEEP, place_id=sheet.contest.place_id, at=at) as act:
        held = hold_open(sheet.contest)
        known = {one.pk: one for one in standing_sheets(held)}
        gone, stays = known.get(sheet.pk), known.get(into.pk)
        if gone is None or stays is None or gone.pk == stays.pk:
            raise Refused(Fault("table_unknown", _("Choose another table of this unit."), field="into"))
        if any(one.state != SheetState.WAITING for one in (gone, stays)):
            text = _("One of the two is keyed already: whoever keyed it takes that back first.")
            raise Refused(Fault("keyed_already", text, field="into"))
        gone.poured_on = today or timezone.localdate()
        gone.save(update_fields=["poured_on"])
        stays.boxes, stays.issued = [*stays.boxes, *gone.boxes], stays.issued + gone.issued
        stays.save(update_fields=["boxes", "issued"])
        act.subject, act.after = f"contest:{held.public_id}", {"did": "pour", "boxes": len(stays.boxes)}
    return stays


# -- further rounds ----------------------------------------------------------------------------------------------------


def open_by_election(
    *,
    actor: Actor,
    contest: UnitContest,
    seats: Mapping[str, int],
    on: date,
    is_by_congress: bool = False,
    at: datetime | None = None,
) -> UnitContest:
    """Elect again for seats whose holders have left, until the end of the term: as the election was, or by the congress."""
    if not seats or min(seats.values()) < 1:
        raise Refused(Fault("seats", _("Write how many seats each post has."), field="chair"))
    if not hasattr(contest, "declaration"):
        raise Refused(Fault("not_declared", _("Nothing has been declared here yet.")))
    kind = election_kind(contest.election.body)
    law = shelf().law_of(kind.law, contest.election.jurisdiction, on)
    if is_by_congress and not law.modes(kind.by_election):
        text = _("By the law of this day no congress elects here.")
        raise Refused(Fault("no_congress", text, field="is_by_congress"))
    plan = RoundPlan(on=on, seats=seats, kind=ContestKind.BY_ELECTION, is_by_congress=is_by_congress)
    return next_round(actor=actor, contest=contest, plan=plan, at=at)


def next_round(
    *,
    actor: Actor,
    contest: UnitContest,
    plan: RoundPlan,
    nominees: Sequence[Nominee] = (),
    at: datetime | None = None,
) -> UnitContest:
    """Another round in the unit, with who stands in it. Raises `Refused` where there is one already."""
    with writing(actor, WHAT, action=KEEP, place_id=contest.place_id, at=at) as act:
        held: UnitContest = hold(UnitContest.objects, pk=contest.pk)
        rounds = rounds_of(held)
        if rounds.filter(earlier=held).exists():
            raise Refused(Fault("round_twice", _("The next round is open already.")))
        congress = plan.is_by_congress or (plan.round == 2 and held.is_by_congress)
        is_same = congress == held.is_by_congress
        made = UnitContest.objects.create(
            public_id=new_public_id(), election_id=held.election_id, place_id=held.place_id, town_id=held.town_id,
            part=held.part, number=rounds.count() + 1, kind=plan.kind, round=plan.round, earlier=held, on=plan.on,
            seats=dict(plan.seats), readiness=held.readiness, intended_on=held.intended_on, settled_on=held.settled_on,
            is_by_congress=congress, registered=held.registered if is_same else None,
            unreachable=held.unreachable if is_same else None,
        )  # fmt: skip
        Nominee.objects.bulk_create(
            Nominee(
                contest=made, post=one.post, number=one.number, name=one.name, is_woman=one.is_woman,
                is_qualified=one.is_qualified, reviewed_by_id=one.reviewed_by_id, reviewed_on=one.reviewed_on,
            )
            for one in nominees
        )  # fmt: skip
        act.subject = f"contest:{made.public_id}"
        act.after = {"did": "round", "kind": plan.kind, "round": plan.round, "on": plan.on}
    return made
