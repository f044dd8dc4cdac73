"""The five requirements 五个要求 as figures of teams: k of n of ten or more, of towns and districts; rows show offices alone.

Support is a figure of assemblies (votes for the chairs elected), for the votes stand there.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django.utils.translation import gettext_noop as _

from heli.kernel.declare import Additivity, Ask, Figure, Pair
from heli.places import queries as places
from heli.places.counted import CountedRow, counted, figure
from heli.posts.catalogues import kind_words
from heli.posts.ledger.allotting import READ
from heli.posts.models import Holding
from heli.posts.queries.facts import READINGS, TeamEntry, conduct_entries, entries_of, told_by_place, woman_entries
from heli.posts.queries.placing import regular_holders

HEADS = (_("Body"), _("Post"))
Entries = Callable[[list[Holding], Any], list[TeamEntry]]


def holders_of(ask: Ask) -> list[Holding]:
    """Everybody who holds a regular post on the day, each human once; those of places that have ended are left out."""
    structure = places.structure_on(ask.district_ids, ask.on)
    return ask.shared("posts.regular_holders", lambda: regular_holders(structure.places.tolist(), ask.on))


def offices(ask: Ask) -> list[CountedRow]:
    """The offices, without anything about who holds them."""
    words = kind_words()
    return [
        counted(
            ask, (one.post.body.place_id, None, one.post.body.place.district_id or 0), (0, 1),
            (one.post.body.name, str(words.get(one.post.kind, one.post.kind))),
        )
        for one in holders_of(ask)
    ]  # fmt: skip


def told(ask: Ask, entries: Entries) -> Mapping[int, Pair]:
    """What may be told of towns and districts."""
    structure = places.structure_on(ask.district_ids, ask.on)
    parents = dict(zip(structure.places.tolist(), structure.parents.tolist(), strict=True))
    towns = {}
    for place in parents:
        chain = [place]
        while parents.get(chain[-1]):
            chain.append(parents[chain[-1]])
        if chain[-1] in ask.district_ids:
            towns[place] = (chain[-2] if len(chain) > 1 else chain[-1], chain[-1])
    return told_by_place(entries(holders_of(ask), ask.on), towns)


def declared(id: str, title: str, meaning: str, entries: Entries, unit: str = "%") -> Figure:
    """A figure of teams; percentages and means alike have every level told apart."""
    made = figure(id, title, meaning, offices, HEADS, unit=unit, decimals=2, source=_("Posts"), action=READ)
    return replace(
        made,
        is_ratio=True,
        decimals=2 if unit == "%" else 1,
        over_places=Additivity.NONE,
        evaluate=partial(told, entries=entries),
    )


def _read(name: str) -> Entries:
    return lambda holdings, on: entries_of(holdings, READINGS[name], on)


FIGURES = (
    declared("posts.women", _("Women in regular posts"),
             _("Women over holders of regular posts of whom it is known; told of ten people or more."), _read("women")),
    declared("posts.party_members", _("Party members in regular posts"),
             _("Party members over holders of regular posts of whom it is known; told of ten people or more."),
             _read("party_members")),
    declared("posts.college", _("College or more in regular posts"),
             _("Holders of regular posts who finished college or more, over those of whom it is known; told of ten or more."),
             _read("college")),
    declared("posts.mean_age", _("Mean age in regular posts"),
             _("Mean age in months over twelve of holders of regular posts of whom it is known; told of ten people or more."),
             _read("mean_age"), unit=_("years")),
    declared("posts.conduct", _("Conduct reviewed and met"),
             _("Holders of regular posts of whose conduct the reviewing body said yes, over those it spoke of; of ten or more."),
             lambda holdings, _on: conduct_entries(holdings)),
    declared("posts.woman_teams", _("Teams with a woman"),
             _("Committees in which a woman holds a regular post, over those of which it is known; told of ten teams or more."),
             lambda holdings, _on: woman_entries(holdings)),
)  # fmt: skip
