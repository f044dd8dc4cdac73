"""Elections: the board of units, a term change opened, one contest with everything that happens in it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.assemblies import election_forms as forms
from heli.assemblies.catalogues import grounds
from heli.assemblies.counted import result_of, result_text
from heli.assemblies.election_tables import STAGES, board_table, tone_of
from heli.assemblies.models import ElectedPost, Election, Nominee, OfficeEnd, Readiness, SheetState, UnitContest
from heli.assemblies.queries import elections as queries
from heli.assemblies.queries.sittings import READ, sittings_of
from heli.assemblies.rules.standing import UnitStage, stage_of
from heli.assemblies.services import declaring, elections
from heli.assemblies.services.elections import BASE, DECLARE, KEEP
from heli.kernel.access import may
from heli.kernel.quantities import Ratio
from heli.places.types import Level
from heli.records.abouts import About
from heli.records.fields import fields_of
from heli.records.forms import choices_for, upload_of
from heli.records.views import about_or_404, own_places, page_of, sent, today
from heli.ui.forms import attempt, press
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page

TAB = "assemblies:elections"
USUAL_SEATS = {"chair": 1, "vice": 1, "member": 3}
COMPLETE = {UnitStage.ELECTED, UnitStage.HANDED_OVER, UnitStage.HANDOVER_LATE}


def show(  # noqa: PLR0917 - what a page is made of
    request: ActorRequest, about: About, name: str, context: dict[str, Any], crumb: str = "", status: int = 200
) -> HttpResponse:  # fmt: skip
    """A page of this room; `crumb` names it on the way below the board."""
    way = [(_("Elections"), reverse(TAB, args=[about.id])), (crumb, "")] if crumb else []
    words = {"tab": _("Elections")}
    return page_of(request, about, TAB, name, {"words": words, **context}, crumbs=way, status=status)


@page(READ)
@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """The elections within the actor's reach; of a single one its board."""
    found = queries.elections_in_reach(request.actor)
    abouts = list(dict.fromkeys(one.about for one in found))
    if len(abouts) == 1:
        return see_other(TAB, abouts[0])
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
    ready = Counter(line.contest.readiness for line in lines)
    stages = Counter(line.stage for line in lines)
    context = {
        "table": table,
        "done": Ratio(sum(stages[one] for one in COMPLETE), len(lines)),
        "settled": ready[Readiness.SETTLED],
        "intended": ready[Readiness.INTENDED],
        "waits": [(STAGES[one], tone_of(one), stages[one]) for one in UnitStage if stages[one]],
        "elections": queries.elections_of(about),
        "published": {line.contest.election_id for line in lines if line.facts.declared_on},
        "may_open": may(request.actor, DECLARE),
    }
    return show(request, about, "assemblies/elections/board.html", context)


@page(DECLARE)
@require_http_methods(["GET", "POST"])
def election_new(request: ActorRequest, about_id: str) -> HttpResponse:
    """Open a term change over units."""
    about, actor = about_or_404(request, about_id, DECLARE), request.actor
    rows = own_places(request, about, DECLARE)
    drawn = list(fields_of(Election).values())
    start = {"jurisdiction": "CN", "mode": "voters", **USUAL_SEATS}
    choices = choices_for(drawn, actor, about, today(), DECLARE)
    form = forms.ElectionForm(*sent(request), rows=rows, drawn=drawn, choices=choices, initial=start)
    villages = {row.id for row in rows if row.level is Level.VILLAGE}

    def open_it() -> None:
        chosen = [one for one in form.chosen_places() if one in villages]
        given = {**form.values(), "counts_intent": form.cleaned_data["counts_intent"]}
        elections.open_election(actor=actor, about=about, place_ids=chosen, seats=form.seats(), **given)

    if request.method == "POST" and attempt(form, open_it):
        return see_other(TAB, about_id)
    text, status = _("Open an election"), 422 if form.errors else 200
    context = {"form": form, "title": text, "button": _("Open")}
    return show(request, about, "records/form.html", context, text, status)


@dataclass(slots=True)
class ContestAct:
    """Something that can be done on the page: its form (None: a button), the service, and what stands on the page about it."""

    did: str
    title: str
    do: Callable[[], object]
    form: Any = None
    button: str = ""
    help: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it was tried and refused."""
        return bool(self.form is not None and self.form.errors)


@page(READ)
@require_http_methods(["GET", "POST"])
def contest(request: ActorRequest, about_id: str, contest_id: str) -> HttpResponse:
    """One round of a unit: who stands, numbers, tables, result; and whatever the actor may do with it."""
    about, actor = about_or_404(request, about_id, READ), request.actor
    one = queries.contest_at(contest_id, actor, about)
    if one is None:
        raise Http404(contest_id)
    nominees, sheets = queries.nominees_of(one), queries.standing_sheets(one)
    acts = {act.did: act for act in acts_of(request, about, one, nominees, sheets)}
    if request.method == "POST":
        act = acts.get(request.POST.get("did", ""))
        if act is None:
            raise Http404(request.POST.get("did", ""))
        if attempt(act.form, act.do) if act.form is not None else press(request, act.do):
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
        "nominees": [stands_as(person) for person in nominees],
        "sheets": [(sheet, SheetState(sheet.state)) for sheet in sheets],
        "result": result_of(one, nominees, sheets),
        "rounds": queries.rounds_of(one),
        "acts": acts.values(),
        "may_pack": may(actor, KEEP, one.place_id) and not hasattr(one, "declaration"),
    }
    status = 422 if request.method == "POST" and any(act.is_open for act in acts.values()) else 200
    return show(request, about, "assemblies/elections/contest.html", context, name, status)


def stands_as(person: Nominee) -> dict[str, Any]:
    """Somebody on the ballot, in words."""
    post, words = str(ElectedPost(person.post).label), grounds()
    left = str(OfficeEnd(person.left_how).label) if person.left_how else ""
    return {"one": person, "post": post, "ground": words.get(person.ground, ""), "left": left}


def acts_of(
    request: ActorRequest, about: About, one: UnitContest, nominees: list[Any], sheets: list[Any]
) -> list[ContestAct]:
    """What the actor may do with the contest now."""
    actor, place = request.actor, one.place_id
    if not may(actor, KEEP, place):
        return []
    found = _before(request, about, one, nominees, sheets) if not hasattr(one, "declaration") else []
    if may(actor, DECLARE, place) and not hasattr(one, "declaration") and sheets:
        form = forms.DeclareForm(_given(request, "declare"))
        given: dict[str, Any] = {"actor": actor, "contest": one}

        def declare() -> None:
            declaring.declare(**given, **form.cleaned_data)

        note = _("By somebody who keyed none of its sheets; once.")
        found.insert(0, ContestAct("declare", _("Declare the result"), declare, form, _("Declare"), note))
    return [*found, *(_after(request, about, one, nominees) if hasattr(one, "declaration") else [])]


def _given(request: ActorRequest, did: str) -> Any:
    return request.POST if request.method == "POST" and request.POST.get("did") == did else None


def _before(
    request: ActorRequest, about: About, one: UnitContest, nominees: list[Any], sheets: list[Any]
) -> list[ContestAct]:
    actor = request.actor
    known = fields_of(UnitContest)
    drawn = [known[name] for name in ("readiness", *BASE)]
    choices = choices_for(drawn, actor, about, today(), KEEP)
    start = {field.name: getattr(one, field.name) for field in drawn}
    numbers = forms.PrepareForm(_given(request, "prepare"), drawn=drawn, choices=choices, row=one, initial=start)
    stands = forms.NomineeForm(_given(request, "nominate"), contest=one)
    table = forms.TableForm(_given(request, "table"))
    given: dict[str, Any] = {"actor": actor, "contest": one}

    def prepare() -> None:
        values = numbers.values()
        elections.prepare(**given, readiness=values.pop("readiness"), numbers=values)

    def nominate() -> None:
        more = {name: stands.cleaned_data[name] for name in ("is_woman", "number")}
        elections.nominate(**given, **stands.values(), **more)

    found = [ContestAct("prepare", _("Numbers of the unit"), prepare, numbers, _("Save"))]
    if all(sheet.state == SheetState.WAITING for sheet in sheets):
        found.append(ContestAct("nominate", _("Put somebody on the ballot"), nominate, stands, _("Save")))
    if any(person.is_qualified is None for person in nominees):
        asked = forms.ReviewForm(_given(request, "review"), nominees=nominees)
        by_key = {str(person.pk): person for person in nominees}
        found.append(
            ContestAct("review", _("Answer of the reviewing body"), lambda: elections.review(
                actor=actor, nominee=by_key[asked.cleaned_data["nominee"]], is_qualified=asked.cleaned_data["is_qualified"],
                ground=asked.cleaned_data["ground"],
            ), asked, _("Save"))
        )  # fmt: skip
    found.append(
        ContestAct(
            "table",
            _("Lay out a counting table"),
            lambda: elections.add_table(**given, **table.cleaned_data),
            table,
            _("Save"),
        )
    )
    if len(sheets) > 1:
        pour = forms.PourForm(_given(request, "pour"), sheets=sheets)
        tables = {str(sheet.pk): sheet for sheet in sheets}
        found.append(
            ContestAct("pour", _("Count two tables together"), lambda: elections.pour_together(
                actor=actor, sheet=tables[pour.cleaned_data["sheet"]], into=tables[pour.cleaned_data["into"]]
            ), pour, _("Pour together"), _("Where so few ballots came back that they would tell how a few people voted."))
        )  # fmt: skip
    return found


def _after(request: ActorRequest, about: About, one: UnitContest, nominees: list[Any]) -> list[ContestAct]:
    actor, declared = request.actor, one.declaration
    given: dict[str, Any] = {"actor": actor, "contest": one}
    followed = queries.rounds_of(one).filter(earlier=one).exists()
    holders = [person for person in nominees if person.person_id is not None]
    is_signed = _given(request, "signed") is not None
    signed = forms.SignedForm(*((request.POST, request.FILES) if is_signed else ()))

    def keep() -> None:
        upload = upload_of(signed.cleaned_data["file"])
        assert upload is not None
        declaring.keep_signed_copy(**given, upload=upload)

    found = [ContestAct("signed", _("Signed copy of the result sheet"), keep, signed, _("Keep it"))]
    if declared.status in {"incomplete", "revote"} and not followed:
        again = forms.NextRoundForm(_given(request, "second"))
        act = lambda: declaring.open_second_ballot(**given, on=again.cleaned_data["on"])  # noqa: E731 - told once, below
        found.insert(
            0, ContestAct("second", _("Vote again on the open seats"), act, again, _("Open the second ballot"))
        )
    if may(actor, DECLARE, one.place_id):
        if one.notice_id is None:
            text = result_text(one, nominees)
            post = lambda: declaring.post_result(**given, about=about, text=text)  # noqa: E731 - told once, below
            found.append(ContestAct("post", _("Post the result"), post, None, _("Post it in the unit")))
        if holders and one.handed_over_on is None:
            over = forms.HandoverForm(_given(request, "hand"), initial={"on": today()})
            hand = lambda: declaring.hand_over(**given, **over.cleaned_data)  # noqa: E731 - told once, below
            found.append(
                ContestAct("hand", _("Handover to the new committee"), hand, over, _("Save"), _("Within ten days."))
            )
        if one.election.counts_intent:
            won = forms.IntentForm(_given(request, "intent"), initial={"won": one.intended_won})
            intent = lambda: declaring.count_intended(**given, **won.cleaned_data)  # noqa: E731 - told once, below
            found.append(ContestAct("intent", _("Seats won by those recommended"), intent, won, _("Save")))
        if any(person.left_on is None for person in holders):
            found.append(_leaving(request, about, one, holders))
        if any(person.left_on is not None for person in holders) and not followed:
            seats = forms.ByElectionForm(_given(request, "by_election"))

            def again_for_seats() -> None:
                elections.open_by_election(**given, seats=seats.seats(), on=seats.cleaned_data["on"])

            found.append(ContestAct("by_election", _("By-election"), again_for_seats, seats, _("Open")))
    return found


def _leaving(request: ActorRequest, about: About, one: UnitContest, holders: list[Any]) -> ContestAct:
    """An office that ends before its term."""
    passed = {row.pk: row for row in sittings_of(request.actor, about).filter(place=one.place_id, status="passed")}
    names = {key: f"{row.held_on} {row.meeting.title}" for key, row in passed.items()}
    form = forms.LeaveForm(_given(request, "leave"), holders=holders, sittings=names)
    people = {str(person.pk): person for person in holders}

    def leave() -> None:
        given = form.cleaned_data
        sitting = passed.get(int(given["sitting"])) if given["sitting"] else None
        declaring.end_office(
            actor=request.actor, nominee=people[given["nominee"]], how=given["how"], on=given["on"], sitting=sitting
        )

    return ContestAct("leave", _("An office ends before its term"), leave, form, _("Save"))
