"""Playbooks read from TOML: stages of steps, checked with file and line, compared step by step.

What a playbook may hold is declared once, in `PLAYBOOK_KEYS`; the reader and the reference page both follow it.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import MappingProxyType
from typing import Any

from heli.accounts.types import ROLE_NAMES
from heli.campaigns.rules.schedule import waits_for
from heli.campaigns.types import DAY_UNIT, EvidenceKind, OnMerge, Party, Playbook, Required, Stage, StepRule, Tag
from heli.kernel.faults import Fault, Refused, Severity
from heli.kernel.levels import Per
from heli.kernel.packs import Key, Pack, Shape, Where, find_files, read_pack, read_text, words_key
from heli.kernel.relations import CONCLUSION_KEYS, RELATION_KEYS, check_relation, read_conclusion, read_relation
from heli.kernel.words import Words

FOLDER = Path(__file__).parents[1] / "data" / "playbooks"
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
OFFERED = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
NAME = re.compile(r"[a-z][a-z0-9_]*")
LONGEST_KEY = 60
LEVEL_OF: Mapping[Per, Per] = {Per.SUCCESSOR: Per.VILLAGE} | {per: per for per in Per if per is not Per.SUCCESSOR}
"""At which level a step's place stands: a successor is a village."""
HEIGHT: Mapping[Per, int] = {Per.VILLAGE: 0, Per.TOWN: 1, Per.DISTRICT: 2}

EVIDENCE_KEYS: tuple[Key, ...] = (
    Key("kind", Shape.TEXT, "what proves it", choices=tuple(EvidenceKind)),
    Key("least", Shape.WHOLE, "how many pieces at least; 1 when left out", required=False, least=1),
    words_key("name", "what is asked for, as said to the one who brings it"),
    Key("unit", Shape.TEXT, "of a number: what is counted; `date` where it is a day", required=False),
    Key("measure", Shape.TEXT, "of a number: the measure of the register that it becomes a fact of", required=False),
    Key(
        "fact",
        Shape.TEXT,
        "of a number: what of Heli it is read from instead of being typed, `context.name`",
        required=False,
    ),
    Key("key", Shape.TEXT, "of a number: its name in `relations` and `follows`", required=False),
    words_key(
        "why", "of a photo: the reason for which nothing less will do; it is said where the photo is asked for", False
    ),
)
STEP_KEYS: tuple[Key, ...] = (
    Key("key", Shape.TEXT, "its name within the file, never changed: small letters, digits and hyphens"),
    words_key("title", "what is to be done, in a few words"),
    words_key("guide", "how it is done well", required=False),
    Key("per", Shape.TEXT, "once for whom it is done", choices=tuple(Per)),
    Key("does", Shape.TEXT, "the role that does it, and at which level when that is not the step's own: `town_officer@town`"),
    Key("accepts", Shape.TEXT, "the role that accepts it, written like `does`; never the person who submitted it"),
    Key("days", Shape.WHOLE, "planned working days, the last included", least=1),
    Key("after", Shape.TEXTS, "keys of the steps that must be finished before", required=False),
    Key("evidence", Shape.TABLES, "what must be there before it can be submitted", required=False, keys=EVIDENCE_KEYS),
    Key(
        "relations", Shape.TABLES, "what the numbers cannot be: refused where they are typed",
        required=False, keys=RELATION_KEYS,
    ),
    Key(
        "follows", Shape.TABLES, "what the numbers have to reach before it can be submitted; Heli computes it",
        required=False, keys=CONCLUSION_KEYS,
    ),
    Key("documents", Shape.TEXTS, "ids of the document templates it produces", required=False),
    Key("gates", Shape.TEXTS, "gates that must be open, `context.name`; one that nobody offers is attested", required=False),
    Key("act", Shape.TEXT, "what acceptance triggers, `context.name`", required=False),
    Key(
        "on_merge", Shape.TEXT, "an open step of a merged village moves to the successor (the default) or ends",
        required=False, choices=tuple(OnMerge),
    ),
    Key("applies", Shape.TEXTS, "only for places with one of these marks", required=False, choices=tuple(Tag)),
    Key("anchor", Shape.YES_NO, "true: its one day is the campaign's fixed day, as polling day; one step at most", required=False),
    Key(
        "before", Shape.WHOLE, "calendar days that must lie between its last day and the anchor's; the anchor waits for it",
        required=False, least=1,
    ),
    Key("law", Shape.TEXT, "the article or the practice it rests on"),
)  # fmt: skip
STAGE_KEYS: tuple[Key, ...] = (
    Key("key", Shape.TEXT, "its name within the file"),
    words_key("title", "the stage in a few words"),
    Key("steps", Shape.TABLES, "its steps in order", keys=STEP_KEYS, least=1),
)
PLAYBOOK_KEYS: tuple[Key, ...] = (
    words_key("title", "what the playbook is called"),
    words_key("about", "what it is for, in a sentence or two"),
    Key("stages", Shape.TABLES, "the stages in order", keys=STAGE_KEYS, least=1),
)
"""What a playbook holds besides the header of every data file."""


@lru_cache(maxsize=64)
def parse_playbook(text: str, name: str) -> Playbook:
    """The playbook that the text of a file says. Raises `Refused` with every problem, each with "name:line" and its key."""
    pack = read_pack(text, name, PLAYBOOK_KEYS)
    if faults := [*_check_keys(pack), *_check_steps(pack), *_check_order(pack)]:
        raise Refused(faults)
    header = pack.header
    return Playbook(
        key=header.id,
        version=header.version,
        title=Words(**pack.data["title"]),
        about=Words(**pack.data["about"]),
        valid_from=header.valid_from,
        valid_to=header.valid_to,
        jurisdiction=header.jurisdiction,
        source=header.source,
        stages=tuple(_stage(pack, number, stage) for number, stage in enumerate(pack.data["stages"])),
        sha256=pack.sha256,
        text=text,
    )


def shipped_playbooks() -> dict[str, Playbook]:
    """The playbooks of this installation by key: those shipped, replaced and added to by the locality. Raises `Refused`."""
    found = {}
    for stem, path in find_files(FOLDER, "campaigns/playbooks").items():
        playbook = parse_playbook(read_text(path), path.name)
        if playbook.key != stem:
            message = f"The file {path.name} holds the playbook {playbook.key!r}. Give both the same name."
            raise Refused(Fault("file_name", message, field="id", source=f"{path.name}:1"))
        found[stem] = playbook
    return found


def check_references(
    playbook: Playbook,
    name: str,
    *,
    acts: Collection[str],
    measures: Collection[str],
    facts: Collection[str] = (),
    documents: Collection[str] | None = None,
) -> list[Fault]:
    """What the playbook names that this installation does not have. Gates are not asked: an unknown one is attested.

    `documents`: ids of the templates there are; None leaves them unchecked.
    """
    faults = []
    for step in playbook.steps:
        named: list[tuple[str, Collection[str], Collection[str] | None]] = [
            ("act", [step.act] if step.act else [], acts),
            ("measure", [required.measure for required in step.evidence if required.measure], measures),
            ("fact", [required.fact for required in step.evidence if required.fact], facts),
            ("documents", step.documents, documents),
        ]
        for field, ids, known in named:
            for each in ids:
                if known is not None and each not in known:
                    message = f"{step.key}: there is no {each!r} here. Write one of: {', '.join(sorted(known))}."
                    faults.append(Fault(f"unknown_{field}", message, field=field, source=f"{name}:{step.line}"))
    return faults


def check_photos(playbook: Playbook, name: str) -> list[Fault]:
    """Warnings about photos asked for without a reason: villages are not to be made to send pictures of their work."""
    message = (
        "{}: a photo is asked for without saying why ({!r}). Add `why`, or do without the photo (国办函〔2026〕12号)."
    )
    return [
        Fault(
            "photo_without_reason",
            message.format(step.key, required.name.zh),
            severity=Severity.WARNING,
            field="why",
            source=f"{name}:{step.line}",
        )
        for step in playbook.steps
        for required in step.evidence
        if required.kind is EvidenceKind.PHOTO and required.why is None
    ]


# --- comparing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepChange:
    """One attribute of a step that is not what it was; `field` is the name of a `StepRule` field."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class PlaybookDiff:
    """Two versions side by side, by step key in the order of the newer one: a changed step is kept, but says what changed."""

    kept: tuple[str, ...]
    new: tuple[str, ...]
    dropped: tuple[str, ...]
    changed: Mapping[str, tuple[StepChange, ...]]


def compare_playbooks(old: Playbook, new: Playbook) -> PlaybookDiff:
    """What becomes of every step when a campaign goes from one playbook to the other. A step is known by its key."""
    shared = [key for key in new.by_key if key in old.by_key]
    changes = {key: _changes(old.by_key[key], new.by_key[key]) for key in shared}
    return PlaybookDiff(
        kept=tuple(key for key in shared if not changes[key]),
        new=tuple(key for key in new.by_key if key not in old.by_key),
        dropped=tuple(key for key in old.by_key if key not in new.by_key),
        changed=MappingProxyType({key: found for key, found in changes.items() if found}),
    )


def _changes(old: StepRule, new: StepRule) -> tuple[StepChange, ...]:
    pairs = ((each.name, getattr(old, each.name), getattr(new, each.name)) for each in fields(StepRule))
    # The line moves with every edit above it and means nothing.
    return tuple(StepChange(*pair) for pair in pairs if pair[0] != "line" and pair[1] != pair[2])


# --- building ----------------------------------------------------------------------------------------------------------


def _stage(pack: Pack, number: int, given: Mapping[str, Any]) -> Stage:
    steps = (
        _rule(given["key"], step, pack.line(("stages", number, "steps", place)))
        for place, step in enumerate(given["steps"])
    )
    return Stage(given["key"], Words(**given["title"]), tuple(steps))


def _rule(stage: str, given: Mapping[str, Any], line: int) -> StepRule:
    per = Per(given["per"])
    return StepRule(
        key=given["key"],
        stage=stage,
        title=Words(**given["title"]),
        per=per,
        does=_party(given["does"], per),
        accepts=_party(given["accepts"], per),
        days=given["days"],
        law=given["law"],
        guide=Words(**given["guide"]) if "guide" in given else None,
        after=tuple(given.get("after", ())),
        evidence=tuple(_required(each) for each in given.get("evidence", ())),
        relations=tuple(read_relation(each) for each in given.get("relations", ())),
        follows=tuple(read_conclusion(each) for each in given.get("follows", ())),
        documents=tuple(given.get("documents", ())),
        gates=tuple(given.get("gates", ())),
        act=given.get("act", ""),
        on_merge=OnMerge(given.get("on_merge", OnMerge.MOVE)),
        applies=tuple(Tag(each) for each in given.get("applies", ())),
        anchor=given.get("anchor", False),
        before=given.get("before", 0),
        line=line,
    )


def _party(text: str, per: Per) -> Party:
    role, _at, level = text.partition("@")
    return Party(role, Per(level) if level else LEVEL_OF[per])


def _required(given: Mapping[str, Any]) -> Required:
    return Required(
        kind=EvidenceKind(given["kind"]),
        least=given.get("least", 1),
        name=Words(**given["name"]),
        unit=given.get("unit", ""),
        measure=given.get("measure", ""),
        fact=given.get("fact", ""),
        why=Words(**given["why"]) if "why" in given else None,
        key=given.get("key", ""),
    )


# --- checking ----------------------------------------------------------------------------------------------------------


def _steps(pack: Pack) -> Iterator[tuple[Where, Mapping[str, Any]]]:
    for number, stage in enumerate(pack.data["stages"]):
        for place, step in enumerate(stage["steps"]):
            yield ("stages", number, "steps", place), step


def _check_keys(pack: Pack) -> Iterator[Fault]:
    if not SLUG.fullmatch(pack.header.id):
        yield pack.fault(("id",), "key_form", f"{pack.header.id!r}: use small letters, digits and single hyphens.")
    stages: list[tuple[Where, Mapping[str, Any]]] = [
        (("stages", number), stage) for number, stage in enumerate(pack.data["stages"])
    ]
    for what, named in (("stage", stages), ("step", list(_steps(pack)))):
        seen: set[str] = set()
        for where, each in named:
            key = each["key"]
            if not SLUG.fullmatch(key) or len(key) > LONGEST_KEY:
                message = f"{key!r}: use small letters, digits and single hyphens, at most {LONGEST_KEY} characters."
                yield pack.fault((*where, "key"), "key_form", message)
            if key in seen:
                message = f"There is already a {what} {key!r}. Give this one another key."
                yield pack.fault((*where, "key"), "duplicate_key", message)
            seen.add(key)


def _check_steps(pack: Pack) -> Iterator[Fault]:
    for where, step in _steps(pack):
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
        yield from _check_numbers(pack, where, step)


def _check_numbers(pack: Pack, where: Where, step: Mapping[str, Any]) -> Iterator[Fault]:
    names = [required["key"] for required in step.get("evidence", ()) if "key" in required]
    days = [required.get("key") for required in step.get("evidence", ()) if required.get("unit") == DAY_UNIT]
    for name in [name for name, times in Counter(names).items() if times > 1]:
        yield pack.fault((*where, "evidence"), "twice", f"Two numbers are named {name!r}. Name one otherwise.")
    for field in ("relations", "follows"):
        for number, given in enumerate(step.get(field, ())):
            yield from check_relation(pack, (*where, field, number), given, names, days)


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
    places = {step["key"]: where for where, step in _steps(pack)}
    after: dict[str, list[str]] = {}
    for where, step in _steps(pack):
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
    anchors = [(where, step) for where, step in _steps(pack) if step.get("anchor")]
    for where, _step in anchors[1:]:
        message = f"{anchors[0][1]['key']!r} is the anchor already. A campaign has one fixed day: keep one."
        yield pack.fault((*where, "anchor"), "second_anchor", message)
    waited = set[str]()
    for where, step in anchors:
        waited |= waits_for(after, step["key"])
        if step["days"] != 1:
            yield pack.fault((*where, "days"), "anchor_days", "The anchor is one day: write `days = 1`.")
    for where, step in _steps(pack):
        if "before" in step and step["key"] not in waited:
            message = "`before` counts to the anchor, which does not wait for this step. Let it, by its `after`, or remove it."
            yield pack.fault((*where, "before"), "before_nothing", message)
