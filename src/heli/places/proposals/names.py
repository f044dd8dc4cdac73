"""How alike two names of villages are. Pure."""

from heli.places.naming import name_words


def likeness(one: str, other: str) -> int:
    """How alike two names are, 0–1000: what is left after the fewest letters are changed, added or dropped."""
    longest = max(len(one), len(other))
    return 1000 * (longest - distance(one, other)) // longest if longest else 0


def distance(one: str, other: str) -> int:
    """Letters to change, add or drop to make one name of the other."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, against in enumerate(other, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (letter != against))
    return row[-1]


def told_apart(one: str, other: str) -> bool:
    """Whether two names differ only in a number or direction (黎一, 黎二): neighbours, not one renamed."""
    if len(one) != len(other):
        return False
    differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    telling = name_words().telling
    return bool(differing) and all(a in telling and b in telling for a, b in differing)
