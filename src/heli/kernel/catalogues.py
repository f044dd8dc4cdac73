"""Catalogues: kinds as data, read from a context's TOML. A locality's own file of the same name comes first (kernel.packs)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from heli.kernel.packs import Key, Shape, find_file, read_pack, read_text
from heli.kernel.words import Words

WORDS = (Key("zh", Shape.TEXT, "in Chinese"), Key("en", Shape.TEXT, "in English"))


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One line of a catalogue: its key, its words, and what else the catalogue says about it."""

    key: str
    words: Words
    more: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A list of kinds as data, with the id, version and source it was read from; `settings` are its plain values."""

    id: str
    version: int
    source: str
    entries: Mapping[str, CatalogueEntry]
    settings: Mapping[str, object]

    def text(self, key: str, language: str) -> str:
        """The words of an entry in the reader's language; a key no longer in the file stays readable as it is."""
        entry = self.entries.get(key)
        return entry.words.text(language) if entry else key


def parse_catalogue(text: str, name: str, *, more: Sequence[Key] = (), settings: Sequence[Key] = ()) -> Catalogue:
    """A catalogue from the text of its file ("risk.toml"). Raises `Refused` with file and line of every mistake.

    `more`: what the entries say besides their words; `settings`: the plain values it must give.
    """
    keys = [Key("entries", Shape.NAMED, "the kinds by key", keys=(*WORDS, *more), least=1)]
    if settings:
        keys.append(Key("settings", Shape.TABLE, "plain values", keys=tuple(settings)))
    pack = read_pack(text, name, keys)
    entries = {
        key: CatalogueEntry(
            key, Words(given["zh"], given["en"]), MappingProxyType({one.name: given.get(one.name, "") for one in more})
        )
        for key, given in pack.data["entries"].items()
    }
    return Catalogue(pack.header.id, pack.header.version, pack.header.source, entries, pack.data.get("settings", {}))


def shipped(
    module: str, name: str, *, more: Sequence[Key] = (), settings: Sequence[Key] = ()
) -> Callable[[], Catalogue]:
    """A catalogue of this installation: `name`.toml in the `data` folder beside the module (`__file__`), read once."""
    folder = Path(module).parent

    @cache
    def read() -> Catalogue:
        path = find_file(folder / "data" / f"{name}.toml", f"{folder.name}/{name}.toml")
        return parse_catalogue(read_text(path), path.name, more=more, settings=settings)

    return read


def whole(value: object) -> int:
    """A value of a catalogue that must be a whole number. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{value!r} is not a whole number")
    return value
