"""Three colours 黄橙红: how late a step is, what colour that gives it, its village, its town. Pure integers, no clock.

Days are given as indexes: counted working days up to and including the day (`clock.Clock.index`), so that lateness is a difference.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from heli.campaigns.types import COLOUR_ORDER, OPEN, Colour, StepStatus
from heli.kernel.faults import Fault, Refused
from heli.kernel.packs import Key, Pack, Shape

WHOLE_BP = 10_000
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From how many working days late a step has the colour."""

    yellow: int = 1
    orange: int = 3
    red: int = 6


@dataclass(frozen=True, slots=True)
class ColourShares:
    """From which share of the places below (basis points) a place has the colour.

    `red` counts red ones, `orange` orange or worse, `yellow` all that are not green. `own_steps`: the worst open step of
    the place itself counts too.
    """

    yellow: int = 2_000
    orange: int = 2_000
    red: int = 2_000
    own_steps: bool = True


@dataclass(frozen=True, slots=True)
class Escalation:
    """After how many red weeks in a row a statement is demanded, and within how many working days."""

    weeks: int = 2
    statement_days: int = 3


@dataclass(frozen=True, slots=True)
class Freeze:
    """When the week ends: 1 Monday … 7 Sunday, at the full hour."""

    weekday: int = 5
    hour: int = 17


@dataclass(frozen=True, slots=True)
class ColourRules:
    """A rule pack of colours with its identity."""

    id: str
    version: int
    sha256: str
    step: Thresholds = Thresholds()
    town: ColourShares = ColourShares()
    district: ColourShares = ColourShares()
    escalation: Escalation = Escalation()
    freeze: Freeze = Freeze()


def _numbers(name: str, meaning: str, *parts: str) -> Key:
    keys = tuple(Key(part, Shape.WHOLE, meaning) for part in parts)
    return Key(name, Shape.TABLE, meaning, keys=keys)


def _shares(name: str, meaning: str) -> Key:
    numbers = _numbers(name, meaning, "yellow", "orange", "red")
    own = Key("own_steps", Shape.YES_NO, "whether the worst open step of the place itself counts too")
    return replace(numbers, keys=(*numbers.keys, own))


KEYS: tuple[Key, ...] = (
    _numbers("step", "from how many working days late a step has the colour", "yellow", "orange", "red"),
    _shares("town", "from which share of its villages (basis points) a town has the colour"),
    _shares("district", "from which share of its towns (basis points) the district has the colour"),
    _numbers("freeze", "when a week ends: weekday 1 Monday to 7 Sunday, full hour", "weekday", "hour"),
    _numbers("escalation", "red weeks in a row, and working days for the statement", "weeks", "statement_days"),
)
"""What a pack of colours holds after its header."""


def parse_rules(pack: Pack) -> ColourRules:
    """The rules of a pack that was read with `KEYS`. Raises `Refused` naming file and line of what cannot be meant."""
    rules = rules_from(pack.data, pack_id=pack.header.id, version=pack.header.version, sha256=pack.sha256)
    if found := check_rules(rules):
        raise Refused([pack.fault((fault.field,), fault.code, fault.message) for fault in found])
    return rules


def rules_from(data: Mapping[str, Any], *, pack_id: str, version: int, sha256: str) -> ColourRules:
    """The rules of tables in the shape of `KEYS`: those of a pack, or those that a campaign or a week has pinned."""
    return ColourRules(
        pack_id,
        version,
        sha256,
        step=Thresholds(**data["step"]),
        town=ColourShares(**data["town"]),
        district=ColourShares(**data["district"]),
        escalation=Escalation(**data["escalation"]),
        freeze=Freeze(**data["freeze"]),
    )


def tables_of(rules: ColourRules) -> dict[str, Any]:
    """The tables of the rules in the shape of `KEYS`."""
    return {key.name: asdict(getattr(rules, key.name)) for key in KEYS}


def pinned(rules: ColourRules) -> dict[str, Any]:
    """The columns in which a campaign and a frozen week keep the rules; `rules_from` reads them back."""
    return {
        "pack_id": rules.id,
        "pack_version": rules.version,
        "pack_sha256": rules.sha256,
        "rules": tables_of(rules),
    }


def choose_rules(packs: Iterable[Pack], on: date) -> ColourRules:
    """The rules in force on a day, the newest if several are; before the first pack, the first. Raises `Refused`."""
    ordered = sorted(packs, key=lambda pack: (pack.header.valid_from, pack.header.version))
    in_force = [pack for pack in ordered if pack.header.holds_on(on)] or ordered[:1]
    if not in_force:
        raise Refused(Fault("no_colours", "There is no rule pack of colours.", source="campaigns/colours"))
    return parse_rules(in_force[-1])


def check_rules(rules: ColourRules) -> list[Fault]:
    """What cannot be meant in a pack."""
    found = []
    if not 0 < rules.step.yellow <= rules.step.orange <= rules.step.red:
        found.append(Fault("steps_cross", "Yellow, orange and red must follow each other, from 1 on.", field="step"))
    for name, shares in (("town", rules.town), ("district", rules.district)):
        if not all(0 < share <= WHOLE_BP for share in (shares.yellow, shares.orange, shares.red)):
            found.append(Fault("share_range", f"Shares are 1 to {WHOLE_BP} basis points.", field=name))
    if rules.escalation.weeks < 1 or rules.escalation.statement_days < 1:
        found.append(Fault("escalation_range", "Weeks and days are at least 1.", field="escalation"))
    if not (1 <= rules.freeze.weekday <= 7 and 0 <= rules.freeze.hour <= 23):
        found.append(Fault("freeze_range", "The weekday is 1 to 7, the hour 0 to 23.", field="freeze"))
    return found


# --- steps -------------------------------------------------------------------------------------------------------------


def lateness(
    status: StepStatus | str, due_index: int, submitted_index: int | None, today_index: int, paused: int = 0
) -> int:
    """Counted working days by which a step is late; 0 for what is in time, finished, moved or ended.

    A step due today is not late: the due day has to end. While it waits for the accepter its clock stands at the day it
    was submitted; returned, it counts from its due day again. `paused`: days of rest between due day and today, where
    the indexes come from a calendar that does not know them.
    """
    if status not in OPEN:
        return 0
    until = today_index
    if status == StepStatus.SUBMITTED and submitted_index is not None:
        until = min(until, submitted_index)
    return max(0, until - due_index - paused)


def colour_of(days_late: int, thresholds: Thresholds) -> Colour:
    """The colour of so many days."""
    if days_late >= thresholds.red:
        return Colour.RED
    if days_late >= thresholds.orange:
        return Colour.ORANGE
    return Colour.YELLOW if days_late >= thresholds.yellow else Colour.GREEN


# --- places ------------------------------------------------------------------------------------------------------------


def colour_of_village(colours: Iterable[Colour]) -> Colour:
    """A village is as its worst open step; with none it is green."""
    return max(colours, key=COLOUR_ORDER.index, default=Colour.GREEN)


def colour_by_shares(below: Iterable[Colour], shares: ColourShares) -> Colour:
    """The worst colour whose share is reached; without places below, green. Exact: no division."""
    counts = [0] * len(COLOUR_ORDER)
    for colour in below:
        counts[COLOUR_ORDER.index(colour)] += 1
    total, reached = sum(counts), 0
    if not total:
        return Colour.GREEN
    for level, least in ((3, shares.red), (2, shares.orange), (1, shares.yellow)):
        reached += counts[level]
        if reached * WHOLE_BP >= least * total:
            return COLOUR_ORDER[level]
    return Colour.GREEN


def colour_of_town(villages: Iterable[Colour], own: Colour, shares: ColourShares) -> Colour:
    """A town (or a district, over its towns) by the share of what lies below, and by its own worst open step if so ruled."""
    by_share = colour_by_shares(villages, shares)
    return colour_of_village((by_share, own)) if shares.own_steps else by_share


@dataclass(frozen=True, slots=True)
class Seat:
    """A place of a campaign: its level ("district", "town", "village") and the place above it there, 0 for none."""

    place: int
    level: str
    above: int = 0


@dataclass(frozen=True, slots=True)
class Coloured:
    """A place with its colour and why: its worst open step, by how much, and how many steps are open, late and done."""

    place: int
    level: str
    above: int
    colour: Colour
    days_late: int
    worst_key: str
    open: int
    late: int
    done: int


class StepTally:
    """What adds up over the steps of one place."""

    __slots__ = ("done", "late", "open", "worst", "worst_key")

    def __init__(self) -> None:
        self.open = self.late = self.done = self.worst = 0
        self.worst_key = ""

    def add(self, key: str, status: str, days_late: int) -> None:
        """Take one step in; of equally late ones the earlier by key is named, so that the order of rows does not matter."""
        if status in OPEN:
            self.open += 1
            if days_late:
                self.late += 1
                if days_late > self.worst or (days_late == self.worst and key < self.worst_key):
                    self.worst, self.worst_key = days_late, key
        elif status in (StepStatus.ACCEPTED, StepStatus.WAIVED):
            self.done += 1


def compute_colours(seats: Sequence[Seat], tallies: Mapping[int, StepTally], rules: ColourRules) -> list[Coloured]:
    """The colour of every place: villages by their steps, towns by their villages, the district by its towns."""
    below: dict[int, list[Colour]] = {}
    coloured: list[Coloured] = []
    order = {"village": 0, "town": 1, "district": 2}
    for seat in sorted(seats, key=lambda seat: (order[seat.level], seat.place)):
        tally = tallies.get(seat.place) or StepTally()
        own = colour_of(tally.worst, rules.step)
        if seat.level == "village":
            colour = own
        else:
            shares = rules.town if seat.level == "town" else rules.district
            colour = colour_of_town(below.get(seat.place, ()), own, shares)
        below.setdefault(seat.above, []).append(colour)
        coloured.append(
            Coloured(
                seat.place, seat.level, seat.above, colour, tally.worst, tally.worst_key,
                tally.open, tally.late, tally.done,
            )
        )  # fmt: skip
    return coloured


# --- weeks -------------------------------------------------------------------------------------------------------------


def freeze_moments(freeze: Freeze, after: datetime, until: datetime, zone: tzinfo) -> list[datetime]:
    """The moments at which weeks end, later than `after` and not later than `until`, in the local time `zone`."""
    day = after.astimezone(zone).date()
    day += timedelta(days=(freeze.weekday - day.isoweekday()) % 7)
    found = []
    while (moment := datetime.combine(day, time(freeze.hour), zone)) <= until:
        if moment > after:
            found.append(moment)
        day += WEEK
    return found


def week_label(ends_on: date) -> str:
    """The ISO week of a day: "2026-W48"."""
    year, week, _weekday = ends_on.isocalendar()
    return f"{year}-W{week:02d}"


def why_not_counted(working_days: int, counted_days: int) -> str:
    """Why a week does not count for a streak: "holiday" without working days, "paused" when the campaign rested on all."""
    if not working_days:
        return "holiday"
    return "" if counted_days else "paused"
