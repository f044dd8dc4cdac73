"""Measure lineage proposals on a seeded replay: mergers whose outcome is known, drawn over real lists of five districts.

    python benchmarks/lineage_replay.py [FOLDER] [--seeds 20] [--ground]

FOLDER holds pairs of lists `name_code_year.csv` (default: the sample's). Of each pair the list before is real; what happens
to it is drawn: its towns lose as many units as the real list after lost (at least a fifth), in groups of two to four that lie
together. Real decrees do not come with codes, so the ground is drawn too: codes follow it closely, loosely, or not at all
(three worlds, reported apart). A group takes the name of a member and its code (half of them), letters of two (a fifth),
a wholly new name (the rest: what is read of public notices); a new unit gets a dropped code of its own or the next free one.
Prints how often the true heir is the first candidate, among the first five, and not among the candidates.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from heli.places.proposals.matching import propose  # noqa: E402 - after Django is set up
from heli.places.proposals.ranking import Ground  # noqa: E402 - after Django is set up
from heli.places.proposals.types import Group, SideUnit  # noqa: E402 - after Django is set up
from heli.places.rules import compute_kind, normalise_name  # noqa: E402 - after Django is set up
from heli.places.types import Kind  # noqa: E402 - after Django is set up

SAMPLE = ROOT / "src" / "heli" / "places" / "sample"
SET_ON = ("qianfeng", "donggang", "daguan")
"""The weights were set on these; the others were only measured."""
WORLDS = {"closely": 0.5, "loosely": 2.5, "not at all": 1_000.0}
"""How far, in places of the order, a village may lie from where its code puts it."""
NEW_LETTERS = "兴和安康福明华光荣盛民永春泰宁丰瑞祥嘉景星辉锦绣凤翔鹤鸣"


@dataclass(frozen=True)
class Replay:
    """A drawn reform: lists before and after, and the unit in which each vanished one went on."""

    old: list[SideUnit]
    new: list[SideUnit]
    towns: list[SideUnit]
    truth: dict[str, str]
    ground: Ground


def read(folder: Path) -> Iterator[tuple[str, list[SideUnit], list[SideUnit], float]]:
    """(district, units before, towns, share of units lost) of each pair of lists."""
    pairs: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(folder.glob("*_*_20*.csv")):
        pairs[path.stem.rpartition("_")[0]].append(path)
    for name, paths in sorted(pairs.items()):
        if len(paths) != 2:
            continue
        rows, later = (list(csv.DictReader(path.open(encoding="utf-8"))) for path in paths)
        units = [
            SideUnit(row["code"], row["name"], compute_kind(row["code"]) or Kind.VILLAGE, number)
            for number, row in enumerate(rows, 1)
        ]
        towns = {row["town_code"]: row["town_name"] for row in rows}
        above = [SideUnit(f"{code}000", title, Kind.TOWN) for code, title in sorted(towns.items())]
        yield name.split("_")[0], units, above, max(1 - len(later) / len(rows), 0.2)


def draw(
    units: Sequence[SideUnit], towns: list[SideUnit], lost: float, slack: float, seed: int, *, ground: bool
) -> Replay:
    """One drawn reform of a district."""
    chance = random.Random(seed)
    by_town: dict[str, list[SideUnit]] = defaultdict(list)
    for unit in units:
        by_town[unit.town].append(unit)
    new: list[SideUnit] = []
    truth: dict[str, str] = {}
    neighbours: dict[int, list[int]] = {}
    for town, own in sorted(by_town.items()):
        place = {unit.code: i + chance.uniform(-slack, slack) for i, unit in enumerate(own)}
        line = sorted(own, key=lambda unit: place[unit.code])
        for left, right in itertools.pairwise(line):
            neighbours.setdefault(left.id, []).append(right.id)
            neighbours.setdefault(right.id, []).append(left.id)
        used = {int(unit.code[9:]) for unit in own}
        goal, at = round(len(own) * lost), 0
        while at < len(line):
            size = chance.choice((2, 2, 3, 3, 4)) if goal > 0 and chance.random() < 0.6 else 1
            group = line[at : at + size]
            at += size
            goal -= len(group) - 1
            new += _outcome(group, town, used, truth, chance)
    return Replay(list(units), new, towns, truth, Ground(neighbours) if ground else Ground())


def _outcome(
    group: list[SideUnit], town: str, used: set[int], truth: dict[str, str], chance: random.Random
) -> list[SideUnit]:
    if len(group) == 1:
        return group
    way = chance.random()
    host = chance.choice(group)
    if way < 0.5:
        truth.update({unit.code: host.code for unit in group if unit is not host})
        return [host]
    one, two = chance.sample(group, 2)
    letters = "".join(chance.choice(normalise_name(unit.name)) for unit in (one, two))
    name = letters if way < 0.7 else "".join(chance.sample(NEW_LETTERS, 2))
    number = (
        int(host.code[9:])
        if chance.random() < 0.5
        else max(n for n in used if n // 200 == int(host.code[9:]) // 200) + 1
    )
    used.add(number)
    heir = SideUnit(f"{town}{number:03d}", f"{name}村村民委员会", host.kind)
    truth.update({unit.code: heir.code for unit in group})
    return [heir]


def measure(replay: Replay) -> tuple[int, int, int, int]:
    """(vanished, heir first, heir among five, heir not among the candidates); whoever the lists pair off is counted too."""
    lineage = propose(replay.old, replay.new, replay.towns, replay.towns, replay.ground)
    found = {one.old.code: one for one in lineage.proposals if one.old and one.group is not Group.TOWN}
    first = five = 0
    for code, heir in replay.truth.items():
        codes = [candidate.code for candidate in found[code].candidates] if code in found else []
        first += codes[:1] == [heir]
        five += heir in codes[:5]
    return len(replay.truth), first, five, len(replay.truth) - five


def main() -> None:
    """Draw, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--ground", action="store_true", help="the register knows which villages touch")
    asked = parser.parse_args()
    districts = list(read(asked.folder))
    print(
        f"{'codes follow the ground':24} {'district':10} {'weights':9} {'vanished':>8} {'first':>7} {'in five':>8} {'missing':>8}"
    )
    for world, slack in WORLDS.items():
        sums: dict[str, list[int]] = {"set on": [0] * 4, "held out": [0] * 4}
        for name, units, towns, lost in districts:
            total = [0, 0, 0, 0]
            for seed in range(asked.seeds):
                one = measure(draw(units, towns, lost, slack, seed, ground=asked.ground))
                total = [a + b for a, b in zip(total, one, strict=True)]
            kind = "set on" if name in SET_ON else "held out"
            sums[kind] = [a + b for a, b in zip(sums[kind], total, strict=True)]
            print(_line(world, name, kind, total))
        for kind, total in sums.items():
            print(_line(world, "all", kind, total))


def _line(world: str, name: str, kind: str, total: Sequence[int]) -> str:
    vanished, *rest = total
    shares = " ".join(
        f"{100 * count / max(vanished, 1):{width}.1f}%" for count, width in zip(rest, (6, 7, 7), strict=True)
    )
    return f"{world:24} {name:10} {kind:9} {vanished:8} {shares}"


if __name__ == "__main__":
    main()
