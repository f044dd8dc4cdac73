"""What villages type into e-questionnaires."""

from collections.abc import Collection, Iterator
from datetime import datetime

from heli.inquiries.queries import answered_between
from heli.kernel.declare import Typed


def typed(district_ids: Collection[int], begins: datetime, ends: datetime) -> Iterator[Typed]:
    """The fields of each reply that were changed; what was only confirmed does not count. One query."""
    found = answered_between(district_ids, begins, ends).select_related("inquiry", "place").order_by("pk")
    for one in found:
        asked = one.inquiry
        yield Typed(
            place=one.place_id, town=one.town_id, district=asked.district_id, public_id=one.place.public_id,
            on=one.answered_on, fields=one.typed, what=asked.title,
        )  # fmt: skip


TYPED = (typed,)
