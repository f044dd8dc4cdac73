"""Declaring a result once, by nobody who keyed: who is elected becomes an office-holder; what follows until the handover."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.assemblies.catalogues import election_kind
from heli.assemblies.models import (
    ContestKind,
    Declaration,
    ElectedPost,
    Nominee,
    OfficeEnd,
    Sitting,
    SittingStatus,
    UnitContest,
)
from heli.assemblies.queries.elections import computed, standing_sheets
from heli.assemblies.rules.counting import CountResult
from heli.assemblies.rules.law import shelf
from heli.assemblies.rules.tallies import runners_up, votes_of
from heli.assemblies.services.elections import DECLARE, KEEP, WHAT, hold_open, next_round
from heli.assemblies.texts import as_fault
from heli.assemblies.types import ElectedSort, RoundPlan
from heli.audit.services import writing
from heli.bodies import queries as known_bodies
from heli.bodies import services as bodies
from heli.consultation.services.notices import post_notice
from heli.files.services import store_document
from heli.kernel.access import Actor, require_everywhere
from heli.kernel.faults import Fault, Refused
from heli.places import queries as places
from heli.posts.services import offices as posts
from heli.records.abouts import About
from heli.records.services import FormFile, hold

NEEDS_SITTING = {OfficeEnd.RECALL: ("recall_village", "recall_residents"), OfficeEnd.RESIGNATION: ("resignation",)}
FORGOTTEN = bodies.FORGOTTEN
POST_KINDS: Mapping[ElectedSort, Mapping[str, str]] = {
    ElectedSort.COMMITTEE: {
        ElectedPost.CHAIR: "head", ElectedPost.VICE: "deputy", ElectedPost.WOMAN: "member", ElectedPost.MEMBER: "member",
    },
    ElectedSort.SUPERVISION: {ElectedPost.CHAIR: "supervision"},
}  # fmt: skip
"""The kinds of posts (posts/kinds.toml) that those elected hold; heads of groups, representatives and boards hold none."""
SHOWN_DAYS = 3


def declare(
    *,
    actor: Actor,
    contest: UnitContest,
    kin_apart: bool = False,
    one_shoulder: bool | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> Declaration:
    """Declare what a contest came to. `kin_apart`: the election committee says that no near relatives are among those elected,
    or that the province's order was kept, of bodies that avoid them; `one_shoulder`: whether the chair of a committee leads the
    Party organisation.

    Refused by whoever keyed a sheet of it, a second time, while an outstanding ballot could still change it, and for numbers that
    cannot be.
    """
    today = on or timezone.localdate()
    kind = election_kind(contest.election.body)
    if kind.avoids_kin and not kin_apart:
        text = _("Settle the avoidance among near relatives first; then the election committee says so.")
        raise Refused(Fault("kin_not_apart", text, field="kin_apart", source="村民委员会组织法第八条"))
    with writing(actor, WHAT, action=DECLARE, place_id=contest.place_id, at=at) as act:
        held = hold_open(contest)
        keyed = {key for one in standing_sheets(held) for key in (one.first_by_id, one.second_by_id, one.third_by_id)}
        if actor.id is not None and actor.id in keyed:
            text = _("You keyed a sheet of this unit: somebody who keyed none of it declares.")
            raise Refused(Fault("same_person", text))
        case, result = computed(held)
        _refuse_open(case, result)
        elected = {post.post: [int(one) for one in post.elected] for post in result.posts}
        has_leader = kind.is_committee and bool(elected.get(ElectedPost.CHAIR))
        if has_leader and one_shoulder is None:
            text = _("Say whether the chair leads the Party organisation too.")
            raise Refused(Fault("one_shoulder_missing", text, field="one_shoulder"))
        law = result.law
        assert law is not None
        national, overlay = law.packs[0], law.packs[1] if len(law.packs) > 1 else None
        said = result.as_json("zh-hans", as_fault)
        declaration = Declaration.objects.create(
            contest=held, status=result.status, case=case, result=said, sha256=hash_of(case, result=said),
            pack_id=national.header.id, pack_version=national.header.version, pack_sha256=national.sha256,
            overlay_id=overlay.header.id if overlay else "", overlay_sha256=overlay.sha256 if overlay else "",
            keyed_by=sorted(key for key in keyed if key is not None), declared_by_id=actor.id, declared_on=today,
            declared_by_name=actor.name, declared_at=act.at,
        )  # fmt: skip
        if has_leader:
            held.one_shoulder = one_shoulder
            held.save(update_fields=["one_shoulder"])
        _take_office(actor, held, elected, today, at)
        act.subject = f"contest:{held.public_id}"
        act.after = {"did": "declare", "status": result.status, "sha256": declaration.sha256}
    return declaration


def hash_of(case: Mapping[str, Any], *, result: Mapping[str, Any]) -> str:
    """The hash that the result sheet prints: of the case and its result as JSON, keys in order."""
    text = json.dumps([case, result], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_open(case: Mapping[str, Any], result: CountResult) -> None:
    if result.status == "refused":
        raise Refused([as_fault(one) for one in result.findings])
    if not case.get("sheets"):
        raise Refused(Fault("nothing_counted", _("No counting table has an agreed sheet yet.")))
    if result.status == "undecidable":
        text = _("%(ballots)s ballots are outstanding and could still change the result: key the other tables first.")
        raise Refused(Fault("undecidable", text % {"ballots": case["outstanding"]}))


def _take_office(
    actor: Actor, contest: UnitContest, elected: Mapping[str, list[int]], on: date, at: datetime | None
) -> None:
    """Those elected are persons of the unit's body from the day; those of a group by its name."""
    if not any(elected.values()):
        return
    kind = election_kind(contest.election.body)
    name = places.names_at([contest.place_id], on).get(contest.place_id, "") + kind.name
    body = known_bodies.body_named(contest.place_id, name) or bodies.add_body(
        actor=actor, name=name, kind=kind.kind, place_id=contest.place_id, on=on, at=at
    )
    for one in contest.nominees.all():
        if one.number in elected.get(one.post, ()):
            office = f"{contest.part}{kind.posts[one.post].office}"
            one.person = posts.seat_elected(
                actor=actor, body=body, kind=POST_KINDS.get(kind.elects, {}).get(one.post, ""), name=one.name, office=office,
                new_term=contest.kind == ContestKind.TERM and contest.round == 1, on=on, at=at,
            )  # fmt: skip
            one.save(update_fields=["person"])


def open_second_ballot(*, actor: Actor, contest: UnitContest, on: date, at: datetime | None = None) -> UnitContest:
    """Vote again on the seats that stayed open: those with most votes who were not elected stand, or those of a tie."""
    declaration: Declaration | None = getattr(contest, "declaration", None)
    if declaration is None or declaration.status not in {"incomplete", "revote"}:
        raise Refused(Fault("no_seat_open", _("No seat of this round is open for a second ballot.")))
    votes = votes_of(declaration.case)
    seats, stands = {}, set[tuple[str, int]]()
    for post in declaration.result["posts"]:
        if post["seats_left"]:
            name = post["post"]
            seats[name] = post["seats_left"]
            again = runners_up(votes.get(name, {}), post["elected"], post["revote"], post["seats_left"])
            stands |= {(name, int(one)) for one in again}
    nominees = [one for one in contest.nominees.all() if (one.post, one.number) in stands and one.person_id is None]
    plan = RoundPlan(on=on, seats=seats, kind=contest.kind, round=2)
    return next_round(actor=actor, contest=contest, plan=plan, nominees=nominees, at=at)


def keep_signed_copy(
    *, actor: Actor, contest: UnitContest, upload: FormFile, at: datetime | None = None
) -> UnitContest:
    """Keep the photo or scan of the signed result sheet."""
    with writing(actor, WHAT, action=KEEP, place_id=contest.place_id, at=at) as act:
        held = _declared(contest)
        file: dict[str, Any] = {"chunks": upload.chunks, "name": upload.name, "action": "assemblies.read"}
        held.signed_copy = store_document(actor=actor, place_id=held.place_id, **file)
        held.save(update_fields=["signed_copy"])
        act.subject, act.after = f"contest:{held.public_id}", {"did": "signed_copy"}
    return held


def _declared(contest: UnitContest) -> UnitContest:
    held: UnitContest = hold(UnitContest.objects, pk=contest.pk)
    if not hasattr(held, "declaration"):
        raise Refused(Fault("not_declared", _("Nothing has been declared here yet.")))
    return held


def post_result(
    *, actor: Actor, about: About, contest: UnitContest, text: str, on: date | None = None, at: datetime | None = None
) -> UnitContest:
    """Post the result in the unit, with what the page says of it."""
    today = on or timezone.localdate()
    with writing(actor, WHAT, action=DECLARE, place_id=contest.place_id, at=at) as act:
        held = _declared(contest)
        if held.notice_id is not None:
            raise Refused(Fault("posted_already", _("The result was posted already.")))
        held.notice = post_notice(
            actor=actor, about=about, kind="information", title=_("Result of the election"), text=text, on=today, at=at,
            place_ids=[held.place_id], first_on=today, last_on=today + timedelta(days=SHOWN_DAYS), takes_opinions=False,
        )  # fmt: skip
        held.save(update_fields=["notice"])
        act.subject, act.after = f"contest:{held.public_id}", {"did": "post_result"}
    return held


def hand_over(*, actor: Actor, contest: UnitContest, on: date, at: datetime | None = None) -> UnitContest:
    """Say on which day the new committee took over seals, accounts and archives, under supervision of the town."""
    with writing(actor, WHAT, action=DECLARE, place_id=contest.place_id, at=at) as act:
        held = _declared(contest)
        if not any(post["elected"] for post in held.declaration.result["posts"]):
            raise Refused(Fault("nobody_elected", _("Nobody was elected here.")))
        if on < held.declaration.declared_on or held.handed_over_on is not None:
            text = _("Give the day of the handover, not before the result, and once.")
            raise Refused(Fault("handover_day", text, field="on"))
        held.handed_over_on = on
        held.save(update_fields=["handed_over_on"])
        act.subject, act.after = f"contest:{held.public_id}", {"did": "hand_over", "on": on}
    return held


def count_intended(*, actor: Actor, contest: UnitContest, won: int, at: datetime | None = None) -> UnitContest:
    """Say after the fact how many seats were won by those who had been recommended; where the election counts that at all."""
    with writing(actor, WHAT, action=DECLARE, place_id=contest.place_id, at=at) as act:
        held = _declared(contest)
        elected = sum(len(post["elected"]) for post in held.declaration.result["posts"])
        if not held.election.counts_intent or not 0 <= won <= elected:
            text = _("Between 0 and the %(elected)s seats that were filled, where the election counts this.")
            raise Refused(Fault("intended_outside", text % {"elected": elected}, field="won"))
        held.intended_won = won
        held.save(update_fields=["intended_won"])
        act.subject, act.after = f"contest:{held.public_id}", {"did": "intended", "won": won}
    return held


def end_office(
    *,
    actor: Actor,
    nominee: Nominee,
    how: str,
    on: date,
    sitting: Sitting | None = None,
    at: datetime | None = None,
) -> Nominee:
    """End the office of somebody elected: recalled or resigned by a sitting that passed it, by itself, or by a void election."""
    contest = nominee.contest
    with writing(actor, WHAT, action=DECLARE, place_id=contest.place_id, at=at) as act:
        held: Nominee = hold(Nominee.objects, pk=nominee.pk)
        if held.person is None or held.left_on is not None or how not in OfficeEnd.values:
            raise Refused(Fault("no_office", _("This person holds no office here, or has left it.")))
        asked = NEEDS_SITTING.get(OfficeEnd(how), ())
        if asked and not _decides(sitting, asked, contest):
            text = _("Choose the sitting of this unit that passed it; recall and resignation need one.")
            raise Refused(Fault("sitting_missing", text, field="sitting"))
        posts.leave_office(actor=actor, person=held.person, on=on, at=at)
        held.left_on, held.left_how, held.left_by = on, how, sitting if asked else None
        held.save(update_fields=["left_on", "left_how", "left_by"])
        act.subject, act.after = f"contest:{contest.public_id}", {"did": "end_office", "how": how, "post": held.post}
    return held


def _decides(sitting: Sitting | None, asked: tuple[str, ...], contest: UnitContest) -> bool:
    if sitting is None or sitting.withdrawn_on is not None or sitting.place_id != contest.place_id:
        return False
    fits = sitting.body in asked or sitting.matter in asked or not election_kind(contest.election.body).is_committee
    return sitting.status == SittingStatus.PASSED and fits


def forget_nominees(*, actor: Actor, on: date, at: datetime | None = None) -> int:
    """Replace the names of those not elected one year after the result can no longer be objected to; how many. Numbers stay.

    Law: PIPL Art. 19, 47 (declared in accounts/data/personal.toml).
    """
    require_everywhere(actor, DECLARE)
    left = Nominee.objects.filter(
        contest__declaration__declared_on__lte=a_year_before(on), person=None, forgotten_on=None
    )
    keys = [
        one.pk
        for one in left.select_related("contest__election", "contest__declaration")
        if one.contest.declaration.declared_on <= a_year_before(on - objected_for(one.contest))
    ]
    if keys:
        with writing(actor, "assemblies.forget_nominees", action=DECLARE, at=at) as act:
            Nominee.objects.filter(pk__in=keys).update(name=FORGOTTEN, forgotten_on=on)
            act.after = {"nominees": len(keys)}
    return len(keys)


def a_year_before(on: date) -> date:
    """The same day a year ago; of a leap day the day before."""
    return on.replace(year=on.year - 1, day=28 if (on.month, on.day) == (2, 29) else on.day)


def objected_for(contest: UnitContest) -> timedelta:
    """How long after a result an objection to it may be ruled on by the law of its day; none where the law names no days."""
    election = contest.election
    law = shelf().law_of(election_kind(election.body).law, election.jurisdiction, contest.on)
    rules = (law.objection(election.body, "result", name) for name in ("days_to_object", "days_to_rule"))
    return timedelta(days=sum(rule.of for rule in rules if rule is not None))
