"""A number that Heli knows itself is proof of a step: taken when the step is handed in, never typed."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.campaigns import registry
from heli.campaigns.models import Evidence, Step
from heli.campaigns.services import evidence, steps
from heli.campaigns.testing import draw_playbook, open_drawn
from heli.campaigns.testing.runs import OPENED, step_of
from heli.kernel.declare import Subject, SubjectFact
from heli.kernel.faults import Refused
from heli.places import queries as places

pytestmark = pytest.mark.django_db
LATER = OPENED + timedelta(days=3)
ASKED = (
    'evidence = [{ kind = "number", name = { zh = "谈话户数", en = "Households talked to" }, unit = "households", '
    'measure = "households", fact = "planted.talks" }]'
)


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> dict[int, int]:
    """A planted context that knows numbers of places; empty at first."""
    numbers: dict[int, int] = {}

    def value(subject: Subject, on: date) -> int | None:
        return numbers.get(subject.place or 0)

    fact = SubjectFact("planted.talks", "Talks that were planted", "households", value)
    monkeypatch.setattr(registry, "facts", lambda: {fact.id: fact})
    return numbers


def asking(world: World) -> Step:
    book = draw_playbook("ask village 3", more={"ask": ASKED})
    return step_of(open_drawn(world.a, playbook=book), world.a.village, "ask")


def numbers_of(step: Step) -> list[int | None]:
    return [one.number for one in Evidence.objects.filter(step=step, withdrawn_at=None)]


def test_a_number_that_is_not_known_keeps_the_step_from_being_handed_in(world: World, known: dict[int, int]) -> None:
    step, cadre = asking(world), world.a.actor("village_cadre")
    with pytest.raises(Refused) as refused:
        steps.submit_step(actor=cadre, step=step, at=LATER)
    assert [fault.code for fault in refused.value.faults] == ["fact_unknown"]
    assert numbers_of(step) == []
    known[world.a.village.pk] = 0
    steps.submit_step(actor=cadre, step=step, at=LATER)
    assert numbers_of(step) == [0]


def test_it_is_taken_anew_after_a_return_sealed_with_acceptance_and_recorded(
    world: World, known: dict[int, int]
) -> None:
    step, village = asking(world), world.a.village
    cadre, officer = world.a.actor("village_cadre"), world.a.actor("town_officer")
    known[village.pk] = 40
    steps.submit_step(actor=cadre, step=step, at=LATER)
    steps.return_step(actor=officer, step=step, reason="户数不齐", at=LATER)
    known[village.pk] = 52
    steps.submit_step(actor=cadre, step=step, at=LATER)
    known[village.pk] = 60
    steps.accept_step(actor=officer, step=step, at=LATER)
    assert numbers_of(step) == [52]
    assert Evidence.objects.get(step=step, withdrawn_at=None).sealed_at == LATER
    assert places.facts_on([village.pk], "households", LATER.date())[village.pk].value == 52


def test_nobody_types_it_and_the_page_says_where_it_comes_from(
    world: World, known: dict[int, int], client: Client
) -> None:
    step, village = asking(world), world.a.village
    known[village.pk] = 1234
    with pytest.raises(Refused) as refused:
        evidence.add_evidence(actor=world.a.actor("village_cadre"), step=step, requirement=0, number=5, at=LATER)
    assert [fault.code for fault in refused.value.faults] == ["comes_by_itself"]
    client.force_login(world.a.users["village_cadre"])
    page = client.get(reverse("campaigns:step", args=[step.campaign.public_id, village.public_id, "ask"]))
    shown = page.content.decode()
    assert "Talks that were planted" in shown
    assert "1,234" in shown
    assert "evidence-0-number" not in shown


def test_where_no_context_offers_it_the_number_is_typed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "facts", dict)
    step, cadre = asking(world), world.a.actor("village_cadre")
    evidence.add_evidence(actor=cadre, step=step, requirement=0, number=5, at=LATER)
    steps.submit_step(actor=cadre, step=step, at=LATER)
    assert numbers_of(step) == [5]
