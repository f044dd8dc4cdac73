"""Cases of the JSON forms for tests: ordinary ones, of which a test says what is different."""

from typing import Any

DAY = "2026-05-20"


def decide_case(body: str = "villagers_assembly", mode: str = "", **other: Any) -> dict[str, Any]:
    """A sitting of 60 entitled, 40 present, 21 for; `counts` are given as entitled, present, for_."""
    counts = {
        "entitled": other.pop("entitled", 60),
        "present": other.pop("present", 40),
        "for": other.pop("for_", 21),
    }
    return {"id": "d1", "on": DAY, "jurisdiction": "CN", "body": body, "mode": mode, "counts": counts, **other}


def post(name: str, seats: int, **votes: int) -> dict[str, Any]:
    """A post of a contest; candidates whose names begin with w are women."""
    candidates = [{"id": one, "woman": one.startswith("w"), "votes": number} for one, number in votes.items()]
    return {"post": name, "seats": seats, "extra": 1, "candidates": candidates}


def contest(*posts: dict[str, Any], returned: int = 600, **other: Any) -> dict[str, Any]:
    """A contest of 1,000 registered in which all ballots issued came back valid."""
    return {
        "id": "c1",
        "on": DAY,
        "jurisdiction": "CN",
        "body": "village_committee",
        "mode": "voters",
        "round": 1,
        "registered": 1000,
        "issued": returned,
        "returned": returned,
        "participants": returned,
        "invalid": 0,
        "posts": list(posts),
        **other,
    }
