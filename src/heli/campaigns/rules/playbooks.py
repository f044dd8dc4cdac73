"""Playbooks read from TOML: stages of steps, checked with file and line.

What a playbook may hold is declared once, in `PLAYBOOK_KEYS`; the reader and the reference page both follow it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from heli.campaigns.rules.checking import LEVEL_OF, check, check_days, steps_of, turns_of
from heli.campaigns.types import EvidenceKind, OnMerge, Party, Playbook, Repeat, Required, Stage, StepRule, Tag
from heli.kernel.faults import Fault, Refused, Severity
from heli.kernel.levels import Per
from heli.kernel.packs import Key, Pack, Shape, find_files, read_pack, read_text, words_key
from heli.kernel.relations import CONCLUSION_KEYS, RELATION_KEYS, read_conclusion, read_relation
from heli.kernel.words import Words

FOLDER = Path(__file__).parents[1] / "data" / "playbooks"

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
    Key(
        "within", Shape.WHOLE, "it is due so many calendar days after the campaign's first at the latest, working days left or not",
        required=False, least=1,
    ),
    Key(
        "repeat", Shape.TEXT, "one occurrence at the end of each month or quarter from the first day, for a year or up to `within`",
        required=False, choices=tuple(Repeat),
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
    if faults := list(check(pack)):
        raise Refused(faults)
    header = pack.header
    playbook = Playbook(
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
    if faults := list(check_days(pack, playbook)):
        raise Refused(faults)
    return playbook


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


# --- building ----------------------------------------------------------------------------------------------------------


def _stage(pack: Pack, number: int, given: Mapping[str, Any]) -> Stage:
    turns = {step["key"]: step for _where, step in steps_of(pack)}
    steps = (
        turn
        for place, step in enumerate(given["steps"])
        for turn in _in_turns(_rule(given["key"], step, pack.line(("stages", number, "steps", place))), turns)
    )
    return Stage(given["key"], Words(**given["title"]), tuple(steps))


def _in_turns(rule: StepRule, given: Mapping[str, Mapping[str, Any]]) -> Iterator[StepRule]:
    """The step, or one for each month or quarter: a turn waits for the same turn of what repeats alike, else for all."""

    def waits(turn: int) -> Iterator[str]:
        for key in rule.after:
            keys = turns_of(given[key])
            alike = turn and given[key].get("repeat") == rule.repeat and turn <= len(keys)
            yield from keys[turn - 1 : turn] if alike else keys

    if rule.repeat is None:
        yield replace(rule, after=tuple(waits(0)))
        return
    keys = turns_of(given[rule.key])
    for turn, key in enumerate(keys, 1):
        title = Words(f"{rule.title.zh}（{turn}/{len(keys)}）", f"{rule.title.en} ({turn}/{len(keys)})")
        yield replace(rule, key=key, title=title, turn=turn, after=tuple(waits(turn)))


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
        within=given.get("within", 0),
        repeat=Repeat(given["repeat"]) if "repeat" in given else None,
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
