"""The shapes of lists of posts."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from heli.kernel.quantities import YUAN
from heli.posts.catalogues import kind_words
from heli.posts.models import PayGrade
from heli.posts.queries.offices import BodyPosts
from heli.posts.queries.pay import PaidHolder
from heli.posts.queries.placing import PlacedVillage
from heli.posts.queries.reserve import ReserveTown
from heli.posts.rules.sharing import VillageShare
from heli.ui.columns import Column
from heli.ui.tables import Exceptions, Table


def board_table(request: HttpRequest, lines: Sequence[BodyPosts], *, sample: bool) -> Table:
    """Bodies with their posts."""
    return Table(
        "posts", request, lines,
        [
            Column("name", _("Body"), link=lambda line: reverse("post:body", args=[line.public_id])),
            Column("town", _("Town"), filter=True),
            Column("place", _("Place"), screen=False),
            Column("regular", _("Regular posts"), kind="integer", total=True),
            Column("posts", _("Posts"), kind="integer", total=True),
            Column("held", _("Held"), kind="integer", total=True),
            Column("free", _("Free"), kind="integer", total=True),
        ],
        search=("name", "town"), caption=_("Posts of bodies"), replaces=_("register of village cadres (村干部名册)"),
        sample=sample, cards=True, exceptions=Exceptions(_("Only with free posts"), lambda line: line.free > 0),
    )  # fmt: skip


def shares_table(
    request: HttpRequest, shares: Sequence[VillageShare], known: dict[str, Any], words: Any, *, sample: bool
) -> Table:
    """Villages with their people, classes and posts. `known`: {place: row of the file with "name" and "town"}."""
    return Table(
        "shares", request, shares,
        [
            Column("town", _("Town"), value=lambda one: known[one.place]["town"], filter=True),
            Column("name", _("Village"), value=lambda one: known[one.place]["name"]),
            Column("people", _("People"), kind="integer", value=lambda one: known[one.place]["people"], total=True),
            Column("position", _("Position"), value=lambda one: words(known[one.place]["position"]), filter=True),
            Column("difficulty", _("Difficulty"), value=lambda one: words(known[one.place]["difficulty"]), filter=True),
            Column("by_rule", _("By the rule"), kind="integer", total=True),
            Column("posts", _("Posts"), kind="integer", total=True, badge=lambda one: "" if one.changed is None else "info"),
            Column("why", _("Why otherwise")),
        ],
        search=("name",), caption=_("Posts by village"), sample=sample, cards=True,
        exceptions=Exceptions(_("Only what was changed"), lambda one: one.changed is not None),
    )  # fmt: skip


def placed_table(request: HttpRequest, lines: Sequence[PlacedVillage], *, sample: bool) -> Table:
    """Villages with before as the sum of four, and after."""

    def by(outcome: str) -> Any:
        return lambda line: line.placed.before.get(outcome, 0)

    return Table(
        "placed", request, lines,
        [
            Column("town", _("Town"), filter=True),
            Column("name", _("Village")),
            Column("before", _("Before"), kind="integer", value=lambda line: line.placed.held_before, total=True),
            Column("stay", _("stays"), kind="integer", value=by("stays"), total=True),
            Column("leave", _("leaves"), kind="integer", value=by("leaves"), total=True),
            Column("move", _("moves"), kind="integer", value=by("moves"), total=True),
            Column("business", _("starts a business"), kind="integer", value=by("business"), total=True),
            Column("open", _("undecided"), kind="integer", value=by(""), total=True),
            Column("here", _("stayed"), kind="integer", value=lambda line: line.placed.stays, total=True),
            Column("came", _("came from elsewhere"), kind="integer", value=lambda line: line.placed.moved_in, total=True),
            Column("new", _("newly filled"), kind="integer", value=lambda line: line.placed.new, total=True),
            Column("after", _("After"), kind="integer", value=lambda line: line.placed.held_after, total=True),
        ],
        search=("name",), caption=_("Before is the sum of the four; after is who stayed, who came, and who is new"),
        sample=sample, cards=True,
        exceptions=Exceptions(_("Only where somebody is undecided"), lambda line: line.placed.undecided > 0),
    )  # fmt: skip


def pay_table(request: HttpRequest, lines: Sequence[PaidHolder], *, sample: bool) -> Table:
    """Everybody who is paid this year, for the pay office."""

    def yuan(name: str) -> Any:
        return lambda line: YUAN.typed(getattr(line, name))

    return Table(
        "pay", request, lines,
        [
            Column("body", _("Body"), value=lambda line: line.holding.post.body.name,
                   link=lambda line: reverse("post:body", args=[line.holding.post.body.public_id])),
            Column("post", _("Post"), value=lambda line: line.holding.post.kind, labels=kind_words(), filter=True),
            Column("name", _("Who"), value=lambda line: line.holding.person.name),
            Column("since", _("From"), kind="date", value=lambda line: line.holding.valid_from),
            Column("until", _("Until"), kind="date", value=lambda line: line.holding.valid_to),
            Column("grade", _("Grade"), value=lambda line: line.grade, labels=dict(PayGrade.choices), filter=True),
            Column("fen", _("Pay of this year"), kind="decimal", value=yuan("fen"), unit=_("yuan"), total=True),
            Column("kept", _("of it kept after the office"), kind="decimal", value=yuan("kept"), unit=_("yuan"), total=True),
        ],
        search=("name", "body"), caption=_("Pay of posts"), replaces=_("payroll of village cadres (村干部报酬发放表)"),
        sample=sample, cards=True, exceptions=Exceptions(_("Only pay kept for a term"), lambda line: line.kept > 0),
    )  # fmt: skip


def reserve_table(request: HttpRequest, towns: Sequence[ReserveTown], *, sample: bool) -> Table:
    """The reserve of each town against its target, in the order of the towns: nobody is ranked."""
    return Table(
        "reserve", request, towns,
        [
            Column("town", _("Town")),
            Column("villages", _("Villages"), kind="integer", total=True),
            Column("people", _("In the reserve"), kind="integer", total=True),
            Column("ready", _("of them through the training"), kind="integer", total=True),
            Column("target", _("Target"), kind="integer", total=True),
            Column("missing", _("Missing"), kind="integer", total=True),
        ],
        caption=_("Reserve by town"), replaces=_("list of the reserve (后备干部花名册)"), sample=sample, cards=True,
    )  # fmt: skip
