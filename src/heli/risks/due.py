"""Whom risk assessments wait for: a second person, who signs what is finished."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from heli.kernel.declare import Due, DueAsk, Waiting
from heli.risks.queries import drafts_of
from heli.risks.services import SIGN, unfinished


def to_sign(ask: DueAsk) -> Iterator[Waiting]:
    """Drafts that lack nothing; two queries."""
    for one in drafts_of(ask.abouts):
        if unfinished(one):
            continue
        yield Waiting(
            title=_("Risk assessment, version %(version)s") % {"version": one.version}, district=one.district_id,
            town=one.town_id, place=one.place_id, about=one.about, public_id=one.public_id, who=one.written_by_name,
            never=(one.written_by_id,) if one.written_by_id is not None else (),
            link=reverse("risks:risk", args=[one.about, one.place.public_id]),
        )  # fmt: skip


DUES = (
    Due(
        id="risks.sign", title=gettext_noop("Risk assessments to sign"), action=SIGN, judges=True,
        roles=("town_officer", "district_officer"), waiting=to_sign,
        says=lambda n: ngettext("%(n)s risk assessment to sign", "%(n)s risk assessments to sign", n) % {"n": n},
    ),
)  # fmt: skip
