"""Organisations, teams, persons in office, and their dated links to places.

Persons appear here as office-holders, staff and volunteers only: a name and an office, no more.
"""

from django.db import models
from django.db.models import Q

from heli.bodies.types import EXCLUSIVE, JOINT, BodyKind, LinkKind
from heli.kernel.db import PeriodsDoNotOverlap, period_runs_forward


class Body(models.Model):
    """An organisation or team with a life of its own: a department, a cooperative, a work group. Its place is where it
    belongs, and whose officers keep it."""

    public_id = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in BodyKind])
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            period_runs_forward("body_period_forward"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in BodyKind]), name="body_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="body_named"),
            models.UniqueConstraint(
                fields=["place", "name"], condition=Q(valid_to__isnull=True), name="body_once_in_place"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """A person in an office of a body, for a time. The same human in two offices is two rows: no profile is kept."""

    public_id = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    office = models.CharField(max_length=120)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            period_runs_forward("person_period_forward"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(office=""), name="person_named_with_office"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.office}"


class BodyLink(models.Model):
    """A body or a person is linked to a place for a time: answers for it, heads its area, or is assigned to it.

    Invariants: exactly one of body and person; one `responsible` and one `area_lead` per place at a time; nobody holds
    the same link to the same place twice at once; a body keeps the property of one place at a time.
    """

    public_id = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in LinkKind])
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    document_number = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            period_runs_forward("link_period_forward"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in LinkKind]), name="link_kind_known"),
            models.CheckConstraint(
                condition=Q(body__isnull=True, person__isnull=False) | Q(body__isnull=False, person__isnull=True),
                name="link_one_holder",
            ),
            *(
                PeriodsDoNotOverlap(fields=("place",), condition=Q(kind=kind.value), name=f"link_one_{kind.value}")
                for kind in EXCLUSIVE
            ),
            PeriodsDoNotOverlap(
                fields=("place", "body"), condition=Q(kind=LinkKind.VILLAGE_LINK.value), name="link_body_once"
            ),
            PeriodsDoNotOverlap(fields=("body",), condition=Q(kind=LinkKind.PROPERTY.value), name="link_property_once"),
            *(
                PeriodsDoNotOverlap(
                    fields=("place", holder), condition=Q(kind=kind.value), name=f"link_{kind.value}_{holder}_once"
                )
                for kind in JOINT
                for holder in ("body", "person")
            ),
            PeriodsDoNotOverlap(
                fields=("place", "person"), condition=Q(kind=LinkKind.VILLAGE_LINK.value), name="link_person_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"
