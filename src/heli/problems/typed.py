"""What villages type into the ledger of problems: those they report themselves."""

from collections.abc import Collection, Iterator
from datetime import datetime

from heli.kernel.declare import Typed
from heli.problems.queries import reported


def typed(district_ids: Collection[int], begins: datetime, ends: datetime) -> Iterator[Typed]:
    """Title, kind and day of each, and what was written beside them; one query."""
    columns = ("place_id", "town_id", "district_id", "place__public_id", "found_on", "description", "title")
    for place, town, district, public_id, on, beside, title in reported(district_ids, begins, ends).values_list(
        *columns
    ):
        yield Typed(
            place=place, town=town, district=district, public_id=public_id, on=on, fields=3 + bool(beside), what=title
        )  # fmt: skip


TYPED = (typed,)
