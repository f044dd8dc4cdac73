"""The catalogues of a campaign's matters, read from TOML: kinds of problems, meetings, notices, talks, topics, risks, forms.

A locality's own file of the same name comes first (kernel.packs); a mistake is named with its file and line.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from heli.campaigns.types import Words
from heli.campaigns.types_matters import Catalogue, Entry, InquiryField, InquiryForm, RiskLevel
from heli.kernel.packs import Key, Shape, find_file, find_files, read_pack, read_text, words_key

FOLDER = Path(__file__).parents[1] / "data"
WORDS = (Key("zh", Shape.TEXT, "in Chinese"), Key("en", Shape.TEXT, "in English"))
MORE: Mapping[str, tuple[Key, ...]] = {
    "problem-kinds": (Key("days", Shape.WHOLE, "working days proposed for settling one", least=1),),
    "meeting-kinds": (Key("group", Shape.TEXT, "what it counts as", choices=("meeting", "training", "rehearsal")),),
    "talk-classes": (
        Key("share", Shape.WHOLE, "of `over` people so many must be talked with", least=1),
        Key("over", Shape.WHOLE, "see share", least=1),
    ),
    "notice-kinds": (
        Key("days", Shape.WHOLE, "days it must hang, the day of posting not counted", least=1),
        Key("law", Shape.TEXT, "the article that asks for them", required=False),
    ),
    "risk": (
        Key("ask_zh", Shape.TEXT, "the guiding question in Chinese"),
        Key("ask_en", Shape.TEXT, "the guiding question in English"),
    ),
}
"""What the entries of a catalogue say besides their words."""
SETTINGS: Mapping[str, tuple[Key, ...]] = {
    "meeting-kinds": (Key("rehearsals", Shape.WHOLE, "rehearsals a place needs before its vote", least=1),),
    "risk": (
        Key("medium_from", Shape.WHOLE, "score from which on a risk is medium", least=2),
        Key("high_from", Shape.WHOLE, "score from which on a risk is high", least=3),
        Key("allowed", Shape.TEXT, "highest level with which one may decide", choices=tuple(RiskLevel)),
    ),
    "survey": (Key("least_shown", Shape.WHOLE, "answers from which on results of a village are shown", least=1),),
}
FORM_KEYS = (
    words_key("title", "the title of the form"),
    Key(
        "fields", Shape.TABLES, "the fields in order", least=1,
        keys=(
            Key("measure", Shape.TEXT, "the measure of the register it asks for"),
            *WORDS,
            Key("least", Shape.WHOLE, "smallest usual value, in the measure's unit", required=False),
            Key("most", Shape.WHOLE, "largest usual value", required=False),
            Key("change", Shape.WHOLE, "percent of change from which on it is asked back", required=False, least=1),
        ),
    ),
)  # fmt: skip


def parse_catalogue(text: str, name: str) -> Catalogue:
    """A catalogue from the text of its file ("risk.toml"). Raises `Refused` with file and line of every mistake."""
    kind = name.removesuffix(".toml")
    keys = [Key("entries", Shape.NAMED, "the kinds by key", keys=(*WORDS, *MORE.get(kind, ())), least=1)]
    if kind in SETTINGS:
        keys.append(Key("settings", Shape.TABLE, "plain values", keys=SETTINGS[kind]))
    pack = read_pack(text, name, keys)
    more = [key.name for key in MORE.get(kind, ())]
    entries = {
        key: Entry(key, Words(given["zh"], given["en"]), MappingProxyType({m: given.get(m, "") for m in more}))
        for key, given in pack.data["entries"].items()
    }
    return Catalogue(pack.header.id, pack.header.version, pack.header.source, entries, pack.data.get("settings", {}))


def parse_form(text: str, name: str) -> InquiryForm:
    """An e-questionnaire from the text of its file. Raises `Refused` with file and line of every mistake."""
    pack = read_pack(text, name, FORM_KEYS)
    fields = tuple(
        InquiryField(
            measure=given["measure"],
            words=Words(given["zh"], given["en"]),
            least=given.get("least"),
            most=given.get("most"),
            change_bp=given["change"] * 100 if "change" in given else None,
        )
        for given in pack.data["fields"]
    )
    return InquiryForm(pack.header.id, pack.header.version, Words(**pack.data["title"]), pack.header.source, fields)


@cache
def catalogue(name: str) -> Catalogue:
    """A catalogue of this installation by the name of its file ("problem-kinds")."""
    path = find_file(FOLDER / "catalogues" / f"{name}.toml", f"campaigns/catalogues/{name}.toml")
    return parse_catalogue(read_text(path), path.name)


@cache
def forms() -> Mapping[str, InquiryForm]:
    """The e-questionnaires of this installation by id."""
    paths = find_files(FOLDER / "inquiries", "campaigns/inquiries").values()
    return {form.id: form for form in (parse_form(read_text(path), path.name) for path in paths)}


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
