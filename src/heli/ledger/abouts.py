"""What sittings of members decide about: a transfer, the roll, a dividend; each found by its public id."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.bodies.queries import property_places
from heli.kernel.access import Actor, scope
from heli.ledger.ledger import TRANSFERS
from heli.ledger.models import Collective, DividendPlan, Transfer
from heli.ledger.queries.holders import in_reach
from heli.places import queries as places
from heli.records.abouts import About, AboutKind, Consulting
from heli.ui.pages import ActorRequest


class DecidedKind(AboutKind):
    """Something of a holder on which its members decide; sittings about it stand under the books."""

    template, entry = "records/base.html", "property:books"
    consulting = Consulting("ledger.read", "ledger.approve", "", has_rooms=False)

    def __init__(self, name: str, model: str) -> None:
        self.name, self.model = name, model

    def find(self, public_id: str, actor: Actor, action: str) -> About | None:
        """The thing of this id, if the actor may do this where its holder is."""
        found = self.rows().filter(public_id=public_id).first()
        if found is None:
            return None
        one = in_reach(scope(actor, action)).select_related("body__place").filter(pk=holder_key(found)).first()
        return None if one is None else about_of(self, found, one)

    def open(self) -> Iterator[About]:
        """None: nothing under it waits for the clock."""
        return iter(())

    def head(self, request: ActorRequest, about: About, tab: str) -> dict[str, Any]:
        """Its name, and the way back to it."""
        back = {"url": page_of(self.rows().get(public_id=about.id)), "label": about.name}
        return {"about": about, "tabs": [], "breadcrumbs": [back]}


def holder_key(row: Any) -> int:
    """Whose members decide."""
    key: int = row.giver_id if isinstance(row, Transfer) else row.collective_id
    return key


def about_of(kind: AboutKind, row: Any, holder: Collective) -> About:
    """A thing as sittings know it; it runs over the place whose property the holder keeps."""
    day = row.on if isinstance(row, Transfer) else timezone.localdate()
    body = holder.body
    place_id = (
        row.place_id if isinstance(row, Transfer) else property_places([body.pk], day).get(body.pk, body.place_id)
    )
    return About(
        kind, row.public_id, f"{body.name} · {said(row)}", body.place.district_id or body.place_id,
        is_sample=bool(places.sample_districts({body.place.district_id or body.place_id}, day)),
        villages=frozenset({place_id}),
    )  # fmt: skip


def said(row: Any) -> str:
    """What is decided, in words."""
    if isinstance(row, Transfer):
        return _("Transfer of books")
    if isinstance(row, DividendPlan):
        return _("Dividend of %(year)s") % {"year": row.year}
    return _("Roll of members")


def page_of(row: Any) -> str:
    """Where it stands."""
    if isinstance(row, Transfer):
        return TRANSFERS.url("row", row.about, row.public_id)
    name = "property:dividend" if isinstance(row, DividendPlan) else "property:roll"
    return reverse(name, args=[row.collective.public_id])


def sitting_url(row: Any, matter: str, place_id: int) -> str:
    """Where the sitting of the members about it is recorded."""
    return f"{reverse('assemblies:new', args=[row.public_id])}?sits=coop_members&matter={matter}&place={place_id}"


ABOUTS = (
    DecidedKind("transfer", "ledger.Transfer"), DecidedKind("roll", "ledger.RollConfirmation"),
    DecidedKind("dividend", "ledger.DividendPlan"),
)  # fmt: skip
