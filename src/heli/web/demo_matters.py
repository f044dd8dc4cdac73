"""What the demonstration's campaign has to show beside its steps: problems, risks, consultation, meetings, rounds, key villages.

Everything goes through the services as officials would do it, in smaller numbers of acts where many voices said the same;
only the openings of a notice are written as one number. All of it is marked as sample by the campaign it belongs to.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone

from heli.assemblies.services import sittings
from heli.assemblies.services import steps as four_steps
from heli.audit.services import writing
from heli.campaigns.abouts import about_of
from heli.campaigns.queries import Campaign
from heli.campaigns.queries.steps import places_where
from heli.campaigns.types import StepStatus
from heli.consultation.queries import OpinionChannel
from heli.consultation.services import notices as consultation
from heli.kernel.access import Actor
from heli.kernel.workdays import calendar
from heli.meetings import services as meetings
from heli.problems.ledger import PROBLEMS as LEDGER
from heli.problems.queries import ProblemSource
from heli.records import services as records
from heli.records.services import Draft
from heli.risks import services as risks
from heli.risks.types import Aspect, RiskFactor
from heli.rounds import services as rounds
from heli.warnings.rules.key_villages import Reason
from heli.warnings.services import key_villages
from heli.warnings.types import Tier

SAMPLE = "（示例）"
PROBLEMS, CLOSED = 113, 71
OPINIONS, VIEWS = 541, 7335
SEEN_DAYS = 7
"""Days of the notice's first week, on which it is seen and answered: no more, for around holidays today is not much later."""
TRAININGS = (176, 181, 170, 175)
"""Attendances of the four trainings: 702."""
PARTY_SAT = ("party_members", "", "merge_village")
HOUSEHOLDS_SAT = ("villagers_assembly", "households", "merge_village")
MEMBERS_SAT = ("coop_members", "", "merge_coop")
TITLES = {
    "debts": "村级债务来源待核实",
    "assets": "闲置校舍权属待明确",
    "contracts": "山林承包合同未续签",
    "boundary": "与邻村地界标识不清",
    "land": "机动地台账与现状不符",
    "archives": "九十年代档案缺页",
    "services": "便民服务点选址意见不一",
    "works": "通组公路尾款未结",
    "posts": "离任村干部待遇衔接",
    "procedure": "会议通知张贴不规范",
    "other": "村名保留意见",
}
CAUSES = {
    "debts": "早年修路垫资，欠据不全",
    "assets": "撤点并校后未办移交",
    "contracts": "原承包人外出，未按期协商",
    "boundary": "第二轮承包时只作口头约定",
    "land": "多年未核减占地",
    "archives": "村办公室搬迁时散失",
    "services": "两村居民点相距较远",
    "works": "项目结算审核未完",
    "posts": "任职年限依据不足",
    "procedure": "经办人员不熟悉公示要求",
    "other": "老人对原村名有感情",
}
OPINION_TEXTS = {
    "name": "希望新村名沿用原村名中的一个字",
    "services": "老人办事远，请保留代办点",
    "assets": "原村集体资产要单独记账",
    "roads": "合并后两村之间的路要先修通",
    "land": "承包地不能动",
    "plan": "同意合并，请尽快公布时间表",
    "cadres": "请说明合并后干部怎么定",
    "other": "网格员电话要公布",
}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who does it: an officer, a second one who checks, the holders of the district by key."""

    officer: Actor
    second: Actor
    leaders: Sequence[str]
    teams: Sequence[str]


def simulate_matters(cast: Cast, *, campaign: Campaign, now: datetime, seed: int) -> None:
    """Fill the ledgers of a sample campaign up to a moment."""
    dice = random.Random(seed)
    begins, today = campaign.starts_on, timezone.localdate(now)
    villages = list(campaign.tracks.filter(per="village").order_by("pk").values_list("place_id", flat=True))
    towns = list(campaign.tracks.filter(per="town").order_by("pk").values_list("place_id", flat=True))
    with writing(cast.officer, "campaigns.simulate", action="campaigns.open", place_id=campaign.district_id, at=now):
        _problems(cast, campaign, villages, today, dice)
        _risks(cast, campaign, towns, today)
        _consultation(cast, campaign, villages, begins, dice)
        _meetings(cast, campaign, begins, today)
        _sittings(cast, campaign, villages, today, dice)
        _rounds(cast, campaign, villages, begins, today)
        _key_villages(cast, campaign, dice.sample(villages, 34), begins)


def _found(draft: Draft) -> date:
    found: date = draft.values["found_on"]
    return found


def _noon(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(12)))


def _day(begins: date, working_days: int, today: date) -> date:
    return min(calendar().add(begins, working_days), today)


def _problems(cast: Cast, campaign: Campaign, villages: Sequence[int], today: date, dice: random.Random) -> None:
    kinds, sources = sorted(TITLES), list(ProblemSource)
    drafts = []
    for number in range(PROBLEMS):
        kind, found_on = kinds[number % len(kinds)], _day(campaign.starts_on, dice.randint(4, 20), today)
        typed = {
            "place": dice.choice(villages), "kind": kind, "source": dice.choice(sources), "title": TITLES[kind] + SAMPLE,
            "cause": CAUSES[kind],
            "found_on": found_on, "leader": dice.choice(cast.leaders),
            "due_on": calendar().add(found_on, dice.randint(5, 20)), "measures": "现场核实，会同镇街和村两级拿出意见" + SAMPLE,
        }  # fmt: skip
        drafts.append(Draft(typed))
    made = []
    for found_on, of_day in groupby(sorted(drafts, key=_found), key=_found):
        made += records.enter(
            actor=cast.officer,
            ledger=LEDGER,
            about=about_of(campaign),
            drafts=list(of_day),
            on=found_on,
            at=_noon(found_on),
        )
    dice.shuffle(made)

    def move(actor: Actor, row: Any, name: str, on: date, note: str = "") -> Any:
        return records.move(actor=actor, ledger=LEDGER, row=row, name=name, note=note, on=on, at=_noon(on))

    for one in made[:CLOSED]:
        settled = _day(one.found_on, dice.randint(3, 12), today)
        move(cast.second, move(cast.officer, one, "claim", settled, "已核实并公开结果" + SAMPLE), "close", settled)
    for one in made[CLOSED : CLOSED + 9]:
        move(cast.officer, one, "claim", today, "资料已补齐，待核销" + SAMPLE)


def _risks(cast: Cast, campaign: Campaign, towns: Sequence[int], today: date) -> None:
    what = {
        Aspect.LEGALITY: ("表决程序须按两条线分别进行", 2, 4),
        Aspect.REASONABLENESS: ("新村服务半径增大", 3, 2),
        Aspect.FEASIBILITY: ("清产核资时间紧", 3, 3),
        Aspect.CONTROLLABILITY: ("村名和办公地点意见不一", 2, 3),
    }
    factors = [
        RiskFactor(aspect, likelihood, severity, text + SAMPLE, "专人指导，逐村核对，公开答复" + SAMPLE)
        for aspect, (text, likelihood, severity) in what.items()
    ]
    judged = set(places_where(campaign, "risk", [StepStatus.ACCEPTED]))
    about = about_of(campaign)
    for town in towns:
        draft = risks.write_assessment(
            actor=cast.officer, about=about, place_id=town, factors=factors,
            contingency="出现争议即暂停表决，由镇街会同区专班当日到村" + SAMPLE, on=today,
        )  # fmt: skip
        if town in judged:
            risks.sign_assessment(actor=cast.second, assessment=draft, on=today)


def _consultation(cast: Cast, campaign: Campaign, villages: Sequence[int], begins: date, dice: random.Random) -> None:
    first = calendar().add(begins, 13)
    notice = consultation.post_notice(
        actor=cast.officer, about=about_of(campaign), kind="plan", title="村级建制调整方案征求意见公告" + SAMPLE,
        place_ids=villages, first_on=first, last_on=first + timedelta(days=20), on=first,
        text="现将调整方案公示，欢迎提出意见。" + SAMPLE,
    )  # fmt: skip
    days = [first + timedelta(days=number) for number in range(SEEN_DAYS)]
    for number, day in enumerate(days):
        share = VIEWS // SEEN_DAYS + (VIEWS % SEEN_DAYS if number == 0 else 0)
        consultation.count_view(notice=notice, on=day, times=share)
    left, topics = OPINIONS, sorted(OPINION_TEXTS)
    while left:
        count = min(left, dice.randint(3, 18))
        left -= count
        topic = dice.choice(topics)
        opinion = consultation.add_opinion(
            actor=cast.officer, about=about_of(campaign), place_id=dice.choice(villages), topic=topic, count=count,
            channel=dice.choice([OpinionChannel.MEETING, OpinionChannel.WALL_BOX, OpinionChannel.PHONE, OpinionChannel.LETTER]),
            text=OPINION_TEXTS[topic] + SAMPLE, on=dice.choice(days),
        )  # fmt: skip
        if dice.random() < 0.8:
            consultation.answer_opinion(
                actor=cast.officer, opinion=opinion, answer="已采纳并写入方案" + SAMPLE, on=days[-1]
            )
    for place in places_where(campaign, "talks", [StepStatus.SUBMITTED, StepStatus.ACCEPTED]):
        members, representatives = dice.randint(18, 60), dice.randint(25, 45)
        consultation.record_talks(
            actor=cast.officer, about=about_of(campaign), place_id=place, on=days[-1],
            counts={
                "party_members": (members, members),
                "representatives": (-(-representatives * dice.randint(62, 95) // 100), representatives),
            },
        )  # fmt: skip


def _meetings(cast: Cast, campaign: Campaign, begins: date, today: date) -> None:
    held = [
        ("mobilisation", "全区动员部署会", 0, {"leaders": 27, "staff": 140, "cadres": 254}),
        *(("special", f"第{n}次专题会", n * 4, {"leaders": 9, "staff": 12}) for n in (1, 2, 3)),
        *(("discussion", f"第{n}次座谈会", n * 5, {"staff": 6, "representatives": 30}) for n in (1, 2, 3)),
        *(("report", f"第{n}次汇报会", n * 6, {"leaders": 7, "staff": 20}) for n in (1, 2, 3)),
        ("talks", "谈心谈话会", 12, {"leaders": 9, "cadres": 36}),
        *(
            ("training", f"业务培训第{n}期", n * 3, {"staff": 60, "cadres": present - 60})
            for n, present in enumerate(TRAININGS, start=1)
        ),
        *(("review", f"第{n}次周调度会", n * 5, {"leaders": 5, "staff": 27}) for n in range(1, 5)),
    ]
    for kind, title, day, attendance in held:
        meetings.record_meeting(
            actor=cast.officer, about=about_of(campaign), place_id=campaign.district_id, kind=kind, title=title + SAMPLE,
            held_on=_day(begins, day, today), attendance=attendance, minutes="会议纪要" + SAMPLE, on=today,
        )  # fmt: skip


def _sittings(cast: Cast, campaign: Campaign, villages: Sequence[int], today: date, dice: random.Random) -> None:
    """Party members sat in thirty villages, households in twelve (one short of its quorum, one against), members in six;
    four matters stand at different steps of 四议两公开."""
    about, day = about_of(campaign), _day(campaign.starts_on, 12, today)
    ways = ((PARTY_SAT, 30, 30), (HOUSEHOLDS_SAT, 12, 300), (MEMBERS_SAT, 6, 700))
    given: dict[str, Any] = {"actor": cast.officer, "about": about, "on": today, "at": _noon(day)}

    def sit(place: int, way: tuple[str, str, str], counts: tuple[int, int, int], steps: Any = None) -> None:
        (body, mode, matter), (entitled, present, votes) = way, counts
        values = {
            "body": body, "mode": mode, "matter": matter, "held_on": day, "called_on": day - timedelta(days=12),
            "entitled": entitled, "present": present, "votes_for": votes, "votes_against": (present - votes) // 2,
            "votes_abstain": present - votes - (present - votes) // 2,
        }  # fmt: skip
        sittings.record_sitting(place_id=place, values=values, steps=steps, minutes="会议记录" + SAMPLE, **given)

    for way, places, size in ways:
        mode = way[1]
        for number, place in enumerate(villages[:places]):
            entitled = dice.randint(size - size // 3, size + size // 3)
            present = entitled * (60 if number == 7 and mode else dice.randint(82, 96)) // 100
            agree = present * (46 if number == 9 and mode else dice.randint(88, 100)) // 100
            sit(place, way, (entitled, present, agree))
    for number, place in enumerate(villages[30:34]):
        variant = "three" if number % 2 else "two"
        led = four_steps.open_steps(
            place_id=place, title="是否同意村级建制调整方案" + SAMPLE, matter="merge_village", variant=variant,
            is_one_shoulder=True, **given,
        )  # fmt: skip
        if number:
            led = four_steps.hold_meeting(
                steps=led, taken=["proposed", "discussed"], held_on=day, present=7, minutes="会议记录" + SAMPLE, **given
            )
        if number > 1:
            sit(place, PARTY_SAT, (33, 29, 28), led)
        if number > 2:
            led.refresh_from_db()
            sit(place, HOUSEHOLDS_SAT, (312, 270, 261), led)


def _rounds(cast: Cast, campaign: Campaign, villages: Sequence[int], begins: date, today: date) -> None:
    """Two teams, two rounds: the first covers every village, the second is under way."""
    half = len(villages) // 2
    for number, part in ((1, half), (2, half // 3)):
        first = _day(begins, 5 * number + 2, today)
        opened = rounds.open_round(
            actor=cast.officer,
            about=about_of(campaign),
            first_on=first,
            last_on=today,
            subject=f"第{number}轮督导" + SAMPLE,
        )
        for team, chosen in zip(cast.teams, (villages[:half], villages[half:]), strict=True):
            rounds.record_visits(
                actor=cast.officer, round=opened, team=team, place_ids=chosen if number == 1 else chosen[:part],
                visited_on=first, on=today,
            )  # fmt: skip
        place = villages[3 * number]
        rounds.record_visits(
            actor=cast.officer, round=opened, team=cast.teams[0], place_ids=[place], visited_on=first, on=today,
            findings=[rounds.FindingSpec("archives", "清产核资底册缺签字" + SAMPLE)],
        )  # fmt: skip


def _key_villages(cast: Cast, campaign: Campaign, chosen: Sequence[int], begins: date) -> None:
    """Six of the city's, twenty-eight of the district's, each with a reason and confirmed by a second officer."""
    for number, place in enumerate(chosen):
        proposed = key_villages.propose_key_village(
            actor=cast.officer, campaign=campaign, place_id=place, tier=Tier.CITY if number < 6 else Tier.DISTRICT,
            reasons=[Reason("debts", 30 + 5 * number)], on=begins,
        )  # fmt: skip
        key_villages.confirm_key_village(actor=cast.second, village=proposed)
