"""Proposals posted for comment."""

from datetime import date

from django.db.models import QuerySet

from heli.planning.models import Posting


def open_postings(on: date) -> QuerySet[Posting]:
    """Those whose notice waits or hangs on the day."""
    return Posting.objects.filter(notice__last_on__gte=on).exclude(notice__taken_down_on__lte=on)


def find_posting(**key: int | str) -> Posting | None:
    """What stands behind a notice (`notice_id`, or its unguessable address `notice__public_id`), with the plan it shows."""
    found = Posting.objects.filter(**key).select_related("notice", "scenario__inputs", "run")
    return found.defer("scenario__inputs__material").first()
