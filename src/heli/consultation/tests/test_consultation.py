"""Notices hang as long as the law asks, opinions have no names, talks are counts."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World
from heli.audit.models import Entry
from heli.audit.services import writing
from heli.consultation.catalogues import KIND_KEYS
from heli.consultation.gates import notice_hung, talks_covered
from heli.consultation.models import (
    Notice,
    NoticeViews,
    Opinion,
    OpinionChannel,
    TalkCount,
)
from heli.consultation.rules import (
    check_days,
    earliest_end,
    is_covered,
    missing_talks,
)
from heli.consultation.services import notices as service
from heli.consultation.types import NoticeDays
from heli.files.testing import draw_photo
from heli.kernel.access import SYSTEM, Actor, Grant
from heli.kernel.catalogues import parse_catalogue
from heli.kernel.declare import Subject
from heli.kernel.faults import Forbidden, Refused
from heli.records.services import FormFile
from heli.records.testing import DAY, district_of

LAST = DAY + timedelta(days=15)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def stranger(world: World) -> Actor:
    return Actor(None, "public", (Grant("public", place_id=world.a.district.pk),))


def asked_at(world: World, place: Any) -> Subject:
    """What gates are asked about: a place, and the district as what the rows are about."""
    district = world.a.district
    return Subject(district=district.pk, place=place.pk, about=district.public_id)


def posted(world: World, **more: Any) -> Notice:
    given: dict[str, Any] = {
        "kind": "plan",
        "title": "调整方案公示",
        "text": "拟将两村合并。",
        "first_on": DAY,
        "last_on": LAST,
        **more,
    }
    about = district_of(world.a)
    return service.post_notice(
        actor=world.a.actor("town_officer"), about=about, place_ids=[world.a.village.pk], on=DAY, **given
    )


# -- notices -----------------------------------------------------------------------------------------------------------


def test_a_notice_of_fifteen_days_does_not_count_the_day_of_posting(world: World) -> None:
    assert posted(world).days == 15
    with pytest.raises(Refused) as refused:
        posted(world, last_on=LAST - timedelta(days=1))
    assert codes(refused) == ["notice_too_short"]
    assert "三十五" in refused.value.faults[0].source


@pytest.mark.parametrize(("kind", "days", "law"), [("voters", 20, "十七"), ("meeting", 10, "二十五")])
def test_a_list_of_voters_and_a_call_are_posted_so_many_days_before_their_day(
    world: World, kind: str, days: int, law: str
) -> None:
    exact = DAY + timedelta(days=days)
    made = posted(world, kind=kind, last_on=DAY, for_on=exact)
    assert (made.days, made.least_days, made.for_on) == (days, days, exact)
    for day, code in ((exact - timedelta(days=1), "notice_too_late"), (None, "for_day_missing")):
        with pytest.raises(Refused) as refused:
            posted(world, kind=kind, for_on=day)
        assert codes(refused) == [code]
        assert law in refused.value.faults[0].source
    with pytest.raises(Refused) as refused:
        posted(world, for_on=exact)
    assert codes(refused) == ["for_day_unasked"]


def test_a_catalogue_of_a_locality_that_says_no_basis_counts_days_on_the_wall() -> None:
    old = (
        'id = "notice_kinds"\nversion = 1\nvalid_from = 2026-01-01\njurisdiction = "511603"\nsource = "x"\n'
        '[entries.plan]\nzh = "方案"\nen = "Plan"\ndays = 30\n'
    )
    assert parse_catalogue(old, "notice-kinds.toml", more=KIND_KEYS).entries["plan"].more["basis"] == ""
    with pytest.raises(Refused):
        parse_catalogue(f'{old}basis = "after"\n', "notice-kinds.toml", more=KIND_KEYS)


def test_the_gate_opens_when_the_days_are_over(world: World) -> None:
    posted(world)
    ask: dict[str, Any] = {"subject": asked_at(world, world.a.village)}
    assert [p.code for p in notice_hung(on=LAST - timedelta(days=1), **ask)] == ["notice_still_hangs"]
    assert not list(notice_hung(on=LAST, **ask))
    assert [p.code for p in notice_hung(on=LAST, subject=asked_at(world, world.a.other_village))] == ["notice_missing"]


def test_a_notice_taken_down_early_no_longer_counts_and_says_why(world: World) -> None:
    notice = posted(world)
    with pytest.raises(Refused):
        service.take_down(actor=world.a.actor("town_officer"), notice=notice, reason="", on=DAY)
    service.take_down(actor=world.a.actor("town_officer"), notice=notice, reason="方案有误", on=DAY + timedelta(days=3))
    ask: dict[str, Any] = {"subject": asked_at(world, world.a.village)}
    assert [p.code for p in notice_hung(on=LAST, **ask)] == ["notice_missing"]


def test_a_notice_without_words_file_or_place_is_refused(world: World) -> None:
    with pytest.raises(Refused) as refused:
        service.post_notice(
            actor=world.a.actor("town_officer"), about=district_of(world.a), kind="gossip", title=" ",
            place_ids=[], first_on=DAY, last_on=LAST, on=DAY,
        )  # fmt: skip
    assert codes(refused) == ["kind_unknown", "title_empty", "notice_empty", "place_missing"]


def test_the_wall_copy_is_photographed(world: World) -> None:
    hung = posted(world).places.get()
    photo = service.add_wall_photo(
        actor=world.a.actor("town_officer"), hung=hung, upload=FormFile("wall.jpg", [draw_photo()]), on=DAY
    )
    assert (photo.file.action, photo.file.place_id) == ("campaigns.read", world.a.village.pk)


def test_views_are_a_number_per_day_and_leave_no_trace(world: World) -> None:
    notice, before = posted(world), Entry.objects.count()
    for day in (DAY, DAY, DAY + timedelta(days=1)):
        service.count_view(notice=notice, on=day)
    assert list(NoticeViews.objects.values_list("count", flat=True)) == [2, 1]
    assert Entry.objects.count() == before
    assert {field.name for field in NoticeViews._meta.fields} == {"id", "notice", "on", "count"}


# -- opinions ----------------------------------------------------------------------------------------------------------


def say(world: World, notice: Notice, **more: Any) -> Opinion:
    usual = {"channel": OpinionChannel.ONLINE, "topic": "name", "text": "村名请保留老地名", "on": DAY}
    given: dict[str, Any] = {**usual, **more}
    return service.add_opinion(
        actor=stranger(world), about=district_of(world.a), notice=notice, place_id=world.a.village.pk, **given
    )


def test_a_stranger_writes_on_the_notice_page_and_keeps_a_code(world: World) -> None:
    opinion = say(world, posted(world))
    assert (opinion.number, opinion.taken_by, len(opinion.code)) == (1, "", 10)
    assert "person" not in {field.name for field in Opinion._meta.fields}


def test_outside_its_days_a_notice_takes_no_opinion(world: World) -> None:
    notice = posted(world)
    with pytest.raises(Refused) as refused:
        say(world, notice, on=LAST + timedelta(days=1))
    assert codes(refused) == ["notice_closed"]


def test_a_stranger_types_nothing_into_the_other_channels(world: World) -> None:
    with pytest.raises(Forbidden):
        say(world, posted(world), channel=OpinionChannel.PHONE)


def test_a_stance_is_asked_only_where_a_plan_is_posted(world: World) -> None:
    with pytest.raises(Refused) as refused:
        say(world, posted(world), stance="agree")
    assert codes(refused) == ["stance_unasked"]


def test_an_empty_opinion_on_nothing_by_nobody_is_refused(world: World) -> None:
    with pytest.raises(Refused) as refused:
        say(world, posted(world), text=" ", topic="people", count=0)
    assert codes(refused) == ["topic_unknown", "text_empty", "number_outside"]


def test_only_the_officers_words_are_published_never_the_raw_text(world: World) -> None:
    opinion = say(world, posted(world))
    officer = world.a.actor("town_officer")
    with pytest.raises(Refused) as refused:
        service.answer_opinion(actor=officer, opinion=opinion, answer="将组织讨论", publish=True)
    assert codes(refused) == ["gist_missing"]
    done = service.answer_opinion(
        actor=officer, opinion=opinion, answer="将组织讨论", gist="建议保留老村名", publish=True, on=DAY
    )
    assert (done.is_published, done.answered_on) == (True, DAY)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"channel": "wire"}, "opinion_channel_known"),
        ({"text": ""}, "opinion_not_empty"),
        ({"stance": "maybe"}, "opinion_stance_known"),
        ({"answer": "x"}, "opinion_answered_whole"),
        (
            {"answer": "x", "answered_by": "y", "answered_on": DAY, "is_published": True},
            "opinion_published_gist",
        ),
    ],
)
def test_the_database_refuses_half_an_answer(world: World, change: dict[str, Any], name: str) -> None:
    opinion = say(world, posted(world))
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), writing(SYSTEM, "campaigns.opinions"):
        Opinion.objects.filter(pk=opinion.pk).update(**change)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"last_on": DAY - timedelta(days=1)}, "notice_runs_forward"),
        ({"days": 14}, "notice_hangs_long_enough"),
        ({"for_on": DAY}, "notice_before_its_day"),
        ({"text": ""}, "notice_has_content"),
        ({"taken_down_on": DAY}, "notice_taken_down_with_reason"),
    ],
)
def test_the_database_refuses_a_notice_that_is_too_short_or_empty(
    world: World, change: dict[str, Any], name: str
) -> None:
    notice = posted(world)
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), writing(SYSTEM, "campaigns.notices"):
        Notice.objects.filter(pk=notice.pk).update(**change)


def test_the_question_bank_answers_what_people_ask(world: World) -> None:
    about, actor = district_of(world.a), world.a.actor("district_officer")
    kept = service.keep_question(
        actor=actor,
        about=about,
        topic="assets",
        question="合并后原村的钱归谁？",
        answer="权属不变。",
        is_public=True,
    )
    changed = service.keep_question(
        actor=actor,
        about=about,
        topic="assets",
        question=kept.question,
        answer="权属不变，账目分开。",
        known=kept,
    )
    assert (changed.number, changed.pk, changed.answer) == (1, kept.pk, "权属不变，账目分开。")
    with pytest.raises(Refused):
        service.keep_question(actor=actor, about=about, topic="assets", question="", answer="")


# -- talks -------------------------------------------------------------------------------------------------------------


def talk(world: World, **counts: tuple[int, int]) -> list[TalkCount]:
    return service.record_talks(
        actor=world.a.actor("town_officer"),
        about=district_of(world.a),
        place_id=world.a.village.pk,
        counts=counts,
        on=DAY,
    )


def missing(world: World) -> list[str]:
    return [p.message for p in talks_covered(subject=asked_at(world, world.a.village), on=DAY)]


def test_all_members_and_three_of_five_representatives_open_the_gate(world: World) -> None:
    talk(world, party_members=(29, 30), representatives=(17, 30))
    assert len(missing(world)) == 2
    talk(world, party_members=(30, 30), representatives=(18, 30))
    assert missing(world) == []


def test_unchanged_counts_make_no_row_and_more_talks_than_people_are_refused(world: World) -> None:
    assert len(talk(world, party_members=(30, 30))) == 1
    assert talk(world, party_members=(30, 30)) == []
    with pytest.raises(Refused):
        talk(world, party_members=(31, 30))
    with pytest.raises(Refused):
        talk(world, party_members=(0, 0))


def test_the_database_refuses_more_talks_than_people(world: World) -> None:
    (row,) = talk(world, party_members=(30, 30))
    row.pk, row.done = None, 31
    with (
        pytest.raises(IntegrityError, match="talks_within_base"),
        transaction.atomic(),
        writing(SYSTEM, "campaigns.talks"),
    ):
        row.save()


@given(st.integers(1, 500), st.integers(0, 500))
def test_so_many_more_talks_cover_exactly(base: int, done: int) -> None:
    done = min(done, base)
    more = missing_talks(done, base, 3, 5)
    assert is_covered(done + more, base, 3, 5)
    assert more == 0 or not is_covered(done + more - 1, base, 3, 5)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 60))
def test_a_notice_until_the_earliest_end_hangs_just_long_enough(first: date, least: int) -> None:
    end = earliest_end(first, least)
    assert NoticeDays(first, end).counted == least
    assert check_days(NoticeDays(first, end), least, is_before=False) == ""
    if least:
        short = NoticeDays(first, end - timedelta(days=1))
        assert check_days(short, least, is_before=False) == "notice_too_short"


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 60), st.integers(0, 60))
def test_a_notice_before_a_day_is_posted_so_many_days_ahead_however_long_it_hangs(
    first: date, least: int, hangs: int
) -> None:
    last = first + timedelta(days=hangs)
    exact = NoticeDays(first, last, first + timedelta(days=least))
    assert check_days(exact, least, is_before=True) == ""
    assert check_days(exact, least + 1, is_before=True) == "notice_too_late"
    assert check_days(NoticeDays(first, last), least, is_before=True) == "for_day_missing"
    assert check_days(exact, least, is_before=False) == "for_day_unasked"
    assert (
        check_days(NoticeDays(first, first - timedelta(days=1), exact.for_on), least, is_before=True) == "days_crossed"
    )
