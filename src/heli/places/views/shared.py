"""What the register's views share: today, the place of an address within the actor's reach."""

from datetime import date

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.kernel.access import scope
from heli.places import queries
from heli.places.models import Place
from heli.places.types import PlaceRow
from heli.ui.pages import ActorRequest

READ, EDIT, EXPORT = "places.read", "places.edit", "places.export"


def today() -> date:
    """The local day; the only look at the clock."""
    return timezone.localdate()


def place_or_404(request: ActorRequest, public_id: str, action: str) -> Place:
    """The place, if the actor may do this there; another's answers 404."""
    place = queries.find(public_id, scope(request.actor, action))
    if place is None:
        raise Http404(_("There is no such place."))
    return place


def standing(place: Place, on: date) -> PlaceRow:
    """The place as it stands on the day, or stood last, or will stand first."""
    row = queries.version_on(place.pk, on)
    if row is None:
        versions = [version for version in queries.versions_of(place.pk) if version.valid_to != version.valid_from]
        before = [version for version in versions if version.valid_from <= on]
        row = (before or versions or queries.versions_of(place.pk))[-1 if before else 0]
    return row
