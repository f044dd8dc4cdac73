"""The lists as data: duties, help, certificates, what stays with departments, what is handed over. Each says its version,
its level, its basis, who pays, and whether it is published or a sample."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from heli.kernel.catalogues import Catalogue, shipped, whole
from heli.kernel.packs import Key, Shape
from heli.kernel.words import Words
from heli.records.words import words_of

LEVELS = {"district": _("district"), "community": _("community")}
SETTINGS = (
    Key("title_zh", Shape.TEXT, "its name in Chinese"),
    Key("title_en", Shape.TEXT, "its name in English"),
    Key("level", Shape.TEXT, "whose list it is", choices=tuple(LEVELS)),
    Key("published", Shape.YES_NO, "whether its entries are published; else they are a sample"),
    Key("basis", Shape.TEXT, "the law or document it rests on"),
    Key("funding", Shape.TEXT, "who pays"),
)


def _list(name: str, *more: Key, days: bool = False) -> Callable[[], Catalogue]:
    own = (Key("days", Shape.WHOLE, "working days in which a request is carried out", least=1),) if days else ()
    return shipped(__file__, name, more=more, settings=(*SETTINGS, *own))


BEARERS = {"community": _("community"), "coop": _("co-operative")}
certificates = _list("certificates")
pledges = _list("pledges")
department_duties = _list("department-duties")
service_items = _list("service-items", Key("department", Shape.TEXT, "the department that hands it over"), days=True)
functions = _list("functions", Key("bearer", Shape.TEXT, "who bears it by default", choices=tuple(BEARERS)))
LISTS: Mapping[str, Callable[[], Catalogue]] = {
    "duties": _list("duties"),
    "assist": _list("assist"),
    "certificates": certificates,
    "committee-duties": _list("committee-duties"),
    "community-admitted": _list("community-admitted"),
    "department-duties": department_duties,
    "pledges": pledges,
    "powers": _list("powers"),
    "service-items": service_items,
    "functions": functions,
}
"""Every list, by its name, in the order in which they are shown."""
ALLOWED = ("duties", "assist", "committee-duties", "community-admitted")
"""What stands on one of these needs no admission and is not refused."""
admission_kinds = shipped(
    __file__, "admission-kinds",
    settings=(
        Key("decide_days", Shape.WHOLE, "working days in which an application is decided", least=1),
        Key("most_months", Shape.WHOLE, "the longest an admission may run", least=1),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list as the page shows it: `title` and `entries` in the reader's language."""

    name: str
    title: str
    level: str
    version: int
    is_published: bool
    basis: str
    funding: str
    source: str
    entries: tuple[str, ...]


def shown_lists(language: str) -> list[ShownList]:
    """All lists in the reader's language."""
    found = []
    for name, read in LISTS.items():
        one = read()
        said = one.settings
        title = Words(str(said["title_zh"]), str(said["title_en"])).text(language)
        entries = tuple(entry.words.text(language) for entry in one.entries.values())
        found.append(
            ShownList(
                name, title, str(LEVELS[str(said["level"])]), one.version, bool(said["published"]), str(said["basis"]),
                str(said["funding"]), one.source, entries,
            )
        )  # fmt: skip
    return found


def chinese(read: Callable[[], Catalogue]) -> dict[str, str]:
    """The entries of a list as they are printed, by key: what titles are compared with."""
    return {key: entry.words.zh for key, entry in read().entries.items()}


def decide_days() -> int:
    """Working days in which an application is decided."""
    return whole(admission_kinds().settings["decide_days"])


def most_months() -> int:
    """The longest an admission may run, in months."""
    return whole(admission_kinds().settings["most_months"])


def slip_days() -> int:
    """Working days in which a request at an agency point is carried out."""
    return whole(service_items().settings["days"])


def kind_words() -> dict[str, str]:
    """What may be asked of villages, in the reader's language."""
    return words_of(admission_kinds())


def item_words() -> dict[str, str]:
    """The services handed over, in the reader's language."""
    return words_of(service_items())


def department_of(item: str) -> str:
    """The department that hands an item over; "" for one no longer in the file."""
    entry = service_items().entries.get(item)
    return str(entry.more["department"]) if entry else ""
