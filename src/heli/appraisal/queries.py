"""Reads of appraisals: years, the facts of one, what the rule makes of all of a year, who stands on the line."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heli.appraisal.ledger import APPRAISALS
from heli.appraisal.models import Appraisal, AppraisalFact, AppraisalNote, AppraisalYear, ReviewCount
from heli.appraisal.packs import AppraisalPack, appraisal_packs
from heli.appraisal.rules import places_left
from heli.kernel.access import Actor
from heli.kernel.offers import offered
from heli.posts.rules.appraising import Appraised, Fact, Indicator
from heli.records.abouts import About
from heli.records.queries import seen_of


def years_of(about: About) -> QuerySet[AppraisalYear]:
    """The appraisals of a district, the newest first."""
    return AppraisalYear.objects.filter(district_id=about.district_id)


def year_by(about: About, public_id: str) -> AppraisalYear | None:
    """An appraisal of the district."""
    return years_of(about).filter(public_id=public_id).first()


def last_facts(rows: Collection[int]) -> dict[int, dict[str, AppraisalFact]]:
    """What counts for each appraisal by indicator: the last fact; two queries."""
    newest = AppraisalFact.objects.filter(appraisal_id__in=rows).order_by()
    keys = newest.values("appraisal_id", "indicator").annotate(last=Max("pk")).values_list("last", flat=True)
    found: dict[int, dict[str, AppraisalFact]] = {}
    for one in AppraisalFact.objects.filter(pk__in=list(keys)):
        found.setdefault(one.appraisal_id, {})[one.indicator] = one
    return found


def subjects_of(year: AppraisalYear) -> tuple[list[Appraisal], list[Appraised], Counter[int]]:
    """The appraisals of a year, as the rule takes them, and how many facts each has; three queries."""
    rows = list(Appraisal.objects.filter(year=year).order_by("number"))
    counts = Counter(dict(Appraisal.objects.filter(year=year).annotate(n=Count("facts")).values_list("pk", "n")))
    columns = ("appraisal_id", "indicator", "fact", "exempt")
    facts: dict[int, dict[str, Fact]] = {row.pk: {} for row in rows}
    exempt: dict[int, set[str]] = {row.pk: set() for row in rows}
    for key, indicator, fact, why in (
        AppraisalFact.objects.filter(appraisal__year=year).order_by("pk").values_list(*columns)
    ):
        exempt[key].discard(indicator)
        facts[key].pop(indicator, None)
        if why:
            exempt[key].add(indicator)
        else:
            facts[key][indicator] = json.loads(fact)
    judged = [Appraised(row.public_id, row.peers, facts[row.pk], frozenset(exempt[row.pk])) for row in rows]
    return rows, judged, counts


@dataclass(frozen=True, slots=True)
class AppraisalPart:
    """An indicator of an appraisal, as its page shows it."""

    key: str
    name: str
    instrument: str
    weight: int
    score: int | None
    fact: Mapping[str, int]
    exempt: str
    source: str
    figure: str
    snapshot: str
    by: str
    is_missing: bool
    kind: str
    takes: str
    rule: Indicator
    on: date | None


def parts_of(row: Appraisal) -> list[AppraisalPart]:
    """Every part of an appraisal in the order of its pack: weight as shared, score, what it rests on. Two queries."""
    pack = appraisal_packs().get(row.pack)
    if pack is None:
        return []
    language, facts = get_language() or "zh-hans", last_facts([row.pk]).get(row.pk, {})
    scores, weights = row.parts.get("scores") or {}, row.parts.get("weights") or {}
    missing = set(row.parts.get("missing") or ())
    found = []
    for key, one in pack.indicators.items():
        fact = facts.get(key)
        found.append(
            AppraisalPart(
                key,
                one.words.text(language),
                pack.instruments[one.instrument].text(language),
                weights.get(key, one.rule.weight),
                scores.get(key),
                json.loads(fact.fact) if fact and fact.fact else {},
                fact.exempt if fact else "",
                fact.source if fact else "",
                fact.figure if fact else one.figure,
                fact.snapshot if fact else "",
                fact.by_name if fact else "",
                fact is None or key in missing,
                one.rule.kind,
                one.exempts,
                one.rule,
                timezone.localdate(fact.at) if fact else None,
            )
        )
    return found


def facts_of(row: Appraisal, indicator: str) -> list[AppraisalFact]:
    """Everything that was ever known for an indicator, the newest first: the first one counts."""
    return list(row.facts.filter(indicator=indicator).order_by("-pk"))


def figure_named(figure: str) -> str:
    """A figure in the reader's language; its identifier where it is not known any more."""
    return _(_figures()[figure]) if figure in _figures() else figure


@cache
def _figures() -> dict[str, str]:
    return {one.id: one.title for one in offered("figures", "FIGURES")}


def ballots_of(row: Appraisal) -> list[dict[str, int] | None]:
    """The democratic appraisals of a subject in this year and the one before; None where none was held."""
    years = {row.year.year, row.year.year - 1}
    mine = Appraisal.objects.filter(place=row.place_id, body_body=row.body_body_id, pack=row.pack, year__year__in=years)
    by_year = dict(mine.values_list("year__year", "pk"))
    facts = last_facts(list(by_year.values()))
    found: list[dict[str, int] | None] = []
    for year in sorted(years, reverse=True):
        given = [json.loads(one.fact) for one in facts.get(by_year.get(year, 0), {}).values() if '"poor"' in one.fact]
        found.append(given[0] if given else None)
    return found


def notes_at(row: Appraisal) -> list[AppraisalNote]:
    """What is to be thought of when a place is graded: notes of the year at the place or its town."""
    where = [key for key in (row.place_id, row.town_id) if key is not None]
    return list(AppraisalNote.objects.filter(place__in=where, on__year=row.year.year))


@dataclass(frozen=True, slots=True)
class YearState:
    """How far a year is: counts by state, incomplete ones, those on the line with the places left in their group."""

    states: list[tuple[str, int]]
    total: int
    incomplete: int
    stale: int
    on_the_line: Sequence[tuple[Appraisal, int]]


def state_of(actor: Actor, about: About, year: AppraisalYear, pack: AppraisalPack) -> YearState:
    """In the actor's part of the district; two queries."""
    rows = list(
        Appraisal.objects.filter(seen_of(APPRAISALS, actor, about), year=year)
        .order_by("number")
        .annotate(n=Count("facts"))
    )
    groups: dict[str, list[Appraisal]] = {}
    for row in Appraisal.objects.filter(year=year).order_by("number"):
        groups.setdefault(row.peers, []).append(row)
    line = []
    for row in rows:
        if row.parts.get("grade") == "decide" and row.status in ("open", "reported"):
            peers = groups[row.peers]
            decided = [one.grade for one in peers if one.parts.get("grade") == "decide"]
            left = places_left([one.parts.get("grade", "") for one in peers], decided, pack.grades.share)
            line.append((row, left))
    states = Counter(row.status for row in rows)
    return YearState(
        [(key, states[key]) for key in states],
        len(rows),
        sum(bool(row.parts.get("missing")) for row in rows),
        sum(row.parts.get("facts") != row.n for row in rows),
        line,
    )


def reviews_of(year: AppraisalYear) -> dict[tuple[int, str], int]:
    """The last counts by town and class of reasons ("" counts the reviewed)."""
    rows = ReviewCount.objects.filter(year=year).order_by("pk").values_list("place_id", "reason", "number")
    return {(place, reason): number for place, reason, number in rows}


def wanted_figures(district_id: int, on: date) -> list[tuple[AppraisalYear, frozenset[str]]]:
    """The appraisals of a district that still gather facts, with the figures that their packs name."""
    found = []
    for year in AppraisalYear.objects.filter(district_id=district_id, year=on.year):
        pack = appraisal_packs().get(year.pack)
        figures = frozenset(one.figure for one in pack.indicators.values() if one.figure) if pack else frozenset()
        if figures:
            found.append((year, figures))
    return found


def open_subjects(year: AppraisalYear) -> list[Appraisal]:
    """Those whose facts may still come in."""
    return list(Appraisal.objects.filter(Q(status="open") | Q(status="reported"), year=year).order_by("number"))
