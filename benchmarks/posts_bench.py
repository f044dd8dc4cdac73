"""Measure the pure rules of posts: places allotted, subjects appraised. CPU seconds, reading included.

    python benchmarks/posts_bench.py [--subjects 1770] [--indicators 30]

Places: 116 with 399 posts, 20,000 with 70,000. Subjects stand in groups of sixty; one indicator in ten does not apply. Then three
cases from the issue lists of Frappe's programs, what they give there and what comes out here.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from heli.posts.rules.allotting import allot, read_allotting
from heli.posts.rules.appraising import appraise
from heli.posts.rules.forms import read_appraisal


def allotted(places: int, total: int) -> float:
    """Seconds for so many posts."""
    from heli.posts.testing import allot_file

    rng = random.Random(1)
    text = json.dumps(allot_file({f"{number:06}": rng.randint(300, 4000) for number in range(places)}, total))
    begun = time.process_time()
    assert allot(read_allotting(text)).status == "ok"
    return time.process_time() - begun


def appraised(subjects: int, indicators: int) -> float:
    """Seconds for so many subjects."""
    from heli.posts.testing import drawn_appraisal

    text = json.dumps(drawn_appraisal(subjects, indicators, 2))
    begun = time.process_time()
    assert len(appraise(*read_appraisal(text))) == subjects
    return time.process_time() - begun


def beside_frappe() -> None:
    """What is reported of goals and weights there, and the same by these rules."""
    from heli.posts.testing import appraise_file, ratio, shares_of, subject

    three = [ratio("a", 3_334), ratio("b", 3_333), ratio("c", 3_333)]
    unused = {**subject("x", a=(5, 5), b=(5, 5)), "not_applicable": {"c": "no such goal this year"}}
    seven = [ratio(f"i{number}", 1_428 + (number < 4)) for number in range(7)]
    full = {**subject("x"), "facts": shares_of({goal["id"]: (1, 1) for goal in seven})}
    cases = (
        ("5 and 5 of 5, a third goal unused (hrms 2023)", "3.33 of 5", unused, three),
        ("half a percent of weight, all of it earned (erpnext 16534)", "0", subject("x", a=(0, 1), b=(1, 1)),
         [ratio("a", 9_950), ratio("b", 50)]),
        ("seven equal goals, all full (hrms 17673)", "5.2 of 5", full, seven),
    )  # fmt: skip
    for what, theirs, one, goals in cases:
        (found,) = appraise(*read_appraisal(json.dumps(appraise_file([one], *goals))))
        print(f"{what}: there {theirs}, here {found.total / 100:.2f} of 100")


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subjects", type=int, default=1_770)
    parser.add_argument("--indicators", type=int, default=30)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heli.config.settings")
    django.setup()  # the builders of files stand among those of rows
    for places, total in ((116, 399), (20_000, 70_000)):
        print(f"{total} posts to {places} places: {1000 * allotted(places, total):.1f} ms CPU")
    seconds = appraised(given.subjects, given.indicators)
    print(f"{given.subjects} subjects by {given.indicators} indicators: {seconds:.2f} s CPU")
    beside_frappe()


if __name__ == "__main__":
    main()
