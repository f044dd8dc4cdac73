"""What is computed of stations. No Django here."""

from collections.abc import Sequence


def median(values: Sequence[int]) -> int | None:
    """The middle one; of an even number the lower of both in the middle, so that it is one that happened. None of none."""
    return sorted(values)[(len(values) - 1) // 2] if values else None
