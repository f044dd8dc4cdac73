"""Reads of e-questionnaires: their fields as pinned, what the register knows of a village."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from heli.campaigns.models import Campaign
from heli.campaigns.queries.matters import READ, names_for, part_of
from heli.inquiries.models import Inquiry, Reply
from heli.inquiries.types import InquiryField, InquiryStatus
from heli.kernel.access import Actor
from heli.kernel.quantities import Ratio
from heli.kernel.words import Words
from heli.places import queries as places


def fields_of(inquiry: Inquiry) -> list[InquiryField]:
    """The fields of an e-questionnaire exactly as they were sent."""
    return [
        InquiryField(
            measure=data["measure"],
            words=Words(data["zh"], data["en"]),
            least=data["least"],
            most=data["most"],
            change_bp=data["change_bp"],
        )
        for data in inquiry.fields
    ]


def newest_facts(place_id: int, fields: Sequence[InquiryField], on: date) -> dict[str, tuple[int, date]]:
    """What the register knows of a village on a day, by measure: the newest figure on or before it, and its day."""
    newest: dict[str, tuple[int, date]] = {}
    wanted = {field.measure for field in fields}
    for fact in places.facts_of(place_id):
        if fact.measure in wanted and fact.on <= on:
            newest[fact.measure] = (fact.value, fact.on)
    return newest


def known_facts(place_id: int, fields: Sequence[InquiryField], on: date) -> dict[str, int]:
    """The values alone."""
    return {key: value for key, (value, _day) in newest_facts(place_id, fields, on).items()}


@dataclass(frozen=True, slots=True)
class InquiryRow:
    """A questionnaire with how many villages have answered, and what answering cost them."""

    public_id: str
    title: str
    on: date
    due_on: date
    asked: int
    answered: int
    checked: int
    typed: int
    confirmed: int

    @property
    def share(self) -> Ratio:
        """Answered over asked."""
        return Ratio(self.answered, self.asked)


def inquiry_rows(actor: Actor, campaign: Campaign) -> list[InquiryRow]:
    """The questionnaires sent to the actor's part; three queries."""
    mine = Reply.objects.filter(part_of(actor, campaign), inquiry__campaign=campaign)
    done = Q(status__in=[InquiryStatus.ANSWERED, InquiryStatus.CHECKED])
    counted = mine.order_by().values("inquiry_id").annotate(
        asked=Count("pk"),
        answered=Count("pk", filter=done),
        checked=Count("pk", filter=Q(status=InquiryStatus.CHECKED)),
        typed_sum=Sum("typed"),
        confirmed_sum=Sum("confirmed"),
    )  # fmt: skip
    counts = {row["inquiry_id"]: row for row in counted}
    return [
        InquiryRow(
            public_id=one.public_id,
            title=one.title,
            on=one.on,
            due_on=one.due_on,
            asked=counts[one.pk]["asked"],
            answered=counts[one.pk]["answered"],
            checked=counts[one.pk]["checked"],
            typed=counts[one.pk]["typed_sum"],
            confirmed=counts[one.pk]["confirmed_sum"],
        )
        for one in Inquiry.objects.filter(campaign=campaign, pk__in=counts)
    ]


def find_inquiry(actor: Actor, campaign: Campaign, public_id: str) -> Inquiry | None:
    """A questionnaire by its public id, if it was sent to a place of the actor's part."""
    found = Inquiry.objects.filter(campaign=campaign, public_id=public_id).select_related("campaign").first()
    return found if found is not None and replies_of(actor, found).exists() else None


def replies_of(actor: Actor, inquiry: Inquiry, action: str = READ) -> QuerySet[Reply]:
    """The replies of the actor's part."""
    return Reply.objects.filter(part_of(actor, inquiry.campaign, action), inquiry=inquiry)


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """A village's reply as the list shows it."""

    place_public_id: str
    place: str
    town: str
    status: InquiryStatus
    answered_on: date | None
    answered_by: str
    typed: int
    confirmed: int
    is_late: bool


def reply_rows(actor: Actor, inquiry: Inquiry, on: date) -> list[ReplyRow]:
    """Who has answered and who has not; four queries."""
    found = list(replies_of(actor, inquiry).select_related("place"))
    names = names_for(found, inquiry.campaign, on)
    return [
        ReplyRow(
            place_public_id=one.place.public_id,
            place=names.of(one.place_id),
            town=names.of(one.town_id),
            status=InquiryStatus(one.status),
            answered_on=one.answered_on,
            answered_by=one.answered_by_name,
            typed=one.typed,
            confirmed=one.confirmed,
            is_late=one.status in (InquiryStatus.SENT, InquiryStatus.RETURNED) and inquiry.due_on < on,
        )
        for one in found
    ]
