"""Elections: the board of units, a term change opened, one contest with everything that happens in it."""

from collections import Counter
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods

from heli.assemblies import election_forms as forms
from heli.assemblies.catalogues import grounds, post_words
from heli.assemblies.counted import result_of
from heli.assemblies.election_acts import ContestDesk, acts_on
from heli.assemblies.election_tables import STAGES, board_table, tone_of
from heli.assemblies.models import Election, Nominee, OfficeEnd, Readiness, SheetState
from heli.assemblies.provinces import jurisdiction_of
from heli.assemblies.queries import elections as queries
from heli.assemblies.queries.sittings import READ
from heli.assemblies.rules.standing import UnitStage, stage_of
from heli.assemblies.services import elections
from heli.assemblies.services.elections import DECLARE, KEEP
from heli.kernel.access import may
from heli.kernel.quantities import Ratio
from heli.places.types import Level
from heli.records.fields import fields_of
from heli.records.forms import choices_for
from heli.records.rooms import Room
from heli.records.views import about_or_404, own_places, sent, today
from heli.ui.forms import attempt, press
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page

ROOM = Room("assemblies:elections", gettext_noop("Elections"))
USUAL_SEATS = {"chair": 1, "vice": 1, "member": 3}
COMPLETE = {UnitStage.ELECTED, UnitStage.HANDED_OVER, UnitStage.HANDOVER_LATE}


@page(READ)
@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """The elections within the actor's reach; of a single one its board."""
    found = queries.elections_in_reach(request.actor)
    abouts = list(dict.fromkeys(one.about for one in found))
    if len(abouts) == 1:
        return see_other(ROOM.tab, abouts[0])
    return render(request, "assemblies/elections/home.html", {"elections": found})


@page(READ)
@require_GET
def board(request: ActorRequest, about_id: str) -> HttpResponse:
    """Every unit of the actor's part, the worst first."""
    about, on = about_or_404(request, about_id, READ), today()
    lines = queries.board(request.actor, about, on)
    table = board_table(request, about, lines)
    if table.export:
        return table.export_response()
    committees = [line for line in lines if line.facts.is_committee]
    ready = Counter(line.contest.readiness for line in committees)
    stages = Counter(line.stage for line in lines)
    context = {
        "table": table,
        "done": Ratio(sum(line.stage in COMPLETE for line in committees), len(committees)),
        "settled": ready[Readiness.SETTLED],
        "intended": ready[Readiness.INTENDED],
        "waits": [(STAGES[one], tone_of(one), stages[one]) for one in UnitStage if stages[one]],
        "elections": queries.elections_of(about),
        "published": {line.contest.election_id for line in lines if line.facts.declared_on},
        "may_open": may(request.actor, DECLARE),
    }
    return ROOM.show(request, about, "assemblies/elections/board.html", context)


@page(DECLARE)
@require_http_methods(["GET", "POST"])
def election_new(request: ActorRequest, about_id: str) -> HttpResponse:
    """Open a term change over units."""
    about, actor = about_or_404(request, about_id, DECLARE), request.actor
    rows = own_places(request, about, DECLARE)
    drawn = list(fields_of(Election).values())
    start = {"jurisdiction": jurisdiction_of(about.district_id, today()), "mode": "voters", **USUAL_SEATS}
    choices = choices_for(drawn, actor, about, today(), DECLARE)
    form = forms.ElectionForm(*sent(request), rows=rows, drawn=drawn, choices=choices, initial=start)
    villages = {row.id for row in rows if row.level is Level.VILLAGE}

    def open_it() -> None:
        chosen = [one for one in form.chosen_places() if one in villages]
        elections.open_election(actor=actor, about=about, place_ids=chosen, plan=form.plan())

    if request.method == "POST" and attempt(form, open_it):
        return see_other(ROOM.tab, about_id)
    text = _("Open an election")
    context = {"form": form, "title": text, "button": _("Open the election")}
    return ROOM.show(request, about, "records/form.html", context, text)


@page(READ)
@require_http_methods(["GET", "POST"])
def contest(request: ActorRequest, about_id: str, contest_id: str) -> HttpResponse:
    """One round of a unit: who stands, numbers, tables, result; and whatever the actor may do with it."""
    about, actor = about_or_404(request, about_id, READ), request.actor
    one = queries.contest_at(contest_id, actor, about)
    if one is None:
        raise Http404(contest_id)
    nominees, sheets = queries.nominees_of(one), queries.standing_sheets(one)
    desk = ContestDesk(actor, about, one, nominees, sheets)
    did = request.POST.get("did", "") if request.method == "POST" else None
    acts = {
        act.did: (act, act.form(desk, (request.POST, request.FILES) if act.did == did else ()) if act.form else None)
        for act in acts_on(desk)
    }
    if did is not None:
        if did not in acts:
            raise Http404(did)
        act, form = acts[did]
        do = partial(act.do, desk, form)
        if attempt(form, do) if form is not None else press(request, do):
            return see_other("assemblies:contest", about_id, contest_id)
    facts = queries.board_facts([one], about.id)[one.pk]
    stage = stage_of(facts, today())
    name = queries.unit_name(one, today())
    context = {
        "contest": one,
        "name": name,
        "stage": STAGES[stage],
        "tone": tone_of(stage),
        "facts": facts,
        "nominees": [stands_as(one.election.body, person) for person in nominees],
        "sheets": [(sheet, SheetState(sheet.state)) for sheet in sheets],
        "result": result_of(one, nominees, sheets),
        "rounds": queries.rounds_of(one),
        "acts": acts.values(),
        "may_pack": may(actor, KEEP, one.place_id) and desk.kind.is_committee and not desk.is_declared,
    }
    return ROOM.show(request, about, "assemblies/elections/contest.html", context, name)


def stands_as(body: str, person: Nominee) -> dict[str, Any]:
    """Somebody on the ballot, in words."""
    post, words = post_words(body, person.post), grounds()
    left = str(OfficeEnd(person.left_how).label) if person.left_how else ""
    return {"one": person, "post": post, "ground": words.get(person.ground, ""), "left": left}
