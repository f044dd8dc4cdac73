"""What all drawings share: tints, text and its width, marks, legends, axes. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

FONTS = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',SimHei,sans-serif"
INK, QUIET, RULE, PAPER = "#17211f", "#5b6966", "#dde4e1", "#ffffff"
LINES = ("#0b5a5c", "#4a75a8", "#7c60a5", "#9a8128")
"""Colours of curves; none of them warns."""
SEQUENCE = ("#e6f2f0", "#b9dad5", "#83bcb5", "#4a9892", "#176b6b")
"""Light to dark: the order is readable in grey, too."""
MISSING = "url(#heli-missing)"
LEGEND_LINE = 25


@dataclass(frozen=True, slots=True)
class Tint:
    """A class of a map or chart: its words, its fill, and the mark that tells it without colour.

    `shape` is "dot", "triangle", "diamond", "square" or "" for none; `letter` (one character) stands inside it.
    """

    label: str
    fill: str
    letter: str = ""
    shape: str = ""
    ink: str = INK


COLOURS: Mapping[str, tuple[str, str, str]] = {
    "green": ("#cfe6d4", "dot", "#17663a"),
    "yellow": ("#ffe477", "triangle", "#4d3d00"),
    "orange": ("#f5a65b", "diamond", "#3d1d00"),
    "red": ("#c9352f", "square", "#ffffff"),
}
"""Fill, shape and ink of the colours of a campaign, from in time to worst."""


def colour_tints(words: Mapping[str, str], letters: Mapping[str, str]) -> list[Tint]:
    """Green, yellow, orange and red with the caller's words and letters (黄, 橙, 红; "Y", "O", "R"), in this order."""
    return [
        Tint(words.get(key, key), fill, letters.get(key, ""), shape, ink) for key, (fill, shape, ink) in COLOURS.items()
    ]


def sequence_tints(labels: Sequence[str]) -> list[Tint]:
    """One to five classes from light to dark, spread over the whole scale."""
    if not 1 <= len(labels) <= len(SEQUENCE):
        raise ValueError(f"a sequence has 1 to {len(SEQUENCE)} classes")
    last = len(SEQUENCE) - 1
    picks = [last // 2] if len(labels) == 1 else [round(at * last / (len(labels) - 1)) for at in range(len(labels))]
    return [
        Tint(label, SEQUENCE[pick], ink=PAPER if pick == last else INK)
        for label, pick in zip(labels, picks, strict=True)
    ]


def n(value: float) -> str:
    """A coordinate with at most one decimal."""
    shown = f"{value:.1f}".removesuffix(".0")
    return "0" if shown == "-0" else shown


def text_width(text: str, size: float) -> float:
    """About how wide a text is: a Chinese character is one em, others a little over half."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.56 for c in text) * size


def text(
    x: float, y: float, words: str, *, size: float = 13, anchor: str = "start", fill: str = INK, more: str = ""
) -> str:
    """A line of text standing on y."""
    return (
        f'<text x="{n(x)}" y="{n(y)}" font-size="{n(size)}" text-anchor="{anchor}" fill="{fill}"{more}>'
        f"{escape(words)}</text>"
    )


def cut(words: str, room: float, size: float) -> str:
    """As much of a text as fits, with an ellipsis where some is left out."""
    if text_width(words, size) <= room:
        return words
    while words and text_width(words + "…", size) > room:
        words = words[:-1]
    return words + "…"


def mark(x: float, y: float, tint: Tint, size: float = 15) -> str:
    """The shape of a tint with its letter, centred; nothing where it has none."""
    half = size / 2
    look = f'fill="{tint.fill}" stroke="{INK}" stroke-width="1"'
    shapes = {
        "dot": f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(size / 6)}" fill="{tint.ink}"/>',
        "square": f'<rect x="{n(x - half)}" y="{n(y - half)}" width="{n(size)}" height="{n(size)}" {look}/>',
        "diamond": f'<path d="M{n(x)} {n(y - size * 0.72)}L{n(x + size * 0.72)} {n(y)}L{n(x)} {n(y + size * 0.72)}'
        f'L{n(x - size * 0.72)} {n(y)}Z" {look}/>',
        "triangle": f'<path d="M{n(x)} {n(y - size * 0.8)}L{n(x + size * 0.82)} {n(y + size * 0.56)}'
        f'L{n(x - size * 0.82)} {n(y + size * 0.56)}Z" {look}/>',
    }
    if tint.shape not in shapes:
        return ""
    small = 0.68 if tint.shape == "triangle" else 0.78
    drop = size * (0.4 if tint.shape == "triangle" else 0.28)
    letter = (
        text(x, y + drop, tint.letter, size=size * small, anchor="middle", fill=tint.ink)
        if tint.letter and tint.shape != "dot"
        else ""
    )
    return shapes[tint.shape] + letter


def legend(tints: Iterable[Tint], y: float, width: float, *, missing: str = "", left: float = 12) -> tuple[str, float]:
    """Keys in as many lines as they need, and the y below them. `missing` names the hatched class where there is one."""
    keys = [*tints, *([Tint(missing, MISSING)] if missing else [])]
    parts, x, line = [], left, y
    for tint in keys:
        room = 37 + text_width(tint.label, 13) + 18
        if x > left and x + room > width - 12:
            x, line = left, line + LEGEND_LINE
        parts.append(
            f'<rect x="{n(x)}" y="{n(line)}" width="30" height="18" fill="{tint.fill}" stroke="{QUIET}" stroke-width=".7"/>'
        )
        parts += [mark(x + 15, line + 9, tint, 13), text(x + 37, line + 14, tint.label)]
        x += room
    return "".join(parts), line + LEGEND_LINE + 2


def canvas(body: str, width: float, height: float, title: str, *, is_hatched: bool = False) -> str:
    """The whole drawing on white; its title is read out and shown on hovering. Without one its page says it beside it, in words."""
    hatch = (
        '<defs><pattern id="heli-missing" width="7" height="7" patternUnits="userSpaceOnUse">'
        '<rect width="7" height="7" fill="#f4f4f2"/><path d="M-1 1 1-1M0 7 7 0M6 8 8 6" stroke="#8b9693" stroke-width="1"/>'
        "</pattern></defs>"
        if is_hatched
        else ""
    )
    named = f'role="img" aria-label={quoteattr(title)}' if title else 'aria-hidden="true"'
    name = f"<title>{escape(title)}</title>" if title else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {n(width)} {n(height)}" width="{n(width)}" '
        f'height="{n(height)}" {named} font-family={quoteattr(FONTS)}>'
        f'{name}{hatch}<rect width="100%" height="100%" fill="{PAPER}"/>{body}</svg>'
    )


def heading(title: str, width: float) -> tuple[str, float]:
    """The title across the top, and the y below it; nothing without one."""
    return (text(12, 26, cut(title, width - 24, 17), size=17, more=' font-weight="600"'), 40) if title else ("", 10)


def ticks(most: int, wanted: int = 5) -> list[int]:
    """Round numbers from nought to at least `most`: 1, 2 or 5 times a power of ten apart."""
    most = max(most, 1)
    step = 1
    while most > step * wanted:
        step = next(next_step for next_step in _steps() if next_step > step)
    return list(range(0, most + step, step))


def _steps() -> Iterable[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10
