"""Rules of consultation: days on the wall, coverage of talks, what of a survey may be shown."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from heli.consultation.types import AnswerKind, NoticeDays, Question
from heli.kernel.catalogues import Catalogue, whole
from heli.kernel.quantities import Ratio

MOST_OPTIONS = 12
MOST_QUESTIONS = 30


def check_days(days: NoticeDays, least: int, *, is_before: bool) -> str:
    """What is wrong with the days of a notice, as a code; "" when all is well.

    It hangs at least `least` days, or (`is_before`) is posted at least so many days before the day it is for.
    """
    if days.last_on < days.first_on:
        return "days_crossed"
    if is_before is not (days.for_on is not None):
        return "for_day_missing" if is_before else "for_day_unasked"
    if days.counted < least:
        return "notice_too_late" if is_before else "notice_too_short"
    return ""


def earliest_end(first_on: date, least_days: int) -> date:
    """The first day on which a notice has hung long enough, or for which it was posted long enough before."""
    return first_on + timedelta(days=least_days)


def is_covered(done: int, base: int, share: int, over: int) -> bool:
    """Whether `share`/`over` of the class were talked with: over × done ≥ share × base, in integers."""
    return over * done >= share * base


def missing_talks(done: int, base: int, share: int, over: int) -> int:
    """How many more talks cover the class."""
    need = -(-share * base // over)
    return max(0, need - done)


def uncovered(counts: Mapping[str, tuple[int, int]], pack: Catalogue) -> dict[str, int | None]:
    """Classes that are not covered yet: how many talks are missing, None where nothing was recorded."""
    found: dict[str, int | None] = {}
    for key, entry in pack.entries.items():
        share, over = whole(entry.more["share"]), whole(entry.more["over"])
        if key not in counts:
            found[key] = None
        elif not is_covered(*counts[key], share, over):
            found[key] = missing_talks(*counts[key], share, over)
    return found


def check_questions(questions: Sequence[Question]) -> list[tuple[str, int]]:
    """What is wrong with the questions of a survey: (code, number of the question), nothing when all is well."""
    found: list[tuple[str, int]] = []
    if not questions or len(questions) > MOST_QUESTIONS:
        found.append(("questions_number", 0))
    for number, question in enumerate(questions, 1):
        if not question.text.strip():
            found.append(("question_empty", number))
        if not 2 <= len(question.options) <= MOST_OPTIONS:
            found.append(("options_number", number))
        if len({text for _key, text in question.options}) < len(question.options):
            found.append(("option_twice", number))
        if question.role and question.answering is not AnswerKind.ONE:
            found.append(("role_needs_one", number))
    return found


def parse_questions(text: str, pack: Catalogue) -> list[Question]:
    """Questions as people type them, a line each: text, then options after "|"; "[aware]" or "[support]" marks a rate.

    The marks may be written in the words of the pack as well. Several options may be chosen where the text ends with "*".
    "Do you know the plan? [aware] | yes | no"
    """
    marks = {f"[{word}]": key for key, entry in pack.entries.items() for word in (key, entry.words.zh, entry.words.en)}
    found: list[Question] = []
    for line in text.splitlines():
        parts = [part.strip() for part in line.replace("｜", "|").replace("［", "[").replace("］", "]").split("|")]
        if not any(parts):
            continue
        head, role = parts[0], ""
        for mark, key in marks.items():
            if mark in head:
                head, role = head.replace(mark, "").strip(), key
        several = head.endswith(("*", "＊"))
        options = tuple((f"o{at}", option) for at, option in enumerate((p for p in parts[1:] if p), 1))
        answering = AnswerKind.SEVERAL if several else AnswerKind.ONE
        found.append(Question(f"q{len(found) + 1}", head.rstrip("*＊").strip(), options, answering, role))
    return found


def check_answers(questions: Sequence[Question], chosen: Mapping[str, Sequence[str]]) -> list[str]:
    """Keys of questions whose answer does not fit: unknown options, several where one is asked, none at all."""
    wrong = []
    for question in questions:
        picked = list(chosen.get(question.key, ()))
        known = {key for key, _text in question.options}
        too_many = question.answering is AnswerKind.ONE and len(picked) != 1
        if too_many or not set(picked) <= known or len(set(picked)) != len(picked):
            wrong.append(question.key)
    return wrong


def check_tally(question: Question, counts: Mapping[str, int], returned: int) -> bool:
    """Whether typed counts can hold: options of a single choice add up to at most the returned, others each at most."""
    if any(count < 0 for count in counts.values()):
        return False
    if question.answering is AnswerKind.ONE:
        return sum(counts.values()) <= returned
    return all(count <= returned for count in counts.values())


def is_shown(returned: int, pack: Catalogue) -> bool:
    """Whether results of so few answers may be shown without pointing at somebody."""
    return returned >= whole(pack.settings["least_shown"])


def rate(question: Question, counts: Mapping[str, int]) -> Ratio:
    """The share of a question's first option among all answers to it."""
    first = question.options[0][0]
    return Ratio(counts.get(first, 0), sum(counts.values()))
