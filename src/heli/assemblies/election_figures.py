"""Figures of term changes: how far, elected at once, one leader for both, and whether the procedure was kept."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from heli.assemblies.catalogues import bodies_that_are, elected_bodies
from heli.assemblies.models import ContestKind, ElectedPost, UnitContest
from heli.assemblies.queries.elections import board_facts
from heli.assemblies.queries.sittings import READ
from heli.assemblies.rules.standing import steps_kept
from heli.assemblies.rules.tallies import votes_of
from heli.assemblies.types import ElectedSort
from heli.kernel.declare import Ask, Direction
from heli.places.counted import CountedRow, counted, figure, moment_of

HEADS = (_("What is elected"), _("Election day"), _("Declared on"))


def rounds(ask: Ask) -> list[UnitContest]:
    """Rounds of committees' term changes opened by the moment, the first round of a unit first; one query, read once."""

    def read() -> list[UnitContest]:
        at = moment_of(ask)
        found = UnitContest.objects.filter(
            election__district__in=ask.district_ids, election__opened_at__lte=at, kind=ContestKind.TERM,
            election__body__in=bodies_that_are(ElectedSort.COMMITTEE),
        )  # fmt: skip
        rows = found.select_related("election", "declaration").order_by("election_id", "place_id", "number")
        return [row for row in rows if row.number == 1 or row.on <= ask.on]

    return ask.shared("assemblies.rounds", read)


def is_declared(ask: Ask, row: UnitContest) -> bool:
    """Whether its result was declared by the day and moment asked for."""
    if not hasattr(row, "declaration"):
        return False
    return row.declaration.declared_on <= ask.on and row.declaration.declared_at <= moment_of(ask)


def line(ask: Ask, row: UnitContest, above: int, below: int) -> CountedRow:
    """A round as a row behind a figure."""
    election = row.election
    day = row.declaration.declared_on if is_declared(ask, row) else ""
    cells = [str(elected_bodies()[election.body]), row.on, day]
    url = reverse("assemblies:contest", args=[election.about, row.public_id])
    return counted(ask, (row.place_id, row.town_id, election.district_id), (above, below), cells, url)


def first_rounds(ask: Ask) -> list[UnitContest]:
    """Units that elect, by the round with which each begins."""
    return [row for row in rounds(ask) if row.number == 1]


def units(ask: Ask) -> list[CountedRow]:
    """Units that elect."""
    return [line(ask, row, 1, 1) for row in first_rounds(ask)]


def settled(ask: Ask) -> list[CountedRow]:
    """Units in which the people who are to stand are settled by the day."""
    return [
        line(ask, row, 1, 1) for row in first_rounds(ask) if row.settled_on is not None and row.settled_on <= ask.on
    ]


def intended(ask: Ask) -> list[CountedRow]:
    """Units in which people are in view by the day, and not settled yet."""
    return [
        line(ask, row, 1, 1)
        for row in first_rounds(ask)
        if row.intended_on is not None
        and row.intended_on <= ask.on
        and (row.settled_on is None or row.settled_on > ask.on)
    ]


def elected(ask: Ask) -> list[CountedRow]:
    """Units whose newest declared round filled all seats, over all units that elect."""
    newest: dict[tuple[int, int], UnitContest] = {}
    for row in rounds(ask):
        key = row.election_id, row.place_id
        if key not in newest or is_declared(ask, row):
            newest[key] = row
    return [
        line(ask, row, int(is_declared(ask, row) and row.declaration.status == "complete"), 1)
        for row in newest.values()
    ]


def at_once(ask: Ask) -> list[CountedRow]:
    """First ballots that filled all seats, over all first ballots that were declared."""
    first = [row for row in rounds(ask) if row.round == 1 and is_declared(ask, row)]
    return [line(ask, row, int(row.declaration.status == "complete"), 1) for row in first]


def one_shoulder(ask: Ask) -> list[CountedRow]:
    """Chairs who lead the Party organisation too, over all chairs elected."""
    said = [row for row in rounds(ask) if is_declared(ask, row) and row.one_shoulder is not None]
    return [line(ask, row, int(bool(row.one_shoulder)), 1) for row in said]


def support(ask: Ask) -> list[CountedRow]:
    """Votes for the chairs elected, over the ballots returned."""
    found = []
    for row in rounds(ask):
        if is_declared(ask, row):
            votes = votes_of(row.declaration.case).get(ElectedPost.CHAIR, {})
            won = [
                key
                for one in row.declaration.result["posts"]
                if one["post"] == ElectedPost.CHAIR
                for key in one["elected"]
            ]
            returned = sum(sheet["returned"] for sheet in row.declaration.case.get("sheets", ()))
            found += [line(ask, row, votes.get(str(key), 0), returned) for key in won]
    return found


def procedure(ask: Ask) -> list[CountedRow]:
    """Steps of the procedure that were kept, over all of the declared rounds."""
    by_about: dict[str, list[UnitContest]] = {}
    for row in rounds(ask):
        if is_declared(ask, row):
            by_about.setdefault(row.election.about, []).append(row)
    found = []
    for about, rows in by_about.items():
        facts: Mapping[int, Any] = board_facts(rows, about)
        for row in rows:
            kept = [one for _name, one in steps_kept(facts[row.pk])]
            found.append(line(ask, row, sum(kept), len(kept)))
    return found


def intent(ask: Ask) -> list[CountedRow]:
    """Seats won by those recommended over all seats filled, said after the fact where an election counts it."""
    said = [row for row in rounds(ask) if is_declared(ask, row) and row.intended_won is not None]
    return [
        line(ask, row, row.intended_won or 0, sum(len(post["elected"]) for post in row.declaration.result["posts"]))
        for row in said
    ]


declare = partial(figure, heads=HEADS, source=_("Assemblies: elections"), action=READ)
number, share = partial(declare, unit=_("units")), partial(declare, unit="%", decimals=2)
ELECTION_FIGURES = (
    number("assemblies.units", _("Units that elect"), _("Villages and communities that take part in a term change."), units),
    number("assemblies.settled", _("Units with people settled"),
           _("Units in which the people who are to stand are settled by the day; a count, nobody is named."), settled),
    number("assemblies.intended", _("Units with people in view"),
           _("Units in which people are in view by the day and not settled yet; a count, nobody is named."), intended),
    share("assemblies.elected", _("Progress of the term change"),
          _("Units whose committee is elected with all seats filled, over all units that elect."), elected,
          direction=Direction.UP),
    share("assemblies.at_once", _("Elected in the first ballot"),
          _("First ballots that filled all seats, over all first ballots declared."), at_once, direction=Direction.UP),
    share("assemblies.one_shoulder", _("One leader of committee and Party organisation"),
          _("Chairs who lead the Party organisation too, as declared, over all chairs elected."), one_shoulder),
    share("assemblies.support", _("Votes for the chairs elected"),
          _("Votes for the chairs elected, over the ballots returned in their elections."), support),
    share("assemblies.procedure", _("Procedure kept"),
          _("Steps kept of those the law asks of a declared election: list of voters 20 days, qualifications answered and more "
            "candidates than seats, every paper keyed twice, a valid result, handover in 10 days."), procedure,
          direction=Direction.UP),
    share("assemblies.intent", _("Seats won by those recommended"),
          _("Seats won by people who had been recommended, over all seats filled: after the fact, where an election counts it."),
          intent),
)  # fmt: skip
