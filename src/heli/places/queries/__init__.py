"""Reads of the register: who may see which place, how it stood on a day, what came before and after it, its figures."""

from heli.places.queries.asof import (
    children_of,
    codes_ever,
    counts_on,
    districts,
    names_at,
    neighbours_on,
    places_by_code,
    places_on,
    rows_of,
    towns_of,
    valid_on,
    version_on,
    versions_of,
    villages_of,
)
from heli.places.queries.facts import fact_dates, facts_of, facts_on
from heli.places.queries.lineage import (
    events_in,
    events_of,
    find_event,
    lineage_of,
    predecessors,
    successors,
)
from heli.places.queries.restating import Restated, restate, restate_ratio, restated_series
from heli.places.queries.scope import find, in_scope, is_within, stands_within
from heli.places.queries.searching import Hit, search

__all__ = [
    "Hit",
    "Restated",
    "children_of",
    "codes_ever",
    "counts_on",
    "districts",
    "events_in",
    "events_of",
    "fact_dates",
    "facts_of",
    "facts_on",
    "find",
    "find_event",
    "in_scope",
    "is_within",
    "lineage_of",
    "names_at",
    "neighbours_on",
    "places_by_code",
    "places_on",
    "predecessors",
    "restate",
    "restate_ratio",
    "restated_series",
    "rows_of",
    "search",
    "stands_within",
    "successors",
    "towns_of",
    "valid_on",
    "version_on",
    "versions_of",
    "villages_of",
]
