"""The posts of a district, and those of one body with whoever holds them."""

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.bodies import queries as known_bodies
from heli.kernel.access import scope
from heli.places import queries as places
from heli.posts.forms import (
    EstablishmentForm,
    FactsForm,
    GradeForm,
    HolderForm,
    OwnPayForm,
    PairForm,
    VacateForm,
    WordForm,
)
from heli.posts.ledger.allotting import ACCEPT, KEEP, READ
from heli.posts.models import Holding
from heli.posts.queries.facts import TOLD_FROM, team_of, told
from heli.posts.queries.offices import board_of, holding_of, post_lines, quota_of, words_of_holders
from heli.posts.queries.placing import regular_holders
from heli.posts.services import facts, offices, pay
from heli.posts.services.pay import PAY
from heli.posts.tables import board_table
from heli.posts.types import Education, OfficeFacts, Sex
from heli.posts.views.cards import CardForm, cards_of
from heli.posts.views.staffing import own_pay_lines
from heli.records.views import about_or_404, districts_home, page_of, today
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page

ENTRY = "post:home"


@page(READ)
@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """The districts whose posts the reader sees; the only one at once."""
    return districts_home(request, READ, _("Posts"), lambda key: reverse("post:board", args=[key]))


@page(READ)
@require_GET
def board(request: ActorRequest, about_id: str) -> HttpResponse:
    """The bodies with posts, and what the teams come to (五个要求): counts of ten people or more."""
    about, on = about_or_404(request, about_id, READ), today()
    lines = board_of(request.actor, about.district_id, on)
    table = board_table(request, lines, sample=about.is_sample)
    if table.export:
        return table.export_response()
    mine = places.in_scope(scope(request.actor, READ)).filter(district=about.district_id).values_list("pk", flat=True)
    holders = regular_holders(list(mine), on)
    team = team_of(holders, on)
    context = {
        "table": table,
        "regular": sum(line.regular for line in lines),
        "held": sum(line.held for line in lines),
        "in_regular": _("%(count)s people in regular posts") % {"count": len(holders)},
        "shares": [
            (label, f"{share.percent_text()} %", f"{share.numerator} / {share.denominator}")
            for label, share in (
                (_("Women"), team.women), (_("Party members"), team.members), (_("High school or less"), team.up_to_high),
            )
            if told(share) is not None
        ],
        "mean_age": f"{team.months / team.aged / 12:.1f}" if team.aged >= TOLD_FROM else "",
        "told_from": TOLD_FROM,
        "own_pay": own_pay_lines(request.actor, on),
    }  # fmt: skip
    return page_of(request, about, "post:board", "posts/board.html", context, entry=ENTRY)


def _facts(actor: Any, holding: Holding, given: dict[str, Any]) -> object:
    kept = OfficeFacts(
        Sex(given["sex"]) if given["sex"] else None,
        given["born"],
        Education(given["education"]) if given["education"] else None,
        given["is_member"] == "yes" if given["is_member"] else None,
    )
    return facts.keep_facts(actor=actor, holding=holding, facts=kept, on=today())


@page(READ)
@require_http_methods(["GET", "POST"])
def body(request: ActorRequest, body_id: str) -> HttpResponse:
    """The posts of a body on the day, who holds them, and what may be done with them."""
    actor, on = request.actor, today()
    found = known_bodies.in_scope(scope(actor, READ)).filter(public_id=body_id).first()
    if found is None:
        raise Http404(body_id)
    lines = post_lines(found, on)
    holders = [
        (one.public_id, f"{one.person.name} {line.label}") for line in lines for one in line.holders if one.person
    ]
    free = [(line.kind, f"{line.label} ({line.free})") for line in lines if line.free]

    def one(given: dict[str, Any], name: str = "holding") -> Holding:
        held = holding_of(found, given.pop(name))
        if held is None:
            raise Http404
        return held

    made = {
        "fill": CardForm(KEEP, _("Somebody takes a post"), HolderForm,
                         lambda _form, given: offices.fill(actor=actor, body=found, **given), free),
        "leave": CardForm(KEEP, _("Somebody leaves"), VacateForm,
                          lambda _form, given: offices.vacate(actor=actor, holding=one(given), **given), holders),
        "pair": CardForm(KEEP, _("Two posts, one person"), PairForm,
                         lambda _form, given: offices.pair(actor=actor, holding=one(given), other=one(given, "other")), holders),
        "word": CardForm(KEEP, _("Word of the deciding body"), WordForm,
                         lambda _form, given: offices.say_word(actor=actor, holding=one(given), today=on, **given), holders),
        "facts": CardForm(KEEP, _("Facts for counts of teams"), FactsForm,
                          lambda _form, given: _facts(actor, one(given), given), holders),
        "grade": CardForm(PAY, _("Grade of a year, for the pay"), GradeForm,
                          lambda _form, given: pay.take_grade(actor=actor, holding=one(given), **given), holders),
        "account": CardForm(PAY, _("Who sees the own pay"), OwnPayForm,
                            lambda _form, given: pay.link_account(actor=actor, holding=one(given), **given), holders),
        "paper": CardForm(ACCEPT, _("Set the posts under a document"), partial(EstablishmentForm, now=quota_of(found, on)),
                          lambda form, given: offices.set_posts(
                              actor=actor, body=found, seats=form.seats(), on=given["valid_from"], joint=given["joint"],
                              document_number=given["document_number"])),
    }  # fmt: skip
    cards, is_done, is_wrong = cards_of(
        request, found.place_id, made, {"holding": holders, "other": holders, "kind": free}
    )
    if is_done:
        return see_other(reverse("post:body", args=[body_id]))
    request.entry = ENTRY
    place = places.rows_of([found.place_id], on).get(found.place_id)
    context = {
        "body": found, "place": place, "lines": lines, "cards": cards, "words": words_of_holders(found) if holders else (),
    }  # fmt: skip
    return render(request, "posts/body.html", context, status=422 if is_wrong else 200)
