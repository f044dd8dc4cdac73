"""What grid workers settle on the spot, as counts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from heli.kernel.db import AppendOnly
from heli.records.words import WordEnum


class SiteKind(WordEnum):
    """What a grid worker settles on the spot, counted and never described: nothing is noted of persons."""

    HAZARD = "hazard", "good", _("Hazards removed")
    DISPUTE = "dispute", "good", _("Disputes mediated")


class SiteCount(models.Model):
    """Something settled on the spot in a grid worker's round: how many, where, on which day. Of whom it was, nothing is known.

    `by_id` is the worker, for their own diary. `key` is the sending device's. Invariants: at least one; the key is one's own.
    """

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    on = models.DateField()
    count = models.PositiveSmallIntegerField(default=1)
    by_id = models.BigIntegerField(null=True)
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SiteKind.values), name="site_count_kind_known"),
            models.CheckConstraint(condition=Q(count__range=(1, 99)), name="site_count_at_least_one"),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="site_count_taken_once"),
            AppendOnly(name="site_counts_append_only"),
        ]
        indexes = [models.Index(fields=["by_id", "on"], name="site_count_by_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.kind} {self.count}"
