"""The auditor's pages: the trail of the own scope, one entry with before and after, and the verifier's verdict."""

import json
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from heli.audit import queries
from heli.audit.catalogues import act_words
from heli.audit.forms import TrailFilter
from heli.audit.models import Entry
from heli.audit.texts import sentence
from heli.audit.verify import verify_rows, verify_trail
from heli.kernel.access import scope
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import Column, Table

READ = "audit.read"


@page(READ)
def trail(request: ActorRequest) -> HttpResponse:
    """Who did what, where and when; newest first."""
    form = TrailFilter(request.GET)
    entries = _narrow(queries.in_scope(scope(request.actor, READ)).order_by("-seq"), form)
    named: dict[int, str] = {}
    words, is_expert = act_words(), request.GET.get("expert") == "1"
    table = Table(
        "trail",
        request,
        rows=entries,
        columns=[
            Column("at", _("When"), kind="datetime", link=lambda row: reverse("audit:entry", args=[row.seq])),
            Column(
                "said",
                _("What happened"),
                value=lambda row: sentence(row.actor_name, words.get(row.what, row.what), named.get(row.place_id, "")),
                sort=False,
            ),
            Column("reason", _("Reason"), sort=False),
            Column("seq", _("No."), kind="integer", screen=is_expert),
            Column("actor_name", _("Who"), screen=is_expert),
            Column("what", _("Act"), labels=words, filter=True, screen=is_expert),
            Column("code", _("Kept as"), kind="code", value=lambda row: row.what, sort="what", screen=is_expert),
            Column("place_id", _("Where"), value=lambda row: named.get(row.place_id, ""), sort=False, screen=is_expert),
            Column("subject", _("Subject"), kind="code", screen=is_expert),
        ],
        search=("actor_name", "what", "subject", "reason"),
        empty=_("Nothing has been written yet."),
        caption=_("Audit trail"),
        replaces=_("operation log sheet (操作日志登记表)"),
        cards=True,
    )
    shown = table.found if table.export else table.page.object_list
    named |= queries.place_names({entry.place_id for entry in shown if entry.place_id is not None})
    if table.export:
        return table.export_response()
    context = {
        "table": table,
        "form": form,
        "is_expert": is_expert,
        "expert_url": table.url(expert="" if is_expert else "1"),
    }
    return render(request, "audit/trail.html", context)


@page(READ)
def entry(request: ActorRequest, seq: int) -> HttpResponse:
    """One entry: what was before and after, and how it is chained."""
    found = queries.in_scope(scope(request.actor, READ)).filter(seq=seq).first()
    if found is None:
        raise Http404
    names = queries.place_names([found.place_id]) if found.place_id is not None else {}
    place = names.get(found.place_id or 0, "")
    context = {
        "entry": found,
        "place": place,
        "said": sentence(found.actor_name, act_words().get(found.what, found.what), place),
        "before": _pretty(found.before),
        "after": _pretty(found.after),
    }
    return render(request, "audit/entry.html", context)


@page(READ)
@require_POST
def verify(request: ActorRequest) -> HttpResponse:
    """Verify the whole trail and its rows now. What was found is said to those who may read every entry."""
    verdict = verify_trail()
    found = [verdict.fault] if verdict.fault else verify_rows()
    says_all = scope(request.actor, READ).everything
    context = {"verdict": verdict, "found": found, "says_all": says_all, "at": timezone.now()}
    return render(request, "audit/verdict.html", context)


def _narrow(entries: QuerySet[Entry], form: TrailFilter) -> QuerySet[Entry]:
    if not form.is_valid():
        return entries
    begin, end = form.cleaned_data["begin"], form.cleaned_data["end"]
    if begin:
        entries = entries.filter(at__gte=_midnight(begin))
    if end:
        entries = entries.filter(at__lt=_midnight(end + timedelta(days=1)))
    return entries


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _pretty(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) if value else ""
