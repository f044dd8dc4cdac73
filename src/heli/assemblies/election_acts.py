"""What can be done with a contest on its page: who may, when it is offered, what is asked, which service does it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.forms import Form
from django.utils.translation import gettext_lazy as _

from heli.assemblies import election_forms as forms
from heli.assemblies.catalogues import election_kind
from heli.assemblies.counted import result_text
from heli.assemblies.models import CountSheet, Nominee, SheetState, Sitting, UnitContest
from heli.assemblies.queries.elections import rounds_of
from heli.assemblies.queries.sittings import sittings_of
from heli.assemblies.services import declaring, elections
from heli.assemblies.services.elections import BASE, DECLARE, KEEP
from heli.assemblies.types import ElectionKind
from heli.kernel.access import Actor, may
from heli.records.abouts import About
from heli.records.fields import fields_of
from heli.records.forms import choices_for, upload_of
from heli.records.views import today
from heli.records.words import Text

Sent = tuple[Any, ...]
"""What was posted, as forms take it: data and files; nothing while the page is looked at."""


@dataclass(frozen=True)
class ContestDesk:
    """A contest as it lies before whoever looks at its page."""

    actor: Actor
    about: About
    contest: UnitContest
    nominees: Sequence[Nominee]
    sheets: Sequence[CountSheet]

    @property
    def given(self) -> dict[str, Any]:
        """Who acts, and on what: what every service is told."""
        return {"actor": self.actor, "contest": self.contest}

    @property
    def is_declared(self) -> bool:
        """Whether its result was declared."""
        return hasattr(self.contest, "declaration")

    @property
    def kind(self) -> ElectionKind:
        """What is elected."""
        return election_kind(self.contest.election.body)

    @cached_property
    def is_followed(self) -> bool:
        """Whether a next round is open."""
        return bool(rounds_of(self.contest).filter(earlier=self.contest).exists())

    @cached_property
    def holders(self) -> list[Nominee]:
        """Those elected."""
        return [one for one in self.nominees if one.person_id is not None]

    @cached_property
    def passed(self) -> dict[int, Sitting]:
        """The sittings of the unit that passed something."""
        rows = sittings_of(self.actor, self.about).filter(place=self.contest.place_id, status="passed")
        return {row.pk: row for row in rows}

    def person(self, key: str) -> Nominee:
        """Somebody on the ballot by what a form chose."""
        return next(one for one in self.nominees if str(one.pk) == key)

    def sheet(self, key: str) -> CountSheet:
        """A counting table by what a form chose."""
        return next(one for one in self.sheets if str(one.pk) == key)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestAct:
    """An act: its right and when it is offered, its form (None: a button), the service, and what the page says of it."""

    did: str
    title: Text
    button: Text
    when: Callable[[ContestDesk], bool]
    do: Callable[[ContestDesk, Any], object]
    form: Callable[[ContestDesk, Sent], Form] | None = None
    right: str = KEEP
    help: Text = ""


def acts_on(desk: ContestDesk) -> Iterator[ContestAct]:
    """What the actor may do with the contest now, in the order of the page."""
    place = desk.contest.place_id
    if may(desk.actor, KEEP, place):
        yield from (act for act in ACTS if act.when(desk) and may(desk.actor, act.right, place))


def with_start(form: Form, **start: object) -> Form:
    """The form, filled in to begin with."""
    form.initial = start
    return form


def _prepare_form(desk: ContestDesk, sent: Sent) -> Form:
    drawn = [fields_of(UnitContest)[name] for name in ("readiness", *BASE)]
    choices = choices_for(drawn, desk.actor, desk.about, today(), KEEP)
    start = {field.name: getattr(desk.contest, field.name) for field in drawn}
    return forms.PrepareForm(*sent, drawn=drawn, choices=choices, row=desk.contest, initial=start)


def _prepare(desk: ContestDesk, form: Any) -> None:
    values = form.values()
    elections.prepare(**desk.given, readiness=values.pop("readiness"), numbers=values)


def _nominate(desk: ContestDesk, form: Any) -> None:
    more = {name: form.cleaned_data[name] for name in ("is_woman", "number")}
    elections.nominate(**desk.given, **form.values(), **more)


def _review(desk: ContestDesk, form: Any) -> None:
    given = dict(form.cleaned_data)
    elections.review(actor=desk.actor, nominee=desk.person(given.pop("nominee")), **given)


def _keep_copy(desk: ContestDesk, form: Any) -> None:
    upload = upload_of(form.cleaned_data["file"])
    assert upload is not None
    declaring.keep_signed_copy(**desk.given, upload=upload)


def _leave_form(desk: ContestDesk, sent: Sent) -> Form:
    names = {key: f"{row.held_on} {row.meeting.title}" for key, row in desk.passed.items()}
    return forms.LeaveForm(*sent, body=desk.contest.election.body, holders=desk.holders, sittings=names)


def _leave(desk: ContestDesk, form: Any) -> None:
    given = dict(form.cleaned_data)
    sitting = desk.passed.get(int(given.pop("sitting") or 0))
    declaring.end_office(actor=desk.actor, nominee=desk.person(given.pop("nominee")), sitting=sitting, **given)


def _is_open(desk: ContestDesk) -> bool:
    return not desk.is_declared


ACTS = (
    ContestAct(
        did="declare", title=_("Declare the result"), button=_("Declare"), right=DECLARE,
        help=_("By somebody who keyed none of its sheets; once."),
        when=lambda desk: not desk.is_declared and bool(desk.sheets),
        form=lambda desk, sent: forms.DeclareForm(*sent, kind=desk.kind),
        do=lambda desk, form: declaring.declare(**desk.given, **form.cleaned_data),
    ),
    ContestAct(
        did="prepare", title=_("Numbers of the unit"), button=_("Save"), when=_is_open, form=_prepare_form, do=_prepare,
    ),
    ContestAct(
        did="nominate", title=_("Put somebody on the ballot"), button=_("Save"), do=_nominate,
        when=lambda desk: not desk.is_declared and all(one.state == SheetState.WAITING for one in desk.sheets),
        form=lambda desk, sent: forms.NomineeForm(*sent, contest=desk.contest),
    ),
    ContestAct(
        did="review", title=_("Answer of the reviewing body"), button=_("Save"), do=_review,
        when=lambda desk: desk.kind.is_committee and not desk.is_declared
        and any(one.is_qualified is None for one in desk.nominees),
        form=lambda desk, sent: forms.ReviewForm(*sent, nominees=desk.nominees),
    ),
    ContestAct(
        did="table", title=_("Lay out a counting table"), button=_("Save"), when=_is_open,
        form=lambda desk, sent: forms.TableForm(*sent),
        do=lambda desk, form: elections.add_table(**desk.given, **form.cleaned_data),
    ),
    ContestAct(
        did="pour", title=_("Count two tables together"), button=_("Pour together"),
        help=_("Where so few ballots came back that they would tell how a few people voted."),
        when=lambda desk: not desk.is_declared and len(desk.sheets) > 1,
        form=lambda desk, sent: forms.PourForm(*sent, sheets=desk.sheets),
        do=lambda desk, form: elections.pour_together(
            actor=desk.actor, sheet=desk.sheet(form.cleaned_data["sheet"]), into=desk.sheet(form.cleaned_data["into"])
        ),
    ),
    ContestAct(
        did="second", title=_("Vote again on the open seats"), button=_("Open the second ballot"),
        when=lambda desk: desk.is_declared and desk.contest.declaration.status in {"incomplete", "revote"}
        and not desk.is_followed,
        form=lambda desk, sent: forms.NextRoundForm(*sent),
        do=lambda desk, form: declaring.open_second_ballot(**desk.given, **form.cleaned_data),
    ),
    ContestAct(
        did="signed", title=_("Signed copy of the result sheet"), button=_("Keep it"),
        when=lambda desk: desk.is_declared, form=lambda desk, sent: forms.SignedForm(*sent), do=_keep_copy,
    ),
    ContestAct(
        did="post", title=_("Post the result"), button=_("Post it in the unit"), right=DECLARE,
        when=lambda desk: desk.is_declared and desk.contest.notice_id is None,
        do=lambda desk, form: declaring.post_result(
            **desk.given, about=desk.about, text=result_text(desk.contest, desk.nominees)
        ),
    ),
    ContestAct(
        did="hand", title=_("Handover to the new committee"), button=_("Save"), right=DECLARE, help=_("Within ten days."),
        when=lambda desk: desk.kind.is_committee and bool(desk.holders) and desk.contest.handed_over_on is None,
        form=lambda desk, sent: with_start(forms.HandoverForm(*sent), on=today()),
        do=lambda desk, form: declaring.hand_over(**desk.given, **form.cleaned_data),
    ),
    ContestAct(
        did="intent", title=_("Seats won by those recommended"), button=_("Save"), right=DECLARE,
        when=lambda desk: desk.is_declared and desk.contest.election.counts_intent,
        form=lambda desk, sent: with_start(forms.IntentForm(*sent), won=desk.contest.intended_won),
        do=lambda desk, form: declaring.count_intended(**desk.given, **form.cleaned_data),
    ),
    ContestAct(
        did="leave", title=_("An office ends before its term"), button=_("Save"), right=DECLARE, form=_leave_form, do=_leave,
        when=lambda desk: any(one.left_on is None for one in desk.holders),
    ),
    ContestAct(
        did="by_election", title=_("By-election"), button=_("Open the by-election"), right=DECLARE,
        when=lambda desk: any(one.left_on is not None for one in desk.holders) and not desk.is_followed,
        form=lambda desk, sent: forms.ByElectionForm(*sent),
        do=lambda desk, form: elections.open_by_election(
            **desk.given, seats=form.seats(), on=form.cleaned_data["on"],
            is_by_congress=form.cleaned_data["is_by_congress"],
        ),
    ),
)  # fmt: skip
