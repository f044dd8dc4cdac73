"""Reads of points: the own account, what may be taken on, who is on a shift, sums. Names only for whoever confirms."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum

from heli.accounts.queries import seat_of
from heli.bodies import queries as bodies
from heli.bodies.queries import Holder
from heli.kernel.access import Actor, scope
from heli.places import queries as places
from heli.places.types import Level, PlaceRow
from heli.points.ledger import READ
from heli.points.models import Certificate, Credit, Member, PointsEntry, Shift, ShiftClaim, ShiftState
from heli.points.types import Earner, Line
from heli.points.types import Sum as Total
from heli.records.abouts import About
from heli.records.queries import part_of

SHOWN = 40
"""Lines of an account on its page, the newest first."""
MOST_SHIFTS = 60


def member_of(actor: Actor) -> Member | None:
    """The actor's own row, if they report in."""
    return Member.objects.filter(user_id=actor.id).select_related("unit").first() if actor.id is not None else None


@dataclass(frozen=True, slots=True)
class ActSum:
    """What an account or a place earned by one act."""

    act: str
    points: int
    minutes: int
    lines: int


@dataclass(frozen=True, slots=True)
class Account:
    """A member's account: its balance, the sums by act, the newest lines."""

    balance: Total
    acts: list[ActSum]
    lines: list[Line]


def account_of(member: Member) -> Account:
    """Two queries, however many lines there are."""
    grouped = Credit.objects.filter(member=member).order_by("act").values_list("act")
    acts = [ActSum(*row) for row in grouped.annotate(p=Sum("points"), m=Sum("minutes"), n=Count("pk"))]
    columns = ("public_id", "act", "on", "place_id", "minutes", "points", "reverses__public_id", "reason")
    newest = Credit.objects.filter(member=member).order_by("-pk")
    found = newest.values_list(*(f"entry__{name}" for name in columns))[:SHOWN]
    lines = [Line(*row) for row in found]
    balance = Total(sum(one.points for one in acts), sum(one.minutes for one in acts), sum(one.lines for one in acts))
    return Account(balance, acts, lines)


def earned_in(
    month: int, act: str, *, member: Member | None = None, body_id: int | None = None, place_id: int = 0
) -> int:
    """Points earned by an act in a month (year × 12 + month − 1): of a member, of an organisation for itself, or of a place."""
    if member is not None:
        return Credit.objects.filter(member=member, act=act, month=month).aggregate(p=Sum("points"))["p"] or 0
    begins, ends = date(month // 12, month % 12 + 1, 1), date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    mine = PointsEntry.objects.filter(act=act, on__gte=begins, on__lt=ends)
    if body_id is not None:
        mine = mine.filter(body_id=body_id, earner=Earner.UNIT)
    else:
        mine = mine.filter(place_id=place_id, earner=Earner.PLACE)
    return mine.aggregate(p=Sum("points"))["p"] or 0


def heads_of(shift: Shift) -> tuple[int, int]:
    """How many wait to be confirmed on a shift, and how many were, those who have left since among them."""
    confirmed = shift.entries.filter(reverses__isnull=True, reversal__isnull=True).count()
    return shift.claims.filter(is_confirmed=False).count(), confirmed


def reached_by(member: Member, on: date) -> set[int]:
    """The places whose shifts a member may take on: home and work, with their towns and the district."""
    chains = (places.chain_of(key, member.district_id, on) for key in (member.home_id, member.work_id) if key)
    return {key for chain in chains for key in chain}


def shifts_for(member: Member, on: date) -> list[Shift]:
    """Shifts offered where the member lives and works, from today on, that they are not on; with `on_it` heads; two queries."""
    found = Shift.objects.filter(
        district_id=member.district_id, place__in=reached_by(member, on), status=ShiftState.OFFERED, held_on__gte=on
    ).exclude(pk__in=ShiftClaim.objects.filter(member=member).values("shift"))
    claimed = Count("claims", distinct=True)
    return list(found.annotate(on_it=claimed).order_by("held_on", "pk")[:MOST_SHIFTS])


def has_room(shift: Any) -> bool:
    """Whether a shift of `shifts_for` looks for somebody still."""
    return bool(shift.on_it < shift.heads)


def claims_of(member: Member) -> list[ShiftClaim]:
    """What the member is on and was not confirmed yet."""
    found = ShiftClaim.objects.filter(member=member, is_confirmed=False, shift__status=ShiftState.OFFERED)
    return list(found.select_related("shift").order_by("shift__held_on", "pk"))


def claims_on(shift: Shift) -> list[ShiftClaim]:
    """Who is on a shift and was not confirmed yet; for whoever confirms, with names."""
    return list(shift.claims.filter(is_confirmed=False).select_related("member__user").order_by("pk"))


def claim_on(shift: Shift, public_id: str) -> ShiftClaim | None:
    """A claim on the shift."""
    return shift.claims.filter(public_id=public_id, is_confirmed=False).select_related("member", "shift").first()


def own_claim(member: Member, public_id: str) -> ShiftClaim | None:
    """A claim of the member's own."""
    return (
        ShiftClaim.objects.filter(member=member, public_id=public_id, is_confirmed=False)
        .select_related("shift")
        .first()
    )


def open_shift(member: Member, public_id: str, on: date) -> Shift | None:
    """A shift that the member may take on."""
    return Shift.objects.filter(public_id=public_id, place__in=reached_by(member, on)).first()


def shift_entries(shift: Shift) -> list[PointsEntry]:
    """The lines of a shift, reversals beside what they reverse."""
    return list(shift.entries.select_related("reversal").filter(reverses__isnull=True))


def entry_of(actor: Actor, about: About, public_id: str) -> PointsEntry | None:
    """A line in the actor's part of the district."""
    found = PointsEntry.objects.filter(part_of(actor, about, READ), district_id=about.district_id, public_id=public_id)
    return found.select_related("body", "reversal", "reverses").first()


def certificate_by(code: str) -> tuple[Certificate, Total] | None:
    """A certificate by its code, and what its account stands at now."""
    found = Certificate.objects.filter(code=code).select_related("member").first()
    if found is None:
        return None
    sums = Credit.objects.filter(member_id=found.member_id).aggregate(p=Sum("points"), m=Sum("minutes"), n=Count("pk"))
    return found, Total(sums["p"] or 0, sums["m"] or 0, sums["n"])


# -- sums --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlaceSum:
    """What was earned at a place by one act."""

    place_id: int
    place: str
    act: str
    points: int
    minutes: int
    lines: int


def sums_of(actor: Actor, about: About, on: date) -> list[PlaceSum]:
    """Sums by place and act in the actor's part of the district; two queries."""
    mine = PointsEntry.objects.filter(part_of(actor, about, READ), district_id=about.district_id)
    found = list(_added(mine.order_by("place_id", "act").values_list("place_id", "act")))
    names = places.names_at({row[0] for row in found}, on)
    return [PlaceSum(place, names.get(place, ""), *rest) for place, *rest in found]


def unit_sums(actor: Actor, about: About) -> list[tuple[str, int, int, int]]:
    """Points, minutes and lines of organisations, by name: as they stand beside each other where a locality wants that."""
    mine = PointsEntry.objects.filter(part_of(actor, about, READ), district_id=about.district_id, body__isnull=False)
    return list(_added(mine.order_by("body__name", "body_id").values_list("body__name")))


def unit_account(actor: Actor, about: About, public_id: str, on: date) -> tuple[Holder, list[ActSum]] | None:
    """An organisation with what it and its members earned by act; None for one that does not exist in the district."""
    body = bodies.find_holder(f"body:{public_id}", about.district_id, on)
    if body is None:
        return None
    mine = PointsEntry.objects.filter(part_of(actor, about, READ), district_id=about.district_id, body_id=body.id)
    return body, [ActSum(*row) for row in _added(mine.order_by("act").values_list("act"))]


def unit_lines(actor: Actor, about: About, body_id: int) -> list[PointsEntry]:
    """What an organisation earned itself, the newest first; its members' lines are theirs."""
    mine = PointsEntry.objects.filter(part_of(actor, about, READ), district_id=about.district_id, body_id=body_id)
    return list(mine.filter(earner=Earner.UNIT).select_related("reversal").order_by("-pk")[:SHOWN])


def units_earning(actor: Actor, about: About) -> list[tuple[str, str]]:
    """The organisations that earned something in the actor's part of the district, by name: (public id, name)."""
    mine = PointsEntry.objects.filter(part_of(actor, about, READ), district_id=about.district_id, body__isnull=False)
    return list(mine.order_by("body__name").values_list("body__public_id", "body__name").distinct())


def members_in(actor: Actor, about: About) -> int:
    """How many have reported in where the actor reads, at home or at work."""
    home, work = (part_of(actor, about, READ, path) for path in ("home", "work"))
    return Member.objects.filter(home | work if home else home, district_id=about.district_id).count()


def _added(rows: Any) -> Any:
    return rows.annotate(p=Sum("points"), m=Sum("minutes"), n=Count("pk"))


# -- choices -----------------------------------------------------------------------------------------------------------


def communities(district_ids: Collection[int], on: date) -> list[PlaceRow]:
    """The villages and communities of some districts on a day."""
    return [row for key in district_ids for row in places.places_on(key, on, levels=(Level.VILLAGE,))]


def districts_of(actor: Actor, on: date) -> list[int]:
    """The districts in which somebody may report in: that of their own account or grants, else every one."""
    own = seat_of(actor)
    standing = [row.id for row in places.districts(on)]
    chosen = [key for key in standing if own is not None and places.is_within(own, [key])]
    reached = places.reached_districts(scope(actor, "places.read"))
    return chosen or [key for key in standing if reached and key in reached] or standing


def units_in(district_ids: Collection[int], on: date) -> list[tuple[str, str]]:
    """The organisations a member may name: (public id, name)."""
    found = (one for key in district_ids for one in bodies.holders_in(key, on) if not one.is_person)
    return [(one.key.partition(":")[2], one.name) for one in found]


@dataclass(frozen=True, slots=True)
class ScoredLine:
    """A line by its source, and whether it was not taken back."""

    source: str
    entry: PointsEntry
    stands: bool


def scored(district_id: int, sources: Collection[str]) -> list[ScoredLine]:
    """The lines of a district whose source begins with one of these words, reversals apart; one query."""
    begins = Q()
    for one in sources:
        begins |= Q(source__startswith=one)
    rows = PointsEntry.objects.filter(begins, district_id=district_id).select_related("reversal").order_by("pk")
    return [ScoredLine(one.source, one, not hasattr(one, "reversal")) for one in rows]
