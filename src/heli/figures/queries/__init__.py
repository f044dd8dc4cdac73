"""Reads of figures: values of places, the rows behind them, snapshots, published figures."""

from heli.figures.queries.claims import Compared, claim_of, claims_in_scope, compare, find_claim, flags_of
from heli.figures.queries.evaluating import Evaluation, evaluate, roll_up, rows_behind, rows_of_places, visible_places
from heli.figures.queries.snapshots import (
    Corrected,
    Difference,
    HistoryLine,
    SnapshotVerdict,
    corrected_rows,
    definition,
    differences,
    find_snapshot,
    history,
    latest_before,
    snapshots_in_scope,
    snapshots_of,
    stored_values,
    verify,
)

__all__ = [
    "Compared",
    "Corrected",
    "Difference",
    "Evaluation",
    "HistoryLine",
    "SnapshotVerdict",
    "claim_of",
    "claims_in_scope",
    "compare",
    "corrected_rows",
    "definition",
    "differences",
    "evaluate",
    "find_claim",
    "find_snapshot",
    "flags_of",
    "history",
    "latest_before",
    "roll_up",
    "rows_behind",
    "rows_of_places",
    "snapshots_in_scope",
    "snapshots_of",
    "stored_values",
    "verify",
    "visible_places",
]
