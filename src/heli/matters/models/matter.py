"""Matters: what somebody reports about a place, whistled to departments, handled, checked, told. Never persons.

A voice keeps how somebody can be told, sealed, or nothing; no list of who reports is kept or can be made.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.matters.catalogues import item_words
from heli.records import fields
from heli.records.fields import SHOWN, UNLISTED, ShownIn
from heli.records.models import LedgerRow, kept, second_person, stamped, urgent
from heli.records.words import MATTERS_ONLY, WordEnum

PAGE = frozenset({ShownIn.EXPORT, ShownIn.PAGE})
LONGEST_TEXT = 4_000
"""What other programs may send (GeoReport v2); the public page asks for 2,000."""
E6 = 1_000_000
"""Degrees are kept in millionths."""


class MatterState(WordEnum):
    """How far a matter is. In CHECKED somebody else has looked on site, in DOUBTED it is said that it cannot be done at all."""

    COLLECTED = "collected", "quiet", pgettext_lazy("matter", "collected")
    REFUSED = "refused", "quiet", pgettext_lazy("matter", "not for us")
    FILED = "filed", "info", pgettext_lazy("matter", "filed")
    WHISTLED = "whistled", "info", pgettext_lazy("matter", "whistled")
    HANDLED = "handled", "info", pgettext_lazy("matter", "handled")
    CHECKED = "checked", "info", pgettext_lazy("matter", "checked")
    TOLD = "told", "info", pgettext_lazy("matter", "told")
    CALLED = "called", "info", pgettext_lazy("matter", "called back")
    DOUBTED = "doubted", "warn", pgettext_lazy("matter", "said to be impossible")
    CLOSED = "closed", "good", pgettext_lazy("matter", "closed")
    MERGED = "merged", "quiet", pgettext_lazy("matter", "merged")


class ReportChannel(WordEnum):
    """How a matter came in."""

    ONLINE = "online", "quiet", pgettext_lazy("matter", "public page")
    GRID = "grid", "quiet", pgettext_lazy("matter", "grid worker")
    STATION = "station", "quiet", pgettext_lazy("matter", "community station")
    HOTLINE = "hotline", "quiet", pgettext_lazy("matter", "hotline")
    DEPARTMENT = "department", "quiet", pgettext_lazy("matter", "department")
    PROGRAM = "program", "quiet", pgettext_lazy("matter", "another program")


class MatterOutcome(WordEnum):
    """What became of a matter as whoever reported it says; IMPOSSIBLE is found by two people, and listed."""

    SOLVED = "solved", "good", _("solved")
    UNSOLVED = "unsolved", "bad", _("not solved")
    IMPOSSIBLE = "impossible", "warn", _("objectively impossible")


class Content(WordEnum):
    """Whether whoever reported it is content with how it went."""

    YES = "yes", "good", _("content")
    NO = "no", "bad", _("not content")


class Matter(LedgerRow):
    """Something wrong at a place: a lamp, a drain, smoke. Its public words are those of whoever filed it (`title`), its
    public photo (`picture`) is one that somebody of the office has looked at.

    Invariants: filed with an item; who checks on site and who calls back did not handle it; closed on a day, with an outcome
    where it could be asked; impossible only by two people; a point is whole; merged into another one.
    """

    title = fields.text(
        pgettext_lazy("matter", "Matter"), question=_("What is the matter, in a few words?"), most=60, search=True,
        help=_("These words are shown to everybody: no names, no numbers of persons."),
        missing=_("Say in a few words what the matter is."),
    )  # fmt: skip
    item = fields.choice(_("Item"), item_words, required=False, filter=True)
    channel = fields.choice(
        _("How it came in"), ReportChannel, filter=True, where=UNLISTED, start=lambda: ReportChannel.STATION
    )
    spot = fields.text(_("Where exactly"), required=False, where=UNLISTED, search=True)
    text = fields.text(
        _("What was reported"), required=False, lines=4, most=LONGEST_TEXT, help=MATTERS_ONLY, is_lead=True,
        where=frozenset({ShownIn.FORM, ShownIn.EXCEL, ShownIn.PAGE}),
    )  # fmt: skip
    voices = fields.number(_("Voices"), required=False, where=SHOWN)
    due_on = fields.day(_("Due"), required=False, where=SHOWN)
    way = fields.text(_("Where it belongs"), required=False, lines=2, most=300, where=PAGE)
    result = fields.text(_("What was done"), required=False, lines=3, most=1_000, where=PAGE)
    cost = fields.money(_("Cost"), required=False, where=PAGE)
    answer = fields.text(
        _("Answer to whoever reported it"), required=False, lines=3, most=1_000, where=PAGE,
        help=_("These words are shown to everybody: no names, no numbers of persons."),
    )  # fmt: skip
    outcome = fields.choice(_("Outcome"), MatterOutcome, required=False, where=PAGE)
    content = fields.choice(_("Content with it"), Content, required=False, where=PAGE)
    lon_e6 = models.IntegerField(null=True)
    lat_e6 = models.IntegerField(null=True)
    picture = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    flagged_on = models.DateField(null=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    filed_by, filed_on = fields.stamp()
    handled_by, handled_on = fields.stamp()
    checked_by, checked_on = fields.stamp()
    told_by, told_on = fields.stamp()
    called_by, called_on = fields.stamp()
    doubted_by, doubted_on = fields.stamp()
    closed_by, closed_on = fields.stamp()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("matter", MatterState),
            models.CheckConstraint(condition=~Q(title=""), name="matter_named"),
            models.CheckConstraint(
                condition=Q(status__in=["collected", "refused", "merged"]) | ~Q(item=""), name="matter_filed_with_item"
            ),
            models.CheckConstraint(condition=~Q(status="refused") | ~Q(way=""), name="matter_refused_with_way"),
            second_person("matter_checked_by_another", "checked", "handled"),
            second_person("matter_called_by_another", "called", "handled"),
            second_person("matter_impossible_by_two", "closed", "doubted"),
            stamped("matter_called_on_a_day", "called", [MatterState.CALLED, MatterState.DOUBTED]),
            stamped("matter_closed_on_a_day", "closed", [MatterState.CLOSED], only=True),
            models.CheckConstraint(
                condition=~Q(outcome=MatterOutcome.IMPOSSIBLE) | Q(doubted_on__isnull=False, status=MatterState.CLOSED),
                name="matter_impossible_was_doubted",
            ),
            models.CheckConstraint(
                condition=Q(lon_e6__isnull=True, lat_e6__isnull=True)
                | Q(
                    lon_e6__isnull=False,
                    lat_e6__isnull=False,
                    lon_e6__range=(-180 * E6, 180 * E6),
                    lat_e6__range=(-90 * E6, 90 * E6),
                ),
                name="matter_point_whole",
            ),
            models.CheckConstraint(
                condition=Q(status=MatterState.MERGED, merged_into__isnull=False)
                | (~Q(status=MatterState.MERGED) & Q(merged_into__isnull=True)),
                name="matter_merged_into_one",
            ),
        ]
        indexes = [
            models.Index(fields=["about", "status", "due_on", "closed_on"], name="matter_by_state"),
            models.Index(fields=["about", "flagged_on"], condition=Q(flagged_on__isnull=False), name="matter_flagged"),
            models.Index(
                fields=["about", "closed_on"], condition=Q(outcome="impossible"), name="matter_found_impossible"
            ),
            urgent("matter_by_urgency", [MatterState.CLOSED, MatterState.REFUSED, MatterState.MERGED]),
            models.Index(fields=["district", "lat_e6", "lon_e6"], name="matter_by_point"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"


class MatterLink(models.Model):
    """Two matters that belong together and stay two. Invariants: once for a pair, never with itself."""

    first = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    linked_on = models.DateField()
    linked_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="matter_link_in_order"),
            models.UniqueConstraint(fields=["first", "second"], name="matter_linked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} – {self.second_id}"


class MatterVoice(models.Model):
    """Somebody said it: the code they follow it by, and how they can be told, sealed, or nothing for who stays unnamed.

    `told_of` is the matter the voice came with, `matter` the one it belongs to since a merger. `key` was made by the device that
    sent it, so that what it sends again is taken once. Invariants: code and key are one's own.
    """

    code = models.CharField(max_length=10, unique=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="heard")
    told_of = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    contact = models.TextField(blank=True)
    key = models.CharField(max_length=64, blank=True)
    added_on = models.DateField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(code=""), name="matter_voice_has_code"),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="matter_voice_taken_once"),
        ]

    def __str__(self) -> str:
        return "a voice"
