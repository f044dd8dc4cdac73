"""The declaration of personal data: which columns, what for, who sees them, how long. Read by tests and by the reference."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

HEADER = {"id", "version", "valid_from", "jurisdiction", "source", "columns"}
FIELDS = ("purpose", "ground", "seen_by", "kept")


@dataclass(frozen=True, slots=True)
class PersonalColumn:
    """One personal column ("accounts.User.name") and what was declared about it."""

    column: str
    purpose: str
    ground: str
    seen_by: str
    kept: str


def declared_columns(path: Path = Path(__file__).parent / "data" / "personal.toml") -> dict[str, PersonalColumn]:
    """The declaration by column. Raises ValueError that names file and key for anything unknown, missing or empty."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    if set(data) != HEADER:
        raise ValueError(f"{path}: unknown or missing {', '.join(sorted(set(data) ^ HEADER))}")
    columns = {}
    for column, given in data["columns"].items():
        if set(given) != set(FIELDS) or not all(given.values()):
            raise ValueError(f"{path} [columns.{column}]: give exactly {', '.join(FIELDS)}, none empty")
        columns[column] = PersonalColumn(column=column, **given)
    return columns
