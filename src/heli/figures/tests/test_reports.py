"""A report says what its figures say, in both languages; a sentence stands only where its condition holds."""

import re
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from heli.audit.testing import unaudited
from heli.bodies import services as bodies
from heli.bodies.types import BodyKind, LinkKind
from heli.campaigns.types import Did
from heli.figures import queries as figures
from heli.figures.models import Report
from heli.figures.queries import reports as queries
from heli.figures.reports.rules import rules_in_force
from heli.figures.reports.types import marks_in, plain
from heli.figures.services import reports as services
from heli.files.documents import Heading, PartSources, Picture
from heli.files.documents.types import number_refs
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.warnings.models import FrozenWeek
from heli.warnings.services.weeks import freeze_due
from heli.warnings.testing import DrawnCampaign, moment

pytestmark = pytest.mark.django_db
DAYS = {"ask": 3, "plan": 3, "sign": 4}
ZH, EN = "zh-hans", "en"


@pytest.fixture
def run() -> DrawnCampaign:
    """Two towns of two villages, planned to end on Friday the 13th; 甲村 finishes in the second week."""
    drawn = DrawnCampaign.draw({"代市镇": "甲村 乙村", "观塘镇": "丙村 丁村"}, DAYS)
    for village in ("甲村", "乙村", "丙村"):
        drawn.do(village, "ask", moment(1))
    drawn.do("甲村", "plan", moment(8))
    drawn.do("甲村", "sign", moment(9))
    drawn.log("乙村", "plan", Did.SUBMITTED, moment(10))
    return drawn


def weeks_of(run: DrawnCampaign, days: int = 12) -> list[FrozenWeek]:
    """The weeks that have ended by so many days after the first Monday, frozen and reported."""
    weeks = freeze_due(actor=SYSTEM, at=moment(days, 8))
    for week in weeks:
        services.make_weekly(actor=SYSTEM, campaign=run.campaign, week=week, at=moment(days, 9), send=False)
    return weeks


def report(week: FrozenWeek, key: str, language: str = ZH) -> Report:
    return Report.objects.get(week=week, recipient_key__startswith=key, language=language)


def town(run: DrawnCampaign, week: FrozenWeek, name: str, language: str = ZH) -> Report:
    return Report.objects.get(week=week, recipient="town", place_id=run.register[name], language=language)


def texts(found: Report) -> list[str]:
    return [plain(block["text"]) for block in queries.content_of(found)["blocks"] if "text" in block]


def test_the_report_of_the_first_week_compares_with_nothing(run: DrawnCampaign) -> None:
    first, _second = weeks_of(run)
    led, _heading, told = texts(report(first, "district"))[:3]
    assert led.startswith("Q总体进度25.0%，对照时间表滞后8.3个百分点。")
    assert told == (
        "截至2026年3月6日，Q共12个步骤，已办结3个，进度25.0%。"
        "按时间表应办结步骤4个，逾期未办结1个（占应办结的25.0%）。逾期步骤均在观塘镇。4个村尚无全部办结的。"
        "进度最快的是代市镇（33.3%），最慢的是观塘镇（16.7%），相差16.7个百分点。"
        "已通过步骤的按期报送率为100.0%。"
    )


def test_the_second_week_says_what_changed_in_both_languages(run: DrawnCampaign) -> None:
    _first, second = weeks_of(run)
    chinese, english = report(second, "district"), report(second, "district", EN)
    assert texts(chinese)[0].startswith(
        "Q总体进度41.7%，较上周提高16.7个百分点，对照时间表滞后58.3个百分点。红色村1个，较上周增加1个，红色镇街为观塘镇。"
        "按近期办结速度推算，预计"
    )
    assert texts(chinese)[1:5] == [
        "一、进度",
        "截至2026年3月13日，Q共12个步骤，已办结5个，进度41.7%，较上周提高16.7个百分点。"
        "按时间表应办结步骤12个，逾期未办结4个（占应办结的33.3%），较上周增加3个。逾期步骤中观塘镇有3个，占75.0%。"
        "4个村中已有1个全部办结，占25.0%，较上周增加1个。"
        "进度最快的是代市镇（66.7%），最慢的是观塘镇（16.7%），相差50.0个百分点。"
        "已通过步骤的按期报送率为80.0%。",
        "二、三色预警",
        "红色村1个、橙色村2个、黄色村0个、未预警村1个，红色村较上周增加1个。本周红色镇街：观塘镇。新转红1个村：丁村。",
    ]
    assert texts(english)[0].startswith(
        "Q has finished 41.7% of all steps, up 16.7 percentage points on last week, 58.3 percentage points behind plan. "
    )
    assert texts(english)[2].startswith(
        "By 13 March 2026, 5 of 12 steps are finished in Q, 41.7%, up 16.7 percentage points on last week. "
        "By the timetable 12 steps were due, 4 of them are late (33.3%), 3 more on last week. "
        "观塘镇 alone holds 3 of them, 75.0%. 1 of 4 villages has finished all steps, 25.0%, 1 more on last week. "
        "Furthest ahead: 代市镇 (66.7%), furthest behind: 观塘镇 (16.7%), 50.0 percentage points apart."
    )
    assert texts(english)[4].startswith(
        "Red villages 1, orange 2, yellow 0, in time 1, 1 red village more on last week. Red towns this week: 观塘镇. "
        "1 village turned red: 丁村."
    )


def test_a_town_reads_its_rank_and_its_own_villages_only(run: DrawnCampaign) -> None:
    _first, second = weeks_of(run)
    found = town(run, second, "观塘镇")
    assert "进度在2个镇街中居第2位，低于全区25.0个百分点。" in texts(found)[2]
    assert "本镇街由黄色转为红色。" in texts(found)[4]
    everything = found.content
    assert "甲村" not in everything
    assert "乙村" not in everything


def test_where_nothing_is_late_nothing_is_said_of_lateness_and_nothing_is_asked(run: DrawnCampaign) -> None:
    for village in ("甲村", "乙村", "丙村", "丁村"):
        for key in DAYS:
            if run.step(village, key).accepted_on is None:
                run.do(village, key, moment(2))
    (week,) = weeks_of(run, days=5)
    found = texts(report(week, "district"))
    assert found[0].startswith("Q总体进度83.3%，对照时间表超前"), "ahead, and nothing late"
    assert "均已办结，无逾期。" in found[2]
    assert found[4] == "4个村均未触发预警。"
    assert found[-1] == "本周无需提请的事项。"
    assert "滞后村" not in report(week, "district").content


def test_a_campaign_that_stands_still_is_said_to_be_unchanged(run: DrawnCampaign) -> None:
    _first, second, third = weeks_of(run, days=19)
    assert "较上周持平" in texts(report(third, "district"))[0]
    assert "unchanged on last week" in texts(report(third, "district", EN))[0]
    assert "须由党（工）委书记于2026年3月25日前作出表态的镇街：观塘镇。" in texts(report(third, "district"))[4]
    assert "表态" not in texts(report(second, "district"))[4]
    assert "表态" not in texts(town(run, third, "代市镇"))[4]


def test_every_number_carries_a_mark_with_version_and_snapshot(run: DrawnCampaign) -> None:
    _first, second = weeks_of(run)
    for found in Report.objects.filter(week=second):
        content = queries.content_of(found)
        marks = marks_in(content)
        for block in content["blocks"]:
            for piece in block.get("text", ()) if block["is"] == "text" else ():
                if isinstance(piece, str):
                    # Days are no figures; whatever other digit stands in plain text is the number of a paragraph.
                    bare = piece.replace("2026年3月", "").replace("March 2026", "")
                    assert "%" not in bare, piece
                else:
                    assert marks[piece["m"]].sources
        stored = {one.snapshot for mark in marks for one in mark.sources}
        assert second.campaign_id
        assert found.snapshot.public_id in stored


def test_an_old_week_is_composed_again_identically_and_made_only_once(run: DrawnCampaign) -> None:
    first, second = weeks_of(run)
    before = list(Report.objects.order_by("pk").values_list("pk", "sha256"))
    run.do("丙村", "plan", moment(14))
    services.make_weekly(actor=SYSTEM, campaign=run.campaign, week=first, at=moment(15), send=False)
    services.make_weekly(actor=SYSTEM, campaign=run.campaign, week=second, at=moment(15), send=False)
    assert list(Report.objects.order_by("pk").values_list("pk", "sha256")) == before
    for found in Report.objects.select_related("campaign", "snapshot", "week"):
        assert queries.composed_again(found, rules_in_force()) == found.sha256
        assert queries.fits_its_hash(found)


def test_correcting_one_row_changes_exactly_what_depends_on_it_and_the_report_stays(run: DrawnCampaign) -> None:
    _first, second = weeks_of(run)
    found = report(second, "district")
    kept = found.content
    assert queries.known_better(SYSTEM, found) == []
    # Entered late: what 丁村 had handed in and got accepted in the second week.
    run.do("丁村", "ask", moment(10))
    moved = queries.known_better(SYSTEM, found)
    assert Report.objects.get(pk=found.pk).content == kept
    now = {(one.source.figure, one.place): one.known_now and one.known_now.pair for one in moved}
    assert now["campaigns.progress", "Q"] == (6, 12)
    assert {place for _figure, place in now} == {"Q", "观塘镇", "丁村"}
    assert ("campaigns.finished", "Q") not in now
    assert ("campaigns.progress", "代市镇") not in now
    stored = figures.stored_values(SYSTEM, found.snapshot)["campaigns.progress"]
    assert stored[run.register.district].pair == (5, 12)


def test_a_leader_reads_the_villages_linked_to_them_and_is_not_named_in_what_is_kept(run: DrawnCampaign) -> None:
    body = bodies.add_body(
        actor=SYSTEM, name="工作组", kind=BodyKind.WORK_GROUP, place_id=run.register.district, on=date(2026, 1, 1)
    )
    person = bodies.add_person(actor=SYSTEM, body=body, name="王某某", office="副区长", on=date(2026, 1, 1))
    for village in ("甲村", "丁村"):
        bodies.add_link(
            actor=SYSTEM, kind=LinkKind.VILLAGE_LINK, place_id=run.register[village], person=person, on=date(2026, 1, 1)
        )
    _first, second = weeks_of(run)
    found = report(second, "person")
    assert "您联系的村共6个步骤，已办结3个，进度50.0%" in texts(found)[2]
    assert "王某某" not in found.content
    assert queries.paper_of(found).recipient == "王某某 副区长"
    assert "乙村" not in found.content


def test_paper_says_its_sources_in_a_line_for_each_part_and_its_drawings_are_legible(run: DrawnCampaign) -> None:
    _first, second = weeks_of(run)
    found = report(second, "district")
    paper = queries.paper_of(found, home="https://heli.example")
    heads = [at for at, block in enumerate(paper.blocks) if isinstance(block, Heading)]
    sources = [at for at, block in enumerate(paper.blocks) if isinstance(block, PartSources)]
    assert [at + 1 for at in sources] == [*heads[1:], len(paper.blocks)], "each part ends with its sources"
    assert [block.url for block in paper.blocks if isinstance(block, PartSources)] == [
        f"https://heli.example/figures/reports/{found.public_id}/#part{number}" for number in range(1, len(heads) + 1)
    ]
    assert not number_refs(paper)
    assert number_refs(queries.paper_of(found)), "on screen every number has its mark"
    pictures = [block for one in paper.attachments for block in one.blocks if isinstance(block, Picture)]
    assert pictures
    for picture in pictures:
        drawn = picture.content.decode()
        [width] = re.findall(r'<svg [^>]*width="(\d+)"', drawn)
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', drawn)]
        assert min(sizes) * picture.width / 25.4 * 72 / int(width) >= 8


def test_the_number_of_queries_does_not_grow_with_the_towns(django_assert_max_num_queries: object) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number, towns in enumerate((2, 6)):
        drawing = {f"镇{number}{at}": f"村{number}{at}甲 村{number}{at}乙" for at in range(towns)}
        run = DrawnCampaign.draw(drawing, DAYS, code=f"51160{number}", name=f"村改{number}")
        (week,) = freeze_due(actor=SYSTEM, at=moment(5, 8))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            services.make_weekly(actor=SYSTEM, campaign=run.campaign, week=week, at=moment(5, 9), send=False)
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_reports_are_never_changed_and_one_per_recipient(run: DrawnCampaign) -> None:
    first, _second = weeks_of(run)
    found = report(first, "district")
    with pytest.raises(IntegrityError), transaction.atomic(), unaudited():
        Report.objects.filter(pk=found.pk).update(sha256="0" * 64)
    twin = Report.objects.get(pk=found.pk)
    twin.pk, twin.public_id = None, "aaaaaaaaaaaa"
    with pytest.raises(IntegrityError), transaction.atomic(), unaudited():
        twin.save()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"kind": "daily"}, "report_kind_known"),
        ({"recipient": "resident"}, "report_recipient_known"),
        ({"recipient": "leader"}, "report_leader_is_body_or_person"),
        ({"content": ""}, "report_not_empty"),
    ],
)
def test_what_cannot_be_is_refused_by_the_database(run: DrawnCampaign, change: dict[str, str], name: str) -> None:
    first, _second = weeks_of(run)
    twin = report(first, "district")
    twin.pk, twin.public_id, twin.language = None, "aaaaaaaaaaaa", "fr"
    for field, value in change.items():
        setattr(twin, field, value)
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), unaudited():
        twin.save()


def test_a_campaign_that_is_not_finished_has_no_yearbook_page_and_none_that_is_finished_a_quick_report(
    run: DrawnCampaign,
) -> None:
    with pytest.raises(Refused, match="尚未结束"):
        services.make_yearbook(actor=SYSTEM, campaign=run.campaign, at=moment(12))
    run.finish(moment(12))
    with pytest.raises(Refused, match="未在进行"):
        services.make_interim(actor=SYSTEM, campaign=run.campaign, on=date(2026, 3, 14), at=moment(12))


def test_the_yearbook_page_of_a_finished_campaign_counts_its_days(run: DrawnCampaign) -> None:
    for village in ("甲村", "乙村", "丙村", "丁村"):
        for key in DAYS:
            if run.step(village, key).accepted_on is None:
                run.do(village, key, moment(10))
    run.finish(moment(11))
    made = services.make_yearbook(actor=SYSTEM, campaign=run.campaign, at=moment(12))
    assert [one.language for one in made] == [ZH, EN]
    found = texts(made[0])
    assert found[0] == (
        "村改于2026年3月2日启动，2026年3月13日全部完成。10天完成第一个村，11天完成全部村。比计划提前1天。"
    )
    assert found[-1].startswith("尚缺数据：")
    assert "不动" not in found[-1]
    english = texts(made[1])[0]
    assert english.endswith("after 10 days, all of them after 11 days. It ended 1 day ahead of plan.")


def test_between_weeks_a_report_is_made_only_where_enough_changed_and_once_a_day(run: DrawnCampaign) -> None:
    weeks_of(run)
    at = datetime(2026, 3, 17, 1, tzinfo=UTC)
    assert not services.changed_since(run.campaign, at=at)
    made = services.make_interim(actor=SYSTEM, campaign=run.campaign, on=date(2026, 3, 17), at=at, send=False)
    again = services.make_interim(actor=SYSTEM, campaign=run.campaign, on=date(2026, 3, 17), at=at, send=False)
    assert [one.pk for one in made] == [one.pk for one in again]
    assert not services.changed_since(run.campaign, at=at)


def test_where_several_campaigns_run_the_report_says_whose_steps_it_counts(run: DrawnCampaign) -> None:
    other = DrawnCampaign.over(run.register, DAYS, towns=["代市镇", "观塘镇"], name="清产核资")
    weeks = [week for week in freeze_due(actor=SYSTEM, at=moment(5, 8)) if week.campaign_id == run.campaign.pk]
    services.make_weekly(actor=SYSTEM, campaign=run.campaign, week=weeks[0], at=moment(5, 9), send=False)
    found = queries.content_of(report(weeks[0], "district"))
    assert found["note"] == "步骤类数据为当日在办的全部专项工作口径，除本项外还包括：清产核资"
    assert "共24个步骤" in texts(report(weeks[0], "district"))[2]
    assert other.campaign.name in found["note"]
