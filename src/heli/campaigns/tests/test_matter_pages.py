"""Pages of matters: what strangers see and what is not kept of them; lists taken in; the second person's buttons; work points."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
import xlsxwriter
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from heli.accounts.testing import World
from heli.campaigns.abouts import about_of
from heli.campaigns.queries.workpoints import due_by, week_of, work_points
from heli.campaigns.testing.matters import DAY
from heli.campaigns.testing.runs import campaign_of
from heli.consultation.models import Notice, NoticeViews, Opinion, SurveyTally
from heli.consultation.services import notices as consultation
from heli.consultation.services import surveys
from heli.consultation.testing import campaign_about, notice_of, opinion_of, survey_of
from heli.inquiries.forms import field_of
from heli.inquiries.models import Reply
from heli.inquiries.testing import inquiry_of
from heli.inquiries.types import InquiryField
from heli.kernel.faults import Refused
from heli.kernel.words import Words
from heli.meetings import services as meetings
from heli.meetings.testing import meeting_of
from heli.problems.ledger import PROBLEMS
from heli.problems.models import Problem, ProblemState
from heli.problems.testing import move, problem_in_hand, team_key
from heli.records.due import is_for
from heli.records.lists import heads, read_drafts, template_file
from heli.records.queries import rows_of, tallied
from heli.records.summing import statistics


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def address(name: str, *args: object) -> str:
    return reverse(name, args=args)


# -- strangers ---------------------------------------------------------------------------------------------------------


def test_only_openings_by_strangers_count_and_a_head_request_does_not(world: World) -> None:
    page = address("consultation:notice", notice_of(world.a).public_id)
    Client().get(page)
    Client().head(page)
    Client().get(page, headers={"Sec-Purpose": "prefetch"})
    world.client("town_officer").get(page)
    assert list(NoticeViews.objects.values_list("count", flat=True)) == [1]


def test_a_notice_asks_for_no_session_and_no_search_engine(world: World) -> None:
    answer = Client().get(address("consultation:notice", notice_of(world.a).public_id))
    assert set(answer.cookies) <= {"heli-forms"}  # the form's own protection; nothing that counts
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_a_notice_is_not_there_before_its_first_day(world: World) -> None:
    later = date(2070, 3, 2)
    notice = consultation.post_notice(
        actor=world.a.actor("district_officer"), about=campaign_about(world.a), kind="information", title="预告", text="明日公布",
        place_ids=[world.a.village.pk], first_on=later, last_on=later + timedelta(days=2),
    )  # fmt: skip
    assert Client().get(address("consultation:notice", notice.public_id)).status_code == 404


def test_a_stranger_writes_and_reads_the_answer_by_code(world: World) -> None:
    notice = notice_of(world.a)
    sent = {"place": world.a.village.pk, "topic": "name", "text": "请保留老村名", "website": ""}
    answer = Client().post(address("consultation:notice", notice.public_id), sent)
    opinion = Opinion.objects.get()
    assert answer.status_code == 303
    assert opinion.code in Client().get(answer["Location"]).content.decode()
    consultation.answer_opinion(actor=world.a.actor("town_officer"), opinion=opinion, answer="将由会议讨论")
    read = Client().post(address("consultation:opinion_answer"), {"code": f" {opinion.code.upper()} "}).content.decode()
    assert "将由会议讨论" in read
    assert "请保留老村名" not in Client().get(address("consultation:notice", notice.public_id)).content.decode()
    assert Client().post(address("consultation:opinion_answer"), {"code": "nonsense"}).status_code == 422


def test_a_machine_that_fills_the_hidden_field_leaves_nothing(world: World) -> None:
    sent = {"place": world.a.village.pk, "topic": "name", "text": "spam", "website": "x"}
    assert Client().post(address("consultation:notice", notice_of(world.a).public_id), sent).status_code == 303
    assert not Opinion.objects.exists()


def test_one_address_cannot_flood_the_form(world: World) -> None:
    page = address("consultation:notice", notice_of(world.a).public_id)
    sent = {"place": world.a.village.pk, "topic": "name", "text": "又一条", "website": ""}
    statuses = [Client().post(page, sent).status_code for _time in range(12)]
    assert statuses == [303] * 10 + [429] * 2
    assert Client().post(page, sent, REMOTE_ADDR="10.9.8.7").status_code == 303


def test_a_form_of_another_site_is_refused(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address("consultation:notice", notice_of(world.a).public_id), {"text": "x"}).status_code == 403


def test_a_household_answers_once(world: World) -> None:
    survey = survey_of(world.a)
    (code,) = surveys.print_codes(
        actor=world.a.actor("town_officer"), survey=survey, place_id=world.a.village.pk, count=1
    )
    page = address("consultation:survey_page", survey.public_id)
    assert Client().post(page, {"code": code, "q1": "o1"}).status_code == 303
    assert Client().post(page, {"code": code, "q1": "o1"}).status_code == 422
    assert SurveyTally.objects.get().count == 1


# -- the problem ledger ------------------------------------------------------------------------------------------------


def listed(*lines: tuple[object, ...]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    for at, line in enumerate((heads(PROBLEMS), *lines)):
        for column, cell in enumerate(line):
            sheet.write(at, column, cell)
    book.close()
    return stream.getvalue()


GOOD = (
    "岩门村",
    "林地边界不清",
    "边界",
    "2026-03-02",
    "摸底调研",
    "与大石村交界处",
    "界桩遗失",
    "岩门工作组",
    "2026-03-20",
    "现场勘界",
)


def upload(world: World, content: bytes, role: str = "town_officer") -> Any:
    file = io.BytesIO(content)
    file.name = "list.xlsx"
    return world.client(role).post(address("problems:take_in", campaign_of(world.a).public_id), {"file": file})


def test_a_list_of_problems_is_taken_in(world: World) -> None:
    assert upload(world, listed(GOOD, ("大石村", "旧账未核", "debts", "2026/3/2", "meeting"))).status_code == 303
    first, second = Problem.objects.order_by("number")
    assert (first.status, first.place_id, first.kind) == (ProblemState.IN_HAND, world.a.village.pk, "boundary")
    assert (second.status, second.source) == (ProblemState.OPEN, "meeting")


def test_every_mistake_of_a_list_is_named_with_its_row_and_nothing_is_entered(world: World) -> None:
    wrong = ("光明村", "", "天气", "昨天", "听说", "", "", "无此单位", "", "")
    answer = upload(world, listed(GOOD, wrong))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("第 3 行") >= 6
    assert not Problem.objects.exists()


def test_the_empty_list_has_the_headings_that_reading_looks_for(world: World) -> None:
    given: dict[str, Any] = {
        "actor": world.a.actor("district_officer"),
        "about": about_of(campaign_of(world.a)),
        "on": DAY,
    }
    with pytest.raises(Refused) as refused:
        read_drafts(template_file(PROBLEMS), "template.xlsx", ledger=PROBLEMS, **given)
    assert refused.value.faults[0].code == "list_empty"


def test_the_one_who_claimed_sees_no_button_to_close_and_the_second_person_does(world: World) -> None:
    problem = problem_in_hand(world.a, campaign_of(world.a))
    move(world.a, "town_officer", problem, "claim", note="done")
    page = address("problems:row", problem.about, problem.public_id)
    assert 'value="close"' not in world.client("town_officer").get(page).content.decode()
    other = world.client("district_officer")
    assert 'value="close"' in other.get(page).content.decode()
    assert other.post(page, {"did": "close"}).status_code == 303
    problem.refresh_from_db()
    assert problem.status == ProblemState.CLOSED


def test_the_statistics_add_up(world: World) -> None:
    campaign = campaign_of(world.a)
    problem = problem_in_hand(world.a, campaign)
    problem_in_hand(world.a, campaign, kind="boundary")
    claimed = move(world.a, "town_officer", problem, "claim", note="done", on=date(2026, 3, 21))
    move(world.a, "district_officer", claimed, "close", on=date(2026, 3, 21))
    rows = rows_of(PROBLEMS, world.a.actor("district_officer"), about_of(campaign))
    found = tallied(PROBLEMS, rows, date(2026, 3, 25), PROBLEMS.groups)
    line = found.all()
    assert (line.total, line.done, line.in_time, line.late) == (2, 1, 0, 1)
    assert tallied(PROBLEMS, rows, date(2026, 3, 25), None).all() == line
    assert sum(one.total for one in found.by("kind")) == 2
    _by_kind, by_town, by_age = statistics(PROBLEMS, found, is_told=True)["groups"]
    assert [sum(one.total for _name, one in found) for _head, found in (by_town, by_age)] == [2, 1]


def test_the_ledger_of_more_problems_takes_no_more_queries(world: World) -> None:
    campaign, client = campaign_of(world.a), world.client("town_officer")
    page = address("problems:list", campaign.public_id)
    problem_in_hand(world.a, campaign)
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for _time in range(5):
        problem_in_hand(world.a, campaign)
    with CaptureQueriesContext(connection) as many:
        assert client.get(page).status_code == 200
    assert len(many) == len(few)


# -- questionnaires, meetings, the week --------------------------------------------------------------------------------


def test_the_cadre_confirms_doubtful_values_by_a_tick(world: World) -> None:
    inquiry = inquiry_of(world.a)
    page = address("inquiries:reply", inquiry.about, inquiry.public_id, world.a.village.public_id)
    client = world.client("village_cadre")
    values = {field["measure"]: "1000" for field in inquiry.fields} | {"villager_groups": "500", "did": "answer"}
    asked = client.post(page, values)
    assert asked.status_code == 422
    assert 'name="sure"' in asked.content.decode()
    assert client.post(page, values | {"sure": "1"}).status_code == 303
    reply = Reply.objects.get(place=world.a.village)
    assert (reply.typed, reply.answers["farmland"]) == (len(inquiry.fields), 66_666_667)


def test_areas_are_typed_in_mu_and_money_in_yuan() -> None:
    land, income, households = (
        field_of(InquiryField(measure, Words("", ""))) for measure in ("farmland", "collective_income", "households")
    )
    assert (str(land.typed(66_666_667)), str(income.typed(12_345))) == ("1000.00", "123.45")
    assert income.stored(income.typed(12_345)) == 12_345
    assert households.stored(households.typed(300)) == 300


def test_the_work_points_gather_what_is_due_in_the_week(world: World) -> None:
    campaign, officer = campaign_of(world.a), world.a.actor("town_officer")
    problem_in_hand(world.a, campaign, due_on=date(2026, 3, 5))
    meetings.add_decision(
        actor=officer,
        meeting=meeting_of(world.a),
        text="核清债务",
        owner=team_key(world.a),
        due_on=date(2026, 3, 6),
        on=DAY,
    )
    inquiry_of(world.a)
    points = work_points(officer, campaign, date(2026, 3, 4))
    assert (points.first_on, points.last_on) == week_of(date(2026, 3, 8)) == (date(2026, 3, 2), date(2026, 3, 8))
    titles = {heading: [point.title for point in found] for heading, found in points.others.items()}
    assert titles == {
        "问题台账": ["欠款未核实"],
        "议定事项": ["核清债务"],
    }  # the questionnaire is due on Monday of the week after
    assert any(point.key == "ask" for point in points.steps)
    later = work_points(officer, campaign, date(2026, 3, 11))
    assert [p.is_late for p in later.others["问题台账"]] == [True]
    assert [(p.title, p.place) for p in later.others["问卷"]] == [("基本情况", "")]
    (problem,) = points.others["问题台账"]
    assert (problem.place, problem.who, problem.due_on) == ("岩门村", "岩门工作组", date(2026, 3, 5))


def test_answering_an_opinion_from_the_register(world: World) -> None:
    opinion = opinion_of(world.a)
    page = address("consultation:opinions", opinion.about)
    sent = {"did": "answer", "opinion": opinion.pk, "answer": "会讨论", "gist": "保留村名", "publish": "on"}
    assert world.client("town_officer").post(page, sent).status_code == 303
    opinion.refresh_from_db()
    assert (opinion.answer, opinion.is_published) == ("会讨论", True)
    assert world.client("town_officer", world.b).post(page, sent).status_code == 404


def test_the_papers_of_a_town_name_what_is_due_most_pressing_first(world: World) -> None:
    campaign, officer = campaign_of(world.a), world.a.actor("town_officer")
    problem_in_hand(world.a, campaign, due_on=date(2026, 3, 7))
    problem_in_hand(world.a, campaign, due_on=date(2026, 3, 30))
    meetings.add_decision(
        actor=officer,
        meeting=meeting_of(world.a),
        text="核清债务",
        owner=team_key(world.a),
        due_on=date(2026, 3, 6),
        on=DAY,
    )
    found = due_by(campaign, date(2026, 3, 8))
    assert [(one.title, one.who, one.town) for _due, one, _on in found] == [
        ("核清债务", "岩门工作组", world.a.town.pk),
        ("欠款未核实", "岩门工作组", world.a.town.pk),
    ]


def test_a_notice_is_a_point_of_the_week_it_ends_in_where_it_hangs(world: World) -> None:
    campaign, chief = campaign_of(world.a), world.a.actor("district_officer")

    def post(title: str, *places: int, last_on: date = date(2026, 3, 20)) -> Notice:
        return consultation.post_notice(
            actor=chief, about=campaign_about(world.a), kind="plan", title=title, text="公示", place_ids=places,
            first_on=DAY, last_on=last_on, on=DAY,
        )  # fmt: skip

    def points(role: str, on: date) -> list[tuple[str, str]]:
        found = work_points(world.a.actor(role), campaign, on).others.get("期满的公示", [])
        return [(point.title, point.place) for point in found]

    post("一村", world.a.village.pk)
    post("两村", world.a.village.pk, world.a.place("光明村").pk)
    post("全区", campaign.district_id)
    post("外镇", world.a.place("光明村").pk)
    early = post("提前", world.a.village.pk)
    consultation.take_down(actor=chief, notice=early, reason="有误", on=DAY)
    assert points("district_officer", date(2026, 3, 18)) == [(one, "") for one in ("外镇", "全区", "两村", "一村")]
    assert points("town_officer", date(2026, 3, 18)) == [(one, "") for one in ("全区", "两村", "一村")]
    assert points("district_officer", date(2026, 3, 25)) == points("district_officer", date(2026, 3, 11)) == []


def test_a_decision_stays_a_point_until_a_second_person_has_looked(world: World) -> None:
    campaign, officer, chief = campaign_of(world.a), world.a.actor("town_officer"), world.a.actor("district_officer")
    given: dict[str, Any] = {"text": "核清债务", "owner": team_key(world.a), "due_on": date(2026, 3, 6), "on": DAY}
    decision = meetings.add_decision(actor=officer, meeting=meeting_of(world.a), **given)
    meetings.report_done(actor=officer, decision=decision, result="已核清", on=DAY)
    ((due, waiting, _on),) = due_by(campaign, date(2026, 3, 8))
    assert due.id == "meetings.check"
    assert (is_for(officer, due, waiting), is_for(chief, due, waiting)) == (False, True)
    decision.refresh_from_db()
    meetings.check_decision(actor=chief, decision=decision, on=DAY)
    assert due_by(campaign, date(2026, 3, 8)) == []
