"""What every row of a ledger has, and the two tables that all ledgers share: what happened to a row, what shows it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext_lazy as _

from heli.kernel.db import AppendOnly
from heli.records import fields
from heli.records.words import WordEnum


class LedgerRow(models.Model):
    """A row of a ledger: about a place of a district, within something that is open (`about`: the public id of a campaign, a
    matter, an election, or of the district itself), numbered there from 1 without gaps.

    A room adds its columns (`records.fields`) and its constraints (`kept` among them). `town` is the township of the place when
    the row was entered, none for a matter of the whole district.
    """

    public_id = models.CharField(max_length=12, unique=True)
    about = models.CharField(max_length=24)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    place = fields.place(_("Place"), head=_("Village or code"), search=True)
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=16)
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["number"]

    def __str__(self) -> str:
        return f"#{self.number}"


def kept(name: str, states: type[WordEnum]) -> list[Any]:
    """The constraints that every ledger has: numbered once, in a known state."""
    return [
        models.UniqueConstraint(fields=["about", "number"], name=f"{name}_numbered_once"),
        models.CheckConstraint(condition=Q(status__in=[one.value for one in states]), name=f"{name}_status_known"),
    ]


def urgency(ended: Sequence[str], *, has_due_day: bool = True) -> list[OrderBy]:
    """The order of a ledger's list: open rows first, the earliest due on top, then as numbered; none waits in `ended` states."""
    is_over = Case(When(status__in=list(ended), then=Value(1)), default=Value(0), output_field=models.IntegerField())
    waits = ~Q(status__in=list(ended)) & Q(due_on__isnull=False)
    due = Case(When(waits, then=F("due_on")), default=Value(date.max), output_field=models.DateField())
    return [is_over.asc(), *([due.asc()] if has_due_day else []), F("number").asc()]


def urgent(name: str, ended: Sequence[WordEnum]) -> models.Index:
    """The index of that order within what rows are about, for ledgers that grow long."""
    return models.Index(F("about"), *urgency([state.value for state in ended]), name=name)


def one_holder(name: str, prefix: str) -> models.CheckConstraint:
    """A person or an organisation is charged, not both."""
    both = Q(**{f"{prefix}_person__isnull": True}) | Q(**{f"{prefix}_body__isnull": True})
    return models.CheckConstraint(condition=both, name=name)


def second_person(name: str, second: str, first: str) -> models.CheckConstraint:
    """Whoever took the first step (its stamp's name) has not taken the second."""
    other = (
        Q(**{f"{second}_by__isnull": True})
        | Q(**{f"{first}_by__isnull": True})
        | ~Q(**{f"{second}_by": F(f"{first}_by")})
    )
    return models.CheckConstraint(condition=other, name=name)


def stamped(name: str, stamp: str, states: Sequence[WordEnum], *, only: bool = False) -> models.CheckConstraint:
    """In these states the step has its day; with `only`, in no other."""
    inside, has_day = Q(status__in=[one.value for one in states]), Q(**{f"{stamp}_on__isnull": False})
    return models.CheckConstraint(condition=(inside & has_day) | (~inside & (~has_day if only else Q())), name=name)


class Event(models.Model):
    """Something that happened to a row of a ledger: who did what, when, and where it stood after it. Never changed.

    `ledger` and `row` (its public id) name the row, `about` what it is about. Invariant: it says what and where it stood.
    """

    ledger = models.CharField(max_length=40)
    row = models.CharField(max_length=12)
    about = models.CharField(max_length=24)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    did = models.CharField(max_length=20)
    status = models.CharField(max_length=16)
    due_on = models.DateField(null=True)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    by_name = models.CharField(max_length=150)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["row", "id"], name="record_event_of_row")]
        constraints = [
            models.CheckConstraint(condition=~Q(row="") & ~Q(did="") & ~Q(status=""), name="record_event_says_what"),
            AppendOnly(name="record_event_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.row} {self.did}"


class LedgerEvidence(models.Model):
    """A file or a note that shows how the matter of a row was settled. Never changed. Invariant: one of both at least."""

    ledger = models.CharField(max_length=40)
    row = models.CharField(max_length=12, db_index=True)
    about = models.CharField(max_length=24)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    on = models.DateField()
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(condition=Q(file__isnull=False) | ~Q(note=""), name="record_evidence_not_empty"),
            AppendOnly(name="record_evidence_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.row} {self.on}"
