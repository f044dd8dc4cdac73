"""The catalogues of a campaign's matters, read from TOML: kinds of problems, meetings, notices, talks, topics, risks, forms.

A mistake in a file is named with the file and the key, never guessed over.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from heli.campaigns.types import Words
from heli.campaigns.types_matters import Catalogue, Entry, InquiryField, InquiryForm

FOLDER = Path(__file__).parents[1] / "data"
HEADER = frozenset({"id", "version", "valid_from", "valid_to", "jurisdiction", "source"})
MORE: Mapping[str, frozenset[str]] = {
    "problem_kinds": frozenset({"days"}),
    "meeting_kinds": frozenset({"group"}),
    "talk_classes": frozenset({"share", "over"}),
    "notice_kinds": frozenset({"days", "law"}),
    "risk": frozenset({"ask_zh", "ask_en"}),
}
"""What the entries of a catalogue say besides their words."""
SETTINGS: Mapping[str, frozenset[str]] = {
    "meeting_kinds": frozenset({"rehearsals"}),
    "risk": frozenset({"medium_from", "high_from", "allowed"}),
    "survey": frozenset({"least_shown"}),
}
FIELD_KEYS = frozenset({"measure", "zh", "en", "least", "most", "change"})


def parse_catalogue(text: str, name: str) -> Catalogue:
    """A catalogue from the text of its file. Raises ValueError naming the file and the unknown or missing key."""
    data = _read(text, name)
    known = HEADER | {"entries", "settings"}
    _expect(name, "", set(data), known, known - {"valid_to", "settings"})
    key = data["id"]
    more, settings = MORE.get(key, frozenset()), SETTINGS.get(key, frozenset())
    _expect(name, "[settings]", set(data.get("settings", {})), settings, settings)
    entries = {}
    for entry, given in data["entries"].items():
        _expect(name, f"[entries.{entry}]", set(given), {"zh", "en"} | more, {"zh", "en"} | more)
        extra = MappingProxyType({field: given[field] for field in more})
        entries[entry] = Entry(entry, Words(given["zh"], given["en"]), extra)
    return Catalogue(key, data["version"], data["source"], entries, data.get("settings", {}))


def parse_form(text: str, name: str) -> InquiryForm:
    """An e-questionnaire from the text of its file. Raises ValueError naming the file and the key."""
    data = _read(text, name)
    known = HEADER | {"title", "fields"}
    _expect(name, "", set(data), known, known - {"valid_to"})
    fields = []
    for number, given in enumerate(data["fields"], 1):
        _expect(name, f"field {number}", set(given), FIELD_KEYS, {"measure", "zh", "en"})
        change = given.get("change")
        fields.append(
            InquiryField(
                measure=given["measure"],
                words=Words(given["zh"], given["en"]),
                least=given.get("least"),
                most=given.get("most"),
                change_bp=change * 100 if change is not None else None,
            )
        )
    return InquiryForm(data["id"], data["version"], Words(**data["title"]), data["source"], tuple(fields))


def _read(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise ValueError(f"{name}: {wrong}") from wrong


def _expect(name: str, where: str, given: set[str], known: frozenset[str] | set[str], required: Any) -> None:
    for what, keys in (("unknown", given - known), ("missing", set(required) - given)):
        if keys:
            raise ValueError(f"{name} {where}: {what} {', '.join(sorted(keys))}".replace("  ", " "))


@cache
def catalogue(name: str) -> Catalogue:
    """A catalogue of this installation by the name of its file ("problem-kinds")."""
    path = FOLDER / "catalogues" / f"{name}.toml"
    return parse_catalogue(path.read_text(encoding="utf-8"), path.name)


@cache
def forms() -> Mapping[str, InquiryForm]:
    """The e-questionnaires of this installation by id."""
    files = sorted((FOLDER / "inquiries").glob("*.toml"))
    found = [parse_form(path.read_text(encoding="utf-8"), path.name) for path in files]
    return {form.id: form for form in found}


def problem_kinds() -> Catalogue:
    """Kinds of problems."""
    return catalogue("problem-kinds")


def meeting_kinds() -> Catalogue:
    """Kinds of meetings."""
    return catalogue("meeting-kinds")


def attendance_classes() -> Catalogue:
    """Classes counted at meetings."""
    return catalogue("attendance-classes")


def talk_classes() -> Catalogue:
    """Classes to be talked with, and how many of them."""
    return catalogue("talk-classes")


def opinion_topics() -> Catalogue:
    """What opinions are about."""
    return catalogue("opinion-topics")


def notice_kinds() -> Catalogue:
    """Kinds of notices and how long they hang."""
    return catalogue("notice-kinds")


def risk_pack() -> Catalogue:
    """Aspects and levels of risk."""
    return catalogue("risk")


def survey_pack() -> Catalogue:
    """Roles of questions, and from how many answers on results are shown."""
    return catalogue("survey")


def whole(value: object) -> int:
    """A value of a catalogue that must be a whole number. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{value!r} is not a whole number")
    return value
