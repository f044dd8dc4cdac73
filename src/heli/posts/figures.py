"""Figures of posts: regular posts and who holds them, one person for two, placements, recruitment. Offices are shown, never facts
about persons: sex, age, education and membership are counted on the board from ten people on.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from heli.kernel.declare import Additivity, Ask, Direction, Pair
from heli.places import queries as places
from heli.places.counted import CountedRow, counted, figure
from heli.posts import team_figures
from heli.posts.catalogues import kind_words, kinds_that_are
from heli.posts.ledger import PLACEMENTS, RECRUITMENTS
from heli.posts.ledger.allotting import READ
from heli.posts.models import Placement, Recruitment
from heli.posts.queries.offices import held_on, papers_on, posts_on
from heli.posts.queries.pay import WELL_PAID, paid_posts
from heli.posts.rules.pay import median_of
from heli.records.figures import Past

PLACED, RECRUITED = Past(PLACEMENTS, ("office", "outcome")), Past(RECRUITMENTS, ("title", "quota"))
POST_HEADS = (_("Body"), _("Post"))
PLACED_HEADS = (_("Post before"), _("Placement"), _("Status"), _("Due"), _("Closed on"))


def _where(ask: Ask) -> Any:
    return {"body__place__district__in": ask.district_ids}


def posts(ask: Ask) -> list[CountedRow]:
    """Every regular post there is on the day at places that stand; secretary and head meant for one person count once."""
    found = list(
        posts_on(ask.on).filter(**_where(ask), kind__in=kinds_that_are("regular")).select_related("body__place")
        .order_by("body", "kind", "number")
    )  # fmt: skip
    papers = papers_on({one.body_id for one in found}, ask.on)
    joint = {key for key, paper in papers.items() if paper.joint}
    rows = [
        _row(ask, one, int(not (one.kind == "head" and one.body_id in joint))) for one in found if one.body_id in papers
    ]
    return [row for row in rows if row.place == row.village]


def _row(ask: Ask, post: Any, above: int) -> CountedRow:
    place, words = post.body.place, kind_words()
    cells = (post.body.name, str(words.get(post.kind, post.kind)))
    url = reverse("post:body", args=[post.body.public_id])
    return counted(ask, (place.pk, None, place.district_id), (above, 1), cells, url)


def held(ask: Ask) -> list[CountedRow]:
    """Regular posts that somebody holds on the day; of a pair the one that counts."""
    where = {f"post__{key}": value for key, value in _where(ask).items()}
    found = list(
        held_on(ask.on).filter(**where, post__kind__in=kinds_that_are("regular")).select_related("post__body__place")
        .order_by("post__body", "post__kind", "post__number")
    )  # fmt: skip
    keys = {one.pk for one in found}
    return [_row(ask, one.post, 1) for one in found if one.same_as_id not in keys]


def joint(ask: Ask) -> list[CountedRow]:
    """Heads in office who are secretary too, over all heads in office."""
    where = {f"post__{key}": value for key, value in _where(ask).items()}
    found = list(
        held_on(ask.on).filter(**where, post__kind__in=("head", "secretary")).select_related("post__body__place")
    )
    paired = {key for one in found if one.same_as_id for key in (one.pk, one.same_as_id)}
    return [_row(ask, one.post, int(one.pk in paired)) for one in found if one.post.kind == "head"]


def roles(ask: Ask) -> list[CountedRow]:
    """Posts of key villages' teams (六个一): six roles each, over the posts there are."""
    six = [key for key in kind_words() if key.startswith("role_")]
    found = posts_on(ask.on).filter(**_where(ask), kind__in=six).select_related("body__place").order_by("body", "kind")
    return [_row(ask, one, 1) for one in found]


def outcome(ask: Ask, which: tuple[str, ...]) -> list[CountedRow]:
    """Settled placements of these outcomes."""
    known = dict(Placement.objects.filter(district__in=ask.district_ids).values_list("public_id", "outcome"))
    return [
        replace(then.row, above=1)
        for then in PLACED.rows(ask)
        if then.status == PLACEMENTS.done and known.get(then.row.url.rstrip("/").rpartition("/")[2]) in which
    ]


def stage(ask: Ask, name: str) -> list[CountedRow]:
    """People at a stage of recruitments."""
    found = Recruitment.objects.filter(district__in=ask.district_ids).order_by("about", "number")
    return [
        counted(
            ask, (one.place_id, one.town_id, one.district_id), (getattr(one, name) or 0, 1),
            (one.title, one.quota, getattr(one, name) or 0), RECRUITMENTS.url("row", one.about, one.public_id),
        )
        for one in found
    ]  # fmt: skip


def well_paid(ask: Ask) -> list[CountedRow]:
    """Posts held that pay 40,000 yuan a year and more, over those that are paid; the row shows the office."""
    return [_row(ask, one.post, int(fen >= WELL_PAID)) for one, fen in ask.shared("posts.paid", lambda: _paid(ask))]


def _paid(ask: Ask) -> Any:
    return paid_posts(ask.district_ids, ask.on)


def median_pay(ask: Ask) -> Mapping[int, Pair]:
    """The median of what posts pay a year, in fen, of each place and of each place above."""
    structure = places.structure_on(ask.district_ids, ask.on)
    above = dict(zip(structure.places.tolist(), structure.parents.tolist(), strict=True))
    found: dict[int, list[int]] = {}
    for one, fen in ask.shared("posts.paid", lambda: _paid(ask)):
        at = one.post.body.place_id
        while at in above:
            found.setdefault(at, []).append(fen)
            at = above[at]
    return {place: (middle, 1) for place, values in found.items() if (middle := median_of(values)) is not None}


SINCE = date(2015, 1, 1)
declared = partial(figure, source=_("Posts"), action=READ)
STAGE_HEADS = (_("Recruitment"), _("Posts to be filled"), _("People"))


def of_stage(id: str, title: str, meaning: str, read: Callable[[Ask], list[CountedRow]]) -> Any:
    """A figure of recruitment."""
    return declared(id, title, meaning, read, STAGE_HEADS, unit=_("people"))


DECLARED = (
    declared("posts.regular", _("Regular posts"),
             _("Regular posts of villages under documents in force; secretary and head meant for one person count once."),
             posts, POST_HEADS, unit=_("posts")),
    declared("posts.held", _("Regular posts held"), _("Regular posts that somebody holds on the day, each human once."), held,
             POST_HEADS, unit=_("posts")),
    declared("posts.joint", _("One person is secretary and head"),
             _("Heads in office declared to be secretary too, over all heads in office."), joint, POST_HEADS, unit="%",
             decimals=1),
    declared("posts.roles", _("Roles of key villages' teams"), _("Posts of the six roles of key villages' teams."), roles,
             POST_HEADS, unit=_("posts")),
    declared("posts.placed", _("Placements settled"), _("Placements settled, over all that were begun."), PLACED.done,
             PLACED_HEADS, unit="%", decimals=1, direction=Direction.UP),
    declared("posts.stayed", _("Stay or move"), _("Settled placements of people who stay or move."),
             partial(outcome, which=("stays", "moves")), PLACED_HEADS, unit=_("people")),
    declared("posts.left", _("Leave or start a business"), _("Settled placements of people who leave or start a business."),
             partial(outcome, which=("leaves", "business")), PLACED_HEADS, unit=_("people")),
    of_stage("posts.recruit_quota", _("Posts to be filled"), _("Posts that recruitments are to fill."),
             partial(stage, name="quota")),
    declared("posts.well_paid", _("Posts at 40,000 yuan and more"),
             _("Posts held that pay 40,000 yuan a year and more (base or least, without grade), over those that are paid."),
             well_paid, POST_HEADS, unit="%", decimals=1, direction=Direction.UP),
    replace(
        declared("posts.median_pay", _("Median pay of posts"),
                 _("The median of what posts held pay a year: base or least, without the share by grade."), well_paid,
                 POST_HEADS, unit=_("yuan"), direction=Direction.UP),
        evaluate=median_pay, over_places=Additivity.NONE,
    ),
    of_stage("posts.recruit_hired", _("Hired"), _("People hired by recruitments."), partial(stage, name="hired")),
)  # fmt: skip
FIGURES = tuple(replace(one, valid_from=SINCE) for one in (*DECLARED, *team_figures.FIGURES))
