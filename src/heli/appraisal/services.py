"""Writes of the appraisal year beside its moves: begun, facts taken in, added up, notes handed over, reviews counted."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.appraisal.ledger import APPRAISALS, GRADE, KEEP, OPEN, not_oneself
from heli.appraisal.models import Appraisal, AppraisalFact, AppraisalNote, AppraisalState, AppraisalYear, ReviewCount
from heli.appraisal.packs import AppraisalPack, PackIndicator, appraisal_packs, pack_on, reasons
from heli.appraisal.queries import open_subjects, subjects_of
from heli.appraisal.rules import BALLOTS
from heli.audit.services import writing
from heli.audit.types import OpenEntry
from heli.bodies import queries as bodies
from heli.kernel.access import Actor, require
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.places import queries as places
from heli.places.types import PlaceKind, PlaceRow
from heli.posts.rules.appraising import appraise
from heli.records.abouts import About
from heli.records.models import Event
from heli.records.services import hold, next_number, towns_at

TAKES = (AppraisalState.OPEN, AppraisalState.REPORTED, AppraisalState.OBJECTED)
"""States in which facts come in."""
COMMUNITIES = frozenset({PlaceKind.COMMUNITY, PlaceKind.COMMUNITY_LIKE})


def begin_year(
    *, actor: Actor, about: About, pack: str, year: int, on: date | None = None, at: datetime | None = None
) -> AppraisalYear:
    """Begin an appraisal: one row for every subject of the pack as the register and the organisations stand on the day.

    Raises `Refused` for a pack that is not in force, an appraisal that was begun, and where there is nobody to appraise.
    """
    today = on or timezone.localdate()
    require(actor, OPEN, about.district_id)
    rules = pack_on(pack, today)
    with writing(actor, "appraisal.begin", action=OPEN, place_id=about.district_id, at=at) as act:
        first = next_number(Appraisal, about=about)
        if AppraisalYear.objects.filter(district_id=about.district_id, year=year, pack=pack).exists():
            raise Refused(Fault("begun_already", _("This appraisal was begun already."), field="pack"))
        subjects = list(_subjects(about, rules, today))
        if not subjects:
            raise Refused(
                Fault("nobody", _("There is nobody to appraise by this pack in this district."), field="pack")
            )
        made = AppraisalYear.objects.create(
            public_id=new_public_id(), district_id=about.district_id, year=year, pack=pack,
            pack_version=rules.header.version, pack_sha256=rules.sha256, opened_by=actor.name, opened_at=act.at,
        )  # fmt: skip
        rows = [
            Appraisal(
                **one, year=made, pack=pack, public_id=new_public_id(), about=about.id, district_id=about.district_id,
                number=number, status=AppraisalState.OPEN.value, opened_by=actor.name, opened_at=act.at,
            )
            for number, one in enumerate(subjects, first)
        ]  # fmt: skip
        Appraisal.objects.bulk_create(rows, batch_size=500)
        Event.objects.bulk_create(
            [
                Event(ledger=APPRAISALS.name, row=row.public_id, about=about.id, district_id=about.district_id, did="opened",
                      status=row.status, at=act.at, by_id=actor.id, by_name=actor.name)
                for row in rows
            ], batch_size=500,
        )  # fmt: skip
        act.subject, act.after = f"appraisal:{made.public_id}", {"pack": pack, "year": year, "count": len(rows)}
    return made


def _subjects(about: About, pack: AppraisalPack, on: date) -> Iterable[dict[str, Any]]:
    """Who is appraised, each with its place, town, group and name."""
    district = about.district_id
    if pack.subject in ("department", "station", "team"):
        kind = {"department": "department", "station": "station", "team": "task_team"}[pack.subject]
        found = bodies.of_kind(district, kind, on)
        towns = places.townships_of(district, {where for _key, where, _name in found}, on)
        for key, where, name in found:
            yield {
                "place_id": where,
                "town_id": towns.get(where),
                "peers": f"d{district}",
                "title": name,
                "body_body_id": key,
            }
        return
    if pack.subject == "town":
        for row in places.towns_of(district, on):
            yield {"place_id": row.id, "town_id": row.id, "peers": f"d{district}", "title": row.name}
        return
    for row in places.villages_of(district, on, outlines=False):
        if pack.subject == "community" and row.kind not in COMMUNITIES:
            continue
        yield {"place_id": row.id, "town_id": row.parent_id, "peers": _peers(pack, row, district), "title": row.name}


def _peers(pack: AppraisalPack, row: PlaceRow, district: int) -> str:
    return f"t{row.parent_id}" if pack.group == "town" else f"d{district}"


# -- facts -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PushedValue:
    """A value of a figure from a frozen snapshot: k of n at a place; `version` of the figure, snapshot and its hash."""

    place_id: int
    figure: str
    version: int
    k: int
    n: int
    snapshot: str
    sha256: str


def take_values(*, actor: Actor, year: AppraisalYear, values: Sequence[PushedValue], at: datetime | None = None) -> int:
    """Take values pushed down from a snapshot; what is the same as before is left. How many facts were added."""
    pack = appraisal_packs()[year.pack]
    by = {one.figure: key for key, one in pack.indicators.items() if one.figure}
    with writing(actor, "appraisal.values", action=KEEP, place_id=year.district_id, at=at) as act:
        rows = {row.place_id: row for row in open_subjects(year) if row.body_body_id is None}
        known = {
            (row, indicator): fact
            for row, indicator, fact in AppraisalFact.objects.filter(appraisal__year=year)
            .order_by("pk").values_list("appraisal_id", "indicator", "fact")
        }  # fmt: skip
        made = []
        for one in values:
            row, indicator = rows.get(one.place_id), by.get(one.figure)
            if row is None or indicator is None:
                continue
            fact = written({"k": one.k, "n": one.n})
            if known.get((row.pk, indicator)) != fact:
                source = f"{one.figure} v{one.version}"
                pushed = {"figure": one.figure, "version": one.version, "snapshot": one.snapshot, "sha256": one.sha256}
                made.append(_fact(act, row, indicator, fact=fact, source=source, **pushed))
        AppraisalFact.objects.bulk_create(made, batch_size=500)
        act.subject, act.after = f"appraisal:{year.public_id}", {"did": "values", "count": len(made)}
    return len(made)


def enter_fact(
    *,
    actor: Actor,
    row: Appraisal,
    indicator: str,
    fact: Mapping[str, int],
    source: str,
    at: datetime | None = None,
) -> AppraisalFact:
    """Enter what is known: k of n, done 0 or 1, or the ballots of a democratic appraisal as counts, with what shows it.

    Raises `Refused` for an unknown indicator, numbers that do not fit, no source, a graded row, and for the appraised themselves.
    """
    one = _indicator(row, indicator)
    found = _check_fact(one, fact)
    if not source.strip():
        found.append(
            Fault("source_missing", _("Say what shows it: a list, a record, the sheet of the ballots."), field="source")
        )
    if found:
        raise Refused(found)
    with writing(actor, "appraisal.fact", action=KEEP, place_id=row.place_id, at=at) as act:
        _refuse_unless_open(actor, row)
        made = _fact(act, row, indicator, fact=written(fact), source=source.strip())
        made.save(force_insert=True)
        act.subject, act.after = f"appraisals:{row.public_id}", {"indicator": indicator, **fact}
    return made


def exempt_from(
    *, actor: Actor, row: Appraisal, indicator: str, reason: str, at: datetime | None = None
) -> AppraisalFact:
    """Say that an indicator does not apply, and why: by whom the pack names. Its weight is shared among the others."""
    one = _indicator(row, indicator)
    if not one.exempts:
        raise Refused(
            Fault("never_exempt", _("This applies to everybody: nobody is exempt from it."), field="indicator")
        )
    if not reason.strip():
        raise Refused(Fault("no_reason", _("Why does the indicator not apply? Write the reason."), field="reason"))
    right = OPEN if one.exempts == "district" else GRADE
    with writing(actor, "appraisal.exempt", action=right, place_id=row.place_id, reason=reason.strip(), at=at) as act:
        _refuse_unless_open(actor, row)
        made = _fact(act, row, indicator, exempt=reason.strip(), source=one.exempts)
        made.save(force_insert=True)
        act.subject, act.after = f"appraisals:{row.public_id}", {"indicator": indicator, "did": "exempt"}
    return made


def add_up(*, actor: Actor, year: AppraisalYear, at: datetime | None = None) -> int:
    """Let the rule add every subject of a year up; how many came out otherwise than before. Machines add up, people grade.

    Raises `Refused` when the pack has changed since the year was begun.
    """
    pack = appraisal_packs().get(year.pack)
    if pack is None or pack.sha256 != year.pack_sha256:
        text = _("The pack was changed since this appraisal was begun: put the version back, or begin another one.")
        raise Refused(Fault("pack_changed", text))
    with writing(actor, "appraisal.add_up", action=GRADE, place_id=year.district_id, at=at) as act:
        rows, judged, counts = subjects_of(year)
        results = {one.id: one for one in appraise(pack.rules, pack.grades, judged)}
        changed = []
        for row in rows:
            result = results[row.public_id]
            parts = {key: value for key, value in result.as_json().items() if key != "id"} | {"facts": counts[row.pk]}
            if row.parts != parts and row.status in TAKES:
                row.parts = parts
                changed.append(row)
        Appraisal.objects.bulk_update(changed, ["parts"], batch_size=500)
        act.subject, act.after = f"appraisal:{year.public_id}", {"did": "add_up", "count": len(changed)}
    return len(changed)


def written(fact: Mapping[str, int]) -> str:
    """A fact as it is kept."""
    return json.dumps(dict(fact), sort_keys=True, separators=(",", ":"))


def _fact(act: OpenEntry, row: Appraisal, indicator: str, **more: Any) -> AppraisalFact:
    return AppraisalFact(
        appraisal=row, indicator=indicator, by_id=act.actor.id, by_name=act.actor.name, at=act.at, **more
    )


def _indicator(row: Appraisal, key: str) -> PackIndicator:
    pack = appraisal_packs().get(row.pack)
    one = pack.indicators.get(key) if pack else None
    if one is None:
        raise Refused(Fault("unknown_indicator", _("Choose an indicator of the list."), field="indicator"))
    return one


def _check_fact(one: PackIndicator, fact: Mapping[str, int]) -> list[Fault]:
    kind = one.rule.kind
    wanted = {"ratio": {"k", "n"}, "done": {"done"}, "panel": set(BALLOTS)}[kind]
    if set(fact) != wanted or any(not isinstance(value, int) or value < 0 for value in fact.values()):
        return [Fault("numbers_missing", _("Whole numbers from 0 on, please, in every box."), field=min(wanted))]
    if kind == "done" and fact["done"] > 1:
        return [Fault("numbers_missing", _("Done or not: 1 or 0."), field="done")]
    if kind == "ratio" and fact["k"] > fact["n"]:
        return [Fault("more_than_all", _("More than there are: correct one of the numbers."), field="k")]
    return []


def _refuse_unless_open(actor: Actor, row: Appraisal) -> None:
    held: Appraisal = hold(Appraisal.objects, pk=row.pk)
    if held.status not in TAKES:
        raise Refused(Fault("graded_already", _("It is graded: facts come in again when somebody objects.")))
    if found := list(not_oneself(actor, held)):
        raise Refused(found)


# -- notes and reviews -------------------------------------------------------------------------------------------------


def take_entry(
    *, actor: Actor, district_id: int, place_id: int, text: str, source: str, on: date, at: datetime | None = None
) -> AppraisalNote:
    """Take what a confirmed proposal hands over about a place, once: a second call returns the first note. It scores nothing."""
    with writing(actor, "appraisal.note", action="campaigns.accept", place_id=place_id, at=at) as act:
        known = AppraisalNote.objects.filter(source=source).first()
        if known is not None:
            act.after = {"did": "nothing"}
            return known
        note = AppraisalNote.objects.create(
            public_id=new_public_id(), district_id=district_id, place_id=place_id, on=on, text=text, source=source,
            by_name=actor.name, at=act.at,
        )  # fmt: skip
        act.subject, act.after = f"appraisal_note:{note.public_id}", {"did": "take", "source": source}
    return note


def count_review(
    *,
    actor: Actor,
    year: AppraisalYear,
    place_id: int,
    reviewed: int,
    not_proposed: Mapping[str, int],
    on: date | None = None,
    at: datetime | None = None,
) -> None:
    """Keep how many office-holders of a town were reviewed and how many were not proposed, by class of reasons; never who."""
    found = []
    if unknown := set(not_proposed) - set(reasons().entries):
        text = _("There is no class “%(reason)s” of reasons.") % {"reason": min(unknown)}
        found.append(Fault("reason_unknown", text, field="not_proposed"))
    if reviewed < 0 or any(number < 0 for number in not_proposed.values()):
        found.append(Fault("numbers_missing", _("Whole numbers from 0 on, please, in every box."), field="reviewed"))
    elif sum(not_proposed.values()) > reviewed:
        found.append(Fault("more_than_all", _("More than there are: correct one of the numbers."), field="reviewed"))
    towns_at(year.district_id, place_ids=[place_id], on=on or timezone.localdate())
    if found:
        raise Refused(found)
    with writing(actor, "appraisal.review", action=KEEP, place_id=place_id, at=at) as act:
        numbers = {"": reviewed, **not_proposed}
        ReviewCount.objects.bulk_create(
            ReviewCount(year=year, place_id=place_id, reason=reason, number=number, by_name=actor.name, at=act.at)
            for reason, number in numbers.items()
        )
        act.subject, act.after = f"appraisal:{year.public_id}", {"reviewed": reviewed, **not_proposed}
