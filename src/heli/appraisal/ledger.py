"""The ledger of appraisals: work report, grade by two people, notice, objection ruled on by a third, sealed."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.appraisal.models import Appraisal, AppraisalGrade, AppraisalState, AppraisalYear
from heli.appraisal.packs import appraisal_packs
from heli.appraisal.rules import grades_open, needs_reason, places_left
from heli.appraisal.sealing import digest_of
from heli.kernel.access import Actor
from heli.kernel.faults import Fault
from heli.records.ledgers import Ledger, Move, Values, Wording
from heli.records.services import hold, refuse_oneself

READ, SEE, REPORT, KEEP, GRADE, CONFIRM, OPEN = (
    f"appraisal.{name}" for name in ("read", "all.read", "report", "keep", "grade", "confirm", "open")
)
S = AppraisalState


def notice_ends(row: Appraisal) -> date | None:
    """The last day on which the appraised may object; none before the notice."""
    pack = appraisal_packs().get(row.pack)
    if row.confirmed_on is None:
        return None
    last: date = row.confirmed_on + timedelta(days=pack.objection_days if pack else 5)
    return last


def not_oneself(actor: Actor, row: Appraisal) -> Iterable[Fault]:
    """Nobody grades, confirms or rules on what they are appraised for themselves."""
    mine = any(
        grant.body_id == row.body_body_id if row.body_body_id is not None else grant.place_id == row.place_id
        for grant in actor.grants
    )
    if mine:
        yield Fault("own_grade", now("This is about yourselves: somebody else grades, confirms and rules."))


def may_grade(actor: Actor, row: Appraisal, values: Values, on: date) -> Iterable[Fault]:
    """The facts are complete and added up as they stand, and the grade is not above what they give."""
    yield from not_oneself(actor, row)
    grade, parts = values.get("grade") or row.grade, row.parts
    if parts.get("facts") != row.facts.count():
        yield Fault("not_added_up", now("Facts came in since: let it be added up again before it is graded."))
    elif parts.get("missing"):
        missing = ", ".join(words_of_indicators(row.pack, parts["missing"]))
        text = now("Incomplete, and incomplete is never nought. Missing: %(missing)s.")
        yield Fault("incomplete", text % {"missing": missing}, field="grade")
    elif grade not in grades_open(parts):
        yield Fault("grade_above", now("The facts do not give this grade: choose it or a lower one."), field="grade")
    elif needs_reason(parts, grade) and not (values.get("why") or row.why):
        text = now("Say why: it stands on the line, or the grade is below what the facts give.")
        yield Fault("why_missing", text, field="why")
    elif grade == AppraisalGrade.EXCELLENT and parts.get("grade") == "decide" and not is_room(row):
        text = now("No more of this group can be excellent: the cap is reached.")
        yield Fault("cap_reached", text, field="grade")


def is_room(row: Appraisal) -> bool:
    """Whether one more of those on the line may be excellent; whoever asks at the same moment waits."""
    hold(AppraisalYear.objects, pk=row.year_id)
    peers = list(Appraisal.objects.filter(year=row.year_id, peers=row.peers).values_list("pk", "parts__grade", "grade"))
    decided = [given for key, rule, given in peers if rule == "decide" and key != row.pk]
    return (
        places_left([rule or "" for _key, rule, _given in peers], decided, appraisal_packs()[row.pack].grades.share) > 0
    )


def may_rule(actor: Actor, row: Appraisal, values: Values, on: date) -> Iterable[Fault]:
    """Neither the appraised nor whoever proposed the grade or objected; and not above what the facts give now."""
    yield from may_grade(actor, row, {**values, "why": values.get("ruling")}, on)
    for first in (row.proposed_by_id, row.objected_by_id):
        refuse_oneself(actor=actor, first_id=first, source="rule")


def may_object(actor: Actor, row: Appraisal, values: Values, on: date) -> Iterable[Fault]:
    """Within the days of the notice."""
    last = notice_ends(row)
    if last is not None and on > last:
        text = now("Objections were taken until %(day)s.")
        yield Fault("objection_late", text % {"day": last.isoformat()}, field="objection")


def may_seal(actor: Actor, row: Appraisal, values: Values, on: date) -> Iterable[Fault]:
    """Once the notice has ended."""
    last = notice_ends(row)
    if row.status == S.GRADED and last is not None and on <= last:
        text = now("The notice runs until %(day)s: it is sealed afterwards.")
        yield Fault("notice_runs", text % {"day": last.isoformat()})


def words_of_indicators(pack: str, keys: Iterable[str]) -> list[str]:
    """Indicators in the reader's language."""
    from django.utils.translation import get_language

    known = appraisal_packs()[pack].indicators if pack in appraisal_packs() else {}
    return [known[key].words.text(get_language() or "zh-hans") if key in known else key for key in keys]


def sealed(row: Any, values: Values, on: date) -> Values:
    """The hash over everything that was judged."""
    return {"sha256": digest_of(row)}


APPRAISALS = Ledger(
    name="appraisals", model=Appraisal, states=AppraisalState, reads=READ, enters="", title="title", done=S.SEALED,
    closed="sealed", icon="check", entry="appraisal:home", named=("body", SEE), row_template="appraisal/appraisal.html",
    words=Wording(
        tab=_("Appraisals"), caption=_("Appraisals"), one=_("Appraisal"), new=_("Begin an appraisal"), take_in=_("Appraisals"),
        empty=_("No appraisal was begun"), in_time=_("Sealed in time"),
        empty_text=_("Committees, communities, towns and departments, once a year, from facts that are there already."),
        replaces=_("appraisal forms (年度考核表、评分表)"),
        replaces_row=_("appraisal form with democratic appraisal (考核登记表、民主评议表)"),
    ),
    says={"opened": pgettext_lazy("appraisal", "begun")},
    moves=(
        Move(
            name="object", did="objected", right=REPORT, sources=(S.GRADED,), to=S.OBJECTED, stamp="objected",
            asks=("objection",), needs=("objection",), card=_("Object to it"), button=_("Object"), is_folded=True,
            guard=may_object, happened=pgettext_lazy("appraisal", "objected to"),
            help=_("What is wrong with which part; somebody else rules on it."),
        ),
        Move(
            name="rule", did="ruled", right=CONFIRM, sources=(S.OBJECTED,), to=S.RULED, stamp="ruled", never="confirmed",
            asks=("grade", "ruling"), needs=("grade", "ruling"), card=_("Rule on the objection"), button=_("Rule"),
            is_main=True, guard=may_rule, waits=_("You confirmed the grade; somebody else rules on the objection."),
            happened=pgettext_lazy("appraisal", "ruled on"),
        ),
        Move(
            name="seal", did="sealed", right=CONFIRM, sources=(S.GRADED, S.RULED), to=S.SEALED, stamp="sealed",
            button=_("Seal it"), icon="shield", guard=may_seal, sets=sealed, happened=pgettext_lazy("appraisal", "sealed"),
        ),
        Move(
            name="confirm", did="confirmed", right=CONFIRM, sources=(S.PROPOSED,), to=S.GRADED, stamp="confirmed",
            never="proposed", card=_("Is it the right grade?"), button=_("Confirm the grade"), icon="check", is_main=True,
            guard=may_grade, waits=_("You proposed the grade; a second person confirms it."),
            happened=pgettext_lazy("appraisal", "grade confirmed, on notice"),
        ),
        Move(
            name="return", did="returned", right=CONFIRM, sources=(S.PROPOSED,), to=S.REPORTED, clears=("proposed",),
            never="proposed", card=_("Is it the right grade?"), button=_("Send it back"), icon="undo", is_folded=True,
            reason=_("Reason"), happened=pgettext_lazy("appraisal", "sent back"),
        ),
        Move(
            name="propose", did="proposed", right=GRADE, sources=(S.REPORTED,), to=S.PROPOSED, stamp="proposed",
            asks=("grade", "why"), needs=("grade",), card=_("Propose a grade"), button=_("Propose the grade"), is_main=True,
            guard=may_grade, start=lambda row, on: {"grade": (grades_open(row.parts) or ("",))[-1]
                                                    if row.parts.get("grade") != "decide" else ""},
            happened=pgettext_lazy("appraisal", "grade proposed"),
        ),
        Move(
            name="report", did="reported", right=REPORT, sources=(S.OPEN,), to=S.REPORTED, card=_("Give the work report"),
            button=_("Give it"), is_main=True, evidence=_("Work report 述职 in a few words, or as a file"),
            happened=pgettext_lazy("appraisal", "work report given"),
        ),
    ),
)  # fmt: skip
LEDGERS = (APPRAISALS,)
