"""The roll of members: taken in from Excel, names sealed and opened by one, hung and confirmed, forgotten in time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from heli.accounts.testing import World
from heli.audit.models import Entry
from heli.consultation.queries.notices import notice_by_address
from heli.consultation.services.notices import add_opinion, answer_opinion
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.ledger import services
from heli.ledger.models import RollConfirmation, RollMember
from heli.ledger.roll_sheet import read_roll
from heli.ledger.testing import (
    BOOK_DAY,
    ROLL,
    books_of,
    confirmed_roll,
    past_services,
    posted_roll,
    rolled,
    vote_about,
)
from heli.ledger.types import RollLine
from heli.places.models import Fact
from heli.places.services import record_facts
from heli.places.types import FactSpec
from heli.records.abouts import find_about
from heli.records.testing import codes
from heli.ui.testing import Kwargs

pytestmark = pytest.mark.django_db
OnDay = Callable[[datetime], None]
LATER = BOOK_DAY + timedelta(days=8)
LIST = "编号,户号,姓名,成员类别,股份,身份证号\n1,1,张一,成员,3,510\n2,1,张二,,2.5,510\n3,2,李三,仅持份额,4,510\n"


def names_of(world: World, *numbers: int) -> dict[int, str]:
    given: Kwargs = {"collective": books_of(world.a), "numbers": numbers, "why": "page"}
    return dict(services.open_names(actor=world.a.actor("bookkeeper"), **given))


def test_a_list_is_read_by_its_headings_and_nothing_else_of_it() -> None:
    lines, _sha256, said = read_roll(LIST.encode(), "名册.csv")
    assert [(one.number, one.household, one.name, one.sort, one.shares) for one in lines] == [
        (1, 1, "张一", "member", 300), (2, 1, "张二", "member", 250), (3, 2, "李三", "shares_only", 400),
    ]  # fmt: skip
    assert any("身份证号" in line for line in said)
    with pytest.raises(Refused) as refused:
        read_roll("编号,户号,姓名,类别,份额\n一,1,张一,长老,1.234\n".encode(), "名册.csv")
    assert codes(refused) == {"number_unreadable", "unknown"}
    assert {one.source for one in refused.value.faults} == {"第 2 行"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (RollLine(1, 1, "", source="r"), "name_missing"), (RollLine(1, 1, "张三13900000000"), "name_only"),
        (RollLine(1, 1, "张" * 41), "name_only"), (RollLine(1, 1, "张", shares=-1), "shares_below"),
    ],
)  # fmt: skip
def test_what_no_line_can_say_is_refused(world: World, line: RollLine, code: str) -> None:
    with pytest.raises(Refused) as refused:
        rolled(world.a, line)
    assert codes(refused) == {code}


def test_names_are_sealed_and_the_trail_knows_who_opened_them(world: World) -> None:
    rolled(world.a)
    assert all("张" not in one.sealed for one in RollMember.objects.all())
    assert names_of(world) == {1: "张一", 2: "张二", 3: "李三"}
    assert names_of(world, 2) == {2: "张二"}
    told = [one.after for one in Entry.objects.filter(what="ledger.open_names").order_by("pk")]
    assert [one["opened"] for one in told] == [3, 1]
    assert told[1]["number"] == 2
    assert "张" not in str(told)


def test_a_number_twice_or_ended_is_refused_and_a_change_is_confirmed_anew(world: World) -> None:
    with pytest.raises(Refused) as refused:
        rolled(world.a, ROLL[0], ROLL[0])
    assert codes(refused) == {"number_twice"}
    confirmed_roll(world.a)
    rolled(world.a, RollLine(1, 1, "", shares=300), RollLine(2, 1, "", shares=1))
    waiting = RollMember.objects.filter(confirmed_on=None)
    assert [one.number for one in waiting] == [2]
    assert names_of(world, 2) == {2: "张二"}
    given: Kwargs = {"actor": world.a.actor("bookkeeper"), "collective": books_of(world.a)}
    services.end_member(number=3, on=LATER, reason="迁出", **given)
    wrongs: tuple[tuple[Kwargs, str], ...] = (
        ({"number": 3, "on": LATER, "reason": "迁出"}, "number_unknown"),
        ({"number": 1, "on": date(2026, 1, 1), "reason": "迁出"}, "before_it"),
        ({"number": 1, "on": LATER, "reason": " "}, "reason_empty"),
    )
    for wrong, code in wrongs:
        with pytest.raises(Refused) as refused:
            services.end_member(**wrong, **given)
        assert codes(refused) == {code}
    with pytest.raises(Refused) as refused:
        rolled(world.a, ROLL[2])
    assert codes(refused) == {"number_ended"}


def test_the_roll_hangs_is_decided_by_the_assembly_and_is_the_registers_number(world: World) -> None:
    one = posted_roll(world.a)
    assert (one.members, one.households, one.shares) == (3, 2, 1_000)
    notice = notice_by_address(one.notice)
    assert notice is not None
    assert (notice.kind, notice.last_on) == ("members", BOOK_DAY + timedelta(days=7))
    assert not any(name in notice.text for name in ("张一", "李三"))
    assert "份额合计10。" in notice.text
    district = world.a.actor("district_officer")

    def confirm(on: date = LATER) -> set[str]:
        with pytest.raises(Refused) as refused:
            services.confirm_roll(actor=district, roll=one, on=on)
        return codes(refused)

    assert confirm(BOOK_DAY) == {"notice_still_hangs"}
    about = find_about(world.a.district.public_id, SYSTEM, "campaigns.matters")
    assert about is not None
    opinion = add_opinion(
        actor=SYSTEM, about=about, notice=notice, place_id=world.a.village.pk, channel="online", topic="other",
        text="漏了一户", on=BOOK_DAY,
    )  # fmt: skip
    assert confirm() == {"objections_open"}
    answer_opinion(actor=district, opinion=opinion, answer="已核实", on=BOOK_DAY)
    assert confirm() == {"sitting_missing"}
    vote_about(one, "membership", LATER - timedelta(days=1), (90, 50, 50))
    assert confirm() == {"sitting_not_passed"}
    vote_about(one, "membership", LATER)
    with pytest.raises(Refused) as refused:
        rolled(world.a)
    assert codes(refused) == {"roll_hangs"}
    with past_services():
        RollMember.objects.filter(number=1).update(shares=301)
    assert confirm() == {"not_as_posted"}
    with past_services():
        RollMember.objects.filter(number=1).update(shares=300)
    services.confirm_roll(actor=district, roll=one, on=LATER)
    assert not RollMember.objects.filter(confirmed_on=None).exists()
    assert books_of(world.a).members == 3
    assert Fact.objects.get(measure="members", on=LATER).value == 3


def test_static_shares_stay_as_many_and_what_was_set_aside_is_posted_anew(world: World) -> None:
    confirmed_roll(world.a)
    one = rolled(world.a, RollLine(4, 2, "李四", shares=100))
    town: Kwargs = {"actor": world.a.actor("town_officer")}
    with pytest.raises(Refused) as refused:
        services.post_roll(collective=one, is_static=True, on=LATER, **town)
    assert codes(refused) == {"shares_changed"}
    posted = services.post_roll(collective=one, on=LATER, **town)
    with pytest.raises(Refused) as refused:
        services.set_roll_aside(roll=posted, reason=" ", **town)
    assert codes(refused) == {"reason_empty"}
    services.set_roll_aside(roll=posted, reason="漏登", **town)
    with pytest.raises(Refused) as refused:
        services.set_roll_aside(roll=posted, reason="漏登", **town)
    assert codes(refused) == {"not_now"}
    rolled(world.a, RollLine(4, 2, "", shares=0))
    assert services.post_roll(collective=one, is_static=True, on=LATER, **town).shares == 1_000


def test_an_empty_roll_is_not_posted(world: World) -> None:
    with pytest.raises(Refused) as refused:
        services.post_roll(actor=world.a.actor("town_officer"), collective=books_of(world.a), on=BOOK_DAY)
    assert codes(refused) == {"roll_empty"}


def test_an_ended_line_loses_its_name_after_five_years(world: World) -> None:
    one = rolled(world.a)
    given: Kwargs = {"actor": world.a.actor("bookkeeper"), "collective": one}
    services.end_member(number=1, on=LATER, reason="去世", **given)
    assert services.forget_names(actor=SYSTEM, on=LATER.replace(year=2031) - timedelta(days=1)) == 0
    assert services.forget_names(actor=SYSTEM, on=LATER.replace(year=2031)) == 1
    assert services.forget_names(actor=SYSTEM, on=date(2032, 2, 29)) == 0
    assert names_of(world, 1) == {}
    assert RollMember.objects.get(number=1).emptied_on == LATER.replace(year=2031)


LINE: dict[str, Any] = {"household": 1, "begins_on": BOOK_DAY, "sealed": "x"}
ROUND: dict[str, Any] = {"members": 1, "households": 1, "shares": 0, "notice": "x", "posted_on": BOOK_DAY}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("member_numbered_once", {"number": 1}),
        ("member_class_known", {"number": 9, "sort": "elder"}),
        ("member_shares_not_below_zero", {"number": 9, "shares": -1}),
        ("member_ends_after_it_begins", {"number": 9, "ended_on": date(2026, 1, 1), "reason": "x"}),
        ("member_has_a_name", {"number": 9, "sealed": ""}),
        ("member_forgotten_after_its_end", {"number": 9, "sealed": "", "emptied_on": BOOK_DAY}),
        ("roll_one_at_a_time", {"public_id": "r2"}),
        ("roll_status_known", {"public_id": "r2", "status": "lost"}),
        ("roll_confirmed_by_sitting", {"public_id": "r2", "status": "confirmed", "confirmed_on": BOOK_DAY}),
        ("roll_confirmed_on_a_day", {"public_id": "r2", "status": "set_aside", "confirmed_on": BOOK_DAY}),
    ],
)
def test_the_database_holds_what_a_roll_is(world: World, name: str, wrong: dict[str, Any]) -> None:
    one = posted_roll(world.a).collective
    model, base = (RollMember, LINE) if "number" in wrong else (RollConfirmation, ROUND)
    with pytest.raises(IntegrityError) as refused, past_services(), transaction.atomic():
        model.objects.create(**{"collective": one, **base, **wrong})
    columns = {"member_numbered_once": "number", "roll_one_at_a_time": "collective_id"}
    assert name in str(refused.value) or columns.get(name, name) in str(refused.value)


def test_who_posted_the_roll_does_not_confirm_it_whatever_the_service_says(world: World) -> None:
    one = confirmed_roll(world.a)
    with pytest.raises(IntegrityError, match="roll_confirmed_by_another"), past_services():
        RollConfirmation.objects.filter(pk=one.pk).update(confirmed_by=one.posted_by_id)


def test_the_page_takes_in_a_list_opens_a_name_prints_and_leads_on(world: World, on_day: OnDay) -> None:
    on_day(datetime(2026, 3, 2, 12, tzinfo=UTC))
    url = reverse("property:roll", args=[books_of(world.a).public_id])
    keeper, town = world.client("bookkeeper"), world.client("town_officer")
    assert keeper.get(f"{url}?template=1").status_code == 200
    assert keeper.post(url, {"did": "list", "file": SimpleUploadedFile("x.csv", b"a,b\n1,2\n")}).status_code == 422
    sent = keeper.post(url, {"did": "list", "file": SimpleUploadedFile("名册.csv", LIST.encode())})
    assert sent.status_code == 303
    page = keeper.get(url).content.decode()
    assert "张一" not in page
    assert "张二" in keeper.post(url, {"did": "open", "number": "2"}).content.decode()
    printed = keeper.post(url, {"did": "print"})
    assert (printed.status_code, printed["Content-Type"]) == (200, "application/pdf")
    assert town.post(url, {"did": "print"}).status_code == 403
    assert keeper.post(url, {"did": "end", "number": "9"}).status_code == 422
    assert town.post(url, {"did": "post", "is_static": "1"}).status_code == 303
    assert "assemblies" in town.get(url).content.decode()
    town.post(url, {"did": "confirm"})
    town.post(url, {"did": "aside", "reason": "漏登"})
    assert RollConfirmation.objects.get().status == "set_aside"


def test_the_registers_number_is_typed_until_the_roll_was_confirmed_and_never_after(world: World) -> None:
    village, officer = world.a.village.pk, world.a.actor("district_officer")

    def typed(on: date, value: int, measure: str = "members") -> None:
        record_facts(actor=officer, facts=[FactSpec(place_id=village, measure=measure, on=on, value=value)])

    typed(LATER, 300)
    confirmed_roll(world.a)
    typed(BOOK_DAY, 301)
    typed(LATER, 3)
    typed(LATER, 900, "collective_income")
    with pytest.raises(Refused) as refused:
        typed(LATER, 302)
    assert codes(refused) == {"kept_elsewhere"}
    assert "成员名册" in refused.value.faults[0].message
    elsewhere = FactSpec(place_id=world.a.other_village.pk, measure="members", on=LATER, value=9)
    assert record_facts(actor=officer, facts=[elsewhere])["new"] == 1
