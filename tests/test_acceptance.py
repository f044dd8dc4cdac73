"""The published figures of the districts, typed in as facts and events and printed by Heli (docs/explanation/acceptance.md).

Qianfeng 2020, Lucheng 2019 and Donggang: what their reports print, Heli prints from the counts behind it; what cannot hold
is flagged by the lint.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from heli.accounts.models import User
from heli.assemblies.testing.sittings import vote
from heli.audit.services import writing
from heli.audit.testing import unaudited
from heli.campaigns.abouts import about_of
from heli.campaigns.models import Campaign, PinnedPlaybook
from heli.campaigns.queries.colours import rules_in_force
from heli.campaigns.rules.colours import pinned
from heli.figures import catalogue, queries
from heli.figures.wording import text_of, title_of
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.ids import new_public_id
from heli.kernel.lint import Claim, check
from heli.meetings.services import record_meeting
from heli.places import services as places
from heli.places.services.neighbours import NeighbourSpec
from heli.places.testing import Register, arrows, draw_register
from heli.places.types import EventKind, EventSpec, FactSpec, LinkSpec, PlaceKind, PlaceSpec
from heli.planning import services as planning
from heli.planning.testing import square
from heli.planning.types import Goal, GoalKind, PlanRules

DOC = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "acceptance.md"
BEFORE, REFORM, AFTER = date(2019, 12, 31), date(2020, 5, 6), date(2020, 6, 28)
AT = datetime(2020, 4, 1, 9, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def spread(total: int, over: Sequence[int]) -> dict[int, int]:
    """A total over places, as evenly as whole numbers go."""
    each, rest = divmod(total, len(over))
    return {place: each + (number < rest) for number, place in enumerate(over)}


def count(measure: str, values: dict[int, int], on: date) -> None:
    facts = [FactSpec(place_id=place, measure=measure, on=on, value=value) for place, value in values.items()]
    places.record_facts(actor=SYSTEM, facts=facts)


def happen(kind: EventKind, links: Sequence[LinkSpec], **more: Any) -> dict[str, int]:
    """One event of the reform; gives what it founded."""
    event = EventSpec(kind=kind, on=REFORM, links=tuple(links), document_number="前府发〔2020〕1号", **more)
    return dict(places.record_event(actor=SYSTEM, event=event).founded)


def value(district: int, figure: str, on: date = AFTER, decimals: int | None = None, place: int | None = None) -> str:
    """What Heli prints."""
    found = catalogue.find(figure, on)
    assert found is not None
    evaluation = queries.evaluate(SYSTEM, [found], district_ids=[district], on=on)
    return text_of(evaluation.of(figure, place or district), decimals)


# -- Qianfeng: 254 villages become 116 ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Qianfeng:
    """The district after its reform."""

    district: int
    villages: tuple[int, ...]
    communities: tuple[int, ...]


def draw_qianfeng() -> Register:
    """Nine towns, 254 villages, 32 communities, before the reform."""
    sizes = [29, 29, *[28] * 7]
    drawing = {}
    for town, size in enumerate(sizes):
        members = [f"V{town}-{number}" for number in range(size)]
        members += [f"(C{town}-{number})" for number in range(4 if town < 5 else 3)]
        drawing[f"T{town}"] = " ".join(members)
    return draw_register(drawing, on=date(2010, 1, 1))


def reform(register: Register) -> Qianfeng:
    """94 pairs, 13 threes, 18 villages absorbed by communities, nine left as they were."""
    towns: dict[str, list[str]] = {}
    for name in register.keys:
        if name.startswith("V"):
            towns.setdefault(name[1], []).append(name)
    wanted = {"pair": 94, "three": 13, "absorbed": 18}
    villages: list[int] = []
    for town, members in towns.items():
        parent = register[f"T{town}"]
        for kind, size in (("absorbed", 1), ("three", 3), ("pair", 2)):
            share = wanted[kind] if town == "8" else -(-wanted[kind] // (9 - int(town)))
            for number in range(min(share, wanted[kind], len(members) // size)):
                taken = [register[members.pop()] for _one in range(size)]
                wanted[kind] -= 1
                if kind == "absorbed":
                    host = register[f"C{town}-{number % 3}"]
                    happen(EventKind.ABSORB, arrows((taken[0], host, 10_000)))
                else:
                    name = f"N{town}-{kind}-{number}"
                    links = [LinkSpec(source=place, target=name) for place in taken]
                    new = PlaceSpec(name=name, kind=PlaceKind.VILLAGE, parent=parent)
                    villages.append(happen(EventKind.MERGE, links, founds={name: new})[name])
        villages += [register[name] for name in members]
    assert wanted == {"pair": 0, "three": 0, "absorbed": 0}
    communities = tuple(key for name, key in register.keys.items() if name.startswith("C"))
    return Qianfeng(register.district, tuple(villages), communities)


def plan_accepted(register: Register) -> None:
    """A plan with the target of 40.95 %, accepted before the reform: a small one of the first town's villages is enough."""
    names = [name for name in register.keys if name.startswith(("V", "C"))]
    with writing(SYSTEM, "places.edit"):
        for number, name in enumerate(names):
            outline = places.add_outline(shape=square(number % 20, number // 20), is_sample=True)
            places.change_version(
                actor=SYSTEM, place_id=register[name], on=date(2012, 1, 1), reason="drawn", outline_id=outline.pk
            )
        keys = {(number % 20, number // 20): register[name] for number, name in enumerate(names)}
        pairs = [
            NeighbourSpec(a_id=key, b_id=keys[beside], border_m=1_000)
            for (x, y), key in keys.items()
            for beside in ((x + 1, y), (x, y + 1))
            if beside in keys
        ]
        places.replace_computed_neighbours(
            actor=SYSTEM, district_id=register.district, on=date(2012, 1, 1), pairs=pairs
        )
    author, chief = officer("author"), officer("chief")
    rules = PlanRules(goal=Goal(GoalKind.REDUCTION, reduction=4_095), pmin=0, pmax=100_000, radius_m=60_000)
    scenario = planning.create_scenario(
        actor=author, district_id=register.district, name="2020", on=BEFORE, rules=rules, at=AT
    )
    planning.run_scenario(actor=author, scenario=scenario)
    planning.propose(actor=author, scenario=scenario)
    planning.accept(
        actor=chief, scenario=scenario, document_number="前委发〔2020〕1号", document_on=date(2020, 4, 10), at=AFTER_AT
    )


AFTER_AT = datetime(2020, 4, 12, 9, tzinfo=UTC)


def officer(name: str) -> Actor:
    """Somebody who may do everything; roles are tested elsewhere."""
    with unaudited():
        user = User.objects.create(username=name, name=name)
    return Actor(user.pk, name, is_system=True)


@pytest.fixture
def qianfeng() -> Qianfeng:
    register = draw_qianfeng()
    old = [key for name, key in register.keys.items() if name.startswith("V")]
    count("registered_population", spread(290_232, old), BEFORE)
    count("villager_groups", spread(1_678, old), BEFORE)
    count("cadre_posts", spread(507, old), BEFORE)
    plan_accepted(register)
    found = reform(register)
    count("registered_population", spread(290_232, found.villages), AFTER)
    count("resident_population", spread(187_488, found.communities), AFTER)
    both = [*found.villages, *found.communities]
    count("villager_groups", spread(895, both), AFTER)
    count("cadre_posts", spread(399, both), AFTER)
    return found


QIANFENG = (
    # ITEMS row, figure, decimals, what Heli prints
    ("1.12", "places.villages", None, "116 villages"),
    ("1.16", "places.communities", None, "32 communities"),
    ("1.12", "places.village_reduction", None, "54.33 %"),
    ("1.11", "planning.target", None, "40.95 %"),
    ("1.13", "planning.over_target", None, "13.38 percentage points"),
    ("1.15", "places.mean_population", None, "2,502 people"),
    ("1.16", "places.mean_residents", None, "5,859 people"),
    ("1.17", "places.villager_groups", None, "895 groups"),
    ("1.17", "places.group_reduction", None, "46.66 %"),
    ("1.29", "places.cadre_posts", None, "399 posts"),
    ("1.29", "places.post_reduction", None, "21.3 %"),
)


def test_qianfeng_prints_its_published_figures(qianfeng: Qianfeng) -> None:
    printed = {
        (row, name): value(qianfeng.district, name, decimals=decimals) for row, name, decimals, _text in QIANFENG
    }
    assert printed == {(row, name): text for row, name, _decimals, text in QIANFENG}


def test_the_number_of_qianfeng_is_made_of_its_towns_and_opens_its_events(qianfeng: Qianfeng) -> None:
    figure = catalogue.find("places.village_reduction", AFTER)
    assert figure is not None
    found = queries.evaluate(SYSTEM, [figure], district_ids=[qianfeng.district], on=AFTER)
    assert found.values[figure.id][qianfeng.district] == (138, 254)
    towns = [
        pair
        for place, pair in found.values[figure.id].items()
        if place in set(found.structure.children(qianfeng.district))
    ]
    assert (sum(pair[0] for pair in towns), sum(pair[1] for pair in towns)) == (138, 254)
    rows = queries.rows_behind(SYSTEM, figure, qianfeng.district, AFTER)
    assert len(rows.lines) == 94 + 13 + 18


# -- Lucheng: 141 become 80, four trainings -------------------------------------------------------------------------------


@pytest.fixture
def lucheng() -> int:
    drawing = {f"T{town}": " ".join(f"V{town}-{n}" for n in range(size)) for town, size in enumerate([47, 47, 47])}
    register = draw_register(drawing, district="L", code="330302")
    names = [name for name in register.keys if name.startswith("V")][:61]
    for name in names:
        town = register[f"T{name[1]}"]
        becomes = PlaceSpec(name=name, kind=PlaceKind.COMMUNITY, parent=town)
        event = EventSpec(
            kind=EventKind.CONVERT, on=REFORM, links=arrows((register[name], register[name], 10_000)),
            becomes={register[name]: becomes},
        )  # fmt: skip
        places.record_event(actor=SYSTEM, event=event)
    campaign = bare_campaign(register.district)
    for number, present in enumerate((180, 176, 174, 172), 1):
        record_meeting(
            actor=SYSTEM, about=about_of(campaign), place_id=register.district, kind="training", title=f"{number}",
            held_on=date(2020, 5, number), attendance={"cadres": present}, on=AFTER, at=AFTER_AT,
        )  # fmt: skip
    return register.district


def bare_campaign(district: int) -> Campaign:
    """A campaign without steps, to hold its meetings."""
    with writing(SYSTEM, "campaigns.open", place_id=district):
        playbook = PinnedPlaybook.objects.create(
            key="bare", version=1, sha256="0" * 64, title="Bare", text="bare", pinned_at=AT
        )
        return Campaign.objects.create(
            public_id=new_public_id(), district_id=district, name="村改", playbook=playbook, starts_on=BEFORE,
            opened_by="test", opened_at=AT, **pinned(rules_in_force(BEFORE)),
        )  # fmt: skip


LUCHENG = (
    ("0.2", "places.villages", None, "80 villages"),
    ("0.2", "places.village_reduction", None, "43.26 %"),
    ("0.2", "places.village_reduction", 1, "43.3 %"),
    ("0.28", "campaigns.trainings", None, "4 sittings"),
    ("0.28", "campaigns.training_attendances", None, "702 attendances"),
)


def test_lucheng_prints_its_published_figures(lucheng: int) -> None:
    printed = [value(lucheng, name, decimals=decimals) for _row, name, decimals, _text in LUCHENG]
    assert printed == [text for _row, _name, _decimals, text in LUCHENG]


# -- Donggang: 26 communities agree ---------------------------------------------------------------------------------------


@pytest.fixture
def donggang() -> int:
    names = [f"C{number}" for number in range(26)]
    register = draw_register({"T": " ".join(f"({name})" for name in names)}, district="D", code="371102")
    bodies = (("party_members", 40), ("residents_congress", 55), ("residents_assembly:households", 300))
    about = about_of(bare_campaign(register.district))
    for number, name in enumerate(names):
        for body, base in bodies:
            votes = base if number < 15 else base - (base * 7 * (number % 3 + 1)) // 300
            vote(about, register[name], AFTER, "convert_village", body, (base, base, votes))
    return register.district


DONGGANG = (
    ("2.25", "assemblies.sittings", None, "78 sittings"),
    ("2.25", "places.consent_counted", None, "26 places"),
    ("2.25", "places.consent_full", None, "15 places"),
    ("2.25", "places.consent_lowest", None, "93.00 %"),
)


def test_donggang_prints_its_published_figures(donggang: int) -> None:
    printed = [value(donggang, name) for _row, name, _decimals, _text in DONGGANG]
    assert printed == [text for _row, _name, _decimals, text in DONGGANG]
    figure = catalogue.find("places.consent_lowest", AFTER)
    assert figure is not None
    found = queries.evaluate(SYSTEM, [figure], district_ids=[donggang], on=AFTER)
    rates = [
        pair
        for place, pair in found.values[figure.id].items()
        if place in set(found.structure.places[found.structure.levels == 4])
    ]
    assert len(rates) == 26
    assert all(100 * votes >= 93 * base for votes, base in rates)
    assert sum(votes == base for votes, base in rates) == 15


@pytest.fixture
def lucheng_votes() -> int:
    names = [f"V{number}" for number in range(85)]
    register = draw_register({"T": " ".join(names)}, district="L", code="330302")
    about = about_of(bare_campaign(register.district))
    for number, name in enumerate(names):
        # 26 conversions with a mean of 91.2 %, 59 mergers with one of 99.3 %: in villages of every size.
        is_conversion, size = number < 26, 1000 * (number % 4 + 1)
        share = (912 if is_conversion else 993) + (number % 2 * 4 - 2 if number < 84 else 0)
        matter = "convert_village" if is_conversion else "merge_village"
        vote(
            about,
            register[name],
            AFTER,
            matter,
            "villagers_assembly:adults",
            (2 * size - 1, size, size * share // 1000),
        )
    return register.district


LUCHENG_VOTES = (
    ("0.7", "assemblies.approval_conversions_mean", None, "91.2 %"),
    ("0.7", "assemblies.approval_mergers_mean", None, "99.3 %"),
    ("0.7", "assemblies.sittings_in_order", None, "100.00 %"),
)


def test_lucheng_votes_print_their_published_means(lucheng_votes: int) -> None:
    printed = [value(lucheng_votes, name) for _row, name, _decimals, _text in LUCHENG_VOTES]
    assert printed == [text for _row, _name, _decimals, text in LUCHENG_VOTES]
    # In larger villages more agreed: all votes together say so, and the mean of villages does not.
    assert value(lucheng_votes, "assemblies.approval_conversions") == "91.24 %"


# -- what cannot hold -------------------------------------------------------------------------------------------------------

CANNOT = (
    ("1.13", "13.38 %", Claim(text="13.38 %", difference_of=("54.33 %", "40.95 %")), "points_as_percent"),
    ("1.30", "23.53 % of 399", Claim(text="23.53 %", base=399), "no_whole_number"),
    ("1.30", "74.97 % of 399", Claim(text="74.97 %", base=399), "no_whole_number"),
    ("1.31", "71.14 % + 28.85 %", Claim(text="100 %", parts=("71.14 %", "28.85 %")), "parts_differ"),
    ("1.33", "99.6 % of 148", Claim(text="99.6 %", base=148), "no_whole_number"),
    ("1.36", "230 of 254 or 148", Claim(text="230", known_bases=(254, 148)), "other_base"),
    ("1.42", "100 % satisfied", Claim(text="100 %"), "base_missing"),
    (
        "0.7",
        "95.25 % as the mean of 26 at 91.2 % and 59 at 99.3 %",
        Claim(text="95.25 %", mean_of=(82_299, 850)),
        "mean_differs",
    ),
    ("0.1", "59 + 26 beside 61", Claim(text="61", parts=("59", "26")), "parts_differ"),
    ("2.31", "+9。98 %", Claim(text="+9。98 %", is_change=True), "typo_full_stop"),
    ("3.10", "8,100 members of 3,300 branches", Claim(text="8100", numerator=8_100, base=3_300, low=3), "too_few_each"),
    ("4.42", "98.75 % beside 323 of 508", Claim(text="98.75 %", numerator=323, base=508), "not_its_fraction"),
    ("4.9", "85 % beside 323 of 508", Claim(text="85 %", numerator=323, base=508), "not_its_fraction"),
    ("4.14", "92 monthly meetings of 40 stations", Claim(text="92", numerator=92, base=40, low=6), "too_few_each"),
)


@pytest.mark.parametrize(("row", "text", "claim", "code"), CANNOT, ids=[row[1] for row in CANNOT])
def test_what_cannot_hold_is_flagged(row: str, text: str, claim: Claim, code: str) -> None:
    assert code in {flag.code for flag in check(claim)}


# -- the document -----------------------------------------------------------------------------------------------------------


def test_the_document_prints_this_very_table() -> None:
    lines: list[str] = []
    for title, rows in (
        ("Qianfeng 2020", QIANFENG),
        ("Lucheng 2019", (*LUCHENG, *LUCHENG_VOTES)),
        ("Donggang", DONGGANG),
    ):
        lines += [f"| {title} | {row} | {_title(name)} | `{name}` | {text} |" for row, name, _decimals, text in rows]
    lines += [f"| {row} | {text} | `{code}` |" for row, text, _claim, code in CANNOT]
    document = DOC.read_text("utf-8")
    missing = [line for line in lines if line not in document]
    assert missing == [], "\n".join(missing)


def _title(name: str) -> str:
    figure = catalogue.find(name, AFTER)
    assert figure is not None
    return title_of(figure)
