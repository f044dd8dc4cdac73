"""Packs of appraisal: who is judged, by which instruments and indicators, with which lines. TOML, read strictly, by the day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from heli.kernel.catalogues import WORDS, shipped
from heli.kernel.faults import Fault, Refused
from heli.kernel.packs import Header, Key, Pack, Shape, find_files, load_pack, words_key
from heli.kernel.words import Words
from heli.posts.rules.appraising import WHOLE, GradeLines, Indicator

SUBJECTS = ("committee", "community", "station", "town", "department", "team")
GROUPS = ("town", "district")
EXEMPTS = ("town", "district")
GRADES = ("excellent", "competent", "basic", "incompetent")
KEYS = (
    words_key("title", "what is appraised"),
    Key("subject", Shape.TEXT, "who is appraised", choices=SUBJECTS),
    Key("group", Shape.TEXT, "whose peers are the group of a cap: the town's or the district's", choices=GROUPS),
    Key("sample", Shape.YES_NO, "true where the original is not published"),
    Key("objection_days", Shape.WHOLE, "days in which the appraised may object, from the notice", least=1),
    Key(
        "grades", Shape.TABLE, "the lines of the grades",
        keys=(*(Key(name, Shape.WHOLE, "least total in hundredths", least=0) for name in GRADES[:3]),
              Key("share", Shape.WHOLES, "[1, 5] for at most a fifth of a group", least=2)),
    ),
    Key("instruments", Shape.NAMED, "the instruments by key", keys=WORDS, least=1),
    Key(
        "indicators", Shape.NAMED, "the indicators by key", least=1,
        keys=(
            *WORDS,
            Key("instrument", Shape.TEXT, "one of the instruments"),
            Key("kind", Shape.TEXT, "ratio, panel or done", choices=("ratio", "panel", "done")),
            Key("weight", Shape.WHOLE, "basis points; all together 10000", least=0),
            Key("floor", Shape.WHOLE, "basis points that score nothing", required=False, least=0),
            Key("target", Shape.WHOLE, "basis points that score all", required=False, least=0),
            Key("least", Shape.WHOLE, "the fewest ballots that count", required=False, least=1),
            Key("figure", Shape.TEXT, "the figure it is taken from; left out: typed", required=False),
            Key("exempts", Shape.TEXT, "who may say that it does not apply", required=False, choices=EXEMPTS),
        ),
    ),
)  # fmt: skip
reasons = shipped(__file__, "reasons")


@dataclass(frozen=True, slots=True)
class PackIndicator:
    """An indicator with its words, the instrument it belongs to, the figure it is taken from ("": typed), who exempts from it."""

    rule: Indicator
    words: Words
    instrument: str
    figure: str
    exempts: str


@dataclass(frozen=True, slots=True)
class AppraisalPack:
    """What is appraised, how, and by which lines; `sha256` is that of the file."""

    header: Header
    title: Words
    subject: str
    group: str
    is_sample: bool
    objection_days: int
    grades: GradeLines
    instruments: Mapping[str, Words]
    indicators: Mapping[str, PackIndicator]
    sha256: str

    @property
    def rules(self) -> list[Indicator]:
        """The indicators as the pure rule takes them."""
        return [one.rule for one in self.indicators.values()]


@cache
def appraisal_packs() -> Mapping[str, AppraisalPack]:
    """Every pack by id. Raises `Refused` with file and line of what is wrong."""
    found = (parse_appraisal_pack(load_pack(path, KEYS)) for path in _files())
    return {pack.header.id: pack for pack in found}


def pack_on(key: str, day: date) -> AppraisalPack:
    """A pack that is in force on a day. Raises `Refused`."""
    pack = appraisal_packs().get(key)
    if pack is None or not pack.header.holds_on(day):
        from django.utils.translation import gettext as _

        text = _("This pack is not in force on %(day)s. Choose one that is.") % {"day": day.isoformat()}
        raise Refused(Fault("pack_not_in_force", text, field="pack"))
    return pack


def parse_appraisal_pack(pack: Pack) -> AppraisalPack:
    """What a file means. Raises `Refused`: weights off 10,000, an unknown instrument, a ratio without floor and target."""
    if found := list(_wrong(pack)):
        raise Refused(found)
    data, grades = pack.data, pack.data["grades"]
    indicators = {
        key: PackIndicator(
            Indicator(key, one["kind"], one["weight"], one.get("floor", 0), one.get("target", 0), one.get("least", 0)),
            Words(one["zh"], one["en"]), one["instrument"], one.get("figure", ""), one.get("exempts", ""),
        )
        for key, one in data["indicators"].items()
    }  # fmt: skip
    lines = GradeLines(grades["excellent"], grades["competent"], grades["basic"], tuple(grades["share"]))
    instruments = {key: Words(one["zh"], one["en"]) for key, one in data["instruments"].items()}
    return AppraisalPack(
        pack.header, Words(data["title"]["zh"], data["title"]["en"]), data["subject"], data["group"], data["sample"],
        data["objection_days"], lines, instruments, indicators, pack.sha256,
    )  # fmt: skip


def _files() -> list[Path]:
    return list(find_files(Path(__file__).parent / "data" / "packs", "appraisal/packs").values())


def _wrong(pack: Pack) -> Iterator[Fault]:
    data, grades = pack.data, pack.data["grades"]
    if not grades["basic"] <= grades["competent"] <= grades["excellent"]:
        message = "The grades must rise: basic, competent, excellent. Correct the totals."
        yield pack.fault(("grades",), "grades_order", message)
    share = grades["share"]
    if len(share) != 2 or not 0 <= share[0] <= share[1] or not share[1]:
        yield pack.fault(
            ("grades", "share"), "share", "The share is a part of the whole: write two numbers such as [1, 5]."
        )
    total = sum(one["weight"] for one in data["indicators"].values())
    if total != WHOLE:
        message = f"The weights add up to {total} basis points instead of {WHOLE}. Correct them."
        yield pack.fault(("indicators",), "weights_sum", message)
    for key, one in data["indicators"].items():
        if one["instrument"] not in data["instruments"]:
            message = f"There is no instrument {one['instrument']!r}. Write one of: {', '.join(data['instruments'])}."
            yield pack.fault(("indicators", key, "instrument"), "unknown_instrument", message)
        if one["kind"] == "ratio" and one.get("floor") == one.get("target"):
            message = "Floor and target are the same or missing. Write two different numbers."
            yield pack.fault(("indicators", key), "floor_is_target", message)
        if one["kind"] == "panel" and "least" not in one:
            yield pack.fault(("indicators", key), "least_missing", "Say how many ballots count at least: least = 20.")
