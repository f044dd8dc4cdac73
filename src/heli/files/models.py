"""Files kept as they came: lists, evidence, documents. The content lies in a folder under its hash."""

from datetime import date

from django.db import models
from django.db.models import Q


class StoredFile(models.Model):
    """A file somebody gave, with the hash of its content, and who may fetch it: those who may do `action` at the place,
    unless a higher context that keeps rows of one organisation there says that they may not (`files.queries.find_file`).

    Invariant: the content under `sha256` is never changed; two rows with one hash share it.
    """

    public_id = models.CharField(max_length=12, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    action = models.CharField(max_length=80)
    # No foreign key: places stand above files.
    place_id = models.BigIntegerField(null=True, db_index=True)
    stored_at = models.DateTimeField()
    stored_by_id = models.BigIntegerField(null=True)

    taken_on: date | None = None
    """No column: the day that a photo just stored said it was taken, a suggestion for a form; None when read again."""

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(size__gte=0), name="stored_file_size_not_negative")]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """A file on its way: somebody sends it piece by piece over a weak network, for a purpose they may do at a place.

    How much has arrived is the length of its partial file, so that a piece costs no row. Whoever has no account holds a token,
    kept here as its SHA-256. Invariants: it is taken into a `StoredFile` once or dropped when its time ended, never both; its
    size is known from the start; it is a person's or a token's.
    """

    public_id = models.CharField(max_length=24, unique=True)
    # No foreign keys: accounts and places stand above files.
    actor_id = models.BigIntegerField(null=True)
    token = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=80)
    place_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="upload_size_positive"),
            models.CheckConstraint(
                condition=Q(file__isnull=True, taken_at__isnull=True) | Q(file__isnull=False, taken_at__isnull=False),
                name="upload_taken_into_a_file",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(dropped_at__isnull=True), name="upload_taken_or_dropped"
            ),
            models.UniqueConstraint(fields=["file"], name="upload_file_once"),
            models.CheckConstraint(
                condition=Q(actor_id__isnull=False, token="") | (Q(actor_id__isnull=True) & ~Q(token="")),
                name="upload_of_person_or_token",
            ),
        ]
        indexes = [
            models.Index(
                fields=["actor_id"],
                condition=Q(taken_at__isnull=True, dropped_at__isnull=True),
                name="upload_open_by_actor",
            )
        ]

    def __str__(self) -> str:
        return self.name
