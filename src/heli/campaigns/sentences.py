"""What reports say of steps: how far they are, which are late, what waits; for the yearbook how it went."""

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from heli.kernel.declare import Sentence, Writing

NAMED = 3
"""So many towns are named in a request; the list attached has the rest."""


def progress(w: Writing) -> list[Any] | None:
    """How far the whole is, against last week and against the plan."""
    now = w.value("campaigns.progress")
    if now is None:
        return None
    main = w.say(
        _("By {day}, {done} of {steps} steps are finished in {place}, {share}"),
        day=w.day(w.on), place=w.subject, done=w.above(now), steps=w.below(now), share=w.number(now),
    )  # fmt: skip
    return w.sentence(main, _progress_change(w, now))


def _progress_change(w: Writing, now: Any) -> list[Any] | None:
    then = w.then("campaigns.progress")
    if then is None:
        return None
    by = w.change(now, then)
    if now.equals(then):
        return w.say(_("unchanged {since}"), since=w.since)
    if now.less(then) == 0:
        return w.say(_("nearly unchanged {since}"), since=w.since)
    if now.is_ahead_of(then):
        return w.say(_("up {points} percentage points {since}"), points=by, since=w.since)
    return w.say(_("down {points} percentage points {since}"), points=by, since=w.since)


def conclusion(w: Writing) -> list[Any] | None:
    """How far the whole is and how it stands against the timetable: what a reader wants first."""
    now = w.value("campaigns.progress")
    if now is None:
        return None
    main = w.say(_("{place} has finished {share} of all steps"), place=w.subject, share=w.number(now))
    return w.sentence(main, _progress_change(w, now), _against_plan(w, now))


def timetable(w: Writing) -> list[Any] | None:
    """What the timetable asked for by the day, what of it is late, what was done before its time, by the due days in force."""
    due, early, late = (w.value(f"campaigns.steps_{name}") for name in ("due", "early", "late"))
    if due is None or early is None or late is None or due.numerator == 0:
        return None
    text = ngettext("By the timetable {n} step was due", "By the timetable {n} steps were due", due.numerator)
    main = w.say(text, n=w.number(due))
    before = None
    if early.numerator > 0:
        text = ngettext("{n} was finished before its time", "{n} were finished before their time", early.numerator)
        before = w.say(text, n=w.number(early))
    if late.numerator == 0:
        return w.sentence(main, before, w.say(_("none of them is late")))
    text = ngettext("{n} of them is late ({share})", "{n} of them are late ({share})", late.numerator)
    return w.sentence(main, before, w.say(text, n=w.number(late), share=w.share(late, due)), _late_change(w, late))


def _late_change(w: Writing, now: Any) -> list[Any] | None:
    then = w.then("campaigns.steps_late")
    if then is None:
        return None
    more = now.numerator - then.numerator
    if more == 0:
        return w.say(_("unchanged {since}"), since=w.since)
    text = _("{m} more {since}") if more > 0 else _("{m} fewer {since}")
    return w.say(text, m=w.change(now, then), since=w.since)


def _against_plan(w: Writing, now: Any) -> list[Any] | None:
    due = w.value("campaigns.steps_due")
    if due is None:
        return None
    # Steps due and steps finished over the same steps: what should be, and what is.
    planned = w.over(due, now)
    by = w.gap(now, planned)
    if now.equals(planned):
        return w.say(_("exactly as planned"))
    if now.less(planned) == 0:
        return w.say(_("practically as planned"))
    if now.is_ahead_of(planned):
        return w.say(_("{points} percentage points ahead of plan"), points=by)
    return w.say(_("{points} percentage points behind plan"), points=by)


def finished(w: Writing) -> list[Any] | None:
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
        return w.sentence(w.say(text, n=every))
    if now.numerator == now.denominator:
        text = ngettext(
            "The one village has finished all steps", "All {n} villages have finished all steps", now.denominator
        )
        return w.sentence(w.say(text, n=every), _more_villages(w, now))
    text = ngettext(
        "{k} of {n} villages has finished all steps, {share}",
        "{k} of {n} villages have finished all steps, {share}",
        now.numerator,
    )
    return w.sentence(w.say(text, k=w.above(now), n=every, share=w.number(now)), _more_villages(w, now))


def _more_villages(w: Writing, now: Any) -> list[Any] | None:
    then = w.then("campaigns.finished")
    if then is None:
        return None
    more = now.numerator - then.numerator
    by = w.worked_out(abs(more), now, then)
    if more > 0:
        return w.say(_("{m} more {since}"), m=by, since=w.since)
    if more < 0:
        return w.say(_("{m} fewer {since}"), m=by, since=w.since)
    return w.say(_("unchanged {since}"), since=w.since)


def towns_ahead(w: Writing) -> list[Any] | None:
    """The towns furthest ahead and furthest behind, and how far apart they are."""
    if w.to != "district":
        return None
    found = [(row, value) for row in w.towns if (value := w.of("campaigns.progress", row.id)) is not None]
    if len(found) < 2:
        return None
    best = max((value for _row, value in found), key=_exactly)
    worst = min((value for _row, value in found), key=_exactly)
    if best.equals(worst):
        text = _("All {n} towns stand at {share}")
        every = w.count([value for _row, value in found], len(found))
        return w.sentence(w.say(text, n=every, share=w.number(best)))
    return w.sentence(
        w.say(
            _("Furthest ahead: {best} ({high})"),
            best=w.named([row for row, value in found if value.equals(best)]),
            high=w.number(best),
        ),
        w.say(
            _("furthest behind: {worst} ({low})"),
            worst=w.named([row for row, value in found if value.equals(worst)]),
            low=w.number(worst),
        ),
        w.say(_("{points} percentage points apart"), points=w.change(best, worst)),
    )


def rank(w: Writing) -> list[Any] | None:
    """Where a town stands among the towns, and against the whole district."""
    if w.to != "town":
        return None
    mine = w.of("campaigns.progress", w.place)
    others = [value for row in w.towns if (value := w.of("campaigns.progress", row.id)) is not None]
    whole = w.of("campaigns.progress", w.district)
    if mine is None or whole is None or len(others) < 2:
        return None
    place = 1 + sum(value.is_ahead_of(mine) for value in others)
    text = _("In progress it is number {rank} of the {n} towns")
    if sum(value.equals(mine) for value in others) > 1:
        text = _("In progress it is joint number {rank} of the {n} towns")
    main = w.say(text, rank=w.rank(place, mine, others), n=w.rank(len(others), mine, others))
    by = w.change(mine, whole)
    if mine.equals(whole):
        return w.sentence(main, w.say(_("level with the district")))
    if mine.less(whole) == 0:
        return w.sentence(main, w.say(_("nearly level with the district")))
    if mine.is_ahead_of(whole):
        return w.sentence(main, w.say(_("{points} percentage points above the district"), points=by))
    return w.sentence(main, w.say(_("{points} percentage points below the district"), points=by))


def concentrated(w: Writing) -> list[Any] | None:
    """The place below that holds a large share of all late steps, if one does."""
    whole = w.value("campaigns.steps_late")
    below = w.towns if w.to == "district" else w.villages
    if whole is None or whole.numerator == 0 or len(below) < 2:
        return None
    parts = [(row, value) for row in below if (value := w.of("campaigns.steps_late", row.id)) is not None]
    if not parts:
        return None
    row, most = max(parts, key=lambda part: part[1].numerator)
    if most.numerator == whole.numerator:
        text = ngettext("It is in {name}", "All of them are in {name}", whole.numerator)
        return w.sentence(w.say(text, name=row.name))
    alone = sum(value.numerator == most.numerator for _row, value in parts) == 1
    if not alone or most.numerator * 10_000 < w.limit("concentrated_bp") * whole.numerator:
        return None
    return w.sentence(
        w.say(_("{name} alone holds {n} of them, {share}"), name=row.name, n=w.number(most), share=w.share(most, whole))
    )


def in_time(w: Writing) -> list[Any] | None:
    """Which share of the accepted steps came in time, and of what was handed in came back."""
    punctual, back = w.value("campaigns.on_time"), w.value("campaigns.returned")
    if punctual is None:
        return None
    main = w.say(_("{share} of the accepted steps were handed in in time"), share=w.number(punctual))
    if back is None or back.numerator == 0:
        return w.sentence(main)
    return w.sentence(main, w.say(_("{share} of what was handed in was sent back"), share=w.number(back)))


def waiting(w: Writing) -> list[Any] | None:
    """Steps that wait for those who accept them."""
    now = w.value("campaigns.steps_waiting")
    if now is None or now.numerator == 0:
        return None
    text = ngettext("{n} step waits to be checked", "{n} steps wait to be checked", now.numerator)
    main = w.say(text, n=w.number(now))
    if w.to != "district":
        return w.sentence(main, w.say(_("check what was handed in")))
    parts = [(row, value) for row in w.towns if (value := w.of("campaigns.steps_waiting", row.id)) is not None]
    most = max((value.numerator for _row, value in parts), default=0)
    if len(parts) < 2 or not most:
        return w.sentence(main)
    named = [(row, value) for row, value in parts if value.numerator == most]
    names = w.listed([row.name for row, _value in named[:NAMED]])
    return w.sentence(main, w.say(_("most of them in {names} ({m})"), names=names, m=w.number(named[0][1])))


def not_begun(w: Writing) -> list[Any] | None:
    """Towns none of whose due steps is finished."""
    if w.to != "district":
        return None
    idle = []
    for row in w.towns:
        done, due = w.of("campaigns.progress", row.id), w.of("campaigns.steps_due", row.id)
        if done is not None and due is not None and due.numerator and done.numerator == 0:
            idle.append(row.name)
    if not idle:
        return None
    text = ngettext("{names} has finished nothing yet: begin", "{names} have finished nothing yet: begin", len(idle))
    return w.sentence(w.say(text, names=w.listed(idle)))


def period(w: Writing) -> list[Any]:
    """From when until when."""
    facts = w.campaign
    given = {"campaign": facts.name, "start": w.day(facts.starts_on)}
    if facts.finished_on is None:
        return w.sentence(w.say(_("{campaign} began on {start} and is not finished yet"), **given))
    return w.sentence(
        w.say(_("{campaign} began on {start} and was finished on {end}"), **given, end=w.day(facts.finished_on))
    )


def steps(w: Writing) -> list[Any] | None:
    """How many steps were finished, on which proof, how many in time."""
    done, proof, punctual = w.value("campaigns.progress"), w.value("campaigns.evidence"), w.value("campaigns.on_time")
    if done is None:
        return None
    main = w.say(_("{k} of {n} steps were finished"), k=w.above(done), n=w.below(done))
    evidence = None
    if proof is not None and proof.numerator:
        text = ngettext("proved by {n} piece of evidence", "proved by {n} pieces of evidence", proof.numerator)
        evidence = w.say(text, n=w.number(proof))
    in_time = (
        w.say(_("{share} of the accepted ones in time"), share=w.number(punctual)) if punctual is not None else None
    )
    return w.sentence(main, evidence, in_time)


def _exactly(value: Any) -> Fraction:
    return Fraction(value.numerator, value.denominator)


SENTENCES = (
    Sentence("campaigns.conclusion", "conclusion", conclusion, order=10),
    Sentence("campaigns.progress", "progress", progress, order=10),
    Sentence("campaigns.finished", "progress", finished, order=13),
    Sentence("campaigns.towns_ahead", "progress", towns_ahead, order=14),
    Sentence("campaigns.rank", "progress", rank, order=15),
    Sentence("campaigns.timetable", "progress", timetable, order=11),
    Sentence("campaigns.concentrated", "progress", concentrated, order=12),
    Sentence("campaigns.in_time", "progress", in_time, order=16),
    Sentence("campaigns.waiting", "requests", waiting, order=20),
    Sentence("campaigns.not_begun", "requests", not_begun, order=21),
    Sentence("campaigns.period", "yearbook.time", period, order=10),
    Sentence("campaigns.steps", "yearbook.steps", steps, order=10),
)
