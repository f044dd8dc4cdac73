"""Constraints that the tests of their own topics do not fire: what is numbered, what happens once, what never changes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from heli.accounts.testing import World, build_world
from heli.audit.testing import unaudited
from heli.campaigns.models import Evidence, PinnedPlaybook, Step, StepEvent
from heli.campaigns.testing.matters import AT, DAY
from heli.campaigns.testing.runs import OPENED, campaign_of
from heli.campaigns.types import Did
from heli.consultation.models import (
    NoticePlace,
    NoticeViews,
    Opinion,
    PolicyQuestion,
    Survey,
    SurveyCode,
    SurveyTally,
    SurveyTurnout,
    TalkCount,
    WallPhoto,
)
from heli.consultation.testing import notice_of, opinion_of, survey_of
from heli.files.models import StoredFile
from heli.inquiries.models import Inquiry, Reply
from heli.inquiries.testing import inquiry_of
from heli.kernel.access import SYSTEM
from heli.kernel.ids import new_public_id
from heli.meetings.models import Attendance, Meeting
from heli.meetings.testing import meeting_of
from heli.risks.models import RiskAssessment, RiskItem
from heli.rounds.models import InspectionRound, Visit, VisitFinding
from heli.warnings.models import Forecast, FrozenColour, FrozenWeek
from heli.warnings.services.weeks import freeze_due

pytestmark = pytest.mark.django_db


def build() -> World:
    """One row of everything that is written about below."""
    world = build_world()
    campaign, village = campaign_of(world.a), world.a.village
    survey, notice = survey_of(world.a), notice_of(world.a)
    meeting_of(world.a)
    inquiry_of(world.a)
    opinion_of(world.a)
    freeze_due(actor=SYSTEM, at=OPENED + timedelta(days=8))
    step = Step.objects.filter(campaign=campaign).order_by("pk")[0]
    with unaudited():
        StepEvent.objects.create(
            campaign=campaign, step=step, at=AT, did=Did.STARTED, status=step.status, due_on=step.due_on, by_name="x"
        )
        Evidence.objects.create(
            public_id="e",
            step=step,
            requirement=0,
            kind="number",
            number=1,
            on=DAY,
            added_by_name="x",
            added_at=AT,
            sealed_at=AT,
        )
        file = StoredFile.objects.create(
            public_id="f", sha256="0" * 64, size=0, name="x", content_type="x", action="x", stored_at=AT
        )
        hung = NoticePlace.objects.get(notice=notice)
        WallPhoto.objects.create(hung=hung, file=file, on=DAY, added_by="x", added_at=AT)
        NoticeViews.objects.create(notice=notice, on=DAY, count=1)
        PolicyQuestion.objects.create(
            public_id="q",
            about=campaign.public_id,
            district=world.a.district,
            number=1,
            topic="plan",
            question="?",
            answer="!",
            changed_by="x",
            changed_at=AT,
        )
        SurveyTurnout.objects.create(survey=survey, place=village, given=1)
        SurveyTally.objects.create(survey=survey, place=village, question="1", option="1")
        SurveyCode.objects.create(survey=survey, place=village, digest="0")
        TalkCount.objects.create(
            about=campaign.public_id,
            district=world.a.district,
            place=village,
            kind="x",
            on=DAY,
            done=1,
            base=1,
            recorded_by="x",
            recorded_at=AT,
        )
        supervision = InspectionRound.objects.create(
            public_id="r",
            about=campaign.public_id,
            district=world.a.district,
            number=1,
            first_on=DAY,
            last_on=DAY,
            opened_by="x",
            opened_at=AT,
        )
        team = world.a.bodies["group"]
        visit = Visit.objects.create(
            round=supervision, team=team, place=village, visited_on=DAY, recorded_by="x", recorded_at=AT
        )
        VisitFinding.objects.create(public_id="g", visit=visit, kind="x", text="x")
        signed: dict[str, Any] = {"signed_by_name": "x", "signed_on": DAY, "sealed_at": AT}
        for version, more in ((1, signed), (2, {})):
            risk = RiskAssessment.objects.create(
                public_id=f"k{version}",
                about=campaign.public_id,
                district=world.a.district,
                place=village,
                version=version,
                pack="x",
                written_by_name="x",
                written_at=AT,
                **more,
            )
            RiskItem.objects.create(
                assessment=risk,
                ordinal=1,
                aspect="legality",
                likelihood=1,
                severity=1,
                what="x",
                sealed_at=more.get("sealed_at"),
            )
    return world  # fmt: skip


def again(model: type[models.Model], **changes: Any) -> Callable[[], object]:
    """Write the newest row of a kind once more, with changes."""

    def write() -> None:
        row = model._default_manager.order_by("-pk")[0]
        row.pk = None
        row._state.adding = True
        for field in model._meta.get_fields():
            if isinstance(field, models.CharField) and field.unique:
                setattr(row, field.name, new_public_id()[: field.max_length])
        for name, value in changes.items():
            setattr(row, name, value)
        row.save(force_insert=True)

    return write


def change(model: type[models.Model], **to: Any) -> Callable[[], object]:
    """Change every row of a kind."""
    return lambda: model._default_manager.order_by().update(**to)


LONG_AGO = date(2020, 1, 1)
ONCE: dict[str, Callable[[], object]] = {
    "notice_once_per_place": again(NoticePlace),
    "notice_views_once_per_day": again(NoticeViews),
    "opinion_numbered_within_about": again(Opinion),
    "policy_question_numbered_once": again(PolicyQuestion),
    "survey_turnout_once": again(SurveyTurnout),
    "survey_tally_once": again(SurveyTally),
    "survey_code_once": again(SurveyCode),
    "attendance_once_per_class": again(Attendance),
    "inspection_round_numbered_once": again(InspectionRound),
    "visit_once_per_round_and_team": again(Visit),
    "reply_once_per_village": again(Reply),
    "risk_version_once": again(RiskAssessment, sealed_at=AT, signed_on=DAY, signed_by_name="x"),
    "risk_one_draft_per_place": again(RiskAssessment, version=3),
    "risk_item_once": again(RiskItem),
    "forecast_once_per_week": again(Forecast),
}
NEVER_CHANGED: dict[str, Callable[[], object]] = {
    "playbook_append_only": change(PinnedPlaybook, title="x"),
    "step_event_append_only": change(StepEvent, reason="x"),
    "evidence_sealed_once": change(Evidence, number=2),
    "wall_photo_append_only": change(WallPhoto, added_by="y"),
    "talks_append_only": change(TalkCount, done=0),
    "visit_append_only": change(Visit, recorded_by="y"),
    "risk_sealed_once": change(RiskAssessment, written_by_name="y"),
    "risk_item_sealed_once": change(RiskItem, what="y"),
    "week_append_only": change(FrozenWeek, label="y"),
    "colour_append_only": change(FrozenColour, days_late=9),
    "forecast_append_only": change(Forecast, draws=9),
}
CHECKED: dict[str, Callable[[], object]] = {
    "policy_question_answered": change(PolicyQuestion, answer=""),
    "survey_runs_forward": change(Survey, last_on=LONG_AGO),
    "survey_has_title": change(Survey, title=""),
    "meeting_was_held": change(Meeting, sittings=0),
    "finding_says_what": change(VisitFinding, text=""),
    "inquiry_runs_forward": change(Inquiry, due_on=LONG_AGO),
    "inquiry_has_title": change(Inquiry, title=""),
}


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Any:
    """Everything, built once for all and rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def fire(write: Callable[[], object], match: str) -> None:
    with unaudited(), pytest.raises(IntegrityError, match=match), transaction.atomic():
        write()


@pytest.mark.parametrize("name", ONCE)
def test_the_database_refuses_a_second_one(built: World, name: str) -> None:
    fire(ONCE[name], f"{name}|UNIQUE constraint failed")


@pytest.mark.parametrize("name", NEVER_CHANGED)
def test_the_database_refuses_to_change_what_is_on_record(built: World, name: str) -> None:
    fire(NEVER_CHANGED[name], "AppendOnly")


@pytest.mark.parametrize("name", CHECKED)
def test_the_database_refuses_what_cannot_be(built: World, name: str) -> None:
    fire(CHECKED[name], name)
