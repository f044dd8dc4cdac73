"""Documents found by their names, in every campaign that makes them."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, gettext_noop

from heli.campaigns.queries.runs import campaigns_in_scope
from heli.campaigns.types import CampaignStatus
from heli.kernel.access import Actor, may
from heli.kernel.searching import SearchLine, SearchOffer
from heli.papers.queries.templates import shipped_templates
from heli.papers.queries.work import READ

MOST = 8


def find(actor: Actor, text: str, on: date) -> Sequence[SearchLine]:
    """Templates by title, in the running campaigns that the actor reaches; one query."""
    if not may(actor, READ):
        return []
    language, wanted = get_language() or "zh-hans", text.casefold()
    titles = [(one.key, one.title.text(language)) for one in shipped_templates().values()]
    named = [(key, title) for key, title in titles if wanted in title.casefold()]
    running = campaigns_in_scope(actor).filter(status=CampaignStatus.RUNNING)[:MOST] if named else []
    return [
        SearchLine(title, campaign.name, reverse("papers:paper", args=[campaign.public_id, key]))
        for campaign in running
        for key, title in named
    ][:MOST]


SEARCHES = (SearchOffer("papers", gettext_noop("Documents"), find, order=34),)
