"""What a playbook's file may not say although its form is right: keys, parties, numbers, order, days. Each fault with its line."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from heli.accounts.types import ROLE_NAMES
from heli.campaigns.rules.schedule import too_short, waits_for
from heli.campaigns.types import DAY_UNIT, EvidenceKind, Playbook, Repeat
from heli.kernel.faults import Fault
from heli.kernel.levels import Per
from heli.kernel.packs import Pack, Where
from heli.kernel.relations import check_relation

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
OFFERED = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
NAME = re.compile(r"[a-z][a-z0-9_]*")
LONGEST_KEY = 60
LEVEL_OF: Mapping[Per, Per] = {Per.SUCCESSOR: Per.VILLAGE} | {per: per for per in Per if per is not Per.SUCCESSOR}
"""At which level a step's place stands: a successor is a village."""
HEIGHT: Mapping[Per, int] = {Per.VILLAGE: 0, Per.TOWN: 1, Per.DISTRICT: 2}


def check(pack: Pack) -> Iterator[Fault]:
    """Every problem of the steps of a file whose form is right."""
    yield from _check_keys(pack)
    yield from _check_steps(pack)
    yield from _check_order(pack)


def check_days(pack: Pack, playbook: Playbook) -> Iterator[Fault]:
    """Steps of the built playbook that its own calendar days leave too little time for."""
    where = {pack.line(where): where for where, _step in steps_of(pack)}
    told = set[int]()
    for step, there_are, needed in too_short(playbook):
        if step.line not in told:
            told.add(step.line)
            message = f"{step.key} needs {needed} working days, there are {there_are} up to its last. Allow more, or ask for less."
            field = "within" if step.within else "repeat"
            yield pack.fault((*where[step.line], field), f"{field}_too_short", message)


def turns_of(step: Mapping[str, Any]) -> list[str]:
    """The keys of a step as it will be asked: its own, or one for each turn of a year or of the days `within`."""
    if "repeat" not in step:
        return [step["key"]]
    months = step.get("within", 365) // 30
    return [f"{step['key']}-{turn}" for turn in range(1, months // Repeat(step["repeat"]).months + 1)]


def steps_of(pack: Pack) -> Iterator[tuple[Where, Mapping[str, Any]]]:
    """Each step of a file as it was written, and where."""
    for number, stage in enumerate(pack.data["stages"]):
        for place, step in enumerate(stage["steps"]):
            yield ("stages", number, "steps", place), step


def _check_keys(pack: Pack) -> Iterator[Fault]:
    if not SLUG.fullmatch(pack.header.id):
        yield pack.fault(("id",), "key_form", f"{pack.header.id!r}: use small letters, digits and single hyphens.")
    stages: list[tuple[Where, Mapping[str, Any]]] = [
        (("stages", number), stage) for number, stage in enumerate(pack.data["stages"])
    ]
    for what, named in (("stage", stages), ("step", list(steps_of(pack)))):
        seen: set[str] = set()
        for where, each in named:
            for key in turns_of(each):
                if not SLUG.fullmatch(key) or len(key) > LONGEST_KEY:
                    message = (
                        f"{key!r}: use small letters, digits and single hyphens, at most {LONGEST_KEY} characters."
                    )
                    yield pack.fault((*where, "key"), "key_form", message)
                if key in seen:
                    message = f"There is already a {what} {key!r}. Give this one another key."
                    yield pack.fault((*where, "key"), "duplicate_key", message)
                seen.add(key)


def _check_steps(pack: Pack) -> Iterator[Fault]:
    for where, step in steps_of(pack):
        for field in ("does", "accepts"):
            if message := _party_fault(step[field], Per(step["per"])):
                yield pack.fault((*where, field), "unknown_role", message)
        for field, form, example in (("gates", OFFERED, "assemblies.decided"), ("documents", SLUG, "work-plan")):
            for each in step.get(field, ()):
                if not form.fullmatch(each):
                    yield pack.fault((*where, field), "form", f"{each!r} is no name of one; it looks like {example!r}.")
            for each in [each for each, times in Counter(step.get(field, ())).items() if times > 1]:
                yield pack.fault((*where, field), "twice", f"{each!r} is named twice. Keep one.")
        if "act" in step and not OFFERED.fullmatch(step["act"]):
            yield pack.fault((*where, "act"), "form", f"{step['act']!r} is no name of an act; see planning.apply_plan.")
        for number, required in enumerate(step.get("evidence", ())):
            if message := _evidence_fault(required):
                yield pack.fault((*where, "evidence", number), "evidence", message)
        yield from _check_counts(pack, where, step)


def _check_counts(pack: Pack, where: Where, step: Mapping[str, Any]) -> Iterator[Fault]:
    names = [required["key"] for required in step.get("evidence", ()) if "key" in required]
    days = [required.get("key") for required in step.get("evidence", ()) if required.get("unit") == DAY_UNIT]
    for name in [name for name, times in Counter(names).items() if times > 1]:
        yield pack.fault((*where, "evidence"), "twice", f"Two numbers are named {name!r}. Name one otherwise.")
    for field in ("relations", "follows"):
        for number, given in enumerate(step.get(field, ())):
            yield from check_relation(pack, (*where, field, number), given, names, days)
    if not turns_of(step):
        message = f"There is no whole {step['repeat']} in {step['within']} days. Allow more, or remove `repeat`."
        yield pack.fault((*where, "repeat"), "repeat_never", message)


def _party_fault(text: str, per: Per) -> str:
    role, at, level = text.partition("@")
    if role not in ROLE_NAMES:
        return f"There is no role {role!r}. Write one of: {', '.join(sorted(ROLE_NAMES))}."
    if at and level not in HEIGHT:
        return f"There is no level {level!r}. Write one of: {', '.join(HEIGHT)}."
    if at and HEIGHT[Per(level)] < HEIGHT[LEVEL_OF[per]]:
        return f"A step per {per} is not in the hands of one {level}. Name a level that contains the {LEVEL_OF[per]}."
    return ""


def _evidence_fault(required: Mapping[str, Any]) -> str:
    is_number = required["kind"] == EvidenceKind.NUMBER
    if is_number and not required.get("unit", ""):
        return "A number needs its unit: say what is counted."
    is_day = is_number and required["unit"] == DAY_UNIT
    never = ("measure", "fact") if is_day else () if is_number else ("unit", "measure", "fact", "key")
    if any(required.get(key) for key in never):
        return "Only a number has a unit, a measure, a fact and a key, and a day no measure and fact. Remove them."
    if required.get("key") and (not NAME.fullmatch(required["key"]) or required.get("least", 1) > 1):
        return "A key is of small letters, digits and _, and of one number."
    if "why" in required and required["kind"] != EvidenceKind.PHOTO:
        return "Only a photo needs a reason. Remove `why`."
    return _fact_fault(required) if "fact" in required else ""


def _fact_fault(required: Mapping[str, Any]) -> str:
    if not OFFERED.fullmatch(required["fact"]):
        return f"{required['fact']!r} is no name of a fact; it looks like 'consultation.opinions'."
    return "A fact is one number. Remove `least`." if required.get("least", 1) > 1 else ""


def _check_order(pack: Pack) -> Iterator[Fault]:
    places = {step["key"]: where for where, step in steps_of(pack)}
    after: dict[str, list[str]] = {}
    for where, step in steps_of(pack):
        known = [key for key in step.get("after", ()) if key in places]
        after[step["key"]] = known
        for key in step.get("after", ()):
            if key not in places:
                message = f"There is no step {key!r}. Write the key of another step of this file."
                yield pack.fault((*where, "after"), "unknown_step", message)
        for key in [key for key, times in Counter(known).items() if times > 1]:
            yield pack.fault((*where, "after"), "twice", f"{key!r} is named twice. Keep one.")
    try:
        TopologicalSorter(after).prepare()
    except CycleError as wrong:
        # graphlib tells the circle from each step to one that waits for it.
        circle = wrong.args[1]
        message = f"These steps wait for each other: {' → '.join(circle)}. Remove one of their `after`."
        yield pack.fault((*places[circle[1]], "after"), "cycle", message)
        return
    yield from _check_anchor(pack, after)


def _check_anchor(pack: Pack, after: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    anchors = [(where, step) for where, step in steps_of(pack) if step.get("anchor")]
    for where, _step in anchors[1:]:
        message = f"{anchors[0][1]['key']!r} is the anchor already. A campaign has one fixed day: keep one."
        yield pack.fault((*where, "anchor"), "second_anchor", message)
    waited = set[str]()
    for where, step in anchors:
        waited |= waits_for(after, step["key"])
        if step["days"] != 1:
            yield pack.fault((*where, "days"), "anchor_days", "The anchor is one day: write `days = 1`.")
        for field in ("repeat", "within"):
            if field in step:
                message = f"The anchor's day is fixed by the campaign. Remove `{field}`."
                yield pack.fault((*where, field), "anchor_fixed", message)
    for where, step in steps_of(pack):
        if "before" in step and step["key"] not in waited:
            message = "`before` counts to the anchor, which does not wait for this step. Let it, by its `after`, or remove it."
            yield pack.fault((*where, "before"), "before_nothing", message)
