"""What the pages of consultation share: their rights, their lists as a second row of tabs, one way of rendering."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from heli.places.types import Level, PlaceRow
from heli.records.abouts import About
from heli.records.fields import Field
from heli.records.forms import Choices, RowForm, choices_for
from heli.records.views import own_places, page_of, sent, today
from heli.ui.pages import ActorRequest

READ, MATTERS = "campaigns.read", "campaigns.matters"
Crumb = tuple[str, str]


def show(  # noqa: PLR0917 - what a page is made of
    request: ActorRequest, about: About, template: str, context: Mapping[str, Any], crumbs: Sequence[Crumb] = (), status: int = 0
) -> HttpResponse:  # fmt: skip
    """A page of consultation; `crumbs` lead to it from the notices. 422 for a form that was sent back."""
    way = [crumb_to("home", about, _("Consultation")), *crumbs] if crumbs else ()
    sent_back = 422 if request.method == "POST" else 200
    return page_of(request, about, "consultation", template, context, crumbs=way, status=status or sent_back)


def crumb_to(name: str, about: About, label: str, *more: str) -> Crumb:
    """The crumb of a page of its own."""
    return label, reverse(f"consultation:{name}", args=[about.id, *more])


def parts(about: About, current: str) -> list[dict[str, Any]]:
    """The lists of consultation, as a second row of tabs."""
    names = {
        "home": _("Notices"), "opinions": _("Opinions"), "questions": _("Question bank"), "talks": _("Talks"),
        "surveys": _("Surveys"),
    }  # fmt: skip
    addresses = {name: reverse(f"consultation:{name}", args=[about.id]) for name in names}
    return [
        {"url": addresses[name], "label": label, "current": name == current, "count": None}
        for name, label in names.items()
    ]


def own_villages(request: ActorRequest, about: About) -> list[PlaceRow]:
    """The villages the actor may write about; 403 where there is no place at all."""
    return [row for row in own_places(request, about, MATTERS) if row.level is Level.VILLAGE]


def drawn_form(
    request: ActorRequest,
    about: About,
    drawn: Sequence[Field],
    *,
    choices: Mapping[str, Choices] | None = None,
    did: str = "",
    initial: dict[str, Any] | None = None,
) -> RowForm:
    """A form of fields; on a page with several it is filled in where its button `did` was pressed."""
    given = sent(request) if not did or request.POST.get("did") == did else ()
    offered = choices_for(drawn, request.actor, about, today(), MATTERS) if choices is None else choices
    form = RowForm(*given, drawn=drawn, choices=offered, initial=initial)
    form.columns = 2 if len(drawn) > 2 else None
    return form
