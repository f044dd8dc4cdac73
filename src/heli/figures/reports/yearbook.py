"""The yearbook page of a campaign 年鉴条目: its summary in sentences, all its figures in a table, and what is missing."""

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from heli.figures.catalogue import versions_of
from heli.figures.reports.rules import ReportRules
from heli.figures.reports.types import Derivation, Mark, Pieces
from heli.figures.reports.writing import (
    Sourced,
    Writer,
    day_text,
    joined,
    listed,
    merged,
    offers,
    points,
    say,
    sentence,
)
from heli.figures.types import Value
from heli.figures.wording import counted_text, title_of, unit_of

Block = dict[str, Any]


def yearbook_blocks(w: Writer, rules: ReportRules) -> list[Block]:
    """The blocks of the page."""
    paragraphs = [
        joined([_period(w), _days(w), _ahead(w)]),
        joined([_reduction(w), _against_target(w)]),
        joined([_consent(w), _opinions(w)]),
        joined([_steps(w), *(offer.write(w) for offer in offers("matters"))]),
    ]
    blocks: list[Block] = [{"is": "text", "text": one} for one in paragraphs if one]
    known = [name for name in rules.yearbook if w.value(name) is not None]
    missing = [name for name in rules.yearbook if name not in known]
    if known:
        blocks.append(_table(w, known))
    if missing:
        titles = [title_of(found[-1]) for name in missing if (found := versions_of(name))]
        blocks.append({"is": "text", "text": sentence(say(_("Still missing: {names}"), names=listed(titles)))})
    return blocks


def _period(w: Writer) -> Pieces:
    facts = w.scene.campaign
    given = {"campaign": facts.name, "start": day_text(facts.starts_on)}
    if facts.finished_on is None:
        return sentence(say(_("{campaign} began on {start} and is not finished yet"), **given))
    return sentence(
        say(_("{campaign} began on {start} and was finished on {end}"), **given, end=day_text(facts.finished_on))
    )


def _days(w: Writer) -> Pieces | None:
    first, every = w.value("campaigns.days_to_first"), w.value("campaigns.days_to_all")
    if first is None:
        return None
    text = ngettext(
        "The first village was finished after {n} day",
        "The first village was finished after {n} days",
        first.numerator,
    )
    main = say(text, n=w.number(first))
    if every is None:
        return sentence(main)
    text = ngettext("all of them after {n} day", "all of them after {n} days", every.numerator)
    return sentence(main, say(text, n=w.number(every)))


def _ahead(w: Writer) -> Pieces | None:
    ahead = w.value("campaigns.days_ahead")
    if ahead is None:
        return None
    days = w.piece(f"{abs(ahead.numerator):,}", ahead.mark)
    if ahead.numerator == 0:
        return sentence(say(_("It ended on the planned day")))
    if ahead.numerator > 0:
        text = ngettext("It ended {n} day ahead of plan", "It ended {n} days ahead of plan", ahead.numerator)
    else:
        text = ngettext("It ended {n} day behind plan", "It ended {n} days behind plan", -ahead.numerator)
    return sentence(say(text, n=days))


def _reduction(w: Writer) -> Pieces | None:
    fewer = w.value("places.village_reduction")
    if fewer is None or fewer.numerator <= 0:
        return None
    after = w.piece(f"{fewer.denominator - fewer.numerator:,}", fewer.mark)
    return sentence(
        say(
            _("Of {before} villages {after} remain, a reduction by {share}"),
            before=w.below(fewer), after=after, share=w.number(fewer),
        )
    )  # fmt: skip


def _against_target(w: Writer) -> Pieces | None:
    fewer, target = w.value("places.village_reduction"), w.value("planning.target")
    if fewer is None or target is None or fewer.numerator <= 0 or target.numerator <= 0:
        return None
    by = w.change(fewer, target)
    if fewer.equals(target):
        return sentence(say(_("It meets the target of {target} exactly"), target=w.number(target)))
    if not fewer.is_ahead_of(target):
        text = _("It falls {points} percentage points short of the target of {target}")
        return sentence(say(text, points=by, target=w.number(target)))
    reached = Fraction(fewer.numerator * target.denominator * 100, fewer.denominator * target.numerator)
    share = f"{points(_whole(fewer, reached), _whole(fewer, Fraction(0)))}%"
    text = _("It goes {points} percentage points beyond the target of {target}, {share} of it")
    part = w.piece(share, Mark(Derivation.SHARE, (*fewer.sources, *target.sources)))
    return sentence(say(text, points=by, target=w.number(target), share=part))


def _whole(like: Sourced, percent: Fraction) -> Sourced:
    return Sourced(like.figure, percent.numerator, percent.denominator * 100, ())


def _consent(w: Writer) -> Pieces | None:
    rate, lowest = w.value("places.consent"), w.value("places.consent_lowest")
    if rate is None:
        return None
    main = say(_("{share} of those asked consented"), share=w.number(rate))
    least = say(_("in no place less than {share}"), share=w.number(lowest)) if lowest is not None else None
    full, counted = w.value("places.consent_full"), w.value("places.consent_counted")
    every = None
    if full is not None and counted is not None and counted.numerator:
        every = say(_("{k} of {n} places unanimously"), k=w.number(full), n=w.number(counted))
    return sentence(main, least, every)


def _opinions(w: Writer) -> Pieces | None:
    answered = w.value("planning.opinions_answered")
    if answered is None:
        return None
    text = ngettext(
        "{n} opinion came in, {share} of them answered",
        "{n} opinions came in, {share} of them answered",
        answered.denominator,
    )
    return sentence(say(text, n=w.below(answered), share=w.number(answered)))


def _steps(w: Writer) -> Pieces | None:
    done, proof, punctual = w.value("campaigns.progress"), w.value("campaigns.evidence"), w.value("campaigns.on_time")
    if done is None:
        return None
    main = say(_("{k} of {n} steps were finished"), k=w.above(done), n=w.below(done))
    evidence = None
    if proof is not None and proof.numerator:
        text = ngettext("proved by {n} piece of evidence", "proved by {n} pieces of evidence", proof.numerator)
        evidence = say(text, n=w.number(proof))
    in_time = say(_("{share} of the accepted ones in time"), share=w.number(punctual)) if punctual is not None else None
    return sentence(main, evidence, in_time)


def _table(w: Writer, names: list[str]) -> Block:
    """Every figure with its value and how it was counted."""
    rows = []
    for name in names:
        found = w.value(name)
        assert found is not None
        value = Value(found.figure, found.numerator, found.denominator)
        number = w.piece(value.number() or "", found.mark)
        cells = [title_of(found.figure), merged([number]), unit_of(found.figure), counted_text(value)]
        rows.append({"place": "", "cells": cells})
    heads = [{"head": _("Figure")}, {"head": _("Value")}, {"head": _("Unit")}, {"head": _("As counted")}]
    return {"is": "table", "columns": heads, "rows": rows}
