"""Reads of elections: the board of units, one contest, the sheets that wait to be keyed, results for strangers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from heli.assemblies.catalogues import bodies_that_are, election_kind
from heli.assemblies.models import (
    ContestKind,
    CountSheet,
    ElectedPost,
    Election,
    Nominee,
    Objection,
    ObjectionOutcome,
    ObjectionState,
    SheetState,
    UnitContest,
    VotingMode,
)
from heli.assemblies.queries.sittings import READ
from heli.assemblies.rules.counting import CountResult, count
from heli.assemblies.rules.law import shelf
from heli.assemblies.rules.standing import ContestFacts, UnitStage, stage_of
from heli.assemblies.rules.strokes import stroke_key
from heli.assemblies.rules.tallies import BallotLine, PollFacts, TablePaper
from heli.assemblies.types import ElectedSort
from heli.consultation.queries import notices
from heli.kernel.access import Actor, scope
from heli.places import queries as places
from heli.places.types import PlaceKind
from heli.records.abouts import About
from heli.records.queries import part_of

KEY = "assemblies.key"


def elections_of(about: About) -> QuerySet[Election]:
    """The elections of an about, the earliest first."""
    return Election.objects.filter(about=about.id)


def elections_in_reach(actor: Actor) -> list[Election]:
    """The elections of districts that hold something of the actor's, the newest first."""
    reached = places.reached_districts(scope(actor, READ))
    found = Election.objects.order_by("-on", "-pk")
    return list(found if reached is None else found.filter(district__in=reached))


def contests_of(actor: Actor, about: About, action: str = READ) -> QuerySet[UnitContest]:
    """The contests of the part in which the actor may do this, each with its election and declaration."""
    found = UnitContest.objects.filter(part_of(actor, about, action), election__about=about.id)
    return found.select_related("election", "declaration")


def to_be_held(actor: Actor, about: About, action: str) -> QuerySet[UnitContest]:
    """The contests of committees in the part in which the actor may do this that are not declared, each with who stands, by town
    and unit."""
    committees = bodies_that_are(ElectedSort.COMMITTEE)
    found = contests_of(actor, about, action).filter(declaration__isnull=True, election__body__in=committees)
    return found.prefetch_related("nominees").order_by("town", "place", "number")


def nominees_of(contest: UnitContest) -> list[Nominee]:
    """Everybody on the ballot, in its order (posts, then names by strokes), those elected with the person in office."""
    posts = list(election_kind(contest.election.body).posts)
    found = contest.nominees.select_related("person")
    return sorted(found, key=lambda one: (posts.index(one.post), stroke_key(one.name)))


def standing_sheets(contest: UnitContest) -> list[CountSheet]:
    """The papers of a contest's tables, those poured into others left out."""
    return list(contest.sheets.filter(poured_on__isnull=True).select_related("photo"))


def paper_of(sheet: CountSheet) -> TablePaper:
    """A sheet as the rules see it."""
    boxes = tuple((str(name), int(issued)) for name, issued in sheet.boxes)
    return TablePaper(sheet.name, boxes, sheet.numbers if sheet.state == SheetState.AGREED else None)


def facts_of(contest: UnitContest, nominees: Sequence[Nominee] | None = None) -> PollFacts:
    """A contest as the rules ask about it; those who do not qualify do not stand."""
    stands = contest.nominees.exclude(is_qualified=False) if nominees is None else nominees
    extra = {
        name: number
        for name, number in (("unreachable", contest.unreachable), ("participants", contest.participants))
        if number is not None
    }
    election, body, mode = contest.election, contest.election.body, contest.election.mode
    if contest.is_by_congress:
        body, mode = election_kind(body).by_election, VotingMode.REPRESENTATIVES.value
    if contest.kind == ContestKind.BY_ELECTION:
        extra["women_elected"] = sum(one.is_woman for one in in_office(contest))
    return PollFacts(
        id=contest.public_id, on=contest.on, jurisdiction=election.jurisdiction, body=body, mode=mode,
        round=contest.round, registered=contest.registered or 0, seats=dict(contest.seats),
        standing=[BallotLine(one.post, one.number, one.is_woman) for one in stands], extra=extra,
    )  # fmt: skip


def in_office(contest: UnitContest) -> QuerySet[Nominee]:
    """Those elected in other rounds of the unit, or of its group, who have not left."""
    rounds = rounds_of(contest).exclude(pk=contest.pk)
    return Nominee.objects.filter(contest__in=rounds, person__isnull=False, left_on=None)


def computed(contest: UnitContest) -> tuple[dict[str, Any], CountResult]:
    """The case of a contest as its sheets stand, and what the law says of it."""
    case = facts_of(contest).case([paper_of(sheet) for sheet in standing_sheets(contest)])
    return case, count(case, shelf())


# -- the board ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A unit on the board: its newest round, where that stands, what is missing."""

    contest: UnitContest
    place: str
    town: str
    facts: ContestFacts
    stage: UnitStage

    @property
    def place_id(self) -> int:
        """The unit."""
        return self.contest.place_id

    @property
    def rank(self) -> int:
        """The worst first."""
        return list(UnitStage).index(self.stage)


def board(actor: Actor, about: About, on: date) -> list[BoardLine]:
    """Every unit of the actor's part by its newest round, the worst first; a constant number of queries."""
    newest: dict[tuple[int, int, str], UnitContest] = {}
    for contest in contests_of(actor, about).order_by("election_id", "place_id", "part", "number"):
        newest[contest.election_id, contest.place_id, contest.part] = contest
    rows = list(newest.values())
    facts = board_facts(rows, about.id)
    names = places.names_at({key for row in rows for key in (row.place_id, row.town_id) if key is not None}, on)
    lines = [
        BoardLine(
            row,
            f"{names.get(row.place_id, '')}{row.part}",
            names.get(row.town_id or 0, ""),
            facts[row.pk],
            stage_of(facts[row.pk], on),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.rank, line.contest.on, line.town, line.place))


def board_facts(rows: Sequence[UnitContest], about: str) -> Mapping[int, ContestFacts]:
    """What the stage of each contest follows from, by its key; four queries, however many there are."""
    keys = [row.pk for row in rows]
    sheets: dict[int, dict[str, int]] = {}
    counted = CountSheet.objects.filter(contest__in=keys, poured_on__isnull=True).order_by()
    for key, state, number in counted.values_list("contest", "state").annotate(number=Count("pk")):
        sheets.setdefault(key, {})[state] = number
    stands = {
        key: (qualified, asked)
        for key, qualified, asked in Nominee.objects.filter(contest__in=keys)
        .order_by()
        .values_list("contest")
        .annotate(
            qualified=Count("pk", filter=Q(is_qualified=True)), asked=Count("pk", filter=Q(is_qualified__isnull=True))
        )
    }
    rolls = notices.first_posted(about, "voters")
    objections: dict[tuple[int, str], list[tuple[str, str, str]]] = {}
    kept = Objection.objects.filter(about=about).values_list("place", "body", "matter", "status", "outcome")
    for place, body, *told in kept:
        objections.setdefault((place, body), []).append((told[0], told[1], told[2]))
    return {
        row.pk: ContestFacts(
            on=row.on,
            readiness=row.readiness,
            seats=sum(row.seats.values()),
            nominees=sum(stands.get(row.pk, (0, 0))),
            not_reviewed=stands.get(row.pk, (0, 0))[1],
            roll_on=next(
                (rolls[key] for key in (row.place_id, row.town_id, row.election.district_id) if key in rolls), None
            ),
            has_registered=row.registered is not None,
            sheets=sum(sheets.get(row.pk, {}).values()),
            keyed=sum(number for state, number in sheets.get(row.pk, {}).items() if state != SheetState.WAITING),
            differ=sheets.get(row.pk, {}).get(SheetState.DIFFERS, 0),
            agreed=sheets.get(row.pk, {}).get(SheetState.AGREED, 0),
            status=row.declaration.status if hasattr(row, "declaration") else "",
            declared_on=row.declaration.declared_on if hasattr(row, "declaration") else None,
            handed_over_on=row.handed_over_on,
            open_objections=sum(
                one[1] != ObjectionState.RULED for one in objections.get((row.place_id, row.election.body), ())
            ),
            is_set_aside=any(
                one[0] == "result" and one[2] == ObjectionOutcome.UPHELD
                for one in objections.get((row.place_id, row.election.body), ())
            ),
            is_committee=election_kind(row.election.body).is_committee,
        )
        for row in rows
    }


# -- keying ------------------------------------------------------------------------------------------------------------


def sheets_to_key(actor: Actor) -> QuerySet[CountSheet]:
    """The sheets a clerk may see: within reach, of contests that are not declared; nothing of what others keyed."""
    reached = scope(actor, KEY)
    found = CountSheet.objects.filter(poured_on__isnull=True, contest__declaration__isnull=True)
    if not reached.everything:
        found = found.filter(contest__place__in=places.in_scope(reached).values("pk"))
    return found.select_related("contest__election", "photo").order_by("contest__on", "contest_id", "pk")


# -- office-holders and strangers --------------------------------------------------------------------------------------


def office_holders(contests: Sequence[UnitContest]) -> Mapping[int, list[Nominee]]:
    """Who was elected in each contest, by its key, the highest post first; those who have left among them."""
    elected: dict[int, list[Nominee]] = {}
    rank = [one.value for one in ElectedPost]
    found = Nominee.objects.filter(contest__in=[row.pk for row in contests], person__isnull=False)
    for one in found.select_related("person"):
        elected.setdefault(one.contest_id, []).append(one)
    return {key: sorted(rows, key=lambda one: (rank.index(one.post), one.number)) for key, rows in elected.items()}


def published(public_id: str) -> tuple[Election, list[UnitContest]] | None:
    """An election with its declared contests, for whoever asks; None before the first is declared."""
    declared = UnitContest.objects.filter(declaration__isnull=False, election__public_id=public_id)
    found = list(declared.select_related("declaration", "election").order_by("town_id", "place_id", "number"))
    return (found[0].election, found) if found else None


def declared_within(within: Mapping[str, Any], on: date, most: int) -> list[UnitContest]:
    """The last declared contests in some part of a district, the newest first: what everybody may read."""
    rows = UnitContest.objects.filter(_part(within), declaration__isnull=False, on__lte=on)
    return list(rows.select_related("declaration", "election").order_by("-on", "-pk")[:most])


def _part(within: Mapping[str, Any]) -> Q:
    """The district is the election's."""
    return Q(**{key.replace("district_id", "election__district_id"): keys for key, keys in within.items()})


def contest_at(public_id: str, actor: Actor, about: About) -> Any:
    """A contest by its public id within the actor's part; None where it is not."""
    return contests_of(actor, about).filter(public_id=public_id).first()


def newest_declared(about: str, place_id: int, sort: ElectedSort, on: date) -> list[UnitContest]:
    """The newest round of a place that was declared by the day, of each of its groups where groups elect; of a sort of body."""
    found = UnitContest.objects.filter(election__about=about, place=place_id, election__body__in=bodies_that_are(sort))
    newest: dict[str, UnitContest] = {}
    for row in (
        found.filter(declaration__declared_on__lte=on)
        .select_related("election", "declaration")
        .order_by("on", "number")
    ):
        newest[row.part] = row
    return list(newest.values())


def elected_by(about: str, place_id: int, sort: ElectedSort, on: date) -> list[Nominee]:
    """Who was elected in a place by a day to bodies of a sort, and had not left."""
    declared = Q(contest__declaration__declared_on__lte=on, person__isnull=False)
    unit = Q(contest__election__about=about, contest__place=place_id, contest__election__body__in=bodies_that_are(sort))
    return list(Nominee.objects.filter(declared, unit, Q(left_on=None) | Q(left_on__gt=on)))


def elects(about: str, place_id: int, sort: ElectedSort, on: date) -> bool:
    """Whether a place has bodies of a sort to elect: a community need not have groups with heads."""
    row = places.version_on(place_id, on) if sort is ElectedSort.HEADS else None
    if row is None or row.kind is not PlaceKind.COMMUNITY:
        return True
    bodies = bodies_that_are(sort)
    return UnitContest.objects.filter(election__about=about, place=place_id, election__body__in=bodies).exists()


def undeclared(about: str, place_id: int, sort: ElectedSort, on: date) -> list[str]:
    """The groups of a place, by name, that elect to bodies of a sort and have no result by the day."""
    found = UnitContest.objects.filter(election__about=about, place=place_id, election__body__in=bodies_that_are(sort))
    named = set(found.exclude(part="").values_list("part", flat=True))
    return sorted(named - {row.part for row in newest_declared(about, place_id, sort, on)})


def unit_name(contest: UnitContest, on: date) -> str:
    """The name of a contest's unit, and of the group where it is one's."""
    return f"{places.names_at([contest.place_id], on).get(contest.place_id, '')}{contest.part}"


def rounds_of(contest: UnitContest) -> QuerySet[UnitContest]:
    """All rounds of the unit, or of its group, in the election, the first first."""
    found = UnitContest.objects.filter(election=contest.election_id, place=contest.place_id, part=contest.part)
    return found.select_related("declaration").order_by("number")
