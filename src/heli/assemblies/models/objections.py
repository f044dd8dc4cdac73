"""Objections to the list of voters, a qualification or a result: what, never who; ruled in the days of the law by another."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.assemblies.catalogues import elected_bodies, objected
from heli.records import fields
from heli.records.models import LedgerRow, kept, second_person, stamped
from heli.records.words import WordEnum


class ObjectionState(WordEnum):
    """Where an objection stands."""

    RECEIVED = "received", "warn", pgettext_lazy("objection", "received")
    EXAMINED = "examined", "info", pgettext_lazy("objection", "examined, to be ruled")
    RULED = "ruled", "good", pgettext_lazy("objection", "ruled")


class ObjectionOutcome(WordEnum):
    """How it was ruled."""

    UPHELD = "upheld", "bad", pgettext_lazy("objection", "upheld")
    REJECTED = "rejected", "good", pgettext_lazy("objection", "rejected")


class Objection(LedgerRow):
    """An objection in a unit. It says what, never who: neither who objects nor about whom.

    Invariant: ruled on a day with an outcome, by another than who examined it.
    """

    body = fields.choice(_("Which election"), elected_bodies, filter=True)
    matter = fields.choice(_("What it is about"), objected, filter=True)
    text = fields.text(
        _("What is objected to"), most=1_000, lines=3, search=True,
        help=_("The matter only: no name, neither of those who object nor of those it is about."),
    )  # fmt: skip
    published_on = fields.day(
        _("Published on"), is_past=True, help=_("The day on which the list or the result was posted.")
    )
    found_on = fields.day(_("Received on"), is_past=True)
    due_on = fields.day(_("To be ruled by"), required=False, help=_("Left empty: as the law of the province has it."))
    ruling = fields.text(_("Ruling"), most=1_000, lines=3, required=False, where=fields.SHOWN)
    outcome = fields.choice(_("Outcome"), ObjectionOutcome, required=False, where=fields.SHOWN, filter=True)
    examined_by, examined_on = fields.stamp()
    ruled_by, ruled_on = fields.stamp()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("objection", ObjectionState),
            second_person("objection_ruled_by_another", "ruled", "examined"),
            stamped("objection_ruled_on_a_day", "ruled", [ObjectionState.RULED], only=True),
            models.CheckConstraint(
                condition=~Q(status=ObjectionState.RULED) | Q(outcome__in=ObjectionOutcome.values),
                name="objection_ruled_one_way",
            ),
        ]
