"""Matters: what somebody reports about a place, whistled to departments, handled, checked, told. Never persons.

A voice keeps how somebody can be told, sealed, or nothing; no list of who reports is kept or can be made.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.kernel.db import AppendOnly
from heli.kernel.ids import new_public_id
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
    """Something wrong at a place: a lamp, a drain, smoke. Its public words are those of whoever filed it (`title`).

    Invariants: filed with an item; who checks on site and who calls back did not handle it; closed on a day, with an outcome
    where it could be asked; impossible only by two people; a point is whole; merged into another one.
    """

    title = fields.text(
        _("Matter"), question=_("What is the matter, in a few words?"), most=60, search=True,
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


class WhistleState(WordEnum):
    """How far a department is. Its clock runs from the whistle on and stands only in SUSPENDED."""

    SENT = "sent", "quiet", pgettext_lazy("whistle", "whistled")
    ARRIVED = "arrived", "info", pgettext_lazy("whistle", "reported in")
    ANSWERED = "answered", "info", pgettext_lazy("whistle", "answered")
    HANDLED = "handled", "good", pgettext_lazy("whistle", "handled")
    RETURNING = "returning", "warn", pgettext_lazy("whistle", "given back, to be judged")
    RETURNED = "returned", "quiet", pgettext_lazy("whistle", "given back")
    MORE_TIME = "more_time", "warn", pgettext_lazy("whistle", "asks for more time")
    MORE_REST = "more_rest", "warn", pgettext_lazy("whistle", "asks to suspend")
    SUSPENDED = "suspended", "warn", pgettext_lazy("whistle", "suspended")
    WITHDRAWN = "withdrawn", "quiet", pgettext_lazy("whistle", "withdrawn")


OVER = (WhistleState.HANDLED, WhistleState.RETURNED, WhistleState.WITHDRAWN)
"""States in which a department is no longer asked."""


class Duty(WordEnum):
    """What a department has to do with it."""

    LEAD = "lead", "info", pgettext_lazy("whistle", "leads")
    SUPPORT = "support", "quiet", pgettext_lazy("whistle", "supports")


class Whistle(LedgerRow):
    """A matter that a department was whistled for 吹哨, and what it did: reported in, answered, handled, or gave back.

    `sitting` is the joint sitting that decided who does it (`decided` says which); then it cannot be given back. `days` count
    from the whistle, suspended ones left out. Invariants: one open whistle of a matter to a department; given back only with
    whose it is; decided by a sitting.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="whistles")
    title = fields.text(_("Matter"), most=60, where=SHOWN, search=True)
    body_person, body_body = fields.holder("body", _("Responsible department"), where=SHOWN, search=True)
    duty = fields.choice(_("Duty"), Duty, where=SHOWN, filter=True)
    whistled_on = fields.day(_("Whistled on"), where=SHOWN)
    due_on = fields.day(_("Due"), required=False, where=SHOWN)
    answer = fields.text(_("Answer"), required=False, lines=3, most=1_000, where=PAGE)
    result = fields.text(_("What was done"), required=False, lines=3, most=1_000, where=PAGE)
    cost = fields.money(_("Cost"), required=False, where=PAGE)
    right_person, right_body = fields.holder("right", _("Whose it is"), where=PAGE)
    more = fields.number(_("More days"), required=False, least=1, most=180, where=PAGE)
    decided = fields.text(_("Decided by the joint sitting"), required=False, where=PAGE)
    sitting = models.ForeignKey("meetings.Meeting", on_delete=models.PROTECT, null=True, related_name="+")
    days = models.PositiveSmallIntegerField()
    counted = models.CharField(max_length=8)
    arrived_by, arrived_on = fields.stamp()
    answered_by, answered_on = fields.stamp()
    handled_by, handled_on = fields.stamp()
    returned_by, returned_on = fields.stamp()
    asked_by, asked_on = fields.stamp()
    judged_by, judged_on = fields.stamp()
    answer_due_on = models.DateField()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("whistle", WhistleState),
            models.UniqueConstraint(
                fields=["matter", "body_body"], condition=~Q(status__in=[one.value for one in OVER]),
                name="whistle_once_to_a_department",
            ),
            models.CheckConstraint(
                condition=Q(body_body__isnull=False, body_person__isnull=True), name="whistle_to_a_department"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["returning", "returned"]) | (Q(right_body__isnull=False) & Q(decided="")),
                name="whistle_given_back_to_whose_it_is",
            ),
            models.CheckConstraint(
                condition=Q(sitting__isnull=True, decided="") | (Q(sitting__isnull=False) & ~Q(decided="")),
                name="whistle_decided_by_a_sitting",
            ),
            models.CheckConstraint(
                condition=Q(right_body__isnull=True) | ~Q(right_body=F("body_body")), name="whistle_right_is_another"
            ),
            stamped("whistle_handled_on_a_day", "handled", [WhistleState.HANDLED], only=True),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["about", "status", "due_on", "handled_on"], name="whistle_by_state"),
            models.Index(fields=["about", "body_body", "status", "due_on"], name="whistle_by_department"),
            urgent("whistle_by_urgency", OVER),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"


class Hotline(models.Model):
    """A city's hotline that speaks GeoReport v2: its matters are taken here, answers go back, matters are sent on.

    `fallback` is the town or village for what names no place; `read_until` the moment up to which its requests were taken.
    Invariant: a name is connected once at a time.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id)
    name = models.CharField(max_length=60)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    fallback = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    server = models.CharField(max_length=200)
    jurisdiction = models.CharField(max_length=80, blank=True)
    sealed = models.TextField(blank=True)
    read_until = models.DateTimeField()
    connected_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(ended_on__isnull=True), name="hotline_connected_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(server=""), name="hotline_named_with_address"),
        ]

    def __str__(self) -> str:
        return self.name


class HotlineLink(models.Model):
    """A matter that a hotline knows too: under which id there, whether it came from here, which answer it was told last.

    While what was sent has no id there (`foreign` empty), nothing is taken from that hotline. Invariants: a foreign id is taken
    once; a matter is linked with a hotline once, so that what came from it is never sent to it.
    """

    hotline = models.ForeignKey(Hotline, on_delete=models.PROTECT, related_name="links")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    foreign = models.CharField(max_length=120, blank=True)
    is_ours = models.BooleanField(default=False)
    told = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hotline", "foreign"], condition=~Q(foreign=""), name="hotline_link_taken_once"
            ),
            models.UniqueConstraint(fields=["hotline", "matter"], name="hotline_link_once_per_matter"),
            models.CheckConstraint(condition=Q(is_ours=True) | ~Q(foreign=""), name="hotline_link_came_with_its_id"),
        ]

    def __str__(self) -> str:
        return f"{self.hotline} {self.foreign}"


class SiteKind(WordEnum):
    """What a grid worker settles on the spot, counted and never described: nothing is noted of persons."""

    HAZARD = "hazard", "good", _("Hazards removed")
    DISPUTE = "dispute", "good", _("Disputes mediated")


class SiteCount(models.Model):
    """Something settled on the spot in a grid worker's round: how many, where, on which day. Of whom it was, nothing is known.

    `by_id` is the worker, for their own diary. `key` is the sending device's. Invariants: at least one; the key is one's own.
    """

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    on = models.DateField()
    count = models.PositiveSmallIntegerField(default=1)
    by_id = models.BigIntegerField(null=True)
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SiteKind.values), name="site_count_kind_known"),
            models.CheckConstraint(condition=Q(count__range=(1, 99)), name="site_count_at_least_one"),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="site_count_taken_once"),
            AppendOnly(name="site_counts_append_only"),
        ]
        indexes = [models.Index(fields=["by_id", "on"], name="site_count_by_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.kind} {self.count}"
