"""What documents of a village say of the sittings that decided: their days and votes, entered once with the sitting."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from django.utils import translation

from heli.assemblies.queries.sittings import SittingVotes, opening_in
from heli.files.documents import official_date
from heli.papers.queries.figures import number

CALLED = {
    "assemblies.villagers_decided": "assembly",
    "assemblies.party_reviewed": "party",
    "assemblies.members_decided": "members",
}
"""How fields begin, by the gate that the sitting opens."""
WAYS = {"adults": "adults", "households": "homes"}
"""How fields of who came to a villagers' assembly begin, by its way of meeting."""


def voted_in(about: str, place_ids: Collection[int], on: date) -> Mapping[int, Mapping[str, str]]:
    """Fields of the sittings by place, in Chinese; one query."""
    with translation.override("zh-hans"):
        held = opening_in(about, place_ids, on)
    return {
        place: {name: text for gate, row in found.items() for name, text in _fields(CALLED[gate], row)}
        for place, found in held.items()
    }


def _fields(name: str, row: SittingVotes) -> Iterator[tuple[str, str]]:
    yield f"{name}_on", official_date(row.held_on)
    if row.called_on is not None:
        yield f"{name}_called_on", official_date(row.called_on)
    counts = {"entitled": row.entitled, "present": row.present}
    votes = {"for": row.votes_for, "against": row.votes_against, "abstain": row.votes_abstain}
    yield from ((f"{name}_{key}", number(count)) for key, count in (counts | votes).items())
    yield f"{name}_result", row.result
    if name == "assembly" and row.mode in WAYS:
        yield from ((f"{WAYS[row.mode]}_{key}", number(count)) for key, count in counts.items())
