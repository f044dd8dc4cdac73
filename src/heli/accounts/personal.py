"""The declaration of personal data: which columns, what for, who sees them, how long. Read by tests and by the reference."""

from dataclasses import dataclass
from pathlib import Path

from heli.kernel.packs import Key, Shape, load_pack

COLUMN_KEYS = (
    Key("purpose", Shape.TEXT, "what it is for"),
    Key("ground", Shape.TEXT, "the article that allows it"),
    Key("seen_by", Shape.TEXT, "who sees it"),
    Key("kept", Shape.TEXT, "for how long"),
)
KEYS = (Key("columns", Shape.NAMED, "the personal columns by name", keys=COLUMN_KEYS),)


@dataclass(frozen=True, slots=True)
class PersonalColumn:
    """One personal column ("accounts.User.name") and what was declared about it."""

    column: str
    purpose: str
    ground: str
    seen_by: str
    kept: str


def declared_columns(path: Path = Path(__file__).parent / "data" / "personal.toml") -> dict[str, PersonalColumn]:
    """The declaration by column. Raises `Refused` that names file, line and key for anything unknown, missing or empty."""
    columns = load_pack(path, KEYS).data["columns"]
    return {column: PersonalColumn(column=column, **given) for column, given in columns.items()}
