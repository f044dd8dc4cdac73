"""Files of the form heli.appraise/1, read strictly."""

from collections.abc import Iterator, Mapping
from typing import Any

from heli.kernel.faults import Finding, Unsound
from heli.kernel.forms import check_ids, check_shape, read_form
from heli.kernel.packs import Key, Shape, fits
from heli.posts.rules.appraising import PANEL_POINTS, WHOLE, Appraised, GradeLines, Indicator

APPRAISE_FORM = "heli.appraise/1"
LISTS = ("indicators", "subjects")
NAMES = (
    Key("title", Shape.TEXT, "what the file is about", required=False),
    Key("note", Shape.TEXT, "where its numbers come from", required=False),
)
COMMON = (
    Key("id", Shape.TEXT, "its name"),
    Key("kind", Shape.TEXT, "ratio, panel or done", choices=("ratio", "panel", "done")),
    Key("weight", Shape.WHOLE, "basis points of the total", least=0),
)
INDICATOR_KEYS = {
    "ratio": (
        *COMMON,
        Key("floor", Shape.WHOLE, "the basis points that score nothing", least=0),
        Key("target", Shape.WHOLE, "the basis points that score all", least=0),
    ),
    "panel": (*COMMON, Key("least", Shape.WHOLE, "the fewest ballots that count", least=0)),
    "done": COMMON,
}
FACT_KEYS = {
    "ratio": (Key("k", Shape.WHOLE, "how many", least=0), Key("n", Shape.WHOLE, "of how many", least=0)),
    "panel": tuple(Key(word, Shape.WHOLE, "so many ballots", least=0) for word in PANEL_POINTS),
    "done": (Key("done", Shape.YES_NO, "true or false"),),
}
GRADE_KEYS = (
    *(
        Key(grade, Shape.WHOLE, "the least total of this grade", least=0)
        for grade in ("excellent", "competent", "basic")
    ),
    Key("share", Shape.WHOLES, "two whole numbers: [1, 5] for at most a fifth", least=2),
)
SUBJECT_KEYS = (
    Key("id", Shape.TEXT, "its name"),
    Key("group", Shape.TEXT, "the peer group"),
    Key("facts", Shape.NAMED, "facts by indicator"),
    Key("not_applicable", Shape.TABLE, "why an indicator does not apply, by indicator", required=False),
    Key("veto", Shape.YES_NO, "true when something excludes “excellent”", required=False),
)


def read_appraisal(text: str) -> tuple[list[Indicator], GradeLines, list[Appraised]]:
    """A file of the form heli.appraise/1. Raises `Unsound` with everything that is wrong, indicators first."""
    data = read_form(text, APPRAISE_FORM, ["title", "note", "grades", *LISTS])
    head = {key: value for key, value in data.items() if key not in ("form", *LISTS)}
    found = list(check_shape(head, (*NAMES, Key("grades", Shape.TABLE, "the grades", keys=GRADE_KEYS)), ""))
    for name in LISTS:
        found += check_ids(data.get(name), name)
    if found:
        raise Unsound(*found)
    indicators, subjects = data["indicators"], data["subjects"]
    found = [*_grades(data["grades"]), *_indicators(indicators)]
    if found:
        raise Unsound(*found)
    known = {one["id"]: one for one in indicators}
    if found := [finding for subject in subjects for finding in _subject(subject, known)]:
        raise Unsound(*found)
    grades = GradeLines(**{**data["grades"], "share": tuple(data["grades"]["share"])})
    return [Indicator(**one) for one in indicators], grades, [_appraised(one) for one in subjects]


def _grades(grades: Mapping[str, Any]) -> Iterator[Finding]:
    if not grades["basic"] <= grades["competent"] <= grades["excellent"]:
        yield Finding("grades_order", field="grades")
    share = grades["share"]
    if len(share) != 2 or not 0 <= share[0] <= share[1] or not share[1]:
        yield Finding("share", field="grades.share")


def _indicators(indicators: list[Mapping[str, Any]]) -> Iterator[Finding]:
    sound = True
    for one in indicators:
        kind = one.get("kind")
        keys = INDICATOR_KEYS.get(kind, COMMON) if isinstance(kind, str) else COMMON
        for finding in check_shape(one, keys, one["id"]):
            sound = False
            yield finding
        if kind == "ratio" and one.get("floor") == one.get("target"):
            yield Finding("floor_is_target", field="target", source=one["id"])
    if sound and (total := sum(one["weight"] for one in indicators)) != WHOLE:
        yield Finding("weights_sum", {"total": total}, "weight")


def _subject(subject: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    key = subject["id"]
    found = list(check_shape(subject, SUBJECT_KEYS, key))
    yield from found
    if found:
        return
    left_out = subject.get("not_applicable", {})
    for indicator, fact in subject["facts"].items():
        if indicator in known:
            yield from check_shape(fact, FACT_KEYS[known[indicator]["kind"]], key, f"facts.{indicator}.")
        else:
            yield Finding("unknown_indicator", {"indicator": indicator}, f"facts.{indicator}", key)
    for indicator, reason in left_out.items():
        if indicator not in known:
            yield Finding("unknown_indicator", {"indicator": indicator}, f"not_applicable.{indicator}", key)
        elif not fits(reason, Shape.TEXT) or not reason.strip():
            yield Finding("no_reason", field=f"not_applicable.{indicator}", source=key)
    if not any(one["weight"] for name, one in known.items() if name not in left_out):
        yield Finding("nothing_applies", field="not_applicable", source=key)


def _appraised(subject: Mapping[str, Any]) -> Appraised:
    left_out = frozenset(subject.get("not_applicable", {}))
    return Appraised(subject["id"], subject["group"], subject["facts"], left_out, subject.get("veto", False))
