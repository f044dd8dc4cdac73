"""Measure assemblies: sittings decided, contests counted, the fewest servers found, polling packs drawn. CPU seconds.

    python benchmarks/assemblies_bench.py [--cases 10000] [--packs 190]

Contests have three posts and eleven candidates; every fourth has ballots outstanding. Rehearsals beside SimPy: `rehearsal_bench`.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heli.config.settings")
django.setup()

from heli.assemblies.polling.pack import PollingPack, render_pack  # noqa: E402 - after Django is set up
from heli.assemblies.rules.ballots import BallotPost  # noqa: E402 - after Django is set up
from heli.assemblies.rules.counting import count  # noqa: E402 - after Django is set up
from heli.assemblies.rules.deciding import decide  # noqa: E402 - after Django is set up
from heli.assemblies.rules.fewest import find_fewest  # noqa: E402 - after Django is set up
from heli.assemblies.rules.hall import HallWish  # noqa: E402 - after Django is set up
from heli.assemblies.rules.law import shelf  # noqa: E402 - after Django is set up
from heli.assemblies.rules.rehearsing import PollingSetup, PollingStage  # noqa: E402 - after Django is set up
from heli.assemblies.testing import contest, decide_case, post  # noqa: E402 - after Django is set up
from heli.assemblies.texts import as_fault  # noqa: E402 - after Django is set up

BODIES = [
    ("villagers_assembly", "adults"),
    ("villagers_congress", ""),
    ("coop_members", ""),
    ("residents_assembly", "adults"),
]
VILLAGE = PollingSetup(
    200, 1, 1500, 180, 63, (),
    (PollingStage("desk", 4, 0.5, 4), PollingStage("booth", 12, 1.6, 4), PollingStage("box", 2, 0.1, 4)),
)  # fmt: skip


def decisions(cases: int) -> float:
    """Seconds for so many sittings."""
    rng = random.Random(1)
    made = [
        decide_case(*BODIES[number % 4], present=rng.randint(30, 60), for_=rng.randint(0, 30), jurisdiction="CN-51")
        for number in range(cases)
    ]
    packs = shelf()
    begun = time.process_time()
    for case in made:
        decide(case, packs).as_json("zh-hans", as_fault)
    return time.process_time() - begun


def contests(cases: int) -> float:
    """Seconds for so many contests."""
    rng, made = random.Random(2), []
    for number in range(cases):
        posts = [
            post("chair", 1, **{one: rng.randint(0, 299) for one in ("a", "b")}),
            post("vice", 1, **{one: rng.randint(0, 299) for one in ("c", "w1")}),
            post("member", 3, **{one: rng.randint(100, 600) // 2 for one in ("a", "c", "w1", "d", "e", "f", "w2")}),
        ]
        more = {"outstanding": rng.randint(1, 60)} if number % 4 == 0 else {}
        made.append(contest(*posts, jurisdiction=("CN", "CN-51", "CN-46", "CN-33")[number // 4 % 4], **more))
    packs = shelf()
    begun = time.process_time()
    for case in made:
        count(case, packs).as_json("zh-hans", as_fault)
    return time.process_time() - begun


def packs(number: int) -> float:
    """Seconds for so many packs, each of another village, of other names and another hall."""
    rng, signs = random.Random(3), "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"

    def names(count: int) -> tuple[str, ...]:
        return tuple("".join(one) for one in {tuple(rng.choices(signs, k=rng.choice((2, 3)))) for _ in range(count)})

    begun = time.process_time()
    for village in range(number):
        groups = tuple((f"{group}组", rng.randint(30, 120)) for group in range(1, rng.randint(4, 9)))
        hall = HallWish(rng.randint(1400, 2600), rng.randint(1800, 3000), 4, 10, 2, 2, groups)
        posts = (BallotPost("主任", 1, names(2)), BallotPost("副主任", 1, names(2)), BallotPost("委员", 3, names(5)))
        render_pack(
            PollingPack(f"第{village}村", "换届选举", "2026年12月20日", "8:00—11:00", 800 + village, posts, hall, 2)
        )
    return time.process_time() - begun


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--packs", type=int, default=190)
    given = parser.parse_args()
    shelf()
    print(f"{given.cases} sittings decided: {decisions(given.cases):.2f} s CPU")
    print(f"{given.cases} contests counted: {contests(given.cases):.2f} s CPU")
    begun = time.process_time()
    found = find_fewest(VILLAGE, 20, 60)
    print(f"the fewest servers for 20 minutes over 200 days: {time.process_time() - begun:.1f} s CPU, {found}")
    print(f"{given.packs} polling packs: {packs(given.packs):.1f} s CPU")


if __name__ == "__main__":
    main()
