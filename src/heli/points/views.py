"""The pages of points: one's own account, who is on a shift, sums by place, one line; the truth of a certificate."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from heli.files.documents import PDF, render_pdf
from heli.kernel.access import may
from heli.kernel.faults import Refused
from heli.places import queries as places
from heli.points import queries, services
from heli.points.catalogues import acts, earning_of, has_units_table, recorded_acts
from heli.points.certificate import certificate_paper, hours
from heli.points.forms import NOWHERE, EarnedForm, HoursForm, MemberForm
from heli.points.ledger import AWARD, CONFIRM, READ, SHIFTS
from heli.points.models import Member, PointsEntry, Shift
from heli.points.services import Earned
from heli.points.tables import sums_table
from heli.records.abouts import About
from heli.records.forms import CHOOSE, of_places
from heli.records.queries import find_row, targets
from heli.records.views import about_or_404, page_of, today
from heli.ui.forms import ReasonForm, attempt, offer, press
from heli.ui.http import download, language, see_other
from heli.ui.pages import ActorRequest, page

ENTRY = "shifts:all"


def typed(request: ActorRequest) -> Any:
    """What a form was sent with."""
    return request.POST if request.method == "POST" else None


def act_text(act: str) -> str:
    """An act in the reader's language."""
    return acts().text(act, language())


# -- a member's own ----------------------------------------------------------------------------------------------------


@page("ui.read")
@require_http_methods(["GET", "POST"])
def mine(request: ActorRequest) -> HttpResponse:
    """The own account: report in, take shifts on, what was earned, leave."""
    member = queries.member_of(request.actor)
    did = request.POST.get("did", "report_in")
    if request.method == "POST" and did != "report_in":
        return pressed(request, member, did)
    form, districts = member_form(request, member)
    if request.method == "POST" and attempt(form, lambda: reported(request, form, districts)):
        messages.success(request, _("You have reported in."))
        return see_other("points:mine")
    context: dict[str, Any] = {"member": member, "form": form, "is_asked": member is None or bool(form.errors)}
    if member is not None:
        context |= shown(member)
    request.entry = "points:mine"
    return render(request, "points/mine.html", context, status=422 if form.errors else 200)


def member_form(request: ActorRequest, member: Member | None) -> tuple[MemberForm, dict[int, int]]:
    """The form, and the district of each place it offers. Choices are read where the form is shown open or was sent."""
    start: dict[str, Any] = {"home": member.home_id, "work": member.work_id, "consents": True} if member else {}
    start["unit"] = f"body:{member.unit.public_id}" if member is not None and member.unit else ""
    form = MemberForm(typed(request), initial=start)
    if member is not None and request.method == "GET" and "change" not in request.GET:
        return form, {}
    chosen = queries.districts_of(request.actor, today())
    rows = queries.communities(chosen, today())
    units = [(f"body:{key}", name) for key, name in queries.units_in(chosen, today())]
    offered = [NOWHERE, *of_places(rows)]
    offer(form, home=offered, work=offered, unit=[NOWHERE, *units])
    return form, {row.id: row.district_id or 0 for row in rows}


def reported(request: ActorRequest, form: MemberForm, districts: dict[int, int]) -> None:
    """Report in with what was typed, in the district of the first place named."""
    given = form.cleaned_data
    home, work = (int(given[name]) if given[name] else None for name in ("home", "work"))
    district = districts.get(home or work or 0, next(iter(districts.values()), 0))
    services.report_in(
        actor=request.actor, district_id=district, home_id=home, work_id=work, unit=given["unit"],
        consents=given["consents"],
    )  # fmt: skip


def shown(member: Member) -> dict[str, Any]:
    """What the page of an account shows."""
    account, claims = queries.account_of(member), queries.claims_of(member)
    shifts = [one for one in queries.shifts_for(member, today()) if queries.has_room(one)]
    keys = {line.place_id for line in account.lines} | {one.place_id for one in shifts}
    keys |= {claim.shift.place_id for claim in claims} | {member.home_id or 0, member.work_id or 0}
    names = places.names_at(keys, today())
    return {
        "home": names.get(member.home_id or 0, ""),
        "work": names.get(member.work_id or 0, ""),
        "balance": account.balance,
        "hours": hours(account.balance.minutes),
        "acts": [(act_text(one.act), one, hours(one.minutes)) for one in account.acts],
        "lines": [(one, act_text(one.act), names.get(one.place_id, ""), hours(one.minutes)) for one in account.lines],
        "claims": [(claim, names.get(claim.shift.place_id, "")) for claim in claims],
        "shifts": [(one, names.get(one.place_id, ""), act_text(one.act)) for one in shifts],
        "most": queries.SHOWN,
    }


def pressed(request: ActorRequest, member: Member | None, did: str) -> HttpResponse:
    """A button of the own page."""
    actor, named = request.actor, request.POST.get("id", "")
    if did == "leave":
        press(
            request, lambda: services.leave(actor=actor), _("You have left: nothing that names you is kept any more.")
        )
    elif did == "take_on" and member is not None:
        shift = queries.open_shift(member, named, today())
        if shift is None:
            raise Http404(named)
        press(request, lambda: services.take_on(actor=actor, shift=shift), _("You are on it. Thank you."))
    elif did == "give_back" and member is not None:
        claim = queries.own_claim(member, named)
        if claim is None:
            raise Http404(named)
        press(request, lambda: services.give_back(actor=actor, claim=claim), _("Given back."))
    else:
        raise Http404(did)
    return see_other("points:mine")


@page("ui.read")
@require_POST
def certificate(request: ActorRequest) -> HttpResponse:
    """Make a certificate and print it."""
    try:
        made = services.issue_certificate(actor=request.actor)
    except Refused as refused:
        for fault in refused.faults:
            messages.error(request, str(fault.message))
        return see_other("points:mine")
    member = made.member
    names = places.names_at({member.home_id or 0, member.work_id or 0}, today())
    where = [names[key] for key in dict.fromkeys((member.home_id, member.work_id)) if key in names]
    url = request.build_absolute_uri(reverse("points:true", args=[made.code]))
    sample = places.is_sample([member.district_id], today())
    paper = certificate_paper(
        made, request.actor.name, queries.account_of(member).acts, places=where, url=url, is_sample=sample
    )
    return download(render_pdf(paper), name=f"{_('Certificate of volunteering')}.pdf", content_type=PDF)


@require_safe
def true(request: ActorRequest, code: str) -> HttpResponse:
    """Whether a certificate is true, for whoever holds it in hand: its numbers, and no name."""
    found = queries.certificate_by(code)
    context: dict[str, Any] = {"code": code, "made": None}
    if found is not None:
        made, now = found
        context |= {"made": made, "hours": hours(made.minutes), "holds": now.minutes >= made.minutes and now.points >= made.points,
                    "sample": places.is_sample([made.member.district_id], today())}  # fmt: skip
    response = render(request, "points/true.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response


# -- whoever keeps a village -------------------------------------------------------------------------------------------


@page(CONFIRM)
@require_http_methods(["GET", "POST"])
def people(request: ActorRequest, about_id: str, row_id: str) -> HttpResponse:
    """Who is on a shift: each is confirmed with their hours, or taken off it. For whoever confirms there, and nobody else."""
    about = about_or_404(request, about_id, CONFIRM)
    shift: Shift | None = find_row(SHIFTS, request.actor, about, row_id)
    if shift is None:
        raise Http404(row_id)
    if not may(request.actor, CONFIRM, shift.place_id):
        raise PermissionDenied(CONFIRM)
    form, tried = HoursForm(typed(request), initial={"hours": shift.hours}), request.POST.get("id", "")
    if request.method == "POST" and answered(request, shift, form):
        return see_other("points:people", about_id, row_id)
    context = {
        "shift": shift,
        "people": [
            (claim, form if claim.public_id == tried else HoursForm(initial={"hours": shift.hours}),
             claim.member.user_id == request.actor.id)
            for claim in queries.claims_on(shift)
        ],
        "entries": [(one, hours(one.minutes), hasattr(one, "reversal")) for one in queries.shift_entries(shift)],
        "list_url": SHIFTS.url("row", about.id, shift.public_id),
    }  # fmt: skip
    return shown_under(request, about, "points/people.html", context, _("Who is on it"), shift)


def answered(request: ActorRequest, shift: Shift, form: HoursForm) -> bool:
    """Confirm whoever is named, or take them off; whether the page is to be shown afresh."""
    claim = queries.claim_on(shift, request.POST.get("id", ""))
    if claim is None:
        form.add_error(None, _("Choose whom you mean."))
        return False
    if request.POST.get("did") == "release":
        return (
            press(request, lambda: services.release_claim(actor=request.actor, claim=claim), _("Taken off it.")) or True
        )
    return attempt(form, lambda: services.confirm_shift(actor=request.actor, claim=claim, minutes=form.minutes))


def shown_under(  # noqa: PLR0917 - what a page is made of
    request: ActorRequest, about: About, template: str, context: dict[str, Any], crumb: str, shift: Shift | None = None
) -> HttpResponse:
    """A page under the tab of shifts or of sums."""
    tab = "shifts:list" if shift is not None else "points:sums"
    label = str(SHIFTS.words.tab) if shift is not None else _("Sums of points")
    crumbs = [(label, reverse(tab, args=[about.id]))]
    if shift is not None:
        crumbs.append((f"{shift.number} {shift.title}", SHIFTS.url("row", about.id, shift.public_id)))
    crumbs += [(crumb, "")] if crumb else []
    status = 422 if request.method == "POST" else 200
    return page_of(request, about, tab, template, context, crumbs=crumbs if crumb else (), status=status, entry=ENTRY)


# -- sums --------------------------------------------------------------------------------------------------------------


@page(READ)
@require_GET
def sums(request: ActorRequest, about_id: str) -> HttpResponse:
    """Points by place and act; organisations one at a time, beside each other only where a locality wants that."""
    about = about_or_404(request, about_id, READ)
    rows = queries.sums_of(request.actor, about, today())
    table = sums_table(request, rows, sample=about.is_sample)
    if table.export:
        return table.export_response()
    context = {
        "table": table,
        "points": sum(one.points for one in rows),
        "hours": hours(sum(one.minutes for one in rows)),
        "lines": sum(one.lines for one in rows),
        "members": queries.members_in(request.actor, about),
        "units": queries.units_earning(request.actor, about),
        "units_table": queries.unit_sums(request.actor, about) if has_units_table() else [],
        "can_enter": may(request.actor, CONFIRM),
    }
    return shown_under(request, about, "points/sums.html", context, "")


@page(CONFIRM)
@require_http_methods(["GET", "POST"])
def enter(request: ActorRequest, about_id: str) -> HttpResponse:
    """Enter what an organisation or a place earned."""
    about = about_or_404(request, about_id, CONFIRM)
    form = EarnedForm(typed(request), initial={"on": today()})
    rows = targets(request.actor, about, today(), CONFIRM)
    units = [(f"body:{key}", name) for key, name in queries.units_in([about.district_id], today())]
    known = recorded_acts(may(request.actor, AWARD))
    offer(form, act=[("", CHOOSE), *known.items()], place=[("", CHOOSE), *of_places(rows)], unit=[NOWHERE, *units])

    def do() -> PointsEntry:
        given = form.cleaned_data
        earned = Earned(given["act"], int(given["place"]), given["on"], given["proof"], given["unit"])
        return services.enter_points(actor=request.actor, about=about, earned=earned)

    if request.method == "POST" and attempt(form, do):
        messages.success(request, _("Entered."))
        return see_other("points:sums", about_id)
    title = _("Enter points")
    context = {"form": form, "title": title, "button": _("Enter"), "list_url": reverse("points:sums", args=[about.id])}
    return shown_under(request, about, "records/form.html", context, title)


@page(READ)
@require_GET
def unit(request: ActorRequest, about_id: str, body_id: str) -> HttpResponse:
    """One organisation's account: by act, its members' part in it, and its own newest lines."""
    about = about_or_404(request, about_id, READ)
    found = queries.unit_account(request.actor, about, body_id, today())
    if found is None:
        raise Http404(body_id)
    body, rows = found
    lines = queries.unit_lines(request.actor, about, body.id)
    names = places.names_at({one.place_id for one in lines}, today())
    context = {
        "unit": body.name,
        "points": sum(one.points for one in rows),
        "acts": [(act_text(one.act), one, hours(one.minutes)) for one in rows],
        "lines": [(one, act_text(one.act), names.get(one.place_id, "")) for one in lines],
    }
    return shown_under(request, about, "points/unit.html", context, body.name)


@page(READ)
@require_http_methods(["GET", "POST"])
def line(request: ActorRequest, about_id: str, entry_id: str) -> HttpResponse:
    """One line: what it is for, what shows it, who confirmed it; whoever may take it back says why."""
    about = about_or_404(request, about_id, READ)
    entry = queries.entry_of(request.actor, about, entry_id)
    if entry is None:
        raise Http404(entry_id)
    earning = earning_of(entry.act)
    right = services.RIGHTS[earning.confirmer] if earning else AWARD
    can_reverse = (
        may(request.actor, right, entry.place_id) and entry.reverses_id is None and not hasattr(entry, "reversal")
    )
    form = ReasonForm(typed(request))
    if request.method == "POST":
        if not may(request.actor, right, entry.place_id):
            raise PermissionDenied(right)
        if attempt(
            form, lambda: services.reverse_entry(actor=request.actor, entry=entry, reason=form.cleaned_data["reason"])
        ):
            return see_other("points:line", about_id, entry_id)
    context = {
        "one": entry, "act": act_text(entry.act), "hours": hours(entry.minutes), "form": form, "can_reverse": can_reverse,
        "place": places.names_at([entry.place_id], today()).get(entry.place_id, ""),
        "reversal": getattr(entry, "reversal", None),
    }  # fmt: skip
    return shown_under(request, about, "points/line.html", context, _("One line"))
