"""Words for the register's values and findings, in the reader's language. The msgids are English."""

from collections.abc import Iterable, Mapping

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from heli.kernel.faults import Fault, Finding
from heli.places.measures import Measure
from heli.places.types import EventKind, Level, PlaceKind, Share

PERCENT_BASES = frozenset({1, 100, 10_000, 1_000_000})
"""Bases that nobody counted: the share was given as a percentage."""

LEVELS: Mapping[Level, str] = {
    Level.PROVINCE: _("Province"),
    Level.CITY: _("City"),
    Level.DISTRICT: _("District"),
    Level.TOWNSHIP: _("Township level"),
    Level.VILLAGE: _("Village level"),
    Level.GROUP: _("Villager group"),
    Level.GRID: _("Grid"),
    Level.BUILDING: _("Building"),
}
KINDS: Mapping[PlaceKind, str] = {
    PlaceKind.PROVINCE: _("Province"),
    PlaceKind.CITY: _("City"),
    PlaceKind.DISTRICT: _("District"),
    PlaceKind.STREET: _("Subdistrict"),
    PlaceKind.TOWN: _("Town"),
    PlaceKind.TOWNSHIP: _("Township"),
    PlaceKind.TOWNSHIP_LIKE: _("Zone like a township"),
    PlaceKind.COMMUNITY: _("Community"),
    PlaceKind.VILLAGE: _("Village"),
    PlaceKind.COMMUNITY_LIKE: _("Unit like a community"),
    PlaceKind.VILLAGE_LIKE: _("Unit like a village"),
    PlaceKind.GROUP: _("Villager group"),
    PlaceKind.GRID: _("Grid"),
    PlaceKind.BUILDING: _("Building"),
}
EVENTS: Mapping[EventKind, str] = {
    EventKind.FOUND: _("Founding"),
    EventKind.MERGE: _("Merger"),
    EventKind.ABSORB: _("Absorption"),
    EventKind.SPLIT: _("Split"),
    EventKind.CONVERT: _("Conversion"),
    EventKind.RENAME: _("Renaming"),
    EventKind.RECODE: _("New code"),
    EventKind.MOVE: _("Move to another parent"),
    EventKind.DISSOLVE: _("Abolition"),
}
CLASSES: Mapping[str, str] = {
    "111": _("Main urban area"),
    "112": _("Urban fringe"),
    "121": _("Town centre"),
    "122": _("Town fringe"),
    "123": _("Special area"),
    "210": _("Township centre"),
    "220": _("Village area"),
}
UNITS: Mapping[str, str] = {
    "people": _("people"),
    "households": _("households"),
    "groups": _("groups"),
    "grids": _("grids"),
    "posts": _("posts"),
    "votes": _("votes"),
    "dm2": _("km²"),
    "fen": _("yuan"),
    "m": _("m"),
    "ratio": "",
    "per_km2": _("people per km²"),
    "percent": "%",
}

TEXTS: Mapping[str, str] = {
    "name_missing": _("The name is missing. Give the name of the place."),
    "name_too_long": _("The name “%(name)s…” is longer than 100 characters. Shorten it."),
    "code_not_twelve_digits": _("“%(code)s” is not a code of twelve digits. Correct it or leave the code empty."),
    "urban_rural_class_unknown": _("“%(value)s” is not an urban–rural class. Use 111, 112, 121, 122, 123, 210 or 220."),
    "kind_of_other_level": _("The kind “%(kind)s” does not belong to the level “%(level)s”. Choose a kind of that level."),
    "name_contradicts_code": _("The name “%(name)s” contradicts its code %(code)s (%(kind)s). Check which is right."),
    "day_implausible": _("Choose a day from %(first)s to %(last)s."),
    "event_without_links": _("The event names no place. Say which places it concerns."),
    "kept_elsewhere": _("%(place)s has this figure from “%(room)s”: change it there and leave it out here."),
    "link_twice": _("The arrow from %(source)s to %(target)s is given twice. Add the two shares into one."),
    "link_without_ends": _("An arrow has neither a beginning nor an end. Name at least one place."),
    "founded_without_link": _("%(place)s is to be founded but no arrow leads to it. Add the arrow or leave the place out."),
    "change_without_link": _("%(place)s is to change but no arrow touches it. Add an arrow of the place to itself."),
    "shares_missing": _(
        "%(place)s goes to %(count)s places but not every share of %(what)s is given. Give them, or say “?” where "
        "nobody counted; they are never guessed."
    ),
    "share_out_of_range": _("A share of %(what)s of %(place)s is less than nothing or more than the whole. Correct it."),
    "shares_of_two_bases": _(
        "The shares of %(what)s of %(place)s are parts of different wholes (%(first)s, %(second)s). Give all of them "
        "as parts of one."
    ),
    "shares_do_not_add_up": _(
        "The parts of %(what)s of %(place)s add up to %(sum)s of %(base)s. Correct them or say where the rest goes."
    ),
    "shares_leave_nothing": _(
        "The known parts of %(what)s of %(place)s are all there is, so nothing is left for a part said to be unknown. "
        "Correct them or give 0."
    ),
    "share_empty": _("The arrow from %(source)s to %(target)s carries neither people nor area. Remove it."),
    "part_without_rest": _("Only a part of %(place)s is named. Say where the rest stays."),
    "not_a_found": _("A founding has new places only. Name no place that existed before."),
    "not_a_merge": _("A merger joins at least two places into a new one. Use “absorption” where a host keeps its own."),
    "not_a_absorb": _("An absorption brings places into hosts that exist. Name an existing host, no new place."),
    "not_a_split": _("A split divides a place among at least two. Name both parts with their shares."),
    "not_a_dissolve": _("An abolition leaves no successor. Use merger or absorption where there is one."),
    "not_a_in_place": _("The place itself goes on: give its new attributes, and no other place."),
    "event_in_a_ring": _("%(place)s passes wholly into a place that passes wholly into it. Check the direction of the arrows."),
    "place_unknown": _("There is no place %(place)s. Check the choice."),
    "place_not_valid": _("%(place)s was not valid on %(on)s. Choose another place or another day."),
    "place_still_valid": _("%(place)s is still valid on %(on)s and cannot come back. End it first."),
    "place_founded_twice": _("%(place)s is founded twice in one batch. Give each new place its own name."),
    "later_history": _("%(place)s already has history after %(on)s. Reverse the later event first, or choose a later day."),
    "parent_missing": _("%(place)s has no place above it. Choose its parent."),
    "parent_not_valid": _("The parent of %(place)s was not valid on %(on)s. Choose a parent that was."),
    "parent_too_low": _("The parent of %(place)s does not stand above it. Choose a higher place."),
    "children_left": _("%(place)s ends but %(count)s places still stand under it. Move them on the same day."),
    "children_in_other_district": _(
        "%(place)s goes to another district but %(count)s places under it stay behind. Move them "
        "on the same day."
    ),
    "code_twice": _("The code %(code)s is given to two places of this batch. Give each its own."),
    "code_taken": _("The code %(code)s belongs to %(place)s on that day. Choose another code."),
    "kind_changes_level": _("%(place)s cannot become a place of another level. Found a new place instead."),
    "nothing_changes": _("Nothing about %(place)s changes by this event. Check its new attributes."),
    "event_unknown": _("There is no such event. It may belong to another district."),
    "event_already_reversed": _("The event of %(on)s has been reversed already."),
    "event_built_upon": _("%(place)s has later history, places or figures that build on this event. Reverse those first."),
    "measure_unknown": _("There is no measure “%(measure)s”. Choose one of the catalogue."),
    "measure_is_ratio": _("“%(measure)s” is computed from two figures. Record those instead."),
    "measure_not_additive": _(
        "“%(measure)s” cannot be added up over places and so cannot be restated. Choose an "
        "additive measure."
    ),
    "value_negative": _("%(value)s is negative. Figures of this measure are zero or more."),
    "value_too_large": _("%(value)s is too large to be right. Check the unit."),
    "fact_twice": _("The figure of %(place)s on %(on)s is given twice. Keep one."),
    "backwards": _("Figures of %(start)s cannot be carried back to %(end)s. Choose a day on or after the figures."),
    "pair_same": _("A place is not its own neighbour. Choose two places."),
    "pair_too_far": _("The two places stand in different districts. Neighbours are kept within one district."),
    "affinity_out_of_range": _("The affinity lies between 0 and 1000. Correct it."),
    "length_negative": _("A length lies between 0 and 1,000,000 m. Correct it."),
    "version_unknown": _("%(place)s has no version on %(on)s. Choose a day on which it was valid."),
    "reason_missing": _("Say why: a change outside an event needs its reason."),
    "town_unknown": _("There is no township “%(town)s” on %(on)s. Correct its name, or exclude the row."),
    "proposal_unknown": _("This proposal is gone or decided already. Look at the page again."),
    "proposal_needs_choice": _("Choose what became of %(village)s first."),
    "proposals_stale": _("The register has changed since the proposals were made. They were made anew; look at them again."),
    "target_taken": _(
        "%(target)s is chosen for %(first)s and for %(second)s. One unit of the new list continues one village; a merger is"
        " decided by the merger list."
    ),
    "codes_still_held": _(
        "The new codes of %(names)s still belong to places about which nothing is decided. Decide about those first."
    ),
}  # fmt: skip


def level_text(level: Level | str) -> str:
    """The level in words."""
    return gettext(LEVELS[Level(level)])


def kind_text(kind: PlaceKind | str) -> str:
    """The kind in words."""
    return gettext(KINDS[PlaceKind(kind)])


def event_text(kind: EventKind | str) -> str:
    """The event in words."""
    return gettext(EVENTS[EventKind(kind)])


def class_text(urban_rural_class: str) -> str:
    """The urban–rural class in words; empty when unknown."""
    return gettext(CLASSES[urban_rural_class]) if urban_rural_class in CLASSES else ""


def measure_text(measure: Measure) -> str:
    """The measure's name in the reader's language, from the catalogue itself."""
    return measure.zh if (get_language() or "zh").startswith("zh") else measure.en


def unit_text(unit: str) -> str:
    """The unit in words."""
    return gettext(UNITS[unit]) if UNITS[unit] else ""


def as_fault(finding: Finding, names: Mapping[object, str] | None = None) -> Fault:
    """A finding as a sentence; `names` gives the names of places the finding knows by key."""
    facts = {key: _word(key, value, names or {}) for key, value in finding.facts.items()}
    return finding.said(gettext(TEXTS[finding.code]), facts)


def as_faults(findings: Iterable[Finding], names: Mapping[object, str] | None = None) -> list[Fault]:
    """Findings as sentences."""
    return [as_fault(finding, names) for finding in findings]


def _word(key: str, value: object, names: Mapping[object, str]) -> str:
    if isinstance(value, PlaceKind):
        return kind_text(value)
    if isinstance(value, Level):
        return level_text(value)
    if isinstance(value, EventKind):
        return event_text(value)
    if key == "what":
        return {"population": gettext("people"), "area": gettext("area")}.get(str(value), str(value))
    if key in ("place", "source", "target"):
        return "–" if value is None else names.get(value, str(value))
    return gettext(str(value)) if key == "room" else str(value)


def share_text(share: Share) -> str:
    """A share as people read it: "16,107 / 48,321 (33.33 %)", "33.33 %" where only the percentage was given."""
    fraction = share.fraction
    if fraction is None:
        return gettext("not known")
    percent = f"{float(100 * fraction):.4g} %"
    if share.is_whole or share.of in PERCENT_BASES:
        return percent
    return f"{share.part:,} / {share.of:,} ({percent})"


def shown(measure: Measure, value: int) -> str:
    """A figure as people read it: km² with three decimals, yuan with two, everything else whole."""
    if measure.unit == "dm2":
        return f"{value / 100_000_000:,.3f}"
    if measure.unit == "fen":
        return f"{value / 100:,.2f}"
    return f"{value:,}"


STORED = {"dm2": "km²", "fen": "元", "m": "m"}
"""Units behind a stored figure, where it is more than a count."""


def stored_text(measure: Measure, value: int) -> str:
    """A figure with the unit it is kept in: 0.20 km², and in m² what would vanish in that."""
    if measure.unit == "dm2":
        return f"{value / 100_000_000:,.2f} km²" if value >= 1_000_000 else f"{value / 100:,.0f} m²"
    return f"{shown(measure, value)} {STORED.get(measure.unit) or unit_text(measure.unit)}".strip()


def amount(measure: Measure, value: int | None) -> int | float | None:
    """A figure for files: in the unit people read."""
    if value is None:
        return None
    return {"dm2": value / 100_000_000, "fen": value / 100}.get(measure.unit, value)
