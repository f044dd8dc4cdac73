"""Sharing posts among villages: worked out, proposed, accepted by another person under a document."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from heli.kernel.access import Actor
from heli.kernel.faults import Fault
from heli.posts.models import AllottingState, VillageAllotting
from heli.posts.rules.allotting import FACTORS, WHOLE, Allotment, PostsToAllot, allot
from heli.posts.rules.sharing import VillageShare, check_shares, shares_of
from heli.posts.texts import as_fault
from heli.records.ledgers import Ledger, Move, Values, Wording

READ, KEEP, ACCEPT = "posts.read", "posts.keep", "posts.accept"
S = AllottingState


def asked_of(row: Any, **more: int) -> PostsToAllot:
    """What a row asks the rule, with other totals where they are given."""
    weights = {}
    for place in row.given["places"]:
        weight = int(place["people"])
        for factor in FACTORS:
            weight *= WHOLE + int(row.given[f"{factor}_bp"][place[factor]])
        weights[place["id"]] = weight
    return PostsToAllot(**{"total": row.total, "least": row.least, "most": row.most, **more}, weights=weights)


def worked_out(row: Any, **more: int) -> tuple[Allotment, list[VillageShare]]:
    """What the rule gives, and every village after the changes."""
    allotment = allot(asked_of(row, **more))
    return allotment, shares_of(allotment, {place: (posts, why) for place, (posts, why) in row.changes.items()})


def adds_up(_actor: Actor, row: Any, _values: Values, _on: date) -> Iterable[Fault]:
    """It can be kept, and changes leave the total as it is."""
    allotment, shares = worked_out(row)
    return [as_fault(one) for one in check_shares(row.total, allotment, shares)]


ALLOTTINGS = Ledger(
    name="allottings", model=VillageAllotting, states=AllottingState, reads=READ, enters="", title="title", done=S.ACCEPTED,
    icon="chart", entry="post:home", begins=("post:share", KEEP), row_template="posts/allotting.html",
    words=Wording(
        tab=_("How many posts"), one=_("Sharing of posts"), new=_("Share posts"), take_in="",
        empty=_("Posts were not shared yet"),
        empty_text=_("So many posts in all go to villages by their people, position and difficulty."),
        replaces=_("table of posts by village (村级职数核定表)"), replaces_row=_("table of posts by village (村级职数核定表)"),
    ),
    says={"changed": _("changed"), "numbers": _("other numbers")},
    moves=(
        Move(
            name="propose", did="proposed", right=KEEP, sources=(S.DRAFT,), to=S.PROPOSED, stamp="proposed",
            card=_("Propose it"), button=_("Propose"), icon="check", is_main=True, guard=adds_up, happened=_("proposed"),
        ),
        Move(
            name="accept", did="accepted", right=ACCEPT, sources=(S.PROPOSED,), to=S.ACCEPTED, stamp="closed", never="proposed",
            asks=("document", "valid_from"), needs=("document", "valid_from"), card=_("Accept it"), button=_("Accept"),
            icon="check", is_main=True, guard=adds_up, happened=_("accepted"), waits=_("Another person accepts it."),
            help=_("From this day on every village has these posts: they become quotas."),
        ),
        Move(
            name="give_back", did="given_back", right=ACCEPT, sources=(S.PROPOSED,), to=S.DRAFT, never="proposed",
            clears=("proposed",), card=_("Accept it"), button=_("Give it back"), reason=_("Reason"), is_folded=True,
            happened=_("given back"),
        ),
        Move(
            name="drop", did="dropped", right=KEEP, sources=(S.DRAFT,), to=S.DROPPED, card=_("It is not needed any more"),
            button=_("Drop it"), reason=_("Reason"), is_folded=True, happened=_("dropped"),
        ),
    ),
)  # fmt: skip
