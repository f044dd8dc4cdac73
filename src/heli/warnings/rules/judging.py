"""How well earlier forecasts did, judged against what came."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Judged:
    """A forecast of one place and what came of it, as day indexes; `actual` None while it is not finished."""

    p50: int
    p80: int
    actual: int | None


@dataclass(frozen=True, slots=True)
class ForecastVerdict:
    """How a set of forecasts did: how many can be judged, how many of those ended by their P80, the median signed error
    against P50 in working days (positive: later than forecast; of the finished ones)."""

    judged: int
    within_p80: int
    finished: int
    median_error: int | None


def judge(forecasts: Sequence[Judged], today: int) -> ForecastVerdict:
    """Compare forecasts with what happened. One that is unfinished past its P80 has failed; before it, nothing is known."""
    known = [one for one in forecasts if one.actual is not None or today > one.p80]
    within = sum(one.actual is not None and one.actual <= one.p80 for one in known)
    errors = sorted(one.actual - one.p50 for one in known if one.actual is not None)
    return ForecastVerdict(len(known), within, len(errors), errors[(len(errors) - 1) // 2] if errors else None)
