"""Burn-up, colour history, ranking and small multiples as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from heli.kernel.quantities import decimal_text
from heli.ui.drawing.svg import (
    INK,
    LINES,
    PAPER,
    QUIET,
    RULE,
    Tint,
    canvas,
    cut,
    heading,
    legend,
    mark,
    n,
    text,
    text_width,
    ticks,
)

MOST_DAYS_NAMED = 8
DAY_ROOM = 84
"""Units along the axis that a whole day takes, written 2026-11-27."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Counts by day, oldest first: (day, how many until then). A planned curve is dashed."""

    name: str
    points: Sequence[tuple[date, int]]
    is_planned: bool = False


@dataclass(frozen=True, slots=True)
class ChartPanel:
    """One small burn-up among several: a town with its curves (what was done first) and its total."""

    name: str
    curves: Sequence[Curve]
    total: int


@dataclass(frozen=True, slots=True)
class Rank:
    """A place in a ranking: done of all; `planned` how many should be done by now (None: no tick); its tint; its curves."""

    name: str
    done: int
    total: int
    planned: int | None = None
    tint: Tint | None = None
    curves: Sequence[Curve] = ()


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where days and counts lie on the drawing."""

    left: float
    top: float
    right: float
    bottom: float
    first: date
    last: date
    most: int

    def x(self, day: date) -> float:
        days = max((self.last - self.first).days, 1)
        return self.left + (self.right - self.left) * (day - self.first).days / days

    def y(self, count: int) -> float:
        return self.bottom - (self.bottom - self.top) * count / max(self.most, 1)

    def line(self, curve: Curve, colour: str, width: float) -> str:
        """The curve from point to point."""
        steps = "L".join(f"{n(self.x(day))} {n(self.y(count))}" for day, count in curve.points)
        dashes = ' stroke-dasharray="6 4"' if curve.is_planned else ""
        return f'<path d="M{steps}" fill="none" stroke="{colour}" stroke-width="{n(width)}"{dashes} stroke-linejoin="round"/>'


def burn_up_svg(
    curves: Sequence[Curve],
    *,
    total: int,
    title: str = "",
    total_label: str = "",
    on: date | None = None,
    on_label: str = "",
    unit: str = "",
    width: int = 900,
    height: int = 420,
) -> str:
    """What was done by each day against what was planned, under the line of everything that there is to do.

    `curves`: done first, planned ones dashed; `total` the level of the line, named by `total_label`; `on` marks a day
    (today, the end of the week) with `on_label`; `unit` names what is counted, above the axis.
    """
    top, y = heading(title, width)
    keys, after = _curve_keys(curves, y, width)
    marks = ticks(max([total, *(count for curve in curves for _day, count in curve.points)]))
    left = 16 + text_width(f"{marks[-1]:,}", 12)
    days = [day for curve in curves for day, _count in curve.points] + ([on] if on else [])
    if not days:
        return canvas(top + keys, width, after, title)
    frame = _Frame(left, after + 20, width - 70, height - 34, min(days), max(days), marks[-1])
    body = [top, keys, text(12, after + 8, unit, size=12, fill=QUIET)]
    for level in marks:
        at = frame.y(level)
        body.append(f'<path d="M{n(frame.left)} {n(at)}H{n(frame.right)}" stroke="{RULE}" stroke-width="1"/>')
        body.append(text(frame.left - 6, at + 4, f"{level:,}", size=12, anchor="end", fill=QUIET))
    body += [_day_name(frame, day, words) for day, words in _day_names(frame)]
    whole = frame.y(total)
    body.append(f'<path d="M{n(frame.left)} {n(whole)}H{n(frame.right)}" stroke="{INK}" stroke-width="1.2"/>')
    body.append(text(frame.left + 6, whole - 5, f"{total_label} {total:,}".strip(), size=12))
    if on is not None:
        x = frame.x(on)
        body.append(f'<path d="M{n(x)} {n(frame.top)}V{n(frame.bottom)}" stroke="#b4540a" stroke-width="1.2"/>')
        said = f"{on_label} {on.isoformat()}".strip()
        is_late = x + text_width(said, 12) > frame.right
        body.append(
            text(x + (-5 if is_late else 5), frame.top - 4, said, size=12, anchor="end" if is_late else "start")
        )
    for at, curve in enumerate(curves):
        if curve.points:
            colour = LINES[at % len(LINES)]
            day, count = curve.points[-1]
            # Ends that lie close together are written above and below the points.
            near = [other.points[-1] for other in curves if other is not curve and other.points]
            is_near = any(
                abs(frame.x(d) - frame.x(day)) < 40 and abs(frame.y(c) - frame.y(count)) < 14 for d, c in near
            )
            is_above = all((count, not curve.is_planned) > (c, curve.is_planned) for _d, c in near)
            drop = (-4 if is_above else 12) if is_near else 4
            body.append(frame.line(curve, colour, 2.2))
            body.append(f'<circle cx="{n(frame.x(day))}" cy="{n(frame.y(count))}" r="3.4" fill="{colour}"/>')
            body.append(text(frame.x(day) + 7, frame.y(count) + drop, f"{count:,}", size=12, fill=colour))
    return canvas("".join(body), width, height, title)


def _curve_keys(curves: Sequence[Curve], y: float, width: float) -> tuple[str, float]:
    x, parts = 12.0, []
    for at, curve in enumerate(curves):
        dashes = ' stroke-dasharray="6 4"' if curve.is_planned else ""
        parts.append(
            f'<path d="M{n(x)} {n(y + 6)}h28" stroke="{LINES[at % len(LINES)]}" stroke-width="2.4"{dashes}/>'
            + text(x + 35, y + 11, cut(curve.name, width - x - 50, 13))
        )
        x += 35 + text_width(curve.name, 13) + 22
    return "".join(parts), y + 20


def _day_name(frame: _Frame, day: date, words: str) -> str:
    """A day under the axis; the first begins where the axis does."""
    anchor = "start" if day == frame.first else "middle"
    return text(frame.x(day), frame.bottom + 20, words, size=12, anchor=anchor, fill=QUIET)


def _day_names(frame: _Frame) -> list[tuple[date, str]]:
    """As many days along the axis as have room, few; the year stands with the first and where it turns."""
    first, span = frame.first, max((frame.last - frame.first).days, 1)
    most = min(MOST_DAYS_NAMED, int((frame.right - frame.left) / DAY_ROOM))
    step = max(1, -(-span // max(most - 1, 1)))
    days = [first + timedelta(days=at) for at in range(0, span + 1, step)]
    named, year = [], 0
    for day in days:
        named.append((day, day.isoformat() if day.year != year else f"{day:%m-%d}"))
        year = day.year
    return named


def colour_history_svg(
    labels: Sequence[str],
    counts: Sequence[Sequence[int]],
    tints: Sequence[Tint],
    *,
    title: str = "",
    unit: str = "",
    width: int = 900,
    height: int = 380,
) -> str:
    """How many places had each colour in each frozen week: a column per week, worst on top.

    `labels`: the weeks, oldest first ("2026-W48"); `counts`: per week one number for each tint, in the tints' order.
    """
    top, y = heading(title, width)
    keys, after = legend(tints, y - 4, width)
    most = max((sum(week) for week in counts), default=0)
    marks = ticks(most)
    left = 16 + text_width(f"{marks[-1]:,}", 12)
    frame = _Frame(left, after + 18, width - 14, height - 30, date.min, date.max, marks[-1])
    body = [top, keys, text(12, after + 8, unit, size=12, fill=QUIET)]
    for level in marks:
        at = frame.y(level)
        body.append(f'<path d="M{n(frame.left)} {n(at)}H{n(frame.right)}" stroke="{RULE}" stroke-width="1"/>')
        body.append(text(frame.left - 6, at + 4, f"{level:,}", size=12, anchor="end", fill=QUIET))
    room = (frame.right - frame.left) / max(len(labels), 1)
    bar = min(room * 0.72, 64)
    every = max(1, -(-int(text_width("2026-W48", 12) + 10) // max(int(room), 1)))
    for week, (label, numbers) in enumerate(zip(labels, counts, strict=True)):
        x = frame.left + room * (week + 0.5)
        below = 0
        for tint, number in zip(tints, numbers, strict=True):
            if number:
                high, low = frame.y(below + number), frame.y(below)
                body.append(
                    f'<rect x="{n(x - bar / 2)}" y="{n(high)}" width="{n(bar)}" height="{n(low - high)}" fill="{tint.fill}" '
                    f'stroke="{PAPER}" stroke-width="1"/>'
                )
                if low - high >= 15 and bar >= 20:
                    said = f"{tint.letter}{number:,}" if bar >= 34 else f"{number:,}"
                    body.append(text(x, (low + high) / 2 + 4, said, size=11, anchor="middle", fill=tint.ink))
                below += number
        if week % every == 0:
            body.append(text(x, frame.bottom + 18, label, size=12, anchor="middle", fill=QUIET))
    return canvas("".join(body), width, height, title)


def ranking_svg(
    rows: Sequence[Rank], *, title: str = "", planned_label: str = "", width: int = 900, most: int = 60, pitch: int = 22
) -> str:
    """Places by the share that is done, the best first: bar, tick of the plan, "138/254", percentage, mark of the colour.

    Sorted here by the exact share (a place with nothing to do comes last), then by name. Rows with curves show them small at
    the right. `planned_label` says what the tick means. At most `most` rows, `pitch` high each unless they have curves.
    """
    top, y = heading(title, width)
    ordered = sorted(rows, key=lambda row: (row.total == 0, -Fraction(row.done, row.total or 1), row.name))[:most]
    if planned_label and any(row.planned is not None for row in ordered):
        key = f'<path d="M18 {n(y)}v14" stroke="{INK}" stroke-width="2.4"/>' + text(28, y + 12, planned_label, size=12)
        top, y = top + key, y + 24
    name_room = min(max([text_width(row.name, 13) for row in ordered], default=0), 170)
    has_curves = any(row.curves for row in ordered)
    high = 34 if has_curves else pitch
    bar = min(14, high - 4)
    left = 44 + name_room
    numbers = 150
    small = 150 if has_curves else 0
    room = width - left - numbers - small - 20
    body = [top]
    for at, row in enumerate(ordered):
        middle = y + high * (at + 0.5)
        if row.tint is not None:
            body.append(mark(20, middle, row.tint, 13))
        body.append(text(36, middle + 5, cut(row.name, name_room, 13)))
        body.append(f'<rect x="{n(left)}" y="{n(middle - bar / 2)}" width="{n(room)}" height="{bar}" fill="#eef2f0"/>')
        if row.total:
            share = room * row.done / row.total
            body.append(
                f'<rect x="{n(left)}" y="{n(middle - bar / 2)}" width="{n(share)}" height="{bar}" fill="{LINES[0]}"/>'
            )
            if row.planned is not None:
                tick = left + room * min(row.planned, row.total) / row.total
                body.append(f'<path d="M{n(tick)} {n(middle - 10)}v20" stroke="{INK}" stroke-width="2.4"/>')
        percent = decimal_text(row.done * 100, row.total, 1) + " %" if row.total else "—"
        body.append(text(left + room + 74, middle + 5, percent, anchor="end"))
        body.append(text(left + room + 82, middle + 5, f"{row.done:,}/{row.total:,}", size=12, fill=QUIET))
        if row.curves:
            box = (width - small - 6, middle - high / 2 + 3, width - 14, middle + high / 2 - 3)
            body.append(_small(row.curves, row.total, box))
    return canvas("".join(body), width, y + high * max(len(ordered), 1) + 10, title)


def multiples_svg(panels: Sequence[ChartPanel], *, title: str = "", per_row: int = 4, width: int = 900) -> str:
    """Small burn-ups side by side on one scale of days, each up to its own total, in the order given; keys at the top."""
    top, y = heading(title, width)
    keys, after = _curve_keys(panels[0].curves if panels else (), y, width)
    days = [day for panel in panels for curve in panel.curves for day, _count in curve.points]
    span = (min(days), max(days)) if days else None
    cell, high = (width - 24) / per_row, 112
    body = [top, keys]
    for at, panel in enumerate(panels):
        x, line = 12 + cell * (at % per_row), after + 8 + high * (at // per_row)
        done = panel.curves[0].points[-1][1] if panel.curves and panel.curves[0].points else 0
        percent = f"{decimal_text(done * 100, panel.total, 1)} %" if panel.total else "—"
        body.append(text(x, line + 13, cut(panel.name, cell - 74, 13)))
        body.append(text(x + cell - 16, line + 13, percent, size=12, anchor="end", fill=QUIET))
        body.append(_small(panel.curves, panel.total, (x, line + 20, x + cell - 16, line + high - 14), span))
    lines = -(-len(panels) // per_row)
    return canvas("".join(body), width, after + 12 + high * max(lines, 1), title)


def _small(
    curves: Sequence[Curve],
    total: int,
    box: tuple[float, float, float, float],
    span: tuple[date, date] | None = None,
) -> str:
    """Curves in a little frame without axes."""
    days = [day for curve in curves for day, _count in curve.points]
    left, top, right, bottom = box
    frame_look = (
        f'<path d="M{n(left)} {n(bottom)}H{n(right)}M{n(left)} {n(top)}H{n(right)}" stroke="{RULE}" stroke-width="1"/>'
    )
    if not days:
        return frame_look
    first, last = span or (min(days), max(days))
    frame = _Frame(left, top, right, bottom, first, last, total)
    drawn = [frame.line(curve, LINES[at % len(LINES)], 1.8) for at, curve in enumerate(curves) if curve.points]
    return frame_look + "".join(drawn)
