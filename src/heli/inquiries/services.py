"""E-questionnaires to villages: sent with what is known, answered by typing only what changed, checked by the town."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.campaigns.models import Campaign
from heli.campaigns.services.matters import (
    ACCEPT,
    FILL,
    MATTERS,
    check_day,
    problem,
    raise_found,
    refuse_finished,
    refuse_long,
    refuse_oneself,
    require_all,
    towns_of,
)
from heli.inquiries.models import Inquiry, Reply
from heli.inquiries.queries import fields_of, known_facts
from heli.inquiries.rules import Doubt, find_doubts, split_answers
from heli.inquiries.types import InquiryForm, InquiryStatus
from heli.kernel.access import Actor, require
from heli.kernel.ids import new_public_id
from heli.kernel.problems import Problem, Refused, Severity
from heli.places.services import record_facts
from heli.places.types import FactSpec

WHAT = "campaigns.questionnaires"


def send_inquiry(
    *,
    actor: Actor,
    campaign: Campaign,
    form: InquiryForm,
    title: str,
    asked_on: date,
    due_on: date,
    place_ids: Sequence[int],
    on: date | None = None,
    at: datetime | None = None,
) -> Inquiry:
    """Send a form to villages: `asked_on` is the day the facts hold for. Its fields are pinned as they are now."""
    today = on or timezone.localdate()
    refuse_finished(campaign)
    found = (
        refuse_long(title, "title", 120) + check_day(asked_on, "asked_on", latest=today) + check_day(due_on, "due_on")
    )
    if not title.strip():
        found.append(problem("title_empty", _("Give the questionnaire a title."), "title"))
    if due_on < today:
        found.append(problem("due_past", _("The due day lies in the past."), "due_on"))
    if not place_ids:
        found.append(problem("place_missing", _("Choose the villages that are asked."), "places"))
    raise_found(found)
    towns, wrong = towns_of(campaign, place_ids, asked_on, "places")
    raise_found(list(wrong.values())[:1])
    require_all(actor, MATTERS, towns)
    with writing(actor, WHAT, action=MATTERS, at=at) as act:
        inquiry = Inquiry.objects.create(
            public_id=new_public_id(),
            campaign=campaign,
            form=form.id,
            version=form.version,
            title=title.strip(),
            fields=[
                {
                    "measure": field.measure,
                    "zh": field.words.zh,
                    "en": field.words.en,
                    "least": field.least,
                    "most": field.most,
                    "change_bp": field.change_bp,
                }
                for field in form.fields
            ],
            on=asked_on,
            sent_on=today,
            due_on=due_on,
            sent_by=actor.name,
            sent_at=act.at,
        )
        Reply.objects.bulk_create(
            (Reply(inquiry=inquiry, place_id=place_id, town_id=town) for place_id, town in towns.items()),
            batch_size=500,
        )
        act.place_id = campaign.district_id
        act.subject = f"questionnaire:{inquiry.public_id}"
        act.after = {"did": "send", "form": form.id, "version": form.version, "villages": len(towns)}
    return inquiry


def answer_inquiry(
    *,
    actor: Actor,
    reply: Reply,
    answers: Mapping[str, int],
    confirmed: bool = False,
    on: date | None = None,
    at: datetime | None = None,
) -> Reply:
    """Answer for a village: every field's value, typed or unchanged. What is new becomes a dated fact, in one audited write.

    Raises `Refused` with a warning at each doubtful field (outside its usual range, far from the known) until `confirmed`;
    with errors for a missing field or an answer that was checked already.
    """
    inquiry = reply.inquiry
    fields = fields_of(inquiry)
    require(actor, FILL, reply.place_id)
    if reply.status not in (InquiryStatus.SENT, InquiryStatus.RETURNED, InquiryStatus.ANSWERED):
        raise Refused(problem("reply_checked", _("The town has checked this answer already.")))
    wanted = {field.measure for field in fields}
    missing = [problem("answer_missing", _("Give a value."), measure) for measure in wanted - answers.keys()]
    raise_found(
        missing + [problem("answer_negative", _("Not below zero."), key) for key, v in answers.items() if v < 0]
    )
    values = {key: value for key, value in answers.items() if key in wanted}
    known = known_facts(reply.place_id, fields, inquiry.on)
    doubts = find_doubts(fields, values, known)
    if doubts and not confirmed:
        raise Refused([_doubt(doubt) for doubt in doubts])
    typed, same = split_answers(values, known)
    with writing(actor, WHAT, action=FILL, place_id=reply.place_id, at=at) as act:
        held = Reply.objects.select_for_update(of=("self",)).get(pk=reply.pk)
        if held.status == InquiryStatus.CHECKED:
            raise Refused(problem("reply_checked", _("The town has checked this answer already.")))
        # What is merely confirmed is a fact of the day as well: so the register knows how fresh its figures are.
        facts = [
            FactSpec(place_id=reply.place_id, measure=key, on=inquiry.on, value=value) for key, value in values.items()
        ]
        record_facts(actor=actor, facts=facts, reason=inquiry.title, at=act.at, action=FILL)
        held.status, held.answers = InquiryStatus.ANSWERED, values
        held.typed, held.confirmed = len(typed), len(same)
        held.answered_by_id, held.answered_by_name = actor.id, actor.name
        held.answered_on, held.answered_at, held.reason = on or timezone.localdate(), act.at, ""
        held.save()
        act.subject = f"questionnaire:{inquiry.public_id}"
        act.after = {"did": "answer", "typed": len(typed), "confirmed": len(same), "doubts": len(doubts)}
    return held


def _doubt(doubt: Doubt) -> Problem:
    if doubt.code == "big_change":
        message = _("Far from the %(known)s known so far: is it right?") % {"known": doubt.known}
    else:
        message = _("Unusual for a village: is it right?")
    return Problem(doubt.code, message, severity=Severity.WARNING, field=doubt.measure)


def check_reply(*, actor: Actor, reply: Reply, on: date | None = None, at: datetime | None = None) -> Reply:
    """Confirm a village's answer as a second person."""
    return _judge(actor, reply, InquiryStatus.CHECKED, reason="", on=on, at=at)


def return_reply(
    *, actor: Actor, reply: Reply, reason: str, on: date | None = None, at: datetime | None = None
) -> Reply:
    """Send a village's answer back with the reason; what it recorded stays until it is corrected."""
    if not reason.strip():
        raise Refused(problem("reason_empty", _("Say why."), "reason"))
    return _judge(actor, reply, InquiryStatus.RETURNED, reason=reason.strip(), on=on, at=at)


def _judge(
    actor: Actor, reply: Reply, status: InquiryStatus, *, reason: str, on: date | None, at: datetime | None
) -> Reply:
    require(actor, ACCEPT, reply.place_id)
    with writing(actor, WHAT, action=ACCEPT, place_id=reply.place_id, reason=reason, at=at) as act:
        held = Reply.objects.select_for_update(of=("self",)).get(pk=reply.pk)
        if held.status != InquiryStatus.ANSWERED:
            raise Refused(problem("not_now", _("This cannot be done now: somebody else has moved the matter on.")))
        refuse_oneself(actor, held.answered_by_id)
        held.status, held.reason = status, reason
        if status is InquiryStatus.CHECKED:
            held.checked_by_id, held.checked_by_name = actor.id, actor.name
            held.checked_on = on or timezone.localdate()
        held.save(update_fields=["status", "reason", "checked_by", "checked_by_name", "checked_on"])
        act.subject = f"questionnaire:{reply.inquiry.public_id}"
        act.after = {"did": str(status), "place": reply.place_id}
    return held
