"""Measure the pure rules of posts: places allotted, subjects appraised. CPU seconds, reading included.

    python benchmarks/posts_bench.py [--subjects 1770] [--indicators 30]

Places: 116 with 399 posts, 20,000 with 70,000. Subjects stand in groups of sixty; one indicator in ten does not apply.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from heli.posts.rules.allotting import allot, read_allotting
from heli.posts.rules.appraising import appraise
from heli.posts.rules.forms import read_appraisal
from heli.posts.testing import allot_file, drawn_appraisal


def allotted(places: int, total: int) -> float:
    """Seconds for so many posts."""
    rng = random.Random(1)
    text = json.dumps(allot_file({f"{number:06}": rng.randint(300, 4000) for number in range(places)}, total))
    begun = time.process_time()
    assert allot(read_allotting(text)).status == "ok"
    return time.process_time() - begun


def appraised(subjects: int, indicators: int) -> float:
    """Seconds for so many subjects."""
    text = json.dumps(drawn_appraisal(subjects, indicators, 2))
    begun = time.process_time()
    assert len(appraise(*read_appraisal(text))) == subjects
    return time.process_time() - begun


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subjects", type=int, default=1_770)
    parser.add_argument("--indicators", type=int, default=30)
    given = parser.parse_args()
    for places, total in ((116, 399), (20_000, 70_000)):
        print(f"{total} posts to {places} places: {1000 * allotted(places, total):.1f} ms CPU")
    seconds = appraised(given.subjects, given.indicators)
    print(f"{given.subjects} subjects by {given.indicators} indicators: {seconds:.2f} s CPU")


if __name__ == "__main__":
    main()
