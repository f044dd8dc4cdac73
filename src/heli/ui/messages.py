"""The words of Heli: finding every text to translate, and turning .po files into what Django reads.

In Python alone, because a fresh machine has no GNU gettext. English is the msgid; each app keeps its own Chinese.
"""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from heli.kernel.offers import contexts

LOCALE = "zh_Hans"
ARGUMENTS = {
    "_": ("msgid",),
    "gettext": ("msgid",),
    "gettext_lazy": ("msgid",),
    "gettext_noop": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "ngettext_lazy": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "pgettext_lazy": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
    "npgettext_lazy": ("context", "msgid", "plural"),
}
"""The marking functions and what their leading arguments are."""
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)[^{}]*\}")
TEXT = r"u?\"{3}(?:.|\n)*?\"{3}|u?'(?:\\.|[^'\\])*'|u?\"(?:\\.|[^\"\\])*\""
CALL = re.compile(rf"\b(?:n?p?gettext|_)\((?:\s*(?:{TEXT}|\w+)\s*,?)+\)")
"""A call as Django's `templatize` writes it between blanked-out template text."""
WIDTH = 110
"""Where a new entry's lines are broken, in columns."""
HEADER = {
    "Language": LOCALE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


@dataclass(frozen=True, slots=True, order=True)
class Translatable:
    """One text to translate; `where` is "file:line" of its first use."""

    msgid: str
    plural: str = ""
    context: str = ""
    where: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells two messages apart."""
        return (self.context, self.msgid)


def app_folders() -> dict[str, Path]:
    """Heli's own apps by label, with the folder of each."""
    return {config.label: Path(config.path) for config in sorted(contexts(), key=lambda config: config.label)}


def po_path(folder: Path) -> Path:
    """Where an app keeps its Chinese."""
    return folder / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def messages_of(folder: Path) -> list[Translatable]:
    """Every text marked for translation in an app's Python and templates, tests left out; sorted by first use."""
    found: dict[tuple[str, str], Translatable] = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if {"tests", "migrations", "static", "locale"} & set(relative.parts):
            continue
        if path.suffix == ".py":
            source = path.read_text("utf-8")
        elif path.suffix in (".html", ".txt") and "templates" in relative.parts:
            source = python_of(path.read_text("utf-8"))
        else:
            continue
        for message in messages_in(source, str(relative)):
            known = found.setdefault(message.key, message)
            if message.plural and not known.plural:
                found[message.key] = message
    return list(found.values())


def python_of(template: str) -> str:
    """A template's translatable texts as Python calls on the lines where they stand."""
    text = templatize(template)
    lines: list[str] = []
    for match in CALL.finditer(text):
        at = text.count("\n", 0, match.start())
        lines.extend("" for _line in range(at - len(lines) + 1))
        # A text over several lines must not shift the lines after it.
        call = match.group(0).replace("\r", "").replace("\n", "\\n")
        lines[at] += f"{call}; "
    return "\n".join(lines)


def messages_in(source: str, name: str) -> Iterator[Translatable]:
    """The marked texts of one Python source. Raises ValueError for a marked text that is not a plain literal."""
    tree = ast.parse(source, name)
    aliases = {
        alias.asname: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        parts = ARGUMENTS.get(aliases.get(function, function))
        if parts is None or len(node.args) < len(parts):
            continue
        values = [
            argument.value if isinstance(argument, ast.Constant) else None for argument in node.args[: len(parts)]
        ]
        if any(not isinstance(value, str) for value in values):
            if any(isinstance(argument, ast.JoinedStr) for argument in node.args[: len(parts)]):
                raise ValueError(f"{name}:{node.lineno}: an f-string cannot be translated; use %(name)s or format()")
            continue
        named = dict(zip(parts, map(str, values), strict=True))
        if named["msgid"]:
            yield Translatable(
                named["msgid"], named.get("plural", ""), named.get("context", ""), f"{name}:{node.lineno}"
            )


def translations(folder: Path) -> polib.POFile:
    """An app's .po file, an empty one when it has none."""
    path = po_path(folder)
    if path.exists():
        return polib.pofile(str(path))
    po = polib.POFile(wrapwidth=WIDTH)
    po.metadata = dict(HEADER)
    return po


def collect(folder: Path, *, known: dict[tuple[str, str], polib.POEntry] | None = None) -> tuple[int, int]:
    """Add an app's missing texts to its .po file; translations that another app has already are taken over.

    Returns how many were added, and how many of all still lack a translation. Entries no longer used are removed; the file is
    not touched when nothing is to add or to remove.
    """
    path = po_path(folder)
    messages = messages_of(folder)
    if not messages and not path.exists():
        return 0, 0
    before = path.read_text("utf-8") if path.exists() else str(translations(folder))
    after, added = collected(before, messages, known or {})
    if after != before:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(after, "utf-8")
    return added, len(translations(folder).untranslated_entries())


def collected(
    catalogue: str, messages: list[Translatable], known: dict[tuple[str, str], polib.POEntry]
) -> tuple[str, int]:
    """The text of a .po file with just these messages, and how many of them are new in it.

    Entries stand where and as they stood, so that people who add to one file meet only where both wrote; new ones follow,
    sorted. Of two entries for one text, as merging may leave them, the first translated one stays.
    """
    head, *blocks = catalogue.strip("\n").split("\n\n")
    wanted = {message.key: message for message in messages}
    kept: dict[tuple[str, str], str] = {}
    empty: set[tuple[str, str]] = set()
    for block in blocks:
        entries = polib.pofile(block.strip("\n") + "\n")
        for entry in entries:
            key = (entry.msgctxt or "", entry.msgid)
            if key not in wanted or entry.obsolete or (key in kept and key not in empty):
                continue
            kept[key] = block.strip("\n") if len(entries) == 1 else written(entry)
            (empty.discard if entry.translated() else empty.add)(key)
    new = [written(entry_for(wanted[key], known.get(key))) for key in sorted(wanted.keys() - kept.keys())]
    return "\n\n".join([head, *kept.values(), *new]) + "\n", len(new)


def written(entry: polib.POEntry) -> str:
    """An entry as it stands in a .po file."""
    po = polib.POFile(wrapwidth=WIDTH)
    po.append(entry)
    return str(po).split("\n\n", 1)[1].strip("\n")


def entry_for(message: Translatable, known: polib.POEntry | None) -> polib.POEntry:
    """A .po entry for a message, translated already where another app's entry says how."""
    entry = polib.POEntry(msgid=message.msgid, msgctxt=message.context or None)
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = {0: known.msgstr_plural.get(0, known.msgstr) if known else ""}
    elif known:
        entry.msgstr = known.msgstr or known.msgstr_plural.get(0, "")
    return entry


def known_translations() -> dict[tuple[str, str], polib.POEntry]:
    """Every translated entry of every app."""
    known: dict[tuple[str, str], polib.POEntry] = {}
    for folder in app_folders().values():
        for entry in translations(folder).translated_entries():
            known.setdefault((entry.msgctxt or "", entry.msgid), entry)
    return known


def faults(folder: Path) -> list[str]:
    """What is wrong with an app's Chinese: texts without one, fuzzy entries, placeholders lost in translation."""
    po = translations(folder)
    entries = {(entry.msgctxt or "", entry.msgid): entry for entry in po if not entry.obsolete}
    found = [
        f"{message.where}: {message.msgid!r} has no Chinese"
        for message in messages_of(folder)
        if message.key not in entries
    ]
    for entry in entries.values():
        chinese = entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr
        if not chinese:
            found.append(f"{entry.msgid!r} is not translated")
        elif entry.fuzzy:
            found.append(f"{entry.msgid!r} is marked fuzzy")
        elif lost := placeholders(entry.msgid_plural or entry.msgid) - placeholders(chinese):
            found.append(f"{entry.msgid!r} loses {', '.join(sorted(lost))}")
        elif strange := placeholders(chinese) - placeholders(entry.msgid_plural or entry.msgid):
            found.append(f"{entry.msgid!r} knows no {', '.join(sorted(strange))}")
    return found


def placeholders(text: str) -> set[str]:
    """The names filled in when the text is shown; counts may be left out by a language and are not asked for."""
    return {percent or brace for percent, brace in PLACEHOLDER.findall(text)}


def compile_all() -> list[Path]:
    """Write the .mo beside every .po that is newer; returns what was written."""
    targets = [compile_po(po_path(folder)) for folder in app_folders().values()]
    return [target for target in targets if target is not None]


def compile_po(source: Path) -> Path | None:
    """Write the .mo beside a .po that is newer, at once for whoever reads it; None when there is nothing to do."""
    target = source.with_suffix(".mo")
    if not source.exists() or (target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns):
        return None
    half = target.with_suffix(f".{os.getpid()}")
    polib.pofile(str(source)).save_as_mofile(str(half))
    half.replace(target)
    return target
