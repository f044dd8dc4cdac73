"""What the pages of a campaign's matters share: the form round trip, and the choices of forms."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.bodies import queries as bodies
from heli.campaigns.forms_matters import of_holders, of_places
from heli.campaigns.models import Campaign
from heli.campaigns.pages import shell
from heli.campaigns.queries.matters import targets
from heli.kernel.access import may
from heli.kernel.problems import Forbidden, Refused
from heli.places.types import PlaceRow
from heli.ui.forms import add_problems
from heli.ui.pages import ActorRequest

MATTERS, ACCEPT, FILL = "campaigns.matters", "campaigns.accept", "campaigns.fill"


def today() -> date:
    """The day of the office."""
    return timezone.localdate()


def attempt(form: forms.BaseForm, do: Callable[[], object]) -> bool:
    """Whether the form was valid and the service did it; else its problems stand at their fields."""
    if not form.is_valid():
        return False
    try:
        do()
    except Forbidden:
        raise
    except Refused as refused:
        add_problems(form, refused.problems)
        return False
    return True


def press(request: ActorRequest, do: Callable[[], object], done: str = "") -> bool:
    """A button without a form: a refusal is said at the top of the next page, and nothing was written."""
    try:
        do()
    except Forbidden:
        raise
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, str(problem.message))
        return False
    if done:
        messages.success(request, done)
    return True


def my_places(request: ActorRequest, campaign: Campaign, action: str = MATTERS) -> list[PlaceRow]:
    """The places the actor may name under an action; 403 where there are none."""
    rows = targets(request.actor, campaign, today(), action)
    if not rows:
        raise PermissionDenied(action)
    return rows


def place_choices(rows: Sequence[PlaceRow]) -> list[Any]:
    """Places as choices of a form."""
    return of_places(rows, _("choose"))


def holder_choices(campaign: Campaign) -> list[Any]:
    """Who can be charged, as choices of a form."""
    return of_holders(bodies.holders_in(campaign.district_id, today()), _("choose"))


def can(request: ActorRequest, campaign: Campaign, *actions: str) -> dict[str, bool]:
    """Which of the actions the actor has anywhere: what the buttons go by; each service asks about its place."""
    return {action.split(".")[1]: may(request.actor, action) for action in actions}


def page_of(
    request: ActorRequest,
    campaign: Campaign,
    tab: str,
    template: str,
    context: dict[str, Any],
    *,
    crumbs: Sequence[tuple[str, str]] = (),
    status: int = 200,
) -> HttpResponse:
    """Render a page under a tab; `crumbs` are (label, address) after the campaign's own."""
    base = shell(request, campaign, tab)
    base["breadcrumbs"] = [*base["breadcrumbs"], *({"label": label, "url": url} for label, url in crumbs)]
    return render(request, f"{template}.html", base | context, status=status)


def tab_crumb(campaign: Campaign, name: str, label: str) -> tuple[str, str]:
    """The crumb of a tab's own page."""
    return label, reverse(name, args=[campaign.public_id])
