"""The append-only trail. Rows are written by `audit.services` only and never change."""

from django.db import models

from heli.kernel.db import AppendOnly


class Entry(models.Model):
    """One act: who did what, where, when, with what before and after; chained to the entry before it by hash.

    Invariants: `seq` counts from 1 without gaps; `hash` covers every other field and the previous hash, under the
    installation's key; the database refuses to change or delete a row. `state` stands for all rows that contexts have
    witnessed, as they were after the act; empty where they are not.
    """

    seq = models.BigIntegerField(unique=True)
    at = models.DateTimeField(db_index=True)
    actor_id = models.BigIntegerField(null=True, db_index=True)
    actor_name = models.CharField(max_length=150)
    what = models.CharField(max_length=80, db_index=True)
    place_id = models.BigIntegerField(null=True, db_index=True)
    subject = models.CharField(max_length=120, blank=True, db_index=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    state = models.CharField(max_length=64, blank=True, default="")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="entry_counts_from_one"),
            models.UniqueConstraint(fields=["previous_hash"], name="entry_chain_never_forks"),
            AppendOnly(name="entry_append_only"),
        ]

    def __str__(self) -> str:
        return f"#{self.seq} {self.what}"


class WitnessPage(models.Model):
    """Keyed tags of 256 rows of a witnessed table, eight bytes each, by the rows' keys; zeros where there is no row.

    Invariant: one page per table and number. Written past the ORM, by `audit.witnessing` only.
    """

    relation = models.CharField(max_length=63)
    number = models.BigIntegerField()
    tags = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["relation", "number"], name="witness_page_once")]

    def __str__(self) -> str:
        return f"{self.relation} {self.number}"


class WitnessRoot(models.Model):
    """The keyed sum over the pages of a witnessed table, and which columns were witnessed. Invariant: one per table."""

    relation = models.CharField(max_length=63, unique=True)
    shape = models.TextField()
    total = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.relation
