"""The books of two co-operatives of Qianfeng in the demonstration: half a year of vouchers by three people, what the bank says of
them, a roll of members that hangs; all of it invented.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any

from django.utils import timezone

from heli.accounts.queries import actor_of
from heli.bodies.services import add_body
from heli.bodies.types import BodyKind
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.quantities import YUAN
from heli.ledger import services as ledger
from heli.ledger.queries.bank import bank_lines, offers_of, postings_on
from heli.ledger.queries.books import vouchers_of
from heli.ledger.rules.books import Draw, compute_next_month
from heli.ledger.services import VoucherDraft
from heli.ledger.types import RollLine
from heli.places.types import PlaceRow

SAMPLE = "（示例）"
MONTHS = 5
"""Months before this one since which there are books."""
OPENING = {
    "10101": 320_000, "10201": 48_600_000, "112": 2_400_000, "151": 221_000_000, "152": -31_500_000, "241": -10_000_000,
    "301": -180_000_000, "311": -42_820_000, "32202": -8_000_000,
}  # fmt: skip
LEVELS = {"10101": "村报账员备用金", "10201": "农商行基本户", "24101": "高标准农田补助"}
MONTHLY: tuple[tuple[int, str, tuple[Draw, ...]], ...] = (
    (3, "收门面房租金", (Draw("10201", 600_000), Draw("501", -600_000))),
    (8, "支付保洁人员劳务费", (Draw("514", 180_000), Draw("10201", -180_000))),
    (12, "提取备用金", (Draw("10101", 50_000), Draw("10201", -50_000))),
    (18, "支付办公水电费", (Draw("513", 36_500), Draw("10101", -36_500))),
    (25, "计提固定资产折旧", (Draw("511", 210_000), Draw("152", -210_000))),
)
BANK, UNMATCHED, FEE = "10201", 3, 1_500
"""The account that the bank's list is about, how many of its lines wait to be matched, and what only the bank booked."""
MEMBERS, HOUSEHOLDS = 126, 38
FAMILIES, SIGNS = "王李张刘陈杨赵黄周吴徐孙胡朱", "甲乙丙丁戊己庚辛壬癸"
GRANT = (Draw("10201", 12_000_000), Draw("24101", -12_000_000))
SPENT = (Draw("24101", 4_500_000), Draw("10201", -4_500_000))


def build_books(village: PlaceRow, other: PlaceRow, users: Mapping[str, Any], *, now: datetime) -> None:
    """Open the books of both; the first has vouchers in every state, its finished months are closed but the last."""
    today = timezone.localdate(now)
    begins = today.replace(day=1)
    for _month in range(MONTHS):
        begins = (begins - timedelta(days=1)).replace(day=1)
    keepers = {role: actor_of(user) for role, user in users.items()}
    for place in (village, other):
        name = f"{place.name}股份经济合作社{SAMPLE}"
        body = add_body(actor=SYSTEM, name=name, kind=BodyKind.COOPERATIVE, place_id=place.id, on=begins, at=now)
        holder = ledger.open_books(actor=SYSTEM, body=body, begins_on=begins, members=MEMBERS, at=now)
        for code, told in LEVELS.items():
            ledger.add_account(actor=keepers["bookkeeper"], collective=holder, code=code, name=told, at=now)
        opening = ledger.make_openings(
            actor=keepers["bookkeeper"],
            collective=holder,
            balances_fen=OPENING,
            text="清产核资后的期初余额" + SAMPLE,
            at=now,
        )
        ledger.check_voucher(actor=keepers["town"], voucher=opening, on=today, at=now)
        if place == village:
            _keep(holder, keepers, begins, today, now)
            _bank(holder, keepers, today, now)
            _roll(holder, keepers, today, now)


def _keep(holder: Any, keepers: Mapping[str, Actor], begins: date, today: date, now: datetime) -> None:
    month = begins
    while month <= today:
        after = compute_next_month(month, month)
        given = list(MONTHLY)
        if month == begins:
            given += [(6, "收到高标准农田补助", GRANT), (20, "支付田间道路工程款", SPENT)]
        for day, text, draws in sorted(given, key=lambda one: one[0]):
            if (on := month.replace(day=day)) <= today:
                made = _make(holder, keepers["bookkeeper"], VoucherDraft(on, text + SAMPLE, draws), now)
                if month < today.replace(day=1):
                    _post(made, keepers, on, now)
        if compute_next_month(after, after) <= today.replace(day=1) and month.month != 12:
            ledger.close_month(actor=keepers["bookkeeper"], collective=holder, month=month, on=today, at=now)
        elif month.month == 12 and after <= today:
            _end_year(holder, keepers, month.year, today, now)
        month = after
    if today.day < MONTHLY[0][0]:
        draft = VoucherDraft(today, "预收门面房租金" + SAMPLE, MONTHLY[0][2])
        _make(holder, keepers["bookkeeper"], draft, now)


def _make(holder: Any, keeper: Actor, draft: VoucherDraft, now: datetime) -> Any:
    return ledger.make_voucher(actor=keeper, collective=holder, draft=draft, on=draft.on, at=now)


def _post(one: Any, keepers: Mapping[str, Actor], on: date, now: datetime) -> None:
    if one.right:
        one = ledger.agree_to_voucher(actor=keepers["town"], voucher=one, on=on, at=now)
    if one.moves_money:
        one = ledger.sign_voucher(actor=keepers["cashier"], voucher=one, on=on, at=now)
    ledger.check_voucher(actor=keepers["supervisor"], voucher=one, on=on, at=now)


def _end_year(holder: Any, keepers: Mapping[str, Actor], year: int, today: date, now: datetime) -> None:
    """Both steps of the year's end, and December closed."""
    given: dict[str, Any] = {"actor": keepers["bookkeeper"], "collective": holder}
    month = date(year, 12, 1)
    if compute_next_month(month, month) > today.replace(day=1):
        return
    for _step in range(2):
        _post(ledger.make_year_end(year=year, on=today, at=now, **given), keepers, today, now)
    if compute_next_month(month, month) < today.replace(day=1):
        ledger.close_month(month=month, on=today, at=now, **given)


def _bank(holder: Any, keepers: Mapping[str, Actor], today: date, now: datetime) -> None:
    """What the bank says of each posting, and a fee the books do not have yet; all but the newest lines are matched."""
    booked = vouchers_of(holder).filter(status="posted", kind="ordinary")
    rows = [(one.on, fen, one.text) for one in booked for account, fen, _text in one.draft if account == BANK]
    rows.sort(key=lambda one: one[0])
    rows.append((rows[-1][0], -FEE, f"账户管理费{SAMPLE}"))
    stands, lines = OPENING[BANK], ["交易日期,金额,余额,摘要"]
    for on, fen, text in rows:
        stands += fen
        lines.append(f"{on},{YUAN.typed(fen)},{YUAN.typed(stands)},{text}")
    given: dict[str, Any] = {"actor": keepers["bookkeeper"], "collective": holder, "account": BANK, "at": now}
    ledger.take_in_statement(content="\n".join(lines).encode(), name=f"银行明细{SAMPLE}.csv", **given)
    left, postings = list(bank_lines(holder, BANK)), list(postings_on(holder, BANK))
    for offer in offers_of(left, postings)[:-UNMATCHED]:
        ledger.confirm_match(line_ids=[offer.row], posting_ids=offer.postings, on=today, **given)


def _roll(holder: Any, keepers: Mapping[str, Actor], today: date, now: datetime) -> None:
    """A roll of members, taken in and posted three days ago: it still hangs."""
    on = today - timedelta(days=3)
    at = min(now, timezone.make_aware(datetime.combine(on, time(12))))
    lines = [
        RollLine(number, household, name, shares=100) for number, household, name in sample_roll(MEMBERS, HOUSEHOLDS)
    ]
    ledger.take_in_members(actor=keepers["bookkeeper"], collective=holder, lines=lines, on=on, at=at)
    ledger.post_roll(actor=keepers["town"], collective=holder, on=on, at=at)


def sample_roll(members: int, households: int) -> Iterator[tuple[int, int, str]]:
    """Lines of an invented roll: number, number of the household, a name that is nobody's."""
    names = [f"{family}某{sign}" for sign, family in product(SIGNS, FAMILIES)]
    for number in range(1, members + 1):
        household = (number - 1) * households // members
        yield number, household + 1, FAMILIES[household % len(FAMILIES)] + names[number % len(names)][1:]
