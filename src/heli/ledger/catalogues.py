"""Data files of the ledger: the chart of accounts, and what the law sets aside before a dividend."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from heli.kernel.catalogues import Catalogue, shipped
from heli.kernel.packs import Key, Shape, find_file, load_pack
from heli.ledger.types import DividendLaw
from heli.records.words import words_of

DATA = Path(__file__).parent / "data"
CLASSES = ("asset", "liability", "equity", "cost", "income", "expense")
chart = shipped(
    __file__,
    "accounts_2024",
    more=(
        Key("class", Shape.TEXT, "what it counts", choices=CLASSES),
        Key("side", Shape.TEXT, "the side on which it grows", choices=("debit", "credit")),
        Key("holds_property", Shape.YES_NO, "whether assets of the register stand in it", required=False),
    ),
)
LAW_KEYS = (
    Key("jurisdiction", Shape.TEXT, "CN, or CN- and the two digits of a province"),
    Key("article", Shape.TEXT, "the article it rests on"),
    Key("least_bp", Shape.WHOLE, "the least reserve and welfare together, in basis points", least=0),
    Key("are_losses_first", Shape.YES_NO, "whether losses of earlier years come off before the reserve"),
    Key("most_bp", Shape.WHOLE, "the most that one may hold, in basis points", required=False, least=1),
)


def property_accounts() -> dict[str, str]:
    """The accounts in which property stands, "151 固定资产", by code, in the reader's language."""
    accounts: Catalogue = chart()
    words = words_of(accounts)
    return {code: f"{code} {words[code]}" for code, one in accounts.entries.items() if one.more["holds_property"]}


@cache
def dividend_laws() -> Mapping[str, DividendLaw]:
    """The law of dividends by jurisdiction; where a province is not there, that of CN holds."""
    keys = (Key("laws", Shape.TABLES, "a law for CN and each province that differs", keys=LAW_KEYS, least=1),)
    pack = load_pack(find_file(DATA / "dividend.toml", "ledger/dividend.toml"), keys)
    laws = {one["jurisdiction"]: DividendLaw(**one) for one in pack.data["laws"]}
    return {"CN": DividendLaw(), **laws}
