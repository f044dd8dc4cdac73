"""What books tell the archive of a place: who keeps its property, how far the books are, what hangs."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.kernel.access import Actor, scope
from heli.kernel.declare import Rows
from heli.kernel.panels import Section, offer_section
from heli.ledger.queries.holders import books_at

READ = "ledger.read"


def books_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """The holders of the place and of what went into it, as far as the actor reads their books."""
    heads = (_("Holder"), _("Members"), _("Books since"), _("Closed until"), _("Accounts hang until"))
    rows = books_at(scope(actor, READ), place_ids, on)
    lines = [
        (one.body.name, one.members, one.begins_on, f"{closed:%Y-%m}" if closed else "", hung or "")
        for one, closed, hung in rows
    ]
    return Rows(heads, lines, [reverse("property:holder", args=[one.public_id]) for one, _closed, _hung in rows])


def offer_sections() -> None:
    """Called once at start-up."""
    offer_section(Section("ledger.books", gettext_lazy("Books of the collective"), books_rows, order=46, is_brief=True))
