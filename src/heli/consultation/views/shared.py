"""What the pages of consultation share: their door and rights, their lists as a second row of tabs, one way of rendering."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from heli.kernel.access import may
from heli.places.types import Level, PlaceRow
from heli.records.abouts import About, find_consulted, kinds
from heli.records.fields import Field
from heli.records.forms import Choices, RowForm, choices_for
from heli.records.views import own_places, page_of, sent, today
from heli.ui.pages import ActorRequest, page

READ, MATTERS = "campaigns.read", "campaigns.matters"
Crumb = tuple[str, str]


def room(right: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A view of something by `about_id`, handed over as an `About`, for people who have this right of `Consulting` in it.

    403 where they have it nowhere, 404 where they do not reach what the address names.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def found(request: ActorRequest, about_id: str, **parts: Any) -> HttpResponse:
            about = find_consulted(about_id, request.actor, right)
            if about is None:
                raise Http404(about_id)
            return view(request, about, **parts)

        return page(lambda: {getattr(kind.consulting, right) for kind in kinds()})(found)

    return decorate


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
    names = {"home": _("Notices"), "opinions": _("Opinions")}
    if about.kind.consulting.has_rooms:
        names |= {"questions": _("Question bank"), "talks": _("Talks"), "surveys": _("Surveys")}
    addresses = {name: reverse(f"consultation:{name}", args=[about.id]) for name in names}
    return [
        {"url": addresses[name], "label": label, "current": name == current, "count": None}
        for name, label in names.items()
    ]


def keeps(request: ActorRequest, about: About) -> bool:
    """Whether the actor keeps notices and opinions about this, or (where that is asked of the district) all of it."""
    asks = about.kind.consulting
    return may(request.actor, asks.keeps, about.district_id if asks.is_whole else None)


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
    right = about.kind.consulting.keeps
    offered = choices_for(drawn, request.actor, about, today(), right) if choices is None else choices
    form = RowForm(*given, drawn=drawn, choices=offered, initial=initial)
    form.columns = 2 if len(drawn) > 2 else None
    return form
