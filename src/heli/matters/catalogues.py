"""Data files of matters: office hours, and what may be whistled for with departments and clocks."""

from datetime import date, time
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from heli.kernel.catalogues import shipped, whole
from heli.kernel.faults import Refused
from heli.kernel.packs import Key, Shape, find_file, load_pack
from heli.kernel.workdays import calendar
from heli.matters.rules.clocks import CountedIn, Opening, compute_due
from heli.records.words import words_of

DATA = Path(__file__).parent / "data"
HOURS_KEYS = (
    Key(
        "hours", Shape.TABLES, "when offices are open, in order", least=1,
        keys=(Key("opens", Shape.TEXT, "such as 08:30"), Key("closes", Shape.TEXT, "such as 12:00")),
    ),
)  # fmt: skip


@cache
def office_hours() -> tuple[Opening, ...]:
    """The hours of a working day, in order. Raises `Refused` for hours that are none or overlap."""
    pack = load_pack(find_file(DATA / "office-hours.toml", "matters/office-hours.toml"), HOURS_KEYS)
    found: list[Opening] = []
    for number, one in enumerate(pack.data["hours"]):
        try:
            opens, closes = time.fromisoformat(one["opens"]), time.fromisoformat(one["closes"])
        except ValueError:
            opens = closes = time.max
        if not (found[-1][1] if found else time.min) <= opens < closes:
            message = "Offices open before they close, and after they closed before: write 08:30 and 12:00."
            raise Refused(pack.fault(("hours", number, "opens"), "office_hours", message))
        found.append((opens, closes))
    return tuple(found)


CLASSES = {
    "enforcement": _("Law enforcement"),
    "service": _("Administration and services"),
    "emergency": _("Emergencies"),
}
STAGES = ("file", "dispatch", "report_in", "answer", "give_back", "check", "tell", "call_back")
items = shipped(
    __file__, "items",
    more=(
        Key("class", Shape.TEXT, "its class", choices=tuple(CLASSES)),
        Key("lead", Shape.TEXT, "the department that leads"),
        Key("support", Shape.TEXTS, "the departments that support it"),
        Key("days", Shape.WHOLE, "days until it is handled, from the whistle", least=1),
        Key("counted", Shape.TEXT, "in which days", choices=("working", "calendar")),
        Key("basis", Shape.TEXT, "the law it rests on"),
        Key("words", Shape.TEXTS, "words by which it is found in a report", required=False),
    ),
    settings=tuple(Key(stage, Shape.WHOLE, "days of this stage", least=1) for stage in STAGES),
)  # fmt: skip
"""What may be whistled for, by key; `settings` are the days of each stage."""
DATATYPES = ("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist")
attributes = shipped(
    __file__, "attributes",
    more=(
        Key("items", Shape.TEXTS, "the items that ask it", least=1),
        Key("datatype", Shape.TEXT, "what is answered", choices=DATATYPES),
        Key("required", Shape.YES_NO, "whether it must be answered", required=False),
        Key("only_told", Shape.YES_NO, "whether it only tells something", required=False),
        Key(
            "options", Shape.TABLES, "what may be chosen", required=False,
            keys=(Key("key", Shape.TEXT, "as it is sent"), Key("zh", Shape.TEXT, "in Chinese"),
                  Key("en", Shape.TEXT, "in English")),
        ),
    ),
)  # fmt: skip
"""What programs are asked beside an item, by code, in the order in which it is asked."""
OTHER_DAYS, OTHER_COUNTED = 5, CountedIn.WORKING
"""The clock of an item that is no longer in the file."""


def item_words() -> dict[str, str]:
    """The items in the reader's language."""
    return words_of(items())


def clock_of(item: str) -> tuple[int, CountedIn]:
    """Days from the whistle until an item is handled, and in which days they count."""
    entry = items().entries.get(item)
    return (whole(entry.more["days"]), CountedIn(str(entry.more["counted"]))) if entry else (OTHER_DAYS, OTHER_COUNTED)


def departments_of(item: str) -> tuple[str, tuple[str, ...]]:
    """The names of the department that leads an item and of those that support it."""
    entry = items().entries.get(item)
    if entry is None:
        return "", ()
    support = entry.more["support"]
    assert isinstance(support, list)
    return str(entry.more["lead"]), tuple(str(one) for one in support)


def telling_words() -> dict[str, tuple[str, ...]]:
    """The words by which each item is found in a report."""
    found = {}
    for item, entry in items().entries.items():
        words = entry.more["words"]
        found[item] = tuple(str(one) for one in words) if isinstance(words, list) else ()
    return found


def basis_of(item: str) -> str:
    """The law an item rests on."""
    entry = items().entries.get(item)
    return str(entry.more["basis"]) if entry else ""


def stage_due(stage: str, since: date) -> date:
    """The last day of a stage that begins on a day; answers are counted by the calendar, the others in working days."""
    counted = CountedIn.CALENDAR if stage == "answer" else CountedIn.WORKING
    return compute_due(calendar(), since, whole(items().settings[stage]), counted).day
