"""Recruitment by stages, and the ten measures for people in office."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.kernel.access import Actor
from heli.kernel.faults import Fault
from heli.posts.catalogues import incentives
from heli.posts.ledger.allotting import ACCEPT, KEEP, READ
from heli.posts.models import Incentive, IncentiveState, RecruitingState, Recruitment
from heli.records.ledgers import Ledger, Move, Values, Wording

R, I = RecruitingState, IncentiveState  # noqa: E741 - the states of the two lists below
STAGES = ("applied", "examined", "posted", "hired")


def shrinks(_actor: Actor, row: Any, values: Values, _on: date) -> Iterable[Fault]:
    """No stage has more people than the one before; not more are hired than there are posts."""
    counts = [values.get(name, getattr(row, name)) for name in STAGES]
    for number, name in enumerate(STAGES[1:], 1):
        if name in values and (counts[number] or 0) > (counts[number - 1] or 0):
            text = now("There were %(count)s at the stage before: no more can have come through it.")
            yield Fault("more_than_before", text % {"count": counts[number - 1] or 0}, field=name)
    if (values.get("hired") or 0) > row.quota:
        yield Fault("above_quota", now("There are %(quota)s posts to be filled.") % {"quota": row.quota}, field="hired")


RECRUITMENTS = Ledger(
    name="recruitments", model=Recruitment, states=RecruitingState, reads=READ, enters=KEEP, title="title", done=R.HIRED,
    icon="people", entry="post:home", groups=("kind",),
    words=Wording(
        tab=_("Recruitment"), one=_("Recruitment"), new=_("Enter a recruitment"), take_in=_("Take in recruitments"),
        empty=_("No recruitment yet"), groups=_("By post, town and age"),
        empty_text=_("Counts by stage: nobody who applied is kept."),
        replaces=_("table of recruitment (招录招聘情况表)"), replaces_row=_("table of recruitment (招录招聘情况表)"),
    ),
    moves=(
        Move(
            name="post_notice", did="noticed", right=KEEP, sources=(R.PLANNED,), to=R.NOTICED, asks=("notice",),
            needs=("notice",), card=_("Notice"), button=_("The notice hangs"), is_main=True,
            happened=pgettext_lazy("recruiting", "notice hangs"),
        ),
        Move(
            name="examine", did="examined", right=KEEP, sources=(R.NOTICED,), to=R.EXAMINED, asks=("applied", "examined"),
            needs=("applied", "examined"), card=_("Examination"), button=_("Enter the counts"), is_main=True, guard=shrinks,
            happened=pgettext_lazy("recruiting", "examined"),
        ),
        Move(
            name="post_names", did="posted", right=KEEP, sources=(R.EXAMINED,), to=R.POSTED, asks=("posted",),
            needs=("posted",), card=_("Posting"), button=_("They were posted"), is_main=True, guard=shrinks,
            happened=pgettext_lazy("recruiting", "posted"),
        ),
        Move(
            name="hire", did="hired", right=ACCEPT, sources=(R.POSTED,), to=R.HIRED, stamp="closed", asks=("hired",),
            needs=("hired",), card=_("Hiring"), button=_("They are hired"), is_main=True, guard=shrinks,
            happened=pgettext_lazy("recruiting", "hired"), help=_("Enter each of them among the posts of the body then."),
        ),
        Move(
            name="drop", did="dropped", right=KEEP, sources=(R.PLANNED, R.NOTICED, R.EXAMINED, R.POSTED), to=R.DROPPED,
            card=_("It is not needed any more"), button=_("Drop it"), reason=_("Reason"), is_folded=True,
            happened=pgettext_lazy("recruiting", "dropped"),
        ),
    ),
)  # fmt: skip


def is_posted(measure: str) -> bool:
    """Whether a measure is posted before it is decided."""
    entry = incentives().entries.get(measure)
    return bool(entry and entry.more["posting"])


def posted_first(_actor: Actor, row: Any, _values: Values, _on: date) -> Iterable[Fault]:
    """What must be posted is decided after it was."""
    if row.status == I.NOMINATED and is_posted(row.measure):
        yield Fault("not_posted", now("This measure is posted before it is decided."))


INCENTIVES = Ledger(
    name="incentives", model=Incentive, states=IncentiveState, reads=READ, enters=KEEP, title="title", done=I.DECIDED,
    icon="check", entry="post:home", groups=("measure",),
    words=Wording(
        tab=_("Incentives"), one=_("Incentive"), new=_("Nominate"), take_in=_("Take in nominations"),
        empty=_("Nobody was nominated yet"), groups=_("By measure, town and age"),
        empty_text=_("The ten measures for people in office: nominated, posted, decided."),
        replaces=_("list of commendations (正向激励台账)"), replaces_row=_("list of commendations (正向激励台账)"),
    ),
    moves=(
        Move(
            name="post", did="posted", right=KEEP, sources=(I.NOMINATED,), to=I.POSTED, stamp="posted",
            card=_("Posting"), button=_("It was posted"), evidence=_("Where and until when"), is_main=True,
            happened=pgettext_lazy("incentive", "posted"),
        ),
        Move(
            name="decide", did="decided", right=ACCEPT, sources=(I.POSTED, I.NOMINATED), to=I.DECIDED, stamp="closed",
            never="posted", asks=("document",), needs=("document",), card=_("Decide"), button=_("It is given"), icon="check",
            guard=posted_first, happened=pgettext_lazy("incentive", "given"), waits=_("Another person decides it."),
        ),
        Move(
            name="decline", did="declined", right=ACCEPT, sources=(I.POSTED, I.NOMINATED), to=I.DECLINED, stamp="closed",
            never="posted", card=_("Decide"), button=_("It is not given"), reason=_("Reason"), is_folded=True,
            happened=pgettext_lazy("incentive", "not given"),
        ),
    ),
)  # fmt: skip
