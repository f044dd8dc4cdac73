"""What the kit remembers for a while about forms that arrived: no part of the record, swept by the clock.

Both tables are `is_passing`: they have no trail (`audit.guard`), are in no backup, and keep digests instead of what was sent.
"""

from typing import ClassVar

from django.db import models


class Arrival(models.Model):
    """A form that arrived with its token: where its sender went when it was done; the key admits no second one."""

    is_passing: ClassVar[bool] = True

    key = models.CharField(max_length=64, primary_key=True)
    content = models.CharField(max_length=64)
    begun_at = models.DateTimeField(db_index=True)
    is_done = models.BooleanField(default=False)
    location = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.begun_at:%Y-%m-%d %H:%M}"


class Attempt(models.Model):
    """Somebody tried something of which only so much is let through: a digest of who and what, and when."""

    is_passing: ClassVar[bool] = True

    key = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="attempt_by_key")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.at:%Y-%m-%d %H:%M}"
