"""Who may take files into the register and decide what two lists propose; a national list is everybody's, so nobody's alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase, build_world
from heli.kernel.access import SYSTEM
from heli.places.imports import national, services
from heli.places.imports.national_services import import_national
from heli.places.imports.testing import LATER, ON, csv_file, upload
from heli.places.imports.types import ImportKind, ImportStage
from heli.places.models_imports import Comparison, ImportRun, Proposal
from heli.places.proposals import services as proposals
from heli.places.proposals.types import Group
from heli.ui.testing import Kwargs

pytestmark = pytest.mark.django_db
IMPORTERS = ("district_officer", *SYSTEM_ONLY)
FIGURES = ("代码,户籍人口", "511603100200,600", "511603100999,700")
"""The second row names no place."""
NATIONAL = {
    "provinces": ["51,四川省"], "cities": ["5107,绵阳市"], "areas": ["510703,涪城区"], "streets": ["510703001,城厢街道"],
    "villages": ["510703001001,红星街社区居委会"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def figures(world: World) -> ImportRun:
    return upload(ImportKind.FACTS, csv_file(*FIGURES), district=world.a.district.pk, on=ON)


def left_out(world: World) -> ImportRun:
    run = figures(world)
    services.exclude_rows(actor=SYSTEM, run=run, rows=[3], reason="已撤销")
    return run


def queued(world: World) -> ImportRun:
    run = figures(world)
    services.queue_import(actor=SYSTEM, run=run, stage=ImportStage.CHECKING)
    return run


def comparison(world: World) -> Comparison:
    """A later list has another village beside those that stand, and one under another code."""
    rows = ("code,name,town_name", "511603100208,岩门村村委会,代市镇", "511603100209,新村村委会,代市镇")
    run = upload(ImportKind.CODES, csv_file(*rows), district=world.a.district.pk, on=LATER)
    services.apply_import(actor=SYSTEM, run=run)
    return Comparison.objects.get()


def new(world: World) -> Kwargs:
    kept = comparison(world)
    return {"comparison": kept, "row": Proposal.objects.get(comparison=kept, group=Group.NEW)}


def confirmed(world: World) -> Kwargs:
    found = new(world)
    return {"comparison": found["comparison"], "choices": {found["row"].pk: found["row"].new_code}, "on": LATER}


def declined(world: World) -> Kwargs:
    found = new(world)
    return {"comparison": found["comparison"], "proposal_ids": [found["row"].pk]}


def listed(world: World) -> Kwargs:
    kept = comparison(world)
    return {"official": kept.list, "district_id": world.a.district.pk, "before_on": kept.before_on}


def whole_country(world: World) -> Kwargs:
    folder = Path(settings.MEDIA_ROOT)
    for part, rows in NATIONAL.items():
        (folder / f"{part}.csv").write_text("\n".join(["code,name", *rows]) + "\n", "utf-8")
    listed = national.open_national(folder)
    return {"listed": listed, "check": national.check_national(listed), "on": LATER, "title": "2020"}


def of(build: Callable[[World], ImportRun], **more: Any) -> Callable[[World], Kwargs]:
    return lambda world: {"run": build(world), **more}


CASES = [
    WriteCase(
        services.upload_file,
        IMPORTERS,
        lambda w: {
            "kind": ImportKind.FACTS,
            "district_id": w.a.district.pk,
            "on": ON,
            "data": csv_file(*FIGURES),
            "name": "x.csv",
        },
    ),
    WriteCase(services.read_otherwise, IMPORTERS, of(figures, reading={})),
    WriteCase(
        services.map_columns, IMPORTERS, of(figures, mapping={"code": 0, "registered_population": 1}, options={})
    ),
    WriteCase(services.check_import, IMPORTERS, of(figures)),
    WriteCase(services.mend_rows, IMPORTERS, of(figures, mended={3: {"code": "511603100201"}})),
    WriteCase(services.exclude_rows, IMPORTERS, of(figures, rows=[3], reason="已撤销")),
    WriteCase(services.include_row, IMPORTERS, of(left_out, row=3)),
    WriteCase(services.accept_offer, IMPORTERS, of(figures, offer="repair")),
    WriteCase(services.abandon_import, IMPORTERS, of(figures)),
    WriteCase(services.apply_import, IMPORTERS, of(left_out)),
    WriteCase(services.queue_import, IMPORTERS, of(figures, stage=ImportStage.CHECKING)),
    WriteCase(services.fail_import, IMPORTERS, of(queued, faults=[])),
    WriteCase(proposals.compare_list, IMPORTERS, listed),
    WriteCase(
        proposals.confirm_group,
        IMPORTERS,
        lambda w: {"comparison": comparison(w), "group": Group.RECODED, "on": LATER},
    ),
    WriteCase(proposals.confirm, IMPORTERS, confirmed),
    WriteCase(proposals.decline, IMPORTERS, declined),
    WriteCase(import_national, SYSTEM_ONLY, whole_country),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(case: WriteCase) -> None:
    assert case.wrong_answers(build_world()) == []
