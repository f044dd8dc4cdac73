"""How many posts a place gets: a total kept, shared by Webster's divisors between a least and a most, in whole numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace
from math import prod
from typing import Any

from heli.kernel.faults import Finding, Unsound
from heli.kernel.forms import check_ids, check_shape, read_form
from heli.kernel.packs import Key, Shape, fits

ALLOT_FORM = "heli.posts/1"
WHOLE = 10_000
FACTORS = ("position", "difficulty")
PLACE_KEYS = (
    Key("id", Shape.TEXT, "its name"),
    Key("people", Shape.WHOLE, "how many people live there", least=0),
    Key("position", Shape.TEXT, "one of those in position_bp"),
    Key("difficulty", Shape.TEXT, "one of those in difficulty_bp"),
)
ALLOT_KEYS = (
    Key("title", Shape.TEXT, "what the file is about", required=False),
    Key("note", Shape.TEXT, "where its numbers come from", required=False),
    Key("total", Shape.WHOLE, "how many posts there are in all", least=0),
    Key("least", Shape.WHOLE, "the fewest posts of a place", least=0),
    Key("most", Shape.WHOLE, "the most posts of a place", least=0),
    *(Key(f"{factor}_bp", Shape.TABLE, "basis points more (or fewer) by class") for factor in FACTORS),
)


@dataclass(frozen=True, slots=True)
class PostsToAllot:
    """So many posts for these places, each with its weight: people × position × difficulty, 10,000 basis points a whole."""

    total: int
    least: int
    most: int
    weights: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Allotment:
    """`ok` with the posts of every place; `too_few` or `too_many` with the total that would do."""

    status: str
    posts: Mapping[str, int]
    limit: int = 0

    def as_json(self) -> dict[str, Any]:
        """A result of heli.posts/1."""
        if self.status == "ok":
            return {"status": self.status, "posts": dict(self.posts)}
        return {"status": self.status, "need" if self.status == "too_few" else "most": self.limit}


def read_allotting(text: str) -> PostsToAllot:
    """What a file of the form heli.posts/1 asks. Raises `Unsound` with everything that is wrong."""
    data = read_allotting_form(text)
    weights = {place["id"]: place["people"] * _factor(data, place) for place in data["places"]}
    return PostsToAllot(data["total"], data["least"], data["most"], dict(sorted(weights.items())))


def read_allotting_form(text: str) -> dict[str, Any]:
    """A file of the form heli.posts/1 as it was written. Raises `Unsound` with everything that is wrong."""
    data = read_form(text, ALLOT_FORM, [*(key.name for key in ALLOT_KEYS), "places"])
    head = {key: value for key, value in data.items() if key not in ("form", "places")}
    if found := [*check_shape(head, ALLOT_KEYS, ""), *check_places(data)]:
        raise Unsound(*found)
    if data["least"] > data["most"]:
        raise Unsound(Finding("least_above_most", {"least": data["least"], "most": data["most"]}, "least"))
    return data


def allot(asked: PostsToAllot) -> Allotment:
    """Everybody starts at `least`; each further post goes where weight / (2·posts + 1) is largest, ties to the smaller id."""
    fewest, most = asked.least * len(asked.weights), asked.most * len(asked.weights)
    if asked.total < fewest:
        return Allotment("too_few", {}, fewest)
    if asked.total > most:
        return Allotment("too_many", {}, most)
    posts = dict.fromkeys(asked.weights, asked.least)
    scale = (
        2 * asked.most + 1
    ) ** 2  # two different quotients lie at least 1/scale apart, so whole parts tell them apart

    def turn(place: str) -> tuple[int, str]:
        return -(asked.weights[place] * scale // (2 * posts[place] + 1)), place

    waiting = [turn(place) for place in posts if asked.least < asked.most]
    heapify(waiting)
    for _ in range(asked.total - fewest):
        place = waiting[0][1]
        posts[place] += 1
        if posts[place] < asked.most:
            heapreplace(waiting, turn(place))
        else:
            heappop(waiting)
    return Allotment("ok", posts)


def check_places(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Whether every place is sound and of classes that the file knows, each class worth whole basis points above −10,000."""
    classes = {}
    for factor in FACTORS:
        name = f"{factor}_bp"
        classes[factor] = table = data[name] if isinstance(data.get(name), dict) else {}
        yield from (
            Finding("basis_points", {"key": f"{name}.{key}"}, f"{name}.{key}")
            for key, value in table.items()
            if not fits(value, Shape.WHOLE) or value <= -WHOLE
        )
    places = data.get("places")
    yield from check_ids(places, "places")
    for place in places if isinstance(places, list) else ():
        if not isinstance(place, dict) or not isinstance(place.get("id"), str):
            continue  # told above
        found = list(check_shape(place, PLACE_KEYS, place["id"]))
        yield from found
        for factor in FACTORS if not found else ():
            if place[factor] not in classes[factor]:
                facts = {"value": place[factor], "key": f"{factor}_bp", "known": ", ".join(sorted(classes[factor]))}
                yield Finding("unknown_class", facts, factor, place["id"])


def _factor(data: Mapping[str, Any], place: Mapping[str, Any]) -> int:
    return prod(WHOLE + int(data[f"{factor}_bp"][place[factor]]) for factor in FACTORS)
