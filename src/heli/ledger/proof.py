"""The proof of a transfer: before, after, difference 0, by account and in rows; on the page and as a sheet that is signed."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from heli.files.documents import (
    Align,
    Block,
    Document,
    Heading,
    PaperTable,
    Paragraph,
    Picture,
)
from heli.files.documents.codes import qr_svg
from heli.kernel.quantities import MU, YUAN
from heli.ledger.catalogues import account_names
from heli.ledger.models import CollectiveAsset, CollectiveContract, Transfer
from heli.ledger.rules.carrying import CLAIMS, DEBTS
from heli.ledger.statement_sheet import signed_paper, yuan

CODE_MM = 26
HASH_LINE = 32
"""Signs of the hash in a line: whole it is wider than the page."""


@dataclass(frozen=True, slots=True)
class ProofRow:
    """A line of the proof: what stood before in all givers, what stands after in all successors, what left as a visible pair."""

    label: str
    before: Decimal | int
    after: Decimal | int
    left: Decimal | int

    @property
    def difference(self) -> Decimal | int:
        """What is missing or too much: 0."""
        return self.after + self.left - self.before

    @property
    def cells(self) -> list[str]:
        """Before, after, left and difference as they are written, thousands apart."""
        return [f"{one:,}" for one in (self.before, self.after, self.left, self.difference)]


def proof_rows(proof: Mapping[str, Any]) -> list[ProofRow]:
    """By account of the chart, then members, items, contracts, area."""
    before, after, left = defaultdict[str, int](int), defaultdict[str, int](int), defaultdict[str, int](int)
    for one in proof["before"].values():
        for code, fen in one["balances"].items():
            before[code[:3]] += fen
    for one in proof["after"].values():
        for code, fen in one["balances"].items():
            after[code[:3]] += fen
    for _claimant, _debtor, fen in proof["eliminated"]:
        left[CLAIMS] += fen
        left[DEBTS] -= fen
    names = account_names()
    rows = [
        ProofRow(
            f"{code} {names.get(code, '')}", YUAN.typed(before[code]), YUAN.typed(after[code]), YUAN.typed(left[code])
        )
        for code in sorted({*before, *after})
        if before[code] or after[code]
    ]
    olds, news = proof["before"].values(), proof["after"].values()

    def count(label: str, name: str) -> ProofRow:
        return ProofRow(label, sum(len(one[name]) for one in olds), sum(len(one[name]) for one in news), 0)

    rows.append(ProofRow(_("Members"), sum(o["members"] for o in olds), sum(o["members"] for o in news), 0))
    rows += [count(_("Items"), "items"), count(_("Contracts"), "contracts")]
    area = [MU.typed(sum(one["area_dm2"] for one in some)) for some in (olds, news)]
    return [*rows, ProofRow(_("Area (mu)"), area[0], area[1], Decimal(0))]


def pairs_said(proof: Mapping[str, Any]) -> list[str]:
    """Claims between givers that left, each as a visible pair."""
    text = _("%(one)s had a claim of %(yuan)s yuan on %(other)s: nobody owes himself, both sides leave.")
    names = proof["holders"]
    return [text % {"one": names[a], "other": names[b], "yuan": yuan(fen)} for a, b, fen in proof["eliminated"]]


def levelled_said(proof: Mapping[str, Any]) -> list[str]:
    """What each puts into the common fund and what stays its members' own."""
    text = _("%(name)s puts %(put)s yuan into the common fund; %(kept)s yuan stay earmarked to its members.")
    names = proof["holders"]
    return [text % {"name": names[one], "put": yuan(put), "kept": yuan(kept)} for one, put, kept in proof["levelled"]]


def points_said(proof: Mapping[str, Any]) -> list[str]:
    """The shares of one fen that each old holder's members get, worth before and after the same."""
    part = _("%(name)s, part that goes to %(to)s")
    text = _(
        "%(name)s: worth %(yuan)s yuan before and after, in %(points)s shares of one fen; each of its %(members)s members gets "
        "%(each)s, the first %(more)s of the roll one more."
    )
    said = []
    names, divided = proof["holders"], Counter(one for one, *_more in proof.get("points", ()))
    for one, members, points, to in proof.get("points", ()):
        each, more = divmod(points, members)
        told = {"yuan": yuan(points), "points": f"{points:,}", "members": members, "each": f"{each:,}", "more": more}
        name = names[one] if divided[one] == 1 else part % {"name": names[one], "to": names[to]}
        said.append(text % {"name": name, **told})
    return said


def is_division(transfer: Transfer) -> bool:
    """Whether its books go to several successors, who then have its claims and owe its debts jointly (Art. 24)."""
    return len(transfer.parts) > 1


def jointly_said(transfers: Sequence[Transfer]) -> list[str]:
    """Whose debts the successors owe jointly after a division, as the page says it."""
    text = _(
        "After a division the successors have the claims and owe the debts jointly, unless the creditors agreed otherwise in "
        "writing (Law on Rural Collective Economic Organisations, Art. 24)."
    )
    return [f"{one.title}: {text}" for one in transfers if is_division(one)]


def stay_said(proof: Mapping[str, Any]) -> list[str]:
    """Land of groups, which keeps its owner."""
    return [_("Land “%(code)s” stays its group's (Civil Code, Art. 262).") % {"code": code} for code in proof["stay"]]


def proof_sheet(transfer: Transfer, *, url: str, is_sample: bool) -> Document:
    """The sheet that giver, receiver and supervisor sign; `url` leads to its page."""
    proof = transfer.proof
    rows = [[one.label, *one.cells] for one in proof_rows(proof)]
    aligns = (Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT)
    to = _(", ").join(proof["holders"][key] for key in proof["after"])
    whose = _(", ").join(proof["holders"][key] for key in proof["before"])
    blocks: list[Block] = [
        Paragraph(_("From: %(whose)s. To: %(to)s. Holds from %(day)s.") % {"whose": whose, "to": to, "day": transfer.on}),
        PaperTable(
            [pgettext("books", "Account"), _("Before"), _("After"), _("Left as pairs"), _("Difference")],
            rows,
            widths=[4, 3, 3, 2, 2],
            aligns=aligns,
        ),
        *(Paragraph(one) for one in (*pairs_said(proof), *levelled_said(proof), *points_said(proof), *stay_said(proof))),
        *(Paragraph(one) for one in jointly_said([transfer, *Transfer.objects.filter(lead=transfer).order_by("pk")])),
    ]  # fmt: skip
    for key, one in proof["after"].items():
        heads = [_("Item"), _("Code"), _("Name")]
        lines = [
            [word, code, name]
            for model, word, codes in (
                (CollectiveAsset, _("Asset or resource"), one["items"]), (CollectiveContract, _("Contract"), one["contracts"])
            )
            for code, name in model.objects.filter(public_id__in=codes).order_by("number").values_list("public_id", "title")
        ]  # fmt: skip
        blocks += [Heading(2, proof["holders"][key]), PaperTable(heads, lines or [["", "", ""]], widths=[2, 3, 5])]
    blocks += [
        Paragraph("SHA-256", indent=False),
        *(
            Paragraph(transfer.sha256[at : at + HASH_LINE], indent=False, align=Align.LEFT)
            for at in range(0, len(transfer.sha256), HASH_LINE)
        ),
        Picture(qr_svg(url).encode(), width=CODE_MM, alt=url),
    ]
    by = [_("Giver"), _("Receiver"), _("Supervisor")]
    return signed_paper(_("Proof of a transfer"), blocks, on=transfer.on, is_sample=is_sample, by=by)
