"""How many units are asked for: at most, exactly, or a reduction by a share."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from mergeplan.types import Instance, RequestError


def aim_at(
    instance: Instance,
    *,
    at_most: int | None = None,
    exactly: int | None = None,
    reduction: str | Decimal | None = None,
) -> Instance:
    """Where the instance gives neither T nor K, the target follows from the count asked for."""
    rules = instance.rules
    asked = exactly if exactly is not None else at_most
    if reduction is not None:
        asked = count_after_reduction(instance.villages, reduction)
    if rules.is_target_given or rules.at_most is not None or not asked:
        return instance
    target = max((2 * sum(instance.pop) + asked) // (2 * asked), 1)
    return replace(instance, rules=replace(rules, target_pop=target))


def counts_asked(
    instance: Instance,
    *,
    at_most: int | None = None,
    exactly: int | None = None,
    at_least: int | None = None,
    reduction: str | Decimal | None = None,
) -> tuple[int, int]:
    """Fewest and most units asked for; at most one of the ways may be used. Raises `RequestError`."""
    # One way only; nothing is guessed from two that contradict each other.
    if sum(v is not None for v in (at_most, exactly, reduction)) > 1 or (exactly is not None and at_least is not None):
        raise RequestError("ask for at most, exactly or a reduction: one of them")
    rules = instance.rules
    if exactly is not None:
        return exactly, exactly
    if reduction is not None:
        return at_least or 0, count_after_reduction(instance.villages, reduction)
    if at_most is not None:
        return at_least or 0, at_most
    high = instance.villages if rules.at_most is None else rules.at_most
    low = rules.at_least if at_least is None else at_least
    return low or 0, high


def count_after_reduction(villages: int, reduction: str | Decimal) -> int:
    """Most villages left when at least this share must go: "40.95%", "40.95 %" or 0.4095, as an integer inequality.

    254 · 40.95 % = 104.01, so 104 fall short and 149 remain. Raises `RequestError`.
    """
    text = str(reduction).strip().replace("％", "%")
    try:
        share = Decimal(text[:-1].strip()) / 100 if text.endswith("%") else Decimal(text)
    except InvalidOperation:
        share = Decimal(-1)
    if not share.is_finite() or not 0 <= share <= 1:
        raise RequestError(f"{reduction!r} is no reduction: write 40.95% or 0.4095")
    numerator, denominator = share.as_integer_ratio()
    return villages - -(-villages * numerator // denominator)
