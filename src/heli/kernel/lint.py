"""Published figures that cannot be: percentages no count gives, sums that do not add up, points written as percent.

Pure and exact: a figure is read as a whole number and its decimals, never as a float. Sentences for people are made by
whoever shows the flags; the rows marked ✗ in the districts' own texts are the test cases.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from heli.kernel.quantities import round_half_up

MULTIPLIERS: Mapping[str, int] = {"万": 4, "亿": 8}
ABOUT = re.compile(r"[余多]|以上|左右|约|近")
NUMBER = re.compile(r"[+\-±−]?\d+(?:,\d{3})*(?:\.\d+)?")
SIGNS = ("%", "‰")


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing that cannot be right, or cannot be checked: a stable code and the values its sentence names."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A number as it was written: `digits` with `decimals` of them behind the point ("54.33" is 5433 and 2).

    `sign` is "%" or empty; `is_about` for 800多, 近4000; `typos` names what had to be mended to read it.
    """

    digits: int
    decimals: int
    sign: str = ""
    is_about: bool = False
    typos: tuple[str, ...] = ()

    def scaled(self, decimals: int) -> int:
        """The number times 10^decimals, which must not be fewer than its own."""
        return int(self.digits * 10 ** (decimals - self.decimals))

    def text(self) -> str:
        """ "54.33": as it is read."""
        if not self.decimals:
            return str(self.digits)
        sign, plain = ("-", -self.digits) if self.digits < 0 else ("", self.digits)
        digits = str(plain).rjust(self.decimals + 1, "0")
        return f"{sign}{digits[: -self.decimals]}.{digits[-self.decimals :]}"


def read(text: str) -> Written | None:
    """A figure as officials type it: １２３, 9。98 %, +44.04%, 8100多, 3500万; None where there is no number."""
    typos = []
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain != text.strip() and re.search(r"[０-９．，％]", text):
        typos.append("full_width")
    if re.search(r"\d\s*。\s*\d", plain):
        typos.append("full_stop")
        plain = re.sub(r"(?<=\d)\s*。\s*(?=\d)", ".", plain)
    found = NUMBER.search(plain.replace(" ", ""))
    if found is None:
        return None
    number, rest = found.group().replace(",", "").lstrip("+±"), plain.replace(" ", "")[found.end() :]
    number = number.replace("−", "-")
    whole, _, fraction = number.partition(".")
    digits, decimals = int(whole + fraction), len(fraction)
    for word, zeros in MULTIPLIERS.items():
        if rest.startswith(word):
            digits, decimals = digits * 10 ** max(zeros - decimals, 0), max(decimals - zeros, 0)
    sign = next((sign for sign in SIGNS if sign in rest[:2]), "")
    is_about = ABOUT.search(plain) is not None
    return Written(digits, decimals, sign, is_about, tuple(typos))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A published figure with what its text says about it; whatever is not said stays empty.

    `text`: the figure itself. `numerator`, `base`: the counts it claims to be made of. `parts`: figures that are to add up
    to it. `difference_of`: the two percentages it is the difference of. `mean_of`: (total, number of units) of a mean.
    `known_bases`: the counts that the scope can have ("254 villages, 148 afterwards"). `low`, `high`: how many of the
    numerator one unit of the base must have and can have. `is_change`: a growth, which may pass 100 %.
    """

    text: str
    numerator: int | None = None
    base: int | None = None
    parts: tuple[str, ...] = ()
    difference_of: tuple[str, ...] = ()
    mean_of: tuple[int, ...] = ()
    known_bases: tuple[int, ...] = ()
    low: int | None = None
    high: int | None = None
    is_change: bool = False

    @property
    def grows(self) -> bool:
        """Whether it is a growth: said so, or written with its sign (+44.04 %)."""
        return self.is_change or self.text.strip().startswith(("+", "＋"))


def check(claim: Claim) -> list[Flag]:
    """Everything about a claim that cannot be right; warnings say what cannot be checked."""
    written = read(claim.text)
    if written is None:
        return [Flag("unreadable", {"text": claim.text})]
    flags = [
        Flag(f"typo_{typo}", {"text": claim.text, "read": written.text()}, is_warning=True) for typo in written.typos
    ]
    if claim.difference_of:
        flags += check_points(written, claim.difference_of)
    elif written.sign == "%":
        flags += check_percentage(written, claim)
    flags += check_sum(written, claim)
    flags += check_mean(written, claim)
    flags += check_base(written, claim)
    flags += check_range(claim)
    return flags


def check_percentage(written: Written, claim: Claim) -> list[Flag]:
    """A percentage must come from whole numbers of its base, and a share cannot pass the whole."""
    flags = []
    if not claim.grows and written.digits > 100 * 10**written.decimals:
        flags.append(Flag("above_whole", {"text": written.text()}))
    if claim.numerator is not None and claim.base:
        given = percent(claim.numerator, claim.base, written.decimals)
        if given != written.digits and not written.is_about:
            facts = {"text": written.text(), "numerator": claim.numerator, "base": claim.base}
            flags.append(Flag("not_its_fraction", {**facts, "given": _as_text(given, written.decimals)}))
    elif claim.base and not written.is_about and not claim.grows:
        if not fits(written, claim.base):
            low, high = nearest(written, claim.base)
            flags.append(
                Flag("no_whole_number", {"text": written.text(), "base": claim.base, "low": low, "high": high})
            )
    elif not claim.base and not claim.parts and not claim.grows:
        flags.append(Flag("base_missing", {"text": written.text()}, is_warning=True))
    return flags


def check_points(written: Written, both: Sequence[str]) -> list[Flag]:
    """The difference of two percentages is percentage points, and must be their difference."""
    flags = []
    if written.sign == "%":
        flags.append(Flag("points_as_percent", {"text": written.text()}))
    first, second = (read(text) for text in both)
    if first is not None and second is not None:
        decimals = max(first.decimals, second.decimals, written.decimals)
        if first.scaled(decimals) - second.scaled(decimals) != written.scaled(decimals):
            given = _as_text(first.scaled(decimals) - second.scaled(decimals), decimals)
            flags.append(Flag("wrong_difference", {"text": written.text(), "given": given}))
    return flags


def check_sum(written: Written, claim: Claim) -> list[Flag]:
    """Parts must add up: counts exactly, percentages of one whole as far as their rounding allows."""
    parts = [part for part in (read(text) for text in claim.parts) if part is not None]
    if not parts or written.is_about or any(part.is_about for part in parts):
        return []
    decimals = max(written.decimals, *(part.decimals for part in parts))
    total, wanted = sum(part.scaled(decimals) for part in parts), written.scaled(decimals)
    facts = {"text": written.text(), "sum": _as_text(total, decimals)}
    if written.sign != "%":
        return [Flag("parts_differ", facts)] if total != wanted else []
    # Each part was rounded half up: its true value lies in [part − ½, part + ½) of its last digit. In twentieths.
    reach = sum(10 ** (decimals - part.decimals) for part in parts)
    if not 2 * total - reach <= 2 * wanted < 2 * total + reach:
        return [Flag("parts_differ", facts)]
    return []


def check_mean(written: Written, claim: Claim) -> list[Flag]:
    """A mean times the number of units must give back the total, as far as its rounding allows."""
    if len(claim.mean_of) != 2 or written.is_about:
        return []
    total, units = claim.mean_of
    if units <= 0:
        return [Flag("base_missing", {"text": written.text()})]
    given = round_half_up(total * 10**written.decimals, units)
    if given == written.digits:
        return []
    facts = {"text": written.text(), "total": total, "units": units, "given": _as_text(given, written.decimals)}
    return [Flag("mean_differs", facts)]


def check_base(written: Written, claim: Claim) -> list[Flag]:
    """A total, or the base of a percentage, must be one of the counts that its scope has."""
    if not claim.known_bases:
        return []
    base = claim.base if claim.base is not None else written.digits if written.sign != "%" else None
    if base is None:
        # The percentage tells which of the known bases it can be of.
        if written.is_about or any(fits(written, known) for known in claim.known_bases):
            return []
        return [Flag("no_known_base", {"text": written.text(), "bases": claim.known_bases})]
    return [] if base in claim.known_bases else [Flag("other_base", {"base": base, "bases": claim.known_bases})]


def check_range(claim: Claim) -> list[Flag]:
    """So many per unit must be possible: a Party branch has three members, a monthly meeting six sittings in half a year."""
    if claim.numerator is None or not claim.base:
        return []
    each = _as_text(round_half_up(10 * claim.numerator, claim.base), 1)
    facts = {"numerator": claim.numerator, "base": claim.base, "each": each}
    if claim.low is not None and claim.numerator < claim.low * claim.base:
        return [Flag("too_few_each", {**facts, "low": claim.low})]
    if claim.high is not None and claim.numerator > claim.high * claim.base:
        return [Flag("too_many_each", {**facts, "high": claim.high})]
    return []


def percent(numerator: int, base: int, decimals: int) -> int:
    """numerator/base in percent times 10^decimals, rounded half up."""
    return round_half_up(numerator * 100 * 10**decimals, base)


def nearest(written: Written, base: int) -> tuple[int, int]:
    """The whole numbers below and above the share of the base that a percentage names."""
    low = written.digits * base // (100 * 10**written.decimals)
    return low, low + 1


def fits(written: Written, base: int) -> bool:
    """Whether some whole number of the base gives the percentage, rounded half up to its decimals."""
    return base > 0 and any(
        percent(number, base, written.decimals) == written.digits for number in nearest(written, base)
    )


def fitting(text: str, bases: Collection[int]) -> list[tuple[int, int]]:
    """(numerator, base) for every base that can give the percentage: where an impossible one may come from."""
    written = read(text)
    if written is None:
        return []
    return [
        (number, base)
        for base in sorted(bases)
        if base > 0
        for number in nearest(written, base)
        if percent(number, base, written.decimals) == written.digits
    ]


def _as_text(digits: int, decimals: int) -> str:
    return Written(digits, decimals).text()
