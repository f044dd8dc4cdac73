"""Elections: units and their rounds, who stands, counting tables keyed twice, results that are declared once.

Paper ballots: Heli keeps counts, their proof and the archive. It holds no roll and no ballot,
and nothing links a voter to a choice.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from heli.assemblies.catalogues import elected_bodies, grounds
from heli.kernel.db import AppendOnly
from heli.records import fields
from heli.records.models import second_person
from heli.records.words import WordEnum

MOST = 10_000_000
"""Voters of a unit."""


class VotingMode(WordEnum):
    """Who votes."""

    VOTERS = "voters", "quiet", _("all voters")
    HOUSEHOLDS = "households", "quiet", _("a delegate of each household")
    REPRESENTATIVES = "representatives", "quiet", _("representatives")
    ADULTS = "adults", "quiet", _("all adults")
    MEMBERS = "members", "quiet", _("all members of the co-operative")
    DELEGATES = "delegates", "quiet", _("delegates of the co-operative")


class ElectedPost(WordEnum):
    """Posts from the highest; each body calls them in its own words (`catalogues.post_words`)."""

    CHAIR = "chair", "quiet", _("Chair")
    VICE = "vice", "quiet", _("Deputy chair")
    WOMAN = "woman_member", "quiet", _("Woman member")
    MEMBER = "member", "quiet", _("Member")


class Readiness(WordEnum):
    """How far a unit is with who is to stand: a count for the board, nobody is named by it."""

    OPEN = "open", "warn", _("nobody yet")
    INTENDED = "intended", "info", _("people in view")
    SETTLED = "settled", "good", _("people settled")


class ContestKind(WordEnum):
    """Why there is a vote."""

    TERM = "term", "quiet", _("new term")
    BY_ELECTION = "by_election", "info", _("by-election")


class SheetState(WordEnum):
    """How far the paper of a counting table is keyed."""

    WAITING = "waiting", "quiet", _("not keyed")
    ONCE = "once", "info", _("keyed once")
    DIFFERS = "differs", "warn", _("two keyings differ")
    AGREED = "agreed", "good", _("agreed")


class OfficeEnd(WordEnum):
    """How an office ends before its term."""

    RECALL = "recall", "warn", _("recalled")
    RESIGNATION = "resignation", "quiet", _("resigned")
    BY_ITSELF = "by_itself", "quiet", _("ended by itself")
    VOID = "void", "bad", _("the election was void")


class Election(models.Model):
    """A term change of the committees of a kind, about a campaign or a district, on one day under the law of one province."""

    public_id = models.CharField(max_length=12, unique=True)
    about = models.CharField(max_length=24, db_index=True)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    title = fields.text(_("Name of the election"), missing=_("Name the election."))
    body = fields.choice(_("What is elected"), elected_bodies)
    mode = fields.choice(_("Who votes"), VotingMode)
    on = fields.day(_("Election day"))
    jurisdiction = fields.text(
        _("Law of"), most=6, help=_("CN, or CN- and the two digits of the province, such as CN-51.")
    )
    counts_intent = models.BooleanField(default=False)
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(body=""), name="election_says_what"),
            models.CheckConstraint(condition=Q(mode__in=VotingMode.values), name="election_mode_known"),
        ]

    def __str__(self) -> str:
        return str(self.title)


class UnitContest(models.Model):
    """A round of voting in a unit, or in a `part` of it (a group): its posts and seats, and the numbers that are no votes. A second
    ballot or a by-election comes after an `earlier` one; the congress may hold the latter. `seats` by post, {"chair": 1}.

    Invariants: numbered once in its part; a second ballot has an earlier round; nobody acts for more than three.
    """

    public_id = models.CharField(max_length=12, unique=True)
    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="contests")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    part = fields.text(_("Group"), most=40, required=False)
    number = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=12, default=ContestKind.TERM.value)
    is_by_congress = models.BooleanField(default=False)
    round = models.PositiveSmallIntegerField(default=1)
    earlier = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    on = fields.day(_("Election day"))
    readiness = fields.choice(_("Who is to stand"), Readiness)
    intended_on = models.DateField(null=True)
    settled_on = models.DateField(null=True)
    seats = models.JSONField(default=dict)
    registered = fields.number(_("Registered voters"), required=False, least=1, most=MOST)
    unreachable = fields.number(_("of these out of reach, without a proxy"), required=False, most=MOST)
    participants = fields.number(_("People who came or were acted for"), required=False, most=MOST)
    agents = fields.number(_("People who vote for others"), required=False, most=MOST)
    proxies = fields.number(_("People they vote for"), required=False, most=MOST)
    one_shoulder = models.BooleanField(null=True)
    intended_won = fields.number(_("Seats won by those recommended"), required=False, most=99)
    signed_copy = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    notice = models.ForeignKey("consultation.Notice", on_delete=models.PROTECT, null=True, related_name="+")
    handed_over_on = models.DateField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["election", "place", "part", "number"], name="contest_numbered_once"),
            models.UniqueConstraint(fields=["earlier"], condition=Q(round=2), name="contest_one_second_ballot"),
            models.CheckConstraint(
                condition=Q(round=1) | Q(round=2, earlier__isnull=False), name="contest_second_after_first"
            ),
            models.CheckConstraint(
                condition=Q(is_by_congress=False) | Q(kind=ContestKind.BY_ELECTION), name="contest_congress_by_election"
            ),
            models.CheckConstraint(
                condition=~Q(readiness=Readiness.SETTLED) | Q(settled_on__isnull=False), name="contest_settled_on_a_day"
            ),
            models.CheckConstraint(
                condition=Q(proxies__isnull=True) | Q(proxies=0) | Q(agents__isnull=False, proxies__lte=3 * F("agents")),
                name="contest_three_for_each_agent",
            ),
            models.CheckConstraint(
                condition=Q(unreachable__isnull=True) | Q(unreachable__lte=F("registered")),
                name="contest_unreachable_registered",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.election_id} {self.place_id} {self.part} {self.number}"


class Nominee(models.Model):
    """Somebody who stands for a post, by a number on the ballot; once elected, the person in office, and how that ended.

    The reviewing body says yes or no and the legal ground, once. Names of those not elected end with `forgotten_on`.
    """

    contest = models.ForeignKey(UnitContest, on_delete=models.PROTECT, related_name="nominees")
    post = fields.choice(_("Post"), ElectedPost)
    number = models.PositiveSmallIntegerField()
    name = fields.text(_("Name"), most=60, missing=_("Write the name as it stands on the ballot."))
    is_woman = models.BooleanField(default=False)
    is_qualified = models.BooleanField(null=True)
    ground = fields.choice(_("Legal ground"), grounds, required=False)
    reviewed_by, reviewed_on = fields.stamp()
    person = models.OneToOneField("bodies.Person", on_delete=models.PROTECT, null=True, related_name="+")
    left_on = models.DateField(null=True)
    left_how = fields.choice(_("How it ended"), OfficeEnd, required=False)
    left_by = models.ForeignKey("assemblies.Sitting", on_delete=models.PROTECT, null=True, related_name="+")
    forgotten_on = models.DateField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "post", "number"], name="nominee_once"),
            models.CheckConstraint(condition=~Q(name="") & Q(post__in=ElectedPost.values), name="nominee_named"),
            models.CheckConstraint(
                condition=Q(is_qualified=False) & ~Q(ground="") | ~Q(is_qualified=False) & Q(ground="")
                | Q(is_qualified__isnull=True, ground=""),
                name="nominee_not_qualified_for_a_ground",
            ),
            models.CheckConstraint(
                condition=Q(is_qualified__isnull=True) | Q(reviewed_on__isnull=False), name="nominee_reviewed_on_a_day"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True, left_how="")
                | Q(left_on__isnull=False, person__isnull=False, left_how__in=OfficeEnd.values),
                name="nominee_left_an_office",
            ),
            models.CheckConstraint(
                condition=~Q(left_how__in=[OfficeEnd.RECALL, OfficeEnd.RESIGNATION]) | Q(left_by__isnull=False),
                name="nominee_left_by_a_sitting",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.contest_id} {self.post} {self.number}"


class CountSheet(models.Model):
    """The paper of a counting table, keyed blind by two people; fields in which they differ are read by a third.

    `boxes` as [[name, ballots issued], …], mobile ones among them; `numbers` are agreed, by the fields of `rules.tallies`.
    Invariants: nobody keys twice, whatever their role; what is agreed was keyed twice and adds up.
    """

    public_id = models.CharField(max_length=12, unique=True)
    contest = models.ForeignKey(UnitContest, on_delete=models.PROTECT, related_name="sheets")
    name = fields.text(_("Counting table"), most=40)
    boxes = models.JSONField()
    issued = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=SheetState.WAITING.value)
    photo = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    first = models.JSONField(null=True)
    first_by, first_on = fields.stamp()
    second = models.JSONField(null=True)
    second_by, second_on = fields.stamp()
    third = models.JSONField(null=True)
    third_by, third_on = fields.stamp()
    numbers = models.JSONField(null=True)
    returned = models.PositiveIntegerField(null=True)
    unreturned = models.PositiveIntegerField(null=True)
    invalid = models.PositiveIntegerField(null=True)
    valid = models.PositiveIntegerField(null=True)
    word = fields.text(
        _("A word on the invalid ballots"),
        most=300,
        required=False,
        help=_("Why there are so many; never whose they are."),
    )
    poured_on = models.DateField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "name"], condition=Q(poured_on__isnull=True), name="sheet_once_in_contest"
            ),
            models.CheckConstraint(condition=Q(state__in=SheetState.values), name="sheet_state_known"),
            second_person("sheet_second_by_another", "second", "first"),
            second_person("sheet_third_not_first", "third", "first"),
            second_person("sheet_third_not_second", "third", "second"),
            models.CheckConstraint(
                condition=~Q(state=SheetState.AGREED)
                | Q(first_by__isnull=False, second_by__isnull=False, numbers__isnull=False, returned__isnull=False),
                name="sheet_agreed_by_two",
            ),
            models.CheckConstraint(
                condition=Q(returned__isnull=True)
                | Q(issued=F("returned") + F("unreturned"), returned=F("valid") + F("invalid"), state=SheetState.AGREED),
                name="sheet_adds_up",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.contest_id} {self.name}"


class Declaration(models.Model):
    """What a contest came to, declared once by somebody who keyed none of it. Never changed.

    `case` is the file of heli.count/1 that was counted, `result` what the rules answered, `sha256` the hash of both as printed
    on the result sheet; `pack_…` and `overlay_…` name the law of the day.
    """

    contest = models.OneToOneField(UnitContest, on_delete=models.PROTECT, related_name="declaration")
    status = models.CharField(max_length=16)
    case = models.JSONField()
    result = models.JSONField()
    sha256 = models.CharField(max_length=64)
    pack_id = models.CharField(max_length=60)
    pack_version = models.PositiveIntegerField()
    pack_sha256 = models.CharField(max_length=64)
    overlay_id = models.CharField(max_length=60, blank=True)
    overlay_sha256 = models.CharField(max_length=64, blank=True)
    keyed_by = models.JSONField(default=list)
    declared_by, declared_on = fields.stamp()
    declared_by_name = models.CharField(max_length=150)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["void_box", "void_turnout", "revote", "incomplete", "complete"]),
                name="declaration_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(pack_id="") & ~Q(pack_sha256="") & ~Q(sha256=""), name="declaration_keeps_its_law"
            ),
            AppendOnly(name="declaration_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.status}"
