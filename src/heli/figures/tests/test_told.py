"""Rows that reports tell by name: problems with whoever leads them, voices by topic, each to whom it concerns."""

from collections.abc import Sequence
from datetime import date

from heli.figures.tests.test_sentences import FIRST, SECOND, both, writer
from heli.kernel.telling import Told


def rows(*told: Told) -> dict[str, Sequence[Told]]:
    return {"problems.open": told, "consultation.open": told}


def test_problems_are_named_with_their_cause_or_kind_and_who_leads_them() -> None:
    late = Told(
        place=10, town=FIRST, title="债务不清", kind="debts", cause="欠据不全", who="区财政局", due_on=date(2026, 3, 10)
    )
    open_ = Told(
        place=11, town=FIRST, title="界线不清", kind="boundary", who="副镇长", person="p1", due_on=date(2026, 3, 20)
    )
    alone = Told(place=12, town=FIRST, title="档案缺页", kind="archives")
    zh, en = both("problems.named", {}, told=rows(late, open_, alone))
    assert zh.startswith("主要问题：10村“债务不清”（")
    assert "（成因：欠据不全；区财政局牵头，2026年3月10日到期，已逾期" in zh
    assert "副镇长牵头，限2026年3月20日前办结" in zh
    assert "尚未明确牵头单位" in zh
    assert "overdue since 10 March 2026" in en
    assert both("problems.settle", {}, told=rows(late, open_))[0] == "限期办结逾期问题，由区财政局等牵头单位负责。"
    assert both("problems.settle", {}, told=rows(open_)) == ("", "")
    assert both("problems.named", {}) == ("", "")


def test_a_town_is_told_its_own_rows_and_a_person_by_office() -> None:
    mine = Told(place=10, town=FIRST, title="甲", kind="debts", who="副镇长", person="p1", due_on=date(2026, 3, 20))
    other = Told(place=99, town=SECOND, title="乙", kind="debts")
    w = writer({}, place=FIRST, told=rows(mine, other))
    assert w.told("problems.open") == [mine]
    assert w.who(mine) == {"t": "副镇长", "who": "p1"}, "the name is looked up when the report is read"


def test_voices_that_wait_are_told_by_topic() -> None:
    told = rows(Told(place=10, town=FIRST, kind="land", count=7), Told(place=11, town=FIRST, kind="land", count=1))
    zh, en = both("consultation.unanswered", {}, told=told)
    assert zh.startswith("待答复的主要涉及")
    assert zh.endswith("（8条）。")
    assert en.endswith("(8 voices).")
    assert both("consultation.answer", {}, told=told)[0] == "逐条答复尚未答复的8条意见建议。"
    assert both("consultation.answer", {}) == both("consultation.unanswered", {}) == ("", "")
