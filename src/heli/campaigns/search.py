"""Campaigns found by their name, and steps of those that run by their title."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, gettext_noop

from heli.campaigns.queries.runs import READ, campaigns_in_scope, playbook_of
from heli.campaigns.types import CampaignStatus
from heli.kernel.access import Actor, may
from heli.kernel.searching import SearchLine, SearchOffer

MOST = 8


def find_campaigns(actor: Actor, text: str, on: date) -> Sequence[SearchLine]:
    """The newest first; one query."""
    if not may(actor, READ):
        return []
    found = campaigns_in_scope(actor).filter(name__icontains=text)[:MOST]
    return [
        SearchLine(one.name, one.starts_on.isoformat(), reverse("campaigns:campaign", args=[one.public_id]))
        for one in found
    ]


def find_steps(actor: Actor, text: str, on: date) -> Sequence[SearchLine]:
    """Steps of running campaigns, each leading to the page of all its places; one query."""
    if not may(actor, READ):
        return []
    language, found = get_language() or "zh-hans", []
    for campaign in campaigns_in_scope(actor).filter(status=CampaignStatus.RUNNING):
        for rule in playbook_of(campaign).steps:
            title = rule.title.text(language)
            if text.casefold() in title.casefold():
                url = reverse("campaigns:column", args=[campaign.public_id, rule.key])
                found.append(SearchLine(title, campaign.name, url))
    return found[:MOST]


SEARCHES = (
    SearchOffer("campaigns", gettext_noop("Campaigns"), find_campaigns, order=10),
    SearchOffer("campaigns.steps", gettext_noop("Steps of campaigns"), find_steps, order=20),
)
