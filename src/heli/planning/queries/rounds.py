"""Comment rounds and opinions."""

from collections.abc import Sequence

from django.db.models import QuerySet

from heli.planning.models import CommentRound, Opinion, Scenario


def round_by_address(public_id: str) -> CommentRound | None:
    """A comment round by its unguessable address: what everybody may read."""
    return (
        CommentRound.objects.select_related("scenario__inputs", "run")
        .defer("scenario__inputs__material")
        .filter(public_id=public_id)
        .first()
    )


def rounds_of(scenario: Scenario) -> list[CommentRound]:
    """The scenario's comment rounds, newest first."""
    return list(CommentRound.objects.filter(scenario=scenario))


def opinions_of(comment_round: CommentRound, visible: frozenset[int] | None = None) -> QuerySet[Opinion]:
    """Opinions of a round, on visible villages only."""
    found = Opinion.objects.filter(round=comment_round)
    return found if visible is None else found.filter(village_id__in=visible)


def opinion_counts(rounds: Sequence[CommentRound], visible: frozenset[int] | None = None) -> dict[int, tuple[int, int]]:
    """Per round: opinions received and answered, in one query."""
    counts = {one.pk: [0, 0] for one in rounds}
    found = Opinion.objects.filter(round__in=rounds)
    if visible is not None:
        found = found.filter(village_id__in=visible)
    for key, answered_at in found.values_list("round_id", "answered_at"):
        counts[key][0] += 1
        counts[key][1] += answered_at is not None
    return {key: (received, answered) for key, (received, answered) in counts.items()}
