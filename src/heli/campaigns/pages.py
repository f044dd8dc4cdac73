"""What every page of a campaign asks first: which campaign, and what its head shows."""

from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heli.campaigns import queries
from heli.campaigns.models import Campaign
from heli.campaigns.queries.runs import READ
from heli.campaigns.texts import CAMPAIGN_STATUSES, CAMPAIGN_TONES, TAB_GROUPS
from heli.campaigns.types import CampaignStatus
from heli.kernel.access import may, scope
from heli.kernel.declare import Tab
from heli.kernel.offers import offered
from heli.places import queries as places
from heli.ui.pages import ActorRequest


def campaign_or_404(request: ActorRequest, public_id: str, action: str = READ) -> Campaign:
    """The campaign, if the actor's scope for the action reaches it; else 404, as if it did not exist."""
    campaign = queries.find_campaign(public_id, request.actor, action)
    if campaign is None:
        raise Http404(public_id)
    return campaign


def whole_district(request: ActorRequest, public_id: str, action: str) -> Campaign:
    """A campaign for those who may do this in its whole district; whoever sees a part of it only gets 403, others 404."""
    campaign = campaign_or_404(request, public_id)
    if not may(request.actor, action, campaign.district_id):
        raise PermissionDenied(action)
    return campaign


@cache
def tabs() -> list[Tab]:
    """The tabs that contexts offer on the pages of a campaign, in order."""
    found = (tab for tab in offered("tabs", "TABS") if not tab.about or "campaign" in tab.about)
    return sorted(found, key=lambda tab: (tab.order, tab.name))


def _tabs(request: ActorRequest, campaign: Campaign, tab: str) -> dict[str, Any]:
    """`tabs`: the headings, each leading to the first of its pages; `subtabs`: the pages under the one that is open."""
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in TAB_GROUPS}
    for one in tabs():
        if one.right and not may(request.actor, one.right, campaign.district_id):
            continue
        if one.somewhere and not may(request.actor, one.somewhere):
            continue
        groups[one.group].append(
            {
                "url": reverse(one.name, args=[campaign.public_id]),
                "label": _(one.label),
                "current": tab in (one.name, one.name.partition(":")[0]),
            }
        )
    shown = {name: lines for name, lines in groups.items() if lines}
    here = next((name for name, lines in shown.items() if any(line["current"] for line in lines)), "")
    return {
        "tabs": [
            {"url": lines[0]["url"], "label": TAB_GROUPS[name], "current": name == here, "count": None}
            for name, lines in shown.items()
        ],
        "subtabs": shown[here] if here and len(shown[here]) > 1 else [],
    }


def shell(request: ActorRequest, campaign: Campaign, tab: str) -> dict[str, Any]:
    """What the head of every page of a campaign shows: name, status, tabs, whether it is a part or a sample."""
    whole = queries.is_whole(request.actor, campaign)
    may_manage = may(request.actor, "campaigns.open", campaign.district_id)
    return {
        "campaign": campaign,
        "is_part": not whole,
        "is_sample": campaign.is_sample,
        "district_name": places.names_at([campaign.district_id], timezone.localdate()).get(campaign.district_id, ""),
        "status_label": CAMPAIGN_STATUSES[CampaignStatus(campaign.status)],
        "status_tone": CAMPAIGN_TONES[CampaignStatus(campaign.status)],
        "may_manage": may_manage,
        "may_fill": bool(scope(request.actor, "campaigns.fill")),
        "playbook_title": queries.playbook_of(campaign).title.text(get_language() or "zh-hans"),
        **_tabs(request, campaign, tab),
        "breadcrumbs": [
            {"url": reverse("campaigns:list"), "label": _("Campaigns")},
            {
                "label": campaign.name,
                "url": "" if tab == "campaigns:campaign" else reverse("campaigns:campaign", args=[campaign.public_id]),
            },
        ],
    }
