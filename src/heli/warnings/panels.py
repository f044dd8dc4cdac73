"""What warnings show on the page of a place: its colours of the last weeks, and the statements it owes."""

from datetime import date
from typing import Any

from django.urls import reverse

from heli.campaigns.texts import COLOUR_TONES, COLOURS
from heli.campaigns.types import Colour
from heli.kernel.access import Actor
from heli.kernel.panels import Panel, offer
from heli.warnings.queries.waiting import demands_on
from heli.warnings.queries.weeks import week_of_year, weeks_at

LAST_WEEKS = 6


def fill_weeks(actor: Actor, place_id: int, on: date) -> dict[str, Any] | None:
    """The frozen weeks of running campaigns, the last ones in order, and statements demanded and not given; three queries."""
    found = weeks_at(actor, place_id)
    if not found:
        return None
    return {
        "campaigns": [
            {
                "name": campaign.name,
                "url": reverse("warnings:weeks", args=[campaign.public_id]),
                "weeks": [
                    {
                        "number": week_of_year(row.week),
                        "days_late": row.days_late,
                        "tone": COLOUR_TONES[Colour(row.colour)],
                        "colour": COLOURS[Colour(row.colour)],
                    }
                    for row in rows[:LAST_WEEKS][::-1]
                ],
            }
            for campaign, rows in found.items()
        ],
        "owed": [
            {
                "due_on": one.due_on,
                "is_late": one.due_on < on,
                "url": reverse("warnings:statement", args=[one.campaign.public_id, one.public_id]),
            }
            for one in demands_on(place_id)
        ],
    }


def offer_panels() -> None:
    """Called once at start-up."""
    offer(Panel("warnings.weeks", "warnings/panel.html", fill_weeks, order=15))
