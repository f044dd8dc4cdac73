"""Reads of consultation: notices, opinions with their totals, the question bank, talks by village."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from heli.consultation.catalogues import talk_classes
from heli.consultation.models import Notice, NoticePlace, Opinion, PolicyQuestion, Stance, TalkCount
from heli.consultation.rules import earliest_end, is_covered
from heli.kernel.access import Actor, scope
from heli.kernel.catalogues import whole
from heli.kernel.quantities import Ratio
from heli.places import queries as places
from heli.places.types import Level
from heli.records.abouts import About, kinds, read_by
from heli.records.queries import names_for, part_of, targets

READ = "campaigns.read"


def notices_of(actor: Actor, about: About) -> QuerySet[Notice]:
    """Notices that hang somewhere in the actor's part, or in the whole district (those are everybody's)."""
    notices, mine = Notice.objects.filter(about=about.id), part_of(actor, about, about.kind.consulting.reads)
    if not mine:
        return notices
    hung = NoticePlace.objects.filter(mine | Q(place_id=about.district_id), notice__about=about.id)
    return notices.filter(pk__in=hung.values("notice_id"))


def ending(abouts: Collection[str], first_on: date, last_on: date) -> QuerySet[NoticePlace]:
    """Where the notices hang whose last day lies in a span, the newest first; none that was taken down."""
    hung = NoticePlace.objects.filter(
        notice__about__in=abouts, notice__last_on__range=(first_on, last_on), notice__taken_down_on__isnull=True
    )
    return hung.select_related("notice").order_by("-notice__first_on", "-notice_id", "pk")


def first_posted(about: str, kind: str) -> dict[int, date]:
    """Since when a notice of the kind hangs (or hung to its end) about something, by place: {place: first day}; one query."""
    hung = NoticePlace.objects.filter(notice__about=about, notice__kind=kind, notice__taken_down_on__isnull=True)
    return dict(hung.order_by("-notice__first_on").values_list("place", "notice__first_on"))


def hung_until(
    about: str, place_ids: Collection[int], *, kinds: Collection[str] = (), since: date | None = None
) -> date | None:
    """The first day on which a notice has hung in one of the places for all the days its kind asks for; None without one.

    Left out are those that were taken down before; `kinds` and `since` (the day of posting) narrow it down.
    """
    notices = Notice.objects.filter(about=about, least_days__gt=1, places__place_id__in=place_ids)
    if kinds:
        notices = notices.filter(kind__in=kinds)
    if since is not None:
        notices = notices.filter(first_on__gte=since)
    ends = [
        earliest_end(first, least)
        for first, least, down in notices.values_list("first_on", "least_days", "taken_down_on")
        if down is None or down >= earliest_end(first, least)
    ]
    return min(ends, default=None)


def notice_by_address(public_id: str) -> Notice | None:
    """A notice by its unguessable address: what everybody may read once it is posted."""
    return Notice.objects.select_related("file").prefetch_related("places").filter(public_id=public_id).first()


def unanswered_on(notice: Notice) -> int:
    """Voices on a notice that have no answer yet."""
    return Opinion.objects.filter(notice=notice, answer="").aggregate(n=Sum("count"))["n"] or 0


class Of:
    """What a row of a list does not have itself, the thing it is of has."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        """An attribute of the thing."""
        return getattr(self.of, name)


@dataclass(frozen=True, slots=True)
class NoticeRow(Of):
    """A notice as the list shows it: in how many places it hangs, in how many a photo shows it, how often it was opened."""

    of: Notice
    places: int
    photos: int
    views: int
    opinions: int


def notice_rows(actor: Actor, about: About) -> list[NoticeRow]:
    """Notices of the actor's part with how often they were opened and what came in; five queries."""
    notices = list(notices_of(actor, about))
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
        NoticeRow(one, *hung_by.get(one.pk, (0, 0)), views.get(one.pk) or 0, opinions.get(one.pk) or 0)
        for one in notices
    ]


def opinions_of(actor: Actor, about: About) -> QuerySet[Opinion]:
    """Opinions about the actor's part."""
    return Opinion.objects.filter(part_of(actor, about, about.kind.consulting.reads), about=about.id)


def opinions_everywhere(actor: Actor) -> QuerySet[Opinion]:
    """Opinions about whatever the actor reads, at the actor's places."""
    mine = Q(pk__in=())
    for right in {kind.consulting.reads for kind in kinds()}:
        mine |= read_by(right) & Q(place__in=places.in_scope(scope(actor, right)).values("pk"))
    return Opinion.objects.filter(mine)


def opinion_by_code(code: str) -> Opinion | None:
    """An opinion by the code its writer kept."""
    return Opinion.objects.filter(code=code.strip().lower()).first()


@dataclass(frozen=True, slots=True)
class OpinionRow(Of):
    """An opinion as the register lists it, with the names of where it is about."""

    of: Opinion
    place: str
    town: str


def opinion_rows(actor: Actor, about: About | None, on: date) -> list[OpinionRow]:
    """The register of opinions, without an about over all that the actor reads; three queries."""
    found = list(opinions_of(actor, about) if about is not None else opinions_everywhere(actor))
    names = names_for(found, about, on)
    return [OpinionRow(one, names.of(one.place_id), names.of(one.town_id)) for one in found]


def answered_share(rows: Sequence[OpinionRow]) -> Ratio:
    """Voices answered over voices received."""
    return Ratio(sum(row.count for row in rows if row.answer), sum(row.count for row in rows))


def published_answers(notice: Notice) -> list[Opinion]:
    """What the page of a notice shows of its opinions: gists and answers."""
    return list(Opinion.objects.filter(notice=notice, is_published=True))


def bank_of(about: About) -> QuerySet[PolicyQuestion]:
    """The question bank."""
    return PolicyQuestion.objects.filter(about=about.id)


def notices_hung(place_ids: Collection[int], on: date, action: str) -> list[Notice]:
    """The notices read under this right that hung at some places by a day, the oldest first."""
    hung = NoticePlace.objects.filter(place__in=place_ids, notice__first_on__lte=on)
    return list(Notice.objects.filter(read_by(action), pk__in=hung.values("notice_id")).order_by("first_on", "pk"))


def notices_to_read(place_ids: Collection[int], on: date, most: int) -> list[Notice]:
    """Notices that everybody may read, hung in some places by a day and not taken down, the last to hang first."""
    hung = NoticePlace.objects.filter(place__in=place_ids, notice__first_on__lte=on, notice__taken_down_on__isnull=True)
    return list(Notice.objects.filter(pk__in=hung.values("notice_id")).order_by("-last_on", "-pk")[:most])


@dataclass(frozen=True, slots=True)
class Voice:
    """An opinion as figures count it, without its words: `count` voices said the same."""

    place_id: int
    town_id: int | None
    district_id: int
    about: str
    number: int
    received_on: date
    channel: str
    topic: str
    stance: str
    count: int
    answered_on: date | None

    @property
    def stance_label(self) -> str:
        """Whether it agrees, in the reader's language."""
        return str(Stance.words().get(self.stance, ""))

    def is_answered(self, on: date) -> bool:
        """Whether it was answered by the day."""
        return self.answered_on is not None and self.answered_on <= on


def count_opinions(about: str, place_ids: Collection[int], on: date) -> tuple[int, int]:
    """Voices received of some places up to a day, and how many of them had their answer by then; one query."""
    found = Opinion.objects.filter(about=about, place__in=place_ids, received_on__lte=on)
    sums = found.aggregate(received=Sum("count"), answered=Sum("count", filter=Q(answered_on__lte=on)))
    return sums["received"] or 0, sums["answered"] or 0


def voices_of(
    district_ids: Collection[int], on: date, action: str, place_ids: Collection[int] | None = None
) -> list[Voice]:
    """Opinions received up to the day about what is read under this right, from the first; one query."""
    found = Opinion.objects.filter(read_by(action), district_id__in=sorted(district_ids), received_on__lte=on)
    if place_ids is not None:
        found = found.filter(place_id__in=sorted(place_ids))
    return [Voice(*row) for row in found.order_by("pk").values_list(*(one.name for one in dataclass_fields(Voice)))]


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


def newest_talks(about: About, place_ids: Sequence[int], on: date) -> dict[tuple[int, str], TalkCount]:
    """The counts that hold on a day by village and class; one query."""
    rows = TalkCount.objects.filter(about=about.id, place_id__in=place_ids, on__lte=on).order_by("on", "pk")
    return {(row.place_id, row.kind): row for row in rows}


def talk_rows(actor: Actor, about: About, on: date) -> list[TalkRow]:
    """Every village of the actor's part with its talks, those without any as well; four queries."""
    rows = [row for row in targets(actor, about, on, READ) if row.level is Level.VILLAGE]
    counts = newest_talks(about, [row.id for row in rows], on)
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


def hung_of(notice: Notice) -> QuerySet[NoticePlace]:
    """Where a notice hangs, with the photos that show it."""
    return notice.places.select_related("notice", "place").prefetch_related("photos__file")


def place_names(notice: Notice, on: date) -> list[str]:
    """Where a notice hangs."""
    keys = [one.place_id for one in notice.places.all()]
    names = places.names_at(keys, on)
    return [names.get(key, "") for key in keys]
