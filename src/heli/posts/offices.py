"""What bodies ask before a person's office ends: whoever holds a post leaves it among posts."""

from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext as _

from heli.kernel.faults import Fault
from heli.posts.queries.offices import held_after


def kept(person_ids: Collection[int], on: date) -> Iterable[Fault]:
    """A sentence for each of these people who holds a post after the day."""
    for one in held_after(person_ids, on):
        text = _("%(name)s holds a post until further notice: end the office among the posts of this body.")
        yield Fault("holds_post", text % {"name": one.person}, field="on")


OFFICES = (kept,)
