"""Which matters became a problem of the place: a thing that is not settled by mending it once."""

from django.db import models

from heli.matters.models.matter import Matter


class MatterLift(models.Model):
    """A matter that was lifted into the problem ledger 问题台账, alone or with others of one theme. Invariant: once."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="+")
    problem = models.ForeignKey("problems.Problem", on_delete=models.PROTECT, related_name="+")
    lifted_on = models.DateField()
    lifted_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.matter} → {self.problem}"
