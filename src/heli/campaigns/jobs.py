"""What the clock does for campaigns."""

from django.utils import timezone

from heli.campaigns.models import Campaign
from heli.campaigns.services import follow_lineage
from heli.campaigns.types import CampaignStatus
from heli.kernel.access import SYSTEM


def follow_register() -> int:
    """Once a night: running campaigns follow the register's mergers. Returns how many changed."""
    running = (
        Campaign.objects.filter(status=CampaignStatus.RUNNING).select_related("playbook", "scenario").order_by("pk")
    )
    on = timezone.localdate()
    return sum(any(follow_lineage(actor=SYSTEM, campaign=campaign, on=on).values()) for campaign in running)
