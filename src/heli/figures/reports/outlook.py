"""When it will be finished, and what is to be done next: the last part of a weekly report."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from heli.figures.reports.rules import ReportRules
from heli.figures.reports.sentences import ORANGE, RED, grade_of
from heli.figures.reports.types import Derivation, Mark, NumberSource, Pieces, Recipient
from heli.figures.reports.writing import Sourced, Writer, day_text, listed, say, sentence
from heli.places.types import PlaceRow

NAMED = 3
"""So many villages are named in a request; the list attached has the rest."""


def forecast(w: Writer, _rules: ReportRules) -> Pieces | None:
    """When it is expected to be finished, against the planned end; not for the villages of a leader, which end apart."""
    found = (w.scene.forecasts or {}).get(w.addressee.place)
    if found is None or w.addressee.kind is Recipient.LEADER:
        return None
    even, four_in_five = found
    row = w.scene.rows[w.addressee.place]
    mark = Mark(Derivation.FORECAST, (NumberSource("", w.scene.week, row.public_id, w.scene.snapshot, 0, 1),))
    text = _(
        "At the pace so far the last village finishes by {even} with even odds and by {most} with four chances in five"
    )
    if even == four_in_five:
        text = _("At the pace so far the last village finishes by {even}, with four chances in five")
    main = say(text, even=w.piece(day_text(even), mark), most=w.piece(day_text(four_in_five), mark))
    planned = w.scene.campaign.planned_end
    if planned is None:
        return sentence(main)
    gap = (even - planned).days
    days = w.piece(f"{abs(gap):,}", mark)
    if gap == 0:
        return sentence(main, say(_("on the planned day")))
    if gap > 0:
        text = ngettext("{n} day later than planned", "{n} days later than planned", gap)
    else:
        text = ngettext("{n} day earlier than planned", "{n} days earlier than planned", -gap)
    return sentence(main, say(text, n=days))


def requests(w: Writer, _rules: ReportRules) -> list[Pieces]:
    """What is asked for next, each only where there is something to ask; one sentence where there is nothing."""
    found = [one for one in (_latest_villages(w), _waiting(w), _not_begun(w)) if one is not None]
    return found or [sentence(say(_("Nothing is asked for this week")))]


def _latest_villages(w: Writer) -> Pieces | None:
    """The villages furthest behind: finish what is late."""
    behind = furthest_behind(w)
    if not behind:
        return None
    named = behind[:NAMED]
    words: list[Pieces] = []
    for row, days in named:
        text = ngettext("{name} ({n} working day)", "{name} ({n} working days)", days.numerator)
        words.append(say(text, name=row.name, n=w.number(days)))
    return sentence(say(_("Finish first what is late longest: {villages}"), villages=_in_a_row(words)))


def _waiting(w: Writer) -> Pieces | None:
    """Steps that wait for those who accept them."""
    now = w.value("campaigns.steps_waiting")
    if now is None or now.numerator == 0:
        return None
    text = ngettext("{n} step waits to be checked", "{n} steps wait to be checked", now.numerator)
    main = say(text, n=w.number(now))
    if w.addressee.kind is not Recipient.DISTRICT:
        return sentence(main, say(_("check what was handed in")))
    parts = [(row, value) for row in w.scene.towns if (value := w.of("campaigns.steps_waiting", row.id)) is not None]
    most = max((value.numerator for _row, value in parts), default=0)
    if len(parts) < 2 or not most:
        return sentence(main)
    named = [(row, value) for row, value in parts if value.numerator == most]
    names = listed([row.name for row, _value in named[:NAMED]])
    return sentence(main, say(_("most of them in {names} ({m})"), names=names, m=w.number(named[0][1])))


def _not_begun(w: Writer) -> Pieces | None:
    """Towns none of whose due steps is finished."""
    if w.addressee.kind is not Recipient.DISTRICT:
        return None
    idle = []
    for row in w.scene.towns:
        done, due = w.of("campaigns.progress", row.id), w.of("campaigns.steps_due", row.id)
        if done is not None and due is not None and due.numerator and done.numerator == 0:
            idle.append(row.name)
    if not idle:
        return None
    text = ngettext("{names} has finished nothing yet: begin", "{names} have finished nothing yet: begin", len(idle))
    return sentence(say(text, names=listed(idle)))


def furthest_behind(w: Writer) -> list[tuple[PlaceRow, Sourced]]:
    """The red and orange villages of the addressee with their working days late, the latest first."""
    wanted = set(w.addressee.villages)
    found = []
    for row in w.scene.villages:
        if row.id in wanted and (grade_of(w, row.id) or 0) in (ORANGE, RED):
            days = w.of("campaigns.days_late", row.id)
            if days is not None and days.numerator:
                found.append((row, days))
    return sorted(found, key=lambda line: (-line[1].numerator, line[0].code, line[0].id))


def _in_a_row(words: Sequence[Pieces]) -> Pieces:
    found: Pieces = []
    for at, one in enumerate(words):
        if at:
            last = at == len(words) - 1
            found.append(pgettext("before the last name", " and ") if last else pgettext("between names", ", "))
        found += one
    return found
