"""What campaigns have on places: asked before a merger plan enters the register or leaves it."""

from collections.abc import Collection

from django.db.models import Count, Q

from heli.campaigns.models import Campaign, Step, Track
from heli.campaigns.types import CampaignStatus


def campaigns_built_on(founded: Collection[int], ended: Collection[int]) -> list[tuple[str, int]]:
    """Campaigns that go on in founded places, or went on from ended ones: their names and how many steps they have there."""
    tracks = Track.objects.filter(Q(place__in=founded) | Q(place__in=ended, successor__isnull=False))
    rows = Step.objects.filter(track__in=tracks).values_list("campaign__name").annotate(Count("pk"))
    return list(rows.order_by("campaign__name"))


def campaigns_over(place_ids: Collection[int], scenario: str) -> list[tuple[str, int]]:
    """Running campaigns over places that do not carry out this scenario: their names and how many kinds of steps they have."""
    running = Campaign.objects.filter(status=CampaignStatus.RUNNING, tracks__place__in=place_ids)
    others = running.exclude(scenario__public_id=scenario) if scenario else running
    rows = others.values_list("name").annotate(Count("tracks__steps__key", distinct=True))
    return list(rows.order_by("name"))
