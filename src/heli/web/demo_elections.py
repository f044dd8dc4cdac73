"""The term change of the demonstration: Ouhai's 190 units, on the evening of the villages' polling day.

150 units have people settled and 40 people in view. Of the villages some results are declared, some are counted, in one two
keyings differ, in one votes tie, in one a second ballot is open, and about one an objection waits. Where the committee is elected,
three groups choose their heads: one has. It is told of every day alike.
"""

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from heli.accounts import queries as accounts
from heli.assemblies import sample
from heli.assemblies.ledger import OBJECTIONS
from heli.assemblies.queries.elections import standing_sheets
from heli.assemblies.sample import paper_of
from heli.assemblies.services import declaring, elections, tallies
from heli.assemblies.types import ElectionPlan
from heli.consultation.services.notices import post_notice
from heli.kernel.access import Actor, Scope
from heli.places import queries as places
from heli.places.types import Level, PlaceKind
from heli.records import services as records
from heli.records.abouts import DISTRICT
from heli.records.services import Draft

COMMUNITIES = 39
"""Of the 54 communities on the code list so many change their term; the first of the list."""
SETTLED, DECLARED, COUNTED, COUNTING = 150, 12, 60, 95
SEED = 330_304
SEATS = {"chair": 1, "vice": 1, "member": 3}
GROUPS = ("第一组", "第二组", "第三组")
CLERKS = ("ouhai_clerk1", "ouhai_clerk2", "ouhai_clerk3")


def build_elections(district_id: int, now: datetime, say: Callable[[str], None]) -> None:
    """Two elections of the district, the villages' on this day, the communities' later."""
    today = timezone.localdate(now)
    begun, settled = today - timedelta(days=45), today - timedelta(days=26)
    officer, second, *clerks = (_actor(name) for name in ("ouhai", "ouhai2", *CLERKS))
    district = next(row for row in places.districts(today) if row.id == district_id)
    about = DISTRICT.about(district_id, district.public_id)
    rows = places.places_on(district_id, today, levels=(Level.VILLAGE,))
    villages = [row.id for row in rows if row.kind is PlaceKind.VILLAGE]
    communities = [row.id for row in rows if row.kind is PlaceKind.COMMUNITY][:COMMUNITIES]
    say("electing committees in 190 units of Ouhai, in mid-count")
    opened = []
    for title, body, ids, day in (
        ("村民委员会换届选举（示例）", "village_committee", villages, today),
        ("居民委员会换届选举（示例）", "residents_committee", communities, today + timedelta(days=25)),
    ):
        plan = ElectionPlan(title=title, body=body, mode="voters", on=day, jurisdiction="CN-33", seats=SEATS)
        at = now - timedelta(days=45)
        opened.append(elections.open_election(actor=officer, about=about, plan=plan, place_ids=ids, today=begun, at=at))
    contests = sample.units_of(opened[0]) + sample.units_of(opened[1])
    sample.prepare_units(
        actor=officer, contests=contests, settled=SETTLED, on=settled, seed=SEED, at=now - timedelta(days=26)
    )
    posted: dict[str, Any] = {"on": settled, "at": now - timedelta(days=26), "takes_opinions": False}
    post_notice(
        actor=officer, about=about, kind="voters", title="选民名单公告（示例）",
        text="选民名单张贴于各村公示栏，对名单有异议的，五日内提出。",
        place_ids=villages, first_on=settled, last_on=today, for_on=today, **posted,
    )  # fmt: skip
    sample.key_units(
        actor=officer, contests=contests[:COUNTING], clerks=clerks, agreed=COUNTED, on=today, seed=SEED, at=now
    )
    _declare(second, contests[:DECLARED], today, now)
    _particular(clerks, second, contests[COUNTING : COUNTING + 3], today, now)
    plan = ElectionPlan(
        title="村民小组组长推选（示例）", body="head_village", mode="households", on=today, jurisdiction="CN-33",
        seats={"chair": 1}, parts=GROUPS,
    )  # fmt: skip
    heads = elections.open_election(
        actor=officer, about=about, plan=plan, place_ids=[contests[0].place_id], today=today, at=now
    )
    _heads(officer, clerks, second, sample.units_of(heads), now)
    given: dict[str, Any] = {
        "place": contests[COUNTED - 1].place_id, "body": "village_committee", "matter": "roll",
        "text": "名单漏登一户，要求补登", "published_on": settled,
        "found_on": settled + timedelta(days=4), "due_on": None,
    }  # fmt: skip
    given["due_on"] = given["found_on"] + timedelta(days=3)
    records.enter(
        actor=officer, ledger=OBJECTIONS, about=about, drafts=[Draft(given)], on=settled + timedelta(days=4), at=now
    )


def _actor(username: str) -> Actor:
    return accounts.actor_of(accounts.in_scope(Scope(everything=True)).get(username=username))


def _declare(actor: Actor, contests: Sequence[Any], on: date, at: datetime) -> None:
    """Results declared by somebody who keyed none of them."""
    for number, contest in enumerate(contests):
        declaring.declare(actor=actor, contest=contest, kin_apart=True, one_shoulder=number % 4 != 0, on=on, at=at)


def _heads(officer: Actor, clerks: Sequence[Actor], declarer: Actor, contests: Sequence[Any], at: datetime) -> None:
    """Two stand in each group; the first has voted and is declared."""
    on = timezone.localdate(at)
    for number, contest in enumerate(contests):
        given: dict[str, Any] = {"actor": officer, "contest": contest, "today": on, "at": at}
        elections.prepare(**given, readiness="settled", numbers={"registered": 42 + 7 * number})
        for name, is_woman in (("林某甲", False), ("周某乙", True)):
            elections.nominate(**given, post="chair", name=name, is_woman=is_woman)
    sheet = elections.add_table(actor=officer, contest=contests[0], name="计票台", boxes=[("票箱", 38)], at=at)
    counted = {"box.0": 38, "unreturned": 0, "invalid": 1, "valid": 37, "votes.chair.1": 24, "votes.chair.2": 13}
    for clerk in clerks[:2]:
        tallies.key_sheet(actor=clerk, sheet=sheet, numbers=counted, on=on, at=at)
    declaring.declare(actor=declarer, contest=contests[0], on=on, at=at)


def _particular(clerks: Sequence[Actor], actor: Actor, contests: Sequence[Any], on: date, at: datetime) -> None:
    """Two keyings that differ; a tie at the last seat; seats that stay open, with the second ballot opened."""
    draw = random.Random(SEED)
    given: dict[str, Any] = {"on": on, "at": at}
    for contest, wish in zip(contests, ("differ", "tie", "open"), strict=True):
        for place, sheet in enumerate(standing_sheets(contest)):
            numbers = paper_of(sheet, draw)
            half = numbers["valid"] * 11 // 20
            if wish == "tie":
                numbers |= {"votes.member.5": numbers["valid"] * 7 // 10, "votes.member.6": numbers["valid"] * 13 // 20}
                numbers |= {"votes.member.7": half, "votes.member.8": half}
            elif wish == "open":
                numbers |= {"votes.member.6": numbers["valid"] // 3, "votes.member.7": numbers["valid"] // 4}
            keyed = dict(numbers)
            if wish == "differ" and not place:
                keyed["votes.chair.1"] -= 10
                keyed["votes.chair.2"] += 1
            for clerk, read in zip(clerks[:2], (numbers, keyed), strict=True):
                tallies.key_sheet(actor=clerk, sheet=sheet, numbers=read, **given)
        if wish != "differ":
            declaring.declare(actor=actor, contest=contest, kin_apart=True, one_shoulder=True, **given)
        if wish == "open":
            declaring.open_second_ballot(actor=actor, contest=contest, on=on + timedelta(days=7), at=at)
