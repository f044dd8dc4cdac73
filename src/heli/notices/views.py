"""The inbox, a digest, and how messages are to reach their reader."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from heli.kernel.access import scope
from heli.kernel.faults import Refused
from heli.notices import queries, services
from heli.notices.context import bell
from heli.notices.forms import ChannelForm, WishesForm
from heli.notices.models import Channel
from heli.notices.services.channels import PLACE
from heli.notices.texts import CHANNELS, OUTCOMES, TONES
from heli.notices.types import ChannelKind, Outcome
from heli.places import queries as places
from heli.ui.forms import add_faults
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page

PAGE = 50
UNDER_WAY = (Outcome.WAITING, Outcome.SENDING)
"""While the last message of a channel is, its page looks again by itself."""


@require_safe
@page("ui.read")
def inbox(request: ActorRequest) -> HttpResponse:
    """What came to the reader, newest first; all of it or the unread."""
    unread = request.GET.get("unread") == "1"
    shown = Paginator(queries.inbox(request.actor, unread=unread), PAGE).get_page(request.GET.get("page"))
    here = reverse("notices:inbox")
    tabs = [
        {"label": _("All"), "url": here, "current": not unread, "count": None},
        {"label": _("Unread"), "url": f"{here}?unread=1", "current": unread, "count": request_unread(request)},
    ]
    return render(request, "notices/inbox.html", {"shown": shown, "unread": unread, "tabs": tabs})


def request_unread(request: ActorRequest) -> int:
    """The bell's number, asked once for the whole page."""
    return int(bell(request)["bell"].unread)


@require_POST
@page("ui.read")
def open_notice(request: ActorRequest, public_id: str) -> HttpResponse:
    """Mark a notice as read and go where it points; without a target back to the inbox."""
    message = queries.find_message(public_id, request.actor)
    if message is None:
        raise Http404
    services.mark_read(actor=request.actor, message=message)
    return see_other(message.link or "notices:inbox")


@require_POST
@page("ui.read")
def read_all(request: ActorRequest) -> HttpResponse:
    """Mark everything as read."""
    services.mark_all_read(actor=request.actor)
    return see_other("notices:inbox")


@require_safe
@page("ui.read")
def digest(request: ActorRequest, public_id: str) -> HttpResponse:
    """All that one digest gathered."""
    found = queries.find_digest(public_id, request.actor)
    if found is None:
        raise Http404
    return render(request, "notices/digest.html", {"digest": found, "gathered": list(queries.gathered(found))})


@require_safe
@page("ui.read")
def settings(request: ActorRequest) -> HttpResponse:
    """The reader's channels and wishes."""
    return _settings(request)


def _settings(
    request: ActorRequest, channel_form: ChannelForm | None = None, wishes_form: WishesForm | None = None
) -> HttpResponse:
    assert request.actor.id is not None  # @page lets only people in
    wishes = queries.wishes_of([request.actor.id]).get(request.actor.id, {})
    wrong = any(form is not None and form.errors for form in (channel_form, wishes_form))
    context = {
        **_channels(queries.channel_rows(queries.own_channels(request.actor))),
        "channel_form": channel_form or ChannelForm(),
        "wishes_form": wishes_form or WishesForm(wishes=wishes),
        "add_url": reverse("notices:add_channel"),
    }
    return render(request, "notices/settings.html", context, status=422 if wrong else 200)


def _channels(rows: list[queries.ChannelRow]) -> dict[str, Any]:
    """Channels with their words, for the template."""
    said = [
        (row, CHANNELS[row.kind], OUTCOMES[row.outcome] if row.outcome else "", TONES.get(row.outcome or "", "quiet"))
        for row in rows
    ]
    return {"channels": said, "is_sending": any(row.outcome in UNDER_WAY for row in rows)}


@require_POST
@page("ui.read")
def add_channel(request: ActorRequest) -> HttpResponse:
    """Add a channel of the reader's own."""
    form = ChannelForm(request.POST)
    return see_other("notices:settings") if _added(request, form, None) else _settings(request, channel_form=form)


def _added(request: ActorRequest, form: ChannelForm, place_id: int | None) -> bool:
    """Whether the form's channel was added; else the form says why not."""
    if not form.is_valid():
        return False
    given = form.cleaned_data
    try:
        services.add_channel(
            actor=request.actor,
            kind=ChannelKind(given["kind"]),
            address=given["address"],
            secret=given["secret"],
            name=given["name"],
            place_id=place_id,
        )
    except Refused as refused:
        add_faults(form, refused.faults)
        return False
    messages.success(request, _("The channel was added. Send a test message to see that it arrives."))
    return True


def _find_channel(request: ActorRequest, public_id: str) -> Channel:
    """A channel of the reader's own, or of a place whose channels they keep."""
    channel = queries.find_channel(public_id, request.actor, places.in_scope(scope(request.actor, PLACE)))
    if channel is None:
        raise Http404
    return channel


def _back(channel: Channel) -> HttpResponse:
    if channel.place is None:
        return see_other("notices:settings")
    return see_other("notices:place_channels", channel.place.public_id)


@require_POST
@page("ui.read")
def end_channel(request: ActorRequest, public_id: str) -> HttpResponse:
    """End a channel and empty its address."""
    channel = _find_channel(request, public_id)
    services.end_channel(actor=request.actor, channel=channel)
    return _back(channel)


@require_POST
@page("ui.read")
def test_channel(request: ActorRequest, public_id: str) -> HttpResponse:
    """Send a test message."""
    channel = _find_channel(request, public_id)
    services.test_channel(actor=request.actor, channel=channel)
    messages.info(request, _("The test message is on its way; how it went shows beside the channel."))
    return _back(channel)


@require_POST
@page("ui.read")
def subscribe(request: ActorRequest) -> HttpResponse:
    """Keep the reader's wishes."""
    assert request.actor.id is not None  # @page lets only people in
    form = WishesForm(request.POST, wishes=queries.wishes_of([request.actor.id]).get(request.actor.id, {}))
    if not form.is_valid():
        return _settings(request, wishes_form=form)
    services.set_subscriptions(actor=request.actor, wishes=form.wishes())
    messages.success(request, _("Your wishes were kept."))
    return see_other("notices:settings")


def _find_place(request: ActorRequest, public_id: str) -> places.Place:
    place = places.find(public_id, scope(request.actor, PLACE))
    if place is None:
        raise Http404
    return place


@require_safe
@page(PLACE)
def place_channels(request: ActorRequest, public_id: str) -> HttpResponse:
    """The channels of a place: where its reports go."""
    return _place_channels(request, _find_place(request, public_id))


def _place_channels(request: ActorRequest, place: places.Place, form: ChannelForm | None = None) -> HttpResponse:
    context = {
        **_channels(queries.channel_rows(queries.place_channels(place.pk))),
        "channel_form": form or ChannelForm(),
        "add_url": reverse("notices:add_place_channel", args=[place.public_id]),
        "place_name": places.names_at([place.pk], timezone.localdate()).get(place.pk, ""),
        "place_url": reverse("places:place", args=[place.public_id]),
    }
    return render(request, "notices/place_channels.html", context, status=422 if form is not None else 200)


@require_POST
@page(PLACE)
def add_place_channel(request: ActorRequest, public_id: str) -> HttpResponse:
    """Add a channel of a place."""
    place = _find_place(request, public_id)
    form = ChannelForm(request.POST)
    if _added(request, form, place.pk):
        return see_other("notices:place_channels", place.public_id)
    return _place_channels(request, place, form)
