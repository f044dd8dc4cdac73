"""The pack of reports: which parts, which columns, from when something is worth a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from heli.kernel.packs import Key, Pack, Shape, find_file, load_pack

SHIPPED = Path(__file__).parents[1] / "data" / "reports.toml"
NAME = "figures/reports.toml"
SECTIONS = ("progress", "warnings", "matters", "outlook")
LINKS = ("responsible", "area_lead", "village_link")

KEYS: tuple[Key, ...] = (
    Key("sections", Shape.TEXTS, "the parts of a weekly report in their order", choices=SECTIONS, least=1),
    Key("links", Shape.TEXTS, "kinds of links that make somebody a recipient", choices=LINKS),
    Key("yearbook", Shape.TEXTS, "the figures that the yearbook page lists"),
    Key(
        "limits",
        Shape.TABLE,
        "from when something is worth a sentence",
        keys=(
            Key("names", Shape.WHOLE, "so many names at most in a sentence", least=1),
            Key("villages", Shape.WHOLE, "so many villages at most in a list", least=1),
            Key(
                "changed_villages", Shape.WHOLE, "villages of another colour that make a report between weeks", least=1
            ),
            Key("concentrated_bp", Shape.WHOLE, "share of the late steps at which a town is named", least=1),
        ),
    ),
    Key(
        "columns",
        Shape.TABLES,
        "the columns of the tables",
        keys=(
            Key("table", Shape.TEXT, "which table", choices=("towns", "villages")),
            Key("figure", Shape.TEXT, "the figure"),
            Key("show", Shape.TEXT, "how it is shown", choices=("value", "change", "counted", "colour")),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A column of a table."""

    table: str
    figure: str
    show: str


@dataclass(frozen=True, slots=True)
class ReportRules:
    """The pack as reports use it."""

    id: str
    version: int
    sha256: str
    sections: Sequence[str]
    links: frozenset[str]
    yearbook: Sequence[str]
    names: int
    villages: int
    changed_villages: int
    concentrated_bp: int
    columns: Sequence[ReportColumn]


def rules_in_force() -> ReportRules:
    """The locality's pack if it has one, else the shipped one. Raises `Refused` naming file and line."""
    path = find_file(SHIPPED, NAME)
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> ReportRules:
    return rules_from(load_pack(path, KEYS))


def rules_from(pack: Pack) -> ReportRules:
    """The rules of a pack read with `KEYS`."""
    data = pack.data
    return ReportRules(
        pack.header.id,
        pack.header.version,
        pack.sha256,
        sections=tuple(data["sections"]),
        links=frozenset(data["links"]),
        yearbook=tuple(data["yearbook"]),
        columns=tuple(ReportColumn(**one) for one in data["columns"]),
        **data["limits"],
    )
