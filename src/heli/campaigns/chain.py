"""Where a judgement about a place may stand: the place itself and what it stands in."""

from datetime import date

from heli.campaigns.models import Campaign
from heli.places import queries as places


def chain_of(campaign: Campaign, place_id: int, on: date) -> list[int]:
    """The place, its township and the district: a judgement for a town or the district holds for its villages too."""
    row = places.version_on(place_id, on)
    chain = [place_id, row.parent_id if row else None, campaign.district_id]
    return list(dict.fromkeys(key for key in chain if key is not None))
