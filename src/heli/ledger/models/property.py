"""Collective property 三资: what is held, counted and verified."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.ledger.catalogues import property_accounts
from heli.records import fields
from heli.records.fields import SHOWN, UNLISTED, ShownIn
from heli.records.models import LedgerRow, kept, second_person, stamped
from heli.records.words import MATTERS_ONLY, WordEnum

NOT_TYPED = frozenset({ShownIn.EXPORT, ShownIn.EXCEL, ShownIn.PAGE})
COUNTED = SHOWN | {ShownIn.EXCEL}
"""Noted on site, or taken in with a list of the clearance."""


class AssetState(WordEnum):
    """How far the clearance of an asset is."""

    LISTED = "listed", "quiet", pgettext_lazy("asset", "listed")
    COUNTED = "counted", "info", pgettext_lazy("asset", "counted")
    VERIFIED = "verified", "info", pgettext_lazy("asset", "verified")
    POSTED = "posted", "warn", pgettext_lazy("asset", "posted")
    CONFIRMED = "confirmed", "good", pgettext_lazy("asset", "confirmed")
    LOCKED = "locked", "good", pgettext_lazy("asset", "locked")


class AssetKind(WordEnum):
    """What an asset serves; only operating ones may be quantified into shares."""

    OPERATING = "operating", "quiet", pgettext_lazy("asset", "operating")
    PUBLIC = "public", "quiet", pgettext_lazy("asset", "public use")
    RESOURCE = "resource", "quiet", pgettext_lazy("asset", "resource")
    UNDETERMINED = "undetermined", "warn", pgettext_lazy("asset", "undetermined")


class CollectiveAsset(LedgerRow):
    """A house, a machine, a pond of a village's collective: listed from the books, counted on site, verified by another person,
    posted, confirmed and locked. Its public id is its code for life: it stays when the holder ends.
    `holder` is whom it was carried to, none for whoever keeps the property of its place.

    Invariants: nothing is worth less than nothing; what was counted otherwise than the books say has its cause; who verified is
    not who counted; each step has its day; locked was confirmed.
    """

    title = fields.text(
        _("Asset or resource"), search=True, help=MATTERS_ONLY, missing=_("Name it as the village does.")
    )
    kind = fields.choice(pgettext_lazy("asset", "Kind"), AssetKind, filter=True)
    account = fields.choice(pgettext_lazy("asset", "Account"), property_accounts, required=False, where=UNLISTED)
    value_fen = fields.money(_("Value in the books"), question=_("Value in the books (yuan)"), start=lambda: 0)
    area_dm2 = fields.area(_("Area"), question=_("Area (mu)"), required=False, where=UNLISTED)
    certificate = fields.text(_("Certificate"), required=False, where=UNLISTED, search=True)
    owner_group = fields.text(
        _("Villagers' group that owns it"), required=False, most=60, where=UNLISTED,
        help=_("Land of a group stays the group's, whatever becomes of the village."),
    )  # fmt: skip
    acquired_on = fields.day(_("Acquired on"), required=False, is_past=True, where=UNLISTED)
    life_months = fields.number(_("Life in months"), required=False, most=1_200, where=UNLISTED)
    residual_fen = fields.money(
        _("Residual value"), question=_("Residual value (yuan)"), required=False, where=UNLISTED
    )
    photo = fields.file(_("Photo"))
    keeper_person, keeper_body = fields.holder("keeper", _("Who keeps it"), where=UNLISTED)
    counted_fen = fields.money(
        _("Value as counted"), question=_("Value as counted (yuan)"), required=False, where=COUNTED
    )
    difference = fields.text(_("Cause of the difference"), required=False, where=NOT_TYPED, help=MATTERS_ONLY)
    holder = models.ForeignKey("ledger.Collective", on_delete=models.PROTECT, null=True, related_name="+")
    counted_by, counted_on = fields.stamp()
    verified_by, verified_on = fields.stamp()
    posted_by, posted_on = fields.stamp()
    confirmed_by, confirmed_on = fields.stamp()
    locked_by, locked_on = fields.stamp()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("asset", AssetState),
            models.CheckConstraint(condition=~Q(title=""), name="asset_named"),
            models.CheckConstraint(condition=Q(kind__in=AssetKind.values), name="asset_kind_known"),
            models.CheckConstraint(
                condition=Q(value_fen__gte=0)
                & (Q(area_dm2__isnull=True) | Q(area_dm2__gte=0))
                & (Q(counted_fen__isnull=True) | Q(counted_fen__gte=0))
                & (Q(residual_fen__isnull=True) | Q(residual_fen__gte=0)),
                name="asset_not_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(counted_fen__isnull=True) | Q(counted_fen=F("value_fen")) | ~Q(difference=""),
                name="asset_difference_has_cause",
            ),
            models.CheckConstraint(
                condition=Q(status=AssetState.LISTED) | Q(counted_fen__isnull=False), name="asset_counted_has_value"
            ),
            second_person("asset_verified_by_another", "verified", "counted"),
            stamped("asset_counted_on_a_day", "counted", list(AssetState)[1:], only=True),
            stamped("asset_verified_on_a_day", "verified", list(AssetState)[2:], only=True),
            stamped("asset_posted_on_a_day", "posted", list(AssetState)[3:], only=True),
            stamped("asset_confirmed_on_a_day", "confirmed", list(AssetState)[4:], only=True),
            stamped("asset_locked_on_a_day", "locked", [AssetState.LOCKED], only=True),
        ]
        indexes = [models.Index(fields=["about", "status"], name="asset_by_state")]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"
