"""Whom documents wait for: those at the place of a batch that could not be made."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from heli.kernel.declare import Due, DueAsk, Waiting
from heli.papers.queries.work import MAKE, failed_batches


def stopped(ask: DueAsk) -> Iterator[Waiting]:
    """Batches that stopped with an error; one query."""
    for one in failed_batches(ask.abouts):
        campaign = one.campaign
        yield Waiting(
            title=_("%(count)s documents were not made") % {"count": one.total}, note=one.failure, who=one.asked_by,
            district=campaign.district_id, place=one.place_id, over=(one.place_id,), about=campaign.public_id,
            public_id=one.public_id, link=reverse("papers:batch", args=[campaign.public_id, one.public_id]),
        )  # fmt: skip


DUES = (
    Due(
        id="papers.stopped", title=gettext_noop("Documents not made"), action=MAKE,
        roles=("district_officer", "town_officer", "village_cadre"), waiting=stopped,
        says=lambda n: ngettext("%(n)s batch of documents not made", "%(n)s batches of documents not made", n) % {"n": n},
    ),
)  # fmt: skip
