"""Measure a joint plan of a province: many districts, one count of all, found best and handed down.

    python benchmarks/joint_bench.py [--districts 40] [--villages 500] [--towns 18]

Builds its own SQLite database under var/ with pinned inputs of synthetic counties (mergeplan.testing, other populations for each)
and runs what the worker runs, from pinned inputs to stored results. Reading one district's register is not in it: it is measured
by itself in docs/explanation/scale.md. CPU seconds, and the largest memory of the process.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "var" / "joint_bench.sqlite3"
DAY = date(2026, 1, 1)


def prepare() -> None:
    """Point Django at the benchmark's own database."""
    os.environ["DATABASE_URL"] = f"sqlite:///{FILE}"
    os.environ["HELI_ANCHOR"] = str(FILE.with_suffix(".anchor"))
    for old in FILE.parent.glob(f"{FILE.stem}.*"):
        old.unlink()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heli.config.settings")
    sys.path.insert(0, str(ROOT / "src"))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def material(district: int, villages: int, towns: int, seed: int) -> Any:
    """A synthetic county as pinned inputs."""
    from heli.planning.types import Material, SharedBorder, Town, Village
    from mergeplan.testing import county

    made, first = county(villages, towns, seed), district * 10_000
    return Material(
        district, f"D{district}", f"{510_000 + district}000000", DAY, True,
        tuple(Town(first + 9_000 + int(t), f"T{t}", "") for t in sorted(set(made.town))),
        tuple(
            Village(first + i, f"p{first + i}", f"V{i}", "", first + 9_000 + int(made.town[i]), int(made.x[i]), int(made.y[i]),
                    made.pop[i], int(made.area[i]), int(made.perim[i]), 106.0, 30.0)
            for i in range(made.n)
        ),
        tuple(SharedBorder(first + e.i, first + e.j, int(e.length_m), e.affinity) for e in made.edges),
    )  # fmt: skip


def build(districts: int, villages: int, towns: int, way: str) -> int:
    """A queued joint plan whose districts are pinned; its key."""
    from heli.audit.services import writing
    from heli.kernel.access import SYSTEM
    from heli.kernel.ids import new_public_id
    from heli.places import services as places
    from heli.places.models import Place
    from heli.planning.models import JointPart, JointPlan
    from heli.planning.services.scenarios import pin
    from heli.planning.sharing import compute_numbers
    from heli.planning.solving import digest
    from heli.planning.types import Goal, GoalKind, PlanRules

    rules = PlanRules(goal=Goal(GoalKind.REDUCTION, reduction=4095), pmin=1000, pmax=6000, radius_m=6000)
    before = dict.fromkeys(range(1, districts + 1), villages)
    total = districts * villages - -(-4095 * districts * villages // 10_000)
    numbers = compute_numbers(total, [], before)
    with writing(SYSTEM, "planning.joint") as act:
        if not Place.objects.exists():
            places.insert_place_rows((key, new_public_id(), "district", key) for key in before)
        joint = JointPlan(public_id=new_public_id(), name=way, on=DAY, way=way, rules=rules.as_json(),
                          asked_sha256=digest(way), asked_by="bench", asked_at=datetime.now(UTC))  # fmt: skip
        joint.save(force_insert=True)
        for key in before:
            inputs = pin(act, material=material(key, villages, towns, key), state="bench")
            JointPart(joint=joint, number=key, district_id=key, name=f"D{key}", code=f"{510_000 + key}000000", before=villages,
                      inputs=inputs, wanted=numbers[key] if way == "handed_down" else None).save(force_insert=True)  # fmt: skip
    return joint.pk


def main() -> None:
    """Run both ways in one process each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--districts", type=int, default=40)
    parser.add_argument("--villages", type=int, default=500)
    parser.add_argument("--towns", type=int, default=18)
    given = parser.parse_args()
    prepare()
    from heli.kernel.access import SYSTEM
    from heli.planning import services

    for way in ("found_best", "handed_down"):
        key = build(given.districts, given.villages, given.towns, way)
        began = time.process_time()
        joint = services.finish_joint(actor=SYSTEM, joint_id=key)
        used = time.process_time() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{way}: {given.districts} x {given.villages}: {used:.1f} s CPU, {memory:.0f} MB, {joint.status}, "
            f"{joint.result['after']} villages, objective {joint.objective}, bound {joint.bound}, best {joint.best}, "
            f"{len(joint.result['curve'])} corners",
            flush=True,
        )


if __name__ == "__main__":
    main()
