"""Pages of key complex villages 重点复杂村: the list, what the facts propose, proposing, confirming, ending."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.bodies import queries as bodies
from heli.campaigns.pages import campaign_or_404
from heli.kernel.access import may, scope
from heli.kernel.faults import Refused
from heli.places import queries as places
from heli.ui.forms import add_faults
from heli.ui.http import language, see_other
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import Column, Table
from heli.warnings.forms import EndKeyVillageForm, KeyVillageForm
from heli.warnings.queries.key_villages import find_key_village, key_rules, key_villages, suggestions, values_of
from heli.warnings.queries.weeks import visible_places
from heli.warnings.rules.key_villages import Reason
from heli.warnings.services.key_villages import PROPOSE, confirm_key_village, end_key_village, propose_key_village
from heli.warnings.services.week_notices import DECIDE
from heli.warnings.texts import TIERS
from heli.warnings.types import Tier
from heli.warnings.views.weeks import frame


def reason_words(reasons: Any) -> str:
    """Reasons in words: "Heavy debts 120 ten thousand yuan: not cleared"."""
    rules = key_rules()
    found = []
    for reason in reasons:
        kind = rules.kinds.get(reason.kind)
        if kind is None:
            found.append(f"{reason.kind} {reason.value}")
            continue
        value = f" {reason.value:,} {kind.unit.text(language())}" if reason.value else ""
        note = f"：{reason.note}" if reason.note else ""
        found.append(f"{kind.words.text(language())}{value}{note}")
    return "；".join(found)


@page("campaigns.read")
@require_GET
def key_list(request: ActorRequest, public_id: str) -> HttpResponse:
    """The key villages of today by tier, and those that the facts propose."""
    campaign = campaign_or_404(request, public_id)
    on = timezone.localdate()
    visible = visible_places(request.actor, campaign)
    rows = key_villages(campaign, on, visible)
    table = Table(
        "key",
        request,
        rows,
        [
            Column("name", _("Village"),
                   link=lambda row: reverse("warnings:key_village", args=[public_id, row.kept.public_id])),
            Column("town_name", _("Town"), filter=True),
            Column("tier", _("Tier"), value=lambda row: row.kept.tier, labels=TIERS, filter=True),
            Column("reasons", _("Reasons"), value=lambda row: reason_words(row.reasons), sort=False),
            Column("points", _("Points"), kind="integer", value=lambda row: row.kept.points),
            Column("team", _("Team"), value=lambda row: row.kept.team.name if row.kept.team else ""),
            Column("leader", _("Linked leader"), value=_leader),
            Column("confirmed", _("Confirmed"), kind="yesno", value=lambda row: row.kept.confirmed_at is not None),
        ],
        search=("name", "town_name"),
        caption=_("Key complex villages"),
        replaces=_("ledger of key complex villages (重点复杂村台账)"),
        empty=_("No key village yet."),
        sample=campaign.is_sample,
        prefix="k-",
        cards=True,
    )  # fmt: skip
    if table.export:
        return table.export_response()
    proposed = suggestions(campaign, on, visible)
    context = frame(request, campaign, "key_villages") | {
        "table": table,
        "may_propose": may(request.actor, PROPOSE),
        "proposed": [
            {
                "one": one,
                "reasons": reason_words(one.reasons),
                "tier": TIERS[one.tier],
                "url": f"{reverse('warnings:new_key_village', args=[public_id])}?place={one.public_id}",
            }
            for one in proposed
        ],
    }
    return render(request, "warnings/key_villages.html", context)


def _leader(row: Any) -> str:
    link = row.kept.leader
    if link is not None:
        return str(link.person.name if link.person else link.body)
    return row.answering[0].name if row.answering else ""


@page(PROPOSE)
@require_http_methods(["GET", "POST"])
def new_key_village(request: ActorRequest, public_id: str) -> HttpResponse:
    """Propose a key village; without `?place=` a village is chosen first."""
    campaign = campaign_or_404(request, public_id)
    on = timezone.localdate()
    asked = request.GET.get("place", "")
    place = places.find(asked, scope(request.actor, PROPOSE)) if asked else None
    if asked and (place is None or place.district_id != campaign.district_id):
        raise Http404(asked)
    context = frame(request, campaign, "key_villages")
    if place is None:
        visible = visible_places(request.actor, campaign)
        rows = places.villages_of(campaign.district_id, on, outlines=False)
        context["villages"] = [row for row in rows if visible is None or row.id in visible]
        status = 422 if request.method == "POST" else 200
        return render(request, "warnings/choose_village.html", context, status=status)
    rules = key_rules()
    form = KeyVillageForm(
        request.POST or None,
        rules=rules,
        language=language(),
        teams=[(one.key, one.name) for one in bodies.holders_in(campaign.district_id, on) if not one.is_person],
        leaders=[(one.link_id, f"{one.name} {one.office}".strip()) for one in bodies.who_answers_for(place.pk, on)],
        known=values_of(campaign, [place.pk], on, rules).get(place.pk, {}),
        initial={"tier": Tier.TOWN},
    )
    if request.method == "POST" and form.is_valid():
        try:
            propose_key_village(
                actor=request.actor,
                campaign=campaign,
                place_id=place.pk,
                tier=Tier(form.cleaned_data["tier"]),
                reasons=form.reasons,
                on=on,
                team=form.cleaned_data["team"],
                leader=form.cleaned_data["leader"],
            )
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            messages.success(request, _("Proposed; a second person confirms it."))
            return see_other("warnings:key_villages", public_id)
    context |= {"form": form, "place": place, "name": places.names_at([place.pk], on).get(place.pk, "")}
    status = 422 if request.method == "POST" else 200
    return render(request, "warnings/new_key_village.html", context, status=status)


@page("campaigns.read")
@require_http_methods(["GET", "POST"])
def key_village(request: ActorRequest, public_id: str, key_id: str) -> HttpResponse:
    """One key village; the district confirms or ends it."""
    campaign = campaign_or_404(request, public_id)
    found = find_key_village(campaign, key_id, visible_places(request.actor, campaign))
    if found is None:
        raise Http404(key_id)
    on = timezone.localdate()
    may_decide = may(request.actor, DECIDE, campaign.district_id)
    form = EndKeyVillageForm(initial={"on": on})
    status = 200
    if request.method == "POST":
        if not may_decide:
            raise PermissionDenied(DECIDE)
        status = 422
        if request.POST.get("did") == "confirm":
            try:
                confirm_key_village(actor=request.actor, village=found)
            except Refused as refused:
                for fault in refused.faults:
                    messages.error(request, str(fault.message))
            else:
                return see_other("warnings:key_village", public_id, key_id)
        else:
            form = EndKeyVillageForm(request.POST)
            if form.is_valid():
                try:
                    end_key_village(actor=request.actor, village=found, **form.cleaned_data)
                except Refused as refused:
                    add_faults(form, refused.faults)
                else:
                    return see_other("warnings:key_villages", public_id)
    context = frame(request, campaign, "key_villages") | {
        "kept": found,
        "name": places.names_at([found.place_id], on).get(found.place_id, ""),
        "place_url": reverse("places:place", args=[found.place.public_id]),
        "tier": TIERS[Tier(found.tier)],
        "reasons": [reason_words([Reason(**one)]) for one in found.reasons],
        "answering": bodies.who_answers_for(found.place_id, on),
        "may_decide": may_decide and found.valid_to is None,
        "is_own": found.proposed_by_id == request.actor.id,
        "form": form,
    }
    return render(request, "warnings/key_village.html", context, status=status)
