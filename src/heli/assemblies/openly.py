"""What assemblies tell everybody of a place: results of sittings as counts, declared elections, who was elected."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.assemblies.catalogues import post_words
from heli.assemblies.models import SittingStatus
from heli.assemblies.queries import elections
from heli.assemblies.queries.sittings import sittings_within
from heli.assemblies.texts import BODIES, MATTERS, RESULTS
from heli.kernel.openly import OpenAsk, OpenLine, OpenPart, OpenRows
from heli.places import queries as places

MOST = 4


def sittings(ask: OpenAsk) -> OpenRows | None:
    """The last sittings: what was voted, with how many voices, and what came of it. Never who."""
    found = sittings_within(ask.within, ask.on, MOST)
    names = places.names_at({one.place_id for one in found}, ask.on) if ask.level != "village" else {}
    lines = []
    for one in found:
        counts = {
            "present": one.present, "entitled": one.entitled, "for": one.votes_for, "against": one.votes_against,
            "abstained": one.votes_abstain,
        }  # fmt: skip
        said = _("%(present)s of %(entitled)s came: %(for)s for, %(against)s against, %(abstained)s abstained") % counts
        where = [names[one.place_id]] if one.place_id in names else []
        status = SittingStatus(one.status)
        lines.append(
            OpenLine(
                text=str(MATTERS.get(one.matter, one.matter)), mark=str(status.label), tone=status.tone,
                note=" · ".join([*where, one.held_on.isoformat(), str(BODIES.get(one.body, one.body)), said]),
            )
        )  # fmt: skip
    return OpenRows(lines=lines) if lines else None


def elected(ask: OpenAsk) -> OpenRows | None:
    """Declared elections, the newest first, with who was elected and is in office."""
    found = elections.declared_within(ask.within, ask.on, MOST)
    holders = elections.office_holders(found)
    names = places.names_at({one.place_id for one in found}, ask.on)
    lines = []
    for one in found:
        unit = f"{names.get(one.place_id, '')}{one.part}"
        link = f"{reverse('assemblies:results', args=[one.election.public_id])}#{one.public_id}"
        said = str(RESULTS[one.declaration.result["status"]])
        in_office = [
            f"{post_words(one.election.body, row.post)} {row.person.name}"
            for row in holders.get(one.pk, ())
            if row.person is not None and row.left_on is None
        ]
        note = " ".join([f"{unit} · {one.on:%Y-%m-%d} · {said}", *(["、".join(in_office)] if in_office else [])])
        lines.append(OpenLine(text=one.election.title, note=note, link=link))
    return OpenRows(lines=lines) if lines else None


OPEN = (
    OpenPart(id="assemblies.elections", title=gettext_lazy("Elections and who was elected"), fill=elected, order=30),
    OpenPart(id="assemblies.sittings", title=gettext_lazy("What the assemblies decided"), fill=sittings, order=31),
)
