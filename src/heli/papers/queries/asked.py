"""What was asked and decided in a town: opinions with their answers, the risk it was judged to have, votes of its villages."""

from collections.abc import Collection, Mapping
from datetime import date

from heli.campaigns.abouts import about_of
from heli.campaigns.queries import Campaign
from heli.campaigns.queries.picture import CampaignPicture
from heli.campaigns.queries.votes import VillageVote, votes_of
from heli.consultation.queries.notices import count_opinions
from heli.papers.queries.figures import number
from heli.risks.queries import newest
from heli.risks.texts import LEVELS

Value = str | list[dict[str, str]]
ASSEMBLY, COLLECTIVE = "entitled", "members"
"""The number by which a vote is known as one of a village's assembly, or of a collective's members."""


def asked_in(
    campaign: Campaign, seen: CampaignPicture, town: int, names: Mapping[int, str], on: date
) -> dict[str, Value]:
    """The fields of a document of a town; what is not known yet stays a blank to be written on the paper."""
    tracks = [track for track in seen.tracks.values() if town in (track.lane.town, track.lane.place)]
    received, answered = count_opinions(campaign.public_id, [track.lane.place for track in tracks], on)
    judged = newest(about_of(campaign), [town]).get(town)
    votes = votes_of(campaign, [track.lane.id for track in tracks])
    held = [vote for vote in votes if ASSEMBLY in vote.numbers]
    return {
        **({"town_opinions": number(received), "town_answered": number(answered)} if received else {}),
        **({"town_risk": f"{LEVELS[judged.level]}风险"} if judged is not None and judged.sealed_at is not None else {}),
        **_counted("assemblies", held),
        **_counted("collectives", [vote for vote in votes if COLLECTIVE in vote.numbers]),
        "resolutions": [_row(place, vote, names) for place, vote in enumerate(held, 1)],
    }


def _counted(what: str, votes: Collection[VillageVote]) -> dict[str, str]:
    """How many votes there are to hold and how many have passed."""
    if not votes:
        return {}
    return {f"town_{what}": number(len(votes)), f"town_{what}_agreed": number(sum(vote.is_accepted for vote in votes))}


def _row(place: int, vote: VillageVote, names: Mapping[int, str]) -> dict[str, str]:
    said = {key: number(value) for key, value in vote.numbers.items() if value is not None}
    said = {key: said.get(key, "") for key in (ASSEMBLY, "present", "for")}
    day = f"{vote.on.month}月{vote.on.day}日" if vote.on else ""
    return {"number": str(place), "village": names.get(vote.place, ""), "on": day, **said}
