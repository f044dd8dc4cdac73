"""Which layers a file of geodata holds, and one of them read: GeoJSON, GeoPackage, Shapefile, file geodatabase, KML, zipped or not.

Pure: bytes in, a `Layer` or an `Unreadable` out; called in a child process. Whatever is chosen — the layer, the encoding — is
told as a decision and can be chosen otherwise. What a format cannot be read is named, with the way out.
"""

import codecs
import io
import json
import math
import re
import tempfile
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, cast

import numpy as np
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from heli.files.sheets import ENCODINGS, Unreadable
from heli.files.sheets.zips import ZIP_MAGIC, check_zip
from heli.kernel.faults import Finding
from heli.places.imports import columns
from heli.places.imports.readers import check_size
from heli.places.imports.types import Cell, ImportKind, ReadTable, Row

SQLITE_MAGIC = b"SQLite format 3\x00"
GEOJSON_TYPES = (
    "FeatureCollection", "Feature", "GeometryCollection", "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon",
    "MultiPolygon",
)  # fmt: skip
SHAPE_MAGIC = b"\x00\x00\x27\x0a"
SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
SINGLE = (".geojson", ".json", ".gpkg", ".kml")
GDB_FILE = re.compile(
    r"(?:gdb|timestamps|a[0-9a-f]{8}\.(?:gdbtable|gdbtablx|gdbindexes|atx|spx|freelist|horizon))", re.I
)
LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.I)
LETTERS = tuple(one for one in ENCODINGS if one != "utf-16")
"""What a Shapefile's texts may be chosen to be in; without a choice the first two are tried."""
RAW = "ISO-8859-1"
"""Every byte is a letter of it: what GDAL reads so can be turned back into the bytes of the file."""
OTHERS: Mapping[str, tuple[tuple[bytes, ...], tuple[str, ...]]] = {
    "DWG / DXF (AutoCAD)": ((b"AC10", b"AutoCAD Binary DXF"), (".dwg", ".dxf")),
    "MapInfo TAB / MIF": ((b"!table",), (".tab", ".mif", ".mid", ".dat", ".map", ".id")),
    "MapGIS": ((b"WMAP",), (".wt", ".wl", ".wp", ".mpj")),
    "VCT": ((b"LandUse",), (".vct",)),
    "Access (.mdb)": ((b"\x00\x01\x00\x00Standard",), (".mdb", ".accdb")),
    "RAR": ((b"Rar!",), (".rar",)),
    "7z": ((b"7z\xbc\xaf",), (".7z",)),
    "PDF": ((b"%PDF",), (".pdf",)),
    "Excel": ((b"\xd0\xcf\x11\xe0",), (".xls", ".xlsx")),
}
"""Formats that offices send and Heli does not read: how they begin, how they are called."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Rows with shapes: the attributes as a table, one shape a row, and the coordinate system the file names."""

    table: ReadTable
    shapes: tuple[BaseGeometry | None, ...]
    crs: str


@dataclass(frozen=True, slots=True)
class GeoLayer:
    """A layer that can be read: its name as the office knows it, the path GDAL opens, and the layer's name there."""

    name: str
    path: str
    inner: str
    count: int
    is_drawn: bool
    fits: frozenset[str]

    @property
    def rank(self) -> tuple[bool, bool, bool, int]:
        """The best first: outlines, with a code, with a name, with most rows, for villages are more than their towns."""
        return self.is_drawn, "code" in self.fits, "name" in self.fits, self.count


def read_layer(data: bytes, name: str, *, layer: str = "", encoding: str = "") -> Layer:
    """A layer by its name, else the one that fits best; `encoding` for the texts of a Shapefile. Raises `Unreadable`."""
    check_size(len(data))
    if not data.strip():
        raise Unreadable("file_empty", name=name)
    with tempfile.TemporaryDirectory() as folder:
        files, left_out = _unpack(Path(folder), data, name)
        sources = sorted(_sources(files, name), key=lambda one: one.rank, reverse=True)
        if not sources:
            raise Unreadable("layer_empty", name=name)
        chosen = next((one for one in sources if one.name == layer), sources[0])
        read = _read(chosen, sources, name, encoding)
        return replace(read, table=replace(read.table, decisions=(*read.table.decisions, *left_out)))


def _read(chosen: GeoLayer, sources: Sequence[GeoLayer], name: str, encoding: str) -> Layer:
    is_shapefile = chosen.path.endswith(".shp")
    try:
        meta, _, wkb, values = pyogrio.raw.read(
            chosen.path, layer=chosen.inner, force_2d=True, encoding=RAW if is_shapefile else None
        )
    except Exception as wrong:  # GDAL raises its own many kinds
        raise Unreadable("geodata_broken", name=name, reason=str(wrong)[:120]) from wrong
    fields = [str(field) for field in meta["fields"]]
    taken = str(meta.get("encoding") or "")
    if is_shapefile:
        taken = encoding if encoding in LETTERS else told_encoding(_texts(fields, values))
        fields = [as_read(field, taken) for field in fields]
        values = [[as_read(one, taken) if isinstance(one, str) else one for one in column] for column in values]
    rows = tuple(
        Row(number, tuple(_cell(value) for value in cells))
        for number, cells in enumerate(zip(*values, strict=True) if fields else [()] * len(wkb), 1)
    )
    names = tuple(one.name for one in sources)
    decisions = tuple(_decisions(chosen, sources, taken if is_shapefile else "", _declared(chosen)))
    letters = taken if is_shapefile else ""
    table = ReadTable(tuple(fields), rows, "geo", letters, chosen.name, names, header_row=0, decisions=decisions)
    shapes = tuple(shapely.from_wkb(one, on_invalid="ignore") if one is not None else None for one in wkb)
    return Layer(table, shapes, str(meta["crs"] or ""))


def _decisions(chosen: GeoLayer, sources: Sequence[GeoLayer], taken: str, declared: str) -> Iterator[Finding]:
    """What was chosen among several, in the order in which a person would ask."""
    if len(sources) > 1:
        others = "、".join(f"{one.name} ({one.count})" for one in sources if one is not chosen)
        facts = {"layer": chosen.name, "count": chosen.count, "others": others}
        yield Finding("read_layer_taken", facts, "layer", severity="note")
    if taken and taken != "utf-8":
        facts = {"encoding": taken.upper()}
        code = "read_letters_against" if _contradicts(declared, taken) else "read_letters"
        yield Finding(code, facts | {"said": declared}, "encoding",
                      severity="note")  # fmt: skip


def _declared(source: GeoLayer) -> str:
    """What the .cpg beside a Shapefile says, empty without one."""
    beside = Path(source.path).with_suffix(".cpg")
    return beside.read_text("latin-1").strip()[:40] if beside.exists() else ""


def _contradicts(said: str, taken: str) -> bool:
    """Whether a .cpg says another encoding than the one taken; GBK and GB 2312 are parts of GB 18030."""
    try:
        named = codecs.lookup(
            f"cp{said}" if said.isdecimal() and said != "65001" else said.replace("65001", "utf-8")
        ).name
    except LookupError:
        return bool(said)
    return {"gbk": "gb18030", "gb2312": "gb18030", "iso8859-1": "latin-1"}.get(named, named) != taken


# -- letters ----------------------------------------------------------------------------------------------------------


def _texts(fields: Sequence[str], values: Sequence[Any]) -> str:
    """All that is written in a Shapefile, a letter a byte."""
    return "\n".join([*fields, *(one for column in values for one in column if isinstance(one, str))])


def told_encoding(raw: str) -> str:
    """The encoding that the content tells: UTF-8 where all of it decodes, else GB18030 where that gives Han, else Latin-1.

    Field names are cut at ten bytes, so that a letter cut in two at the end of a text neither speaks for an encoding nor
    against it.
    """
    lines = [line for line in raw.split("\n") if not line.isascii()]
    if not lines:
        return "utf-8"
    for encoding, is_sign in (("utf-8", lambda sign: not sign.isascii()), ("gb18030", is_han)):
        if all(_decodes(line.encode("latin-1"), encoding) for line in lines) and any(
            is_sign(sign) for line in lines for sign in as_read(line, encoding)
        ):
            return encoding
    return "latin-1"


def is_han(sign: str) -> bool:
    """Whether a sign is a Chinese character."""
    return "\u4e00" <= sign <= "\u9fff"


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError as wrong:
        return "unexpected end" in wrong.reason or "incomplete" in wrong.reason  # only at the end of a text
    return True


def as_read(raw: str, encoding: str) -> str:
    """A text of a letter a byte, in its encoding; a letter cut in two at its end is left out."""
    return raw if encoding == "latin-1" else raw.encode("latin-1").decode(encoding, errors="ignore")


def _cell(value: object) -> Cell:
    if value is None or (isinstance(value, float | np.floating) and math.isnan(value)):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if value is None:  # a day that is none
        return None
    return cast(Cell, value) if isinstance(value, str | int | float | bool) else str(value)


# -- the file and what is packed in it ------------------------------------------------------------------------------------


def _sources(files: Sequence[tuple[str, Path]], name: str) -> Iterator[GeoLayer]:
    """The layers with rows of all files."""
    for shown, path in files:
        try:
            layers = [str(layer) for layer, geometry in pyogrio.list_layers(path) if geometry is not None]
            for inner in layers:
                info = pyogrio.read_info(path, layer=inner, encoding=RAW if path.suffix == ".shp" else None)
                if not info["features"]:
                    continue
                fields = [str(field) for field in info["fields"]]
                if path.suffix == ".shp":
                    fields = [as_read(field, told_encoding("\n".join(fields))) for field in fields]
                fits = frozenset(columns.recognise(ImportKind.OUTLINES, fields))
                kind = str(info["geometry_type"] or "")
                called = shown if len(layers) == 1 else inner if len(files) == 1 else f"{shown}/{inner}"
                yield GeoLayer(
                    called, str(path), inner, int(info["features"]), "Polygon" in kind or kind == "Unknown", fits
                )
        except Exception as wrong:  # GDAL raises its own many kinds
            raise Unreadable("geodata_broken", name=name, reason=str(wrong)[:120]) from wrong


Files = tuple[list[tuple[str, Path]], list[Finding]]
"""Files that GDAL opens, by the name people know them by, and what was left out."""


def _unpack(folder: Path, data: bytes, name: str) -> Files:
    """The files in what was sent, written under names of our own. Raises `Unreadable`."""
    if data.startswith(ZIP_MAGIC):
        check_zip(data, name)
        return _unzipped(folder, data, name)
    suffix = Path(name).suffix.lower()
    if data.startswith(SQLITE_MAGIC):
        suffix = ".gpkg"
    elif suffix != ".kml" and not _looks_like_kml(data):
        _refuse_others(data, name)
        suffix = ".geojson"
    else:
        suffix = ".kml"
    _check_content(data, suffix, name)
    path = folder / f"0{suffix}"
    path.write_bytes(data)
    return [(PurePosixPath(name).stem, path)], []


def _unzipped(folder: Path, data: bytes, name: str) -> Files:
    """The files of an archive, the parts of each Shapefile paired by their name; litter of other systems is left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir() and not LITTER.search(entry.filename)]
        kept = [(entry, PurePosixPath(_name_of(entry))) for entry in entries]
        groups: dict[str, list[tuple[zipfile.ZipInfo, str]]] = defaultdict(list)
        for entry, path in kept:
            if path.parent.suffix.lower() == ".gdb" and GDB_FILE.fullmatch(path.name):
                groups[str(path.parent)].append((entry, path.name))
            elif path.suffix.lower() in (*SHAPE_PARTS, *SINGLE):
                is_part = path.suffix.lower() in SHAPE_PARTS
                groups[str(path.with_suffix("") if is_part else path)].append((entry, path.suffix.lower()))
        found, left_out = [], []
        for number, (key, parts) in enumerate(sorted(groups.items())):
            shown = PurePosixPath(key).stem
            if missing := _missing(parts):
                left_out.append(Finding("shapefile_incomplete", {"name": shown, "missing": "、".join(missing)},
                                        "layer", severity="warning"))  # fmt: skip
            elif (written := _write_group(archive, folder / str(number), key, parts, name)) is not None:
                found.append((shown, written))
    if not found and left_out:
        raise Unreadable(left_out[0].code, **left_out[0].facts)
    if not found:
        for _entry, path in kept:
            _refuse_others(b"", path.name)
        raise Unreadable("archive_without_geodata", name=name, held="、".join(path.name for _, path in kept[:5]) or "—")
    return found, left_out


def _missing(parts: Sequence[tuple[zipfile.ZipInfo, str]]) -> list[str]:
    """The files that a Shapefile lacks."""
    suffixes = {part for _entry, part in parts}
    return sorted({".shx", ".dbf"} - suffixes) if ".shp" in suffixes else []


def _write_group(
    archive: zipfile.ZipFile, stem: Path, key: str, parts: Sequence[tuple[zipfile.ZipInfo, str]], name: str
) -> Path | None:
    """Write what belongs together under a name of our own; None where it is no layer by itself (a lone .dbf)."""
    suffixes = {part for _entry, part in parts}
    if key.lower().endswith(".gdb"):
        path = stem.with_suffix(".gdb")
        path.mkdir()
        targets = [(entry, path / part.lower()) for entry, part in parts]
    elif drawn := suffixes & {".shp", *SINGLE}:
        path = stem.with_suffix(drawn.pop())
        targets = [(entry, stem.with_suffix(part)) for entry, part in parts]
    else:
        return None
    for entry, target in targets:
        try:
            content = archive.read(entry)
        except (RuntimeError, NotImplementedError, zipfile.BadZipFile, OSError, EOFError, zlib.error) as wrong:
            raise Unreadable("geodata_broken", name=name, reason=str(wrong)[:80]) from wrong
        _check_content(content, target.suffix, name)
        target.write_bytes(content)
    return path


def _name_of(entry: zipfile.ZipInfo) -> str:
    """An entry's name; Windows packs Chinese names in GBK without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def _refuse_others(data: bytes, name: str) -> None:
    """Name a format that is not read, by how it begins or is called. Raises `Unreadable`."""
    suffix = Path(name).suffix.lower()
    for shown, (beginnings, suffixes) in OTHERS.items():
        if (data and data.startswith(beginnings)) or (suffix in suffixes and not data.lstrip().startswith(b"{")):
            raise Unreadable("geodata_other_format", name=name, format=shown)
    if suffix in SHAPE_PARTS:
        raise Unreadable(
            "shapefile_incomplete", name=name, missing="、".join(sorted({".shp", ".shx", ".dbf"} - {suffix}))
        )


def _looks_like_kml(data: bytes) -> bool:
    return b"<kml" in data[:2048].lower()


def _check_content(data: bytes, suffix: str, name: str) -> None:
    """Refuse what is not what its ending says. Raises `Unreadable`.

    GDAL goes by content, whatever the ending: a virtual layer (VRT) in a file called .json would make it open any other
    file or address that this process reaches, the database among them; a KML may name others to be fetched.
    """
    if suffix in (".geojson", ".json"):
        try:
            raw = json.loads(data)
        except (ValueError, RecursionError) as wrong:
            raise Unreadable("geodata_broken", name=name, reason=str(wrong)[:80]) from wrong
        fits = isinstance(raw, dict) and raw.get("type") in GEOJSON_TYPES
    elif suffix == ".gpkg":
        fits = data.startswith(SQLITE_MAGIC) and data[68:70] == b"GP"
    elif suffix == ".kml":
        text = data.lower()
        fits = _looks_like_kml(data) and b"\x00" not in text
        fits = fits and not any(word in text for word in (b"<!doctype", b"<!entity", b"<networklink", b"<vrt"))
    elif suffix == ".gdbtable":
        fits = data[:1] in (b"\x03", b"\x04")
    else:
        fits = suffix not in (".shp", ".shx") or data.startswith(SHAPE_MAGIC)
    if not fits:
        raise Unreadable("geodata_broken", name=name, reason=suffix)
