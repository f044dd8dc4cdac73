"""The page of a holder's bank account: lists taken in, what waits for its other side, what agrees."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from heli.files.services import sent_by
from heli.kernel.access import may
from heli.kernel.faults import Fault, Forbidden, Refused
from heli.kernel.quantities import LONGEST, YUAN
from heli.ledger.forms import ReconcileForm
from heli.ledger.ledger import READ
from heli.ledger.models import Collective
from heli.ledger.queries import bank as queries
from heli.ledger.services import bank as services
from heli.ledger.services.vouchers import BOOKS, CHECK
from heli.ledger.texts import said_reasons
from heli.ledger.views.books import holder_or_404, show, yuan
from heli.records.forms import ListForm
from heli.records.views import today
from heli.ui.forms import attempt, press
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page

SHOWN = 50
"""Lines of each side that the page shows at once."""


@page(READ)
@require_http_methods(["GET", "POST"])
def bank(request: ActorRequest, holder_id: str) -> HttpResponse:
    """One account at the bank: take in its list, confirm what is the same money, say that both agree."""
    one = holder_or_404(request, holder_id)
    accounts = queries.bank_accounts(one)
    asked = request.POST.get("account") or request.GET.get("account", "")
    account = asked if asked in accounts else next(iter(accounts))
    keeps, checks = (may(request.actor, right, one.body.place_id) for right in (BOOKS, CHECK))
    did = request.POST.get("did", "")
    lines = list(queries.unmatched(queries.bank_lines(one, account), "bank_line")[:SHOWN])
    postings = list(queries.unmatched(queries.postings_on(one, account), "posting")[:SHOWN])
    newest = queries.bank_lines(one, account).last()
    until = newest.on if newest else today()
    sides = queries.sides_on(one, account, until)
    stands = YUAN.typed(sides.bank_fen) if sides.bank_fen is not None else None
    forms = {
        "take_in": ListForm(request.POST, request.FILES) if did == "take_in" else ListForm(),
        "reconcile": ReconcileForm(
            request.POST if did == "reconcile" else None, initial={"until": until, "bank_fen": stands}
        ),
    }
    wrong: Sequence[Fault] = ()
    if request.method == "POST":
        if not (checks if did == "reconcile" else keeps):
            raise PermissionDenied(did)
        try:
            is_done = _do(request, one, account, forms, did)
        except Forbidden:
            raise
        except Refused as refused:
            is_done, wrong = False, refused.faults
        if is_done:
            return see_other(f"{reverse('property:bank', args=[one.public_id])}?account={account}")
    by_key = {line.pk: line for line in lines}
    known = {posting.pk: posting for posting in postings}
    offers = [
        (by_key[offer.row], [known[key] for key in offer.postings], said_reasons(offer.reasons))
        for offer in queries.offers_of(lines, postings)
    ]
    offered = {line.pk for line, _some, _why in offers}
    context = {
        "account": account,
        "accounts": accounts,
        "offers": [
            (line, yuan(line.fen), [(one, str(one.voucher)) for one in some], why) for line, some, why in offers
        ],
        "lines": [(line, yuan(line.fen)) for line in lines if line.pk not in offered],
        "postings": [
            (one, yuan(one.fen)) for one in postings if one.pk not in {p.pk for _l, some, _w in offers for p in some}
        ],
        "groups": queries.groups_of(one, account),
        "sides": [(label, yuan(fen) or "0.00") for label, fen in _said(sides)],
        "until": until,
        "has_lines": newest is not None,
        "done": queries.reconciled(one, account)[:12],
        "keeps": keeps,
        "checks": checks,
        "faults": wrong,
        **forms,
    }
    return show(request, "ledger/bank.html", context, one, (pgettext("bank", "Statements of the bank"), ""))


def _do(request: ActorRequest, one: Collective, account: str, forms: Mapping[str, Any], did: str) -> bool:
    """Do what was asked; whether the page is to be shown afresh. Raises `Refused` for a list with faults."""
    given: dict[str, Any] = {"actor": request.actor, "collective": one}
    form: Any = forms.get(did)
    if did == "take_in":
        if form.is_valid():
            _take_in(request, account, form.cleaned_data["file"], given)
        return bool(form.is_valid())
    if did == "reconcile":
        return attempt(form, lambda: services.reconcile(account=account, **form.cleaned_data, **given))
    if did == "confirm":
        keys = {name: [int(key) for key in request.POST.getlist(name) if _is_key(key)] for name in ("line", "posting")}
        more: dict[str, Any] = {"line_ids": keys["line"], "posting_ids": keys["posting"], "account": account}
        return press(request, lambda: services.confirm_match(**more, **given)) or True
    if did == "undo":
        return press(request, lambda: services.undo_match(group=request.POST.get("group", ""), **given)) or True
    raise Http404(did)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < LONGEST


def _take_in(request: ActorRequest, account: str, file: Any, given: Mapping[str, Any]) -> None:
    """Take in a list and say how it was read."""
    with sent_by(actor=request.actor, name=file.name, place_id=given["collective"].body.place_id):
        made, listed = services.take_in_statement(account=account, content=file.read(), name=file.name, **given)
    text = _("%(new)s lines are new; %(known)s were there already.")
    messages.success(request, text % {"new": made.rows - made.known, "known": made.known})
    if told := listed.said():
        messages.info(request, " ".join(told))


def _said(sides: queries.BankSides) -> list[tuple[str, int]]:
    first = [] if sides.bank_fen is None else [(_("At the bank by its list"), sides.bank_fen)]
    return [
        *first,
        (_("Only in the books"), sides.only_books_fen),
        (pgettext("bank", "In the books"), sides.books_fen),
        (_("Only at the bank"), sides.only_bank_fen),
    ]
