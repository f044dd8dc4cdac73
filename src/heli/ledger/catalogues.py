"""Data files of the ledger: the chart of accounts, and what the law sets aside before a dividend."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from heli.kernel.catalogues import WORDS, Catalogue, shipped
from heli.kernel.packs import Key, Shape, find_file, load_pack
from heli.ledger.rules.books import ApprovalTier
from heli.ledger.rules.statements import BalanceLine, IncomeSum
from heli.ledger.types import ContractLimit, DividendLaw
from heli.records.words import words_of

DATA = Path(__file__).parent / "data"
CLASSES = ("asset", "liability", "equity", "cost", "income", "expense")
roll_columns = shipped(__file__, "roll", more=(Key("also", Shape.TEXTS, "other words that head the column"),))
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
    Key("open_days", Shape.WHOLE, "days a plan is open before the meeting", required=False, least=1),
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


TIER_KEYS = (
    Key("from_fen", Shape.WHOLE, "from so much going out, in fen", least=1),
    Key("right", Shape.TEXT, "the right that somebody who agrees must have"),
)
DISCLOSURE_KEYS = (
    Key("jurisdiction", Shape.TEXT, "CN, or CN- and the two digits of a province"),
    Key("article", Shape.TEXT, "the article it rests on"),
    Key("months", Shape.WHOLE, "months between two disclosures", least=1),
    Key("within_days", Shape.WHOLE, "days after their end within which they hang", least=1),
    Key("hang_days", Shape.WHOLE, "days it hangs", least=1),
    Key("major_from_fen", Shape.WHOLE, "from so much a payment is a major matter, in fen", required=False, least=1),
    Key("major_days", Shape.WHOLE, "days within which a major matter hangs", required=False, least=1),
)

INCOME_KIND_KEYS = (
    Key("accounts", Shape.TEXTS, "the accounts it adds up", least=1),
    Key("least_fen", Shape.WHOLE, "what a village shall earn a year at least, in fen", least=0),
)


@dataclass(frozen=True, slots=True)
class IncomeKind:
    """A kind of income that figures add up, and the least that a village shall earn of it in a year."""

    accounts: tuple[str, ...]
    least_fen: int


@cache
def _book_rules() -> Mapping[str, Any]:
    keys = (
        Key("tiers", Shape.TABLES, "who agrees before money goes out", keys=TIER_KEYS),
        Key("levels", Shape.NAMED, "levels that every holder has below the chart", keys=WORDS),
        Key("roots", Shape.NAMED, "roots of accounts in exported journals, by class", keys=WORDS),
        Key("incomes", Shape.NAMED, "kinds of income that figures add up", keys=INCOME_KIND_KEYS),
        Key("disclosure", Shape.TABLES, "how often accounts hang", keys=DISCLOSURE_KEYS, least=1),
    )
    data: Mapping[str, Any] = load_pack(find_file(DATA / "books.toml", "ledger/books.toml"), keys).data
    return data


def approval_tiers() -> list[ApprovalTier]:
    """Who agrees before so much goes out."""
    return [ApprovalTier(**one) for one in _book_rules()["tiers"]]


def disclosure_rules(jurisdiction: str) -> Mapping[str, Any]:
    """How often accounts hang in a province; where it is not there, what CN says."""
    found: dict[str, Mapping[str, Any]] = {one["jurisdiction"]: one for one in _book_rules()["disclosure"]}
    return found.get(jurisdiction, found["CN"])


def income_kinds() -> dict[str, IncomeKind]:
    """All income, and what of it counts as operating."""
    return {
        name: IncomeKind(tuple(one["accounts"]), one["least_fen"]) for name, one in _book_rules()["incomes"].items()
    }


def account_classes() -> dict[str, str]:
    """What each account of the chart counts: asset, liability, equity, cost, income, expense."""
    return {code: str(one.more["class"]) for code, one in chart().entries.items()}


def lawful_levels() -> dict[str, str]:
    """The levels below the chart that every holder has, by code, in the reader's language."""
    return {code: words[_language()] for code, words in _book_rules()["levels"].items()}


def account_names() -> dict[str, str]:
    """The accounts of the chart by code, in the reader's language."""
    return words_of(chart())


LIMIT_KEYS = (
    Key("kind", Shape.TEXT, "a kind of contract"),
    Key("article", Shape.TEXT, "the article it rests on"),
    Key("least_years", Shape.WHOLE, "the fewest years", required=False, least=0),
    Key("most_years", Shape.WHOLE, "the most years", required=False, least=0),
)


@dataclass(frozen=True, slots=True)
class ContractLaw:
    """How long contracts may last by kind, when their end is announced, how many neighbours make a median."""

    limits: Mapping[str, ContractLimit]
    alert_days: tuple[int, ...]
    neighbours: int


@cache
def contract_law() -> ContractLaw:
    """What holds for contracts here."""
    keys = (
        Key("limits", Shape.TABLES, "a limit for each kind", keys=LIMIT_KEYS, least=1),
        Key("alert_days", Shape.WHOLES, "days before the end", least=1),
        Key("neighbours", Shape.WHOLE, "how many make a median", least=1),
    )
    data = load_pack(find_file(DATA / "contracts.toml", "ledger/contracts.toml"), keys).data
    limits = {one["kind"]: ContractLimit(**one) for one in data["limits"]}
    return ContractLaw(limits, tuple(data["alert_days"]), data["neighbours"])


@dataclass(frozen=True, slots=True)
class BankForms:
    """How statements of banks are read: words that head each column, words of the two sides; within how many days postings are
    offered.
    """

    columns: Mapping[str, tuple[str, ...]]
    side_in: tuple[str, ...]
    side_out: tuple[str, ...]
    days: int


@cache
def bank_forms() -> BankForms:
    """How statements of banks are read here."""
    words = (Key("words", Shape.TEXTS, "words that head it", least=1),)
    keys = (
        Key("columns", Shape.NAMED, "columns by what they hold", keys=words),
        Key("side_in", Shape.TEXTS, "marks of what came in"),
        Key("side_out", Shape.TEXTS, "marks of what went out"),
        Key("days", Shape.WHOLE, "days between a line and a posting", least=0),
    )
    data = load_pack(find_file(DATA / "bank.toml", "ledger/bank.toml"), keys).data
    columns = {name: tuple(one["words"]) for name, one in data["columns"].items()}
    return BankForms(columns, tuple(data["side_in"]), tuple(data["side_out"]), data["days"])


def export_roots(language: str) -> dict[str, str]:
    """The root of accounts of each class in an exported journal: hledger's in "zh", beancount's in "en"."""
    return {name: words[language] for name, words in _book_rules()["roots"].items()}


BALANCE_KEYS = (
    Key("side", Shape.TEXT, "where it stands", choices=("assets", "liabilities", "equity")),
    *WORDS,
    Key("accounts", Shape.TEXTS, "the accounts it adds up"),
)
INCOME_KEYS = (
    *WORDS,
    Key("plus", Shape.TEXTS, "accounts that add to it; brought: what was undistributed before the year"),
    Key("minus", Shape.TEXTS, "accounts that take from it; distributed: what was distributed in the year"),
)


@cache
def _statements() -> Mapping[str, Any]:
    keys = (
        Key("balance", Shape.TABLES, "lines of the balance sheet", keys=BALANCE_KEYS, least=1),
        Key(
            "income", Shape.TABLES, "sums of the income statement, each going on from the one before", keys=INCOME_KEYS
        ),
    )
    data: Mapping[str, Any] = load_pack(find_file(DATA / "statements.toml", "ledger/statements.toml"), keys).data
    return data


def balance_lines() -> list[BalanceLine]:
    """The lines of the balance sheet, in the reader's language."""
    language = _language()
    return [BalanceLine(one["side"], one[language], tuple(one["accounts"])) for one in _statements()["balance"]]


def income_sums() -> list[IncomeSum]:
    """The sums of the income statement, in the reader's language."""
    language = _language()
    return [IncomeSum(one[language], tuple(one["plus"]), tuple(one["minus"])) for one in _statements()["income"]]


def _language() -> str:
    return "zh" if (get_language() or "zh").startswith("zh") else "en"
