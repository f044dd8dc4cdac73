"""What ledgers have on places, said to whoever changes the register."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from heli.kernel.declare import PlaceUse
from heli.records.queries import count_rows_at


def built(founded: Collection[int], _ended: Collection[int]) -> list[str]:
    """A sentence for each ledger with rows about what was founded."""
    text = _("%(ledger)s has %(count)s rows about it.")
    return [text % {"ledger": ledger.words.tab, "count": count} for ledger, count in count_rows_at(founded)]


USES = (PlaceUse("records", built),)
