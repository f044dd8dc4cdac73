"""The sentences of a weekly report. Each is written only where its figures exist and its condition holds.

A function returns one sentence, or None. Changes compare with the snapshot of the week before, exactly; what is equal is
called level, what differs by less than is shown is called nearly level.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from heli.figures.reports.rules import ReportRules
from heli.figures.reports.types import Derivation, Mark, NumberSource, Pieces, Recipient
from heli.figures.reports.writing import Sourced, Writer, day_text, listed, points, say, sentence
from heli.places.types import PlaceRow

GREEN, YELLOW, ORANGE, RED = range(4)
Sentence = Callable[[Writer, ReportRules], Pieces | None]


# -- progress ----------------------------------------------------------------------------------------------------------


def progress(w: Writer, _rules: ReportRules) -> Pieces | None:
    """How far the whole is, against last week and against the plan."""
    now = w.value("campaigns.progress")
    if now is None:
        return None
    main = say(
        _("By {day}, {done} of {steps} steps are finished in {place}, {share}"),
        day=day_text(w.scene.on), place=w.subject, done=w.above(now), steps=w.below(now), share=w.number(now),
    )  # fmt: skip
    return sentence(main, _progress_change(w, now), _against_plan(w, now))


def _progress_change(w: Writer, now: Sourced) -> Pieces | None:
    then = w.then("campaigns.progress")
    if then is None:
        return None
    by = w.change(now, then)
    if now.equals(then):
        return say(_("unchanged {since}"), since=w.since)
    if now.less(then) == 0:
        return say(_("nearly unchanged {since}"), since=w.since)
    if now.is_ahead_of(then):
        return say(_("up {points} percentage points {since}"), points=by, since=w.since)
    return say(_("down {points} percentage points {since}"), points=by, since=w.since)


def _against_plan(w: Writer, now: Sourced) -> Pieces | None:
    due = w.value("campaigns.steps_due")
    if due is None:
        return None
    # Steps due and steps finished over the same steps: what should be, and what is.
    planned = Sourced(now.figure, due.numerator, now.denominator, (*due.sources, *now.sources))
    mark = Mark(Derivation.GAP, (*now.sources, *due.sources))
    by = w.piece(points(now, planned), mark)
    if now.equals(planned):
        return say(_("exactly as planned"))
    if now.less(planned) == 0:
        return say(_("practically as planned"))
    if now.is_ahead_of(planned):
        return say(_("{points} percentage points ahead of plan"), points=by)
    return say(_("{points} percentage points behind plan"), points=by)


def finished(w: Writer, _rules: ReportRules) -> Pieces | None:
    """How many villages have finished everything."""
    now = w.value("campaigns.finished")
    if now is None:
        return None
    every = w.below(now)
    if now.numerator == 0:
        text = ngettext(
            "The one village has not finished all steps yet",
            "None of the {n} villages has finished all steps yet",
            now.denominator,
        )
        return sentence(say(text, n=every))
    if now.numerator == now.denominator:
        text = ngettext(
            "The one village has finished all steps", "All {n} villages have finished all steps", now.denominator
        )
        return sentence(say(text, n=every), _more_villages(w, now))
    text = ngettext(
        "{k} of {n} villages has finished all steps, {share}",
        "{k} of {n} villages have finished all steps, {share}",
        now.numerator,
    )
    return sentence(say(text, k=w.above(now), n=every, share=w.number(now)), _more_villages(w, now))


def _more_villages(w: Writer, now: Sourced) -> Pieces | None:
    then = w.then("campaigns.finished")
    if then is None:
        return None
    more = now.numerator - then.numerator
    by = w.piece(f"{abs(more):,}", Mark(Derivation.DIFFERENCE, (*now.sources, *then.sources)))
    if more > 0:
        return say(_("{m} more {since}"), m=by, since=w.since)
    if more < 0:
        return say(_("{m} fewer {since}"), m=by, since=w.since)
    return say(_("unchanged {since}"), since=w.since)


def towns_ahead(w: Writer, rules: ReportRules) -> Pieces | None:
    """The towns furthest ahead and furthest behind, and how far apart they are."""
    if w.addressee.kind is not Recipient.DISTRICT:
        return None
    found = [(row, value) for row in w.scene.towns if (value := w.of("campaigns.progress", row.id)) is not None]
    if len(found) < 2:
        return None
    best = max((value for _row, value in found), key=_exactly)
    worst = min((value for _row, value in found), key=_exactly)
    if best.equals(worst):
        text = _("All {n} towns stand at {share}")
        every = w.count((source for _row, value in found for source in value.sources), len(found))
        return sentence(say(text, n=every, share=w.number(best)))
    return sentence(
        say(
            _("Furthest ahead: {best} ({high})"),
            best=_named([row for row, value in found if value.equals(best)], rules),
            high=w.number(best),
        ),
        say(
            _("furthest behind: {worst} ({low})"),
            worst=_named([row for row, value in found if value.equals(worst)], rules),
            low=w.number(worst),
        ),
        say(_("{points} percentage points apart"), points=w.change(best, worst)),
    )


def rank(w: Writer, _rules: ReportRules) -> Pieces | None:
    """Where a town stands among the towns, and against the whole district."""
    if w.addressee.kind is not Recipient.TOWN:
        return None
    mine = w.of("campaigns.progress", w.addressee.place)
    others = [value for row in w.scene.towns if (value := w.of("campaigns.progress", row.id)) is not None]
    whole = w.of("campaigns.progress", w.scene.district.id)
    if mine is None or whole is None or len(others) < 2:
        return None
    sources = (*mine.sources, *(source for value in others for source in value.sources))
    place = 1 + sum(value.is_ahead_of(mine) for value in others)
    text = _("In progress it is number {rank} of the {n} towns")
    if sum(value.equals(mine) for value in others) > 1:
        text = _("In progress it is joint number {rank} of the {n} towns")
    ranked = w.piece(str(place), Mark(Derivation.RANK, sources))
    main = say(text, rank=ranked, n=w.piece(str(len(others)), Mark(Derivation.RANK, sources)))
    by = w.change(mine, whole)
    if mine.equals(whole):
        return sentence(main, say(_("level with the district")))
    if mine.less(whole) == 0:
        return sentence(main, say(_("nearly level with the district")))
    if mine.is_ahead_of(whole):
        return sentence(main, say(_("{points} percentage points above the district"), points=by))
    return sentence(main, say(_("{points} percentage points below the district"), points=by))


# -- warnings ----------------------------------------------------------------------------------------------------------


def colours(w: Writer, _rules: ReportRules) -> Pieces | None:
    """How many villages have which colour."""
    red, orange, yellow, green = (
        w.value(f"campaigns.villages_{name}") for name in ("red", "orange", "yellow", "green")
    )
    if red is None or orange is None or yellow is None or green is None:
        return None
    if not (red.numerator or orange.numerator or yellow.numerator):
        text = ngettext("The one village is in time", "All {n} villages are in time", green.numerator)
        return sentence(say(text, n=w.number(green)))
    main = say(
        _("Red villages {red}, orange {orange}, yellow {yellow}, in time {green}"),
        red=w.number(red), orange=w.number(orange), yellow=w.number(yellow), green=w.number(green),
    )  # fmt: skip
    return sentence(main, _red_change(w, red))


def _red_change(w: Writer, red: Sourced) -> Pieces | None:
    then = w.then("campaigns.villages_red")
    if then is None:
        return None
    more = red.numerator - then.numerator
    if more > 0:
        text = ngettext("{m} red village more {since}", "{m} red villages more {since}", more)
    elif more < 0:
        text = ngettext("{m} red village fewer {since}", "{m} red villages fewer {since}", -more)
    elif red.numerator:
        text = _("as many red villages as the week before")
    else:
        return None
    return say(text, m=w.change(red, then), since=w.since)


def turned_red(w: Writer, rules: ReportRules) -> Pieces | None:
    """Villages that were not red a week before and are now."""
    found = _moved(w, lambda then, now: then != RED and now == RED)
    if not found:
        return None
    text = ngettext("{n} village turned red: {names}", "{n} villages turned red: {names}", len(found))
    return sentence(say(text, n=_counted(w, found), names=_named(found, rules)))


def left_red(w: Writer, rules: ReportRules) -> Pieces | None:
    """Villages that were red a week before and no longer are."""
    found = _moved(w, lambda then, now: then == RED and now != RED)
    if not found:
        return None
    text = ngettext("{n} village is no longer red: {names}", "{n} villages are no longer red: {names}", len(found))
    return sentence(say(text, n=_counted(w, found), names=_named(found, rules)))


def red_towns(w: Writer, rules: ReportRules) -> Pieces | None:
    """Which towns are red; for a town, its own colour."""
    if w.addressee.kind is Recipient.TOWN:
        return _own_colour(w)
    if w.addressee.kind is not Recipient.DISTRICT or not w.scene.towns:
        return None
    grades = {row.id: grade_of(w, row.id) for row in w.scene.towns}
    if all(grade is None for grade in grades.values()):
        return None
    red = [row for row in w.scene.towns if grades[row.id] == RED]
    if not red:
        villages = w.value("campaigns.villages_red")
        return sentence(say(_("No town is red"))) if villages is not None and villages.numerator else None
    fresh = [row for row in red if grade_of(w, row.id, earlier=True) not in (None, RED)]
    newly = say(_("newly red: {names}"), names=_named(fresh, rules)) if fresh and len(fresh) < len(red) else None
    return sentence(say(_("Red towns this week: {names}"), names=_named(red, rules)), newly)


def _own_colour(w: Writer) -> Pieces | None:
    now, then = grade_of(w, w.addressee.place), grade_of(w, w.addressee.place, earlier=True)
    if now is None:
        return None
    words = (_("in time"), _("yellow"), _("orange"), _("red"))
    if then is None:
        return sentence(say(_("The town is {colour}"), colour=words[now]))
    if then == now:
        return sentence(say(_("The town is {colour} as last week"), colour=words[now]))
    return sentence(say(_("The town went from {before} to {colour}"), before=words[then], colour=words[now]))


def late(w: Writer, _rules: ReportRules) -> Pieces | None:
    """How many steps are late, and which share of those due."""
    now, due = w.value("campaigns.steps_late"), w.value("campaigns.steps_due")
    if now is None or due is None or due.numerator == 0:
        return None
    if now.numerator == 0:
        return sentence(say(_("No step is late")))
    text = ngettext("{n} step is late, {share} of those due", "{n} steps are late, {share} of those due", now.numerator)
    main = say(text, n=w.number(now), share=w.share(now, due))
    then = w.then("campaigns.steps_late")
    if then is None:
        return sentence(main)
    more = now.numerator - then.numerator
    if more == 0:
        return sentence(main, say(_("unchanged {since}"), since=w.since))
    text = _("{m} more {since}") if more > 0 else _("{m} fewer {since}")
    return sentence(main, say(text, m=w.change(now, then), since=w.since))


def concentrated(w: Writer, rules: ReportRules) -> Pieces | None:
    """The place below that holds a large share of all late steps, if one does."""
    whole = w.value("campaigns.steps_late")
    below = w.scene.towns if w.addressee.kind is Recipient.DISTRICT else _own_villages(w)
    if whole is None or whole.numerator == 0 or len(below) < 2:
        return None
    parts = [(row, value) for row in below if (value := w.of("campaigns.steps_late", row.id)) is not None]
    if not parts:
        return None
    row, most = max(parts, key=lambda part: part[1].numerator)
    if most.numerator == whole.numerator:
        text = ngettext("It is in {name}", "All of them are in {name}", whole.numerator)
        return sentence(say(text, name=row.name))
    alone = sum(value.numerator == most.numerator for _row, value in parts) == 1
    if not alone or most.numerator * 10_000 < rules.concentrated_bp * whole.numerator:
        return None
    return sentence(
        say(_("{name} alone holds {n} of them, {share}"), name=row.name, n=w.number(most), share=w.share(most, whole))
    )


def in_time(w: Writer, _rules: ReportRules) -> Pieces | None:
    """Which share of the accepted steps came in time, and of what was handed in came back."""
    punctual, back = w.value("campaigns.on_time"), w.value("campaigns.returned")
    if punctual is None:
        return None
    main = say(_("{share} of the accepted steps were handed in in time"), share=w.number(punctual))
    if back is None or back.numerator == 0:
        return sentence(main)
    return sentence(main, say(_("{share} of what was handed in was sent back"), share=w.number(back)))


def demands(w: Writer, rules: ReportRules) -> Pieces | None:
    """Towns that owe a statement after red weeks in a row."""
    if w.addressee.kind is Recipient.LEADER:
        return None
    here = w.scene.towns if w.addressee.kind is Recipient.DISTRICT else [w.scene.rows[w.addressee.place]]
    owing = [row for row in here if (value := w.of("campaigns.statements_owed", row.id)) and value.numerator]
    known = [row for row in owing if row.id in (w.scene.demands or {})]
    if not known:
        return None
    dues = {(w.scene.demands or {})[row.id].due_on for row in known}
    names = _named(known, rules)
    if len(dues) > 1:
        return sentence(say(_("Red in consecutive weeks, a statement is owed: {names}"), names=names))
    due = dues.pop()
    text = _("Red in consecutive weeks, a statement is owed by {day}: {names}")
    if due < w.scene.on:
        text = _("Red in consecutive weeks, a statement has been overdue since {day}: {names}")
    return sentence(say(text, day=day_text(due), names=names))


# -- helpers -----------------------------------------------------------------------------------------------------------


def grade_of(w: Writer, place: int, *, earlier: bool = False) -> int | None:
    """The colour of a place as its grade."""
    value = w.of("campaigns.colour", place, earlier=earlier)
    return None if value is None else value.numerator


def _own_villages(w: Writer) -> Sequence[PlaceRow]:
    wanted = set(w.addressee.villages)
    return [row for row in w.scene.villages if row.id in wanted]


def _moved(w: Writer, is_meant: Callable[[int, int], bool]) -> list[PlaceRow]:
    found = []
    for row in _own_villages(w):
        then, now = grade_of(w, row.id, earlier=True), grade_of(w, row.id)
        if then is not None and now is not None and is_meant(then, now):
            found.append(row)
    return found


def _counted(w: Writer, found: Sequence[PlaceRow]) -> Pieces:
    sources: list[NumberSource] = []
    for earlier in (False, True):
        for row in found:
            if (value := w.of("campaigns.colour", row.id, earlier=earlier)) is not None:
                sources += value.sources
    return [w.count(sources, len(found))]


def _named(rows: Sequence[PlaceRow], rules: ReportRules) -> str:
    names = [row.name for row in rows]
    if len(names) <= rules.names:
        return listed(names)
    return _("%(names)s and others") % {"names": pgettext("between names", ", ").join(names[: rules.names])}


def _exactly(value: Sourced) -> Fraction:
    return Fraction(value.numerator, value.denominator)
