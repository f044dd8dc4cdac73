"""Finding places by name or code, former ones included: ranked before they are cut, complete page by page."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, IntegerField, Max, Min, Q, QuerySet, Value, When
from django.db.models.functions import StrIndex

from heli.kernel.access import Scope
from heli.places.models import PlaceVersion
from heli.places.naming import name_words, short_name
from heli.places.queries.asof import rows_of, valid_on, versions_of_all
from heli.places.queries.scope import in_scope
from heli.places.rules import clean_name, normalise_name
from heli.places.types import PlaceRow

MOST = 50
AHEAD = 20_000
"""So many places behind the beginning of a page are read, so that they are counted on the way."""
CODE_DIGITS = 12
SHORTEST = 2
"""A name of one letter is not looked for without its ending: of 新村 would be left what hundreds of names contain."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place found: as it stands on the day, or as it last stood; `matched` is the name or code that was searched for."""

    row: PlaceRow
    matched: str
    is_former: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, and how many places there are in all."""

    hits: tuple[Hit, ...]
    count: int


def named(word: str, district_ids: Collection[int] | None = None) -> QuerySet[PlaceVersion, Any]:
    """Keys of places whose name, now or ever, contains a word; of these districts or of any. For `__in`."""
    versions = PlaceVersion.objects.filter(name__icontains=word)
    if district_ids is not None:
        versions = versions.filter(district_id__in=list(district_ids))
    return versions.order_by().values("place_id")


def search(text: str, scope: Scope, on: date, *, first: int = 0, most: int = MOST) -> Found:
    """Places within the scope whose name or code, now or ever, contains the text; a constant number of queries.

    First the name itself, then names that are it but for their ending, then those that begin with it, then those that contain
    it; present places before former ones, by code. `first` is where the page begins.

    Plain comparison of every name: SQLite's trigram index finds nothing for two Han characters, and 658,000 names take 0.1 s.
    """
    wanted = clean_name(text)
    if not wanted:
        return Found((), 0)
    is_code = wanted.isascii() and wanted.isdigit()
    versions = _by_code(wanted) if is_code else _by_name(wanted)
    reached = versions if scope.everything else versions.filter(place__in=in_scope(scope))
    ranked = (
        reached.order_by()
        .values("place_id")
        .annotate(
            best=Min("rank"),
            is_present=Max(Case(When(valid_on(on), then=Value(1)), default=Value(0), output_field=IntegerField())),
            number=Max("code_number"),
        )
        .order_by("best", "-is_present", F("number").asc(nulls_last=True), "place_id")
    )
    places = list(ranked.values_list("place_id", flat=True)[: first + AHEAD])
    page = places[first : first + most]
    # Every name is looked at once; again only where there are too many to be counted on the way.
    is_whole = len(places) < first + AHEAD
    count = len(places) if is_whole else reached.order_by().values("place_id").distinct().count()
    return Found(tuple(_hits(page, versions, on, is_code=is_code)), count)


def _by_code(wanted: str) -> QuerySet[PlaceVersion]:
    """Versions whose code begins with the digits, as a range of whole numbers; the code itself first."""
    if len(wanted) > CODE_DIGITS or wanted.startswith("0"):
        return PlaceVersion.objects.none().annotate(rank=Value(0))
    step = 10 ** (CODE_DIGITS - len(wanted))
    low = int(wanted) * step
    rank = Case(When(code=wanted, then=Value(0)), default=Value(1), output_field=IntegerField())
    return PlaceVersion.objects.filter(code_number__range=(low, low + step - 1)).annotate(rank=rank)


def _by_name(wanted: str) -> QuerySet[PlaceVersion]:
    """Versions whose name contains the text or what is left of it without its ending, with their rank."""
    core = normalise_name(wanted)
    core = core if len(core) >= SHORTEST else wanted
    versions = PlaceVersion.objects.annotate(at=StrIndex("name", Value(wanted)), core_at=StrIndex("name", Value(core)))
    rank = Case(
        When(name=wanted, then=Value(0)),
        When(name__in=_spellings(wanted), then=Value(1)),
        When(name__in=_spellings(core), then=Value(2)),
        When(at=1, then=Value(3)),
        When(core_at=1, then=Value(4)),
        When(at__gt=0, then=Value(5)),
        default=Value(6),
        output_field=IntegerField(),
    )
    # A text of Latin letters is looked for in either case; Han characters have none, and are compared five times faster.
    contains = Q(name__icontains=core) if any(letter.isascii() for letter in core) else Q(core_at__gt=0)
    return versions.filter(contains).annotate(rank=rank)


def _spellings(core: str) -> list[str]:
    """Every way a list writes a place of this short name."""
    return [core, *(core + suffix for suffix in name_words().suffixes)]


def _hits(page: list[int], versions: QuerySet[Any], on: date, *, is_code: bool) -> Iterator[Hit]:
    matched: dict[int, str] = {}
    best_first = versions.filter(place_id__in=page).order_by("rank", "-valid_from", "id")
    for place, name, code in best_first.values_list("place_id", "name", "code"):
        matched.setdefault(place, code if is_code else short_name(name))
    present = rows_of(page, on)
    former = versions_of_all([place for place in page if place not in present])
    for place in page:
        row = present.get(place) or former[place][-1]
        yield Hit(row, matched[place], place not in present or matched[place] not in (row.name, row.code))
