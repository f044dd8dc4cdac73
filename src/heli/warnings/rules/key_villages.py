"""Key complex villages 重点复杂村: facts in, reasons, points and the tier out. Facts about villages and matters, never persons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heli.kernel.packs import Key, Pack, Shape
from heli.kernel.words import Words
from heli.warnings.types import Tier

_KIND = (
    Key("zh", Shape.TEXT, "in Chinese"),
    Key("en", Shape.TEXT, "in English"),
    Key("unit_zh", Shape.TEXT, "the unit in Chinese"),
    Key("unit_en", Shape.TEXT, "the unit in English"),
    Key("from", Shape.TEXT, "the measure, or what Heli counts, that it is read from", required=False),
    Key("least", Shape.WHOLE, "from which value on it is a reason", least=1),
    Key("points", Shape.WHOLE, "how much it weighs", least=1),
)
_TIERS = tuple(Key(tier.value, Shape.WHOLE, "from how many points on", least=1) for tier in Tier)
KEYS: tuple[Key, ...] = (
    Key("tiers", Shape.TABLE, "from how many points on which tier looks after a village", keys=_TIERS),
    Key("kinds", Shape.NAMED, "the facts that count", keys=_KIND, least=1),
)
"""What the file holds after its header."""


@dataclass(frozen=True, slots=True)
class ReasonKind:
    """A fact that makes a village a key one: from which value on, how much it weighs, where it is read (empty: stated)."""

    key: str
    words: Words
    unit: Words
    least: int
    points: int
    read_from: str = ""


@dataclass(frozen=True, slots=True)
class KeyRules:
    """The kinds by key, and the fewest points of each tier."""

    version: int
    kinds: Mapping[str, ReasonKind]
    tiers: Mapping[Tier, int]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a village is a key one: the kind, its value, and what was noted about the matter."""

    kind: str
    value: int
    note: str = ""

    def as_json(self) -> dict[str, object]:
        """As it is kept."""
        return {"kind": self.kind, "value": self.value, "note": self.note}


def parse_key_rules(pack: Pack) -> KeyRules:
    """The rules of a pack that was read with `KEYS`."""
    kinds = {
        key: ReasonKind(
            key,
            Words(given["zh"], given["en"]),
            Words(given["unit_zh"], given["unit_en"]),
            given["least"],
            given["points"],
            given.get("from", ""),
        )
        for key, given in pack.data["kinds"].items()
    }
    return KeyRules(pack.header.version, kinds, {tier: pack.data["tiers"][tier.value] for tier in Tier})


def compute_reasons(values: Mapping[str, int], rules: KeyRules) -> list[Reason]:
    """The reasons that facts give: {kind: value}; in the order of the file."""
    return [
        Reason(key, values[key]) for key, kind in rules.kinds.items() if key in values and values[key] >= kind.least
    ]


def compute_points(reasons: Sequence[Reason], rules: KeyRules) -> int:
    """What the reasons weigh together; each kind once."""
    return sum(rules.kinds[key].points for key in {reason.kind for reason in reasons} if key in rules.kinds)


def tier_of(points: int, rules: KeyRules) -> Tier | None:
    """The highest tier that so many points reach; None: not a key village."""
    return next((tier for tier in Tier if points >= rules.tiers[tier]), None)
