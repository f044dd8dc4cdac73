"""Books and property as the rules see them: debit is plus, credit is minus, money in fen, areas in 0.01 m² (`dm2`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Balances = Mapping[str, int]
"""Account → fen."""


@dataclass(frozen=True, slots=True)
class CarriedItem:
    """An asset or a resource; its value is part of the balance of its account, where it has one."""

    id: str
    account: str = ""
    value_fen: int = 0
    area_dm2: int = 0


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
    """What shall be carried: `assign` sends the items of a divided giver, `is_levelled` asks for a common level per member.

    `balance_on` is the account that takes what makes each part of a divided giver balance.
    """

    holders: tuple[CarriedBooks, ...]
    moves: tuple[CarryMove, ...]
    assign: Mapping[str, str] = field(default_factory=dict)
    is_levelled: bool = False
    balance_on: str = "311"


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
    """The proof: successors, claims that left as a visible pair (claimant, debtor, fen), holders levelled (id, put in, kept)."""

    successors: tuple[CarriedTo, ...]
    eliminated: tuple[tuple[str, str, int], ...] = ()
    levelled: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class CarryBlocked:
    """Why nothing is carried: items with no destination, claims on which two books differ, holders below zero or empty."""

    missing: tuple[str, ...] = ()
    disagree: tuple[tuple[str, str], ...] = ()
    negative: tuple[str, ...] = ()
    no_members: tuple[str, ...] = ()
