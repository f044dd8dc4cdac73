"""A term change in the midst of its polling day, for the demonstration: seeded, rows written in bulk, names that nobody has.

Ordinary units are written together; what is worth looking at (a result, a mismatch, a tie, an objection) goes through the services.
"""

import random
from collections.abc import Sequence
from datetime import date, datetime

from heli.assemblies.models import CountSheet, Election, Nominee, Readiness, SheetState, UnitContest
from heli.assemblies.rules.tallies import PLAIN
from heli.assemblies.services.elections import WHAT
from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.kernel.ids import new_public_id

SURNAMES = "陈林黄周吴郑王李张徐叶金潘胡项"
SIGNS = "甲乙丙丁戊己庚辛"
POSTS = ("chair", "chair", "vice", "vice", "member", "member", "member", "member")
FAVOURED = {1, 3, 5, 6, 7}
"""Numbers on the ballot with most votes: one of each post, three of the members."""
SECOND_BOX = 24
"""Ballots in the mobile box of a unit."""


def prepare_units(
    *, actor: Actor, contests: Sequence[UnitContest], settled: int, on: date, seed: int, at: datetime
) -> None:
    """Numbers of every unit; the first `settled` have people settled, on the ballot, and two counting tables."""
    draw = random.Random(seed)
    nominees, sheets = list[Nominee](), list[CountSheet]()
    for number, contest in enumerate(contests):
        contest.registered = draw.randint(480, 2_400)
        contest.agents, contest.proxies = 12, draw.randint(12, 30)
        contest.participants = contest.registered * draw.randint(78, 93) // 100
        contest.intended_on = on
        contest.readiness = Readiness.SETTLED if number < settled else Readiness.INTENDED
        contest.settled_on = on if number < settled else None
        if number >= settled:
            continue
        nominees += [
            Nominee(
                contest=contest, post=post, number=place, name=f"{draw.choice(SURNAMES)}某{SIGNS[place - 1]}",
                is_woman=place in {3, 5, 8}, is_qualified=True, reviewed_on=on,
            )
            for place, post in enumerate(POSTS, 1)
        ]  # fmt: skip
        half = contest.participants // 2
        tables = [
            [["固定票箱", half], ["流动票箱", SECOND_BOX]],
            [["固定票箱", contest.participants - half - SECOND_BOX]],
        ]
        sheets += [
            CountSheet(
                public_id=new_public_id(), contest=contest, name=f"{place}号计票台", boxes=boxes,
                issued=sum(int(box[1]) for box in boxes),
            )
            for place, boxes in enumerate(tables, 1)
        ]  # fmt: skip
    changed = ("registered", "agents", "proxies", "participants", "readiness", "intended_on", "settled_on")
    with writing(actor, WHAT, action="assemblies.keep", at=at) as act:
        UnitContest.objects.bulk_update(contests, changed, batch_size=200)
        Nominee.objects.bulk_create(nominees, batch_size=500)
        CountSheet.objects.bulk_create(sheets, batch_size=500)
        act.subject, act.after = "sample", {"did": "prepare", "units": len(contests)}


def paper_of(sheet: CountSheet, draw: random.Random) -> dict[str, int]:
    """What the paper of a table says: nearly all came back, a few invalid; those favoured have between 60 and 80 in a hundred."""
    numbers = {f"box.{at}": int(box[1]) for at, box in enumerate(sheet.boxes)}
    out = draw.randint(0, 3)
    numbers["box.0"] -= out
    returned = sum(numbers.values())
    invalid = draw.randint(1, 5)
    numbers |= dict(zip(PLAIN, (out, invalid, returned - invalid), strict=True))
    for place, post in enumerate(POSTS, 1):
        share = draw.randint(60, 80) if place in FAVOURED else draw.randint(8, 18)
        numbers[f"votes.{post}.{place}"] = (returned - invalid) * share // 100
    return numbers


def key_units(
    *,
    actor: Actor,
    contests: Sequence[UnitContest],
    clerks: Sequence[Actor],
    agreed: int,
    on: date,
    seed: int,
    at: datetime,
) -> None:
    """The papers of units keyed by two clerks: of the first `agreed` units both tables, of the others the first once."""
    draw, first, second = random.Random(seed), *(one.id for one in clerks[:2])
    ranks = {contest.pk: place for place, contest in enumerate(contests)}
    sheets = list(CountSheet.objects.filter(contest__in=contests).order_by("contest_id", "pk"))
    changed = list[CountSheet]()
    for sheet in sheets:
        numbers, is_agreed = paper_of(sheet, draw), ranks[sheet.contest_id] < agreed
        if not is_agreed and sheet.name != "1号计票台":
            continue
        sheet.first, sheet.first_by_id, sheet.first_on, sheet.state = numbers, first, on, SheetState.ONCE
        if is_agreed:
            sheet.second, sheet.second_by_id, sheet.second_on, sheet.state = numbers, second, on, SheetState.AGREED
            sheet.numbers = numbers
            sheet.returned = sum(number for name, number in numbers.items() if name.startswith("box."))
            sheet.unreturned, sheet.invalid, sheet.valid = (numbers[name] for name in PLAIN)
        changed.append(sheet)
    columns = [
        "first", "first_by", "first_on", "second", "second_by", "second_on", "state", "numbers", "returned", "unreturned",
        "invalid", "valid",
    ]  # fmt: skip
    with writing(actor, WHAT, action="assemblies.key", at=at) as act:
        CountSheet.objects.bulk_update(changed, columns, batch_size=200)
        act.subject, act.after = "sample", {"did": "key", "sheets": len(changed)}


def units_of(election: Election) -> list[UnitContest]:
    """The contests of an election, in the order of the register."""
    return list(election.contests.select_related("election").order_by("town_id", "place_id"))
