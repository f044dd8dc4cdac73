"""Pages of the books: holders, one holder's accounts, day book, voucher, ledger pages."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.kernel.access import may, scope
from heli.kernel.periods import is_plausible
from heli.kernel.quantities import YUAN
from heli.ledger import services
from heli.ledger.forms import MOST_ROWS, ROWS, AccountForm, OpeningForm, ReversalForm, VoucherForm, typed_lines
from heli.ledger.ledger import READ
from heli.ledger.models import Collective, Voucher, VoucherKind, VoucherState
from heli.ledger.queries import books as queries
from heli.ledger.queries import find_collective
from heli.ledger.queries.bank import bank_line_of
from heli.ledger.rules.books import compute_next_month
from heli.ledger.services.vouchers import BOOKS, CASH, CHECK, OPEN_STATES
from heli.ledger.tables import balance_table, holder_table, voucher_table
from heli.records.views import sent, today
from heli.ui.columns import written
from heli.ui.forms import attempt, press
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page

PAGE_LINES = 25
BUTTONS: Mapping[str, Callable[..., Any]] = {
    "agree": services.agree_to_voucher,
    "sign": services.sign_voucher,
    "check": services.check_voucher,
    "drop": services.drop_voucher,
}


@page(READ)
@require_GET
def holders(request: ActorRequest) -> HttpResponse:
    """The holders within reach and how far their books are."""
    table = holder_table(request, queries.holder_rows(scope(request.actor, READ), today()))
    return table.export_response() if table.export else show(request, "ledger/books.html", {"table": table})


@page(READ)
@require_http_methods(["GET", "POST"])
def holder(request: ActorRequest, holder_id: str) -> HttpResponse:
    """One holder: the accounts of a month, what waits, and what ends a month or a year."""
    one = holder_or_404(request, holder_id)
    keeps = may(request.actor, BOOKS, one.body.place_id)
    given = request.POST if request.POST.get("did") == "account" else None
    form = AccountForm(given) if keeps else None
    if request.method == "POST" and _keep(request, one, form):
        return see_other("property:holder", one.public_id)
    closed: date | None = vars(one)["closed_month"]  # read with the holder
    next_month = compute_next_month(closed, one.begins_on)
    first = month_of(request.GET.get("month", "")) or min(next_month, max(one.begins_on, today().replace(day=1)))
    names = queries.accounts_of(one)
    table = balance_table(request, one, queries.account_rows(one, first, last_of(first), names), first.year)
    if table.export:
        return table.export_response()
    waiting = list(queries.vouchers_of(one).filter(status__in=OPEN_STATES).order_by("on", "pk"))
    context = {
        "holder": one,
        "table": table,
        "waiting": voucher_table(request, one, waiting, caption=_("Vouchers that wait"), prefix="w-")
        if waiting
        else None,
        "first": first,
        "earlier": (first - timedelta(days=1)).replace(day=1) if first > one.begins_on else None,
        "later": compute_next_month(first, first),
        "closed": closed,
        "next_month": next_month if last_of(next_month) < today() else None,
        "ends_year": next_month.month == 12,
        "form": form,
        "can_open": keeps and closed is None,
    }
    return show(request, "ledger/holder.html", context, one)


def _keep(request: ActorRequest, one: Collective, form: AccountForm | None) -> bool:
    """Close the next month, carry the year, or add an account; whether the page is to be shown afresh."""
    did = request.POST.get("did", "")
    given: dict[str, Any] = {"actor": request.actor, "collective": one}
    if form is None:
        raise PermissionDenied(BOOKS)
    if did == "account":
        return attempt(form, lambda: services.add_account(**form.cleaned_data, **given))
    month = month_of(request.POST.get("month", "")) or one.begins_on
    if did == "close":
        press(request, lambda: services.close_month(month=month, **given), _("The month is closed."))
    elif did == "year_end":
        press(request, lambda: services.make_year_end(year=month.year, **given), _("A voucher waits to be checked."))
    else:
        raise Http404(did)
    return True


@page(READ)
@require_GET
def day_book(request: ActorRequest, holder_id: str) -> HttpResponse:
    """The vouchers of a holder by day."""
    one = holder_or_404(request, holder_id)
    rows = queries.vouchers_of(one).exclude(status=VoucherState.DROPPED).order_by("-on", "-number", "-pk")
    table = voucher_table(request, one, rows, caption=_("Day book"))
    if table.export:
        return table.export_response()
    context = {"table": table, "keeps": may(request.actor, BOOKS, one.body.place_id)}
    return show(request, "ledger/day_book.html", context, one, (_("Day book"), ""))


@page(BOOKS)
@require_http_methods(["GET", "POST"])
def voucher_new(request: ActorRequest, holder_id: str) -> HttpResponse:
    """Make a voucher, make one again that waits, or enter opening balances: one page, one form."""
    one, actor = holder_or_404(request, holder_id, BOOKS), request.actor
    again = queries.vouchers_of(one).filter(public_id=request.GET.get("again", ""), status__in=OPEN_STATES).first()
    opens = request.GET.get("kind") == VoucherKind.OPENING
    lines = queries.lines_of(again) if again else []
    if opens:
        lines = [(code, fen, "") for code, fen in queries.balances(one, one.begins_on - timedelta(days=1)).items()]
    asked = request.GET.get("rows", "")
    rows = min(MOST_ROWS, max(ROWS, len(lines) + 2, int(asked) if asked.isascii() and asked.isdigit() else 0))
    kept = {"on": again.on, "text": again.text, "papers": again.papers} if again else {"on": today(), "papers": 1}
    if said := bank_line_of(one, request.GET.get("bank", "")):
        kept = {"on": said.on, "text": said.text, "papers": 1}
        lines = [(said.account, said.fen, "")]
    form = (OpeningForm if opens else VoucherForm)(
        *sent(request),
        accounts=queries.accounts_of(one),
        place_id=one.body.place_id,
        rows=rows,
        initial={**kept, **({"text": _("Opening balances")} if opens else {}), **typed_lines(lines)},
    )
    made: list[Voucher] = []

    def make() -> None:
        given: dict[str, Any] = {"actor": actor, "collective": one}
        if isinstance(form, OpeningForm):
            head = form.cleaned_data
            told = {"text": head["text"], "papers": head["papers"], "paper": next(iter(head["paper"]), None)}
            made.append(services.make_openings(balances_fen=form.wanted(), **told, **given))
        else:
            made.append(services.make_voucher(draft=form.draft(), voucher=again, **given))

    if request.method == "POST" and attempt(form, make):
        return see_other("property:voucher", one.public_id, made[0].public_id)
    title = _("Opening balances") if opens else _("Make a voucher")
    more = request.GET.copy()
    more["rows"] = str(min(MOST_ROWS, rows + ROWS))
    context = {
        "form": form,
        "title": title,
        "opens": opens,
        "more_url": f"?{more.urlencode()}" if rows < MOST_ROWS else "",
    }
    return show(request, "ledger/voucher_new.html", context, one, (title, ""))


@page(READ)
@require_http_methods(["GET", "POST"])
def voucher(request: ActorRequest, holder_id: str, voucher_id: str) -> HttpResponse:
    """One voucher: lines, papers, who signed, and what the reader may do with it now."""
    one, actor = holder_or_404(request, holder_id), request.actor
    row = queries.vouchers_of(one).filter(public_id=voucher_id).first()
    if row is None:
        raise Http404(voucher_id)
    did = request.POST.get("did", "")
    reverse_form = ReversalForm(request.POST if did == "reverse" else None, initial={"on": today()})
    if request.method == "POST":
        if did == "reverse":
            made: list[Voucher] = []
            given: dict[str, Any] = {"actor": actor, "voucher": row}
            if attempt(
                reverse_form, lambda: made.append(services.reverse_voucher(**reverse_form.cleaned_data, **given))
            ):
                return see_other("property:voucher", one.public_id, made[0].public_id)
        elif did == "return":
            reason = request.POST.get("reason", "")
            press(request, lambda: services.return_voucher(actor=actor, voucher=row, reason=reason))
            return see_other("property:voucher", one.public_id, voucher_id)
        elif did in BUTTONS:
            press(request, lambda: BUTTONS[did](actor=actor, voucher=row), _("Done."))
            return see_other("property:voucher", one.public_id, voucher_id)
        else:
            raise Http404(did)
    names, place = queries.accounts_of(one), one.body.place_id
    waits = row.status == VoucherState.MADE
    keeps, checks = may(actor, BOOKS, place), may(actor, CHECK, place)
    is_maker = actor.id == row.made_by_id
    agrees = waits and bool(row.right) and row.approved_on is None
    signs = waits and row.moves_money and row.paid_on is None and not agrees
    ready = waits and not agrees and not signs
    context = {
        "row": row,
        "state": VoucherState(row.status),
        "kind": VoucherKind(row.kind).label,
        "lines": [(code, names.get(code, code), yuan(max(fen, 0)), yuan(max(-fen, 0)), text)
                  for code, fen, text in queries.lines_of(row)],
        "total": yuan(row.debit_fen),
        "steps": queries.steps_of(row),
        "reversal": queries.reversal_of(row),
        "can": {
            "agree": agrees and not is_maker and may(actor, row.right, place),
            "sign": signs and not is_maker and actor.id != row.approved_by_id and may(actor, CASH, place),
            "check": ready and checks and actor.id not in (row.made_by_id, row.paid_by_id, row.approved_by_id),
            "return": waits and checks and not is_maker,
            "change": keeps and row.status in OPEN_STATES and row.kind == VoucherKind.ORDINARY,
            "drop": keeps and row.status in OPEN_STATES,
        },
        "waits_for": _("agreement") if agrees else _("the cashier") if signs else _("the check") if ready else "",
        "form": reverse_form if keeps and queries.is_reversible(row) else None,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    way = ((_("Day book"), reverse("property:day_book", args=[one.public_id])), (str(row.number or row.text), ""))
    return show(request, "ledger/voucher.html", context, one, *way, status=status)


@page(READ)
@require_GET
def account(request: ActorRequest, holder_id: str, code: str) -> HttpResponse:
    """A page of an account's ledger 明细账: brought forward, lines with what stands after each, carried to the next page."""
    one = holder_or_404(request, holder_id)
    names = queries.accounts_of(one)
    if code not in names:
        raise Http404(code)
    year, number = (_number(request.GET.get(key, "")) for key in ("year", "page"))
    year = year if year and is_plausible(date(min(max(year, 1), 9999), 1, 1)) else today().year
    shown = queries.ledger_page(one, code, year, number or 1, PAGE_LINES)
    context = {
        "code": code,
        "name": names[code],
        "year": year,
        "page": shown,
        "is_first": shown.number == 1,
        "is_last": shown.number == shown.pages,
        "before": _sides(shown.debit_before, shown.credit_before, shown.opening if shown.number == 1 else shown.before),
        "after": _sides(shown.debit, shown.credit, shown.after),
        "lines": [(row.line, *_sides(max(row.line.fen, 0), max(-row.line.fen, 0), row.stands)) for row in shown.lines],
    }
    return show(request, "ledger/account.html", context, one, (f"{code} {names[code]}", ""))


# -- parts -------------------------------------------------------------------------------------------------------------


def yuan(fen: int) -> str:
    """Fen as "1,234.50"; nothing for zero."""
    return written(YUAN.typed(fen), "decimal") if fen else ""


def _sides(debit: int, credit: int, stands: int) -> tuple[str, str, str, str]:
    side = _("debit") if stands > 0 else _("credit") if stands < 0 else _("even")
    return yuan(debit), yuan(credit), side, written(YUAN.typed(abs(stands)), "decimal")


def holder_or_404(request: ActorRequest, public_id: str, action: str = READ) -> Collective:
    found = find_collective(public_id, scope(request.actor, action))
    if found is None:
        raise Http404(public_id)
    return found


def show(
    request: ActorRequest,
    template: str,
    context: Mapping[str, Any],
    one: Collective | None = None,
    *way: tuple[str, str],
    status: int = 0,
) -> HttpResponse:
    request.entry = "property:books"
    crumbs = [(_("Books"), reverse("property:books"))]
    if one is not None:
        crumbs.append((one.body.name, reverse("property:holder", args=[one.public_id])))
    breadcrumbs = [{"label": label, "url": url} for label, url in (*crumbs, *way)]
    given = {"holder": one, "breadcrumbs": breadcrumbs[:-1] if not way else breadcrumbs, **context}
    return render(request, template, given, status=status or (422 if request.method == "POST" else 200))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def month_of(text: str) -> date | None:
    year, _dash, month = text.partition("-")
    number = _number(month)
    if not _number(year) or not number or number > 12:
        return None
    found = date(int(year), number, 1)
    return found if is_plausible(found) else None


def last_of(first: date) -> date:
    return compute_next_month(first, first) - timedelta(days=1)
