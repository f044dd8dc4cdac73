"""The books of a few communities of Ouhai in the demonstration, all of them invented: three become one, of which two carry their
books by agreement and one keeps them apart 并村不并账; one is divided, where an item without a destination blocks; a village
pays a dividend.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from heli.accounts.queries import actor_of
from heli.assemblies.services import sittings
from heli.bodies.services import add_body
from heli.bodies.types import BodyKind
from heli.kernel.access import SYSTEM, Actor
from heli.ledger import services as ledger
from heli.ledger.ledger import ASSETS, CONTRACTS, TRANSFERS
from heli.ledger.rules.books import Draw
from heli.ledger.services import VoucherDraft
from heli.ledger.services.transfers import open_transfers
from heli.ledger.types import DividendWish, RollLine
from heli.places import queries as places
from heli.places import services as register
from heli.places.types import EventKind, EventSpec, LinkSpec, PlaceKind, PlaceRow, PlaceSpec, Share
from heli.records import services as records
from heli.records.abouts import DISTRICT, find_about
from heli.records.services import Draft
from heli.web.demo_books import SAMPLE, sample_roll

TOWN = "330304011"
MERGED, APART, DIVIDED = ("白门社区", "丽塘社区"), "丽岙社区", "王宅社区"
SUCCESSOR, PARTS = f"丽和社区{SAMPLE}", (f"王宅东社区{SAMPLE}", f"王宅西社区{SAMPLE}")
MEMBERS = {"白门社区": 800, "丽塘社区": 500, "丽岙社区": 620, "王宅社区": 410}
OWED = 500_000
"""What the first of the merged has to get of the second; both books say so."""
BANKS = {
    "白门社区": "农商行基本户",
    "丽塘社区": "邮储银行基本户",
    "丽岙社区": "农商行基本户",
    "王宅社区": "农商行基本户",
}
SHOPS, PARK = "沿街店面六间", "停车场"
ITEMS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "白门社区": ((SHOPS, 90_000_000),),
    "丽塘社区": ((SHOPS, 42_000_000),),
    "王宅社区": ((SHOPS, 60_000_000), (PARK, 18_000_000)),
}
IN_BANK = {"白门社区": 26_000_000, "丽塘社区": 9_000_000, "丽岙社区": 31_000_000, "王宅社区": 12_000_000}
RENT, COST, GIFT = 36_000_000, 12_500_000, 4_000_000


@dataclass(frozen=True, slots=True)
class BooksCast:
    """Who does it: the district's officers, the town, the agency's book-keeper, the supervisor."""

    officer: Actor
    second: Actor
    town: Actor
    keeper: Actor
    supervisor: Actor


def build_merger(district_id: int, users: Mapping[str, Any], now: datetime, say: Callable[[str], None]) -> None:
    """The mergers and the dividend, told of any day alike: they held from the first of a month a week ago or more."""
    cast = BooksCast(**{name: actor_of(user) for name, user in users.items()})
    today = timezone.localdate(now)
    holds = (today - timedelta(days=7)).replace(day=1)
    town = next(row for row in places.towns_of(district_id, holds) if row.code.startswith(TOWN))
    rows = {row.name: row for row in places.children_of(town.id, holds)}
    say("books of communities of Ouhai carried, kept apart and blocked; a dividend paid, invented")
    begins = (holds - timedelta(days=1)).replace(day=1)
    holders = {name: _holder(rows[name].id, name, begins, MEMBERS[name], now) for name in MEMBERS}
    items = _property(district_id, cast, rows, today, now)
    for name, holder in holders.items():
        _open(holder, name, holders, cast=cast, today=today, now=now)
    merged = [rows[name].id for name in (*MERGED, APART)]
    kept: dict[str, Any] = {"parent": town.id, "kind": PlaceKind.COMMUNITY}
    halves: dict[str, Any] = {"population": Share(5_000, 10_000), "area": Share(5_000, 10_000)}
    given: dict[str, Any] = {"on": holds, "document_number": f"瓯民〔{holds.year}〕8号{SAMPLE}"}
    found = register.record_events(
        actor=SYSTEM,
        events=[
            EventSpec(
                kind=EventKind.MERGE, links=tuple(LinkSpec(source=one, target=SUCCESSOR) for one in merged),
                founds={SUCCESSOR: PlaceSpec(name=SUCCESSOR, **kept)}, **given,
            ),
            EventSpec(
                kind=EventKind.SPLIT,
                links=tuple(LinkSpec(source=rows[DIVIDED].id, target=one, **halves) for one in PARTS),
                founds={one: PlaceSpec(name=one, **kept) for one in PARTS}, **given,
            ),
        ],
    )  # fmt: skip
    for name, key in {**found[0].founded, **found[1].founded}.items():
        _holder(key, name, holds, 0, now)
    transfers = open_transfers(actor=cast.officer, district_id=district_id, since=holds, on=today, at=now)
    _carry(cast, {row.title: row for row in transfers}, items, today, now)
    _dividend(cast, rows, today)


def _holder(place_id: int, name: str, begins: date, members: int, now: datetime) -> Any:
    body = add_body(actor=SYSTEM, name=_called(name), kind=BodyKind.COOPERATIVE, place_id=place_id, on=begins, at=now)
    return ledger.open_books(actor=SYSTEM, body=body, begins_on=begins, members=members, at=now)


def _called(name: str) -> str:
    return f"{name.removesuffix(SAMPLE)}股份经济合作社{SAMPLE}"


def _property(
    district_id: int, cast: BooksCast, rows: Mapping[str, PlaceRow], today: date, now: datetime
) -> dict[str, Any]:
    """Shops and a car park, and the lease of the first shops, which ends soon: the merger leaves it as it is."""
    about = DISTRICT.about(district_id, DISTRICT.rows().values_list("public_id", flat=True).get(pk=district_id))
    given: dict[str, Any] = {"actor": cast.officer, "about": about, "on": today, "at": now}
    drafts = [_asset(title, rows[name].id, fen) for name, some in ITEMS.items() for title, fen in some if title != PARK]
    assets = records.enter(ledger=ASSETS, drafts=drafts, **given)
    lease = Draft({
        "title": SHOPS + SAMPLE, "place": rows[MERGED[0]].id, "kind": "lease", "party": f"某超市有限公司{SAMPLE}",
        "begins_on": date(today.year - 5, 1, 1), "due_on": today + timedelta(days=26), "rent_fen": 18_000_000,
        "deposit_fen": 3_000_000, "area_dm2": 60_000, "price_steps": "", "object_code": assets[0].public_id,
        "arrears_fen": 1_500_000, "decision": "", "paper": None,
    })  # fmt: skip
    (row,) = records.enter(ledger=CONTRACTS, drafts=[lease], **given)
    told: dict[str, Any] = {"ledger": CONTRACTS, "row": row, "on": today, "at": now}
    records.move(actor=cast.officer, name="compare", note="与原件一致" + SAMPLE, **told)
    records.move(actor=cast.second, name="verify", **told)
    return {row.title: row for row in assets if row.place_id == rows[DIVIDED].id}


def _asset(title: str, place_id: int, fen: int) -> Draft:
    return Draft({
        "title": title + SAMPLE, "place": place_id, "kind": "operating", "account": "151", "value_fen": fen,
        "area_dm2": 60_000, "certificate": "", "keeper": "",
    })  # fmt: skip


def _found_later(cast: BooksCast, row: Any, now: datetime) -> None:
    """The car park came into the register when the division had been said: nobody said who takes it over."""
    about = DISTRICT.about(row.district_id, row.about)
    fen = dict(ITEMS[DIVIDED])[PARK]
    day = row.on - timedelta(days=1)
    records.enter(
        actor=cast.officer, ledger=ASSETS, about=about, drafts=[_asset(PARK, row.place_id, fen)], on=day, at=now
    )


def _open(holder: Any, name: str, holders: Mapping[str, Any], *, cast: BooksCast, today: date, now: datetime) -> None:
    """The opening balances: its property, its bank, what the merged owe one another; the rest is its own."""
    stand = {"10201": IN_BANK[name], "151": sum(fen for _title, fen in ITEMS.get(name, ()))}
    levels = {"10201": BANKS[name]}
    if name in MERGED:
        first = name == MERGED[0]
        code = "11201" if first else "21101"
        stand[code], levels[code] = (OWED if first else -OWED), holders[MERGED[first]].body.name
    stand["241"] = -GIFT
    stand["311"] = -sum(stand.values())
    for code, told in levels.items():
        ledger.add_account(actor=cast.keeper, collective=holder, code=code, name=told, at=now)
    kept = {code: fen for code, fen in stand.items() if fen}
    one = ledger.make_openings(
        actor=cast.keeper, collective=holder, balances_fen=kept, text=f"清产核资后的期初余额{SAMPLE}", at=now
    )
    ledger.check_voucher(actor=cast.town, voucher=one, on=today, at=now)


def _carry(cast: BooksCast, rows: Mapping[str, Any], items: Mapping[str, Any], today: date, now: datetime) -> None:
    """Each members' assembly decides: two by agreement, signed and carried; one apart; one in parts, where an item blocks."""
    given: dict[str, Any] = {"ledger": TRANSFERS, "on": today, "at": now}
    ways = {**dict.fromkeys(MERGED, "negotiated"), APART: "apart", DIVIDED: "at_once"}
    signed = []
    for name, way in ways.items():
        row = rows[_called(name)]
        _vote(cast.officer, row, "merge_coop", MEMBERS[name] * 3 // 4, on=today, at=now)
        values = {"way": way, "on": row.on}
        row = records.move(actor=cast.keeper, row=row, name="decide", values=values, **given)
        if name in MERGED:
            row = records.move(actor=cast.keeper, row=row, name="give", **given)
            row = records.move(actor=cast.town, row=row, name="receive", **given)
            signed.append(records.move(actor=cast.supervisor, row=row, name="supervise", **given))
        if name == DIVIDED:
            east, west = (_called(one) for one in PARTS)
            divided = {
                "parts_text": f"{east} 6000\n{west} 4000",
                "assign_text": f"{items[SHOPS + SAMPLE].public_id} {east}",
            }
            records.move(actor=cast.keeper, row=row, name="divide", values=divided, **given)
            _found_later(cast, row, now)
    records.move(actor=cast.officer, row=signed[0], name="post", **given)


def _vote(actor: Actor, row: Any, matter: str, entitled: int, *, on: date, at: datetime) -> None:
    """The members' assembly about something, recorded: nine tenths came, most were for it."""
    about = find_about(row.public_id, SYSTEM, "assemblies.read")
    assert about is not None
    present = entitled * 9 // 10
    values = {
        "body": "coop_members", "mode": "", "matter": matter, "held_on": on, "called_on": on - timedelta(days=12),
        "entitled": entitled, "present": present, "votes_for": present - 9, "votes_against": 5, "votes_abstain": 4,
    }  # fmt: skip
    place_id = next(iter(about.villages))
    sittings.record_sitting(actor=actor, about=about, place_id=place_id, values=values, on=on, at=at)


def _dividend(cast: BooksCast, rows: Mapping[str, PlaceRow], today: date) -> None:
    """A village whose last year is closed confirms its roll, opens the dividend for the days of the law, decides and books it."""
    year = (today - timedelta(days=90)).year - 1
    name, village = next((name, row) for name, row in rows.items() if row.kind is PlaceKind.VILLAGE)
    first, over = date(year, 1, 1), date(year + 1, 1, 8)
    holder = _holder(village.id, name, first, 0, _noon(first))
    keeper: dict[str, Any] = {"actor": cast.keeper, "collective": holder}
    ledger.add_account(code="10201", name="农商行基本户", at=_noon(first), **keeper)
    stand = {"10201": 20_000_000, "151": 150_000_000, "311": -170_000_000}
    made = ledger.make_openings(balances_fen=stand, text=f"期初余额{SAMPLE}", at=_noon(first), **keeper)
    ledger.check_voucher(actor=cast.town, voucher=made, on=first, at=_noon(first))
    for on, text, draws in (
        (date(year, 3, 2), "收厂房租金", (Draw("10201", RENT), Draw("501", -RENT))),
        (date(year, 9, 7), "支付公益设施维修费", (Draw("514", COST), Draw("10201", -COST))),
    ):
        _post(
            ledger.make_voucher(draft=VoucherDraft(on, text + SAMPLE, draws), on=on, at=_noon(on), **keeper), cast, on
        )
    for _step in range(2):
        _post(ledger.make_year_end(year=year, on=over, at=_noon(over), **keeper), cast, over)
    for month in range(1, 13):
        ledger.close_month(month=date(year, month, 1), on=over, at=_noon(over), **keeper)
    hung = today - timedelta(days=2)
    ledger.disclose_period(actor=cast.town, collective=holder, until=date(year, 12, 31), on=hung, at=_noon(hung))
    days = {back: today - timedelta(days=back) for back in (52, 44, 30, 29, 9, 8)}
    roll = [RollLine(number, household, told, shares=100) for number, household, told in sample_roll(60, 22)]
    ledger.take_in_members(lines=roll, on=days[52], at=_noon(days[52]), **keeper)
    posted = ledger.post_roll(actor=cast.town, collective=holder, on=days[52], at=_noon(days[52]))
    _vote(cast.officer, posted, "membership", 60, on=days[44], at=_noon(days[44]))
    ledger.confirm_roll(actor=cast.officer, roll=posted, on=days[44], at=_noon(days[44]))
    wish = DividendWish(reserve_bp=3_000)
    plan = ledger.plan_dividend(year=year, wish=wish, on=days[30], at=_noon(days[30]), **keeper)
    plan = ledger.open_dividend(actor=cast.town, plan=plan, on=days[29], at=_noon(days[29]))
    _vote(cast.officer, plan, "annual_budget", 60, on=days[9], at=_noon(days[9]))
    plan = ledger.decide_dividend(actor=cast.keeper, plan=plan, on=days[8], at=_noon(days[8]))
    _post(plan.voucher, cast, days[8])


def _post(one: Any, cast: BooksCast, on: date) -> None:
    at = _noon(on)
    if one.right:
        one = ledger.agree_to_voucher(actor=cast.town, voucher=one, on=on, at=at)
    if one.moves_money:
        one = ledger.sign_voucher(actor=SYSTEM, voucher=one, on=on, at=at)
    ledger.check_voucher(actor=cast.supervisor, voucher=one, on=on, at=at)


def _noon(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(12)))
