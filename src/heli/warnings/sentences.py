"""What reports say of the three colours, of statements and of the forecast; for the yearbook how long it took."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from heli.kernel.declare import Sentence, Writing
from heli.kernel.telling import Telling
from heli.warnings.queries.weeks import red_again

RED = 3
"""The grade of red among green, yellow, orange, red."""
NAMED = 3
"""So many villages are named in a request; the list attached has the rest."""


def worst(w: Writing) -> list[Any] | None:
    """How many villages are red and which towns: what a reader wants to know second."""
    red = w.value("campaigns.villages_red")
    if red is None or red.numerator == 0:
        return None
    text = ngettext("{n} village is red", "{n} villages are red", red.numerator)
    main = w.say(text, n=w.number(red))
    towns = [row for row in w.towns if w.grade(row.id) == RED] if w.to == "district" else []
    named = w.say(_("red towns: {names}"), names=w.named(towns)) if towns else None
    return w.sentence(main, _change(w, red), named)


def _change(w: Writing, red: Any) -> list[Any] | None:
    then = w.then("campaigns.villages_red")
    if then is None or then.numerator == red.numerator:
        return None
    text = _("{m} more {since}") if red.numerator > then.numerator else _("{m} fewer {since}")
    return w.say(text, m=w.change(red, then), since=w.since)


def expected(w: Writing) -> list[Any] | None:
    """When all is expected to be finished, in one clause."""
    found, planned = w.kept("forecast", w.place), w.campaign.planned_end
    if found is None or planned is None or w.to == "leader":
        return None
    even, _four_in_five = found
    text = _("At the pace so far all is expected to be finished about {day}")
    return w.sentence(w.say(text, day=w.foretold(w.day(even))), _gap(w, (even - planned).days))


def colours(w: Writing) -> list[Any] | None:
    """How many villages have which colour."""
    red, orange, yellow, green = (
        w.value(f"campaigns.villages_{name}") for name in ("red", "orange", "yellow", "green")
    )
    if red is None or orange is None or yellow is None or green is None:
        return None
    if not (red.numerator or orange.numerator or yellow.numerator):
        text = ngettext("The one village is in time", "All {n} villages are in time", green.numerator)
        return w.sentence(w.say(text, n=w.number(green)))
    main = w.say(
        _("Red villages {red}, orange {orange}, yellow {yellow}, in time {green}"),
        red=w.number(red), orange=w.number(orange), yellow=w.number(yellow), green=w.number(green),
    )  # fmt: skip
    return w.sentence(main, _red_change(w, red))


def _red_change(w: Writing, red: Any) -> list[Any] | None:
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
    return w.say(text, m=w.change(red, then), since=w.since)


def turned_red(w: Writing) -> list[Any] | None:
    """Villages that were not red a week before and are now."""
    found = _moved(w, lambda then, now: then != RED and now == RED)
    if not found:
        return None
    text = ngettext("{n} village turned red: {names}", "{n} villages turned red: {names}", len(found))
    return w.sentence(w.say(text, n=_counted(w, found), names=w.named(found)))


def left_red(w: Writing) -> list[Any] | None:
    """Villages that were red a week before and no longer are."""
    found = _moved(w, lambda then, now: then == RED and now != RED)
    if not found:
        return None
    text = ngettext("{n} village is no longer red: {names}", "{n} villages are no longer red: {names}", len(found))
    return w.sentence(w.say(text, n=_counted(w, found), names=w.named(found)))


def red_towns(w: Writing) -> list[Any] | None:
    """Which towns are red; for a town, its own colour."""
    if w.to == "town":
        return _own_colour(w)
    if w.to != "district" or not w.towns:
        return None
    grades = {row.id: w.grade(row.id) for row in w.towns}
    if all(grade is None for grade in grades.values()):
        return None
    red = [row for row in w.towns if grades[row.id] == RED]
    if not red:
        villages = w.value("campaigns.villages_red")
        return w.sentence(w.say(_("No town is red"))) if villages is not None and villages.numerator else None
    fresh = [row for row in red if w.grade(row.id, earlier=True) not in (None, RED)]
    newly = w.say(_("newly red: {names}"), names=w.named(fresh)) if fresh and len(fresh) < len(red) else None
    return w.sentence(w.say(_("Red towns this week: {names}"), names=w.named(red)), newly)


def _own_colour(w: Writing) -> list[Any] | None:
    now, then = w.grade(w.place), w.grade(w.place, earlier=True)
    if now is None:
        return None
    words = (_("in time"), _("yellow"), _("orange"), _("red"))
    if then is None:
        return w.sentence(w.say(_("The town is {colour}"), colour=words[now]))
    if then == now:
        return w.sentence(w.say(_("The town is {colour} as last week"), colour=words[now]))
    return w.sentence(w.say(_("The town went from {before} to {colour}"), before=words[then], colour=words[now]))


def demands(w: Writing) -> list[Any] | None:
    """Towns that owe a statement after red weeks in a row."""
    if w.to == "leader":
        return None
    here = w.towns if w.to == "district" else [w.row(w.place)]
    owing = [row for row in here if (value := w.of("campaigns.statements_owed", row.id)) and value.numerator]
    known = [row for row in owing if w.kept("demand", row.id) is not None]
    if not known:
        return None
    dues = {w.kept("demand", row.id) for row in known}
    names = w.named(known)
    if len(dues) > 1:
        return w.sentence(w.say(_("Red in consecutive weeks, a statement is owed: {names}"), names=names))
    due = dues.pop()
    text = _("Red in consecutive weeks, a statement is owed by {day}: {names}")
    if due < w.on:
        text = _("Red in consecutive weeks, a statement has been overdue since {day}: {names}")
    return w.sentence(w.say(text, day=w.day(due), names=names))


def _moved(w: Writing, is_meant: Callable[[int, int], bool]) -> list[Any]:
    found = []
    for row in w.villages:
        then, now = w.grade(row.id, earlier=True), w.grade(row.id)
        if then is not None and now is not None and is_meant(then, now):
            found.append(row)
    return found


def _counted(w: Writing, found: Sequence[Any]) -> list[Any]:
    values = [w.of("campaigns.colour", row.id, earlier=earlier) for earlier in (False, True) for row in found]
    return [w.count(values, len(found))]


def forecast(w: Writing) -> list[Any] | None:
    """When it is expected to be finished, against the planned end; not for the villages of a leader, which end apart."""
    found = w.kept("forecast", w.place)
    if found is None or w.to == "leader":
        return None
    even, four_in_five = found
    text = _(
        "At the pace so far the last village finishes by {even} with even odds and by {most} with four chances in five"
    )
    if even == four_in_five:
        text = _("At the pace so far the last village finishes by {even}, with four chances in five")
    main = w.say(text, even=w.foretold(w.day(even)), most=w.foretold(w.day(four_in_five)))
    planned = w.campaign.planned_end
    if planned is None:
        return w.sentence(main)
    return w.sentence(main, _gap(w, (even - planned).days))


def _gap(w: Writing, gap: int) -> list[Any]:
    if gap == 0:
        return w.say(_("on the planned day"))
    text = ngettext("{n} day later than planned", "{n} days later than planned", gap)
    if gap < 0:
        text = ngettext("{n} day earlier than planned", "{n} days earlier than planned", -gap)
    return w.say(text, n=w.foretold(f"{abs(gap):,}"))


def latest_villages(w: Writing) -> list[Any] | None:
    """The villages furthest behind: finish what is late."""
    behind = w.behind()
    if not behind:
        return None
    named = behind[:NAMED]
    words: list[list[Any]] = []
    for row, days in named:
        text = ngettext("{name} ({n} working day)", "{name} ({n} working days)", days.numerator)
        words.append(w.say(text, name=row.name, n=w.number(days)))
    return w.sentence(w.say(_("Finish first what is late longest: {villages}"), villages=w.listed(words)))


def hand_in(w: Writing) -> list[Any] | None:
    """The statements that are owed are to be handed in."""
    if w.to == "leader":
        return None
    here = w.towns if w.to == "district" else [w.row(w.place)]
    owing = [row for row in here if (value := w.of("campaigns.statements_owed", row.id)) and value.numerator]
    if not owing:
        return None
    return w.sentence(w.say(_("Hand in the statements that are owed: {names}"), names=w.named(owing)))


def days(w: Writing) -> list[Any] | None:
    """After how many days the first village was finished, and all."""
    first, every = w.value("campaigns.days_to_first"), w.value("campaigns.days_to_all")
    if first is None:
        return None
    text = ngettext(
        "The first village was finished after {n} day",
        "The first village was finished after {n} days",
        first.numerator,
    )
    main = w.say(text, n=w.number(first))
    if every is None:
        return w.sentence(main)
    text = ngettext("all of them after {n} day", "all of them after {n} days", every.numerator)
    return w.sentence(main, w.say(text, n=w.number(every)))


def ahead(w: Writing) -> list[Any] | None:
    """Whether it ended before or after the planned day."""
    early = w.value("campaigns.days_ahead")
    if early is None:
        return None
    days = w.worked_out(abs(early.numerator), early)
    if early.numerator == 0:
        return w.sentence(w.say(_("It ended on the planned day")))
    if early.numerator > 0:
        text = ngettext("It ended {n} day ahead of plan", "It ended {n} days ahead of plan", early.numerator)
    else:
        text = ngettext("It ended {n} day behind plan", "It ended {n} days behind plan", -early.numerator)
    return w.sentence(w.say(text, n=days))


TELLINGS = (Telling("warnings.red_again", red_again),)
SENTENCES = (
    Sentence("warnings.worst", "conclusion", worst, order=20),
    Sentence("warnings.expected", "conclusion", expected, order=30),
    Sentence("warnings.colours", "warnings", colours, order=10),
    Sentence("warnings.red_towns", "warnings", red_towns, order=11),
    Sentence("warnings.turned_red", "warnings", turned_red, order=12),
    Sentence("warnings.left_red", "warnings", left_red, order=13),
    Sentence("warnings.demands", "warnings", demands, order=14),
    Sentence("warnings.forecast", "outlook", forecast, order=10),
    Sentence("warnings.hand_in", "requests", hand_in, order=11),
    Sentence("warnings.latest_villages", "requests", latest_villages, order=10),
    Sentence("warnings.days", "yearbook.time", days, order=20),
    Sentence("warnings.ahead", "yearbook.time", ahead, order=21),
)
