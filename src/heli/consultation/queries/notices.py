"""Reads of consultation: notices, opinions with their totals, the question bank, talks by village."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from heli.campaigns.models import Campaign
from heli.campaigns.queries.matters import is_whole, names_for, part, part_of, targets, villages
from heli.consultation.catalogues import talk_classes
from heli.consultation.models import Notice, NoticePlace, Opinion, PolicyQuestion, TalkCount
from heli.consultation.rules import is_covered
from heli.kernel.access import Actor
from heli.kernel.catalogues import whole
from heli.kernel.quantities import Ratio
from heli.places import queries as places


def notices_of(actor: Actor, campaign: Campaign) -> QuerySet[Notice]:
    """Notices that hang somewhere in the actor's part, or in the whole district (those are everybody's)."""
    notices = Notice.objects.filter(campaign=campaign)
    if is_whole(actor, campaign):
        return notices
    hung = NoticePlace.objects.filter(
        part_of(actor, campaign) | Q(place_id=campaign.district_id), notice__campaign=campaign
    )
    return notices.filter(pk__in=hung.values("notice_id"))


def notice_by_address(public_id: str) -> Notice | None:
    """A notice by its unguessable address: what everybody may read once it is posted."""
    found = Notice.objects.select_related("campaign__district", "file").prefetch_related("places")
    return found.filter(public_id=public_id).first()


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as the list shows it."""

    public_id: str
    kind: str
    title: str
    first_on: date
    last_on: date
    taken_down_on: date | None
    places: int
    photos: int
    views: int
    opinions: int

    def state(self, on: date) -> str:
        """ "waiting", "hanging", "over" or "down"."""
        if self.taken_down_on is not None and self.taken_down_on <= on:
            return "down"
        return "waiting" if on < self.first_on else "hanging" if on <= self.last_on else "over"


def notice_rows(actor: Actor, campaign: Campaign) -> list[NoticeRow]:
    """Notices of the actor's part with how often they were opened and what came in; five queries."""
    notices = list(notices_of(actor, campaign))
    keys = [one.pk for one in notices]
    hung = NoticePlace.objects.filter(notice_id__in=keys).values("notice_id").order_by()
    hung_by = {
        row["notice_id"]: (row["n"], row["p"])
        for row in hung.annotate(n=Count("pk", distinct=True), p=Count("photos__hung_id", distinct=True))
    }
    viewed = Notice.objects.filter(pk__in=keys).order_by().values_list("pk").annotate(total=Sum("views__count"))
    views = dict(viewed)
    said = Opinion.objects.filter(notice_id__in=keys).order_by().values_list("notice_id").annotate(total=Sum("count"))
    opinions = dict(said)
    return [
        NoticeRow(
            public_id=one.public_id,
            kind=one.kind,
            title=one.title,
            first_on=one.first_on,
            last_on=one.last_on,
            taken_down_on=one.taken_down_on,
            places=hung_by.get(one.pk, (0, 0))[0],
            photos=hung_by.get(one.pk, (0, 0))[1],
            views=views.get(one.pk) or 0,
            opinions=opinions.get(one.pk) or 0,
        )
        for one in notices
    ]


def opinions_of(actor: Actor, campaign: Campaign) -> QuerySet[Opinion]:
    """Opinions about the actor's part."""
    return part(Opinion.objects.select_related("notice"), actor, campaign)


def opinion_by_code(code: str) -> Opinion | None:
    """An opinion by the code its writer kept."""
    return Opinion.objects.filter(code=code.strip().lower()).first()


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """An opinion as the register lists it."""

    pk: int
    number: int
    received_on: date
    place: str
    town: str
    channel: str
    topic: str
    text: str
    count: int
    answer: str
    gist: str
    answered_on: date | None
    is_published: bool


def opinion_rows(actor: Actor, campaign: Campaign, on: date) -> list[OpinionRow]:
    """The register of opinions; four queries."""
    found = list(opinions_of(actor, campaign))
    names = names_for(found, campaign, on)
    return [
        OpinionRow(
            pk=one.pk,
            number=one.number,
            received_on=one.received_on,
            place=names.of(one.place_id),
            town=names.of(one.town_id),
            channel=one.channel,
            topic=one.topic,
            text=one.text,
            count=one.count,
            answer=one.answer,
            gist=one.gist,
            answered_on=one.answered_on,
            is_published=one.is_published,
        )
        for one in found
    ]


def answered_share(rows: Sequence[OpinionRow]) -> Ratio:
    """Voices answered over voices received."""
    return Ratio(sum(row.count for row in rows if row.answer), sum(row.count for row in rows))


def published_answers(notice: Notice) -> list[Opinion]:
    """What the page of a notice shows of its opinions: gists and answers."""
    return list(Opinion.objects.filter(notice=notice, is_published=True))


def bank_of(campaign: Campaign) -> QuerySet[PolicyQuestion]:
    """The question bank of a campaign."""
    return PolicyQuestion.objects.filter(campaign=campaign)


def notices_hung(place_ids: Collection[int], on: date) -> list[Notice]:
    """The notices that hung at some places by a day, the oldest first."""
    hung = NoticePlace.objects.filter(place__in=place_ids, notice__first_on__lte=on)
    return [one.notice for one in hung.select_related("notice__campaign").order_by("notice__first_on", "pk")]


def public_questions(campaign: Campaign) -> list[PolicyQuestion]:
    """The questions whose answers everybody may read."""
    return list(PolicyQuestion.objects.filter(campaign=campaign, is_public=True))


@dataclass(frozen=True, slots=True)
class Talk:
    """A class of a village: done of base, whether that is enough; None of both where nothing was recorded."""

    kind: str
    done: int | None
    base: int | None
    is_enough: bool

    @property
    def share(self) -> Ratio | None:
        """Done over base."""
        return None if self.base is None or self.done is None else Ratio(self.done, self.base)


@dataclass(frozen=True, slots=True)
class TalkRow:
    """A village with its talks by class."""

    place_id: int
    place_public_id: str
    place: str
    town: str
    talks: dict[str, Talk]
    on: date | None

    @property
    def is_covered(self) -> bool:
        """Whether every class is covered."""
        return all(talk.is_enough for talk in self.talks.values())


def newest_talks(campaign: Campaign, place_ids: Sequence[int], on: date) -> dict[tuple[int, str], TalkCount]:
    """The counts that hold on a day by village and class; one query."""
    rows = TalkCount.objects.filter(campaign=campaign, place_id__in=place_ids, on__lte=on).order_by("on", "pk")
    return {(row.place_id, row.kind): row for row in rows}


def talk_rows(actor: Actor, campaign: Campaign, on: date) -> list[TalkRow]:
    """Every village of the actor's part with its talks, those without any as well; four queries."""
    rows = villages(targets(actor, campaign, on))
    counts = newest_talks(campaign, [row.id for row in rows], on)
    result = []
    for row in rows:
        talks, days = {}, []
        for kind, entry in talk_classes().entries.items():
            one = counts.get((row.id, kind))
            share, over = whole(entry.more["share"]), whole(entry.more["over"])
            enough = one is not None and is_covered(one.done, one.base, share, over)
            talks[kind] = Talk(kind, one.done if one else None, one.base if one else None, enough)
            if one is not None:
                days.append(one.on)
        result.append(TalkRow(row.id, row.public_id, row.name, row.parent_name, talks, max(days, default=None)))
    return result


def place_names(notice: Notice, on: date) -> list[str]:
    """Where a notice hangs."""
    keys = [one.place_id for one in notice.places.all()]
    names = places.names_at(keys, on)
    return [names.get(key, "") for key in keys]
