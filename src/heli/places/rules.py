"""Rules of codes, names and events: facts in, values or findings out. No database, no clock.

Law: statistical division codes 统计用区划代码 (twelve digits: GB/T 2260, GB/T 10114, three digits of the village level).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from heli.kernel.faults import Finding
from heli.kernel.periods import FIRST_DAY, LAST_DAY, is_plausible
from heli.places.naming import name_words
from heli.places.types import (
    IN_PLACE,
    KINDS_OF_LEVEL,
    LEVEL_ORDER,
    WHOLE,
    EventKind,
    EventSpec,
    Level,
    LinkSpec,
    PlaceKind,
    PlaceSpec,
    Ref,
    Share,
)

LARGEST_BASE = 10**15
"""The base of a share stays below this, so that sums of parts fit the database's integers."""

CODE = re.compile(r"[1-9][0-9]{11}", re.ASCII)

URBAN_RURAL_CLASSES = ("111", "112", "121", "122", "123", "210", "220")
"""Main urban area, urban fringe, town centre, town fringe, special area, township centre, village."""

TOWNSHIP_RANGES = (
    (1, 99, PlaceKind.STREET),
    (100, 199, PlaceKind.TOWN),
    (200, 399, PlaceKind.TOWNSHIP),
    (400, 599, PlaceKind.TOWNSHIP_LIKE),
)
VILLAGE_RANGES = (
    (1, 199, PlaceKind.COMMUNITY),
    (200, 399, PlaceKind.VILLAGE),
    (400, 499, PlaceKind.COMMUNITY_LIKE),
    (500, 599, PlaceKind.VILLAGE_LIKE),
)

DAMAGED = re.compile(
    "[?？\ufffd\u25a0\u25a1\u25cf\u25c6\u25c7\u2605\u2606_*#^+＋＿＊\\\\|~\ue000-\uf8ff\U000f0000-\U0010ffff\u2e80-\u2fff\u31c0-\u31ef\ufffc"
    "阝氵扌忄讠钅饣纟犭艹亻冫宀疒礻衤灬辶廴刂彳彡丬夂攵罒覀爫糹訁釒飠⺮]"
)
"""Signs that stand in no name of a village: replacements, private use, descriptions of letters, radicals by themselves."""
ZERO = re.compile(
    "(?<=[一二三四五六七八九十百千])[0０OoＯ○](?![0-9０-９])|(?<![0-9０-９])[0０OoＯ○](?=[一二三四五六七八九十])"
)


# -- codes -----------------------------------------------------------------------------------------------------------


def is_code(code: str) -> bool:
    """Whether the text is twelve ASCII digits that can be a division code."""
    return CODE.fullmatch(code) is not None


def compute_level(code: str) -> Level:
    """The level a code's digits tell. A city part 00 or county part 00 under a filled lower part is passed over
    (441900003001: a village of a city without counties)."""
    if code[9:] != "000":
        return Level.VILLAGE
    if code[6:9] != "000":
        return Level.TOWNSHIP
    if code[4:6] != "00":
        return Level.DISTRICT
    return Level.CITY if code[2:4] != "00" else Level.PROVINCE


def compute_kind(code: str) -> PlaceKind | None:
    """The kind a code's digits tell; None where the digits lie outside every range."""
    level = compute_level(code)
    if level is Level.VILLAGE:
        return _in_ranges(int(code[9:]), VILLAGE_RANGES)
    if level is Level.TOWNSHIP:
        return _in_ranges(int(code[6:9]), TOWNSHIP_RANGES)
    return KINDS_OF_LEVEL[level][0]


def _in_ranges(number: int, ranges: Iterable[tuple[int, int, PlaceKind]]) -> PlaceKind | None:
    return next((kind for low, high, kind in ranges if low <= number <= high), None)


def parent_codes(code: str) -> list[str]:
    """Codes of the places above, nearest first; county part 00 leads straight to the city."""
    above = [code[:keep].ljust(12, "0") for keep in (9, 6, 4, 2)]
    return list(
        dict.fromkeys(other for other in above if other != code and len(other.rstrip("0")) < len(code.rstrip("0")))
    )


def propose_code(used_codes_ever: Collection[str], town_code: str, kind: PlaceKind) -> str | None:
    """The lowest code above every one the town ever used for this kind; a gap never used when the top is reached.

    Never a code that was used before, even if dropped. None when the range is exhausted.
    """
    low, high = next((low, high) for low, high, of in VILLAGE_RANGES if of is kind)
    prefix = town_code[:9]
    used = {int(code[9:]) for code in used_codes_ever if code.startswith(prefix) and low <= int(code[9:]) <= high}
    top = max(used, default=low - 1)
    free = [*range(top + 1, high + 1), *(number for number in range(low, top) if number not in used)]
    return f"{prefix}{free[0]:03d}" if free else None


# -- names -----------------------------------------------------------------------------------------------------------


def clean_name(name: str) -> str:
    """The name with full-width letters, spaces and control characters made plain."""
    plain = unicodedata.normalize("NFKC", name)
    return "".join(letter for letter in plain if not letter.isspace() and unicodedata.category(letter)[0] != "C")


def normalise_name(name: str) -> str:
    """The name without its suffix of style: 大桥村委会, 大桥村村民委员会 and 大桥社区 all give 大桥."""
    plain = clean_name(name)
    for suffix in name_words().suffixes:
        if plain.endswith(suffix) and len(plain) > len(suffix):
            return plain[: -len(suffix)]
    return plain


def compute_kind_of_name(name: str) -> PlaceKind | None:
    """Village or community, where the name says so; None where it does not."""
    plain = clean_name(name)
    if any(word in plain for word in name_words().community):
        return PlaceKind.COMMUNITY
    if plain.endswith("村") or any(word in plain for word in name_words().village):
        return PlaceKind.VILLAGE
    return None


def is_same_name(name: str, other: str) -> bool:
    """Whether two names are one: 石桥村, 石桥村委会 and 石桥村民委员会 are, 石桥社区 is another."""
    if clean_name(name) == clean_name(other):
        return True
    kind = compute_kind_of_name(name)
    return kind is not None and kind is compute_kind_of_name(other) and normalise_name(name) == normalise_name(other)


def check_damaged(name: str, source: str = "") -> list[Finding]:
    """A warning where a name as it was written holds a sign no name has: lost in another encoding, or never typed.

    ? □ U+FFFD and letters of the private use area stand for letters that were lost; a lone radical (瞿阝) for a letter taken
    apart; 0 or O among Chinese numerals for 〇.
    """
    if name.isascii() or not (DAMAGED.search(name) or ZERO.search(name)):
        return []
    found = DAMAGED.search(name) or ZERO.search(name)
    assert found is not None
    sign = found[0]
    code = "name_zero" if not DAMAGED.search(name) else "name_damaged"
    shown = "、".join(f"{one if one.isprintable() else ''} U+{ord(one):04X}".strip() for one in sign)
    return [Finding(code, {"name": name[:40], "sign": shown}, "name", source, "warning")]


def check_name_against_code(name: str, code: str) -> list[Finding]:
    """A warning where a name contradicts the kind its code tells (some 48 of the national list do)."""
    told, named = compute_kind(code), compute_kind_of_name(name)
    alike = {PlaceKind.COMMUNITY_LIKE: PlaceKind.COMMUNITY, PlaceKind.VILLAGE_LIKE: PlaceKind.VILLAGE}
    if told is None or named is None or alike.get(told, told) is named or compute_level(code) is not Level.VILLAGE:
        return []
    return [Finding("name_contradicts_code", {"name": name, "code": code, "kind": told}, "name", severity="warning")]


# -- places ----------------------------------------------------------------------------------------------------------


def check_spec(spec: PlaceSpec, source: str = "") -> list[Finding]:
    """What is wrong with the attributes of a version by themselves."""
    found: list[Finding] = []
    if not clean_name(spec.name):
        found.append(Finding("name_missing", {}, "name", source))
    if len(spec.name) > 100:
        found.append(Finding("name_too_long", {"name": spec.name[:20]}, "name", source))
    if spec.code and not is_code(spec.code):
        found.append(Finding("code_not_twelve_digits", {"code": spec.code}, "code", source))
    if spec.urban_rural_class and spec.urban_rural_class not in URBAN_RURAL_CLASSES:
        found.append(
            Finding("urban_rural_class_unknown", {"value": spec.urban_rural_class}, "urban_rural_class", source)
        )
    if spec.level and spec.kind not in KINDS_OF_LEVEL[spec.level]:
        found.append(Finding("kind_of_other_level", {"kind": spec.kind, "level": spec.level}, "kind", source))
    return found


def compute_spec_level(spec: PlaceSpec) -> Level:
    """The level of a new place: said, or the first that has its kind."""
    return spec.level or next(level for level in reversed(LEVEL_ORDER) if spec.kind in KINDS_OF_LEVEL[level])


def stands_above(parent: Level, child: Level) -> bool:
    """Whether a place of the one level may be the parent of the other; grids may hold grids."""
    if parent is Level.GRID and child is Level.GRID:
        return True
    return LEVEL_ORDER.index(parent) < LEVEL_ORDER.index(child)


# -- events ----------------------------------------------------------------------------------------------------------


def whole_shares(link: LinkSpec, alone: bool) -> tuple[Share | None, Share | None]:
    """The shares of an arrow of people and of area; a source with one arrow goes whole where nothing else is said."""
    if alone:
        return link.population or WHOLE, link.area or WHOLE
    return link.population, link.area


def outgoing(spec: EventSpec) -> dict[Ref, list[LinkSpec]]:
    """Arrows by source, in the order given."""
    arrows: dict[Ref, list[LinkSpec]] = {}
    for link in spec.links:
        if link.source is not None:
            arrows.setdefault(link.source, []).append(link)
    return arrows


def ends(spec: EventSpec) -> set[Ref]:
    """Sources that end: no arrow leads back to themselves."""
    return {source for source, links in outgoing(spec).items() if all(link.target != source for link in links)}


def check_event(spec: EventSpec, source: str = "") -> list[Finding]:
    """What is wrong with an event by itself, before the register is asked."""
    return [
        *_check_day(spec, source),
        *_check_arrows(spec, source),
        *_check_shares(spec, source),
        *_check_kind(spec, source),
        *_check_cycle(spec, source),
    ]


def _check_day(spec: EventSpec, source: str) -> Iterator[Finding]:
    if not is_plausible(spec.on):
        yield Finding("day_implausible", {"first": FIRST_DAY, "last": LAST_DAY}, "on", source)


def _check_arrows(spec: EventSpec, source: str) -> Iterator[Finding]:
    if not spec.links:
        yield Finding("event_without_links", {}, "links", source)
    pairs = Counter((link.source, link.target) for link in spec.links)
    for (begin, end), times in pairs.items():
        if times > 1:
            yield Finding("link_twice", {"source": begin, "target": end}, "links", source)
        if begin is None and end is None:
            yield Finding("link_without_ends", {}, "links", source)
    targets = {link.target for link in spec.links}
    for key in spec.founds:
        if key not in targets:
            yield Finding("founded_without_link", {"place": key}, "founds", source)
    sources = {link.source for link in spec.links}
    for ref in spec.becomes:
        if ref not in sources | targets or ref in spec.founds:
            yield Finding("change_without_link", {"place": ref}, "becomes", source)
    for where, attributes in [*spec.founds.items(), *spec.becomes.items()]:
        yield from check_spec(attributes, source or str(where))


def _check_shares(spec: EventSpec, source: str) -> Iterator[Finding]:
    for begin, links in outgoing(spec).items():
        shares = [whole_shares(link, len(links) == 1) for link in links]
        for name, values in (("population", [p for p, _ in shares]), ("area", [a for _, a in shares])):
            given = [value for value in values if value is not None]
            if len(given) < len(values):
                facts = {"place": begin, "what": name, "count": len(values)}
                yield Finding("shares_missing", facts, name, source)
            else:
                yield from _check_parts(given, {"place": begin, "what": name}, name, source)
        for link, (people, area) in zip(links, shares, strict=True):
            if people and area and people.part == 0 and area.part == 0:
                yield Finding("share_empty", {"source": begin, "target": link.target}, "links", source)
            if link.is_part and len(links) == 1:
                yield Finding("part_without_rest", {"place": begin}, "links", source)


def _check_parts(shares: Sequence[Share], facts: Mapping[str, object], field: str, source: str) -> Iterator[Finding]:
    """The shares of one source: sound each by itself, of one base, and adding up to it or, with an unknown one, to less."""
    known = [(share.part or 0, share.of or 0) for share in shares if share.is_known]
    halves = any((share.part is None) is not (share.of is None) for share in shares)
    if halves or any(not 0 <= part <= base <= LARGEST_BASE or base < 1 for part, base in known):
        yield Finding("share_out_of_range", facts, field, source)
        return
    bases = sorted({base for _, base in known})
    if len(bases) > 1:
        yield Finding("shares_of_two_bases", {**facts, "first": bases[0], "second": bases[-1]}, field, source)
    elif known:
        total = sum(part for part, _ in known)
        if total > bases[0] or (total < bases[0] and len(known) == len(shares)):
            yield Finding("shares_do_not_add_up", {**facts, "sum": total, "base": bases[0]}, field, source)
        elif total == bases[0] and len(known) < len(shares):
            yield Finding("shares_leave_nothing", facts, field, source)


def _check_kind(spec: EventSpec, source: str) -> Iterator[Finding]:
    arrows = outgoing(spec)
    targets = {link.target for link in spec.links if link.target is not None}
    wrong = ""
    if spec.kind is EventKind.FOUND:
        if arrows or targets != set(spec.founds):
            wrong = "found"
    elif spec.kind is EventKind.MERGE:
        if len(arrows) < 2 or not spec.founds or any(link.target is None for link in spec.links):
            wrong = "merge"
    elif spec.kind is EventKind.ABSORB:
        if (
            spec.founds
            or not arrows
            or not ({link.target for link in spec.links if link.target != link.source} - {None})
        ):
            wrong = "absorb"
    elif spec.kind is EventKind.SPLIT:
        if not any(len(links) > 1 for links in arrows.values()):
            wrong = "split"
    elif spec.kind is EventKind.DISSOLVE:
        if not arrows or targets:
            wrong = "dissolve"
    elif any(link.source != link.target for link in spec.links) or set(arrows) != set(spec.becomes):
        wrong = "in_place"
    if wrong:
        yield Finding(f"not_a_{wrong}", {"kind": spec.kind}, "kind", source)


def _check_cycle(spec: EventSpec, source: str) -> Iterator[Finding]:
    """Places that pass wholly into one another in a ring: nobody would be left to hold them."""
    follows = {begin: links[0].target for begin, links in outgoing(spec).items() if len(links) == 1}
    for start, first in follows.items():
        seen, here = {start}, first
        while here in follows and here not in seen:
            seen.add(here)
            here = follows[here]
        if here == start and len(seen) > 1:
            yield Finding("event_in_a_ring", {"place": start}, "links", source)
            return


def changes_in_place(before: PlaceSpec, after: PlaceSpec) -> set[EventKind]:
    """Which in-place events lead from the one set of attributes to the other (rename, recode, move, convert)."""
    differs = {
        EventKind.RENAME: before.name != after.name,
        EventKind.RECODE: before.code != after.code,
        EventKind.MOVE: before.parent != after.parent,
        EventKind.CONVERT: before.kind != after.kind,
    }
    return {kind for kind in IN_PLACE if differs[kind]}
