"""Sentences of reports from made-up figures: each condition, noughts and ones, in both languages."""

from collections.abc import Mapping
from datetime import date

import pytest
from django.utils import translation

from heli.campaigns.sentences import progress
from heli.figures.catalogue import versions_of
from heli.figures.reports.compose import PARTS
from heli.figures.reports.rules import rules_in_force
from heli.figures.reports.scene import CampaignFacts, Scene
from heli.figures.reports.types import Addressee, Recipient, plain
from heli.figures.reports.writing import Writer, listed, offers
from heli.figures.reports.yearbook import PARAGRAPHS
from heli.figures.types import Value
from heli.kernel.declare import Pair
from heli.kernel.offers import offered
from heli.places.types import Level, PlaceKind, PlaceRow

DISTRICT, FIRST, SECOND = 1, 2, 3
ON = date(2026, 3, 13)
Table = Mapping[str, Pair | Mapping[int, Pair]]


def row(key: int, name: str, kind: PlaceKind, parent: int | None) -> PlaceRow:
    return PlaceRow(
        id=key,
        public_id=f"p{key}",
        level={PlaceKind.DISTRICT: Level.DISTRICT, PlaceKind.TOWN: Level.TOWNSHIP}.get(kind, Level.VILLAGE),
        code=f"{key:012d}",
        name=name,
        kind=kind,
        parent_id=parent,
        parent_name="",
        legal_parent_id=parent,
        district_id=DISTRICT,
        urban_rural_class="",
        valid_from=date(2010, 1, 1),
        valid_to=None,
    )


ROWS = {
    DISTRICT: row(DISTRICT, "前锋区", PlaceKind.DISTRICT, None),
    FIRST: row(FIRST, "代市镇", PlaceKind.TOWN, DISTRICT),
    SECOND: row(SECOND, "观塘镇", PlaceKind.TOWN, DISTRICT),
    **{key: row(key, f"{key}村", PlaceKind.VILLAGE, FIRST) for key in range(10, 19)},
}


def values(table: Table) -> dict[str, dict[int, Value]]:
    found = {}
    for name, pairs in table.items():
        figure = versions_of(name)[-1]
        by_place = pairs if isinstance(pairs, Mapping) else {DISTRICT: pairs}
        found[name] = {place: Value(figure, *pair) for place, pair in by_place.items()}
    return found


def writer(
    now: Table, then: Table | None = None, *, place: int = DISTRICT, before: date = date(2026, 3, 6), **more: object
) -> Writer:
    kind = Recipient.DISTRICT if place == DISTRICT else Recipient.TOWN
    scene = Scene(
        campaign=CampaignFacts("c", "村改", date(2026, 3, 2), date(2026, 3, 31), None),
        district=ROWS[DISTRICT],
        on=ON,
        snapshot="now",
        is_sample=False,
        now=values(now),
        before="then" if then is not None else "",
        before_on=before if then is not None else None,
        then=values(then) if then is not None else None,
        places=ROWS,
        **more,  # type: ignore[arg-type]  # whatever the test changes
    )
    return Writer(scene, Addressee(kind, "x", place, tuple(range(10, 19))), rules_in_force())


def said(name: str, w: Writer) -> tuple[str, str]:
    """The sentence on offer in Chinese and in English; empty where there is none."""
    (offer,) = (one for one in offered("sentences", "SENTENCES") if one.id == name)
    found = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found.append(plain(offer.write(w) or []))
    return found[0], found[1]


def both(name: str, now: Table, then: Table | None = None, **more: object) -> tuple[str, str]:
    return said(name, writer(now, then, **more))  # type: ignore[arg-type]  # whatever the test changes


PROGRESS = "campaigns.progress"


@pytest.mark.parametrize(
    ("then", "chinese", "english"),
    [
        ((400, 1000), "，较上周提高10.0个百分点", ", up 10.0 percentage points on last week"),
        ((612, 1000), "，较上周下降11.2个百分点", ", down 11.2 percentage points on last week"),
        ((50, 100), "，较上周持平", ", unchanged on last week"),
        ((5001, 10000), "，较上周基本持平", ", nearly unchanged on last week"),
    ],
)
def test_progress_is_compared_with_last_week(then: Pair, chinese: str, english: str) -> None:
    zh, en = both("campaigns.progress", {PROGRESS: (500, 1000)}, {PROGRESS: then})
    assert zh == f"截至2026年3月13日，前锋区共1,000个步骤，已办结500个，进度50.0%{chinese}。"
    assert en == f"By 13 March 2026, 500 of 1,000 steps are finished in 前锋区, 50.0%{english}."


@pytest.mark.parametrize(
    ("due", "chinese", "english"),
    [
        (400, "对照时间表超前10.0个百分点", "10.0 percentage points ahead of plan"),
        (634, "对照时间表滞后13.4个百分点", "13.4 percentage points behind plan"),
        (500, "与时间表同步", "exactly as planned"),
    ],
)
def test_progress_is_compared_with_the_plan(due: int, chinese: str, english: str) -> None:
    zh, en = both("campaigns.conclusion", {PROGRESS: (500, 1000), "campaigns.steps_due": (due, 1)})
    assert zh.endswith(f"{chinese}。")
    assert en.endswith(f"{english}.")


def test_where_the_last_snapshot_is_no_week_old_its_day_is_named() -> None:
    zh, en = both("campaigns.progress", {PROGRESS: (1, 2)}, {PROGRESS: (1, 4)}, before=date(2026, 2, 27))
    assert "较2026年2月27日提高25.0个百分点" in zh
    assert "up 25.0 percentage points since 27 February 2026" in en


def test_without_steps_nothing_is_said_of_progress() -> None:
    assert both("campaigns.progress", {}) == ("", "")
    assert both("campaigns.progress", {PROGRESS: (0, 0)}) == ("", "")


@pytest.mark.parametrize(
    ("now", "chinese", "english"),
    [
        ((0, 9), "9个村尚无全部办结的。", "None of the 9 villages has finished all steps yet."),
        ((0, 1), "1个村尚无全部办结的。", "The one village has not finished all steps yet."),
        ((9, 9), "9个村已全部办结，较上周增加8个。", "All 9 villages have finished all steps, 8 more on last week."),
        (
            (1, 9),
            "9个村中已有1个全部办结，占11.1%，较上周持平。",
            "1 of 9 villages has finished all steps, 11.1%, unchanged on last week.",
        ),
    ],
)
def test_finished_villages(now: Pair, chinese: str, english: str) -> None:
    assert both("campaigns.finished", {"campaigns.finished": now}, {"campaigns.finished": (1, 9)}) == (chinese, english)


def colours(red: int, orange: int, yellow: int, green: int) -> dict[str, Pair]:
    counts = {"red": red, "orange": orange, "yellow": yellow, "green": green}
    return {f"campaigns.villages_{name}": (count, 1) for name, count in counts.items()}


def test_colours_are_counted_and_compared_and_nothing_but_green_is_said_shortly() -> None:
    zh, en = both("warnings.colours", colours(3, 0, 2, 4), colours(5, 0, 0, 4))
    assert zh == "红色村3个、橙色村0个、黄色村2个、未预警村4个，红色村较上周减少2个。"
    assert en == "Red villages 3, orange 0, yellow 2, in time 4, 2 red villages fewer on last week."
    assert both("warnings.colours", colours(0, 0, 0, 9), colours(0, 0, 0, 9)) == (
        "9个村均未触发预警。",
        "All 9 villages are in time.",
    )
    assert both("warnings.colours", colours(0, 1, 0, 8), colours(0, 0, 0, 9))[1].endswith("in time 8.")


def grades(**by_village: int) -> dict[str, Mapping[int, Pair]]:
    return {"campaigns.colour": {int(key[1:]): (grade, 1) for key, grade in by_village.items()}}


def test_what_turned_red_and_what_left_red_is_named() -> None:
    steps = {"campaigns.finished": dict.fromkeys(range(10, 19), (0, 1))}
    now = {**steps, **grades(v10=3, v11=3, v12=1)}
    then = grades(v10=2, v11=3, v12=3)
    assert both("warnings.turned_red", now, then) == ("新转红1个村：10村。", "1 village turned red: 10村.")
    assert both("warnings.left_red", now, then) == ("1个村由红色转出：12村。", "1 village is no longer red: 12村.")
    assert both("warnings.turned_red", now) == ("", "")


def test_of_many_names_the_first_are_written() -> None:
    steps = {"campaigns.finished": dict.fromkeys(range(10, 19), (0, 1))}
    now = {**steps, **grades(**{f"v{key}": 3 for key in range(10, 18)})}
    then = grades(**{f"v{key}": 0 for key in range(10, 18)})
    zh, en = both("warnings.turned_red", now, then)
    assert zh == "新转红8个村：10村、11村、12村、13村等。"
    assert en == "8 villages turned red: 10村, 11村, 12村, 13村 and others."


TOWNS = {"campaigns.steps": {FIRST: (10, 1), SECOND: (10, 1)}}


def test_towns_that_stand_alike_are_not_ranked() -> None:
    now = {**TOWNS, PROGRESS: {DISTRICT: (10, 20), FIRST: (5, 10), SECOND: (5, 10)}}
    assert both("campaigns.towns_ahead", now) == ("2个镇街进度均为50.0%。", "All 2 towns stand at 50.0%.")
    zh, en = both("campaigns.rank", now, place=SECOND)
    assert zh == "进度在2个镇街中并列第1位，与全区持平。"
    assert en == "In progress it is joint number 1 of the 2 towns, level with the district."


def test_where_the_late_steps_are_is_said_only_of_a_large_share() -> None:
    def late(first: int, second: int) -> dict[str, Mapping[int, Pair]]:
        return {
            **TOWNS,
            "campaigns.steps_late": {DISTRICT: (first + second, 1), FIRST: (first, 1), SECOND: (second, 1)},
        }

    assert both("campaigns.concentrated", late(9, 1))[0] == "逾期步骤中代市镇有9个，占90.0%。"
    assert both("campaigns.concentrated", late(5, 5)) == ("", "")
    assert both("campaigns.concentrated", late(3, 0)) == ("逾期步骤均在代市镇。", "All of them are in 代市镇.")
    assert both("campaigns.concentrated", late(1, 0))[1] == "It is in 代市镇."
    assert both("campaigns.concentrated", late(0, 0)) == ("", "")


@pytest.mark.parametrize(
    ("early", "due", "late", "chinese", "english"),
    [
        (0, 40, 10, "按时间表应办结步骤40个，逾期未办结10个（占应办结的25.0%）。", "10 of them are late (25.0%)."),
        # More was done before its time than is late: ahead on the whole, and late in part, on one basis.
        (6, 40, 1, "按时间表应办结步骤40个，另有6个提前办结，逾期未办结1个（占应办结的2.5%）。", "1 of them is late (2.5%)."),
        (1, 40, 0, "按时间表应办结步骤40个，另有1个提前办结，均已办结，无逾期。", "none of them is late."),
        (5, 0, 0, "", ""),
    ],
)  # fmt: skip
def test_ahead_and_late_are_told_on_one_basis(early: int, due: int, late: int, chinese: str, english: str) -> None:
    now = {f"campaigns.steps_{name}": (n, 1) for name, n in (("early", early), ("due", due), ("late", late))}
    zh, en = both("campaigns.timetable", now)
    assert zh == chinese
    assert en.endswith(english)


def test_the_change_of_what_is_late_is_told() -> None:
    def of(late: int) -> Table:
        return {"campaigns.steps_early": (0, 1), "campaigns.steps_due": (40, 1), "campaigns.steps_late": (late, 1)}

    assert both("campaigns.timetable", of(10), of(12))[0].endswith("，较上周减少2个。")
    assert both("campaigns.timetable", of(10), of(10))[1].endswith(", unchanged on last week.")


def test_what_leads_in_names_red_towns_and_when_it_ends() -> None:
    red: Table = {**TOWNS, **colours(3, 0, 0, 6), "campaigns.colour": {FIRST: (3, 1), SECOND: (0, 1)}}
    assert both("warnings.worst", red, colours(5, 0, 0, 4)) == (
        "红色村3个，较上周减少2个，红色镇街为代市镇。", "3 villages are red, 2 fewer on last week, red towns: 代市镇.",
    )  # fmt: skip
    assert both("warnings.worst", colours(0, 0, 0, 9)) == ("", "")
    kept = {"forecast": {DISTRICT: (date(2026, 4, 10), date(2026, 4, 12))}}
    assert (
        both("warnings.expected", {}, kept=kept)[0]
        == "按近期办结速度推算，预计2026年4月10日前后全部办结，比计划推迟10天。"
    )
    assert both("warnings.expected", {}) == ("", "")


@pytest.mark.parametrize(
    ("due", "chinese"),
    [
        (date(2026, 3, 18), "连续红色、须由党（工）委书记于2026年3月18日前作出表态的镇街：代市镇。"),
        (date(2026, 3, 10), "连续红色、表态已于2026年3月10日到期仍未作出的镇街：代市镇。"),
    ],
)
def test_a_statement_is_owed_or_overdue(due: date, chinese: str) -> None:
    now = {**TOWNS, "campaigns.statements_owed": {FIRST: (1, 1), SECOND: (0, 1)}}
    assert both("warnings.demands", now, kept={"demand": {FIRST: due}})[0] == chinese
    none = {**TOWNS, "campaigns.statements_owed": {FIRST: (0, 1), SECOND: (0, 1)}}
    assert both("warnings.demands", none, kept={"demand": {FIRST: due}}) == ("", "")


@pytest.mark.parametrize(
    ("even", "most", "chinese", "english"),
    [
        (
            date(2026, 3, 30),
            date(2026, 4, 3),
            "最后一个村预计2026年3月30日前后办结，八成把握不晚于2026年4月3日，比计划提前1天。",
            "1 day earlier than planned.",
        ),
        (date(2026, 3, 31), date(2026, 3, 31), "有八成把握在2026年3月31日前全部办结，与计划时间一致。", "on the planned day."),
        (date(2026, 4, 10), date(2026, 4, 12), "比计划推迟10天。", "10 days later than planned."),
    ],
)  # fmt: skip
def test_the_forecast_is_compared_with_the_planned_end(even: date, most: date, chinese: str, english: str) -> None:
    zh, en = both("warnings.forecast", {}, week=2, kept={"forecast": {DISTRICT: (even, most)}})
    assert zh.endswith(chinese)
    assert en.endswith(english)
    assert both("warnings.forecast", {}) == ("", "")


def test_problems_closed_found_and_overdue() -> None:
    closed = "campaigns.problems_closed"
    zh, en = both("problems.closed", {closed: (90, 113)}, {closed: (80, 110)})
    assert zh == "问题台账共113个问题，已销号90个，销号率79.65%，新增3个，本周销号10个。"
    assert en == "90 of 113 problems are closed, 79.65%, 3 found anew, 10 closed this week."
    assert both("problems.closed", {closed: (1, 1)})[1] == "1 of 1 problem is closed, 100.00%."
    assert both("problems.closed", {closed: (0, 0)}) == ("", "")
    assert both("problems.late", {"campaigns.problems_late": (0, 1)}) == ("", "")
    assert both("problems.late", {"campaigns.problems_late": (1, 1)})[1] == "1 problem is overdue."


def test_consultation_meetings_and_risks() -> None:
    answered = {"campaigns.opinions_answered": (161, 541)}
    zh, en = both("consultation.opinions", answered)
    assert zh == "收到意见建议541条，答复率29.76%，待答复380条。"
    assert en == "541 voices came in, 29.76% answered, 380 still to be answered."
    assert (
        both("consultation.opinions", {"campaigns.opinions_answered": (5, 5)})[1]
        == "5 voices came in, 100.00% answered."
    )
    held = {"campaigns.trainings": (4, 1), "campaigns.training_attendances": (702, 1)}
    assert both("meetings.held", held) == (
        "累计培训4次（702人次）。",
        "4 trainings were held (702 attendances).",
    )
    assert both("meetings.held", {"campaigns.meetings": (0, 1)}) == ("", "")
    assert both("risks.signed", {"campaigns.risk_assessed": (26, 26)})[0] == "各村均有已签署的风险评估。"
    assert both("risks.signed", {"campaigns.risk_assessed": (0, 26)}) == ("", "")
    talks = {"campaigns.talks_members": (10, 10), "campaigns.talks_representatives": (6, 10)}
    zh, en = both("consultation.talks", talks)
    assert zh == "党员谈话覆盖率100.00%，代表谈话覆盖率60.00%。"
    assert en == "Talked with 100.00% of the Party members, with 60.00% of the representatives."


def test_the_yearbook_says_what_remains_and_how_it_stands_to_the_target() -> None:
    now: Table = {"places.village_reduction": (30, 100), "planning.target": (20, 100)}
    assert both("places.reduction", now)[1] == "Of 100 villages 70 remain, a reduction by 30.00%."
    zh, en = both("planning.target", now)
    assert zh == "超过20.00%的目标10.00个百分点，为目标的150.00%。"
    assert en == "It goes 10.00 percentage points beyond the target of 20.00%, 150.00% of it."
    assert both("planning.target", {**now, "planning.target": (3, 10)})[1] == "It meets the target of 30.00% exactly."


def test_of_numbers_with_one_mark_only_the_last_prints_it() -> None:
    w = writer({PROGRESS: (500, 1000)})
    with translation.override("en"):
        found = progress(w) or []
    marked = [piece for piece in found if not isinstance(piece, str)]
    assert [piece["t"] for piece in marked] == ["500", "1,000", "50.0%"]
    assert [bool(piece.get("q")) for piece in marked] == [True, True, False]
    assert len({piece["m"] for piece in marked}) == 1


def test_names_in_a_row() -> None:
    with translation.override("en"):
        assert [plain(listed(list("abc")[:count])) for count in range(4)] == ["", "a", "a and b", "a, b and c"]
    with translation.override("zh-hans"):
        assert plain(listed(["甲村", "乙村", "丙村"])) == "甲村、乙村、丙村"


def test_every_sentence_stands_in_a_part_that_reports_have() -> None:
    found = list(offered("sentences", "SENTENCES"))
    assert {offer.part for offer in found} <= {
        *PARTS,
        "conclusion",
        "requests",
        *(part for parts in PARAGRAPHS for part in parts),
    }
    assert len({offer.id for offer in found}) == len(found)


def test_matters_stand_in_their_order() -> None:
    assert [offer.id for offer in offers("matters") if offer.order < 50] == [
        "problems.closed", "problems.late", "problems.named", "risks.signed", "consultation.opinions",
        "consultation.unanswered", "consultation.talks", "meetings.held",
    ]  # fmt: skip
