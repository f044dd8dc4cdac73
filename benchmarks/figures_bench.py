"""Measure the evaluator: all figures of 20,000 places at once, restated, scoped, stored and verified.

    python benchmarks/figures_bench.py [--villages 20000] [--districts 40] [--repeat 3]

Builds its own database (SQLite under var/, or DATABASE_URL where that names a database whose name ends in _bench): districts
of towns of villages with twelve measures counted twice, and a reform in which about half of the villages merge in pairs.
Goal: all figures for 20,000 places within 3 s. The peer computes one figure the way it is usually done, with a query for each
place, over a sample of places. Times are wall clock, medians of `--repeat` warm runs.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "var" / "figures_bench.sqlite3"
BEGIN, CENSUS, REFORM, AFTER = date(2010, 1, 1), date(2019, 12, 31), date(2020, 5, 6), date(2020, 6, 30)
RUN_ON = date(2020, 9, 30)
TOWNS = 14
MEASURES = (
    "registered_population", "resident_population", "households", "members", "party_members", "villager_groups",
    "cadre_posts", "collective_income", "area", "farmland", "party_votes_for", "party_votes_base",
)  # fmt: skip
SEED = 20_261_125
SAMPLED = 200


def prepare() -> None:
    """Point Django at the benchmark's own database."""
    if not os.environ.get("DATABASE_URL", "").endswith("_bench"):
        FILE.parent.mkdir(exist_ok=True)
        os.environ["DATABASE_URL"] = f"sqlite:///{FILE}"
        FILE.unlink(missing_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heli.config.settings")
    sys.path.insert(0, str(ROOT / "src"))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def build(
    villages: int, districts: int, *, above: int | None = None, name: Callable[[], str] | None = None
) -> list[int]:
    """Write places, versions, facts and the events of the reform; the keys of the districts.

    `above`: the province they stand under; `name` gives each village its name (numbered without).
    """
    from heli.audit.services import writing
    from heli.kernel.access import SYSTEM
    from heli.places import services
    from heli.places.models import LineageEvent, Place

    chance = random.Random(SEED)
    towns = districts * TOWNS
    pairs = villages // 4
    with writing(SYSTEM, "places.import") as act:
        total = districts + towns + villages + pairs
        keys, public = services.reserve_ids(Place, count=total), services.new_public_ids(total)
        base = keys[0]
        first_town, first, fresh = base + districts, base + districts + towns, base + districts + towns + villages
        district_of = lambda i: base + i * districts // villages  # noqa: E731 - two rules beside each other
        town_of = lambda i: first_town + i * towns // villages  # noqa: E731 - two rules beside each other
        rows = [(base + i, public[i], "district", base + i) for i in range(districts)]
        rows += [(first_town + i, public[districts + i], "township", base + i // TOWNS) for i in range(towns)]
        rows += [(first + i, public[districts + towns + i], "village", district_of(i)) for i in range(villages)]
        rows += [
            (fresh + i, public[districts + towns + villages + i], "village", district_of(2 * i)) for i in range(pairs)
        ]
        services.insert_place_rows(rows)
        events = services.reserve_ids(LineageEvent, count=pairs)
        numbers = services.new_public_ids(pairs)
        services.insert_event_rows(
            [
                (events[i], numbers[i], "merge", REFORM, i + 1, district_of(2 * i), "1", None, "", None, True, None)
                for i in range(pairs)
            ],
            links=[
                (events[i], first + 2 * i + half, fresh + i, 1, 1, 1, 1, False, "")
                for i in range(pairs)
                for half in (0, 1)
            ],
        )

        def version(key: int, name: str, kind: str, parent: int | None, district: int, *when: Any) -> tuple[Any, ...]:
            begins, ends, begun, ended = when or (BEGIN, None, None, None)
            return (key, begins, ends, "", None, name, kind, parent, None, district, "", None, None, begun, ended)

        versions = [version(base + i, f"D{i}", "district", above, base + i) for i in range(districts)]
        versions += [
            version(first_town + i, f"T{i}", "town", base + i // TOWNS, base + i // TOWNS) for i in range(towns)
        ]
        for i in range(villages):
            merged = i < 2 * pairs
            when = (BEGIN, REFORM if merged else None, None, events[i // 2] if merged else None)
            kind = "community" if i % 9 == 8 else "village"
            versions.append(version(first + i, name() if name else f"V{i}", kind, town_of(i), district_of(i), *when))
        versions += [
            version(
                fresh + i,
                name() if name else f"N{i}",
                "village",
                town_of(2 * i),
                district_of(2 * i),
                REFORM,
                None,
                events[i],
                None,
            )
            for i in range(pairs)
        ]
        services.insert_version_rows(versions)
        services.insert_fact_rows(
            (first + i, district_of(i), measure, CENSUS, chance.randint(80, 6_000), None, None, None)
            for measure in MEASURES
            for i in range(villages)
        )
        services.insert_fact_rows(
            (fresh + i, district_of(2 * i), measure, AFTER, chance.randint(80, 6_000), None, None, None)
            for measure in MEASURES[:6]
            for i in range(pairs)
        )
        act.after = {"villages": villages}
    return [base + i for i in range(districts)]


def open_campaign(district: int) -> int:
    """The shipped playbook of 42 steps over one district; how many steps."""
    from heli.campaigns import services
    from heli.campaigns.models import Step
    from heli.campaigns.rules.playbooks import shipped_playbooks
    from heli.campaigns.types import Tag
    from heli.kernel.access import SYSTEM
    from heli.places import queries as places

    villages = places.villages_of(district, AFTER, outlines=False)
    book = max(shipped_playbooks().values(), key=lambda one: len(one.steps))
    campaign = services.open_campaign(
        actor=SYSTEM,
        district_id=district,
        name="bench",
        playbook=book,
        starts_on=AFTER,
        tags={row.id: [Tag.MERGED] for row in villages},
        at=datetime(2020, 7, 1, 1, tzinfo=UTC),
    )
    return Step.objects.filter(campaign=campaign).count()


def timed(work: Callable[[], Any], repeat: int) -> tuple[float, float, Any]:
    """Median seconds and processor seconds of warm runs, and the last answer."""
    answer = work()
    seconds, cpu = [], []
    for _ in range(repeat):
        start, busy = time.perf_counter(), time.process_time()
        answer = work()
        seconds.append(time.perf_counter() - start)
        cpu.append(time.process_time() - busy)
    return statistics.median(seconds), statistics.median(cpu), answer


def one_by_one(places: list[int]) -> int:
    """A figure as it is often computed: the newest fact of each place, a query each."""
    from heli.places import queries

    return sum(
        sum(row.value for row in queries.facts_on([place], "registered_population", AFTER).values()) for place in places
    )


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--villages", type=int, default=20_000)
    parser.add_argument("--districts", type=int, default=40)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    prepare()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from rich.console import Console
    from rich.table import Table

    from heli.figures import catalogue, queries, services
    from heli.figures.types import SnapshotKind
    from heli.kernel.access import SYSTEM

    start = time.perf_counter()
    districts = build(options.villages, options.districts)
    console = Console(width=120, highlight=False)
    console.print(f"built {options.villages:,} villages in {time.perf_counter() - start:.1f} s")
    figures = list(catalogue.in_force(AFTER).values())
    table = Table("what", "seconds", "cpu", "goal", "", title=f"{len(figures)} figures, {options.villages:,} villages")

    def row(what: str, work: Callable[[], Any], goal: str = "", note: Callable[[Any], str] = lambda _answer: "") -> Any:
        seconds, cpu, answer = timed(work, options.repeat)
        table.add_row(what, f"{seconds:.2f}", f"{cpu:.2f}", goal, note(answer))
        return answer

    def whole(on: date = AFTER, restated_to: date | None = None) -> Any:
        return queries.evaluate(SYSTEM, figures, district_ids=districts, on=on, restated_to=restated_to)

    with CaptureQueriesContext(connection) as caught:
        whole()
    row(
        "all figures, all places and levels",
        whole,
        "≤ 3 s",
        lambda found: f"{sum(map(len, found.values.values())):,} values, {len(caught)} queries",
    )
    row("the day before the reform, restated to after it", lambda: whole(CENSUS, AFTER))
    row(
        "one figure, all places",
        lambda: queries.evaluate(SYSTEM, figures[4:5], district_ids=districts, on=AFTER),
    )
    sample = random.Random(SEED).sample(range(districts[-1] + 600, districts[-1] + options.villages), SAMPLED)
    seconds, cpu, _sum = timed(lambda: one_by_one(sample), 1)
    scale = options.villages / SAMPLED
    spent = f"{seconds * scale:.2f}", f"{cpu * scale:.2f}"
    table.add_row("peer: one figure, a query for each place", *spent, "", f"from {SAMPLED}")
    start, busy = time.perf_counter(), time.process_time()
    taken = services.take_snapshot(actor=SYSTEM, district_id=districts[0], kind=SnapshotKind.WEEKLY, on=AFTER)
    table.add_row(
        "snapshot of one district",
        f"{time.perf_counter() - start:.2f}",
        f"{time.process_time() - busy:.2f}",
        "≤ 2 s",
        f"{options.villages // options.districts} villages",
    )
    row("verify it", lambda: queries.verify(taken), note=lambda verdict: "whole" if verdict.is_whole else "BROKEN")
    steps = open_campaign(districts[0])
    row(
        "all figures of one district with a campaign",
        lambda: queries.evaluate(SYSTEM, figures, district_ids=districts[:1], on=RUN_ON),
        note=lambda _found: f"{steps:,} steps",
    )
    console.print(table)
    console.print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
