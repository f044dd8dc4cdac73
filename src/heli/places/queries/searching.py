"""Finding places by name or code, former ones included."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from heli.kernel.access import Scope
from heli.places.models import PlaceVersion
from heli.places.queries.asof import rows_of, versions_of
from heli.places.queries.scope import in_scope
from heli.places.rules import clean_name, normalise_name
from heli.places.types import PlaceRow

MOST = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A place found: as it stands on the day, or as it last stood; `matched` is the name or code that was searched for."""

    row: PlaceRow
    matched: str
    is_former: bool


def search(text: str, scope: Scope, on: date, *, most: int = MOST) -> list[Hit]:
    """Places within the scope whose name or code, now or ever, contains the text; exact matches and present ones first.

    Plain LIKE: SQLite's trigram index finds nothing for two Han characters.
    """
    wanted = clean_name(text)
    if not wanted:
        return []
    condition = Q(name__icontains=wanted)
    if core := normalise_name(wanted):
        condition |= Q(name__icontains=core)
    if wanted.isascii() and wanted.isdigit():
        condition = Q(code__startswith=wanted)
    versions = PlaceVersion.objects.filter(condition)
    if not scope.everything:
        versions = versions.filter(place__in=in_scope(scope))
    found: dict[int, str] = {}
    ordered = versions.order_by("-valid_from", "code_number", "id").values_list("place_id", "name", "code")
    for place, name, code in ordered[: most * 4]:
        found.setdefault(place, code if wanted.isdigit() else name)
    present = rows_of(found, on)
    hits = []
    for place, matched in found.items():
        row = present.get(place) or versions_of(place)[-1]
        is_former = place not in present or matched not in (row.name, row.code)
        hits.append(Hit(row, matched, is_former))
    hits.sort(key=lambda hit: (hit.matched != wanted, hit.is_former, hit.row.level.value, hit.row.code, hit.row.id))
    return hits[:most]
