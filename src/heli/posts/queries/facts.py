"""The five requirements over the holders of regular posts: k of n, told from ten people on."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from heli.accounts.sealing import unseal_text
from heli.kernel.quantities import Ratio
from heli.posts.models import Holding, OfficeMatter, OfficeWord
from heli.posts.types import Education, OfficeFacts, Sex

SEALED_FOR = "facts of an office"
TOLD_FROM = 10
"""People from which on a count is told."""


def facts_of(holding: Holding) -> OfficeFacts:
    """The facts of a holder, opened; empty where nothing is kept."""
    if not holding.sealed:
        return OfficeFacts()
    sex, born, education, is_member = json.loads(unseal_text(SEALED_FOR, holding.sealed))
    return OfficeFacts(Sex(sex) if sex else None, born, Education(education) if education else None, is_member)


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What a team comes to: k of those of whom it is known; `months`: the ages in months of `aged` people together."""

    women: Ratio
    members: Ratio
    up_to_high: Ratio
    months: int
    aged: int


def team_of(holdings: Iterable[Holding], on: date) -> TeamFacts:
    """What a team comes to on a day."""
    known = [facts_of(one) for one in holdings]
    born = [one.born for one in known if one.born]
    month = on.year * 12 + on.month
    return TeamFacts(
        Ratio(sum(one.sex is Sex.FEMALE for one in known), sum(one.sex is not None for one in known)),
        Ratio(sum(one.is_member is True for one in known), sum(one.is_member is not None for one in known)),
        Ratio(sum(one.education in LOW for one in known), sum(one.education is not None for one in known)),
        sum(month - int(text[:4]) * 12 - int(text[5:]) for text in born),
        len(born),
    )


@dataclass(frozen=True, slots=True)
class TeamEntry:
    """What one holder, or one team, adds to a count at a place."""

    place: int
    above: int
    below: int = 1


Reading = Callable[[OfficeFacts, date], tuple[int, int] | None]
LOW = {Education.MIDDLE, Education.HIGH}


def _age(one: OfficeFacts, on: date) -> tuple[int, int] | None:
    months = on.year * 12 + on.month - int(one.born[:4]) * 12 - int(one.born[5:]) if one.born else None
    return None if months is None else (months, 12)


READINGS: Mapping[str, Reading] = {
    "women": lambda one, _on: None if one.sex is None else (int(one.sex is Sex.FEMALE), 1),
    "party_members": lambda one, _on: None if one.is_member is None else (int(one.is_member), 1),
    "college": lambda one, _on: None if one.education is None else (int(one.education not in LOW), 1),
    "mean_age": _age,
}
"""What is read of a holder's facts: numerator and denominator; None where it is not known."""


def entries_of(holdings: Iterable[Holding], read: Reading, on: date) -> list[TeamEntry]:
    """What each holder of whom it is known adds."""
    known = ((one, read(facts_of(one), on)) for one in holdings)
    return [TeamEntry(one.post.body.place_id, *pair) for one, pair in known if pair is not None]


def woman_entries(holdings: Iterable[Holding]) -> list[TeamEntry]:
    """Each committee with a woman in it or none, where that is known (V02: every committee has one)."""
    teams: dict[tuple[int, int], list[Sex | None]] = {}
    for one in holdings:
        teams.setdefault((one.post.body_id, one.post.body.place_id), []).append(facts_of(one).sex)
    return [
        TeamEntry(place, int(Sex.FEMALE in found))
        for (_body, place), found in teams.items()
        if Sex.FEMALE in found or None not in found
    ]


def conduct_entries(holdings: Iterable[Holding]) -> list[TeamEntry]:
    """The last word about the conduct of each holder of whom one was said."""
    held = {one.pk: one for one in holdings}
    said = OfficeWord.objects.filter(matter=OfficeMatter.CONDUCT, holding__in=held).order_by("pk")
    last = dict(said.values_list("holding", "is_met"))
    return [TeamEntry(held[key].post.body.place_id, int(is_met)) for key, is_met in last.items()]


def told_by_place(entries: Iterable[TeamEntry], towns: Mapping[int, tuple[int, int]]) -> dict[int, tuple[int, int]]:
    """Counts of towns and districts of ten people or more; `towns`: {place: (town, district)}. Never of a village.

    Where the towns left out come to fewer than ten, the smallest told is left out too: nothing is found by subtraction.
    """
    sums: dict[int, list[int]] = {}
    within: dict[int, set[int]] = {}
    for one in entries:
        town, district = towns.get(one.place, (0, 0))
        if district:
            within.setdefault(district, set()).add(town)
            for key in {town, district}:
                held = sums.setdefault(key, [0, 0, 0])
                held[0], held[1], held[2] = held[0] + one.above, held[1] + one.below, held[2] + 1
    found: dict[int, tuple[int, int]] = {}
    for district, inside in within.items():
        shown = sorted((sums[key][2], key) for key in inside - {district} if sums[key][2] >= TOLD_FROM)
        left = sums[district][2] - sum(people for people, _key in shown)
        while shown and 0 < left < TOLD_FROM:
            left += shown.pop(0)[0]
        keys = [key for _people, key in shown] + ([district] if sums[district][2] >= TOLD_FROM else [])
        found |= {key: (sums[key][0], sums[key][1]) for key in keys}
    return found


def told(share: Ratio) -> Ratio | None:
    """A count as pages may tell it: of fewer than ten people none."""
    return share if share.denominator >= TOLD_FROM else None
