"""What matters tell everybody of a place: the three rates with their bases, what was reported lately and what was answered."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from heli.kernel.declare import Rows
from heli.kernel.openly import OpenAsk, OpenLine, OpenPart, OpenRows
from heli.matters import queries
from heli.matters.models import MatterState
from heli.matters.rules.flow import STAGES
from heli.matters.texts import STAGE_WORDS

MOST = 5
ANSWER = 160
"""Characters of an answer in a line; whoever reported it reads all of it."""


def reported(ask: OpenAsk) -> OpenRows | None:
    """Rates, and the last matters in the office's words."""
    rates = queries.rates_within(ask.within, ask.on)
    found = list(queries.seen_within(ask.within)[:MOST])
    if not found and not any(rates.bases):
        return None
    where = queries.public_places_of(found, ask.on)
    lines = []
    for one in found:
        note = f"{where.get(one.pk, '')} · {one.opened_at:%Y-%m-%d}"
        if one.answer:
            note += f" · {_('Answer')}：{one.answer[:ANSWER]}"
        state = MatterState(one.status)
        lines.append(OpenLine(text=one.title, note=note, mark=str(STAGE_WORDS[STAGES[one.status]]), tone=state.tone))
    said = _("Up to %(day)s. Closed without a call, since nobody left a contact: %(count)s, outside the rates.")
    at = f"?at={ask.place_id}" if ask.level == "village" else ""
    return OpenRows(
        lines=lines, said=said % {"day": ask.on, "count": rates.unasked},
        rates=[
            (_("Response rate"), *rates.response), (_("Solution rate"), *rates.solution),
            (_("Satisfaction rate"), *rates.content),
        ],
        more=reverse("matter:public_list", args=[ask.district_id]) + at,
    )  # fmt: skip


def board(ask: OpenAsk) -> OpenRows | None:
    """The same rates of each place below, with what is open."""
    if not ask.below:
        return None
    column = "town_id" if ask.level == "district" else "place_id"
    found = queries.rates_by(ask.within, column, ask.on)
    told = [(key, name, public_id) for key, name, public_id in ask.below if key in found]
    if not told:
        return None
    heads = (_("Place"), pgettext("matters", "open"), _("Response rate"), _("Solution rate"), _("Satisfaction rate"))
    lines = [
        (name, found[key].open, *(_of(pair) for pair in (found[key].response, found[key].solution, found[key].content)))
        for key, name, _id in told
    ]
    return OpenRows(table=Rows(heads, lines, [ask.address(public_id) for _key, _name, public_id in told]))


def _of(pair: tuple[int, int]) -> str:
    return f"{pair[0]}/{pair[1]}" if pair[1] else "—"


OPEN = (
    OpenPart(id="matters.reported", title=gettext_lazy("What was reported and answered"), fill=reported, order=20),
    OpenPart(id="matters.board", title=gettext_lazy("How the places do"), fill=board, order=21),
)
