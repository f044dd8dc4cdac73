"""E-questionnaires to villages: sent with what is known, answered by typing only what changed, checked by the town."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.audit.services import writing
from heli.inquiries.models import Inquiry, InquiryStatus, Reply
from heli.inquiries.queries import fields_of, known_facts, relations_of
from heli.inquiries.rules import Doubt, find_doubts, split_answers
from heli.inquiries.types import Questionnaire
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused, Severity
from heli.kernel.ids import new_public_id
from heli.places.queries import require_at
from heli.places.services import record_facts
from heli.places.types import FactSpec
from heli.records.abouts import About
from heli.records.fields import check_values
from heli.records.ledgers import Move
from heli.records.services import hold, refuse_finished, take_step, towns_at
from heli.ui.relations import check_numbers

WHAT = "campaigns.questionnaires"
SEND, FILL, ACCEPT = "campaigns.matters", "campaigns.fill", "campaigns.accept"
CHECK = Move(
    name="check", did="checked", right=ACCEPT, sources=(InquiryStatus.ANSWERED,), to=InquiryStatus.CHECKED, stamp="checked",
    never="answered", button=gettext_lazy("It is right"), happened=InquiryStatus.CHECKED.label,
)  # fmt: skip
RETURN = Move(
    name="return", did="returned", right=ACCEPT, sources=(InquiryStatus.ANSWERED,), to=InquiryStatus.RETURNED,
    never="answered", button=gettext_lazy("Send it back"), happened=InquiryStatus.RETURNED.label,
)  # fmt: skip


def send_inquiry(
    *,
    actor: Actor,
    about: About,
    form: Questionnaire,
    title: str,
    asked_on: date,
    due_on: date,
    place_ids: Sequence[int],
    on: date | None = None,
    at: datetime | None = None,
) -> Inquiry:
    """Send a form to villages: `asked_on` is the day the facts hold for. Its fields are pinned as they are now."""
    today = on or timezone.localdate()
    refuse_finished(about)
    given = {"title": title.strip(), "asked_on": asked_on, "due_on": due_on}
    found = check_values(Inquiry, given, today)
    if due_on < today:
        found.append(Fault("due_past", _("The due day lies in the past."), field="due_on"))
    if not place_ids:
        found.append(Fault("place_missing", _("Choose the villages that are asked."), field="places"))
    if found:
        raise Refused(found)
    towns = towns_at(about.district_id, place_ids=place_ids, on=asked_on, field="places")
    require_at(actor, SEND, towns, timezone.localdate())
    with writing(actor, WHAT, action=SEND, at=at) as act:
        inquiry = Inquiry.objects.create(
            public_id=new_public_id(), about=about.id, district_id=about.district_id, form=form.id, version=form.version,
            fields=[asdict(field) for field in form.fields], relations=list(form.relations),
            sent_on=today, sent_by=actor.name, sent_at=act.at, **given,
        )  # fmt: skip
        asked = [Reply(inquiry=inquiry, place_id=place_id, town_id=town) for place_id, town in towns.items()]
        Reply.objects.bulk_create(asked, batch_size=500)
        act.place_id, act.subject = about.district_id, f"questionnaire:{inquiry.public_id}"
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
    inquiry, fields = reply.inquiry, fields_of(reply.inquiry)
    with writing(actor, WHAT, action=FILL, place_id=reply.place_id, at=at) as act:
        held = hold(Reply.objects, pk=reply.pk)
        if held.status == InquiryStatus.CHECKED:
            raise Refused(Fault("reply_checked", _("The town has checked this answer already.")))
        values = {field.measure: answers[field.measure] for field in fields if field.measure in answers}
        missing = [field.measure for field in fields if field.measure not in values]
        wrong = [Fault("answer_missing", _("Give a value."), field=key) for key in missing]
        wrong += [Fault("answer_negative", _("Not below zero."), field=key) for key in values if values[key] < 0]
        wrong += check_numbers(relations_of(inquiry), values)
        if wrong:
            raise Refused(wrong)
        known = known_facts(reply.place_id, fields, inquiry.asked_on)
        doubts = find_doubts(fields, values, known)
        if doubts and not confirmed:
            raise Refused([_doubt(doubt) for doubt in doubts])
        # What is merely confirmed is a fact of the day as well: so the register knows how fresh its figures are.
        facts = [
            FactSpec(place_id=reply.place_id, measure=key, on=inquiry.asked_on, value=values[key]) for key in values
        ]
        record_facts(actor=actor, facts=facts, reason=inquiry.title, at=act.at, action=FILL)
        typed, same = split_answers(values, known)
        held.status, held.answers = InquiryStatus.ANSWERED, values
        held.typed, held.confirmed = len(typed), len(same)
        held.answered_by_id, held.answered_by_name = actor.id, actor.name
        held.answered_on, held.answered_at, held.reason = on or timezone.localdate(), act.at, ""
        held.save()
        act.subject = f"questionnaire:{inquiry.public_id}"
        act.after = {"did": "answer", "typed": len(typed), "confirmed": len(same), "doubts": len(doubts)}
    return held  # type: ignore[no-any-return]  # the reply that was held


def _doubt(doubt: Doubt) -> Fault:
    if doubt.code == "big_change":
        message = _("Far from the %(known)s known so far: is it right?") % {"known": doubt.known}
    else:
        message = _("Unusual for a village: is it right?")
    return Fault(doubt.code, message, severity=Severity.WARNING, field=doubt.measure)


def check_reply(*, actor: Actor, reply: Reply, on: date | None = None, at: datetime | None = None) -> Reply:
    """Confirm a village's answer as a second person."""
    return _judge(actor, reply, CHECK, on=on, at=at)


def return_reply(
    *, actor: Actor, reply: Reply, reason: str, on: date | None = None, at: datetime | None = None
) -> Reply:
    """Send a village's answer back with the reason; what it recorded stays until it is corrected."""
    if not reason.strip():
        raise Refused(Fault("reason_empty", _("Say why."), field="reason"))
    return _judge(actor, reply, RETURN, reason=reason.strip(), on=on, at=at)


def _judge(actor: Actor, reply: Reply, step: Move, *, reason: str = "", on: date | None, at: datetime | None) -> Reply:
    subject = f"questionnaire:{reply.inquiry.public_id}"
    judged: Reply = take_step(
        actor=actor, what=WHAT, step=step, row=reply, subject=subject, changes={"reason": reason}, reason=reason, on=on, at=at
    )  # fmt: skip
    return judged
