"""Who holds collective property and keeps books of it 核算主体."""

from django.db import models
from django.db.models import Q


class Collective(models.Model):
    """A holder of collective property that keeps books 核算主体: a co-operative, a committee that acts for it (组织法 Art. 64), the
    collective of a villagers' group.

    Who it is stands in its body, whose place it keeps in the body's dated link: it outlives its place. `members` are those of
    its roll. Invariants: a body keeps one set of books; it begins on the first of a month.
    """

    public_id = models.CharField(max_length=12, unique=True)
    body = models.OneToOneField("bodies.Body", on_delete=models.PROTECT, related_name="+")
    members = models.PositiveIntegerField(default=0)
    begins_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(begins_on__day=1), name="collective_begins_with_a_month"),
        ]

    def __str__(self) -> str:
        return self.public_id
