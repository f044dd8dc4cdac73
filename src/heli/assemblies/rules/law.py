"""The packs of law: read once, strictly; which hold for a kind of assembly on a day in a province.

National law beats an older line of a province on the same point, and the line set aside is named. A province of which
nothing was read says so; a day before the first pack is refused.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from heli.assemblies.types import LawOfDay, LawPack, LawReading, LawRule, LegalBody
from heli.kernel.faults import Fault, Finding, Refused, Unsound
from heli.kernel.packs import Key, Pack, Shape, find_files, read_pack, read_text, words_key
from heli.kernel.words import Words

FOLDER = Path(__file__).resolve().parents[1] / "data" / "packs"
KINDS = ("village", "residents", "coop", "four_steps")
TESTS = (
    "called", "make_up", "delegates", "petition", "quorum", "women_present", "passing",
    "box", "turnout", "elected", "second_ballot", "objection", "shown",
)  # fmt: skip
PROVINCES = frozenset(
    f"{region}{number}"
    for region, last in ((1, 5), (2, 3), (3, 7), (4, 6), (5, 4), (6, 5))
    for number in range(1, last + 1)
) | {"50"}
"""The first two digits of division codes on the mainland."""

ARTICLE = Key("article", Shape.TEXT, "where it stands")
BODIES = Key("bodies", Shape.TEXTS, "the bodies it holds for", least=1)
RULE_KEYS = (
    Key("id", Shape.TEXT, "its name, the same in every pack that speaks of the same point"),
    ARTICLE,
    words_key("words", "what it asks"),
    Key("test", Shape.TEXT, "what it is asked for", choices=TESTS),
    BODIES,
    Key("modes", Shape.TEXTS, "the ways of meeting it holds for; all without", required=False),
    Key("matters", Shape.TEXTS, "the matters it holds for; all without", required=False),
    Key("replaces", Shape.TEXT, "the national rule that the province's stands for", required=False),
    Key("times", Shape.WHOLE, "the factor on the left, 1 without", required=False, least=1),
    Key("quantity", Shape.TEXT, "what is counted"),
    Key("op", Shape.TEXT, "strict or inclusive", choices=(">", ">=", "=", "<=", "<")),
    Key(
        "of",
        Shape.WHOLE,
        "the factor on the right, 1 without; without a base the number itself",
        required=False,
        least=0,
    ),
    Key("base", Shape.TEXT, "of what it is a share", required=False),
)
READING_KEYS = (Key("id", Shape.TEXT, "its name"), ARTICLE, words_key("words", "what it orders"), BODIES)
BODY_KEYS = (
    Key("body", Shape.TEXT, "its name"),
    ARTICLE,
    Key("modes", Shape.TEXTS, "its ways of meeting; one without a name where there are none", required=False),
    Key("matters", Shape.TEXTS, "what it may decide; none is refused where they were not read", required=False),
    Key("delegated", Shape.TEXTS, "what it may decide only when entrusted with it", required=False),
)
LAW_KEYS = (
    Key("kind", Shape.TEXT, "whose law it is", choices=KINDS),
    words_key("title", "the name of the law"),
    Key("by_analogy", Shape.TEXTS, "other kinds it is read for, with a warning", required=False),
    Key("bodies", Shape.TABLES, "who decides or elects", required=False, keys=BODY_KEYS),
    Key("rules", Shape.TABLES, "inequalities in whole numbers", required=False, keys=RULE_KEYS),
    Key("readings", Shape.TABLES, "what is ordered without an inequality", required=False, keys=READING_KEYS),
    Key("not_read", Shape.TABLES, "what the pack does not know", required=False, keys=words_key("", "").keys),
)


def parse_law(text: str, name: str) -> LawPack:
    """A pack from the text of its file. Raises `Refused` with file and line of every mistake."""
    pack = read_pack(text, name, LAW_KEYS)
    if faults := list(_check(pack)):
        raise Refused(faults)
    data, title = pack.data, Words(**pack.data["title"])
    rules = tuple(
        LawRule(
            one["id"], f"{title.zh} {one['article']}", Words(**one["words"]), one["test"], frozenset(one["bodies"]),
            frozenset(one.get("modes", ())), frozenset(one.get("matters", ())), one.get("times", 1), one["quantity"],
            one["op"], one.get("of", 1), one.get("base", ""), one.get("replaces", ""),
        )
        for one in data.get("rules", ())
    )  # fmt: skip
    readings = tuple(
        LawReading(one["id"], f"{title.zh} {one['article']}", Words(**one["words"]), frozenset(one["bodies"]))
        for one in data.get("readings", ())
    )
    bodies = {
        one["body"]: LegalBody(
            one["body"],
            f"{title.zh} {one['article']}",
            frozenset(one.get("modes", ("",))),
            frozenset(one["matters"]) if "matters" in one else None,
            frozenset(one.get("delegated", ())),
        )
        for one in data.get("bodies", ())
    }
    not_read = tuple(Words(**one) for one in data.get("not_read", ()))
    analogy = frozenset(data.get("by_analogy", ()))
    return LawPack(pack.header, pack.sha256, data["kind"], title, analogy, bodies, rules, readings, not_read)


def _check(pack: Pack) -> Iterator[Fault]:
    """What the keys cannot say: a number to compare with, a name that means one thing, kinds and modes that exist."""
    for table in ("rules", "readings"):
        seen = set[str]()
        for number, one in enumerate(pack.data.get(table, ())):
            if one["id"] in seen:
                yield pack.fault(
                    (table, number, "id"), "twice", f"{one['id']!r} is written twice. Give it another name."
                )
            seen.add(one["id"])
            if table == "rules" and "of" not in one and "base" not in one:
                message = f"{one['id']!r} compares with nothing. Write of, base or both."
                yield pack.fault((table, number), "no_right_side", message)
    for kind in pack.data.get("by_analogy", ()):
        if kind not in KINDS:
            yield pack.fault(
                ("by_analogy",), "unknown_kind", f"{kind!r} is no kind. Write some of: {', '.join(KINDS)}."
            )


class LawShelf:
    """The packs of this installation, and what holds on a day; answers are kept."""

    def __init__(self, packs: tuple[LawPack, ...]) -> None:
        self.packs = packs
        self._found: dict[tuple[str, str, date], LawOfDay] = {}

    def kind_of(self, body: str) -> str | None:
        """The kind of law that a body stands under; None for a body that no pack knows."""
        return next((pack.kind for pack in self.packs if body in pack.bodies), None)

    @cached_property
    def electing(self) -> tuple[str, ...]:
        """The bodies that are elected: those for which some pack says what elects."""
        return tuple(
            dict.fromkeys(
                body
                for pack in self.packs
                for body in pack.bodies
                if any(rule.test == "elected" and body in rule.bodies for rule in pack.rules)
            )
        )

    def law_of(self, kind: str, jurisdiction: str, on: date) -> LawOfDay:
        """What holds for the kind on the day in CN or a province ("CN-51"). Raises `Unsound` for an unknown place or day."""
        key = (kind, jurisdiction, on)
        if key not in self._found:
            self._found[key] = self._find(kind, jurisdiction, on)
        return self._found[key]

    def _find(self, kind: str, jurisdiction: str, on: date) -> LawOfDay:
        if jurisdiction != "CN" and not (jurisdiction.startswith("CN-") and jurisdiction[3:] in PROVINCES):
            raise Unsound(Finding("unknown_province", {"code": jurisdiction}, field="jurisdiction"))
        national = self._in_force(kind, "CN", on)
        if national is None:
            first = min(p.header.valid_from for p in self.packs if p.kind == kind and p.header.jurisdiction == "CN")
            raise Unsound(Finding("no_pack", {"day": on.isoformat(), "first": first.isoformat()}, field="on"))
        overlay = None if jurisdiction == "CN" else self._in_force(kind, jurisdiction, on)
        rules, old_rules = _merge(national, overlay, national.rules, overlay.rules if overlay else ())
        readings, old = _merge(national, overlay, national.readings, overlay.readings if overlay else ())
        packs = (national,) if overlay is None else (national, overlay)
        warnings = self._warnings(kind, jurisdiction, overlay)
        return LawOfDay(on, jurisdiction, packs, rules, readings, national.bodies, (*old_rules, *old), warnings)

    def _in_force(self, kind: str, jurisdiction: str, on: date) -> LawPack | None:
        """A pack of the kind itself before one that is read for it by analogy; of two the younger."""
        fitting = [
            pack
            for pack in self.packs
            if pack.header.jurisdiction == jurisdiction
            and pack.header.holds_on(on)
            and (pack.kind == kind or kind in pack.by_analogy)
        ]
        return max(fitting, key=lambda pack: (pack.kind == kind, pack.header.valid_from), default=None)

    def _warnings(self, kind: str, jurisdiction: str, overlay: LawPack | None) -> tuple[str, ...]:
        if jurisdiction == "CN" or kind == "four_steps":
            return ()
        if overlay is None:
            known = any(pack.header.jurisdiction == jurisdiction and pack.kind == kind for pack in self.packs)
            return ("overlay_not_in_force" if known else "unread_province",)
        return () if overlay.kind == kind else ("by_analogy",)


def law_findings(law: LawOfDay) -> list[Finding]:
    """What was not read, as warnings."""
    return [Finding(code, {"code": law.jurisdiction}, "jurisdiction", severity="warning") for code in law.warnings]


def _merge(
    national: LawPack, overlay: LawPack | None, ours: Any, theirs: Any
) -> tuple[tuple[Any, ...], list[tuple[Any, Any]]]:
    """The lines that hold, the province's in place of those they replace; and pairs of a line set aside and the younger one."""
    held = {one.id: one for one in ours}
    aside = []
    for one in theirs:
        if one.id in held and overlay is not None and overlay.header.valid_from < national.header.valid_from:
            aside.append((one, held[one.id]))
            continue
        held.pop(getattr(one, "replaces", ""), None)
        held[one.id] = one
    return tuple(held.values()), aside


@cache
def shelf() -> LawShelf:
    """The shipped packs and the locality's; files are read once in a process. Raises `Refused`."""
    found = find_files(FOLDER, "assemblies/packs").values()
    return LawShelf(tuple(parse_law(read_text(path), path.name) for path in found))
