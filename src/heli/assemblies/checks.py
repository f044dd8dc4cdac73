"""Invariants of assemblies that no constraint can say; asked by `heli check`. Reads only."""

from collections.abc import Iterator

from django.db.models import F, Q
from django.utils.translation import gettext as _

from heli.assemblies.models import Sitting
from heli.assemblies.queries.judging import judged_again
from heli.assemblies.rules.law import shelf
from heli.kernel.faults import Fault

SHOWN = 20


def check_invariants() -> Iterator[Fault]:
    """A sitting says of its meeting what the meeting says itself, and of the law what the law says of its counts."""
    other = ~Q(meeting__about=F("about")) | ~Q(meeting__held_on=F("held_on")) | ~Q(meeting__place=F("place"))
    for row in Sitting.objects.filter(other).order_by("pk")[:SHOWN]:
        text = _("The sitting of %(day)s differs from its meeting in day, place or what it is about.")
        yield Fault("sitting_off_its_meeting", text % {"day": row.held_on}, source=f"sitting {row.pk}")
    by_law = {pack.sha256 for pack in shelf().packs}
    for row in Sitting.objects.filter(pack_sha256__in=by_law).order_by("pk").iterator():
        if row.overlay_sha256 in {"", *by_law} and (said := judged_again(row).status) != row.status:
            text = _("The sitting of %(day)s is kept as “%(kept)s”; by the law it was decided by it is “%(said)s”.")
            given = {"day": row.held_on, "kept": row.status, "said": said}
            yield Fault("sitting_off_its_law", text % given, source=f"sitting {row.pk}")
