"""Builders of e-questionnaires, and who may open which page."""

from datetime import date
from typing import Any

from heli.campaigns.abouts import about_of
from heli.campaigns.testing.matter_pages import EDITORS, PART, case, kept, post
from heli.campaigns.testing.matters import DAY
from heli.campaigns.testing.runs import FILLERS, READERS, campaign_of
from heli.inquiries import services as questionnaires
from heli.inquiries.catalogues import forms
from heli.inquiries.models import Inquiry
from heli.ui.testing import AccessCase, Kwargs


def inquiry_of(half: Any) -> Inquiry:
    """The basic facts, asked of two villages."""
    found = kept(
        half,
        "matter_inquiry",
        lambda: (
            questionnaires.send_inquiry(
                actor=half.actor("district_officer"),
                about=about_of(campaign_of(half)),
                form=forms()["basics"],
                title="基本情况",
                asked_on=DAY,
                due_on=date(2026, 3, 9),
                place_ids=[half.village.pk, half.other_village.pk],
                on=DAY,
            ).public_id
        ),
    )
    return Inquiry.objects.get(public_id=found)


def _home(half: Any) -> Kwargs:
    return {"about_id": campaign_of(half).public_id}


def _inquiry(half: Any) -> Kwargs:
    return {**_home(half), "inquiry_id": inquiry_of(half).public_id}


def _reply(half: Any) -> Kwargs:
    return {**_inquiry(half), "place": half.village.public_id}


def _elsewhere(world: Any) -> Kwargs:
    return {**_inquiry(world.a), "place": world.a.other_village.public_id}


ACCESS: list[AccessCase] = [
    case("inquiries:list", READERS, _home),
    case("inquiries:new", EDITORS, _home),
    post("inquiries:new", EDITORS, _home),
    case("inquiries:inquiry", READERS, _inquiry),
    case("inquiries:reply", READERS, _reply, narrow=PART, elsewhere=_elsewhere),
    post("inquiries:reply", FILLERS, _reply, "answer", refused=(403, 404)),
]  # fmt: skip
