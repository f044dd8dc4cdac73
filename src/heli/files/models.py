"""Files kept as they came: lists, evidence, documents. The content lies in a folder under its hash."""

from django.db import models
from django.db.models import Q


class StoredFile(models.Model):
    """A file somebody gave, with the hash of its content, and who may fetch it: those who may do `action` at the place.

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

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(size__gte=0), name="stored_file_size_not_negative")]

    def __str__(self) -> str:
        return self.name
