"""Files of posts and appraisal to test and measure with."""

import random
from typing import Any


def allot_file(weights: dict[str, int], total: int, least: int = 3, most: int = 7) -> dict[str, Any]:
    """A file of heli.posts/1 whose places differ by people alone."""
    places = [{"id": key, "people": people, "position": "p", "difficulty": "d"} for key, people in weights.items()]
    classes = {"position_bp": {"p": 0}, "difficulty_bp": {"d": 0}}
    return {"form": "heli.posts/1", "total": total, "least": least, "most": most, **classes, "places": places}


def appraise_file(subjects: list[dict[str, Any]], *indicators: dict[str, Any], share: tuple[int, int] = (1, 1)) -> Any:
    """A file of heli.appraise/1; without indicators there is one ratio, `r`, from 0 to all."""
    given = list(indicators) or [ratio("r", 10_000)]
    grades = {"excellent": 8_800, "competent": 7_000, "basic": 6_000, "share": list(share)}
    return {"form": "heli.appraise/1", "indicators": given, "grades": grades, "subjects": subjects}


def ratio(key: str, weight: int, floor: int = 0, target: int = 10_000) -> dict[str, Any]:
    """An indicator of kind ratio."""
    return {"id": key, "kind": "ratio", "weight": weight, "floor": floor, "target": target}


def subject(key: str, /, group: str = "A", veto: bool = False, **shares: tuple[int, int]) -> dict[str, Any]:
    """A subject with k of n by indicator."""
    return {"id": key, "group": group, "facts": shares_of(shares), "not_applicable": {}, "veto": veto}


def shares_of(shares: dict[str, tuple[int, int]]) -> dict[str, dict[str, int]]:
    """Facts of ratios by indicator from pairs of k and n."""
    return {name: {"k": k, "n": n} for name, (k, n) in shares.items()}


def drawn_appraisal(subjects: int, indicators: int, seed: int) -> dict[str, Any]:
    """So many subjects in groups of sixty with so many ratios, one in ten of which does not apply."""
    rng = random.Random(seed)
    weights = [10_000 // indicators] * indicators
    weights[0] += 10_000 - sum(weights)
    given = [ratio(f"r{number:02}", weight, 2_000, 9_500) for number, weight in enumerate(weights)]
    rows = []
    for number in range(subjects):
        out = {one["id"]: "no such duty" for one in given if rng.random() < 0.1}
        facts = {one["id"]: (rng.randint(0, 40), 40) for one in given if one["id"] not in out}
        one = subject(f"s{number:04}", f"g{number // 60}")
        rows.append({**one, "facts": shares_of(facts), "not_applicable": out})
    made: dict[str, Any] = appraise_file(rows, *given, share=(1, 5))
    return made
