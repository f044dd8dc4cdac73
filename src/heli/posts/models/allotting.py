"""How many posts villages are to get, worked out by the rule of three standards, changed with a reason, accepted by another."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from heli.records import fields
from heli.records.fields import SHOWN, ShownIn
from heli.records.models import LedgerRow, kept, second_person
from heli.records.words import WordEnum

PAGE = frozenset({ShownIn.EXPORT, ShownIn.PAGE})


class AllottingState(WordEnum):
    """How far it is."""

    DRAFT = "draft", "quiet", _("in work")
    PROPOSED = "proposed", "info", _("proposed")
    ACCEPTED = "accepted", "good", _("accepted")
    DROPPED = "dropped", "quiet", _("dropped")


class VillageAllotting(LedgerRow):
    """So many posts kept in all, shared among villages by people, position and difficulty (三个标准).

    `given` is a file of heli.posts/1 by keys of places; `changes` {place: [posts, why]} are what people decided otherwise.
    Invariants: least ≤ most; accepted under a document and from a day, by another person than proposed it.
    """

    title = fields.text(_("Name"), missing=_("Name it."), search=True)
    total = fields.number(_("Posts in all"), most=100_000)
    least = fields.number(_("The fewest of a village"), least=1, most=99, where=PAGE)
    most = fields.number(_("The most of a village"), least=1, most=99, where=PAGE)
    document = fields.text(_("Document"), most=100, required=False, where=SHOWN)
    valid_from = fields.day(_("From"), required=False, where=SHOWN)
    given = models.JSONField()
    changes = models.JSONField(default=dict)
    proposed_by, proposed_on = fields.stamp()
    closed_by, closed_on = fields.stamp()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("allotting", AllottingState),
            models.CheckConstraint(condition=Q(least__lte=F("most")), name="allotting_least_below_most"),
            models.CheckConstraint(
                condition=~Q(status=AllottingState.ACCEPTED) | ~Q(document="") & Q(valid_from__isnull=False),
                name="allotting_accepted_under_document",
            ),
            second_person("allotting_accepted_by_another", "closed", "proposed"),
        ]
