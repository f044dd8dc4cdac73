"""Reads of reports: what they are composed from, who gets one, which an actor may open, whether one is still what was made."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from heli.bodies import queries as bodies
from heli.bodies.queries import Holder
from heli.campaigns.queries import Campaign, begun_campaigns
from heli.figures.catalogue import in_force
from heli.figures.models import Report, Snapshot
from heli.figures.queries.evaluating import evaluate
from heli.figures.queries.snapshots import history, latest_before, stored_values
from heli.figures.reports.compose import compose
from heli.figures.reports.paper import Draw, PaperOrigin, document_of
from heli.figures.reports.pictures import Burn, drawing_of
from heli.figures.reports.rules import ReportRules
from heli.figures.reports.scene import CampaignFacts, Scene, Values
from heli.figures.reports.types import Addressee, Content, NumberSource, Recipient, ReportKind, marks_in, pieces_in
from heli.figures.rules import digest
from heli.figures.types import SnapshotKind, Value
from heli.files.documents import Document
from heli.kernel.access import SYSTEM, Actor, scope
from heli.kernel.declare import Ask
from heli.kernel.offers import offered
from heli.places import queries as places
from heli.places.types import Level
from heli.warnings.queries import FrozenWeek
from heli.warnings.queries.forecasting import kept_with
from heli.warnings.queries.weeks import weeks_of

READ = "figures.read"
MAKE = "figures.report"


# -- what a report is composed from ------------------------------------------------------------------------------------


def scene_of(campaign: Campaign, snapshot: Snapshot, week: FrozenWeek | None) -> Scene:
    """Everything the reports of a campaign are composed from; a constant number of queries."""
    now = stored_values(SYSTEM, snapshot)
    ask = Ask(district_ids=(campaign.district_id,), on=snapshot.on, at=snapshot.at)
    return _scene(campaign, now, week, ask, snapshot=snapshot.public_id, is_sample=snapshot.is_sample)


def live_scene(campaign: Campaign, on: date) -> Scene:
    """The same from what is known now, with the forecast of the newest frozen week; nothing is kept."""
    figures = in_force(on)
    found = evaluate(SYSTEM, figures.values(), district_ids=[campaign.district_id], on=on)
    now = {name: found.all_of(name) for name in figures}
    week = next(iter(weeks_of(campaign)), None)
    sample = places.is_sample([campaign.district_id], on)
    return _scene(campaign, now, week, Ask(district_ids=(campaign.district_id,), on=on), snapshot="", is_sample=sample)


def _scene(
    campaign: Campaign, now: Values, week: FrozenWeek | None, ask: Ask, *, snapshot: str, is_sample: bool
) -> Scene:
    on = ask.on
    before = latest_before(campaign.district_id, SnapshotKind.WEEKLY, on)
    if before is not None and before.on < timezone.localdate(campaign.opened_at):
        before = None  # what it counted was another campaign
    keys = {key for values in now.values() for key in values}
    rows = places.rows_of(keys | {campaign.district_id}, on)
    return Scene(
        campaign=_facts(campaign, on),
        district=rows[campaign.district_id],
        on=on,
        snapshot=snapshot,
        is_sample=is_sample or campaign.is_sample,
        now=now,
        week=week.number if week is not None else 0,
        before=before.public_id if before is not None else "",
        before_on=before.on if before is not None else None,
        then=stored_values(SYSTEM, before) if before is not None else None,
        places=rows,
        kept=kept_with(campaign, week) if week is not None else {},
        told={one.id: one.read(ask, campaign.public_id) for one in offered("sentences", "TELLINGS")},
    )


def _facts(campaign: Campaign, on: date) -> CampaignFacts:
    dues = [date.fromisoformat(window[1]) for window in campaign.windows.values()]
    finished = timezone.localdate(campaign.finished_at) if campaign.finished_at is not None else None
    over = Q(finished_at__isnull=False, finished_at__date__lt=on)
    others = begun_campaigns().filter(district_id=campaign.district_id, opened_at__date__lte=on).exclude(over)
    others = others.exclude(pk=campaign.pk)
    return CampaignFacts(
        public_id=campaign.public_id,
        name=campaign.name,
        starts_on=campaign.starts_on,
        planned_end=campaign.fixed_on or max(dues, default=None),
        finished_on=finished if finished is not None and finished <= on else None,
        others=tuple(others.values_list("name", flat=True)),
    )


# -- who gets one ------------------------------------------------------------------------------------------------------


def addressees_of(scene: Scene, rules: ReportRules) -> list[Addressee]:
    """The district, its towns, and whoever is linked to its villages on the day; a constant number of queries."""
    villages = tuple(row.id for row in scene.villages)
    district = scene.district
    found = [Addressee(Recipient.DISTRICT, f"district:{district.public_id}", district.id, villages)]
    found += [
        Addressee(Recipient.TOWN, f"town:{row.public_id}", row.id, tuple(one.id for one in scene.villages_of(row.id)))
        for row in scene.towns
    ]
    return found + _leaders(scene, rules)


def _leaders(scene: Scene, rules: ReportRules) -> list[Addressee]:
    below = {row.id: [row.id] for row in scene.villages}
    below |= {row.id: [one.id for one in scene.villages_of(row.id)] for row in scene.towns}
    linked: dict[str, set[int]] = {}
    for place, answering in bodies.who_answers_for_all(list(below), scene.on).items():
        for one in answering:
            if one.kind in rules.links:
                key = f"{'person' if one.is_person else 'body'}:{one.holder_id}"
                linked.setdefault(key, set()).update(below[place])
    holders: dict[str, Holder] = {one.key: one for one in bodies.holders_in(scene.district.id, scene.on)}
    order = {row.id: at for at, row in enumerate(scene.villages)}
    return [
        Addressee(
            Recipient.LEADER,
            key,
            scene.district.id,
            tuple(sorted(villages, key=order.__getitem__)),
            body=None if holders[key].is_person else holders[key].id,
            person=holders[key].id if holders[key].is_person else None,
        )
        for key, villages in sorted(linked.items())
        if villages and key in holders
    ]


# -- which an actor may open -------------------------------------------------------------------------------------------


def reports_in_scope(actor: Actor, action: str = READ) -> QuerySet[Report]:
    """Reports of the places in reach, and those of leaders for whoever holds a role over their body, newest first.

    A leader's report is kept with the district: it is seen by those who see the whole of it.
    """
    found = Report.objects.select_related("campaign", "snapshot", "week", "place", "body", "person__body")
    found = found.order_by("-snapshot__on", "-snapshot_id", "pk")
    reach = scope(actor, action)
    if reach.everything:
        return found
    mine = Q(place__in=places.in_scope(reach))
    mine |= Q(body_id__in=reach.body_ids) | Q(person__body_id__in=reach.body_ids)
    return found.filter(mine)


def find_report(public_id: str, actor: Actor, action: str = READ) -> Report | None:
    """The report behind a public id, if the actor may open it."""
    return reports_in_scope(actor, action).filter(public_id=public_id).first()


def last_report(campaign: Campaign, kinds: Iterable[ReportKind]) -> Report | None:
    """The newest report of a campaign's district of some kinds."""
    found = Report.objects.filter(campaign=campaign, kind__in=list(kinds), recipient=Recipient.DISTRICT)
    return found.select_related("snapshot").order_by("-snapshot__on", "-pk").first()


def in_other_language(report: Report, language: str) -> Report | None:
    """The same report in another language."""
    return Report.objects.filter(
        campaign_id=report.campaign_id,
        snapshot_id=report.snapshot_id,
        kind=report.kind,
        recipient_key=report.recipient_key,
        language=language,
    ).first()


def recipient_name(report: Report, names: Mapping[int, str]) -> str:
    """Whom it is for, as of today: a forgotten name is not brought back by an old report."""
    if report.person is not None:
        return f"{report.person.name} {report.person.office}"
    if report.body is not None:
        return report.body.name
    return names.get(report.place_id, "")


def text_of_mark(content: Content, number: int) -> str:
    """The text of a number as the report has it first; numbers of tables have none of their own."""
    found = (piece for piece in pieces_in(content) if isinstance(piece, dict) and piece.get("m") == number)
    return next((str(piece["t"]) for piece in found), "")


# -- is it still what was made -----------------------------------------------------------------------------------------


def canonical_content(content: Content) -> str:
    """A report as the text that is stored and hashed."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def content_of(report: Report) -> Content:
    """The content of a report."""
    found: Content = json.loads(report.content)
    return found


def fits_its_hash(report: Report) -> bool:
    """Whether the stored content is the one that was made."""
    return digest(report.content) == report.sha256


def composed_again(report: Report, rules: ReportRules) -> str:
    """The hash of the report composed anew from its snapshot; the same as stored while rules and words are the same."""
    scene = scene_of(report.campaign, report.snapshot, report.week)
    addressee = next((one for one in addressees_of(scene, rules) if one.key == report.recipient_key), None)
    if addressee is None:
        return ""
    content = compose(scene, addressee, rules, kind=ReportKind(report.kind), language=report.language)
    return digest(canonical_content(content))


@dataclass(frozen=True, slots=True)
class Moved:
    """A number of a report that is known better now: of which place, as reported and as known now."""

    source: NumberSource
    place: str
    reported: Value
    known_now: Value | None


def known_better(actor: Actor, report: Report) -> list[Moved]:
    """The numbers of a report that today's knowledge gives otherwise, of its own snapshot; a constant number of queries."""
    snapshot = report.snapshot
    content = content_of(report)
    wanted = {source for mark in marks_in(content) for source in mark.sources if source.snapshot == snapshot.public_id}
    stored = stored_values(actor, snapshot, {source.figure for source in wanted if source.figure})
    figures = {name: next(iter(values.values())).figure for name, values in stored.items() if values}
    found = evaluate(actor, figures.values(), district_ids=[snapshot.district_id], on=snapshot.on)
    rows = places.rows_of(found.structure.places.tolist(), snapshot.on)
    keys = {row.public_id: key for key, row in rows.items()}
    moved = []
    for source in sorted(wanted, key=lambda one: (one.figure, one.place)):
        key = keys.get(source.place)
        reported = stored.get(source.figure, {}).get(key) if key is not None else None
        if key is None or reported is None:
            continue
        now = found.of(source.figure, key)
        if now is None or now.pair != reported.pair:
            moved.append(Moved(source, rows[key].name, reported, now))
    return moved


# -- as a document -----------------------------------------------------------------------------------------------------


def paper_of(report: Report, *, home: str | None = None) -> Document:
    """A report as a document; `home`: the address of the installation or "", for what leaves the house. Constant queries."""
    content = content_of(report)
    with translation.override(report.language):
        return document_of(content, origin_of(report, content, home=home), _drawing(report, content))


def preview_of(campaign: Campaign, on: date, kind: ReportKind, rules: ReportRules) -> Document:
    """The district's report as it would be made of what is known now, in the reader's language; nothing is kept."""
    scene = live_scene(campaign, on)
    language = translation.get_language() or settings.LANGUAGE_CODE
    content = compose(scene, addressees_of(scene, rules)[0], rules, kind=kind, language=language)
    origin = PaperOrigin(
        report="",
        campaign=campaign.public_id,
        recipient="",
        snapshots={"": on, scene.before: scene.before_on or on},
        names={row.public_id: row.name for row in scene.rows.values()},
        is_sample=scene.is_sample,
        language=language,
    )
    rows = places.rows_of(scene.rows, on, outlines=True)
    return document_of(content, origin, drawing_of(scene.now, rows, {row.id for row in scene.villages}))


def origin_of(report: Report, content: Content, *, home: str | None = None) -> PaperOrigin:
    """What a document must know beside the content of its report."""
    sources = [source for mark in marks_in(content) for source in mark.sources]
    used = {source.snapshot for source in sources} | {report.snapshot.public_id}
    days = dict(Snapshot.objects.filter(public_id__in=used).values_list("public_id", "on"))
    standing = places.structure_on([report.snapshot.district_id], report.snapshot.on)
    rows = places.rows_of(standing.places.tolist(), report.snapshot.on)
    return PaperOrigin(
        report=report.public_id,
        campaign=report.campaign.public_id,
        recipient=recipient_name(report, {key: row.name for key, row in rows.items()}),
        snapshots=days,
        names={row.public_id: row.name for row in rows.values()},
        is_sample=report.is_sample,
        language=report.language,
        home=home,
        people=_people_named(content),
    )


def _people_named(content: Content) -> dict[str, str]:
    """The persons in office whom a report points to, by public id, with their names of today."""
    wanted = {piece["who"] for piece in pieces_in(content) if isinstance(piece, dict) and "who" in piece}
    return bodies.names_of_persons(wanted) if wanted else {}


def _drawing(report: Report, content: Content) -> Draw:
    snapshot = report.snapshot
    values = stored_values(SYSTEM, snapshot, ["campaigns.colour", "campaigns.progress"])
    keys = {key for one in values.values() for key in one}
    rows = places.rows_of(keys, snapshot.on, outlines=True)
    if report.recipient == Recipient.TOWN:
        villages = {key for key, row in rows.items() if row.parent_id == report.place_id}
    elif report.recipient == Recipient.DISTRICT:
        villages = {key for key, row in rows.items() if row.level == Level.VILLAGE}
    else:
        blocks = [block for one in content["attachments"] for block in one["blocks"]]
        listed = {row["place"] for block in blocks for row in block.get("rows", ())}
        villages = {key for key, row in rows.items() if row.public_id in listed}
    return drawing_of(values, rows, villages, _burn(report))


def _burn(report: Report) -> Burn | None:
    """How the place of a report went from the first day of the campaign over its weekly snapshots until the report."""
    campaign, snapshot = report.campaign, report.snapshot
    if report.recipient == Recipient.LEADER:
        return None
    begun = timezone.localdate(campaign.opened_at)
    found: list[list[tuple[date, int]]] = []
    total = 0
    for figure in ("campaigns.progress", "campaigns.steps_due"):
        lines = history(SYSTEM, figure, report.place_id, snapshot.district_id, SnapshotKind.WEEKLY)
        known = [line for line in lines if begun <= line.snapshot.on <= snapshot.on]
        found.append([(campaign.starts_on, 0), *((line.snapshot.on, line.value.numerator) for line in known)])
        total = known[-1].value.denominator if known and figure == "campaigns.progress" else total
    return Burn(found[0], found[1], total, snapshot.on)
