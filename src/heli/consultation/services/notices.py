"""Notices, their wall copies and views; opinions and answers; the question bank; talks as counts."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import counting, writing
from heli.campaigns.models import Campaign
from heli.campaigns.services.matters import (
    MATTERS,
    OPINE,
    Upload,
    check_day,
    keep_file,
    next_number,
    problem,
    raise_found,
    refuse_finished,
    refuse_long,
    town_of,
)
from heli.consultation.catalogues import notice_kinds, opinion_topics, talk_classes
from heli.consultation.models import Notice, NoticePlace, NoticeViews, Opinion, PolicyQuestion, TalkCount, WallPhoto
from heli.consultation.rules import days_posted, earliest_end
from heli.consultation.types import Channel
from heli.kernel.access import Actor, require
from heli.kernel.catalogues import whole
from heli.kernel.ids import new_public_id
from heli.kernel.problems import Problem, Refused

NOTICES, OPINIONS, TALKS, QUESTIONS = (
    "campaigns.notices",
    "campaigns.opinions",
    "campaigns.talks",
    "campaigns.policy_questions",
)
LONGEST_OPINION = 2_000
MOST_VOICES = 100_000


# -- notices -----------------------------------------------------------------------------------------------------------


def post_notice(
    *,
    actor: Actor,
    campaign: Campaign,
    kind: str,
    title: str,
    place_ids: Sequence[int],
    first_on: date,
    last_on: date,
    text: str = "",
    upload: Upload | None = None,
    takes_opinions: bool = True,
    on: date | None = None,
    at: datetime | None = None,
) -> Notice:
    """Post a notice in some places. Refused when it would hang shorter than its kind asks for (the law), or has no content."""
    today = on or timezone.localdate()
    refuse_finished(campaign)
    entry = notice_kinds().entries.get(kind)
    found = refuse_long(title, "title", 120) + refuse_long(text, "text", 20_000)
    if entry is None:
        found.append(problem("kind_unknown", _("Choose a kind of the catalogue."), "kind"))
    if not title.strip():
        found.append(problem("title_empty", _("Give the notice a title."), "title"))
    if not text.strip() and upload is None:
        found.append(problem("notice_empty", _("Write the notice, or add it as a file."), "text"))
    if not place_ids:
        found.append(problem("place_missing", _("Choose where it hangs."), "places"))
    found += check_day(first_on, "first_on") + check_day(last_on, "last_on")
    raise_found(found)
    least = whole(entry.more["days"]) if entry else 0
    if days_posted(first_on, last_on) < least:
        message = _("It must hang at least %(days)s days, the day of posting not counted: until %(day)s or later.")
        facts = {"days": least, "day": earliest_end(first_on, least).isoformat()}
        raise Refused(
            Problem("notice_too_short", message % facts, field="last_on", source=str(entry and entry.more["law"]))
        )
    towns = {place_id: town_of(campaign, place_id, today, "places") for place_id in dict.fromkeys(place_ids)}
    for place_id in towns:
        require(actor, MATTERS, place_id)
    where = next(iter(towns)) if len(towns) == 1 else None
    with writing(actor, NOTICES, action=MATTERS, place_id=where, at=at) as act:
        notice = Notice.objects.create(
            public_id=new_public_id(24),
            campaign=campaign,
            kind=kind,
            title=title.strip(),
            text=text.strip(),
            file=keep_file(actor, upload, where or campaign.district_id),
            first_on=first_on,
            last_on=last_on,
            days=days_posted(first_on, last_on),
            least_days=least,
            takes_opinions=takes_opinions,
            posted_by=actor.name,
            posted_at=act.at,
        )
        NoticePlace.objects.bulk_create(
            NoticePlace(notice=notice, place_id=place_id, town_id=town) for place_id, town in towns.items()
        )
        act.place_id = where or campaign.district_id
        # The address stays out of the trail: whoever reads the trail must not write opinions by it.
        act.subject = f"campaign:{campaign.public_id}"
        act.after = {
            "did": "post",
            "kind": kind,
            "first_on": str(first_on),
            "last_on": str(last_on),
            "places": len(towns),
        }
    return notice


def take_down(
    *, actor: Actor, notice: Notice, reason: str, on: date | None = None, at: datetime | None = None
) -> Notice:
    """Take a notice down before its last day, with the reason; it stays readable as taken down and no longer counts."""
    day = on or timezone.localdate()
    found = [] if reason.strip() else [problem("reason_empty", _("Say why."), "reason")]
    if notice.taken_down_on is not None or day > notice.last_on:
        found.append(problem("notice_over", _("This notice no longer hangs.")))
    raise_found(found)
    for place_id in notice.places.values_list("place_id", flat=True):
        require(actor, MATTERS, place_id)
    with writing(actor, NOTICES, action=MATTERS, reason=reason, at=at) as act:
        held = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
        held.taken_down_on, held.taken_down_by, held.reason = day, actor.name, reason.strip()
        held.save(update_fields=["taken_down_on", "taken_down_by", "reason"])
        act.place_id = held.campaign.district_id
        act.subject, act.after = f"campaign:{held.campaign.public_id}", {"did": "take_down", "notice": held.pk}
    return held


def add_wall_photo(
    *, actor: Actor, hung: NoticePlace, upload: Upload, on: date | None = None, at: datetime | None = None
) -> WallPhoto:
    """Keep the photo of the copy on the wall."""
    with writing(actor, NOTICES, action=MATTERS, place_id=hung.place_id, at=at) as act:
        photo = WallPhoto.objects.create(
            hung=hung,
            file=keep_file(actor, upload, hung.place_id, photo=True),
            on=on or timezone.localdate(),
            added_by=actor.name,
            added_at=act.at,
        )
        act.subject = f"campaign:{hung.notice.campaign.public_id}"
        act.after = {"did": "wall_photo", "notice": hung.notice_id}
    return photo


def count_view(*, notice: Notice, on: date) -> None:
    """One more opening of a notice on a day: an integer goes up, and nothing else is known or kept."""
    with counting():
        if not NoticeViews.objects.filter(notice=notice, on=on).update(count=F("count") + 1):
            try:
                with transaction.atomic():
                    NoticeViews.objects.create(notice=notice, on=on, count=1)
            except IntegrityError:  # another reader was first today
                NoticeViews.objects.filter(notice=notice, on=on).update(count=F("count") + 1)


# -- opinions ----------------------------------------------------------------------------------------------------------


def add_opinion(
    *,
    actor: Actor,
    campaign: Campaign,
    place_id: int,
    channel: Channel,
    topic: str,
    text: str,
    count: int = 1,
    notice: Notice | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> Opinion:
    """Take down an opinion; no name is asked for and none is kept. `count` voices that said the same are one row.

    On a notice's page strangers may write (`campaigns.opine`); other channels are typed in by officers. The returned
    `code` is what the writer keeps to read the answer.
    """
    day = on or timezone.localdate()
    found = refuse_long(text.strip(), "text", LONGEST_OPINION)
    if notice is not None and channel is Channel.ONLINE and not is_taking_opinions(notice, day):
        found.append(problem("notice_closed", _("Opinions on this notice are not taken today.")))
    if topic not in opinion_topics().entries:
        found.append(problem("topic_unknown", _("Choose what it is about."), "topic"))
    if not text.strip():
        found.append(problem("opinion_empty", _("Write what you think."), "text"))
    if not 1 <= count <= MOST_VOICES:
        found.append(problem("count_outside", _("Give how many voices said this, at least one."), "count"))
    raise_found(found)
    town = town_of(campaign, place_id, day)
    online = notice is not None and channel is Channel.ONLINE
    with writing(actor, OPINIONS, action=OPINE if online else MATTERS, place_id=place_id, at=at) as act:
        opinion = Opinion.objects.create(
            campaign=campaign,
            notice=notice,
            number=next_number(Opinion, campaign),
            code=new_public_id(10),
            place_id=place_id,
            town_id=town,
            channel=channel,
            topic=topic,
            text=text.strip(),
            count=count,
            received_on=day,
            taken_by="" if online else actor.name,
        )
        act.subject = f"campaign:{campaign.public_id}"
        act.after = {
            "did": "opinion",
            "number": opinion.number,
            "channel": str(channel),
            "topic": topic,
            "count": count,
        }
    return opinion


def is_taking_opinions(notice: Notice, on: date) -> bool:
    """Whether a notice hangs and asks for opinions on the day."""
    return notice.takes_opinions and is_hanging(notice, on)


def is_hanging(notice: Notice, on: date) -> bool:
    """Whether a notice hangs on the day."""
    return notice.first_on <= on <= notice.last_on and (notice.taken_down_on is None or on < notice.taken_down_on)


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
    found = refuse_long(answer, "answer") + refuse_long(gist, "gist", 300)
    if not answer.strip():
        found.append(problem("answer_empty", _("Write an answer."), "answer"))
    if publish and not gist.strip():
        found.append(
            problem("gist_missing", _("To publish it, put the opinion into your own words, without any name."), "gist")
        )
    raise_found(found)
    with writing(actor, OPINIONS, action=MATTERS, place_id=opinion.place_id, at=at) as act:
        act.before = {"answered": bool(opinion.answer), "published": opinion.is_published}
        opinion.answer, opinion.gist, opinion.is_published = answer.strip(), gist.strip(), publish
        opinion.answered_by, opinion.answered_on = actor.name, on or timezone.localdate()
        opinion.save(update_fields=["answer", "gist", "is_published", "answered_by", "answered_on"])
        act.subject = f"campaign:{opinion.campaign.public_id}"
        act.after = {"did": "answer", "number": opinion.number, "published": publish}
    return opinion


# -- question bank -----------------------------------------------------------------------------------------------------


def keep_question(
    *,
    actor: Actor,
    campaign: Campaign,
    topic: str,
    question: str,
    answer: str,
    is_public: bool = False,
    known: PolicyQuestion | None = None,
    at: datetime | None = None,
) -> PolicyQuestion:
    """Add a question with its answer to the bank, or change `known`."""
    found = refuse_long(question, "question", 1_000) + refuse_long(answer, "answer")
    if topic not in opinion_topics().entries:
        found.append(problem("topic_unknown", _("Choose what it is about."), "topic"))
    if not question.strip():
        found.append(problem("question_empty", _("Write the question as people ask it."), "question"))
    if not answer.strip():
        found.append(problem("answer_empty", _("Write an answer."), "answer"))
    raise_found(found)
    with writing(actor, QUESTIONS, action=MATTERS, place_id=campaign.district_id, at=at) as act:
        row = known or PolicyQuestion(
            public_id=new_public_id(), campaign=campaign, number=next_number(PolicyQuestion, campaign)
        )
        act.before = {"question": row.question, "answer": row.answer} if known else {}
        row.topic, row.question, row.answer, row.is_public = topic, question.strip(), answer.strip(), is_public
        row.changed_by, row.changed_at = actor.name, act.at
        row.save()
        act.subject = f"campaign:{campaign.public_id}"
        act.after = {"did": "question", "number": row.number, "question": row.question, "answer": row.answer}
    return row


# -- talks -------------------------------------------------------------------------------------------------------------


def record_talks(
    *,
    actor: Actor,
    campaign: Campaign,
    place_id: int,
    counts: dict[str, tuple[int, int]],
    on: date | None = None,
    at: datetime | None = None,
) -> list[TalkCount]:
    """Record how many of each class were talked with so far: {class: (done, base)}. Only what differs becomes a row."""
    day = on or timezone.localdate()
    known = talk_classes().entries
    found = check_day(day, "on")
    for kind, (done, base) in counts.items():
        if kind not in known:
            found.append(problem("kind_unknown", _("Choose a kind of the catalogue."), kind))
        elif base < 1:
            found.append(problem("base_missing", _("Give how many there are; at least one."), f"base_{kind}"))
        elif not 0 <= done <= base:
            found.append(
                problem("talks_over_base", _("More talks than people: count each person once."), f"done_{kind}")
            )
    raise_found(found)
    town = town_of(campaign, place_id, day)
    with writing(actor, TALKS, action=MATTERS, place_id=place_id, at=at) as act:
        rows = []
        for kind, (done, base) in counts.items():
            last = TalkCount.objects.filter(campaign=campaign, place_id=place_id, kind=kind).order_by("-pk").first()
            if last is not None and (last.done, last.base, last.on) == (done, base, day):
                continue
            rows.append(
                TalkCount.objects.create(
                    campaign=campaign,
                    place_id=place_id,
                    town_id=town,
                    kind=kind,
                    on=day,
                    done=done,
                    base=base,
                    recorded_by=actor.name,
                    recorded_at=act.at,
                )
            )
        act.subject = f"campaign:{campaign.public_id}"
        act.after = {"did": "talks", "counts": {row.kind: [row.done, row.base] for row in rows}}
    return rows
