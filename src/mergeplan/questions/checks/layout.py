"""Whether an answer of mergeplan.layout/1 stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from mergeplan.questions.checks.common import Raw, check_head, flaw, metres_between, next_towards
from mergeplan.types import Flaw


def check_layout(raw: Raw, answer: Raw) -> list[Flaw]:
    """Every rule that is broken, and an objective that is not the sum."""
    ids, host = raw["id"], raw["host"]
    place = {key: i for i, key in enumerate(ids)}
    villages = {i for i in range(len(ids)) if not host[i]}
    given = answer.get("seat_of")
    if not isinstance(given, dict) or set(given) != {ids[i] for i in villages} or not set(given.values()) <= set(place):
        return [flaw("seats", "does not give every village one known seat", "seat_of")]
    seat_of = {place[key]: place[seat] for key, seat in given.items()}
    found, cost = recompute_layout(raw, seat_of)
    if sorted(answer.get("new", ())) != sorted(ids[i] for i, seat in seat_of.items() if i == seat):
        found.append(flaw("new", "does not list the villages that are their own seats", "new"))
    return found + check_head(answer, None if found else cost)


def recompute_layout(raw: Raw, seat_of: Mapping[int, int]) -> tuple[list[Flaw], int]:
    """What is wrong when these villages have these seats, all by place in the file, and what it costs."""
    ids, host, households = raw["id"], raw["host"], raw["households"]
    villages = {i for i in range(len(ids)) if not host[i]}
    found: list[Flaw] = []
    cost, total = 0, Counter({i: households[i] for i in range(len(ids)) if host[i]})
    ways = {seat: metres_between(raw["edges"], villages, seat) for seat in set(seat_of.values())}
    for i, seat in sorted(seat_of.items()):
        name = f"seat_of.{ids[i]}"
        total[seat] += households[i]
        if raw["town"][i] != raw["town"][seat]:
            found.append(flaw("town", f"{ids[seat]} lies in another town", name))
        if i == seat:
            cost += raw["open_cost"]
            continue
        if not host[seat] and seat_of[seat] != seat:
            found.append(flaw("no-seat", f"{ids[seat]} has a seat elsewhere", name))
        way = ways[seat].get(i)
        if way is None or way > raw["reach"]:
            found.append(flaw("reach", f"the way is {way} m, at most {raw['reach']} m are allowed", name))
            continue
        cost += households[i] * way
        following = next_towards(seat, i, raw["edges"], ways[seat], ids)
        if following != seat and (following is None or seat_of.get(following) != seat):
            found.append(flaw("walking", "the next on the way has another seat", name))
    wishes = [(ids.index(i), ids.index(seat), True) for i, seat in raw.get("locks", ())]
    wishes += [(ids.index(i), ids.index(seat), False) for i, seat in raw.get("forbidden", ())]
    for i, seat, is_locked in wishes:
        if (seat_of.get(i) == seat) is not is_locked:
            word = "locked together" if is_locked else "forbidden"
            found.append(flaw("wish", f"{ids[i]} and {ids[seat]} are {word}", f"seat_of.{ids[i]}"))
    gains = set(seat_of.values())
    for seat, number in sorted(total.items()):
        cost += raw["balance"] * abs(number - raw["T"])
        if seat in gains and (number > raw["Hi"] or (not host[seat] and number < raw["Lo"])):
            found.append(flaw("window", f"{ids[seat]} has {number} households", "seat_of"))
    return found, cost
