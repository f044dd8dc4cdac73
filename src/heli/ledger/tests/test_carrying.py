"""Nothing is lost: every fen, item, contract and claim comes to one successor, or its name stands in what blocks."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.kernel.quantities import largest_remainder
from heli.ledger.rules.carrying import carry
from heli.ledger.rules.forms import carry_result
from heli.ledger.testing import carry_case, hall, holder, lease, pond
from heli.ledger.texts import as_fault
from heli.ledger.types import CarriedBooks, CarriedItem, Carrying, CarryMove, CarryProof

WHOLE = 10_000


def carried(*holders: dict[str, Any], moves: list[tuple[str, str, int]], **other: Any) -> dict[str, Any]:
    return carry_result(carry_case(holders, *moves, **other), as_fault)


def test_two_villages_become_one_with_all_they_had() -> None:
    told = carried(
        holder("east", 1511, [hall("mill"), pond("pond")], fen={"121": 18_907}, contracts=[lease("tea", "pond")]),
        holder("west", 1433, [hall("shop", 45)], fen={"241": -7_109, "121": 1}),
        holder("north"),
        moves=[("east", "new", WHOLE), ("west", "new", WHOLE)],
        equalise="none",
    )
    assert told == {
        "id": "t",
        "status": "proven",
        "successors": [
            {
                "id": "new",
                "members": 2944,
                "balances": {"102": 1_000_000, "121": 18_908, "151": 1_000_045, "241": -7_109, "311": -2_011_844},
                "items": ["mill", "pond", "shop"],
                "contracts": ["tea"],
                "area_dm2": 250_000,
            }
        ],
        "eliminated": [],
        "equalise": [],
    }


def test_a_divided_village_shares_its_accounts_by_largest_remainder_and_sends_its_items_by_name() -> None:
    told = carried(
        holder("v", 116, [hall("h1"), hall("h2", 7), pond("p")], fen={"132": 101}, contracts=[lease("c", "p")]),
        moves=[("v", "b", 3333), ("v", "a", 6667)],
        assign={"h1": "a", "h2": "b", "p": "b"},
    )
    first, second = told["successors"]
    assert (first["id"], first["members"], first["items"], first["contracts"]) == ("a", 77, ["h1"], [])
    assert (second["id"], second["members"], second["items"], second["contracts"]) == ("b", 39, ["h2", "p"], ["c"])
    assert first["balances"] == {"102": 333_350, "132": 67, "151": 1_000_000, "311": -1_333_417}
    assert second["balances"] == {"102": 166_650, "132": 34, "151": 7, "311": -166_691}


def test_on_a_tie_the_earlier_move_has_the_odd_fen_and_a_debt_is_shared_like_a_claim() -> None:
    told = carried(holder("v", 3, fen={"102": 1, "201": -1}), moves=[("v", "z", 5000), ("v", "a", 5000)])
    first, second = told["successors"]
    assert (first["members"], second["members"]) == (1, 2)
    assert (first["balances"], second["balances"]) == ({}, {"102": 1, "201": -1})


def test_another_account_may_balance_the_parts() -> None:
    told = carried(
        holder("v", 2, fen={"311": -1, "301": -499_999}), moves=[("v", "a", 1), ("v", "b", 9999)], balance_on="301"
    )
    assert [one["balances"] for one in told["successors"]] == [
        {"102": 50, "301": -50},
        {"102": 499_950, "301": -499_949, "311": -1},
    ]


def test_what_givers_owed_one_another_leaves_as_a_visible_pair() -> None:
    a = holder("a", fen={"112": 900}, claims=[{"on": "b", "fen": 500}, {"on": "far", "fen": 400}])
    b = holder("b", fen={"211": -700}, debts=[{"to": "a", "fen": 500}])
    told = carried(a, b, moves=[("a", "n", WHOLE), ("b", "n", WHOLE)])
    assert told["eliminated"] == [["a", "b", 500]]
    assert told["successors"][0]["balances"] == {"102": 1_000_000, "112": 400, "211": -200, "311": -1_000_200}
    apart = carried(a, b, moves=[("a", "n", WHOLE), ("b", "m", WHOLE)])
    assert apart["eliminated"] == []


def test_books_that_differ_by_a_fen_on_a_claim_block_by_name_and_a_silent_one_counts_as_none() -> None:
    a = holder("a", claims=[{"on": "b", "fen": 965_811}])
    b = holder("b", debts=[{"to": "a", "fen": 965_812}, {"to": "c", "fen": 1}])
    told = carried(a, b, holder("c"), moves=[("a", "n", WHOLE), ("b", "n", WHOLE), ("c", "m", WHOLE)])
    assert (told["status"], told["disagree"]) == ("blocked", [["a", "b"], ["c", "b"]])
    assert carried(a, b, moves=[("a", "n", WHOLE)])["status"] == "proven"


def test_an_item_of_a_divided_village_without_a_destination_blocks_by_name() -> None:
    village = holder("v", items=[hall("h1"), hall("h2"), hall("h3")])
    moves = [("v", "a", 5000), ("v", "b", 5000)]
    told = carried(village, moves=moves, assign={"h1": "elsewhere", "h2": "a"})
    assert (told["status"], told["missing"]) == ("blocked", ["h1", "h3"])
    assert set(told) == {"id", "status", "missing", "disagree", "negative", "no_members"}


def test_a_common_level_goes_in_and_the_rest_stays_with_those_who_brought_it() -> None:
    told = carried(
        holder("rich", 3, net_operating_fen=1_000),
        holder("poor", 7, net_operating_fen=705),
        holder("alone", 7, net_operating_fen=1),
        moves=[("rich", "n", WHOLE), ("poor", "n", WHOLE), ("alone", "m", WHOLE)],
        equalise="level",
    )
    assert told["equalise"] == [
        {"holder": "poor", "put_in_fen": 700, "kept_fen": 5},
        {"holder": "rich", "put_in_fen": 300, "kept_fen": 700},
    ]


def test_a_level_needs_members_and_no_holder_below_zero() -> None:
    givers = holder("debtor", net_operating_fen=-1), holder("empty", 0)
    moves = [("debtor", "n", WHOLE), ("empty", "n", WHOLE)]
    told = carried(*givers, moves=moves, equalise="level")
    assert (told["status"], told["negative"], told["no_members"]) == ("blocked", ["debtor"], ["empty"])
    assert carried(*givers, moves=moves)["status"] == "proven"


GOOD = holder("v", items=[hall("h")])


@pytest.mark.parametrize(
    ("case", "code", "field"),
    [
        (carry_case([GOOD, holder("v")]), "holder_twice", "holders.1.id"),
        (carry_case([GOOD | {"balances": {"102": 1}}]), "unbalanced", "holders.0.balances"),
        (carry_case([GOOD, holder("w", items=[pond("h")])]), "item_twice", "holders.1.items.0.id"),
        (carry_case([holder("v", items=[hall("h", -1)])]), "negative_item", "holders.0.items.0"),
        (carry_case([holder("v", items=[pond("h", -1)])]), "negative_item", "holders.0.items.0"),
        (
            carry_case([holder("v", contracts=[lease("c", "gone")])]),
            "contract_without_item",
            "holders.0.contracts.0.item",
        ),
        (carry_case([GOOD], ("v", "n", WHOLE), ("w", "n", WHOLE)), "unknown_holder", "moves.1.from"),
        (carry_case([GOOD], ("v", "n", 9_999)), "share", "moves.0.share_bp"),
        (carry_case([GOOD], ("v", "n", 0), ("v", "m", WHOLE)), "share", "moves.0.share_bp"),
        (carry_case([GOOD], ("v", "n", 5_000), ("v", "n", 5_000)), "share", "moves.0.share_bp"),
        (carry_case([GOOD], assign={"gone": "n"}), "unknown_item", "assign.gone"),
        (carry_case([GOOD], assign={"h": 1}), "shape", "assign.h"),
        (carry_case([GOOD | {"balances": {"102": 0.5}}]), "shape", "holders.0.balances.102"),
        (carry_case([GOOD | {"contracts": [lease("c", "h") | {"until": "2031"}]}]), "day", "until"),
        (carry_case([GOOD], speed=1), "unknown_key", "speed"),
        ({"id": "t"}, "missing_key", "on"),
    ],
)
def test_what_cannot_be_is_refused_with_row_field_and_remedy(case: dict[str, Any], code: str, field: str) -> None:
    told = carry_result(case, as_fault)
    assert (told["status"], told["problems"][0]) == ("refused", code)
    fault = told["faults"][0]
    assert (fault["code"], fault["field"], fault["source"]) == (code, field, "t")
    assert "%(" not in fault["message"]


def test_everything_wrong_is_told_at_once_each_code_once() -> None:
    told = carried(holder("v"), holder("v"), holder("v"), moves=[("w", "n", 1)])
    assert told["problems"] == ["holder_twice", "unknown_holder", "share"]
    assert len(told["faults"]) == 4


# --- laws ---------------------------------------------------------------------------------------------------------------

ACCOUNTS = st.sampled_from(["102", "112", "132", "151", "211", "241", "321"])


@st.composite
def mergers(draw: st.DrawFn) -> dict[str, Any]:
    """Up to five holders, whole or divided in two or three, with items, contracts and claims on one another."""
    names = [f"v{number}" for number in range(draw(st.integers(1, 5)))]
    holders: list[dict[str, Any]] = []
    moves: list[tuple[str, str, int]] = []
    assign: dict[str, str] = {}
    for name in names:
        items = [
            draw(st.sampled_from([hall(f"{name}h{n}", draw(st.integers(0, 10**9))), pond(f"{name}p{n}", n)]))
            for n in range(draw(st.integers(0, 4)))
        ]
        fen = draw(st.dictionaries(ACCOUNTS, st.integers(-(10**10), 10**10), max_size=4))
        contracts = [lease(f"c{item['id']}", item["id"]) for item in items if draw(st.booleans())]
        holders.append(holder(name, draw(st.integers(1, 3000)), items, fen=fen, contracts=contracts))
        parts = draw(st.sampled_from([[], [WHOLE], [3333, 6667], [1, 4999, 5000]]))
        targets = draw(st.permutations(["n1", "n2", "n3"]))
        moves += [(name, to, part) for to, part in zip(targets, parts, strict=False)]
        assign |= {item["id"]: draw(st.sampled_from(targets[: len(parts)])) for item in items if len(parts) > 1}
    for one in holders:
        one["claims"], one["debts"] = [], []
    for claimant in holders:
        for debtor in holders:
            if claimant is not debtor and draw(st.booleans()):
                fen_owed = draw(st.integers(0, 10**6))
                claimant["claims"].append({"on": debtor["id"], "fen": fen_owed})
                debtor["debts"].append({"to": claimant["id"], "fen": fen_owed})
    return carry_case(holders, *moves, assign=assign)


@given(mergers())
def test_every_fen_item_contract_member_and_area_is_there_before_and_after(case: dict[str, Any]) -> None:
    told = carry_result(case, as_fault)
    moving = {move["from"] for move in case["moves"]}
    givers = [one for one in case["holders"] if one["id"] in moving]
    before: Counter[str] = Counter()
    for one in givers:
        before.update(one["balances"])
    after: Counter[str] = Counter()
    for one in told["successors"]:
        assert sum(one["balances"].values()) == 0
        after.update(one["balances"])
    pair = sum(fen for _claimant, _debtor, fen in told["eliminated"])
    after.update({"112": pair, "211": -pair})
    assert {account: fen for account, fen in after.items() if fen} == {a: f for a, f in before.items() if f}
    for name in ("items", "contracts"):
        had = sorted(item["id"] for one in givers for item in one[name])
        assert sorted(item for one in told["successors"] for item in one[name]) == had
    assert sum(one["members"] for one in told["successors"]) == sum(one["members"] for one in givers)
    area = sum(item.get("area_dm2", 0) for one in givers for item in one["items"])
    assert sum(one["area_dm2"] for one in told["successors"]) == area


@given(mergers(), st.randoms(use_true_random=False))
def test_the_order_of_holders_and_items_does_not_matter(case: dict[str, Any], chance: Any) -> None:
    told = carry_result(case, as_fault)
    for one in case["holders"]:
        chance.shuffle(one["items"])
        chance.shuffle(one["claims"])
    chance.shuffle(case["holders"])
    by_giver = {name: [m for m in case["moves"] if m["from"] == name] for name in {m["from"] for m in case["moves"]}}
    groups = list(by_giver.values())
    chance.shuffle(groups)
    case["moves"] = [move for group in groups for move in group]
    assert carry_result(case, as_fault) == told


@given(st.permutations(["a", "b", "c"]), st.lists(st.integers(-(10**9), 10**9), min_size=3, max_size=3))
def test_step_by_step_gives_what_all_at_once_gives(order: list[str], fen: list[int]) -> None:
    holders = {name: holder(name, items=[hall(f"h{name}", n)], fen={"112": fen[n]}) for n, name in enumerate("abc")}
    at_once = carried(*holders.values(), moves=[(name, "n", WHOLE) for name in "abc"])
    first, second, third = order
    one = carried(holders[first], holders[second], moves=[(first, "step", WHOLE), (second, "step", WHOLE)])
    (step,) = one["successors"]
    kept = [hall(name, "abc".index(name[1:])) for name in step["items"]]
    again = {"id": "step", "members": step["members"], "balances": step["balances"], "items": kept, "contracts": []}
    both = carried(again, holders[third], moves=[("step", "n", WHOLE), (third, "n", WHOLE)])
    assert both == at_once


@given(st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 10**11)), min_size=2, max_size=6))
def test_a_level_takes_nothing_away(givers: list[tuple[int, int]]) -> None:
    holders = [holder(f"v{n}", members, net_operating_fen=fen) for n, (members, fen) in enumerate(givers)]
    told = carried(*holders, moves=[(one["id"], "n", WHOLE) for one in holders], equalise="level")
    levels = {row["put_in_fen"] // givers[int(row["holder"][1:])][0] for row in told["equalise"]}
    assert len(levels) == 1
    for row in told["equalise"]:
        assert row["put_in_fen"] + row["kept_fen"] == givers[int(row["holder"][1:])][1]
        assert min(row["put_in_fen"], row["kept_fen"]) >= 0


@given(
    st.lists(st.integers(1, 20), min_size=2, max_size=4),
    st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 3)), max_size=6),
    st.tuples(st.integers(10**8, 10**10), st.integers(0, 10**6), st.integers(0, 10**6)),
)
def test_a_divided_holder_keeps_its_value_to_the_fen_in_shares(
    weights: list[int], halls: list[tuple[int, int]], fen: tuple[int, int, int]
) -> None:
    money, claim, debt = fen
    shares = largest_remainder(WHOLE, weights)
    balances = {"10201": money, "11201": claim, "151": sum(worth for worth, _to in halls), "211": -debt}
    items = tuple(CarriedItem(f"h{n}", "151", worth, 0, worth + 7) for n, (worth, _to) in enumerate(halls))
    net = money + claim - debt + sum(item.operating_fen for item in items)
    one = CarriedBooks("v", 1_000, {**balances, "311": -sum(balances.values())}, items, net_operating_fen=net)
    moves = tuple(CarryMove("v", f"t{n}", share) for n, share in enumerate(shares))
    assign = {f"h{n}": f"t{to % len(weights)}" for n, (_worth, to) in enumerate(halls)}
    done = carry(Carrying((one,), moves, assign, in_shares=True))
    assert isinstance(done, CarryProof)
    assert sum(points for _giver, _members, points, _to in done.points) == net
    assert sum(members for _giver, members, _points, _to in done.points) == 1_000
    stand = {to.id: to for to in done.successors}
    for _giver, _members, points, to in done.points:  # a share of one fen is a fen of what lies there
        own = sum(item.operating_fen for item in items if item.id in stand[to].items)
        assert points == own + sum(stand[to].balances.get(account, 0) for account in ("10201", "11201", "211"))
