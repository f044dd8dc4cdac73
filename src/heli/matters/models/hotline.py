"""Hotlines of others, and which matters they know too."""

from django.db import models
from django.db.models import Q

from heli.kernel.ids import new_public_id
from heli.matters.models.matter import Matter


class Hotline(models.Model):
    """A city's hotline that speaks GeoReport v2: its matters are taken here, answers go back, matters are sent on.

    `fallback` is the town or village for what names no place; `read_until` the moment up to which its requests were taken.
    Invariant: a name is connected once at a time.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id)
    name = models.CharField(max_length=60)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    fallback = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    server = models.CharField(max_length=200)
    jurisdiction = models.CharField(max_length=80, blank=True)
    sealed = models.TextField(blank=True)
    read_until = models.DateTimeField()
    connected_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(ended_on__isnull=True), name="hotline_connected_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(server=""), name="hotline_named_with_address"),
        ]

    def __str__(self) -> str:
        return self.name


class HotlineLink(models.Model):
    """A matter that a hotline knows too: under which id there, whether it came from here, which answer was told last,
    it by us or (of what was sent) us by it.

    While what was sent has no id there (`foreign` empty), nothing is taken from that hotline. Invariants: a foreign id is taken
    once; a matter is linked with a hotline once, so that what came from it is never sent to it.
    """

    hotline = models.ForeignKey(Hotline, on_delete=models.PROTECT, related_name="links")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    foreign = models.CharField(max_length=120, blank=True)
    is_ours = models.BooleanField(default=False)
    told = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hotline", "foreign"], condition=~Q(foreign=""), name="hotline_link_taken_once"
            ),
            models.UniqueConstraint(fields=["hotline", "matter"], name="hotline_link_once_per_matter"),
            models.CheckConstraint(condition=Q(is_ours=True) | ~Q(foreign=""), name="hotline_link_came_with_its_id"),
        ]

    def __str__(self) -> str:
        return f"{self.hotline} {self.foreign}"
