"""Measure the register at national size: as-of reading, counts of all districts, restatement beside pandas and DuckDB.

    python benchmarks/places_bench.py [--villages 658000] [--repeat 5] [--no-peers] [--keep]

Builds its own database (SQLite under var/, or DATABASE_URL where that names a database whose name ends in _bench) with as many
places as the national list of 2019 has, one figure each, and a year of confirmed events: mergers, absorptions, splits by
share, renames. Places and events are synthetic but of the national list's shape (31 provinces … 41,000 towns); the import of
the real lists is measured by `national_lists.py`. Peers get the same figures and arrows in memory and do the same sharing.
Times are wall clock, medians of `--repeat` warm runs.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "var" / "places_bench.sqlite3"
BEGIN, CENSUS, END = date(2010, 1, 1), date(2019, 12, 31), date(2020, 12, 31)
TOWNS_PER_DISTRICT, DISTRICTS = 14, 2_900
SEED = 20_261_122


def prepare() -> None:
    """Point Django at the benchmark's own database."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.endswith("_bench"):
        os.environ["DATABASE_URL"] = f"sqlite:///{FILE}"
        FILE.unlink(missing_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heli.config.settings")
    sys.path.insert(0, str(ROOT / "src"))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def build(villages: int) -> tuple[int, int]:
    """Write places, versions, figures and events; returns the first village's key and the number of events."""
    from heli.audit.services import writing
    from heli.kernel.access import SYSTEM
    from heli.places import services
    from heli.places.models import LineageEvent, Place

    chance = random.Random(SEED)
    towns = DISTRICTS * TOWNS_PER_DISTRICT
    total = DISTRICTS + towns + villages
    with writing(SYSTEM, "places.import") as act:
        keys = services.reserve_ids(Place, count=total)
        base = keys[0]
        public = services.new_public_ids(total)
        first_town, first_village = base + DISTRICTS, base + DISTRICTS + towns

        def town_of(i: int) -> int:
            return i * towns // villages

        def places() -> Iterator[tuple[Any, ...]]:
            for i in range(DISTRICTS):
                yield base + i, public[i], "district", base + i
            for i in range(towns):
                yield first_town + i, public[DISTRICTS + i], "township", base + i // TOWNS_PER_DISTRICT
            for i in range(villages):
                yield (
                    first_village + i,
                    public[DISTRICTS + towns + i],
                    "village",
                    base + town_of(i) // TOWNS_PER_DISTRICT,
                )

        merged, renamed = set(), {}
        events, links, later = year(
            villages, first_village, towns, chance, LineageEvent, merged, renamed, town_of, base
        )

        def versions() -> Iterator[tuple[Any, ...]]:
            plain = (None, "", None, None, None, None)
            for i in range(DISTRICTS):
                yield (
                    base + i,
                    BEGIN,
                    None,
                    "",
                    None,
                    f"D{i}",
                    "district",
                    None,
                    None,
                    base + i,
                    *plain[1:3],
                    None,
                    None,
                    None,
                )
            for i in range(towns):
                district = base + i // TOWNS_PER_DISTRICT
                yield (
                    first_town + i,
                    BEGIN,
                    None,
                    "",
                    None,
                    f"T{i}",
                    "town",
                    district,
                    None,
                    district,
                    "",
                    None,
                    None,
                    None,
                    None,
                )
            for i in range(villages):
                town = town_of(i)
                number = 110_000_000_000 + i * 3
                kind = "community" if i % 6 == 0 else "village"
                key = first_village + i
                ends = merged_on.get(key) or renamed.get(key)
                yield (
                    key, BEGIN, ends, str(number), number, f"V{i}", kind, first_town + town, None,
                    base + town // TOWNS_PER_DISTRICT, "", None, None, None, None,
                )  # fmt: skip
            yield from later

        merged_on = dict(merged)
        services.insert_place_rows(places())
        services.insert_place_rows((row[0], row[1], "village", row[2]) for row in NEW)
        services.insert_event_rows(events, links=links)
        services.insert_version_rows(versions())
        services.insert_fact_rows(
            (first_village + i, base + town_of(i) // TOWNS_PER_DISTRICT, "registered_population", CENSUS,
             chance.randint(80, 6_000), None, None, None)
            for i in range(villages)
        )  # fmt: skip
        act.after = {"villages": villages, "events": len(events)}
    return first_village, len(events)


NEW: list[tuple[int, str, int]] = []


def year(  # noqa: PLR0917 - one year of one district
    villages: int, first: int, towns: int, chance: random.Random, model: Any, merged: set[Any], renamed: dict[int, date],
    town_of: Callable[[int], int], base: int,
) -> tuple[list[Any], list[Any], list[Any]]:  # fmt: skip
    """A year of events: about one village in twenty merges three to one, some are absorbed, split by share or renamed."""
    from heli.places import services

    events: list[Any] = []
    links: list[Any] = []
    later: list[Any] = []
    count = villages // 18
    ids = iter(services.reserve_ids(model, count=count + 1))
    public = iter(services.new_public_ids(2 * count + 2))
    new_key = first + villages
    per_day: dict[tuple[int, date], int] = {}
    for number in range(count):
        i = number * 18
        on = date(2020, 1 + number % 12, 1 + number % 28)
        district = base + town_of(i) // TOWNS_PER_DISTRICT
        sequence = per_day[district, on] = per_day.get((district, on), 0) + 1
        event = next(ids)
        kind = ("merge", "absorb", "split", "rename")[number % 4]
        row = (event, next(public), kind, on, sequence, district, "", None, "", None, True, None)
        town = base + DISTRICTS + town_of(i)
        if kind == "merge":
            NEW.append((new_key, next(public), district))
            for step in range(3):
                links.append((event, first + i + step, new_key, 1, 1, 1, 1, False, ""))
                merged.add((first + i + step, on))
            later.append(
                (
                    new_key,
                    on,
                    None,
                    "",
                    None,
                    f"N{number}",
                    "village",
                    town,
                    None,
                    district,
                    "",
                    None,
                    None,
                    event,
                    None,
                )
            )
            new_key += 1
        elif kind == "absorb":
            links.append((event, first + i, first + i + 1, 1, 1, 1, 1, False, ""))
            merged.add((first + i, on))
        elif kind == "split":
            part = chance.randint(1, 9_999)
            links.append((event, first + i, first + i + 1, part, 10_000, part, 10_000, True, ""))
            links.append((event, first + i, first + i, 10_000 - part, 10_000, 10_000 - part, 10_000, True, ""))
        else:
            links.append((event, first + i, first + i, 1, 1, 1, 1, False, ""))
            renamed[first + i] = on
            later.append(
                (
                    first + i,
                    on,
                    None,
                    "",
                    None,
                    f"R{number}",
                    "village",
                    town,
                    None,
                    district,
                    "",
                    None,
                    None,
                    event,
                    None,
                )
            )
        events.append(row)
    return events, links, later


def timed(work: Callable[[], Any], repeat: int) -> tuple[float, Any]:
    """Median seconds of warm runs, and the last answer. On a machine shared with others compare `cpu` as well."""
    answer = work()
    seconds, cpu = [], []
    for _ in range(repeat):
        start, busy = time.perf_counter(), time.process_time()
        answer = work()
        seconds.append(time.perf_counter() - start)
        cpu.append(time.process_time() - busy)
    CPU.append(statistics.median(cpu))
    return statistics.median(seconds), answer


CPU: list[float] = []
"""Median processor seconds of every timed piece of work, in order."""


def lookups(first: int, villages: int) -> tuple[float, float]:
    """p50 and p95 milliseconds of one place as it stood on a day, over 2,000 random ones."""
    from heli.places import queries

    chance = random.Random(SEED + 1)
    took = []
    for _ in range(2_000):
        key, day = first + chance.randrange(villages), chance.choice([CENSUS, END])
        start = time.perf_counter()
        queries.version_on(key, day)
        took.append((time.perf_counter() - start) * 1000)
    took.sort()
    return took[1_000], took[1_900]


def peers(repeat: int) -> list[tuple[str, float, dict[int, int]]]:
    """The same restatement in pandas and DuckDB over the same rows in memory, wave by wave as the engine does it."""
    import duckdb
    import numpy as np
    import pandas as pd

    from heli.places.models import Fact, LineageLink
    from heli.places.queries.columns import read_columns

    place, value = read_columns(
        Fact.objects.filter(measure="registered_population").order_by("place_id"), "place_id", "value"
    )
    ordered = LineageLink.objects.filter(event__in_force=True, from_place__isnull=False, event__on__gt=CENSUS).order_by(
        "event__on", "event__sequence", "event_id", "id"
    )
    _event, source, target, part, base = read_columns(
        ordered, "event_id", "from_place_id", "to_place_id", "population_part", "population_of"
    )
    facts = pd.DataFrame({"place": place, "value": value})
    arrows = pd.DataFrame(
        {"no": np.arange(len(source)), "source": source, "target": target, "share": part, "base": base}
    )

    def with_pandas() -> pd.Series:
        joined = arrows.merge(facts, left_on="source", right_on="place")
        exact = joined["value"] * joined["share"]
        joined["part"], joined["rest"] = exact // joined["base"], exact % joined["base"]
        left = joined["value"] - joined.groupby("source")["part"].transform("sum")
        order = joined.sort_values(["source", "rest", "no"], ascending=[True, False, True])
        rank = order.groupby("source").cumcount().reindex(joined.index)
        joined["part"] += (rank < left).astype("int64")
        stay = facts[~facts["place"].isin(arrows["source"])]
        moved = joined[["target", "part"]].set_axis(["place", "value"], axis=1)
        return pd.concat([stay, moved]).groupby("place")["value"].sum()

    connection = duckdb.connect()
    connection.execute("SET threads TO 2")
    connection.execute("CREATE TABLE facts AS SELECT * FROM facts")
    connection.execute("CREATE TABLE arrows AS SELECT * FROM arrows")
    statement = """
        WITH joined AS (
          SELECT a.*, f.value, f.value * a.share // a.base AS part, f.value * a.share % a.base AS rest
          FROM arrows a JOIN facts f ON f.place = a.source),
        ranked AS (
          SELECT target, part, value - SUM(part) OVER (PARTITION BY source) AS missing,
            ROW_NUMBER() OVER (PARTITION BY source ORDER BY rest DESC, no) AS rank FROM joined)
        SELECT place, SUM(value)::BIGINT AS value FROM (
          SELECT place, value FROM facts WHERE place NOT IN (SELECT source FROM arrows)
          UNION ALL SELECT target, part + (rank <= missing)::BIGINT FROM ranked) GROUP BY place"""

    def with_duckdb() -> Any:
        return connection.execute(statement).fetchnumpy()

    seconds, series = timed(with_pandas, repeat)
    found = [("pandas, in memory", seconds, {int(k): int(v) for k, v in series.items()})]
    seconds, columns = timed(with_duckdb, repeat)
    found.append(
        (
            "DuckDB, in memory, 2 threads",
            seconds,
            dict(zip(columns["place"].tolist(), columns["value"].tolist(), strict=True)),
        )
    )
    return found


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--villages", type=int, default=658_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    prepare()
    from django.db import connection

    from heli.places import queries
    from heli.places.carrying import carry
    from heli.places.queries.facts import standing
    from heli.places.queries.restating import _arrows, _figures, additive

    start = time.perf_counter()
    first, events = build(asked.villages)
    rows = [(f"write {asked.villages:,} villages, figures, {events:,} events", time.perf_counter() - start, "")]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    half, most = lookups(first, asked.villages)
    rows.append(("as-of lookup of one place, p50", half / 1000, "goal 2 ms"))
    rows.append(("as-of lookup of one place, p95", most / 1000, "goal 5 ms"))
    seconds, counts = timed(lambda: queries.counts_on(END), asked.repeat)
    rows.append((f"as-of counts of all {len(counts):,} districts", seconds, "goal 0.5 s"))
    seconds, restated = timed(lambda: queries.restate("registered_population", CENSUS, END), asked.repeat)
    rows.append((f"restate {asked.villages:,} places over a year, from the database", seconds, "goal 0.7 s"))
    assert int(restated.values.sum()) + restated.gone == restated.total, "a total was lost"
    measure = additive("registered_population")
    places, values = _figures(standing().filter(measure=measure.id), CENSUS)
    arrows = _arrows(measure, CENSUS, END, None)
    seconds, _again = timed(lambda: carry(places, values, arrows), asked.repeat)
    rows.append(("  the same, figures and arrows in memory", seconds, ""))
    ours = seconds
    if not asked.no_peers:
        try:
            for name, took, answer in peers(asked.repeat):
                same = answer == dict(restated.as_dict())
                rows.append((f"  {name}", took, f"{took / ours:.1f} × ours{'' if same else '; ANSWER DIFFERS'}"))
        except ImportError as missing:
            rows.append((f"  peers skipped: {missing.name} is not installed (dependency group bench)", 0.0, ""))
    for at, busy in zip((i for i, row in enumerate(rows) if i > 2), CPU, strict=False):
        name, took, note = rows[at]
        rows[at] = (name, took, f"cpu {busy * 1000:7.1f} ms  {note}")
    print(f"{connection.vendor}, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most")
    for name, took, note in rows:
        print(f"{name:70} {took * 1000:10.1f} ms  {note}")
    if not asked.keep and connection.vendor == "sqlite":
        connection.close()
        for file in FILE.parent.glob(f"{FILE.name}*"):
            file.unlink()


if __name__ == "__main__":
    main()
