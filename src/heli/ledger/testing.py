"""Cases of the JSON forms, of which a test says what is different, and who may open which page of the registers."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.timezone import now

from heli.accounts.testing import BEGINNING
from heli.assemblies.testing.sittings import vote
from heli.audit.services import writing
from heli.bodies.services import add_body
from heli.bodies.types import BodyKind
from heli.kernel.access import SYSTEM
from heli.kernel.ids import new_public_id
from heli.kernel.quantities import YUAN
from heli.ledger import services
from heli.ledger.ledger import ASSETS, CLEARANCES, CONTRACTS, TRANSFERS
from heli.ledger.models import BankStatement, Collective, DividendPlan, RollConfirmation, Transfer, Voucher
from heli.ledger.rules.books import Draw
from heli.ledger.services import VoucherDraft, open_books
from heli.ledger.services.bank import take_in_statement
from heli.ledger.services.transfers import open_transfers
from heli.ledger.types import DividendWish, RollLine
from heli.places import queries as places
from heli.places.testing import merge
from heli.records.abouts import find_about
from heli.records.services import move
from heli.records.testing import access_of
from heli.ui.testing import BOOKS, EVERYONE, STAFF, AccessCase, Kwargs

DAY = "2026-07-01"
YEAR = date(2026, 1, 1)
BOOK_DAY = date(2026, 3, 2)
READERS = tuple(role for role in STAFF if role not in {"administrator", "grid_worker"})
KEEPERS = ("district_officer", "town_officer", "village_cadre")
OFFICERS = VERIFIERS = ("district_officer", "town_officer")


def open_cooperative(half: Any, place: Any = None, begins_on: date = YEAR) -> Collective:
    """The co-operative of a village (the cadre's unless given), with books from the beginning of 2026."""
    village = place or half.village
    name = places.names_at([village.pk], begins_on)[village.pk]
    body = add_body(
        actor=SYSTEM, name=f"{name}股份经济合作社", kind=BodyKind.COOPERATIVE, place_id=village.pk, on=BEGINNING,
    )  # fmt: skip
    return open_books(actor=SYSTEM, body=body, begins_on=begins_on)


def books_of(half: Any) -> Collective:
    """The holder of the cadre's village, with books."""
    if "books" not in half.links:
        half.links["books"] = open_cooperative(half).public_id
    return Collective.objects.select_related("body").get(public_id=half.links["books"])


def made_voucher(half: Any, *draws: Draw, on: date = BOOK_DAY, today: date | None = None) -> Voucher:
    """A voucher of the village's holder that waits."""
    draft = VoucherDraft(on, "收支", draws)
    return services.make_voucher(
        actor=half.actor("bookkeeper"), collective=books_of(half), draft=draft, on=today or BOOK_DAY
    )


MERGED_ON = date(2026, 4, 1)
ALL_FOR = (90, 80, 70)
YEAR_OVER, DECIDED_ON = date(2027, 1, 4), date(2027, 1, 15)
WISH = DividendWish(reserve_bp=3_000)
ROLL = (RollLine(1, 1, "张一", shares=300), RollLine(2, 1, "张二", shares=300), RollLine(3, 2, "李三", shares=400))


def rolled(half: Any, *lines: RollLine) -> Collective:
    """The holder of the cadre's village with three members of two households on its roll, or others."""
    one = books_of(half)
    services.take_in_members(actor=half.actor("bookkeeper"), collective=one, lines=lines or ROLL, on=BOOK_DAY)
    return one


def posted_roll(half: Any, on: date = BOOK_DAY) -> RollConfirmation:
    """That roll, posted by the town."""
    return services.post_roll(actor=half.actor("town_officer"), collective=rolled(half), on=on)


def vote_about(row: Any, matter: str, on: date, votes: tuple[int, int, int] = ALL_FOR) -> None:
    """The members' assembly sits about something: entitled, present, for."""
    about = find_about(row.public_id, SYSTEM, "assemblies.read")
    assert about is not None
    vote(about, next(iter(about.villages)), on, matter, "coop_members", votes)


def confirmed_roll(half: Any, on: date = BOOK_DAY) -> RollConfirmation:
    """That roll, confirmed by the members eight days later."""
    one, day = posted_roll(half, on), on + timedelta(days=8)
    vote_about(one, "membership", day)
    return services.confirm_roll(actor=half.actor("district_officer"), roll=one, on=day)


def opening_of(collective: Collective, balances_fen: Mapping[str, int], names: Mapping[str, str] | None = None) -> None:
    """Opening balances of any holder, posted by the house; `names` are levels below the chart."""
    for code, name in (names or {}).items():
        services.add_account(actor=SYSTEM, collective=collective, code=code, name=name)
    one = services.make_openings(actor=SYSTEM, collective=collective, balances_fen=balances_fen, text="期初余额")
    services.check_voucher(actor=SYSTEM, voucher=one)


def merged(
    half: Any, *givers: Collective, new: str = "新岩村", votes: tuple[int, int, int] | None = ALL_FOR
) -> tuple[Collective, list[Transfer]]:
    """The villages of some holders become one on 1 April 2026, which has a co-operative of its own; (it, the transfers opened)."""
    named = places.names_at([one.body.place_id for one in givers], YEAR)
    sources = " ".join(named[one.body.place_id] for one in givers)
    _event, place = merge(half.register, sources, new, MERGED_ON, parent="代市镇")
    body = add_body(actor=SYSTEM, name=f"{new}合作社", kind=BodyKind.COOPERATIVE, place_id=place, on=MERGED_ON)
    to = open_books(actor=SYSTEM, body=body, begins_on=MERGED_ON)
    opened = open_transfers(actor=SYSTEM, district_id=half.district.pk, since=MERGED_ON, on=MERGED_ON)
    for row in opened if votes is not None else ():
        vote_about(row, "merge_coop", MERGED_ON, votes or ALL_FOR)
    return to, opened


def decision(way: str = "at_once", on: date = MERGED_ON) -> dict[str, Any]:
    """What the members' assembly decided, as the move takes it."""
    return {"values": {"way": way, "on": on}}


def sign(half: Any, row: Transfer, way: str = "at_once", on: date = MERGED_ON) -> Transfer:
    """A transfer decided and signed by giver, receiver and supervisor."""
    given: dict[str, Any] = {"ledger": TRANSFERS, "on": MERGED_ON}
    if row.status == "open":
        row = move(actor=half.actor("bookkeeper"), row=row, name="decide", **given, **decision(way, on))
    row = move(actor=half.actor("bookkeeper"), row=row, name="give", **given)
    row = move(actor=half.actor("town_officer"), row=row, name="receive", **given)
    third = half.actor("supervisor") if row.place_id == half.village.pk else SYSTEM
    row = move(actor=third, row=row, name="supervise", **given)
    return row


def carried(half: Any, row: Transfer) -> Transfer:
    """A transfer that is signed, carried by the district."""
    found: Transfer = move(actor=half.actor("district_officer"), ledger=TRANSFERS, row=row, name="post", on=MERGED_ON)
    return found


def posted_voucher(
    half: Any, *draws: Draw, on: date = BOOK_DAY, today: date | None = None, voucher: Voucher | None = None
) -> Voucher:
    """A voucher with everything it needs, posted by three people, and a fourth for large sums."""
    one = voucher or made_voucher(half, *draws, on=on, today=today)
    if one.right:
        one = services.agree_to_voucher(actor=half.actor("town_officer"), voucher=one, on=today or BOOK_DAY)
    if one.moves_money:
        one = services.sign_voucher(actor=half.actor("cashier"), voucher=one, on=today or BOOK_DAY)
    return services.check_voucher(actor=half.actor("supervisor"), voucher=one, on=today or BOOK_DAY)


def opened(half: Any, balances_fen: Mapping[str, int]) -> Voucher:
    """Opening balances of the village's holder, posted."""
    one = services.make_openings(
        actor=half.actor("bookkeeper"), collective=books_of(half), balances_fen=balances_fen, text="期初余额"
    )
    return posted_voucher(half, voucher=one)


BankRows = Sequence[tuple[str, int, int | None]]


def bank_list(rows: BankRows) -> SimpleUploadedFile:
    """A list of the bank in CSV: day, amount, balance where it is given."""
    lines = [f"{on},{YUAN.typed(fen)},{'' if stands is None else YUAN.typed(stands)},往来" for on, fen, stands in rows]
    return SimpleUploadedFile("明细.csv", "\n".join(["交易日期,金额,余额,摘要", *lines]).encode())


def taken_in(half: Any, rows: BankRows, who: str = "bookkeeper") -> BankStatement:
    """A list of the bank, taken in for account 102 of the village's holder."""
    given = {"actor": half.actor(who), "collective": books_of(half), "account": "102"}
    return take_in_statement(content=bank_list(rows).read(), name="明细.csv", **given)[0]


@contextmanager
def past_services() -> Iterator[None]:
    """A change that no service makes, for the database to refuse."""
    with transaction.atomic(), writing(SYSTEM, "ledger.test"):
        yield


def holder(name: str, members: int = 100, items: Sequence[Mapping[str, Any]] = (), **other: Any) -> dict[str, Any]:
    """A holder with 5,000.00 yuan in the bank beside its items; `fen` adds balances by account, 311 balances the books."""
    balances = {"102": 500_000, **other.pop("fen", {})}
    for item in items:
        if "account" in item:
            balances[item["account"]] = balances.get(item["account"], 0) + item.get("value_fen", 0)
    balances["311"] = balances.get("311", 0) - sum(balances.values())
    return {"id": name, "members": members, "balances": balances, "items": list(items), "contracts": [], **other}


def hall(name: str, fen: int = 1_000_000) -> dict[str, Any]:
    """A house in account 151."""
    return {"id": name, "kind": "operating", "account": "151", "value_fen": fen}


def pond(name: str, dm2: int = 250_000) -> dict[str, Any]:
    """A pond without a value; 2,500 m² unless given."""
    return {"id": name, "kind": "resource", "area_dm2": dm2}


def lease(name: str, item: str) -> dict[str, Any]:
    """A contract about an item, until the end of 2031."""
    return {"id": name, "item": item, "rent_fen": 120_000, "until": "2031-12-31"}


def carry_case(holders: Sequence[Mapping[str, Any]], *moves: tuple[str, str, int], **other: Any) -> dict[str, Any]:
    """Moves are (from, to, basis points)."""
    parts = [{"from": giver, "to": to, "share_bp": share} for giver, to, share in moves]
    return {"id": "t", "on": DAY, "holders": list(holders), "moves": parts, **other}


def dividend_case(*shares: int, **other: Any) -> dict[str, Any]:
    """A year that earned 1,000.00 yuan, 30 % reserve; the roll numbers `shares`, in hundredths, from 1."""
    return {
        "id": "d",
        "on": DAY,
        "jurisdiction": "CN",
        "income_fen": 150_000,
        "expense_fen": 50_000,
        "brought_forward_fen": 0,
        "reserve_bp": 3000,
        "holders": [{"no": number, "shares": hundredths} for number, hundredths in enumerate(shares, 1)],
        **other,
    }


def closed_year(half: Any, income_fen: int = 1_000_000, expense_fen: int = 400_000, year: int = 2026) -> Collective:
    """A year of the cadre's village with one income and one expense, carried and closed by the district."""
    one, end, over = books_of(half), date(year, 12, 31), date(year + 1, 1, 4)
    posted_voucher(half, Draw("112", income_fen), Draw("501", -income_fen), on=date(year, 3, 2), today=over)
    posted_voucher(half, Draw("513", expense_fen), Draw("211", -expense_fen), on=date(year, 3, 2), today=over)
    for _step in range(2):
        carried_on = services.make_year_end(actor=half.actor("bookkeeper"), collective=one, year=year, on=over)
        posted_voucher(half, voucher=carried_on, today=over)
    for month in range(1, 13):
        given: dict[str, Any] = {"collective": one, "month": end.replace(month=month, day=1), "on": over}
        services.close_month(actor=half.actor("bookkeeper"), **given)
    return one


def planned_dividend(half: Any, wish: DividendWish = WISH) -> DividendPlan:
    """A closed year and a confirmed roll, and what the board would pay of it."""
    one = closed_year(half)
    confirmed_roll(half)
    given: dict[str, Any] = {"collective": one, "year": 2026, "wish": wish, "on": YEAR_OVER}
    return services.plan_dividend(actor=half.actor("bookkeeper"), **given)


def open_plan(half: Any, wish: DividendWish = WISH) -> DividendPlan:
    """That plan, opened by the town, and the sitting that decided it when it had hung long enough."""
    one = services.open_dividend(actor=half.actor("town_officer"), plan=planned_dividend(half, wish), on=YEAR_OVER)
    vote_about(one, "annual_budget", DECIDED_ON)
    return one


ACCOUNTS = (*READERS, *BOOKS)
KEEP_BOOKS = ("district_officer", "bookkeeper")
NARROW = ("town_officer", "village_cadre")


def holder_at(half: Any, place: Any = None) -> Kwargs:
    """A holder with books at the cadre's village, or elsewhere."""
    if place is None:
        return {"holder_id": books_of(half).public_id}
    if "books_elsewhere" not in half.links:
        half.links["books_elsewhere"] = open_cooperative(half, place).public_id
    return {"holder_id": half.links["books_elsewhere"]}


def voucher_at(half: Any) -> Kwargs:
    """A voucher that waits."""
    if "voucher" not in half.links:
        half.links["voucher"] = made_voucher(half, Draw("112", 100), Draw("501", -100)).public_id
    return {**holder_at(half), "voucher_id": half.links["voucher"]}


def books_case(name: str, allowed: Sequence[str], build: Any = holder_at, **more: Any) -> AccessCase:
    """Who may open a page of the books; the roles of books knock too."""
    given = {"own": lambda world: build(world.a), "foreign": lambda world: build(world.b), **more}
    return AccessCase(f"property:{name}", allowed, tried=(*EVERYONE, *BOOKS), **given)


REVERSED = {"did": "reverse", "reason": "某", "on": "2026-03-02"}
ELSEWHERE: dict[str, Any] = {"narrow": NARROW, "elsewhere": lambda world: holder_at(world.a, world.a.other_village)}


def raw_transfer(half: Any, place: Any = None) -> Transfer:
    """A transfer as an event would open it, without one: the register stays as it is."""
    village = place or half.village
    key = f"transfer_{village.pk}"
    if key not in half.links:
        giver = books_of(half) if place is None else open_cooperative(half, place)
        with past_services():
            about = half.district.public_id
            made = Transfer.objects.create(
                public_id=new_public_id(), about=about, district=half.district, place=village, town=half.town, status="open",
                number=Transfer.objects.filter(about=about).count() + 1, opened_by="", opened_at=now(), title="合作社",
                event=new_public_id(), kind="merge", giver=giver, on=MERGED_ON,
            )  # fmt: skip
        half.links[key] = made.public_id
    return Transfer.objects.get(public_id=half.links[key])


def transfer_in(half: Any, state: str, hands: tuple[str, str] = ("bookkeeper", "town_officer")) -> Transfer:
    """A transfer of its own event from the cadre's village to another, led to a state by whoever may; `hands` give and receive."""
    giver = books_of(half)
    if "receiver" not in half.links:
        half.links["receiver"] = open_cooperative(half, half.place("大石村")).public_id
        opening_of(giver, {"102": 500, "311": -500})
    with past_services():
        row = raw_transfer(half)
        row.pk, row.public_id, row.event = None, new_public_id(), new_public_id()
        row.number = Transfer.objects.filter(about=row.about).count() + 1
        row.receiver = Collective.objects.get(public_id=half.links["receiver"])
        row.save(force_insert=True)
    vote_about(row, "merge_coop", MERGED_ON)
    given: dict[str, Any] = {"ledger": TRANSFERS, "on": MERGED_ON}
    for role, name, to in (
        ("bookkeeper", "decide", "decided"), (hands[0], "give", "given"), (hands[1], "receive", "received"),
        ("supervisor", "supervise", "signed"),
    ):  # fmt: skip
        if row.status == state:
            break
        row = move(actor=half.actor(role), row=row, name=name, **given, **(decision() if to == "decided" else {}))
    return carried(half, row) if state == "posted" else row


def _row_of(half: Any) -> dict[str, str]:
    return {"about_id": half.district.public_id, "row_id": raw_transfer(half).public_id}


ACCESS = [
    AccessCase("property:books", ACCOUNTS, tried=(*EVERYONE, *BOOKS)),
    books_case("holder", ACCOUNTS, **ELSEWHERE),
    books_case("holder", KEEP_BOOKS, method="post", data=lambda world: {"did": "account"}, success=(422,)),
    books_case("day_book", ACCOUNTS),
    books_case("voucher_new", KEEP_BOOKS),
    books_case("voucher_new", KEEP_BOOKS, method="post", success=(422,)),
    books_case("voucher", ACCOUNTS, voucher_at),
    books_case(
        "voucher",
        KEEP_BOOKS,
        voucher_at,
        method="post",
        data=lambda world: {"did": "reverse", "reason": "某", "on": "2026-03-02"},
        success=(422,),
    ),
    books_case("roll", ACCOUNTS),
    books_case(
        "roll",
        ("district_officer", "town_officer", "bookkeeper"),
        method="post",
        data=lambda world: {"did": "other"},
        success=(404,),
    ),
    books_case("dividend", ACCOUNTS),
    books_case(
        "dividend",
        ("district_officer", "town_officer", "bookkeeper"),
        method="post",
        data=lambda world: {"did": "other"},
        success=(404,),
    ),
    books_case("statements", ACCOUNTS),
    books_case("statements", OFFICERS, method="post", data=lambda world: {"did": "other"}, success=(404,)),
    books_case("bank", ACCOUNTS),
    books_case("bank", KEEP_BOOKS, method="post", data=lambda world: {"did": "take_in"}, success=(422,)),
    books_case("account", ACCOUNTS, lambda half: {**holder_at(half), "code": "102"}),
    AccessCase("property:home", READERS, success=(200, 302, 303)),
    *access_of(ASSETS, readers=READERS, enterers=KEEPERS),
    *access_of(CONTRACTS, readers=READERS, enterers=KEEPERS),
    # Its first move is a button: who may press it is asked by its suite.
    *access_of(CLEARANCES, readers=READERS, enterers=KEEPERS)[:-1],
    *access_of(TRANSFERS, readers=READERS, enterers=(), enter=raw_transfer, movers=KEEPERS),
    AccessCase("property:proof", READERS, own=lambda w: _row_of(w.a), foreign=lambda w: _row_of(w.b), success=(404,)),
]
