"""Pages of handover: villages and what is asked of them, one village with all that goes on there, lists, the public page."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from heli.handover import queries, services
from heli.handover.catalogues import BEARERS, item_words, shown_lists
from heli.handover.forms import AgencyForm, BearersForm, CloseForm, RefuseForm, WhereForm
from heli.handover.ledger import ENTRY, GIVE, KEEP, READ
from heli.handover.models import AdmissionState, HandedState
from heli.handover.services import AskedTask, PointSpec
from heli.handover.tables import unit_table
from heli.kernel.access import may, scope
from heli.places import queries as places
from heli.places.types import Level, PlaceRow
from heli.records.abouts import DISTRICT, About
from heli.records.forms import CHOOSE, of_holders
from heli.records.queries import targets
from heli.records.views import about_or_404, districts_home, page_of, today
from heli.ui.forms import attempt, offer
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page


@page(READ)
@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """The districts whose villages the reader sees; the only one at once."""
    return districts_home(request, READ, _("Admission and handover"), lambda key: reverse("handover:units", args=[key]))


@page(READ)
@require_GET
def units(request: ActorRequest, about_id: str) -> HttpResponse:
    """Every village: what is asked of it a year, services received, functions borne, agency points."""
    about, on = about_or_404(request, about_id, READ), today()
    rows = queries.unit_rows(request.actor, about, on)
    table = unit_table(request, about, rows)
    if table.export:
        return table.export_response()
    begun = [row for row in rows if row.items]
    context = {
        "table": table,
        "most": max((row.yearly for row in rows), default=0),
        "received": (sum(row.received for row in begun), sum(row.items for row in begun)),
        "points": (sum(row.points for row in rows), sum(row.wanted for row in rows)),
        "refused": queries.refused_tasks(request.actor, about),
        "public_url": request.build_absolute_uri(reverse("handover:where", args=[about.id])),
    }
    return shown(request, about, "handover:units", "handover/units.html", context)


@page(READ)
@require_GET
def lists(request: ActorRequest, about_id: str) -> HttpResponse:
    """The lists: what is on each, its level, version, basis and who pays."""
    about = about_or_404(request, about_id, READ)
    context = {"lists": shown_lists(get_language() or "zh-hans")}
    return shown(request, about, "handover:lists", "handover/lists.html", context)


@page(READ)
@require_http_methods(["GET", "POST"])
def unit(request: ActorRequest, about_id: str, place_id: str) -> HttpResponse:
    """One village: what may be asked of it, what it refuses, services, functions, agency points of its former villages."""
    about, on = about_or_404(request, about_id, READ), today()
    row = next(
        (
            one
            for one in targets(request.actor, about, on, READ)
            if one.public_id == place_id and one.level is Level.VILLAGE
        ),
        None,
    )
    if row is None:
        raise Http404(place_id)
    desk = Desk(request, about, row)
    if request.method == "POST" and desk.act():
        return see_other("handover:unit", about_id, place_id)
    status = 422 if request.method == "POST" else 200
    crumbs = [(_("Villages"), reverse("handover:units", args=[about.id])), (row.name, "")]
    return shown(request, about, "handover:units", "handover/unit.html", desk.context(), crumbs=crumbs, status=status)


class Desk:
    """The page of one village: its forms, and what the pressed button does."""

    def __init__(self, request: ActorRequest, about: About, row: PlaceRow) -> None:
        self.request, self.about, self.row, self.on = request, about, row, today()
        self.can_keep = may(request.actor, KEEP, row.id)
        self.can_give = may(request.actor, GIVE, row.id)
        self.did = request.POST.get("did", "")
        self.former = [one for one in queries.points_of(about.district_id, self.on) if one.village.heir == row.id]
        self.refuse_form, self.bearers_form = self.refusing(), self.bearing()
        self.point_forms = [(one, self.pointing(one)) for one in self.former] if self.can_keep else []
        self.loose = forms.Form({})
        self.closing = CloseForm(self.given("close"))

    def given(self, did: str, key: str = "") -> Any:
        """What was typed into the form of the pressed button."""
        return self.request.POST if self.did == did and (not key or self.request.POST.get("village") == key) else None

    def refusing(self) -> RefuseForm:
        """Something that is asked outside the lists."""
        form = RefuseForm(self.given("refuse"))
        holders = queries.departments(self.about, self.on) if self.can_keep else []
        offer(form, asker=of_holders(holders, CHOOSE))
        return form

    def bearing(self) -> BearersForm | None:
        """Who bears which function, where functions are divided and the handover has begun."""
        borne = queries.bearers_of(self.row.id)
        return BearersForm(self.given("bearers"), initial=borne) if borne else None

    def pointing(self, one: queries.FormerVillageRow) -> AgencyForm:
        """The point of a former village, as it is or as planning proposes it."""
        point, key = one.point, one.village.public_id
        start: dict[str, Any] = {"spot": self.spots.get(one.village.id, "")}
        if point is not None:
            keeper = f"person:{point.keeper.public_id}" if point.keeper else ""
            start = {
                "spot": point.spot,
                "hours": point.hours,
                "items": point.items,
                "is_seat": point.is_seat,
                "keeper": keeper,
            }
        form = AgencyForm(self.given("point", key), prefix=key, initial=start)
        offer(form, keeper=of_holders(self.keepers, CHOOSE))
        return form

    @property
    def spots(self) -> Any:
        """Where planning decided to keep points; asked once."""
        self._spots = getattr(self, "_spots", None) or queries.proposed_spots(self.about.district_id, self.on)
        return self._spots

    @property
    def keepers(self) -> Any:
        """Office-holders of the district; asked once."""
        self._keepers = getattr(self, "_keepers", None) or queries.keepers(self.about, self.on)
        return self._keepers

    def act(self) -> bool:
        """Do what the pressed button says; whether it was done. 403 without the right, 404 for a button there is not."""
        acts: dict[str, tuple[bool, Callable[[], bool]]] = {
            "tap": (self.can_keep, self.tap),
            "refuse": (self.can_keep, self.refuse),
            "open": (self.can_keep, self.begin),
            "give": (self.can_give, lambda: self.sign(services.give_items, _("Handed over."))),
            "receive": (self.can_keep, lambda: self.sign(services.receive_items, _("Received."))),
            "bearers": (self.can_keep, self.divide),
            "point": (self.can_keep, self.point),
            "close": (self.can_keep, self.close),
        }
        if self.did not in acts:
            if not (self.can_keep or self.can_give):
                raise PermissionDenied(KEEP)
            return False
        allowed, do = acts[self.did]
        if not allowed:
            raise PermissionDenied(self.did)
        return do()

    def said(self, done: bool, text: str) -> bool:
        """Say that it was done."""
        if done:
            messages.success(self.request, text)
        return done

    def refused(self, task: AskedTask, form: forms.Form) -> bool:
        """Refuse a task; the matter that becomes of it is named."""
        given: dict[str, Any] = {
            "actor": self.request.actor,
            "about": self.about,
            "place_id": self.row.id,
            "task": task,
        }
        done = attempt(form, lambda: services.refuse_task(**given))
        return self.said(done, _("Refused. It is a matter for the office now."))

    def tap(self) -> bool:
        """One tap: an application that is not admitted is refused."""
        one = queries.admission_of(self.about, self.request.POST.get("admission", ""))
        if one is None:
            raise Http404(self.did)
        return self.refused(AskedTask(admission=one), self.loose)

    def refuse(self) -> bool:
        """What came on another way is refused."""
        form = self.refuse_form
        return form.is_valid() and self.refused(AskedTask(form.cleaned_data["title"], form.cleaned_data["asker"]), form)

    def begin(self) -> bool:
        """The handover begins."""
        given: dict[str, Any] = {"place_id": self.row.id, "district_id": self.about.district_id}
        done = attempt(self.loose, lambda: services.open_handover(actor=self.request.actor, **given))
        return self.said(done, _("The services are listed."))

    def sign(self, service: Callable[..., Any], text: str) -> bool:
        """Services are given or received."""
        chosen = self.request.POST.getlist("items")
        given: dict[str, Any] = {"actor": self.request.actor, "place_id": self.row.id, "items": chosen}
        return self.said(attempt(self.loose, lambda: service(**given)), text)

    def divide(self) -> bool:
        """Functions get their bearers."""
        form = self.bearers_form
        if form is None or not form.is_valid():
            return False
        given: dict[str, Any] = {"place_id": self.row.id, "bearers": form.cleaned_data}
        done = attempt(form, lambda: services.set_bearers(actor=self.request.actor, **given))
        return self.said(done, _("Saved."))

    def point(self) -> bool:
        """An agency point is opened or changed."""
        key = self.request.POST.get("village", "")
        found = next(((one, form) for one, form in self.point_forms if one.village.public_id == key), None)
        if found is None:
            raise Http404(key)
        one, form = found
        if not form.is_valid():
            return False
        given: dict[str, Any] = {"district_id": self.about.district_id, "former_id": one.village.id}
        spec = PointSpec(**form.cleaned_data)
        done = attempt(form, lambda: services.keep_point(actor=self.request.actor, point=spec, **given))
        return self.said(done, _("Saved."))

    def close(self) -> bool:
        """An agency point is closed from today on."""
        key, form = self.request.POST.get("village", ""), self.closing
        one = next((one for one in self.former if one.village.public_id == key), None)
        if one is None:
            raise Http404(key)
        if not form.is_valid():
            return False
        given: dict[str, Any] = {
            "district_id": self.about.district_id,
            "former_id": one.village.id,
            **form.cleaned_data,
        }
        done = attempt(form, lambda: services.close_point(actor=self.request.actor, **given))
        return self.said(done, _("Closed from today on."))

    def context(self) -> dict[str, Any]:
        """What the page shows."""
        row, on = self.row, self.on
        tasks = queries.tasks_at(row.id, self.about.district_id, on)
        items, words = queries.items_of(row.id), item_words()
        groups: dict[str, list[Any]] = {}
        for one in items:
            groups.setdefault(one.department, []).append(
                {"row": one, "name": words.get(one.item, one.item), "state": HandedState(one.status)}
            )
        mine = places.reached_among(scope(self.request.actor, READ), {one.place for one in tasks})
        received = sum(one.status == HandedState.RECEIVED for one in items)
        kept, wanted = queries.covered(self.former)
        return {
            "place": row,
            "tasks": [(one, one.place in mine) for one in tasks],
            "yearly": sum(one.yearly for one in tasks),
            "fields": queries.fields_typed(self.about.district_id, on).get(row.id, 0),
            "refusable": [(one, AdmissionState(one.status)) for one in queries.refusable(self.about, row.id, on)],
            "refusals": queries.refusals_at([row.id]),
            "groups": [as_group(name, rows) for name, rows in groups.items()],
            "received": received,
            "items": len(items),
            "gives": self.can_give and any(one.status == HandedState.LISTED for one in items),
            "receives": self.can_keep and any(one.status == HandedState.GIVEN for one in items),
            "can_keep": self.can_keep,
            "refuse_form": self.refuse_form,
            "bearers_form": self.bearers_form if self.can_keep else None,
            "bearers": queries.borne_words(row.id),
            "points": [
                (one, [words.get(key, key) for key in one.point.items] if one.point else []) for one in self.former
            ],
            "point_forms": self.point_forms,
            "kept": kept,
            "wanted": wanted,
            "loose": self.loose,
            "closing": self.closing,
            "closing_at": self.request.POST.get("village", "") if self.did == "close" else "",
            "bearer_words": BEARERS,
        }


def as_group(department: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The services of a department; open on the page while one of them waits."""
    done = sum(one["state"] is HandedState.RECEIVED for one in rows)
    return {"department": department, "rows": rows, "done": done, "is_open": done < len(rows)}


def shown(
    request: ActorRequest, about: About, tab: str, template: str, context: dict[str, Any], **more: Any
) -> HttpResponse:
    """A page under a tab of admission and handover."""
    words = {"tab": _("Admission and handover")}
    return page_of(request, about, tab, template, {"words": words, **context}, entry=ENTRY, **more)


@require_safe
def where(request: ActorRequest, district_id: str) -> HttpResponse:
    """For everybody: where do I go now? By the old name of a village, along its lineage, to its agency point."""
    on = today()
    district = next((row for row in places.districts(on) if row.public_id == district_id), None)
    if district is None:
        raise Http404(district_id)
    about = DISTRICT.about(district.id, district_id)
    form = WhereForm(request.GET if "name" in request.GET else None)
    context: dict[str, Any] = {"about": about, "form": form}
    if form.is_bound and form.is_valid():
        context["ways"] = queries.ways_from(district.id, form.cleaned_data["name"], on)
    return render(request, "handover/where.html", context)
