"""Inspections of a village's works: what is wrong with a road, a pond, a bridge."""

from django.utils.translation import gettext_lazy as _

from heli.records import fields
from heli.records.models import LedgerRow, kept, second_person, stamped
from heli.records.words import WordEnum


class State(WordEnum):
    """How far it is."""

    FOUND = "found", "warn", _("to be mended")
    MENDED = "mended", "info", _("mended")
    IN_ORDER = "in_order", "good", _("in order")


class Works(WordEnum):
    """What was inspected."""

    ROAD = "road", _("road")
    WATER = "water", _("water")


class Inspection(LedgerRow):
    """Something wrong with a village's works, found on a visit: mended, then looked at again by a second person."""

    works = fields.choice(_("Works"), Works, filter=True)
    fault = fields.text(_("What is wrong?"), search=True)
    found_on = fields.day(_("Found on"), is_past=True)
    due_on = fields.day(_("To be mended by"), required=False)
    cost = fields.money(_("Cost"), required=False, seen_by="campaigns.accept", where=fields.UNLISTED)
    leader_person, leader_body = fields.holder("leader", _("Who mends it"))
    mended_by, mended_on = fields.stamp()
    closed_by, closed_on = fields.stamp()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("inspection", State),
            second_person("inspection_second_person", "closed", "mended"),
            stamped("inspection_closed_on_a_day", "closed", [State.IN_ORDER], only=True),
        ]
