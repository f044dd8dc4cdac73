"""Rules and policies of a draft, and adjustments by hand. Every POST goes back to its page; htmx swaps the plan in place."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from heli.kernel.faults import Refused
from heli.planning import presenting, queries, services
from heli.planning.forms import AdjustForm, ClassForm, OverrideForm, RulesForm, TownForm, ZoneForm
from heli.planning.models import Scenario
from heli.planning.types import Override, OverrideKind, VillageClass, Zone
from heli.planning.views.asking import act, page_of, shell, version_of, whole_district
from heli.planning.wording import CLASS_LABELS, OVERRIDE_LABELS, fault
from heli.ui.forms import add_faults
from heli.ui.http import see_other, whole_number
from heli.ui.pages import ActorRequest, page


def ids_of(text: str) -> tuple[int, ...]:
    """ "3,1,2" as (3, 1, 2); anything else in it is passed over."""
    return tuple(number for part in text.split(",") if (number := whole_number(part)) is not None)


@page("planning.read")
@require_http_methods(["GET", "POST"])
def rules(request: ActorRequest, public_id: str) -> HttpResponse:
    """The rules form; readers see it, editors change it and run."""
    action = "planning.edit" if request.method == "POST" else "planning.read"
    found = whole_district(request, public_id, action)
    standing = queries.standing(found)
    form = RulesForm(request.POST if request.method == "POST" else None, initial=RulesForm.initial_of(standing.rules))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_rules(
                actor=request.actor,
                scenario=found,
                rules=form.changed(standing.rules),
                version=version_of(request),
            )
            services.run_scenario(actor=request.actor, scenario=found)
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            return see_other("planning:scenario", found.public_id)
    context = shell(request, standing, "rules")
    if not context["can_edit"]:
        for field in form.fields.values():
            field.disabled = True
    return page_of(request, "rules", context | {"form": form}, status=422 if form.errors else 200)


@page("planning.edit")
@require_POST
def adjust(request: ActorRequest, public_id: str) -> HttpResponse:
    """One adjustment by hand, named by the button that was pressed."""
    found = whole_district(request, public_id, "planning.edit")
    who, did = request.actor, request.POST.get("did", "")
    members = ids_of(request.POST.get("members", ""))
    unit: dict[str, Callable[..., object]] = {
        "lock": services.lock_merger,
        "unlock": services.unlock_merger,
        "forbid_merger": services.forbid_merger,
        "allow_merger": services.allow_merger,
    }
    if did in unit:
        do = unit[did]
        return act(request, found, _back(request), lambda v: do(actor=who, scenario=found, members=members, version=v))
    name, count = request.POST.get("name", ""), request.POST.get("count", "")
    other: dict[str, tuple[str, Callable[[int | None], object]]] = {
        "name": (
            "mergers",
            lambda v: services.choose_name(actor=who, scenario=found, members=members, name=name, version=v),
        ),
        "reset": ("scenario", lambda v: services.reset_adjustments(actor=who, scenario=found, version=v)),
        "count": ("scenario", lambda v: _choose_count(request, found, count, v)),
        "relax": ("scenario", lambda v: _relax(request, found, v)),
    }
    if did in other:
        back, do_it = other[did]
        return act(request, found, back, do_it)
    return _adjust_pair(request, found, did)


def _choose_count(request: ActorRequest, found: Scenario, count: str, version: int | None) -> None:
    wanted = whole_number(count)
    if wanted is None:
        raise Refused(fault("count_missing", _("Choose a number of villages."), "count"))
    services.choose_count(actor=request.actor, scenario=found, count=wanted, version=version)


def _back(request: ActorRequest) -> str:
    return "mergers" if request.POST.get("back") == "mergers" else "scenario"


def _relax(request: ActorRequest, found: Scenario, version: int | None) -> None:
    result = queries.standing(found).result
    number = whole_number(request.POST.get("relaxation"))
    offered = result.relaxations if result is not None else ()
    if number is not None and number < len(offered):
        services.relax(actor=request.actor, scenario=found, relaxation=offered[number], version=version)


def _adjust_pair(request: ActorRequest, found: Scenario, did: str) -> HttpResponse:
    """What needs two villages: keep apart, let together, move, join."""
    standing = queries.standing(found)
    form = AdjustForm(request.POST, material=standing.material)
    who = request.actor
    if not form.is_valid() or form.cleaned_data["other"] is None:
        messages.error(request, _("Choose two villages on the map or from the lists."))
        return see_other("planning:scenario", found.public_id)
    one, other = form.cleaned_data["one"], form.cleaned_data["other"]
    pair: dict[str, Callable[[int | None], object]] = {
        "apart": lambda v: services.forbid_pair(actor=who, scenario=found, one=one, other=other, version=v),
        "allow": lambda v: services.allow_pair(actor=who, scenario=found, one=one, other=other, version=v),
        "move": lambda v: services.move_village(actor=who, scenario=found, place=one, to=other, version=v),
        "join": lambda v: services.lock_merger(actor=who, scenario=found, members=(one, other), version=v),
    }
    if did not in pair:
        messages.error(request, _("Say what to do with the two villages."))
        return see_other("planning:scenario", found.public_id)
    return act(request, found, "scenario", pair[did])


@page("planning.read")
@require_http_methods(["GET", "POST"])
def policies(request: ActorRequest, public_id: str) -> HttpResponse:
    """What is decided village by village and town by town: policies, classes, feature zones, towns that merge."""
    action = "planning.edit" if request.method == "POST" else "planning.read"
    found = whole_district(request, public_id, action)
    standing = queries.standing(found)
    material = standing.material
    forms = {
        "override": OverrideForm(material=material),
        "class": ClassForm(material=material),
        "zone": ZoneForm(material=material),
        "town": TownForm(material=material),
    }
    status = 200
    if request.method == "POST":
        did = request.POST.get("did", "")
        removed = _removal(request, found, did)
        if removed is not None:
            return act(request, found, "policies", removed)
        kinds = {"override": OverrideForm, "class": ClassForm, "zone": ZoneForm, "town": TownForm}
        if did in kinds:
            form = forms[did] = kinds[did](request.POST, material=material)
            if form.is_valid():
                try:
                    _add(request, found, did, form.cleaned_data)
                except Refused as refused:
                    add_faults(form, refused.faults)
                else:
                    return see_other("planning:policies", found.public_id)
            status = 422
    by_id = {village.id: village for village in material.villages}
    towns = {town.id: town.name for town in material.towns}
    by_class: dict[str, list[str]] = {}
    for place, kind in standing.rules.classes:
        by_class.setdefault(str(kind), []).append(by_id[place].name)
    context = shell(request, standing, "policies") | {
        "forms": forms,
        "overrides": [
            {
                "place": o.place,
                "name": by_id[o.place].name,
                "town": towns[by_id[o.place].town],
                "policy": OVERRIDE_LABELS[o.kind],
                "host": by_id[o.host].name if o.host in by_id else "",
                "reason": o.reason,
            }
            for o in standing.rules.overrides
        ],
        "classes": [
            {"label": CLASS_LABELS[kind], "names": "、".join(names), "count": len(names)}
            for kind, names in sorted(by_class.items())
        ],
        "zones": [
            {"name": zone.name, "names": "、".join(by_id[m].name for m in zone.members)}
            for zone in standing.rules.zones
        ],
        "merges": [{"town": a, "name": towns[a], "into": towns[b]} for a, b in standing.rules.town_merges],
        "windows": [
            {"label": CLASS_LABELS[w.village_class], "low": presenting.number(w.low), "high": presenting.number(w.high)}
            for w in standing.rules.windows
        ],
    }
    return page_of(request, "policies", context, status=status)


def _add(request: ActorRequest, found: Scenario, did: str, raw: dict[str, Any]) -> None:
    common: dict[str, Any] = {"actor": request.actor, "scenario": found, "version": version_of(request)}
    if did == "override":
        override = Override(raw["place"], OverrideKind(str(raw["kind"])), str(raw["reason"]), raw["host"])
        services.add_override(override=override, **common)
    elif did == "class":
        kind = VillageClass(str(raw["village_class"])) if raw["village_class"] else None
        services.set_class(places=raw["places"], village_class=kind, **common)
    elif did == "zone":
        services.add_zone(zone=Zone(str(raw["zone"]), tuple(raw["places"])), **common)
    else:
        services.merge_towns(town=raw["town"], into=raw["into"], **common)


def _removal(request: ActorRequest, found: Scenario, did: str) -> Callable[[int | None], object] | None:
    """The service behind a button that takes a policy back."""
    who, value = request.actor, request.POST.get("value", "")
    if did == "remove_zone":
        return lambda v: services.remove_zone(actor=who, scenario=found, name=value, version=v)
    number = whole_number(value)
    if number is None:
        return None
    return {
        "remove_override": lambda v: services.remove_override(actor=who, scenario=found, place=number, version=v),
        "keep_town": lambda v: services.keep_town(actor=who, scenario=found, town=number, version=v),
    }.get(did)
