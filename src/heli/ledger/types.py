"""Books and property as the rules see them: debit is plus, credit is minus, money in fen, areas in 0.01 m² (`dm2`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Balances = Mapping[str, int]
"""Account → fen."""


@dataclass(frozen=True, slots=True)
class CarriedItem:
    """An asset or a resource; its value is part of the balance of its account, where it has one. `operating_fen` is what it
    counts in its holder's net operating value.
    """

    id: str
    account: str = ""
    value_fen: int = 0
    area_dm2: int = 0
    operating_fen: int = 0


@dataclass(frozen=True, slots=True)
class CarriedBooks:
    """What a holder has and owes on the day: `contracts` are (id, item), claims and debts by the other holder's id."""

    id: str
    members: int
    balances: Balances
    items: tuple[CarriedItem, ...] = ()
    contracts: tuple[tuple[str, str], ...] = ()
    claims: Mapping[str, int] = field(default_factory=dict)
    debts: Mapping[str, int] = field(default_factory=dict)
    net_operating_fen: int = 0


@dataclass(frozen=True, slots=True)
class CarryMove:
    """A giver's books go to a successor, whole (10,000 basis points) or in part."""

    giver: str
    to: str
    share_bp: int = 10_000


@dataclass(frozen=True, slots=True)
class Carrying:
    """What shall be carried: `assign` sends the items of a divided giver, `is_levelled` asks for a common level per member,
    `in_shares` for shares of one fen each.

    `balance_on` is the account that takes what makes each part of a divided giver balance.
    """

    holders: tuple[CarriedBooks, ...]
    moves: tuple[CarryMove, ...]
    assign: Mapping[str, str] = field(default_factory=dict)
    is_levelled: bool = False
    balance_on: str = "311"
    in_shares: bool = False


@dataclass(frozen=True, slots=True)
class CarriedTo:
    """A successor's opening: balances that are not zero, items and contracts by id, all sorted."""

    id: str
    members: int
    balances: Balances
    items: tuple[str, ...]
    contracts: tuple[str, ...]
    area_dm2: int

    def as_json(self) -> dict[str, object]:
        """A successor of heli.carry/1."""
        return {
            "id": self.id,
            "members": self.members,
            "balances": dict(self.balances),
            "items": list(self.items),
            "contracts": list(self.contracts),
            "area_dm2": self.area_dm2,
        }


@dataclass(frozen=True, slots=True)
class CarryProof:
    """The proof: successors, claims that left as a visible pair (claimant, debtor, fen), holders levelled (id, put in, kept),
    shares of one fen that old holders' members get (id, members, shares, successor): a line for each part of a divided one.
    """

    successors: tuple[CarriedTo, ...]
    eliminated: tuple[tuple[str, str, int], ...] = ()
    levelled: tuple[tuple[str, int, int], ...] = ()
    points: tuple[tuple[str, int, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CarryBlocked:
    """Why nothing is carried: items with no destination, claims on which two books differ, holders below zero or empty, parts
    (giver, successor) of which no shares can come.
    """

    missing: tuple[str, ...] = ()
    disagree: tuple[tuple[str, str], ...] = ()
    negative: tuple[str, ...] = ()
    no_members: tuple[str, ...] = ()
    no_shares: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DividendLaw:
    """What holds for dividends at a place: the least reserve and welfare together, whether losses come off their base, and the
    most that one may hold (0: not said), in basis points; days a plan is open before the meeting (Art. 46).
    """

    jurisdiction: str = "CN"
    article: str = ""
    least_bp: int = 0
    most_bp: int = 0
    are_losses_first: bool = True
    open_days: int = 10


@dataclass(frozen=True, slots=True)
class DividendAsked:
    """A year's result and what shall be paid: all, a pot, or so much a share. `shares`: number of the roll → hundredths of a share.

    `brought_forward_fen` is what earlier years left, below zero their losses; each amount paid is a multiple of `unit_fen`.
    """

    income_fen: int
    expense_fen: int
    brought_forward_fen: int
    reserve_bp: int
    shares: Mapping[int, int]
    welfare_bp: int = 0
    pot_fen: int | None = None
    per_share_fen: int | None = None
    unit_fen: int = 1


@dataclass(frozen=True, slots=True)
class DividendWish:
    """What the board wants of a year: rates of reserve and welfare, all, a pot or so much a share; `never_fen` of it is money for
    reserved land, which is never distributed.
    """

    reserve_bp: int
    welfare_bp: int = 0
    pot_fen: int | None = None
    per_share_fen: int | None = None
    unit_fen: int = 1
    never_fen: int = 0


@dataclass(frozen=True, slots=True)
class DividendLeft:
    """The year's surplus, what is set aside of it, and what may be distributed, in fen."""

    surplus_fen: int
    reserve_fen: int
    welfare_fen: int
    distributable_fen: int


@dataclass(frozen=True, slots=True)
class Dividend:
    """What comes of it; only the parts that belong to the status are there."""

    status: str
    left: DividendLeft | None = None
    need_bp: int = 0
    short_fen: int = 0
    paid_fen: int = 0
    carried_fen: int = 0
    amounts: Mapping[int, int] = field(default_factory=dict)
    over_holding: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ContractLimit:
    """How many years the law lets a kind of contract stand, and at least; 0 where it says none."""

    kind: str
    article: str
    least_years: int = 0
    most_years: int = 0


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """A contract as the rules see it; votes are those of the assembly that let the land to an outsider."""

    kind: str
    begins_on: date
    ends_on: date
    rent_fen: int
    area_dm2: int = 0
    is_land: bool = False
    is_running: bool = True
    party_kind: str = ""
    votes_for: int = 0
    entitled: int = 0
    approval: str = ""
    decision: str = ""
    arrears_fen: int = 0
    void_from: date | None = None


@dataclass(frozen=True, slots=True)
class RentDue:
    """What a contract year brings, due on its first day."""

    first: date
    last: date
    fen: int


@dataclass(frozen=True, slots=True)
class RollLine:
    """A line of the roll as it was typed: shares in hundredths, `source` the row it stands in."""

    number: int
    household: int
    name: str
    sort: str = "member"
    shares: int = 0
    source: str = ""
