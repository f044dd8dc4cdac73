"""Whom proposed plans wait for: those of the district who accept them, never who wrote or computed them."""

from collections.abc import Iterator

from django.utils.translation import gettext_noop, ngettext

from heli.kernel.declare import Due, DueAsk, Waiting
from heli.planning.queries import address_of, proposed_in
from heli.planning.services.deciding import ACCEPT


def proposals(ask: DueAsk) -> Iterator[Waiting]:
    """Plans put forward that no longer hang for comment; one query. They are about their district."""
    for one in proposed_in(ask.abouts, ask.on):
        yield Waiting(
            title=one.name, district=one.district_id, place=one.district_id, about=one.district.public_id,
            public_id=one.public_id, link=address_of(one),
            never=tuple(key for key in (one.author_id, one.computed_by) if key is not None),
        )  # fmt: skip


DUES = (
    Due(
        id="planning.proposed",
        title=gettext_noop("Plans to accept"),
        action=ACCEPT,
        roles=("district_officer",),
        waiting=proposals,
        says=lambda n: ngettext("%(n)s plan to accept", "%(n)s plans to accept", n) % {"n": n},
        judges=True,
    ),
)
