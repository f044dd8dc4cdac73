"""The statements of a holder: on the page, as a paper, and on the wall."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from heli.files.documents import PDF, render_pdf
from heli.kernel.access import may
from heli.ledger import services
from heli.ledger.ledger import READ
from heli.ledger.queries.statements import clock_of, statements_of
from heli.ledger.rules.books import compute_next_month
from heli.ledger.services.disclosing import POST
from heli.ledger.statement_sheet import row_name, sheet_rows, statement_sheet, yuan
from heli.ledger.views.books import holder_or_404, last_of, month_of, show
from heli.records.views import today
from heli.ui.forms import press
from heli.ui.http import download, see_other
from heli.ui.pages import ActorRequest, page


@page(READ)
@require_http_methods(["GET", "POST"])
def statements(request: ActorRequest, holder_id: str) -> HttpResponse:
    """Balance sheet, income and earmarked funds up to the end of a month, and what must hang until when."""
    one, on = holder_or_404(request, holder_id), today()
    posts = may(request.actor, POST, one.body.place_id)
    clock = clock_of(one, on)
    if request.method == "POST":
        if not posts:
            raise PermissionDenied(POST)
        _post(request, one, clock)
        return see_other("property:statements", one.public_id)
    first = month_of(request.GET.get("month", "")) or max(one.begins_on, on.replace(day=1))
    until = last_of(first)
    told = statements_of(one, until)
    if request.GET.get("export") == "pdf":
        sheet = statement_sheet(one.body.name, told, is_sample=settings.DEMO)
        name = f"{one.body.name} {until:%Y-%m}.pdf"
        return download(render_pdf(sheet), name=name, content_type=PDF)
    context: dict[str, Any] = {
        "told": told,
        "first": first,
        "earlier": (first - timedelta(days=1)).replace(day=1) if first > one.begins_on else None,
        "later": compute_next_month(first, first),
        "sheet": sheet_rows(told),
        "income": [(row_name(row), yuan(row.now), row.is_sum) for row in told.income if row.is_sum or row.now],
        "funds": [(name, yuan(row.granted), yuan(row.spent), yuan(row.left)) for name, row in told.funds],
        "clock": clock,
        "is_late": clock.due_on is not None and clock.posted_on is None and clock.due_on < on,
        "posts": posts,
    }  # fmt: skip
    return show(request, "ledger/statements.html", context, one, (pgettext("books", "Statements"), ""))


def _post(request: ActorRequest, one: Any, clock: Any) -> None:
    """Post the newest period, or a major payment."""
    given: dict[str, Any] = {"actor": request.actor}
    did = request.POST.get("did", "")
    paid = next((voucher for voucher, _due in clock.payments if voucher.public_id == did), None)
    if did == "period" and clock.until:
        press(request, lambda: services.disclose_period(collective=one, until=clock.until, **given), _("It hangs."))
    elif paid is not None:
        press(request, lambda: services.disclose_payment(voucher=paid, **given), _("It hangs."))
    else:
        raise Http404(did)
