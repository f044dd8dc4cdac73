"""Rows with named fields → the columns of an instance: aliases, numbers, flags, rules by id."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from mergeplan.types import Flaw, FlawSeverity, InstanceError

Row = Mapping[str, Any]

DEFAULT_AFFINITY = 500
"""Affinity of a border nobody has judged: the middle of the scale, so it favours no merger over another."""

MAX_BYTES = 300_000_000
MAX_FLAWS = 50

# Field of the instance → the column heads it is read from, in this order.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "code", "代码", "编码", "区划代码", "统计用区划代码", "村代码"),
    "name": ("name", "名称", "村名", "村名称"),
    "town": ("town", "town_name", "town_code", "乡镇", "所属乡镇", "乡镇名称"),
    "pop": ("population", "pop", "registered_population", "户籍人口", "人口"),
    "x": ("x",),
    "y": ("y",),
    "lon": ("lon", "longitude", "经度"),
    "lat": ("lat", "latitude", "纬度"),
    "area": ("area", "area_m2", "面积"),
    "perim": ("perim", "perimeter", "perimeter_m", "周长"),
    "type": ("type", "村类型"),
    "kind": ("kind", "性质"),
    "fixed": ("fixed", "保留"),
    "exempt": ("exempt",),
    "convertible": ("convertible", "可改社区"),
    "host": ("host",),
}

_TRUE = frozenset({"1", "true", "yes", "y", "是", "t"})
_FALSE = frozenset({"", "0", "false", "no", "n", "否", "f", "none", "nan"})


def refuse(code: str, message: str, field_name: str, remedy: str, index: int | None = None) -> NoReturn:
    """Stop reading with one problem."""
    raise InstanceError((Flaw(code, message, field_name, index, remedy),))


@dataclass
class VillageRows:
    """Rows of villages being read; collects problems so that one pass names all of them."""

    rows: Sequence[Row]
    flaws: list[Flaw] = field(default_factory=list)
    heads: dict[str, str] = field(default_factory=dict)
    label: str = "row"
    first: int = 1
    """What a row is called in messages, and the number of the first: a table's head is its row 1."""

    def __post_init__(self) -> None:
        if not self.rows:
            refuse("no-rows", "holds no villages", "file", "give one row or feature per village")
        present: dict[str, str] = {}
        for row in self.rows:
            for head in row:
                present.setdefault(str(head).strip().lower(), head)
        for name, heads in ALIASES.items():
            for head in heads:
                if head in present:
                    self.heads[name] = present[head]
                    break

    def wrong(self, code: str, message: str, name: str, index: int | None, remedy: str) -> None:
        """Note an error (at most 50 are kept)."""
        if index is not None:
            message = f"{self.label} {index + self.first}: {message}"
        if len(self.flaws) < MAX_FLAWS:
            self.flaws.append(Flaw(code, message, self.heads.get(name, name), index, remedy))

    def need(self, *names: str) -> None:
        """Refuse the file when a column is missing altogether."""
        for name in names:
            if name not in self.heads:
                known = ", ".join(ALIASES[name])
                self.wrong("missing-column", "there is no such column", name, None, f"add a column {known}")
        self.stop()

    def stop(self) -> None:
        """Raise when there is an error."""
        if any(p.severity is FlawSeverity.ERROR for p in self.flaws):
            raise InstanceError(tuple(self.flaws))

    def value(self, name: str, row: Row) -> Any:
        """The raw value, `None` when empty or not a number."""
        raw = row.get(self.heads[name]) if name in self.heads else None
        if raw is None or (isinstance(raw, float) and math.isnan(raw)) or (isinstance(raw, str) and not raw.strip()):
            return None
        return raw.strip() if isinstance(raw, str) else raw

    def words(self, name: str) -> list[str]:
        """A text per row; a missing one is an error."""
        result = []
        for index, row in enumerate(self.rows):
            raw = self.value(name, row)
            if raw is None:
                self.wrong("missing", "is empty", name, index, "fill it in")
            # A code read as a number by Excel or GDAL: 511603001200.0 is still that code.
            whole = isinstance(raw, float) and raw.is_integer()
            result.append("" if raw is None else str(int(raw)) if whole else str(raw))
        return result

    def numbers(self, name: str, *, least: float = -math.inf, whole: bool = False) -> list[float]:
        """A finite number per row, at least `least`."""
        result = []
        for index, row in enumerate(self.rows):
            raw = self.value(name, row)
            number = math.nan
            if raw is not None and not isinstance(raw, bool):
                try:
                    number = float(str(raw).replace(",", "").replace("，", ""))
                except ValueError:
                    number = math.nan
            if raw is None:
                self.wrong("missing", "is empty", name, index, "fill it in")
            elif not math.isfinite(number):
                self.wrong("not-a-number", f"{raw!r} is not a number", name, index, "write digits only")
            elif number < least:
                self.wrong("too-small", f"{raw} is below {least:g}", name, index, f"give at least {least:g}")
            elif whole and not number.is_integer():
                self.wrong("not-whole", f"{raw} is not a whole number", name, index, "round it")
            result.append(number if math.isfinite(number) else 0.0)
        return result

    def flagged(self, name: str) -> list[int]:
        """Rows whose flag is set."""
        result = []
        for index, row in enumerate(self.rows):
            raw = self.value(name, row)
            said = str(raw if raw is not None else "").lower().removesuffix(".0")
            if said in _TRUE:
                result.append(index)
            elif said not in _FALSE:
                self.wrong("not-a-flag", f"{raw!r} is neither yes nor no", name, index, "write 1 or 0")
        return result


def common_fields(rows: VillageRows) -> dict[str, Any]:
    """The fields that tables and outlines share, in the JSON form."""
    rows.need("id", "pop")
    ids = rows.words("id")
    if "town" not in rows.heads and not all(len(code) == 12 and code.isdigit() for code in ids):
        rows.need("town")
    first: dict[str, int] = {}
    for index, code in enumerate(ids):
        if code and first.setdefault(code, index) != index:
            rows.wrong(
                "duplicate-id",
                f"{code} also stands in {rows.label} {first[code] + rows.first}",
                "id",
                index,
                "give each its own",
            )
    hosts = set(rows.flagged("host"))
    hosts |= {i for i, r in enumerate(rows.rows) if rows.value("kind", r) in {"community", "社区"}}
    raw: dict[str, Any] = {
        "n": len(ids),
        "id": ids,
        "name": rows.words("name") if "name" in rows.heads else ids,
        # A division code of twelve digits holds its town's nine.
        "town": rows.words("town") if "town" in rows.heads else [code[:9] for code in ids],
        "pop": _population(rows, hosts),
        "hosts": sorted(hosts),
    }
    for name in ("fixed", "exempt", "convertible"):
        raw[name] = rows.flagged(name)
    if "type" in rows.heads:
        raw["type"] = [None if (t := rows.value("type", r)) is None else str(t) for r in rows.rows]
    return raw


def _population(rows: VillageRows, hosts: set[int]) -> list[int]:
    """People per row; a host community may leave it empty, for it is never merged."""
    filled = [
        {**r, rows.heads["pop"]: 0} if i in hosts and rows.value("pop", r) is None else r
        for i, r in enumerate(rows.rows)
    ]
    part = VillageRows(filled, rows.flaws, rows.heads, rows.label, rows.first)
    return [int(v) for v in part.numbers("pop", least=0, whole=True)]


def rules_beside(path: Path) -> dict[str, Any]:
    """Rules in `<name>.rules.json`, else `rules.json`, beside the file; {} when there is none."""
    folder = path if path.is_dir() else path.parent
    candidates = [] if path.is_dir() else [folder / f"{path.stem}.rules.json"]
    for candidate in [*candidates, folder / "rules.json"]:
        if candidate.is_file():
            try:
                raw = json.loads(candidate.read_text(encoding="utf-8-sig"))
            except (ValueError, RecursionError) as error:
                refuse("not-json", f"{candidate.name} is not readable JSON: {error}", "rules", "save it as UTF-8 JSON")
            if not isinstance(raw, dict):
                refuse("not-an-object", f"{candidate.name} holds no JSON object", "rules", "write {…}")
            return raw
    return {}


def with_rules(raw: dict[str, Any], rules: Mapping[str, Any]) -> dict[str, Any]:
    """The instance with rules laid over it; villages in lists of the rules are named by id. Raises InstanceError."""
    at = {code: i for i, code in enumerate(raw["id"])}
    flaws: list[Flaw] = []

    def number(name: str, place: int, code: object) -> int:
        index = at.get(str(code))
        if index is None:
            flaws.append(Flaw("unknown-village", f"{code!r} is no village of the file", name, place, "write its id"))
            return 0
        return index

    merged = dict(raw)
    for name, value in rules.items():
        if name in {"fixed", "exempt", "convertible", "hosts"}:
            merged[name] = sorted({*raw.get(name, []), *(number(name, p, c) for p, c in enumerate(_many(value)))})
        elif name in {"must", "cannot", "zones"}:
            merged[name] = [[number(name, p, c) for c in _many(group)] for p, group in enumerate(_many(value))]
        elif name == "absorb":
            merged[name] = [
                [number(name, p, entry[0]), number(name, p, entry[1]), *entry[2:]]
                for p, entry in enumerate(_many(value))
                if len(_many(entry)) >= 2
            ]
        else:
            merged[name] = value
    if flaws:
        raise InstanceError(tuple(flaws[:MAX_FLAWS]))
    return merged


def _many(value: object) -> list[Any]:
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping) else [value]
