"""Reads of e-questionnaires: their fields as pinned, what the register knows of a village, who has answered."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import get_language

from heli.inquiries.models import Inquiry, InquiryStatus, Reply
from heli.inquiries.types import InquiryField
from heli.kernel.access import Actor
from heli.kernel.relations import SaidRelation, read_relation, say_relation
from heli.kernel.words import Words
from heli.places import queries as places
from heli.records.abouts import About
from heli.records.queries import part_of

READ = "campaigns.read"
OPEN = (InquiryStatus.SENT, InquiryStatus.RETURNED)
"""Still to be answered."""
DONE = Q(replies__status__in=[InquiryStatus.ANSWERED, InquiryStatus.CHECKED])


def fields_of(inquiry: Inquiry) -> list[InquiryField]:
    """The fields of an e-questionnaire exactly as they were sent."""
    return [InquiryField(**{**data, "words": Words(**data["words"])}) for data in inquiry.fields]


def relations_of(inquiry: Inquiry) -> list[SaidRelation]:
    """What its values cannot be, as it was declared when it was sent, in the reader's words."""
    words = {field.measure: field.words.text(get_language() or "zh-hans") for field in fields_of(inquiry)}
    return [say_relation(read_relation(given), words) for given in inquiry.relations]


def newest_facts(place_id: int, fields: Sequence[InquiryField], on: date) -> dict[str, tuple[int, date]]:
    """What the register knows of a village on a day, by measure: the newest figure on or before it, and its day."""
    newest: dict[str, tuple[int, date]] = {}
    wanted = {field.measure for field in fields}
    for fact in places.facts_of(place_id):
        if fact.measure in wanted and fact.on <= on:
            newest[fact.measure] = (fact.value, fact.on)
    return newest


def known_facts(place_id: int, fields: Sequence[InquiryField], on: date) -> Mapping[str, int]:
    """The values alone."""
    return {key: value for key, (value, _day) in newest_facts(place_id, fields, on).items()}


def inquiries_of(actor: Actor, about: About) -> QuerySet[Any]:
    """The questionnaires sent to the actor's part, each with how many villages there were `asked`, have `answered`, are
    `checked`, and how many fields they `typed` and only `confirmed`; one query.
    """  # fmt: skip
    mine = Inquiry.objects.filter(part_of(actor, about, READ, "replies__place"), about=about.id)
    return mine.annotate(
        asked=Count("replies"),
        answered=Count("replies", filter=DONE),
        checked=Count("replies", filter=Q(replies__status=InquiryStatus.CHECKED)),
        typed=Sum("replies__typed"),
        confirmed=Sum("replies__confirmed"),
    )


def replies_of(actor: Actor, about: About, inquiry: Inquiry) -> QuerySet[Reply]:
    """The replies of the actor's part, with their places."""
    return Reply.objects.filter(part_of(actor, about, READ), inquiry=inquiry).select_related("inquiry", "place")


def unanswered(*abouts: str, until: date) -> QuerySet[Reply]:
    """What villages have still to answer by a day, within some abouts."""
    return Reply.objects.filter(inquiry__about__in=abouts, inquiry__due_on__lte=until, status__in=OPEN)


def unchecked(*abouts: str) -> QuerySet[Reply]:
    """What villages answered and no second person has looked at, within some abouts."""
    return Reply.objects.filter(inquiry__about__in=abouts, status=InquiryStatus.ANSWERED)


def answered_between(district_ids: Collection[int], begins: datetime, ends: datetime) -> QuerySet[Reply]:
    """What villages answered from one moment on, before another."""
    return Reply.objects.filter(inquiry__district_id__in=district_ids, answered_at__gte=begins, answered_at__lt=ends)
