"""Planning's reads: scenarios in scope, what an actor sees of one, the register as material for a plan."""

from heli.planning.queries.decided import Decided, OpinionLine, decided_on, opinion_lines
from heli.planning.queries.mergers import PlannedUnit, units_of, villages_by_town
from heli.planning.queries.register import POPULATION, read_material, register_state
from heli.planning.queries.rounds import opinion_counts, opinions_of, round_by_address, rounds_of
from heli.planning.queries.scenarios import (
    Drift,
    Standing,
    drift_of,
    find_run,
    find_scenario,
    pinned,
    result_of,
    rules_of,
    scenarios_in_scope,
    sees_whole,
    standing,
    standing_of_run,
    stored_material,
    stored_result,
    unique_name,
    visible_villages,
)

__all__ = [
    "POPULATION",
    "Decided",
    "Drift",
    "OpinionLine",
    "PlannedUnit",
    "Standing",
    "decided_on",
    "drift_of",
    "find_run",
    "find_scenario",
    "opinion_counts",
    "opinion_lines",
    "opinions_of",
    "pinned",
    "read_material",
    "register_state",
    "result_of",
    "round_by_address",
    "rounds_of",
    "rules_of",
    "scenarios_in_scope",
    "sees_whole",
    "standing",
    "standing_of_run",
    "stored_material",
    "stored_result",
    "unique_name",
    "units_of",
    "villages_by_town",
    "visible_villages",
]
