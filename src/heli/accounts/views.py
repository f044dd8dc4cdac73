"""The administrator's pages: people, their roles, their passwords; and one's own sessions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from heli.accounts import queries, services
from heli.accounts.confirming import ask_again, take_held
from heli.accounts.forms import AddUserForm, GrantForm, KeyForm
from heli.accounts.models import ProgramKey, User
from heli.accounts.rules import SIGNED_IN
from heli.accounts.services import MANAGE
from heli.accounts.texts import ACTIVE, ROLES
from heli.bodies import queries as bodies
from heli.kernel.access import scope
from heli.kernel.faults import Refused
from heli.places import queries as places
from heli.places.types import Level
from heli.ui.forms import ReasonForm, add_faults, attempt, press
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, always, page
from heli.ui.tables import Column, Table

UNITS = (Level.PROVINCE, Level.CITY, Level.DISTRICT, Level.TOWNSHIP, Level.VILLAGE)
MOST_UNITS = 2_000
"""Beyond this many places, villages are left out of the choice; a province is administered by districts and towns."""


@page(MANAGE)
def accounts(request: ActorRequest) -> HttpResponse:
    """All accounts that this administrator keeps."""
    table = Table(
        "accounts",
        request,
        rows=queries.account_rows(scope(request.actor, MANAGE), timezone.localdate()),
        columns=[
            Column("name", _("Name"), link=lambda row: reverse("accounts:account", args=[row.public_id])),
            Column("username", _("Sign-in name"), kind="code"),
            Column("place_name", _("Unit"), filter=True),
            Column("roles", _("Roles"), value=lambda row: "、".join(str(ROLES[role]) for role in row.roles)),
            Column("is_active", _("Account"), labels=ACTIVE, badge=lambda row: "good" if row.is_active else "quiet"),
        ],
        search=("name", "username"),
        order="username",
        empty=_("No accounts yet."),
        replaces=_("list of system users (系统用户登记表)"),
    )
    if table.export:
        return table.export_response()
    return render(request, "accounts/list.html", {"table": table})


@page(MANAGE, confirm=always)
@never_cache
def add(request: ActorRequest) -> HttpResponse:
    """Add an account with its first role; the temporary password is shown this once."""
    form = AddUserForm(request.POST if request.method == "POST" else None, places=_units(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            place_id = _place(request, given["place"])
            user, password = services.add_user_with_role(
                actor=request.actor,
                username=given["username"],
                name=given["name"],
                place_id=place_id,
                role=given["role"],
                on=timezone.localdate(),
            )
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            return render(request, "accounts/password_once.html", {"account": user, "password": password})
    return render(request, "accounts/add.html", {"form": form}, status=422 if form.errors else 200)


@page(MANAGE)
def account(request: ActorRequest, public_id: str) -> HttpResponse:
    """One account: who, which roles, since when."""
    return _account(request, _find(request, public_id))


@page(MANAGE, confirm=always)
@require_POST
def grant(request: ActorRequest, public_id: str) -> HttpResponse:
    """Give a role."""
    user = _find(request, public_id)
    form = _grant_form(request, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.grant_role(
                actor=request.actor,
                user=user,
                role=given["role"],
                on=given["on"],
                place_id=_place(request, given["place"]),
                body_id=_body(request, given["body"]),
            )
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            return see_other("accounts:account", public_id)
    return _account(request, user, grant_form=form)


@page(MANAGE)
@require_POST
def end(request: ActorRequest, public_id: str, grant_id: str) -> HttpResponse:
    """Take a role back from today on."""
    user = _find(request, public_id)
    held = queries.grant_of(user, grant_id)
    if held is None:
        raise Http404
    services.end_grant(actor=request.actor, grant=held, on=max(timezone.localdate(), held.valid_from))
    return see_other("accounts:account", public_id)


@page(MANAGE)
@require_POST
def activity(request: ActorRequest, public_id: str) -> HttpResponse:
    """Close an open account, reopen a closed one, with a reason."""
    user = _find(request, public_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            services.set_active(
                actor=request.actor, user=user, is_active=not user.is_active, reason=form.cleaned_data["reason"]
            )
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            return see_other("accounts:account", public_id)
    return _account(request, user, reason_form=form)


@page(MANAGE, confirm=always)
@require_POST
@never_cache
def password(request: ActorRequest, public_id: str) -> HttpResponse:
    """Make a temporary password and show it this once."""
    user = _find(request, public_id)
    fresh = services.reset_password(actor=request.actor, user=user)
    return render(request, "accounts/password_once.html", {"account": user, "password": fresh})


@page(MANAGE)
@require_safe
def keys(request: ActorRequest) -> HttpResponse:
    """The keys of other programs: who has one, what for, how much it is used."""
    rows = queries.key_rows(scope(request.actor, MANAGE), timezone.localdate(), request.actor.id)
    return render(request, "accounts/keys.html", {"keys": rows})


@page(MANAGE, confirm=always)
@never_cache
def add_key(request: ActorRequest) -> HttpResponse:
    """Give a program a key; it is shown this once."""
    reach = scope(request.actor, MANAGE)
    open_ones = queries.in_scope(reach).filter(is_active=True).exclude(pk=request.actor.id or 0).order_by("username")
    people = [(user.public_id, f"{user.name} · {user.username}") for user in open_ones]
    form = KeyForm(request.POST if request.method == "POST" else None, places=_units(request), people=people)
    made: list[str] = []

    def do() -> None:
        given = form.cleaned_data
        _key, secret = services.issue_key(
            actor=request.actor,
            name=given["name"],
            most_an_hour=given["most_an_hour"],
            on=timezone.localdate(),
            place_id=_place(request, given["place"]),
            user=_find(request, given["account"]) if given["account"] else None,
        )
        made.append(secret)

    if request.method == "POST" and attempt(form, do):
        context = {"name": form.cleaned_data["name"], "secret": made[0], "reads": form.cleaned_data["account"]}
        return render(request, "accounts/key_once.html", context)
    return render(request, "accounts/add_key.html", {"form": form}, status=422 if form.errors else 200)


def _key_or_404(request: ActorRequest, key_id: str) -> ProgramKey:
    key = queries.keys_in(scope(request.actor, MANAGE)).filter(public_id=key_id).first()
    if key is None:
        raise Http404
    return key


@page(MANAGE, confirm=always)
@require_POST
def release_key(request: ActorRequest, key_id: str) -> HttpResponse:
    """Release a key that another administrator gave."""
    key, on = _key_or_404(request, key_id), timezone.localdate()
    press(request, lambda: services.release_key(actor=request.actor, key=key, on=on), _("The key opens from now on."))
    return see_other("accounts:keys")


@page(MANAGE)
@require_POST
def revoke_key(request: ActorRequest, key_id: str) -> HttpResponse:
    """End a key now."""
    key, on = _key_or_404(request, key_id), timezone.localdate()
    press(request, lambda: services.revoke_key(actor=request.actor, key=key, on=on), _("The key has ended."))
    return see_other("accounts:keys")


@page(SIGNED_IN)
@require_safe
def sessions(request: ActorRequest) -> HttpResponse:
    """Where this person is signed in."""
    rows = queries.sessions_of(request.actor, request.session.session_key or "", timezone.now())
    return render(request, "accounts/sessions.html", {"sessions": rows})


@page(SIGNED_IN)
@require_POST
def end_sessions(request: ActorRequest) -> HttpResponse:
    """End one of one's own sessions, or all but this one; whoever asks proves first that it is them."""
    if (asked := ask_again(request)) is not None:
        return asked
    chosen = request.POST.get("session", "")
    ended = services.end_sessions(
        actor=request.actor, keep=request.session.session_key or "", only=chosen or None, at=timezone.now()
    )
    text = ngettext("%(count)s session ended.", "%(count)s sessions ended.", ended) % {"count": ended}
    messages.success(request, text)
    return see_other("account_sessions")


@page(SIGNED_IN)
@require_safe
def go_on(request: ActorRequest) -> HttpResponse:
    """After the confirmation: send the form that waited for it."""
    held = take_held(request)
    return render(request, "accounts/go_on.html", {"held": held}) if held else see_other("web:home")


def _account(request: ActorRequest, user: User, **forms: Any) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "account": user,
        "unit": places.names_at([user.place_id], today).get(user.place_id, "") if user.place_id else "",
        "grants": [(grant, ROLES[grant.role]) for grant in queries.grants_of(user, today)],
        "is_own": user.pk == request.actor.id,
        "grant_form": forms.get("grant_form") or _grant_form(request),
        "reason_form": forms.get("reason_form") or ReasonForm(),
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "accounts/account.html", context, status=422 if wrong else 200)


def _find(request: ActorRequest, public_id: str) -> User:
    user = queries.in_scope(scope(request.actor, MANAGE)).filter(public_id=public_id).first()
    if user is None:
        raise Http404
    return user


def _grant_form(request: ActorRequest, data: Any = None) -> GrantForm:
    reach = scope(request.actor, MANAGE)
    choices = [(body.public_id, body.name) for body in bodies.in_scope(reach).order_by("name")]
    return GrantForm(data, places=_units(request), bodies=choices, today=timezone.localdate())


def _units(request: ActorRequest) -> list[tuple[str, str]]:
    """The places an administrator may choose, higher ones first; the whole installation for one who has it."""
    today, reach = timezone.localdate(), scope(request.actor, MANAGE)
    levels = UNITS
    keys = places.in_scope(reach, on=today).filter(level__in=levels)
    if keys.count() > MOST_UNITS:
        keys = keys.exclude(level=Level.VILLAGE)
    rows = places.rows_of(keys.values_list("pk", flat=True), today).values()
    ordered = sorted(rows, key=lambda row: (levels.index(row.level), row.code, row.name))
    choices = [(row.public_id, f"{row.name} · {row.parent_name}" if row.parent_name else row.name) for row in ordered]
    return ([("", _("The whole installation"))] if reach.everything else []) + choices


def _place(request: ActorRequest, public_id: str) -> int | None:
    if not public_id:
        return None
    place = places.find(public_id, scope(request.actor, MANAGE))
    if place is None:
        raise Http404
    return place.pk


def _body(request: ActorRequest, public_id: str) -> int | None:
    if not public_id:
        return None
    body = bodies.in_scope(scope(request.actor, MANAGE)).filter(public_id=public_id).first()
    if body is None:
        raise Http404
    return body.pk
