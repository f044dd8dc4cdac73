"""Notices, their wall copies and views; opinions and answers; the question bank; talks as counts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import counting, writing
from heli.consultation.catalogues import notice_kinds, talk_classes
from heli.consultation.models import (
    Notice,
    NoticePlace,
    NoticeViews,
    Opinion,
    OpinionChannel,
    PolicyQuestion,
    TalkCount,
    WallPhoto,
)
from heli.consultation.rules import check_days, earliest_end
from heli.consultation.types import NoticeDays
from heli.files.services import store_document, store_photo
from heli.kernel.access import Actor
from heli.kernel.catalogues import whole
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.kernel.periods import is_plausible
from heli.places.queries import require_at
from heli.records.abouts import About, Consulting, consulting_of
from heli.records.fields import check_values
from heli.records.services import FormFile, hold, next_number, refuse_finished, towns_at

MATTERS = "campaigns.matters"
NOTICES, OPINIONS = "consultation.notices", "consultation.opinions"
TALKS, QUESTIONS = "campaigns.talks", "campaigns.policy_questions"


# -- notices -----------------------------------------------------------------------------------------------------------


def post_notice(
    *,
    actor: Actor,
    about: About,
    kind: str,
    title: str,
    place_ids: Sequence[int],
    first_on: date,
    last_on: date,
    for_on: date | None = None,
    text: str = "",
    upload: FormFile | None = None,
    takes_opinions: bool = True,
    on: date | None = None,
    at: datetime | None = None,
) -> Notice:
    """Post a notice in some places. Refused when it would hang shorter than its kind asks for (the law), or be posted too late for
    the day it is for (`for_on`: of an election, a meeting), or has no content."""
    today, asks = on or timezone.localdate(), about.kind.consulting
    refuse_finished(about)
    words = {"kind": kind, "title": title.strip(), "text": text.strip()}
    given = {**words, "first_on": first_on, "last_on": last_on, "for_on": for_on}
    found = check_values(Notice, given, today)
    if not text.strip() and upload is None:
        found.append(Fault("notice_empty", _("Write the notice, or add it as a file."), field="text"))
    if not place_ids:
        found.append(Fault("place_missing", _("Choose where it hangs."), field="places"))
    if kind in notice_kinds().entries and asks.only not in ("", kind):
        found.append(Fault("kind_not_here", _("This is posted as a plan for comment only."), field="kind"))
    if found:
        raise Refused(found)
    days, least = _check_days(kind, NoticeDays(first_on, last_on, for_on))
    towns = towns_at(about.district_id, place_ids=place_ids, on=today, field="places")
    where = about.district_id if asks.is_whole or len(towns) > 1 else next(iter(towns))
    require_at(actor, asks.keeps, [where] if asks.is_whole else towns, timezone.localdate())
    with writing(actor, NOTICES, action=asks.keeps, at=at) as act:
        act.place_id = where
        file = None
        if upload is not None:
            file = store_document(
                actor=actor, chunks=upload.chunks, name=upload.name, action=asks.reads, place_id=where
            )
        notice = Notice.objects.create(
            **given, public_id=new_public_id(24), about=about.id, district_id=about.district_id, file=file, days=days,
            least_days=least, takes_opinions=takes_opinions, posted_by=actor.name, posted_at=act.at,
        )  # fmt: skip
        hung = [NoticePlace(notice=notice, place_id=place_id, town_id=town) for place_id, town in towns.items()]
        NoticePlace.objects.bulk_create(hung)
        about.kind.posted(actor, about, notice.pk, today)
        # The address stays out of the trail: whoever reads the trail must not write opinions by it.
        act.subject = _subject(about.id)
        posted = {"kind": kind, "first_on": str(first_on), "last_on": str(last_on), "places": len(towns)}
        act.after = {"did": "post", **posted}
    return notice


def _check_days(kind: str, days: NoticeDays) -> tuple[int, int]:
    """(days that count, days its kind asks for); refused when a notice hangs too short or is posted too late for its day."""
    rule = notice_kinds().entries[kind].more
    least = whole(rule["days"])
    texts = {
        "days_crossed": ("last_on", _("The last day lies before the first.")),
        "for_day_missing": ("for_on", _("Give the day: a notice of this kind is posted so many days before it.")),
        "for_day_unasked": ("for_on", _("A notice of this kind is for no certain day: leave it empty.")),
        "notice_too_late": (
            "for_on", _("It must be posted at least %(days)s days before, the day of posting not counted: for %(day)s or later."),
        ),
        "notice_too_short": (
            "last_on", _("It must hang at least %(days)s days, the day of posting not counted: until %(day)s or later."),
        ),
    }  # fmt: skip
    if code := check_days(days, least, is_before=rule["basis"] == "before"):
        field, text = texts[code]
        facts = {"days": least, "day": earliest_end(days.first_on, least).isoformat()}
        raise Refused(Fault(code, text % facts, field=field, source=str(rule["law"])))
    return days.counted, least


def _subject(about: str) -> str:
    return f"consultation:{about}"


def take_down(
    *, actor: Actor, notice: Notice, reason: str, on: date | None = None, at: datetime | None = None
) -> Notice:
    """Take a notice down before its last day, with the reason; it stays readable as taken down and no longer counts."""
    day = on or timezone.localdate()
    found = [] if reason.strip() else [Fault("reason_empty", _("Say why."), field="reason")]
    if notice.taken_down_on is not None or day > notice.last_on:
        found.append(Fault("notice_over", _("This notice no longer hangs.")))
    if found:
        raise Refused(found)
    asks = consulting_of(notice.about)
    hangs = [notice.district_id] if asks.is_whole else list(notice.places.values_list("place_id", flat=True))
    require_at(actor, asks.keeps, hangs, timezone.localdate())
    with writing(actor, NOTICES, action=asks.keeps, reason=reason, at=at) as act:
        held = hold(Notice.objects, pk=notice.pk)
        held.taken_down_on, held.taken_down_by, held.reason = day, actor.name, reason.strip()
        held.save(update_fields=["taken_down_on", "taken_down_by", "reason"])
        act.place_id = held.district_id
        act.subject, act.after = _subject(held.about), {"did": "take_down", "notice": held.pk}
    taken: Notice = held
    return taken


def add_wall_photo(
    *, actor: Actor, hung: NoticePlace, upload: FormFile, on: date | None = None, at: datetime | None = None
) -> WallPhoto:
    """Keep the photo of the copy on the wall."""
    asks, where = consulting_of(hung.notice.about), hung.place_id
    with writing(actor, NOTICES, action=asks.keeps, place_id=_held_at(asks, hung.notice, where), at=at) as act:
        act.place_id = where
        file = store_photo(actor=actor, chunks=upload.chunks, name=upload.name, action=asks.reads, place_id=where)
        day = on or timezone.localdate()
        photo = WallPhoto.objects.create(hung=hung, file=file, on=day, added_by=actor.name, added_at=act.at)
        act.subject = _subject(hung.notice.about)
        act.after = {"did": "wall_photo", "notice": hung.notice_id}
    return photo


def count_view(*, notice: Notice, on: date, times: int = 1) -> None:
    """One more opening of a notice on a day (or several): an integer goes up, and nothing else is known or kept."""
    with counting():
        if not NoticeViews.objects.filter(notice=notice, on=on).update(count=F("count") + times):
            try:
                with transaction.atomic():
                    NoticeViews.objects.create(notice=notice, on=on, count=times)
            except IntegrityError:  # another reader was first today
                NoticeViews.objects.filter(notice=notice, on=on).update(count=F("count") + times)


def _held_at(asks: Consulting, of: About | Notice | Opinion, place_id: int) -> int:
    """Where a right to keep notices and opinions must reach: the place, or the whole district."""
    return of.district_id if asks.is_whole else place_id


# -- opinions ----------------------------------------------------------------------------------------------------------


def add_opinion(
    *,
    actor: Actor,
    about: About,
    place_id: int,
    channel: str,
    topic: str,
    text: str,
    stance: str = "",
    count: int = 1,
    notice: Notice | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> Opinion:
    """Take down an opinion; no name is asked for and none is kept. `count` voices that said the same are one row.

    On a notice's page strangers may write; other channels are typed in by officers. The returned `code` is what the writer
    keeps to read the answer. `stance` is said where the about asks for it, and nowhere else.
    """
    day, asks = on or timezone.localdate(), about.kind.consulting
    given = {"channel": channel, "topic": topic, "stance": stance, "text": text.strip(), "count": count}
    found = check_values(Opinion, given, day)
    online = notice is not None and channel == OpinionChannel.ONLINE
    if notice is not None and online and not notice.takes_on(day):
        found.append(Fault("notice_closed", _("Opinions on this notice are not taken today.")))
    if asks.asks_stance and not stance:
        found.append(Fault("stance_missing", _("Say what you think of the plan."), field="stance"))
    if stance and not asks.asks_stance:
        found.append(
            Fault("stance_unasked", _("Only opinions on a plan that is posted say whether they agree."), field="stance")
        )
    if found:
        raise Refused(found)
    town = towns_at(about.district_id, place_ids=[place_id], on=day)[place_id]
    where = place_id if online else _held_at(asks, about, place_id)
    with writing(actor, OPINIONS, action=asks.opines if online else asks.keeps, place_id=where, at=at) as act:
        act.place_id = place_id
        opinion = Opinion.objects.create(
            **given, about=about.id, district_id=about.district_id, notice=notice, number=next_number(Opinion, about=about),
            code=new_public_id(10), place_id=place_id, town_id=town, received_on=day, taken_by="" if online else actor.name,
        )  # fmt: skip
        said = {
            "number": opinion.number,
            **{key: str(given[key]) for key in ("channel", "topic", "stance")},
            "count": count,
        }
        act.subject, act.after = _subject(about.id), {"did": "opinion", **said}
    return opinion


def answer_opinion(
    *,
    actor: Actor,
    opinion: Opinion,
    answer: str,
    gist: str = "",
    publish: bool = False,
    on: date | None = None,
    at: datetime | None = None,
) -> Opinion:
    """Answer an opinion; who has the code reads the answer. Published are only the gist in the officer's words and the
    answer, never the raw text. May be corrected."""
    day = on or timezone.localdate()
    found = check_values(Opinion, {"gist": gist, "answer": answer}, day)
    if publish and not gist.strip():
        text = _("To publish it, put the opinion into your own words, without any name.")
        found.append(Fault("gist_missing", text, field="gist"))
    if found:
        raise Refused(found)
    asks = consulting_of(opinion.about)
    with writing(actor, OPINIONS, action=asks.keeps, place_id=_held_at(asks, opinion, opinion.place_id), at=at) as act:
        act.place_id = opinion.place_id
        act.before = {"answered": bool(opinion.answer), "published": opinion.is_published}
        opinion.answer, opinion.gist, opinion.is_published = answer.strip(), gist.strip(), publish
        opinion.answered_by, opinion.answered_on = actor.name, day
        opinion.save(update_fields=["answer", "gist", "is_published", "answered_by", "answered_on"])
        act.subject = _subject(opinion.about)
        act.after = {"did": "answer", "number": opinion.number, "published": publish}
    return opinion


# -- question bank -----------------------------------------------------------------------------------------------------


def keep_question(
    *,
    actor: Actor,
    about: About,
    topic: str,
    question: str,
    answer: str,
    is_public: bool = False,
    known: PolicyQuestion | None = None,
    at: datetime | None = None,
) -> PolicyQuestion:
    """Add a question with its answer to the bank, or change `known`."""
    given = {"topic": topic, "question": question.strip(), "answer": answer.strip()}
    if found := check_values(PolicyQuestion, given, timezone.localdate()):
        raise Refused(found)
    with writing(actor, QUESTIONS, action=MATTERS, place_id=about.district_id, at=at) as act:
        row = known or PolicyQuestion(public_id=new_public_id(), about=about.id, district_id=about.district_id)
        row.number = row.number or next_number(PolicyQuestion, about=about)
        act.before = {"question": row.question, "answer": row.answer} if known else {}
        row.topic, row.question, row.answer = given.values()
        row.is_public, row.changed_by, row.changed_at = is_public, actor.name, act.at
        row.save()
        act.subject = _subject(about.id)
        act.after = {"did": "question", "number": row.number, "question": row.question, "answer": row.answer}
    return row


# -- talks -------------------------------------------------------------------------------------------------------------


def record_talks(
    *,
    actor: Actor,
    about: About,
    place_id: int,
    counts: Mapping[str, tuple[int, int]],
    on: date | None = None,
    at: datetime | None = None,
) -> list[TalkCount]:
    """Record how many of each class were talked with so far: {class: (done, base)}. Only what differs becomes a row."""
    day = on or timezone.localdate()
    found = [] if is_plausible(day) else [Fault("day_implausible", _("This day cannot be meant."), field="on")]
    for kind, (done, base) in counts.items():
        if kind not in talk_classes().entries:
            found.append(Fault("kind_unknown", _("Choose a kind of the catalogue."), field=kind))
        elif base < 1:
            text = _("Give how many there are; at least one.")
            found.append(Fault("base_missing", text, field=f"base_{kind}"))
        elif not 0 <= done <= base:
            text = _("More talks than people: count each person once.")
            found.append(Fault("talks_over_base", text, field=f"done_{kind}"))
    if found:
        raise Refused(found)
    town = towns_at(about.district_id, place_ids=[place_id], on=day)[place_id]
    with writing(actor, TALKS, action=MATTERS, place_id=place_id, at=at) as act:
        rows = []
        for kind, (done, base) in counts.items():
            key = {"about": about.id, "place_id": place_id, "kind": kind}
            last = TalkCount.objects.filter(**key).order_by("-pk").first()
            if last is not None and (last.done, last.base, last.on) == (done, base, day):
                continue
            by = {"recorded_by": actor.name, "recorded_at": act.at}
            stands = {"district_id": about.district_id, "town_id": town, "on": day, "done": done, "base": base}
            rows.append(TalkCount.objects.create(**key, **stands, **by))
        act.subject = _subject(about.id)
        act.after = {"did": "talks", "counts": {row.kind: [row.done, row.base] for row in rows}}
    return rows
