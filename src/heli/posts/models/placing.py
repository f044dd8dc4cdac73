"""Where those go who hold a post when villages are merged: each stays, leaves, moves or starts a business (四个一批)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.posts.catalogues import kind_words
from heli.posts.models.offices import Holding
from heli.records import fields
from heli.records.fields import SHOWN, ShownIn
from heli.records.models import LedgerRow, kept, second_person, stamped
from heli.records.words import WordEnum

PAGE = frozenset({ShownIn.EXPORT, ShownIn.PAGE})


class PlacingOutcome(WordEnum):
    """The four placements."""

    LEAVES = "leaves", "quiet", _("leaves")
    STAYS = "stays", "good", _("stays")
    MOVES = "moves", "info", _("moves")
    BUSINESS = "business", "quiet", _("starts a business")


class PlacingState(WordEnum):
    """How far a placement is."""

    OPEN = "open", "warn", _("undecided")
    DECIDED = "decided", "info", pgettext_lazy("placing", "decided")
    SETTLED = "settled", "good", pgettext_lazy("placing", "settled")


class Placement(LedgerRow):
    """Somebody who held a regular post the day before villages change, and the one of four ways in which they go on.

    `before` is the post then, `after` the one afterwards of whoever stays or moves. `on` is the day of the change.
    Invariants: one for each holder; decided in one way; settled by another person; a post afterwards only of whoever stays or
    moves, and one person's; pay kept for a term only of whoever leaves.
    """

    office = fields.text(_("Post before"), where=SHOWN, search=True)
    kind = fields.choice(_("Kind of post"), kind_words, where=PAGE)
    on = fields.day(_("Day of the change"), where=PAGE)
    outcome = fields.choice(_("Placement"), PlacingOutcome, required=False, where=SHOWN, filter=True)
    pay_kept_until = fields.day(
        _("Pay kept until"), required=False, where=SHOWN, help=_("One term at most, of whoever leaves.")
    )
    new_office = fields.text(_("Post afterwards"), required=False, where=SHOWN)
    before = models.OneToOneField(Holding, on_delete=models.PROTECT, related_name="+")
    after = models.OneToOneField(Holding, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by, decided_on = fields.stamp()
    closed_by, closed_on = fields.stamp()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("placement", PlacingState),
            models.CheckConstraint(
                condition=Q(status=PlacingState.OPEN, outcome="")
                | ~Q(status=PlacingState.OPEN) & Q(outcome__in=PlacingOutcome.values),
                name="placement_in_one_way",
            ),
            second_person("placement_settled_by_another", "closed", "decided"),
            stamped("placement_settled_on_a_day", "closed", [PlacingState.SETTLED], only=True),
            models.CheckConstraint(
                condition=Q(after__isnull=True) | Q(outcome__in=[PlacingOutcome.STAYS, PlacingOutcome.MOVES]),
                name="placement_after_of_who_goes_on",
            ),
            models.CheckConstraint(
                condition=Q(pay_kept_until__isnull=True) | Q(outcome__in=[PlacingOutcome.LEAVES, PlacingOutcome.BUSINESS]),
                name="placement_pay_of_who_leaves",
            ),
        ]  # fmt: skip
