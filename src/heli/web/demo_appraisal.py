"""The appraisal year and volunteering in the demonstration: one with an objection, one on the line, a few shifts. All invented."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from heli.accounts import queries as accounts
from heli.appraisal import services
from heli.appraisal.ledger import APPRAISALS
from heli.appraisal.packs import appraisal_packs
from heli.appraisal.queries import open_subjects
from heli.appraisal.services import PushedValue
from heli.kernel.access import Actor, Scope
from heli.places.types import PlaceRow
from heli.points import services as points
from heli.points.ledger import SHIFTS
from heli.points.services import Earned
from heli.records import services as records
from heli.records.abouts import DISTRICT, About
from heli.records.services import Draft

PACK, LINKED, SAMPLE = "two-committees", "linked-departments", "（示例）"
FIGURES = ("matters.solution", "matters.content", "matters.closed", "campaigns.risk_assessed")
REVIEWED, NOT_PROPOSED = 177, {"age": 1}


def build_appraisal(district_id: int, villages: Sequence[PlaceRow], town: PlaceRow, now: datetime) -> None:
    """Two committees of one town appraised up to the notice; the village of the accounts objects."""
    officer, second, keeper, cadre = (_actor(name) for name in ("officer", "officer2", "town", "village"))
    about, today = _about(district_id), timezone.localdate(now)
    begins = today - timedelta(days=20)
    if not appraisal_packs()[PACK].header.holds_on(begins):
        return
    year = services.begin_year(actor=officer, about=about, pack=PACK, year=today.year, on=begins, at=now)
    rows = {row.place_id: row for row in open_subjects(year)}
    mine = [rows[one.id] for one in villages if one.id in rows]
    best = len(mine) // 5  # the cap of this town: two with the same total stand where it ends
    good = [100 - number % 6 if number < best - 1 else 93 for number in range(best + 1)]
    numbers = [*good, *(84 - number % 9 for number in range(len(mine) - len(good)))]
    values = [
        PushedValue(row.place_id, figure, 1, number, 100, "sample", "0" * 64)
        for row, number in zip(mine, numbers, strict=True)
        for figure in FIGURES
    ]
    services.take_values(actor=officer, year=year, values=values, at=now)
    for row, number in zip(mine[: best + 1] + mine[-2:], [*good, 84, 80], strict=True):
        ballots = {"excellent": number - 50, "good": 40, "fair": 8, "poor": 2}
        for indicator, fact in (("posted", {"k": number, "n": 100}), ("reported", {"done": 1}), ("ballots", ballots)):
            given: dict[str, Any] = {
                "indicator": indicator,
                "fact": fact,
                "source": "民主评议票统计表" + SAMPLE,
                "at": now,
            }
            services.enter_fact(actor=keeper if row.place_id != town.id else officer, row=row, **given)
    services.add_up(actor=officer, year=year, at=now)
    services.count_review(
        actor=officer, year=year, place_id=town.id, reviewed=REVIEWED, not_proposed=NOT_PROPOSED, on=today, at=now
    )
    if mine[-1].place_id == villages[-1].id:
        _objected(officer, second, cadre, mine[-1], now)
    _departments(officer, about, begins, now)


def _departments(officer: Actor, about: About, begins: date, now: datetime) -> None:
    """The linked departments are begun; of the one whose liaison has an account everything is known."""
    year = services.begin_year(actor=officer, about=about, pack=LINKED, year=begins.year, on=begins, at=now)
    row = next((one for one in open_subjects(year) if "民政局" in one.title), None)
    if row is None:
        return
    ballots = {"excellent": 7, "good": 4, "fair": 1, "poor": 0}
    for indicator, fact in (("visits", {"k": 23, "n": 24}), ("solved", {"k": 18, "n": 20}), ("villages", ballots)):
        given: dict[str, Any] = {"indicator": indicator, "fact": fact, "source": "包联台账" + SAMPLE, "at": now}
        services.enter_fact(actor=officer, row=row, **given)
    services.add_up(actor=officer, year=year, at=now)


def _objected(officer: Actor, second: Actor, cadre: Actor, row: Any, now: datetime) -> None:
    """Reported, graded by two, objected to by the village."""
    today = timezone.localdate(now)
    row.refresh_from_db()
    given: dict[str, Any] = {"ledger": APPRAISALS, "row": row, "at": now}
    early = today - timedelta(days=2)
    records.move(actor=cadre, name="report", note="年末述职报告" + SAMPLE, on=early, **given)
    grade = {"grade": row.parts["grade"], "why": ""}
    records.move(actor=officer, name="propose", values=grade, on=early, **given)
    records.move(actor=second, name="confirm", on=early, **given)
    objection = {"objection": "村务公开漏计第四季度一次" + SAMPLE}
    records.move(actor=cadre, name="object", values=objection, on=today, **given)


def build_points(district_id: int, village: PlaceRow, now: datetime) -> None:
    """Shifts of the village of the accounts; one member with confirmed hours, an organisation with an activity."""
    about, today = _about(district_id), timezone.localdate(now)
    cadre, member = _actor("village"), _actor("grid")
    given: dict[str, Any] = {"ledger": SHIFTS, "about": about, "on": today, "at": now}
    shifts = [
        {"title": "陪老人体检" + SAMPLE, "place": village.id, "act": "shift", "held_on": today, "hours": 3, "heads": 4},
        {"title": "周末清河道" + SAMPLE, "place": village.id, "act": "shift", "held_on": today + timedelta(days=4),
         "spot": "村口桥头", "hours": 2, "heads": 12},
        {"title": "法律咨询" + SAMPLE, "place": village.id, "act": "skill", "held_on": today + timedelta(days=9), "hours": 2,
         "heads": 2},
    ]  # fmt: skip
    first, *_rest = records.enter(
        actor=cadre, drafts=[Draft({"spot": "", "note": "", **one}) for one in shifts], **given
    )
    points.report_in(
        actor=member, district_id=district_id, home_id=village.id, work_id=None, consents=True, on=today, at=now
    )
    claim = points.take_on(actor=member, shift=first, on=today, at=now)
    points.confirm_shift(actor=cadre, claim=claim, minutes=180, on=today, at=now)
    from heli.bodies.queries import holders_in

    unit = next(one.key for one in holders_in(district_id, today) if not one.is_person)
    earned = Earned("unit_activity", village.id, today, "共建活动记录" + SAMPLE, unit)
    points.enter_points(actor=cadre, about=about, earned=earned, on=today, at=now)


def _about(district_id: int) -> About:
    from heli.places.queries import versions_of

    return DISTRICT.about(district_id, versions_of(district_id)[0].public_id)


def _actor(username: str) -> Actor:
    return accounts.actor_of(accounts.in_scope(Scope(everything=True)).get(username=username))
