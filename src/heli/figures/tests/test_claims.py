"""Published figures are kept as they were written, with what is wrong with them and Heli's own number beside."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import translation

from heli.accounts.testing import World, build_world
from heli.audit.testing import unaudited
from heli.figures import queries, services
from heli.figures.models import ReportedFigure
from heli.figures.testing import DAY, people
from heli.figures.types import ClaimSpec
from heli.figures.wording import FLAG_TEXTS, flag_text
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Forbidden, Refused
from heli.kernel.lint import Claim, Flag

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def report(world: World, *claims: ClaimSpec, on: date = DAY) -> list[ReportedFigure]:
    return services.report_figures(
        actor=world.a.actor("district_officer"), place_id=world.a.register.district, on=on, claims=claims
    )


def test_an_impossible_figure_is_kept_and_flagged(world: World) -> None:
    claim = Claim(text="23.53 %", base=399, parts=("1", "2"), known_bases=(254, 399))
    [kept] = report(world, ClaimSpec(title="women", claim=claim))
    assert [flag.code for flag in queries.flags_of(kept)] == ["no_whole_number", "parts_differ"]
    assert queries.claim_of(kept) == claim


def test_a_published_figure_stands_beside_helis_own_at_its_own_rounding(world: World) -> None:
    people(world.a.register["岩门村"], 1_000)
    people(world.a.register["大石村"], 1_501)
    mean, total = "places.mean_population", "places.registered_population"
    kept = report(
        world,
        ClaimSpec(title="mean", claim=Claim(text="1,251人"), figure=mean),
        ClaimSpec(title="mean with a decimal", claim=Claim(text="1250.5人"), figure=mean),
        ClaimSpec(title="total", claim=Claim(text="2500"), figure=total),
        ClaimSpec(title="nobody's", claim=Claim(text="7")),
    )
    found = {line.row.title: line.agrees for line in queries.compare(SYSTEM, kept)}
    assert found == {"mean": True, "mean with a decimal": True, "total": False, "nobody's": None}


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        (ClaimSpec(title=" ", claim=Claim(text="7")), "figures.no_title"),
        (ClaimSpec(title="x", claim=Claim(text="none")), "figures.no_number"),
        (ClaimSpec(title="x", claim=Claim(text="7"), figure="places.nonsense"), "figures.unknown"),
        (ClaimSpec(title="x" * 121, claim=Claim(text="7")), "figures.too_long"),
    ],
)
def test_what_says_nothing_is_refused(world: World, spec: ClaimSpec, code: str) -> None:
    with pytest.raises(Refused) as refused:
        report(world, spec)
    assert [fault.code for fault in refused.value.faults] == [code]
    for claims in ([], [ClaimSpec(title="x", claim=Claim(text="7"))] * 201):
        with pytest.raises(Refused):
            report(world, *claims)


def test_a_town_officer_reads_and_does_not_enter(world: World) -> None:
    [kept] = report(world, ClaimSpec(title="x", claim=Claim(text="7")))
    officer = world.a.actor("town_officer")
    with pytest.raises(Forbidden):
        services.report_figures(
            actor=officer, place_id=world.a.town.pk, on=DAY, claims=[ClaimSpec(title="x", claim=Claim(text="7"))]
        )
    assert queries.find_claim(kept.public_id, officer) is None
    assert queries.find_claim(kept.public_id, world.a.actor("auditor")) is not None


def test_published_figures_are_never_changed_and_never_empty(world: World) -> None:
    [kept] = report(world, ClaimSpec(title="x", claim=Claim(text="7")))
    with unaudited(), pytest.raises(IntegrityError, match="AppendOnly"), transaction.atomic():
        ReportedFigure.objects.update(id=F("id"))
    with unaudited(), pytest.raises(IntegrityError, match="reported_figure_says_something"), transaction.atomic():
        ReportedFigure.objects.create(
            public_id="x", place=kept.place, on=DAY, title="", text="7", entered_by="", entered_at=kept.entered_at
        )


def test_many_figures_are_pasted_from_a_sheet(world: World) -> None:
    client = world.client("district_officer")
    pasted = "减幅\t54.33%\t138\t254\n女性占比\t23.53%\t\t399\n合计|138|||94+26+18\n"
    given = {"place": world.a.district.public_id, "on": DAY.isoformat(), "pasted": pasted}
    response = client.post("/figures/lint/new/", given)
    assert (response.status_code, response["Location"]) == (303, "/figures/lint/")
    flags = {row.title: [flag[0] for flag in row.flags] for row in ReportedFigure.objects.all()}
    assert flags == {"减幅": [], "女性占比": ["no_whole_number"], "合计": []}
    page = client.get("/figures/lint/").content.decode()
    assert "女性占比" in page


def test_every_flag_has_its_sentence() -> None:
    facts = dict.fromkeys(
        ("text", "read", "numerator", "base", "given", "low", "high", "sum", "total", "units", "bases", "each"), 7
    )
    with translation.override("en"):
        for code in FLAG_TEXTS:
            assert "7" in flag_text(Flag(code, facts))
