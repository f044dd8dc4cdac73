"""What posts pay, for the pay office; the reserve, as counts against its target."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from heli.kernel.access import Actor, may
from heli.kernel.quantities import YUAN
from heli.places import queries as places
from heli.places.types import Level
from heli.posts.catalogues import kind_words, reserve_sources
from heli.posts.forms import PayForm, ReserveForm, StageForm, TargetForm, WithdrawForm
from heli.posts.ledger.allotting import ACCEPT, KEEP, READ
from heli.posts.models import ReserveStage
from heli.posts.queries import pay as paid
from heli.posts.queries import reserve as pool
from heli.posts.services import pay as paying
from heli.posts.services import reserve
from heli.posts.services.pay import PAY
from heli.posts.tables import pay_table, reserve_table
from heli.posts.views.cards import CardForm, cards_of
from heli.records import queries as rows
from heli.records.forms import of_places
from heli.records.views import about_or_404, page_of, today
from heli.ui.forms import attempt
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page

ENTRY = "post:home"


def own_pay_lines(actor: Actor, on: Any) -> list[tuple[str, str, str, bool]]:
    """The own posts with what they pay in the year, for the board; nobody else's."""
    return [
        (
            one.holding.post.body.name,
            str(kind_words().get(one.holding.post.kind, "")),
            f"{YUAN.typed(one.fen):,}",
            bool(one.kept),
        )
        for one in paid.own_pay(actor, on.year, on)
    ]


@page(PAY)
@require_http_methods(["GET", "POST"])
def pay(request: ActorRequest, about_id: str) -> HttpResponse:
    """What everybody is paid this year, what a full year costs against the budget, and what another scale would come to."""
    about, on = about_or_404(request, about_id, PAY), today()
    rules = paid.pay_rules(about.district_id)
    now = paid.rule_on(rules, on)
    lines = paid.pay_of_year(about.district_id, on.year, on)
    table = pay_table(request, lines, sample=about.is_sample)
    if table.export:
        return table.export_response()
    form = PayForm(request.POST if request.method == "POST" else None, rule=now)
    form.fields["valid_from"].initial = on
    if request.method == "POST" and attempt(
        form,
        lambda: paying.set_pay(
            actor=request.actor, district_id=about.district_id, scale=form.scale(), budget=form.amount("budget"),
            valid_from=form.cleaned_data["valid_from"], document_number=form.cleaned_data["document_number"],
        ),
    ):  # fmt: skip
        return see_other(reverse("post:pay", args=[about_id]))
    asked = any(name.startswith("base_") for name in request.GET)
    ask = PayForm(request.GET if asked else None, rule=now, keeps=False)
    before = paid.rule_on(rules[: rules.index(now)], on) if now else None
    scales = [(_("Before"), before), (_("Scale in force"), now)]
    sums = [(title, paid.sum_up(lines, paid.scale_of(rule)), rule.budget) for title, rule in scales if rule]
    if asked and ask.is_valid():
        sums.append((_("What if"), paid.sum_up(lines, ask.scale()), ask.amount("budget")))
    context = {
        "table": table, "form": form, "ask": ask, "rule": now, "is_asked": asked,
        "sums": [_in_yuan(*one) for one in sums],
    }  # fmt: skip
    status = 422 if form.errors or ask.errors else 200
    return page_of(request, about, "post:pay", "posts/pay.html", context, status=status, entry=ENTRY)


def _in_yuan(title: str, one: paid.PaySum, budget: int) -> dict[str, Any]:
    return {
        "title": title, "cost": f"{YUAN.typed(one.fen):,}", "budget": f"{YUAN.typed(budget):,}", "is_over": one.fen > budget,
        "left": f"{YUAN.typed(budget - one.fen):,}", "share": one.well_paid,
        "median": "—" if one.median is None else f"{YUAN.typed(one.median):,}",
    }  # fmt: skip


@page(READ)
@require_http_methods(["GET", "POST"])
def reserve_pool(request: ActorRequest, about_id: str) -> HttpResponse:
    """Counts by town against the target; names for those who keep posts of the village."""
    about, on, actor = about_or_404(request, about_id, READ), today(), request.actor
    members = {one.public_id: one for one in pool.members_for(actor, KEEP, about.district_id, on)}
    mine = (
        [row for row in rows.targets(actor, about, on, KEEP) if row.level is Level.VILLAGE]
        if may(actor, KEEP, None)
        else []
    )
    by_key = {str(row.id): row.id for row in mine}
    named = [(key, one.name) for key, one in members.items()]
    made = {
        "enter": CardForm(KEEP, _("Somebody signed"), ReserveForm, lambda _form, given: reserve.enter_reserve(
            actor=actor, place_id=by_key[given.pop("place")], on=on, **given), by_key),
        "stage": CardForm(KEEP, _("How far somebody is"), StageForm, lambda _form, given: reserve.set_stage(
            actor=actor, member=members[given["member"]], stage=given["stage"]), members),
        "leave": CardForm(KEEP, _("Somebody withdraws"), WithdrawForm, lambda _form, given: reserve.withdraw(
            actor=actor, member=members[given["member"]]), members),
        "target": CardForm(ACCEPT, _("Set the target"), TargetForm, lambda _form, given: reserve.set_target(
            actor=actor, district_id=about.district_id, **given)),
    }  # fmt: skip
    choices: Any = {"place": of_places(mine), "member": named, "source": list(reserve_sources().items())}
    cards, is_done, is_wrong = cards_of(request, None, made, choices)
    if is_done:
        return see_other(reverse("post:reserve", args=[about_id]))
    towns = pool.reserve_by_town(about.district_id, on, {row.id for row in rows.targets(actor, about, on, READ)})
    table = reserve_table(request, towns, sample=about.is_sample)
    if table.export:
        return table.export_response()
    names = places.names_at({one.place_id for one in members.values()}, on)
    sources = reserve_sources()
    signed = [
        (one, names.get(one.place_id, ""), str(sources.get(one.source, one.source)), str(ReserveStage(one.stage).label))
        for one in members.values()
    ]
    context = {
        "table": table, "cards": cards, "members": signed, "people": sum(one.people for one in towns),
        "target": sum(one.target or 0 for one in towns), "rule": pool.target_on(about.district_id, on),
    }  # fmt: skip
    status = 422 if is_wrong else 200
    return page_of(request, about, "post:reserve", "posts/reserve.html", context, status=status, entry=ENTRY)
