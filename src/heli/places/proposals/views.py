"""Pages of proposed lineage: groups with counts, bulk acceptance, candidates with reasons, search."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from heli.kernel.access import may, scope
from heli.kernel.faults import Finding, Refused
from heli.places import queries as register
from heli.places import texts
from heli.places.models_imports import Comparison
from heli.places.proposals import queries, services
from heli.places.proposals.forms import ConfirmForm
from heli.places.proposals.texts import group_note, group_text
from heli.places.proposals.types import Group
from heli.ui.http import see_other, whole_number
from heli.ui.pages import ActorRequest, page

IMPORT, EDIT = "places.import", "places.edit"
PAGE_SIZE = 50
NOTHING = "none"


def _comparison(request: ActorRequest, public_id: str) -> Comparison:
    found = queries.comparisons_in_scope(scope(request.actor, IMPORT)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@page(IMPORT)
def comparison(request: ActorRequest, public_id: str) -> HttpResponse:
    """The groups of a comparison, and what two lists can never tell."""
    one = _comparison(request, public_id)
    groups = queries.groups_of(one)
    row = register.version_on(one.district_id, one.before_on)
    context = {
        "comparison": one,
        "district": row,
        "groups": groups,
        "kept": one.counts.get(Group.KEPT, 0),
        "open": sum(group.open for group in groups),
        "confirmed": sum(group.confirmed for group in groups),
        "unsaid": queries.unsaid(),
        "form": ConfirmForm(initial={"on": one.list.on}),
        "may_edit": may(request.actor, EDIT, one.district_id),
    }
    return render(request, "places/imports/comparison.html", context)


@page(IMPORT)
@require_POST
def again(request: ActorRequest, public_id: str) -> HttpResponse:
    """Compare anew with the register as it stands now; what is confirmed stays."""
    one = _comparison(request, public_id)
    services.compare_list(actor=request.actor, official=one.list, district_id=one.district_id, before_on=one.before_on)
    return see_other("places:imports:comparison", public_id)


@page(IMPORT)
def group(request: ActorRequest, public_id: str, group: str) -> HttpResponse:
    """The proposals of a group: confirm together where that is safe, one by one with candidates otherwise."""
    one = _comparison(request, public_id)
    try:
        which = Group(group)
    except ValueError:
        raise Http404 from None
    form = ConfirmForm(request.POST if request.method == "POST" else None, initial={"on": one.list.on})
    if request.method == "POST":
        if form.is_valid():
            return _decide(request, one, which, form.cleaned_data["on"], form.cleaned_data["document_number"])
        messages.error(request, gettext("Give the day it took effect."))
    search = request.GET.get("q", "").strip()
    rows = queries.proposals_of(one, which, search)
    shown = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    towns = queries.listed_towns(one)
    context = {
        "comparison": one,
        "district": register.version_on(one.district_id, one.before_on),
        "group": which.value,
        "title": group_text(which),
        "note": group_note(which),
        "is_together": which in services.TOGETHER,
        "is_new": which is Group.NEW,
        "rows": [(row, queries.choices_of(row, towns)) for row in shown],
        "page": shown,
        "q": search,
        "open": rows.filter(decision="open").count(),
        "form": form,
        "may_edit": may(request.actor, EDIT, one.district_id),
        "words": {"open": gettext("undecided"), "confirmed": gettext("confirmed"), "declined": gettext("declined")},
    }
    return render(request, "places/imports/group.html", context)


def _decide(request: ActorRequest, one: Comparison, which: Group, on: date, document: str) -> HttpResponse:
    """Carry out what was chosen on the page."""
    given = request.POST
    try:
        if given.get("decision") == "all":
            count = services.confirm_group(
                actor=request.actor, comparison=one, group=which, on=on, document_number=document
            )
        elif given.get("decision") == "decline":
            keys = _keys(given.getlist("chosen"))
            services.decline(actor=request.actor, comparison=one, proposal_ids=keys)
            return see_other("places:imports:group", one.public_id, which.value)
        else:
            choices = _choices(
                one,
                which,
                given.getlist("chosen"),
                {key: given.get(f"choice-{key}", "") for key in given.getlist("chosen")},
            )
            count = services.confirm(
                actor=request.actor, comparison=one, choices=choices, on=on, document_number=document
            )
    except Refused as refused:
        for fault in refused.faults[:10]:
            messages.error(request, fault.message)
    else:
        messages.success(request, gettext("%(count)s proposals confirmed as lineage events.") % {"count": count})
    return see_other("places:imports:group", one.public_id, which.value)


def _keys(chosen: list[str]) -> list[int]:
    return [key for text in chosen if (key := whole_number(text)) is not None]


def _choices(one: Comparison, which: Group, chosen: list[str], picked: dict[str, str]) -> dict[int, str]:
    """{proposal: code} of the ticked rows; "none" means without successor."""
    rows = {str(row.pk): row for row in queries.chosen_of(one, which, _keys(chosen))}
    choices: dict[int, str] = {}
    for key, row in rows.items():
        code = picked.get(key, "") or row.new_code
        if not code and row.place_id is not None:
            raise Refused(texts.as_fault(Finding("proposal_needs_choice", {"village": row.old_name})))
        choices[row.pk] = "" if code == NOTHING else code
    return choices
