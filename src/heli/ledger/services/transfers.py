"""Writes about transfers: opened by events of the register, carried in one transaction, taken back while nothing builds on it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.audit.types import OpenEntry
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.ledger.ledger import TRANSFERS
from heli.ledger.models import (
    Collective,
    CollectiveAsset,
    CollectiveContract,
    SubAccount,
    Transfer,
    TransferState,
    Voucher,
    VoucherKind,
    VoucherLine,
    VoucherState,
)
from heli.ledger.queries.holders import collectives_at
from heli.ledger.queries.transfers import (
    Gathered,
    builds_on,
    carry_case,
    creditors_of,
    gather,
    items_of,
    joined,
    owing_later,
)
from heli.ledger.rules.books import Draw, compute_debit
from heli.ledger.rules.transfers import compute_lines, seal
from heli.ledger.services.vouchers import post_all
from heli.ledger.types import CarryProof
from heli.places import queries as places
from heli.places.types import EventKind
from heli.records.abouts import DISTRICT
from heli.records.models import Event
from heli.records.services import hold, move_all, next_number, towns_at

APPROVE = "ledger.approve"
LONGEST_LIST = 60_000
OPENING = (EventKind.MERGE, EventKind.ABSORB, EventKind.SPLIT)


def open_transfers(
    *, actor: Actor, district_id: int, since: date, on: date | None = None, at: datetime | None = None
) -> list[Transfer]:
    """Open a transfer for each holder whose place goes on elsewhere by an event since a day; those that are open stay. The
    successor's holder is found on the day of the event; where there is none the transfer waits for it. A division names every
    item, for its destination to be written behind it.
    """
    today = on or timezone.localdate()
    events = [one for one in places.events_in(district_id, since) if one.in_force and one.kind in OPENING]
    about = DISTRICT.about(district_id, DISTRICT.rows().values_list("public_id", flat=True).get(pk=district_id))
    made = []
    with writing(actor, "ledger.open_transfers", action=APPROVE, place_id=district_id, at=at) as act:
        for event in events:
            ends: dict[int, set[int]] = {}
            for link in event.links:
                if link.source_id is not None and link.target_id is not None:
                    ends.setdefault(link.source_id, set()).add(link.target_id)
            before = collectives_at(list(ends), event.on - timedelta(days=1))
            after = collectives_at({to for tos in ends.values() for to in tos}, event.on)
            known = set(Transfer.objects.filter(event=event.public_id).values_list("giver", flat=True))
            towns = towns_at(district_id, place_ids=list(before), on=event.on - timedelta(days=1))
            for source, givers in sorted(before.items()):
                to = [one for target in sorted(ends[source]) for one in after.get(target, ())]
                for giver in givers:
                    stays = giver.pk in {one.pk for one in to} and len(ends[source]) == 1
                    if giver.pk in known or stays:
                        continue
                    made.append(
                        Transfer(
                            public_id=new_public_id(), about=about.id, district_id=district_id, place_id=source,
                            town_id=towns[source], status=TransferState.OPEN, opened_by=actor.name, opened_at=act.at,
                            title=giver.body.name, event=event.public_id, kind=event.kind, giver=giver, on=event.on,
                            receiver=to[0] if len(to) == 1 and len(ends[source]) == 1 else None,
                            goes_to=_(", ").join(one.body.name for one in to)[:120],
                            creditors=creditors_of(giver, event.on),
                        )
                    )  # fmt: skip
        first = next_number(Transfer, about=about) if made else 0
        for number, row in enumerate(made, first):
            row.number = number
            if row.receiver is None and row.kind == EventKind.SPLIT:
                row.assign_text = "\n".join(f"{code} {title}" for code, title in items_of(row))[:LONGEST_LIST]
        Transfer.objects.bulk_create(made)
        Event.objects.bulk_create([_opened(row, act) for row in made])
        act.subject, act.after = f"district {district_id}", {"opened": len(made), "on": str(today)}
    return made


def _opened(row: Transfer, act: OpenEntry) -> Event:
    return Event(
        ledger=TRANSFERS.name, row=row.public_id, about=row.about, district_id=row.district_id, status=row.status,
        did="opened", at=act.at, by_id=act.actor.id, by_name=act.actor.name,
    )  # fmt: skip


def carry_on(*, actor: Actor, transfer: Transfer, on: date, at: datetime) -> dict[str, Any]:
    """Carry the books of a transfer and of all that go with it, inside the block that leads the first of them to its end: vouchers,
    items, contracts, members. The columns of the first: proof and hash. Raises `Refused` with what blocks, by name.
    """
    others = list(joined(transfer).exclude(pk=transfer.pk).order_by("pk").select_related("giver__body"))
    late = [one.title for one in others if one.status != TransferState.SIGNED]
    if late:
        text = _(
            "These go with it and are not signed by all three yet: %(names)s. Give them another day, or void them."
        )
        raise Refused(Fault("others_wait", text % {"names": _(", ").join(late)}))
    together = [transfer, *others]
    keys = {one.giver_id for one in together} | {one.receiver_id for one in together if one.receiver_id}
    keys |= {int(key) for one in together for key in one.parts}
    list(Collective.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk"))
    with writing(actor, "ledger.carry", action=APPROVE, place_id=transfer.place_id, at=at) as act:
        gathered = gather(together, transfer.on)
        _refuse_later(gathered, transfer.on)
        if found := owing_later(gathered, transfer.on):
            text = _(
                "%(names)s: carried from a later day, and there are claims between these books. Take that back first, then carry "
                "both in the order of their days."
            )
            raise Refused(Fault("owes_later", text % {"names": _(", ").join(found)}))
        done = _proven(gathered)
        proof = _told(gathered, done)
        after = {one.id: dict(one.balances) for one in done.successors}
        _open_levels(gathered)
        changes = ((one, compute_lines(after.get(one, {}), before)) for one, before in sorted(gathered.before.items()))
        _book([_voucher(gathered.holders[one], lines, transfer) for one, lines in changes if lines], transfer, act)
        was = _hand_over(gathered, done)
        proof |= {"was": was, "last_line": _last_lines(gathered)}
        act.subject = f"transfer:{transfer.public_id}"
        digest = seal(proof)
        act.after = {"holders": len(gathered.holders), "items": len(gathered.items), "sha256": digest}
        if others:
            rows = Transfer.objects.filter(pk__in=[one.pk for one in others])
            rows.update(lead=transfer)
            move_all(actor=actor, ledger=TRANSFERS, rows=rows, name="post", on=on, at=at)
    return {"proof": proof, "sha256": digest}


def take_back(*, actor: Actor, transfer: Transfer, at: datetime) -> None:
    """Take back what was carried, inside the block that leads the transfer back: vouchers reversed, items, contracts and members as
    they were. Refused when something builds on it, or for one that was carried along with another.
    """
    if transfer.lead_id is not None:
        text = _("It was carried together with “%(name)s”: take that back.")
        raise Refused(Fault("not_the_first", text % {"name": transfer.lead.title if transfer.lead else ""}))
    with writing(actor, "ledger.take_back", action="ledger.lock", place_id=transfer.place_id, at=at) as act:
        for holder in Collective.objects.filter(public_id__in=transfer.proof["last_line"]).order_by("pk"):
            hold(Collective.objects, pk=holder.pk)
        if found := builds_on(transfer, transfer.proof):
            text = _("More was booked since then: %(names)s. Reverse that first.")
            raise Refused(Fault("builds_on_it", text % {"names": _(", ").join(found)}))
        vouchers = Voucher.objects.filter(kind=VoucherKind.TRANSFER, text__endswith=f"[{transfer.public_id}]")
        back = [
            _voucher(one.collective, [(account, -fen) for account, fen, _text in one.draft], transfer, reverses=one)
            for one in vouchers.select_related("collective__body").order_by("pk")
        ]
        _book(back, transfer, act)
        was = transfer.proof["was"]
        for holder, members in was["members"].items():
            Collective.objects.filter(public_id=holder).update(members=members)
        for model in (CollectiveAsset, CollectiveContract):
            for code, key in was[model.__name__].items():
                model.objects.filter(public_id=code).update(holder=key)
        others = Transfer.objects.filter(lead=transfer, status=TransferState.POSTED)
        move_all(actor=actor, ledger=TRANSFERS, rows=others, name="reverse", at=at)
        act.subject, act.after = f"transfer:{transfer.public_id}", {"holders": len(was["members"])}


def _proven(gathered: Gathered) -> CarryProof:
    done = carry_case(gathered)
    if not isinstance(done, CarryProof):
        raise Refused(done)
    return done


def _refuse_later(gathered: Gathered, on: date) -> None:
    """Givers book nothing after the day their books go on elsewhere."""
    givers = {move.giver for move in gathered.case.moves if move.giver != move.to}
    keys = [gathered.holders[one].pk for one in givers]
    late = VoucherLine.objects.filter(collective__in=keys, on__gt=on).values_list("collective__body__name", flat=True)
    if names := sorted(set(late)):
        text = _("%(names)s booked after the day from which it holds. Choose a later day, or reverse it.")
        raise Refused(Fault("booked_later", text % {"names": _(", ").join(names)}))


def _told(gathered: Gathered, done: CarryProof) -> dict[str, Any]:
    """The proof as it is kept: before and after by account, what left as a pair, what was levelled, what stays with groups."""
    return {
        "holders": {key: one.body.name for key, one in gathered.holders.items()},
        "before": {
            one.id: {"members": one.members, "balances": dict(one.balances), "items": [item.id for item in one.items],
                     "contracts": [code for code, _item in one.contracts], "area_dm2": sum(i.area_dm2 for i in one.items)}
            for one in gathered.case.holders
        },
        "after": {one.id: one.as_json() for one in done.successors},
        "eliminated": [list(one) for one in done.eliminated],
        "levelled": [list(one) for one in done.levelled],
        "points": [list(one) for one in done.points],
        "stay": list(gathered.stay),
    }  # fmt: skip


def _open_levels(gathered: Gathered) -> None:
    """Levels below the chart that receivers need for what they take over."""
    wanted = [(key, code, name) for key, names in gathered.names.items() for code, name in names.items()]
    ones = [gathered.holders[key] for key in gathered.names]
    there = set(SubAccount.objects.filter(collective__in=ones).values_list("collective", "code"))
    missing = [
        SubAccount(collective=gathered.holders[key], code=code, name=name)
        for key, code, name in sorted(wanted)
        if (gathered.holders[key].pk, code) not in there
    ]
    SubAccount.objects.bulk_create(missing)


def _voucher(
    collective: Collective, lines: list[tuple[str, int]], transfer: Transfer, reverses: Voucher | None = None
) -> Voucher:
    """The voucher of a holder for what a transfer changes in its books, to be posted."""
    draws = [Draw(account, fen) for account, fen in lines]
    debit = compute_debit(draws)
    with translation.override("zh-hans"):  # books are kept in Chinese, whoever reads the page
        text = _("Carried from and to: %(title)s [%(id)s]") % {"title": transfer.title[:60], "id": transfer.public_id}
    return Voucher(
        public_id=new_public_id(), collective=collective, year=transfer.on.year, on=transfer.on,
        kind=VoucherKind.REVERSAL if reverses else VoucherKind.TRANSFER, status=VoucherState.MADE, reverses=reverses,
        text=text,
        draft=[[one.account, one.fen, ""] for one in draws], debit_fen=debit, credit_fen=debit, moves_money=False,
        made_by_id=transfer.given_by_id, made_on=transfer.given_on or transfer.on,
    )  # fmt: skip


def _book(vouchers: list[Voucher], transfer: Transfer, act: OpenEntry) -> None:
    """The vouchers of all holders of a transfer, posted at once."""
    if vouchers:
        post_all(vouchers, act=act, on=max(transfer.on, timezone.localdate(act.at)))


def _hand_over(gathered: Gathered, done: CarryProof) -> dict[str, Any]:
    """Items, contracts and members to their successors; what was before, for taking it back."""
    was: dict[str, Any] = {"members": {key: one.members for key, one in gathered.holders.items()}}
    members = {one.id: one.members for one in done.successors}
    givers = {move.giver for move in gathered.case.moves}
    for key, one in gathered.holders.items():
        plus = 0 if key in givers else one.members
        one.members = members.get(key, 0) + plus
    Collective.objects.bulk_update(gathered.holders.values(), ["members"])
    found: list[tuple[Any, str]] = [(CollectiveAsset, "items"), (CollectiveContract, "contracts")]
    for model, name in found:
        codes: Mapping[str, tuple[str, ...]] = {one.id: getattr(one, name) for one in done.successors}
        every = [code for some in codes.values() for code in some]
        was[model.__name__] = dict(model.objects.filter(public_id__in=every).values_list("public_id", "holder"))
        for holder, some in codes.items():
            model.objects.filter(public_id__in=some).update(holder=gathered.holders[holder])
    return was


def _last_lines(gathered: Gathered) -> dict[str, int]:
    """The last line of each holder's books, by which is seen whether more was booked since."""
    keys = {one.pk: key for key, one in gathered.holders.items()}
    lines = VoucherLine.objects.filter(collective__in=keys).values("collective").order_by().annotate(last=Max("pk"))
    found = {keys[one["collective"]]: one["last"] for one in lines}
    return {key: found.get(key, 0) for key in gathered.holders}
