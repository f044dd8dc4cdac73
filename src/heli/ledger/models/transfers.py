"""What a holder has goes to its successor in a merger or a division: decided, signed by three, posted at once, or kept apart."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.ledger.models.holders import Collective
from heli.records import fields
from heli.records.fields import SHOWN, UNLISTED, ShownIn
from heli.records.models import LedgerRow, kept, second_person, stamped
from heli.records.words import MATTERS_ONLY, WordEnum

ON_PAGE = frozenset({ShownIn.PAGE, ShownIn.EXPORT})


class CarryingWay(WordEnum):
    """How the books of a holder go on; each members' assembly decides for its own, delegates cannot (集体经济组织法 Art. 28)."""

    AT_ONCE = "at_once", "quiet", pgettext_lazy("way", "all at once")
    NEGOTIATED = "negotiated", "info", pgettext_lazy("way", "negotiated, with equalisation")
    SHARES = "shares", "info", pgettext_lazy("way", "negotiated, in shares of one fen")
    STEPS = "steps", "info", pgettext_lazy("way", "in dated steps")
    APART = "apart", "quiet", pgettext_lazy("way", "kept apart")


class TransferState(WordEnum):
    """How far a transfer is; it is resolved once: posted, kept apart or voided, and posted may be taken back."""

    OPEN = "open", "quiet", pgettext_lazy("transfer", "to be decided")
    DECIDED = "decided", "info", pgettext_lazy("transfer", "decided")
    GIVEN = "given", "info", pgettext_lazy("transfer", "signed by the giver")
    RECEIVED = "received", "info", pgettext_lazy("transfer", "signed by the receiver")
    SIGNED = "signed", "warn", pgettext_lazy("transfer", "signed by all three")
    POSTED = "posted", "good", pgettext_lazy("transfer", "carried")
    KEPT_APART = "kept_apart", "quiet", pgettext_lazy("transfer", "kept apart")
    VOIDED = "voided", "quiet", pgettext_lazy("transfer", "voided")
    REVERSED = "reversed", "warn", pgettext_lazy("transfer", "taken back")


class Transfer(LedgerRow):
    """What a holder has and owes goes to its successor by an event of the register: its yuan, items, contracts, claims and members,
    each exactly once. `event` is the event's public id, `parts` of a division say who gets how much ({holder: basis points}),
    `assign` which item goes to whom; `proof` is kept with the first of those posted together, `lead` leads to it.

    Invariants: an event moves a holder's books once; giver, receiver and supervisor are three people; what is carried has its
    proof; no more creditors were told than there are.
    """

    title = fields.text(pgettext_lazy("transfer", "Whose books"), search=True)
    event = models.CharField(max_length=24)
    kind = models.CharField(max_length=12)
    giver = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Collective, on_delete=models.PROTECT, null=True, related_name="+")
    goes_to = fields.text(_("Successor"), required=False, where=SHOWN, search=True)
    on = fields.day(_("Holds from"))
    way = fields.choice(pgettext_lazy("transfer", "Way"), CarryingWay, required=False, filter=True)
    decision = fields.text(_("Decision of the members' assembly"), required=False, where=ON_PAGE, help=MATTERS_ONLY)
    votes_for = fields.number(_("Votes for it"), required=False, where=ON_PAGE)
    votes_entitled = fields.number(_("Members entitled to vote"), required=False, where=ON_PAGE)
    parts_text = fields.text(
        _("Who gets how much"), required=False, lines=3, most=1_000, where=ON_PAGE,
        help=_("A line for each successor: its name and the share in hundredths of a percent, together 10000."),
    )  # fmt: skip
    assign_text = fields.text(
        _("Which item goes to whom"), required=False, lines=6, most=60_000, where=ON_PAGE,
        help=_("A line for each item: its code first, the name of the successor last."),
    )  # fmt: skip
    parts = models.JSONField(default=dict)
    assign = models.JSONField(default=dict)
    approved_on = fields.day(_("Approved by the county on"), required=False, where=ON_PAGE)
    creditors = fields.number(_("Creditors"), required=False, where=UNLISTED)
    creditors_told = fields.number(_("Creditors told"), required=False, where=UNLISTED)
    told_on = fields.day(_("Last one told on"), required=False, where=ON_PAGE, is_past=True)
    decided_by, decided_on = fields.stamp()
    given_by, given_on = fields.stamp()
    received_by, received_on = fields.stamp()
    supervised_by, supervised_on = fields.stamp()
    closed_by, closed_on = fields.stamp()
    lead = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    proof = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("transfer", TransferState),
            models.UniqueConstraint(
                fields=["event", "giver"], condition=~Q(status=TransferState.VOIDED), name="transfer_once_an_event"
            ),
            models.CheckConstraint(
                condition=Q(receiver__isnull=True) | ~Q(receiver=F("giver")), name="transfer_goes_to_another"
            ),
            second_person("transfer_received_by_another", "received", "given"),
            second_person("transfer_supervised_by_another", "supervised", "given"),
            second_person("transfer_supervisor_receives_nothing", "supervised", "received"),
            models.CheckConstraint(
                condition=~Q(status=TransferState.POSTED) | ~Q(sha256="") | Q(lead__isnull=False),
                name="transfer_carried_has_proof",
            ),
            models.CheckConstraint(
                condition=Q(creditors_told__isnull=True) | Q(creditors_told__lte=F("creditors")),
                name="transfer_creditors_told",
            ),
            stamped(
                "transfer_signed_by_three", "supervised",
                [TransferState.SIGNED, TransferState.POSTED, TransferState.REVERSED],
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["about", "status"], name="transfer_by_state")]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"
