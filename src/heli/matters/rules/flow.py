"""What the moves of a matter mean beyond their table: the stages of GB/T 30428, orders sent back and forth."""

from collections.abc import Mapping, Sequence

STAGES: Mapping[str, str] = {
    "collected": "collecting",
    "refused": "filing",
    "filed": "filing",
    "merged": "filing",
    "whistled": "handling",
    "handled": "checking",
    "checked": "feedback",
    "told": "feedback",
    "called": "evaluating",
    "doubted": "evaluating",
    "closed": "evaluating",
}
"""The stage of GB/T 30428 (信息收集、案件建立、任务派遣、任务处理、核查结案、处理反馈、综合评价) a state belongs to; a filed
matter with an item waits in dispatch."""


def is_back_and_forth(asked: Sequence[int], given_back: Sequence[int], wanted: int) -> bool:
    """Whether whistling `wanted` would send a matter A→B→A: it gave the matter back already, and others were asked since.

    `asked` are the departments whistled so far in order, `given_back` those whose return was accepted or who handed it on.
    """
    return wanted in given_back and wanted in asked and asked[-1] != wanted
