"""Making reports from a frozen week, from what changed between weeks, or of a finished campaign; and sending them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.accounts import queries as accounts
from heli.audit.services import writing
from heli.campaigns.queries import Campaign, begun_campaigns
from heli.campaigns.queries.colours import live_colours
from heli.campaigns.types import COLOUR_ORDER, CampaignStatus, SeatLevel
from heli.figures.models import Report, Snapshot
from heli.figures.queries.reports import (
    MAKE,
    READ,
    addressees_of,
    canonical_content,
    content_of,
    last_report,
    paper_of,
    scene_of,
)
from heli.figures.queries.snapshots import stored_values
from heli.figures.reports.compose import compose
from heli.figures.reports.rules import ReportRules, rules_in_force
from heli.figures.reports.scene import Scene
from heli.figures.reports.types import Addressee, Recipient, ReportKind, plain
from heli.figures.rules import digest
from heli.figures.services.snapshots import take_snapshot
from heli.figures.types import SnapshotKind
from heli.figures.wording import fault
from heli.files import services as files
from heli.files.documents import render_docx, render_html, render_pdf
from heli.kernel.access import SYSTEM, Actor, require
from heli.kernel.faults import Refused
from heli.kernel.ids import new_public_id
from heli.notices import services as notices
from heli.notices.queries import place_channels
from heli.warnings.queries import FrozenWeek
from heli.warnings.queries.weeks import weeks_of

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def make_weekly(
    *, actor: Actor, campaign: Campaign, week: FrozenWeek, at: datetime | None = None, send: bool = True
) -> list[Report]:
    """The reports of a frozen week for every recipient in every language, from the snapshot of its last moment.

    Asked again, it gives the same reports. Asks `figures.report` at the district. Raises `Forbidden`.
    """
    require(actor, MAKE, campaign.district_id)
    snapshot = take_snapshot(
        actor=SYSTEM,
        district_id=campaign.district_id,
        kind=SnapshotKind.WEEKLY,
        on=timezone.localdate(week.ends_at),
        at=week.ends_at,
    )
    return _make(actor, campaign, snapshot, week, ReportKind.WEEKLY, at=at, send=send)


def make_interim(
    *, actor: Actor, campaign: Campaign, on: date, at: datetime | None = None, send: bool = True
) -> list[Report]:
    """Reports between two weeks, from the snapshot of a day; at most one a day. Asks `figures.report` at the district.

    Raises `Refused` for a campaign that has not been opened or is over, `Forbidden`.
    """
    require(actor, MAKE, campaign.district_id)
    if campaign.status in (CampaignStatus.DRAFT, CampaignStatus.FINISHED):
        message = _("This campaign is not running: there is nothing to report.")
        raise Refused(fault("not_running", message, field="campaign"))
    snapshot = take_snapshot(
        actor=SYSTEM, district_id=campaign.district_id, kind=SnapshotKind.INTERIM, on=on, at=at or timezone.now()
    )
    return _make(actor, campaign, snapshot, None, ReportKind.INTERIM, at=at, send=send)


def make_yearbook(*, actor: Actor, campaign: Campaign, at: datetime | None = None) -> list[Report]:
    """The yearbook page of a campaign as of the day it was finished, for the district. Asks `figures.report` there.

    Raises `Refused` for a campaign that is not finished (its page can be previewed), `Forbidden`.
    """
    require(actor, MAKE, campaign.district_id)
    if campaign.finished_at is None:
        message = _("This campaign is not finished: its yearbook page can be looked at, not kept.")
        raise Refused(fault("not_finished", message, field="kind"))
    on = timezone.localdate(campaign.finished_at)
    snapshot = take_snapshot(actor=SYSTEM, district_id=campaign.district_id, kind=SnapshotKind.YEARBOOK, on=on)
    return _make(actor, campaign, snapshot, None, ReportKind.YEARBOOK, at=at, send=False)


def make_now(*, actor: Actor, campaign: Campaign, kind: ReportKind, at: datetime) -> list[Report]:
    """The reports of a kind as of now, by hand: of the newest frozen week, between weeks, or of the end.

    Raises `Refused` where there is no frozen week, or the campaign is in no state for it; `Forbidden`.
    """
    if kind is ReportKind.INTERIM:
        return make_interim(actor=actor, campaign=campaign, on=timezone.localdate(at), at=at)
    if kind is ReportKind.YEARBOOK:
        return make_yearbook(actor=actor, campaign=campaign, at=at)
    week = next(iter(weeks_of(campaign)), None)
    if week is None:
        message = _("No week of this campaign is frozen yet: make a quick report.")
        raise Refused(fault("no_week", message, field="kind"))
    return make_weekly(actor=actor, campaign=campaign, week=week, at=at)


def _make(
    actor: Actor,
    campaign: Campaign,
    snapshot: Snapshot,
    week: FrozenWeek | None,
    kind: ReportKind,
    *,
    at: datetime | None,
    send: bool,
) -> list[Report]:
    now = at or timezone.now()
    with writing(actor, "figures.make_reports", action=MAKE, place_id=campaign.district_id, at=now) as act:
        made = Report.objects.filter(campaign=campaign, snapshot=snapshot, kind=kind)
        kept = set(made.values_list("recipient_key", "language"))
        rules = rules_in_force()
        scene = scene_of(campaign, snapshot, week)
        chosen = addressees_of(scene, rules)
        if kind is ReportKind.YEARBOOK:
            chosen = chosen[:1]
        fresh = [
            _composed(scene, addressee, rules, kind, language)
            for addressee in chosen
            for language in LANGUAGES
            if (addressee.key, language) not in kept
        ]
        for one in fresh:
            one.campaign, one.snapshot, one.week, one.made_at, one.made_by = campaign, snapshot, week, now, actor.name
        Report.objects.bulk_create(fresh)
        act.subject = f"campaign:{campaign.public_id}"
        act.after = {"kind": kind.value, "snapshot": snapshot.public_id, "made": len(fresh)}
        if send:
            _send(actor, [one for one in fresh if one.language == settings.LANGUAGE_CODE], now)
        return list(made.select_related("campaign", "snapshot", "week", "place", "body", "person__body").order_by("pk"))


def _composed(scene: Scene, addressee: Addressee, rules: ReportRules, kind: ReportKind, language: str) -> Report:
    text = canonical_content(compose(scene, addressee, rules, kind=kind, language=language))
    return Report(
        public_id=new_public_id(),
        kind=kind,
        recipient=addressee.kind,
        recipient_key=addressee.key,
        place_id=addressee.place,
        body_id=addressee.body,
        person_id=addressee.person,
        language=language,
        content=text,
        sha256=digest(text),
        pack_id=rules.id,
        pack_version=rules.version,
        pack_sha256=rules.sha256,
        is_sample=scene.is_sample,
    )


# -- sending -----------------------------------------------------------------------------------------------------------


def _send(actor: Actor, reports: Iterable[Report], now: datetime) -> None:
    """Tell whoever reads a report of its place, and send it with its files to the channels of the place."""
    on = timezone.localdate(now)
    for report in reports:
        link = reverse("figures:report", args=[report.public_id])
        content = content_of(report)
        notices.notify(
            actor=actor,
            recipients=_people(report, on),
            kind="figures.report",
            title=content["title"],
            text=lead_of(content),
            link=link,
            about=f"report:{report.public_id}",
            at=now,
        )
        if report.recipient != Recipient.LEADER:
            _deliver(report, content["title"], now)


def _people(report: Report, on: date) -> Sequence[int]:
    """Whom a report is told: those who make reports of a district, accept in a town, act for a leader's body."""
    if report.recipient == Recipient.DISTRICT:
        return accounts.people_who_may(MAKE, report.place_id, on)
    if report.recipient == Recipient.TOWN:
        district = set(accounts.people_who_may(MAKE, report.place_id, on))
        return [one for one in accounts.people_who_may("campaigns.accept", report.place_id, on) if one not in district]
    person = report.person
    body = report.body_id if person is None else person.body_id
    return accounts.people_over_body(body, on) if body is not None else []


def _deliver(report: Report, title: str, now: datetime) -> None:
    channels = list(place_channels(report.place_id))
    if not channels:
        return
    document = paper_of(report, home=settings.SITE_URL)
    kept = [
        files.store_file(
            actor=SYSTEM, chunks=[content], name=f"{title}.{suffix}", action=READ, place_id=report.place_id, at=now
        )
        for suffix, content in (("docx", render_docx(document)), ("pdf", render_pdf(document)))
    ]
    for channel in channels:
        notices.deliver(
            actor=SYSTEM,
            channel=channel,
            subject=title,
            text=lead_of(content_of(report)),
            key=f"report:{report.public_id}",
            html=render_html(document),
            attachments=kept,
            at=now,
        )


def lead_of(content: Mapping[str, object]) -> str:
    """The first paragraph of a report: what a message says of it."""
    blocks = content["blocks"]
    assert isinstance(blocks, list)
    return next((plain(block["text"]) for block in blocks if block["is"] == "text"), "")


# -- by the clock ------------------------------------------------------------------------------------------------------


def make_due(*, actor: Actor, at: datetime) -> int:
    """What the clock makes: the newest frozen week of each campaign that has none, or an interim report where much changed."""
    made = 0
    for campaign in begun_campaigns():
        weeks = weeks_of(campaign)[:1]
        if weeks and not Report.objects.filter(campaign=campaign, week=weeks[0]).exists():
            made += bool(make_weekly(actor=actor, campaign=campaign, week=weeks[0], at=at))
        elif campaign.status == CampaignStatus.RUNNING and changed_since(campaign, at=at):
            made += bool(make_interim(actor=actor, campaign=campaign, on=timezone.localdate(at), at=at))
    return made


def changed_since(campaign: Campaign, *, at: datetime) -> bool:
    """Whether so many villages changed their colour since the last report that another is due; never two on a day."""
    on = timezone.localdate(at)
    last = last_report(campaign, (ReportKind.WEEKLY, ReportKind.INTERIM))
    if last is None or last.snapshot.on > on - timedelta(days=1):
        return False
    colours = stored_values(SYSTEM, last.snapshot, ["campaigns.colour"]).get("campaigns.colour", {})
    changed = 0
    for one in live_colours(campaign, on):
        before = colours.get(one.place)
        if one.level == SeatLevel.VILLAGE and before is not None:
            changed += before.numerator != COLOUR_ORDER.index(one.colour)
    return changed >= rules_in_force().changed_villages
