"""Writes of the register: the only code that changes its rows."""

from heli.places.services.bulk import (
    insert_event_rows,
    insert_fact_rows,
    insert_place_rows,
    insert_version_rows,
    new_public_ids,
    reserve_ids,
)
from heli.places.services.events import check_events, record_event, record_events, reverse_event, reverse_events
from heli.places.services.facts import record_facts, take_back_facts
from heli.places.services.groups import GroupSpec, add_groups, cells_within
from heli.places.services.neighbours import NeighbourSpec, edit_neighbour, end_neighbour, replace_computed_neighbours
from heli.places.services.outlines import add_outline
from heli.places.services.places import add_source, change_version, create_place

__all__ = [
    "GroupSpec",
    "NeighbourSpec",
    "add_groups",
    "add_outline",
    "add_source",
    "cells_within",
    "change_version",
    "check_events",
    "create_place",
    "edit_neighbour",
    "end_neighbour",
    "insert_event_rows",
    "insert_fact_rows",
    "insert_place_rows",
    "insert_version_rows",
    "new_public_ids",
    "record_event",
    "record_events",
    "record_facts",
    "replace_computed_neighbours",
    "reserve_ids",
    "reverse_event",
    "reverse_events",
    "take_back_facts",
]
