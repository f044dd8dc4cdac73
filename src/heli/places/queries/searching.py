"""Finding places by what people remember of them: a name now or formerly, or the beginning of a code."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from heli.kernel.access import Scope
from heli.places.models import PlaceVersion
from heli.places.queries.asof import rows_of, valid_on
from heli.places.queries.scope import in_scope
from heli.places.types import PlaceRow

MOST = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that was found: as it stands on the day (or last stood), and the name or code that matched."""

    row: PlaceRow
    matched: str
    is_former: bool


def search(text: str, scope: Scope, on: date) -> list[Hit]:
    """At most 100 places of the scope whose name contains the text or whose code begins with it, present ones first."""
    wanted = text.strip()
    if not wanted:
        return []
    condition = Q(name__icontains=wanted)
    if wanted.isascii() and wanted.isdigit():
        condition |= Q(code__startswith=wanted)
    versions = PlaceVersion.objects.filter(condition, place__in=in_scope(scope))
    now = versions.filter(valid_on(on)).order_by("code_number", "place_id")
    formerly = versions.exclude(valid_on(on)).order_by("-valid_from", "place_id")
    matched: dict[int, tuple[str, bool, date]] = {}
    for found, is_former in ((now, False), (formerly, True)):
        for place, name, begins in found.values_list("place_id", "name", "valid_from")[: MOST - len(matched)]:
            matched.setdefault(place, (name, is_former, begins))
    standing = rows_of(matched, on)
    # A place that has ended is shown as it stood on the first day of the version that matched.
    ended: dict[int, PlaceRow] = {}
    for begins in {begins for place, (_, _, begins) in matched.items() if place not in standing}:
        ended |= rows_of([p for p, (_, _, b) in matched.items() if p not in standing and b == begins], begins)
    rows = ended | standing
    return [Hit(rows[place], name, former) for place, (name, former, _) in matched.items() if place in rows]
