"""Elections for tests: two villages of the small world that elect, people who key, and who may open their pages."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from heli.accounts import services as accounts
from heli.accounts.models import User
from heli.accounts.queries import actor_of
from heli.accounts.testing import BEGINNING
from heli.assemblies.ledger import OBJECTIONS
from heli.assemblies.models import CountSheet, Election, UnitContest
from heli.assemblies.queries.elections import facts_of
from heli.assemblies.rules.tallies import Numbers
from heli.assemblies.services import declaring, elections, tallies
from heli.assemblies.types import ElectionPlan
from heli.campaigns.abouts import about_of
from heli.campaigns.testing.matter_pages import PART, case, everybody, kept, post
from heli.campaigns.testing.runs import READERS, campaign_of
from heli.kernel.access import SYSTEM, Actor
from heli.records.testing import access_of, district_of
from heli.ui.testing import AccessCase, Kwargs

KEEPERS = ("district_officer", "town_officer", "village_cadre")
POLL = date(2026, 5, 20)
BEFORE = POLL - timedelta(days=40)
OPENED, COUNTED = (datetime(day.year, day.month, day.day, 9, tzinfo=UTC) for day in (BEFORE, POLL))
SEATS = {"chair": 1, "vice": 1, "member": 3}
STANDS = ("chair", "chair", "vice", "vice", "member", "member", "member", "member")


def clerk(half: Any, number: int) -> Actor:
    """One of several people who do nothing but key in that half of the world."""
    name = f"clerk{number}.{half.district.pk}"
    user = User.objects.filter(username=name).first()
    if user is None:
        user, _password = accounts.add_user(actor=SYSTEM, username=name, name=name, place_id=half.district.pk)
        accounts.grant_role(actor=SYSTEM, user=user, role="tally_clerk", on=BEGINNING, place_id=half.district.pk)
    return actor_of(user)


def election_of(half: Any, *, in_campaign: bool = False, **more: Any) -> Election:
    """A term change of the villagers' committees of two villages of different towns."""
    places = more.pop("place_ids", [half.village.pk, half.other_village.pk])
    about = about_of(campaign_of(half)) if in_campaign else district_of(half)
    return elections.open_election(
        actor=half.actor("district_officer"),
        about=about,
        plan=plan_of(**more),
        place_ids=places,
        today=BEFORE,
        at=OPENED,
    )


def plan_of(**more: Any) -> ElectionPlan:
    """A term change of villagers' committees in Sichuan, but for what is told."""
    given: dict[str, Any] = {"title": "村委会换届", "body": "village_committee", "mode": "voters", "on": POLL}
    return ElectionPlan(**{**given, "jurisdiction": "CN-51", "seats": SEATS, **more})


def contest_of(half: Any, election: Election | None = None, *, tables: int = 2, **numbers: Any) -> UnitContest:
    """The contest of the cadre's village, with eight people on the ballot (the odd numbers women) and tables of 300 ballots."""
    election = election or election_of(half)
    contest = election.contests.get(place=half.village)
    officer = half.actor("district_officer")
    base = {"registered": 1000, "agents": 3, "proxies": 5, **numbers}
    elections.prepare(actor=officer, contest=contest, readiness="settled", numbers=base, today=BEFORE)
    contest.refresh_from_db()
    for number, name in enumerate(STANDS, 1):
        stands = elections.nominate(
            actor=officer, contest=contest, post=name, name=f"候选人{number}", is_woman=number % 2 == 1, today=BEFORE
        )
        elections.review(actor=officer, nominee=stands, is_qualified=True, today=BEFORE)
    for number in range(1, tables + 1):
        boxes = [("固定票箱", 285), ("流动票箱", 15)]
        elections.add_table(actor=officer, contest=contest, name=f"{number}号计票台", boxes=boxes)
    return contest


def paper(sheet: CountSheet, votes: Mapping[str, int] | None = None, **more: int) -> dict[str, int]:
    """What the paper of a table says: all ballots back and valid; four fifths for the first of each post, and for three members."""
    contest = UnitContest.objects.select_related("election").get(pk=sheet.contest_id)
    numbers = dict.fromkeys(facts_of(contest).fields(len(sheet.boxes)), 0)
    numbers |= {f"box.{at}": issued for at, (_name, issued) in enumerate(sheet.boxes)}
    numbers |= {"unreturned": 0, "invalid": 0, "valid": sheet.issued}
    many, few = sheet.issued * 4 // 5, sheet.issued // 10
    for number, name in enumerate(STANDS, 1):
        if f"votes.{name}.{number}" in numbers:
            numbers[f"votes.{name}.{number}"] = many if number in {1, 3, 5, 6, 7} else few
    return {**numbers, **(votes or {}), **more}


def key_twice(half: Any, sheet: CountSheet, numbers: Numbers | None = None, *, first: int = 1) -> CountSheet:
    """The same numbers keyed by two clerks."""
    given = numbers or paper(sheet)
    for number in (first, first + 1):
        sheet = tallies.key_sheet(actor=clerk(half, number), sheet=sheet, numbers=given, on=POLL)
    return sheet


def declared(
    half: Any, votes: Mapping[str, int] | None = None, *, each: bool = False, one_shoulder: bool = True, **more: Any
) -> UnitContest:
    """A contest of two tables, keyed and declared by the town officer; `votes` differ on the first table, or on `each`."""
    contest = contest_of(half, election_of(half, **more))
    for number, sheet in enumerate(contest.sheets.all()):
        key_twice(half, sheet, paper(sheet, votes if each or not number else None))
    given: dict[str, Any] = {"kin_apart": True, "one_shoulder": one_shoulder, "on": POLL, "at": COUNTED}
    declaring.declare(actor=half.actor("town_officer"), contest=contest, **given)
    return UnitContest.objects.select_related("declaration", "election").get(pk=contest.pk)


def _home(half: Any) -> Kwargs:
    return {"about_id": campaign_of(half).public_id}


def _contest(half: Any, place: Any = None) -> Kwargs:
    """A contest of a campaign: declared in the cadre's village."""

    def build() -> str:
        return declared(half, in_campaign=True).public_id

    key = kept(half, "contest", build)
    found = UnitContest.objects.get(public_id=key)
    if place is not None:
        key = found.election.contests.get(place=place).public_id
    return {**_home(half), "contest_id": key}


def open_contest(half: Any) -> Kwargs:
    """A contest of a campaign, made ready and not declared."""
    key = kept(half, "contest_open", lambda: contest_of(half, election_of(half, in_campaign=True)).public_id)
    return {**_home(half), "contest_id": key}


def _sheet(half: Any) -> Kwargs:
    return {"sheet_id": UnitContest.objects.get(public_id=open_contest(half)["contest_id"]).sheets.all()[0].public_id}


def _results(half: Any) -> Kwargs:
    return {"election_id": UnitContest.objects.get(public_id=_contest(half)["contest_id"]).election.public_id}


def _elsewhere(world: Any) -> Kwargs:
    return _contest(world.a, world.a.other_village)


OFFICERS = ("district_officer", "town_officer")
KEYERS = (*OFFICERS, "tally_clerk")
ACCESS: list[AccessCase] = [
    *access_of(OBJECTIONS, readers=READERS, enterers=KEEPERS, about=lambda half: about_of(campaign_of(half))),
    AccessCase("assemblies:elections_home", READERS),
    case("assemblies:elections", READERS, _home),
    case("assemblies:election_new", OFFICERS, _home),
    post("assemblies:election_new", OFFICERS, _home),
    case("assemblies:contest", READERS, _contest, narrow=PART, elsewhere=_elsewhere),
    case("assemblies:contest", READERS, open_contest),
    post("assemblies:contest", KEEPERS, open_contest, "table", refused=(403, 404)),
    case("assemblies:result_sheet", READERS, _contest),
    AccessCase("assemblies:tally", KEYERS),
    case("assemblies:sheet", KEYERS, _sheet),
    post("assemblies:sheet", KEYERS, _sheet, "key"),
    everybody("assemblies:results", _results),
]
