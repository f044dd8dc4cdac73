"""Data of points: what earns how many, for whom, up to how many a month, by what proof, confirmed by whom; and what never does."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from heli.kernel.catalogues import Catalogue, shipped, whole
from heli.kernel.faults import Fault, Refused
from heli.kernel.packs import Key, Shape, load_pack
from heli.points.types import Confirmer, EarnedBy, EarnedPer, Earner, Proof
from heli.records.words import words_of

NEVER = Path(__file__).parent / "data" / "never.toml"
_read = shipped(
    __file__, "acts",
    more=(
        Key("earner", Shape.TEXT, "who earns them", choices=tuple(Earner)),
        Key("points", Shape.WHOLE, "points each time, or for each hour", least=1),
        Key("per", Shape.TEXT, "time or hour", choices=tuple(EarnedPer)),
        Key("cap", Shape.WHOLE, "the most of one earner in a month", least=1),
        Key("proof", Shape.TEXT, "what proves it", choices=tuple(Proof)),
        Key("confirmer", Shape.TEXT, "who confirms it", choices=tuple(Confirmer)),
        Key("outcome", Shape.TEXT, "what of a matter earns it by itself", choices=tuple(EarnedBy), required=False),
    ),
    settings=(Key("units_table", Shape.YES_NO, "whether sums of organisations stand beside each other"),),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Earning:
    """What earns points: so many a time or an hour, at most `cap` of one earner in a calendar month."""

    key: str
    earner: Earner
    points: int
    per: EarnedPer
    cap: int
    proof: Proof
    confirmer: Confirmer


@cache
def never() -> tuple[str, ...]:
    """Words of what never earns points, in lower case."""
    pack = load_pack(NEVER, (Key("words", Shape.TEXTS, "words of what never earns points", least=1),))
    return tuple(str(word).lower() for word in pack.data["words"])


@cache
def acts() -> Catalogue:
    """What earns points. Raises `Refused` for what may not: log-ins, clicks, forwards, whereabouts (国办函〔2026〕12号)."""
    found = _read()
    if wrong := forbidden(found):
        raise Refused(wrong)
    return found


def forbidden(found: Catalogue) -> list[Fault]:
    """The acts of a catalogue that the notice forbids, by the words they use."""
    wrong = []
    for key, entry in found.entries.items():
        said = f"{key} {entry.words.zh} {entry.words.en}".lower()
        if word := next((word for word in never() if word in said), ""):
            text = f"{key!r} speaks of {word!r}: nothing earns points from log-ins, clicks, forwards or whereabouts. Remove it."
            wrong.append(Fault("never_earns", text, field=key, source="国办函〔2026〕12号"))
    return wrong


def earning_of(act: str) -> Earning | None:
    """What an act earns; None for one that is not in the file."""
    entry = acts().entries.get(act)
    if entry is None:
        return None
    more = entry.more
    return Earning(
        act, Earner(str(more["earner"])), whole(more["points"]), EarnedPer(str(more["per"])), whole(more["cap"]),
        Proof(str(more["proof"])), Confirmer(str(more["confirmer"])),
    )  # fmt: skip


def act_words() -> dict[str, str]:
    """Every act in the reader's language."""
    return words_of(acts())


def shift_acts() -> dict[str, str]:
    """The acts that a shift may be about, in the reader's language."""
    return _by(Proof.SHIFT)


def recorded_acts(may_award: bool) -> dict[str, str]:
    """The acts entered by hand: by a record; those of matters too by whoever confirms them, but what is earned by itself."""
    of_matters = _by(Proof.MATTER) if may_award else {}
    by_itself = set(outcome_acts().values())
    return {**_by(Proof.RECORD), **{key: text for key, text in of_matters.items() if key not in by_itself}}


def outcome_acts() -> dict[EarnedBy, str]:
    """The act that each outcome of a matter earns by itself, as far as the file names one."""
    entries = acts().entries
    return {EarnedBy(str(entry.more["outcome"])): key for key, entry in entries.items() if entry.more.get("outcome")}


def has_units_table() -> bool:
    """Whether the sums of organisations may be laid beside each other here."""
    return bool(acts().settings["units_table"])


def _by(proof: Proof) -> dict[str, str]:
    entries = acts().entries
    return {key: text for key, text in act_words().items() if entries[key].more["proof"] == proof}
