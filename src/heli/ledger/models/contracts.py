"""Contracts about collective property 合同: who uses what, for how much, until when. Never persons."""

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.records import fields
from heli.records.fields import SHOWN, UNLISTED
from heli.records.models import LedgerRow, kept, second_person, stamped
from heli.records.words import MATTERS_ONLY, WordEnum

NO_PERSONS = _("Organisations by name; a person only as the number of the household.")


class ContractState(WordEnum):
    """How far a contract is: taken in, compared with its paper, verified by another person, ended."""

    TAKEN_IN = "taken_in", "quiet", pgettext_lazy("contract", "taken in")
    COMPARED = "compared", "info", pgettext_lazy("contract", "compared with the paper")
    VERIFIED = "verified", "good", pgettext_lazy("contract", "running")
    ENDED = "ended", "quiet", pgettext_lazy("contract", "ended")


class ContractKind(WordEnum):
    """What kind of right to use a contract gives; how long the law lets it last stands in `data/contracts.toml`."""

    LEASE = "lease", "quiet", pgettext_lazy("contract", "lease")
    LAND = "land", "quiet", pgettext_lazy("contract", "land contract")
    GRASSLAND = "grassland", "quiet", pgettext_lazy("contract", "grassland contract")
    WOODLAND = "woodland", "quiet", pgettext_lazy("contract", "woodland contract")
    PASSED_ON = "passed_on", "quiet", pgettext_lazy("contract", "use of land passed on")
    OTHER = "other", "quiet", pgettext_lazy("contract", "other")


class PartyKind(WordEnum):
    """Whom a contract is with; land goes to outsiders by two thirds of the assembly and with the town (承包法 52)."""

    MEMBER = "member", "quiet", pgettext_lazy("party", "a member of the collective")
    OUTSIDER = "outsider", "info", pgettext_lazy("party", "an outsider")


class CollectiveContract(LedgerRow):
    """A contract of a village's collective: who uses what, for how much a year, until when.

    `told_days`: the nearest alert before its end that was sent. `holder`: whom it was carried to, none for whoever keeps the
    property of its place.

    Invariants: it ends after it begins; no more votes than entitled; no amount is below zero; who verified it is not who compared
    it with the paper.
    """

    title = fields.text(
        pgettext_lazy("contract", "What is used"), search=True, missing=_("Name what is used."),
        help=_("The asset or the land, as the register of assets calls it."),
    )  # fmt: skip
    kind = fields.choice(pgettext_lazy("contract", "Kind of right"), ContractKind, filter=True)
    object_code = fields.text(
        _("Code of the asset"), most=12, required=False, where=UNLISTED, search=True,
        help=_("It stands on the label and the page of the asset."),
    )  # fmt: skip
    area_dm2 = fields.area(_("Area"), question=_("Area (mu)"), required=False, where=UNLISTED)
    party = fields.text(_("With whom"), search=True, help=NO_PERSONS)
    party_kind = fields.choice(pgettext_lazy("party", "Who that is"), PartyKind, required=False, where=UNLISTED)
    begins_on = fields.day(_("Begins on"), where=UNLISTED, start=localdate)
    due_on = fields.day(_("Ends on"))
    rent_fen = fields.money(_("Rent a year"), question=_("Rent a year (yuan)"))
    price_steps = fields.text(
        _("Steps of the rent"), required=False, most=400, where=UNLISTED, example="2028-01-01 1200.00",
        help=_("From which day how many yuan a year, such as: 2028-01-01 1200.00; 2030-01-01 1350.00"),
    )  # fmt: skip
    deposit_fen = fields.money(_("Deposit"), question=_("Deposit (yuan)"), required=False, where=UNLISTED)
    arrears_fen = fields.money(_("Arrears"), question=_("Arrears (yuan)"), required=False)
    decision = fields.text(_("Decision and bidding record"), required=False, where=UNLISTED)
    votes_for = fields.number(_("Votes for it"), required=False, where=UNLISTED)
    votes_entitled = fields.number(_("Of how many entitled"), required=False, where=UNLISTED)
    approval = fields.text(_("Approval of the town"), required=False, where=UNLISTED, help=MATTERS_ONLY)
    within_until = fields.day(
        _("Last day of the land contract it rests on"), required=False, where=UNLISTED,
        help=_("Use of land is passed on within the remaining term."),
    )  # fmt: skip
    paper = fields.file(_("The paper"))
    photo = fields.file(_("Photo"))
    void_from = fields.day(_("Void from"), required=False, where=SHOWN)
    holder = models.ForeignKey("ledger.Collective", on_delete=models.PROTECT, null=True, related_name="+")
    compared_by, compared_on = fields.stamp()
    verified_by, verified_on = fields.stamp()
    closed_by, closed_on = fields.stamp()
    told_days = models.PositiveSmallIntegerField(null=True)

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("contract", ContractState),
            models.CheckConstraint(condition=~Q(title="") & ~Q(party=""), name="contract_named_with_party"),
            models.CheckConstraint(condition=Q(kind__in=ContractKind.values), name="contract_kind_known"),
            models.CheckConstraint(condition=Q(due_on__gte=F("begins_on")), name="contract_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(rent_fen__gte=0)
                & (Q(deposit_fen__isnull=True) | Q(deposit_fen__gte=0))
                & (Q(arrears_fen__isnull=True) | Q(arrears_fen__gte=0)),
                name="contract_not_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(votes_for__isnull=True)
                | Q(votes_for__gte=0) & Q(votes_entitled__isnull=False, votes_for__lte=F("votes_entitled")),
                name="contract_votes_of_entitled",
            ),
            second_person("contract_verified_by_another", "verified", "compared"),
            stamped("contract_compared_on_a_day", "compared", list(ContractState)[1:], only=True),
            stamped("contract_verified_on_a_day", "verified", list(ContractState)[2:], only=True),
            stamped("contract_closed_on_a_day", "closed", [ContractState.ENDED], only=True),
        ]
        indexes = [models.Index(fields=["about", "status", "due_on"], name="contract_by_end")]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"
