"""Posts of the demonstration, invented: Qianfeng's 399 over the 116 villages of the plan, holders of one town, their placement."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from heli.bodies import queries as bodies
from heli.campaigns.queries import Campaign
from heli.kernel.access import Actor
from heli.places import queries as places
from heli.planning import queries as planning
from heli.posts.catalogues import reserve
from heli.posts.ledger import ALLOTTINGS, PLACEMENTS
from heli.posts.rules.pay import PayScale
from heli.posts.services.allotting import begin_allotting
from heli.posts.services.facts import keep_facts
from heli.posts.services.offices import fill, pair
from heli.posts.services.pay import set_pay
from heli.posts.services.placing import begin_placements
from heli.posts.services.reserve import enter_reserve, set_stage, set_target
from heli.posts.types import Education, OfficeFacts, Sex
from heli.records import services as records
from heli.records.abouts import DISTRICT
from heli.ui.exports import SAMPLE

POSTS, LEAST, MOST = 399, 3, 7
POSITION = {"market": 1500, "central": 500, "characteristic": 0}
DIFFICULTY = {"high": 2000, "middle": 800, "low": 0}
NAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
TOWN = "511603104"
YUAN = {"secretary": 52_000, "head": 50_000, "deputy": 43_000, "member": 39_000, "clerk": 38_000}
"""What posts pay a year; of the published text only "from 10,000 to 40,000 and more" is known."""
SEATED = 6
"""Villages of the town whose posts are held."""


def build_posts(officer: Actor, second: Actor, campaign: Campaign, today: date) -> None:
    """Shared by one officer, accepted by the other; then who holds posts in a town, and how they are placed."""
    since = campaign.starts_on
    about = DISTRICT.about(campaign.district_id, campaign.district.public_id)
    row: Any = begin_allotting(
        actor=officer, about=about, title="村级常职 399" + SAMPLE, text=_file(campaign, since), on=since
    )
    for actor, name, values in (
        (officer, "propose", {}), (second, "accept", {"document": f"前组〔{since.year}〕5号{SAMPLE}", "valid_from": since}),
    ):  # fmt: skip
        row = records.move(actor=actor, ledger=ALLOTTINGS, row=row, name=name, values=values, on=since)
    keys = [
        one.id for one in places.villages_of(campaign.district_id, since, outlines=False) if one.code.startswith(TOWN)
    ]
    held = _seat(officer, keys, since)
    _place(officer, second, campaign, held, today)
    _pay(officer, campaign.district_id, since)
    _reserve(officer, campaign.district_id, held, today)


def _pay(officer: Actor, district_id: int, since: date) -> None:
    """Ten thousand yuan before, forty and more since the reform."""
    before = PayScale(dict.fromkeys(YUAN, 1_000_000), {}, 0)
    after = PayScale(
        {kind: yuan * 100 for kind, yuan in YUAN.items()}, {"excellent": 1_000, "competent": 500}, 3_600_000
    )
    for scale, on, budget, number in (
        (before, since - timedelta(days=365), 20_000_000, 3),
        (after, since, 90_000_000, 6),
    ):
        set_pay(
            actor=officer, district_id=district_id, scale=scale, budget=budget, valid_from=on,
            document_number=f"前组〔{on.year}〕{number}号{SAMPLE}",
        )  # fmt: skip


def _reserve(officer: Actor, district_id: int, keys: Sequence[int], today: date) -> None:
    """Two for each village are wanted; some signed."""
    set_target(
        actor=officer, district_id=district_id, per_village=2, valid_from=today - timedelta(days=60),
        document_number=f"前组〔{today.year}〕7号{SAMPLE}",
    )  # fmt: skip
    for number, (key, source) in enumerate(zip(keys, reserve().entries, strict=False)):
        one = enter_reserve(
            actor=officer, place_id=key, name=f"{NAMES[-1 - number]}某{SAMPLE}", source=source, signed=True,
            signed_on=today - timedelta(days=30 + number), ends_on=today + timedelta(days=700), on=today,
        )  # fmt: skip
        if number % 2:
            set_stage(actor=officer, member=one, stage="trained")


def _file(campaign: Campaign, on: date) -> str:
    """The 116 villages at the seats of the plan's units, with the people of each unit; classes are invented."""
    assert campaign.scenario is not None
    result = planning.standing(campaign.scenario).result
    assert result is not None
    people = {one.centre: one.population for one in result.mergers}
    rows = places.rows_of(people, on)
    villages = [
        {
            "id": rows[key].code, "people": count, "position": list(POSITION)[number % 3],
            "difficulty": list(DIFFICULTY)[number // 3 % 3],
        }
        for number, (key, count) in enumerate(sorted(people.items()))
    ]  # fmt: skip
    classes = {"position_bp": POSITION, "difficulty_bp": DIFFICULTY}
    given = {"form": "heli.posts/1", "total": POSTS, "least": LEAST, "most": MOST, **classes, "places": villages}
    return json.dumps(given)


def _seat(actor: Actor, keys: Sequence[int], since: date) -> list[int]:
    """A secretary who is head too, a deputy and a member in some villages; their facts are sealed."""
    number, seated = 0, []
    names = {key: places.committee_name(name) for key, name in places.names_at(keys, since).items()}
    found = ((key, bodies.body_named(key, names[key])) for key in keys if key in names)
    for key, body in [(key, body) for key, body in found if body is not None][:SEATED]:
        seated.append(key)
        holders: dict[str, Any] = {}
        for kind in ("secretary", "head", "deputy", "member"):
            name = f"{NAMES[(number if kind != 'head' else number - 1) % len(NAMES)]}某{SAMPLE}"
            holders[kind] = fill(actor=actor, body=body, kind=kind, name=name, on=since)
            if kind != "head":
                facts = OfficeFacts(
                    Sex.FEMALE if number % 4 == 1 else Sex.MALE, f"{1965 + number * 7 % 30}-0{1 + number % 9}",
                    Education.HIGH if number % 3 else Education.COLLEGE, number % 4 != 3,
                )  # fmt: skip
                keep_facts(actor=actor, holding=holders[kind], facts=facts, on=since)
                number += 1
        pair(actor=actor, holding=holders["head"], other=holders["secretary"])
    return seated


def _place(officer: Actor, second: Actor, campaign: Campaign, keys: Sequence[int], today: date) -> None:
    """Some are undecided, some decided, some have left."""
    about = DISTRICT.about(campaign.district_id, campaign.district.public_id)
    begun = begin_placements(actor=officer, about=about, on=today, place_ids=keys)
    for number, row in enumerate(begun):
        if number % 3 == 0:
            continue
        leaves = number % 3 == 1
        values = {
            "outcome": "leaves" if leaves else "business" if number == 2 else "stays",
            "pay_kept_until": today + timedelta(days=365) if leaves else None,
        }
        given: dict[str, Any] = {"ledger": PLACEMENTS, "row": row, "on": today}
        records.move(actor=officer, name="decide", values=values, **given)
        if leaves and number % 2:
            records.move(actor=second, name="settle", **given)
