"""Numbers that cannot be beside each other, in one sentence: of the server, and of the browser that follows what is typed.

`kernel.relations` says what is declared, `js/live.js` mirrors it on a form with `data-relations`.
"""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from heli.kernel.faults import Fault
from heli.kernel.relations import SaidRelation


def impossible(said: SaidRelation) -> str:
    """What is said of a relation that is broken; {a} and {b} are the sums of its sides."""
    if said.is_of_days:
        text = _("{left} ({a}) has to be before {right} ({b}).")
        return said.sentence(text if said.relation.is_strict else _("{left} ({a}) cannot be after {right} ({b})."))
    if said.relation.is_strict:
        return said.sentence(_("{left} ({a}) has to be less than {right} ({b})."))
    return said.sentence(_("{left} ({a}) cannot be more than {right} ({b})."))


def check_numbers(relations: Sequence[SaidRelation], values: Mapping[str, int]) -> list[Fault]:
    """What cannot be, each at the page's first field of it that was filled in."""
    found = []
    for said in relations:
        if said.relation.is_broken(values):
            first = next(name for name in said.relation.names if name in values)
            message = said.filled(impossible(said), values)
            found.append(Fault("numbers_impossible", message, field=said.marks.get(first, first)))
    return found


def followed(relations: Sequence[SaidRelation]) -> list[dict[str, object]]:
    """The relations as the browser follows them."""
    return [said.as_json(impossible(said)) for said in relations]
