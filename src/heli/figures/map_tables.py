"""The table beside the battle map: the same places with the same values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.campaigns.texts import COLOURS
from heli.campaigns.types import COLOUR_ORDER, Colour
from heli.figures.queries.battlemap import Shade
from heli.figures.types import Value
from heli.figures.wording import title_of, unit_of
from heli.kernel.declare import Figure
from heli.ui.drawing import Tint, colour_tints
from heli.ui.drawing.svg import mark
from heli.ui.tables import Column, Table


@dataclass(frozen=True, slots=True)
class MapLine:
    """A place of the map. `url` opens its number, `panel` the map with its panel beside."""

    place: int
    name: str
    above: str
    shade: Shade | None
    url: str
    panel: str

    @property
    def value(self) -> Value | None:
        """The number of a figure's map."""
        return self.shade.value if self.shade is not None else None

    @property
    def colour(self) -> Colour | None:
        """The colour of a campaign's map."""
        return COLOUR_ORDER[self.shade.tint] if self.shade is not None else None

    @property
    def size(self) -> float | None:
        """The number for putting places in order."""
        return self.value.sort_key if self.value is not None and self.value.is_known else None

    @property
    def badness(self) -> int | None:
        """The colour, then the days, for putting places in order."""
        return self.shade.tint * 100_000 + self.shade.days_late if self.shade is not None else None

    @property
    def colour_text(self) -> str:
        """The colour in words."""
        return str(COLOURS[self.colour]) if self.colour is not None else _("not in the campaign")

    @property
    def sign(self) -> SafeString:
        """The colour's shape and letter."""
        return sign_of(self.shade.tint) if self.shade is not None else mark_safe("")


def tints_of_colours() -> list[Tint]:
    """Green, yellow, orange and red in the reader's language, each with the letter of its mark."""
    words = {colour.value: str(COLOURS[colour]) for colour in Colour}
    return colour_tints(words, {Colour.YELLOW: _("Y"), Colour.ORANGE: _("O"), Colour.RED: _("R")})


def sign_of(tint: int, size: int = 15) -> SafeString:
    """The mark of a colour as a small drawing; decoration beside the word."""
    drawn = mark(size * 0.85, size * 0.85, tints_of_colours()[tint], size)
    side = round(size * 1.7)
    # Only numbers and fixed words stand in it.
    return mark_safe(
        f'<svg class="sign" viewBox="0 0 {side} {side}" width="{side}" height="{side}" aria-hidden="true">{drawn}</svg>'
    )


def map_table(
    request: HttpRequest, lines: Sequence[MapLine], figure: Figure | None, *, with_above: bool, sample: bool
) -> Table:
    """The places shown on the map, worst or largest first."""
    place = [
        Column("name", _("Place"), link=lambda line: line.panel),
        *([Column("above", _("Belongs to"), filter=True)] if with_above else []),
    ]
    columns = _figure_columns(figure) if figure is not None else _colour_columns()
    return Table(
        "map",
        request,
        rows=lines,
        columns=[*place, *columns],
        search=("name", "above"),
        caption=title_of(figure) if figure is not None else _("Colours of the campaign"),
        replaces=gettext_lazy("Battle map on the wall (挂图作战图)"),
        empty=_("No place of this level stood here on that day"),
        order="-number" if figure is not None else "-colour",
        page_size=25,
        sample=sample,
        row_id=lambda line: line.place,
    )


def _figure_columns(figure: Figure) -> list[Column]:
    counted = [
        Column("counted_above", _("Numerator"), kind="integer", value=_part("numerator")),
        Column("counted_below", _("Denominator"), kind="integer", value=_part("denominator")),
    ]  # fmt: skip
    number = Column(
        "number",
        title_of(figure),
        kind="decimal" if figure.is_ratio or figure.decimals else "integer",
        value=lambda line: line.value.shown_number if line.value is not None else None,
        sort="size",
        template="figures/map_cell.html",
        unit=unit_of(figure),
    )
    return [number, *(counted if figure.is_ratio else [])]


def _part(name: str) -> Callable[[MapLine], int | None]:
    return lambda line: getattr(line.value, name) if line.value is not None else None


def _colour_columns() -> list[Column]:
    def behind(name: str) -> Callable[[MapLine], int | None]:
        return lambda line: getattr(line.shade, name) if line.shade is not None else None

    return [
        Column(
            "colour",
            _("Colour"),
            value=lambda line: line.colour_text,
            sort="badness",
            template="figures/map_colour.html",
        ),
        Column("days_late", _("Working days late"), kind="integer", value=behind("days_late")),
        Column("late", _("Late"), kind="integer", value=behind("late")),
        Column("open", _("Open"), kind="integer", value=behind("open")),
        Column("done", _("Done"), kind="integer", value=behind("done")),
    ]
