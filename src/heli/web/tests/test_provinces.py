"""Pages ask the database no more for a province of ten districts than for one of two, and what they tell is right."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from heli.accounts import services as accounts
from heli.accounts.testing import BEGINNING, PASSWORD
from heli.kernel.access import SYSTEM, Scope
from heli.places import queries
from heli.places.models import Place
from heli.places.testing import Register, draw_province, merge

pytestmark = pytest.mark.django_db
REFORM = date(2020, 5, 6)
FEW, MANY = 4, 10


def reader(register: Register, role: str, where: str) -> Client:
    """A browser signed in as somebody with a role over a place."""
    user, _password = accounts.add_user(
        actor=SYSTEM, username=f"{role}.{register[where]}", name=role, place_id=register[where], password=PASSWORD
    )
    accounts.grant_role(actor=SYSTEM, user=user, role=role, on=BEGINNING, place_id=register[where])
    client = Client()
    client.force_login(user)
    return client


def statements(client: Client, address: str) -> int:
    """How often a page asks; what is remembered between requests is remembered before counting."""
    assert client.get(address).status_code == 200, address
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def province(districts: int, code: str) -> Register:
    """A province in every district of which two villages merged."""
    register = draw_province(districts, code=code)
    for number in range(districts):
        merge(register, f"甲{number}0村 甲{number}1村", f"新{number}村", REFORM, parent=f"甲{number}")
    return register


def addresses(register: Register) -> dict[str, str]:
    def of(name: str, place: str) -> str:
        return reverse(name, args=[Place.objects.get(pk=register[place]).public_id])

    plain = (
        "web:home", "places:home", "figures:home", "figures:burden", "figures:map", "figures:snapshots", "figures:reports",
        "campaigns:list", "planning:scenarios", "bodies:list", "audit:list", "notices:inbox", "figures:claims",
    )  # fmt: skip
    found = {name: reverse(name) for name in plain}
    found |= {name: of("places:place", name) for name in ("省", "区0", "甲0", "新0村")}
    found |= {"archive": of("web:archive", "新0村"), "shapes": of("places:shapes", "甲0")}
    return found | {
        "search": reverse("web:search") + "?q=村&stay=1",
        "all": reverse("figures:map_values") + "?district=all",
    }


def counts_of(register: Register, role: str) -> dict[str, int]:
    """How often each page asks for somebody with a role over the province."""
    client = reader(register, role, "省")
    return {name: statements(client, address) for name, address in addresses(register).items()}


@pytest.mark.parametrize("role", ["auditor", "district_officer"])
def test_pages_ask_no_more_for_ten_districts_than_for_four(settings: Any, role: str) -> None:
    settings.SECOND_FACTOR = False
    few, many = counts_of(province(FEW, "51"), role), counts_of(province(MANY, "33"), role)
    assert {name: (few[name], many[name]) for name in few if many[name] > few[name]} == {}
    assert many["web:home"] <= 54
    assert many["新0村"] <= 69


@pytest.mark.parametrize("districts", [1, 3])
def test_few_districts_are_told_one_by_one_with_what_happened_in_each(settings: Any, districts: int) -> None:
    settings.SECOND_FACTOR = False
    context = reader(province(districts, "51"), "auditor", "省").get(reverse("web:home")).context
    assert [(card.district.name, card.towns, card.villages) for card in context["cards"]] == [
        (f"区{number}", 2, 5) for number in range(districts)
    ]
    assert [[event.after for event in card.events] for card in context["cards"]] == [
        [f"新{number}村"] for number in range(districts)
    ]


def test_many_districts_are_told_together(settings: Any) -> None:
    settings.SECOND_FACTOR = False
    answer = reader(province(4, "51"), "auditor", "省").get(reverse("web:home"))
    ground = answer.context["ground"]
    assert ground.sums == {"towns": 8, "villages": 20, "communities": 0}
    assert sorted(event.after for event in ground.events) == [f"新{number}村" for number in range(4)]
    assert all(not card.events and card.is_whole for card in ground.cards)


def test_of_a_part_of_a_district_only_the_part_is_told(settings: Any) -> None:
    settings.SECOND_FACTOR = False
    register = province(2, "51")
    (own,) = reader(register, "town_officer", "甲0").get(reverse("web:home")).context["cards"]
    assert (own.district.name, own.towns, own.villages, own.is_whole) == ("区0", 1, 2, False)
    assert [event.after for event in own.events] == ["新0村"]
    (other,) = reader(register, "town_officer", "乙1").get(reverse("web:home")).context["cards"]
    assert (other.district.name, other.towns, other.villages) == ("区1", 1, 3)
    assert not other.events


@pytest.mark.parametrize("where", ["省", "区1", "甲0", "新0村", "乙10村"])
def test_asking_for_a_few_places_answers_as_the_whole_scope_does(where: str) -> None:
    register = province(3, "51")
    scope = Scope(place_ids=frozenset({register[where]}))
    every = set(register.keys.values())
    within = set(queries.in_scope(scope).values_list("pk", flat=True))
    assert queries.reached_among(scope, every) == within & every
    assert {place for place in every if queries.reaches(scope, place)} == within
    districts = set(queries.in_scope(scope).exclude(district=None).values_list("district_id", flat=True))
    assert queries.reached_districts(scope) == districts
    for number in range(3):
        district = register[f"区{number}"]
        standing = set(queries.in_scope(scope, REFORM).filter(district_id=district).values_list("pk", flat=True))
        found = queries.reached_in(scope, district, REFORM)
        assert standing == ({row.id for row in queries.places_on(district, REFORM)} if found is None else found)


def test_what_is_remembered_while_reading_is_forgotten_after() -> None:
    register = province(1, "51")
    scope = Scope(place_ids=frozenset({register["甲0"]}))
    with queries.reading_only():
        assert queries.reaches(scope, register["新0村"])
    late = merge(register, "乙00村 乙01村", "晚村", date(2021, 1, 1), parent="甲0")[1]
    assert queries.reaches(scope, late)
    assert queries.reaches(scope, register["乙00村"])


def test_search_goes_on_page_by_page(settings: Any) -> None:
    settings.SECOND_FACTOR = False
    client = reader(province(10, "51"), "auditor", "省")
    first = client.get(reverse("web:search") + "?q=村")
    second = client.get(first.context["request"].path + "?q=村&page=2")
    assert (first.context["last"], second.context["first"], second.context["next"]) == (50, 51, 0)
    names = [hit.matched for answer in (first, second) for hit in answer.context["found"].hits]
    assert len(names) == len(set(names)) == second.context["last"] == 70
    assert 'rel="next"' in first.content.decode()
