"""The measures of the register that books write: at the close of a year, and when the members confirmed their roll."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import KeptMeasure
from heli.ledger.queries.holders import income_since, members_since
from heli.ledger.services.members import APPROVE
from heli.ledger.services.vouchers import BOOKS

KEPT = (
    KeptMeasure("collective_income", BOOKS, gettext_noop("Books"), income_since),
    KeptMeasure("members", APPROVE, gettext_noop("Roll of members"), members_since, also=(BOOKS,)),
)
