"""What is computed of stations. No Django here."""

from collections.abc import Collection, Mapping, Sequence


def median(values: Sequence[int]) -> int | None:
    """The middle one; of an even number the lower of both in the middle, so that it is one that happened. None of none."""
    return sorted(values)[(len(values) - 1) // 2] if values else None


def compute_changes(
    wanted: Mapping[str, object], standing: Collection[str], ever: Collection[str]
) -> tuple[list[str], list[str]]:
    """Which sources are to be entered and which lines taken back, so that what is wanted stands.

    `standing` are the sources of lines not reversed, `ever` those of all lines: what was taken back is never entered again.
    """
    return [one for one in wanted if one not in ever], sorted(one for one in standing if one not in wanted)
