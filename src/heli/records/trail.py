"""How the trail calls what happens to rows of ledgers: by the name of the list and the words of the move."""

from collections.abc import Callable, Iterator
from functools import partial

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from heli.records.ledgers import Ledger, ledgers
from heli.ui.columns import Text


def ledger_acts() -> Iterator[tuple[str, Callable[[], str]]]:
    """Each act of each ledger with what says it in the reader's language."""
    for ledger in ledgers().values():
        yield f"{ledger.name}.enter", partial(_said, ledger, _("entered a row"))
        for move in ledger.moves:
            yield f"{ledger.name}.{move.name}", partial(_said, ledger, move.happened)


def _said(ledger: Ledger, happened: Text) -> str:
    return gettext("%(list)s: %(happened)s") % {"list": ledger.words.tab, "happened": happened}


ACTS = tuple(ledger_acts())
