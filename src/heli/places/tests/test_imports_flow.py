"""Imports from file to register: real lists, figures, outlines, points, merger lists, and what two lists propose."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from heli.audit.models import Entry
from heli.files.sheets import Unreadable
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.places import queries
from heli.places.imports import services
from heli.places.imports.neighbouring import compute_neighbours
from heli.places.imports.outlines import read_lines
from heli.places.imports.queries import known_on, standing_facts
from heli.places.imports.template_file import facts_template
from heli.places.imports.testing import LATER, ON, csv_file, excel_file, upload
from heli.places.imports.types import ImportKind, ImportStage
from heli.places.models import Fact, LineageEvent, PlaceVersion
from heli.places.models_imports import Comparison, ImportRun, Proposal
from heli.places.proposals import services as proposals
from heli.places.proposals.queries import groups_of
from heli.places.proposals.types import Group
from heli.places.testing import Register, draw_register
from heli.places.types import EventKind, PlaceKind

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parents[1] / "sample"

DISTRICTS = {
    "qianfeng_511603": ("前锋区", 2019, 2020, (254, 32), (116, 32)),
    "lucheng_330302": ("鹿城区", 2018, 2019, (141, 83), (80, 88)),
    "ouhai_330304": ("瓯海区", 2018, 2019, (251, 34), (151, 54)),
    "donggang_371102": ("东港区", 2017, 2018, (535, 66), (533, 86)),
    "daguan_340803": ("大观区", 2017, 2018, (29, 45), (29, 30)),
}


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def drawn() -> Register:
    return draw_register({"代市镇": "甲村 乙村 戊村", "观塘镇": "丙村 (丁社区)"})


def listed(name: str, year: int) -> bytes:
    found = sorted(SAMPLE.rglob(f"{name}_{year}.csv"))
    if not found:
        pytest.skip(f"the sample has no {name}_{year}.csv")
    return found[0].read_bytes()


def import_list(name: str, year: int, on: date, district: int | None, called: str = "") -> ImportRun:
    data = listed(name, year)
    run = upload(ImportKind.CODES, data, district=district, on=on, name=f"{name}_{year}.csv", district_name=called)
    services.apply_import(actor=SYSTEM, run=run)
    return run


def counted(district: int, on: date) -> tuple[int, int]:
    """Village-like and community-like units."""
    kinds = queries.counts_on(on, [district]).get(district, {})
    return (
        kinds.get(PlaceKind.VILLAGE, 0) + kinds.get(PlaceKind.VILLAGE_LIKE, 0),
        kinds.get(PlaceKind.COMMUNITY, 0) + kinds.get(PlaceKind.COMMUNITY_LIKE, 0),
    )


@pytest.mark.parametrize("name", DISTRICTS)
def test_the_five_real_districts_are_founded_by_their_first_list(name: str) -> None:
    called, before, after, then, later = DISTRICTS[name]
    run = import_list(name, before, date(before, 10, 31), None, called)
    assert run.district_id is not None
    assert counted(run.district_id, date(before, 11, 1)) == then
    assert not [one for one in run.findings if one["severity"] == "error"]
    second = import_list(name, after, date(after, 10, 31), run.district_id)
    # A list alone changes nothing in the register: it is kept, and proposes.
    assert counted(run.district_id, date(after, 11, 1)) == then
    comparison = Comparison.objects.get(district_id=run.district_id)
    kept_list = comparison.list.units.all()
    kinds = Counter(unit.code_number % 1000 // 100 for unit in kept_list if unit.code_number % 1000)
    assert (kinds[2] + kinds[3] + kinds[5], kinds[0] + kinds[1] + kinds[4]) == later
    assert sum(comparison.counts.values()) == comparison.counts["kept"] + comparison.proposals.count()
    assert second.result["comparison"] == comparison.public_id


def test_the_same_list_again_changes_nothing() -> None:
    first = import_list("qianfeng_511603", 2019, ON, None, "前锋区")
    rows = PlaceVersion.objects.count()
    again = import_list("qianfeng_511603", 2019, ON, first.district_id)
    assert again.result["nothing_new"]
    assert again.preview["counts"] == {"new": 0, "changed": 0, "unchanged": 300, "gone": 0}
    assert PlaceVersion.objects.count() == rows
    assert not Comparison.objects.exists()


def test_what_qianfengs_lists_propose_and_what_may_be_accepted_together() -> None:
    first = import_list("qianfeng_511603", 2019, ON, None, "前锋区")
    import_list("qianfeng_511603", 2020, LATER, first.district_id)
    comparison = Comparison.objects.get()
    groups = {row.group: row for row in groups_of(comparison)}
    assert comparison.counts["kept"] == 110
    assert groups[Group.TOWN].open == 2
    assert groups[Group.CONVERTED].open == 6
    assert groups[Group.TOWN_GONE].open == 14
    # 劳动 gives its code to 中村: same code, a wholly different name, and so never a rename.
    labour = Proposal.objects.get(old_name="劳动村委会", old_code="511603103207")
    assert labour.group in (Group.UNCLEAR, Group.GONE)
    assert (
        proposals.confirm_group(
            actor=SYSTEM, comparison=comparison, group=Group.CONVERTED, on=LATER, document_number="前府发〔2020〕1号"
        )
        == 6
    )
    assert LineageEvent.objects.get(kind=EventKind.CONVERT).links.count() == 6
    # Two codes of the moved villages still belong to villages nobody has decided about: those two wait.
    assert proposals.confirm_group(actor=SYSTEM, comparison=comparison, group=Group.TOWN_GONE, on=LATER) == 12
    assert Proposal.objects.filter(group=Group.TOWN_GONE, decision="open").count() == 2
    assert counted(first.district_id or 0, LATER) == (248, 38)
    with pytest.raises(Refused):
        proposals.confirm_group(actor=SYSTEM, comparison=comparison, group=Group.UNCLEAR, on=LATER)


def test_a_chosen_unit_that_existed_before_means_the_village_joined_it(drawn: Register) -> None:
    data = csv_file(
        "code,name,town_name", "511603100200,甲村,代市镇", "511603101200,丙村,观塘镇", "511603101001,丁社区,观塘镇"
    )
    run = upload(ImportKind.CODES, data, district=drawn.district, on=LATER)
    services.apply_import(actor=SYSTEM, run=run)
    comparison = Comparison.objects.get()
    gone = Proposal.objects.get(old_name="乙村")
    proposals.confirm(actor=SYSTEM, comparison=comparison, choices={gone.pk: "511603100200"}, on=LATER)
    event = LineageEvent.objects.get(kind=EventKind.ABSORB)
    assert event.links.get().to_place_id == drawn["甲村"]


def test_two_villages_cannot_be_continued_by_one_new_unit(drawn: Register) -> None:
    data = csv_file("code,name,town_name", "511603100210,甲乙村,代市镇")
    services.apply_import(actor=SYSTEM, run=upload(ImportKind.CODES, data, district=drawn.district, on=LATER))
    comparison = Comparison.objects.get()
    rows = Proposal.objects.filter(old_name__in=["甲村", "乙村"])
    with pytest.raises(Refused) as refusal:
        proposals.confirm(
            actor=SYSTEM, comparison=comparison, choices={row.pk: "511603100210" for row in rows}, on=LATER
        )
    assert refusal.value.faults[0].code == "target_taken"


def test_figures_come_back_filled_in_the_template_and_unchanged_when_imported_again(drawn: Register) -> None:
    data = excel_file(
        ["前锋区村情统计表"],
        ["代码", "乡镇", "名称", "户籍人口", "户数", "面积（平方公里）", "耕地面积（亩）", "集体经济收入（万元）"],
        ["511603100200", "代市镇", "甲村", "１，234", 400, "2。5", 300, 12.5],
        [511603100201, "代市镇", "乙村", 800, 250, 1.25, 150, ""],
        ["合计", "", "", 2034, 650, 3.75, 450, 12.5],
    )
    run = upload(ImportKind.FACTS, data, district=drawn.district, name="人口.xlsx")
    assert not run.preview["errors"], run.findings
    result = services.apply_import(actor=SYSTEM, run=run)
    assert result["new"] == 9
    facts = {(row.place_id, row.measure): row.value for row in Fact.objects.all()}
    assert facts[drawn["甲村"], "registered_population"] == 1234
    assert facts[drawn["甲村"], "area"] == 250_000_000
    assert facts[drawn["甲村"], "farmland"] == 20_000_000
    assert facts[drawn["甲村"], "collective_income"] == 12_500_000
    standing = {(place, measure): value for (place, measure, _), value in standing_facts(drawn.district, [ON]).items()}
    template = facts_template("Q", known_on(drawn.district, ON), ON, standing)
    again = upload(ImportKind.FACTS, template, district=drawn.district, name="template.xlsx")
    assert not again.preview["errors"], again.findings
    assert again.preview["counts"]["unchanged"] == 9
    assert again.preview["counts"]["new"] == again.preview["counts"]["changed"] == 0


def test_columns_matched_once_are_matched_by_themselves_next_time(drawn: Register) -> None:
    data = csv_file("村里的号,头数", "511603100200,77")
    run = services.upload_file(
        actor=SYSTEM, kind=ImportKind.FACTS, district_id=drawn.district, on=ON, data=data, name="a.csv"
    )
    assert not services.is_mapped(run, headers=["村里的号", "头数"])
    services.map_columns(actor=SYSTEM, run=run, mapping={"code": 0, "households": 1}, options={})
    again = services.upload_file(
        actor=SYSTEM, kind=ImportKind.FACTS, district_id=drawn.district, on=ON, data=data, name="b.csv"
    )
    assert again.mapping == {"code": 0, "households": 1}


def square(x: float) -> list[list[float]]:
    return [[106.8 + x, 30.5], [106.81 + x, 30.5], [106.81 + x, 30.51], [106.8 + x, 30.51], [106.8 + x, 30.5]]


def test_outlines_give_neighbours_and_the_same_file_again_changes_nothing(drawn: Register) -> None:
    codes = ["511603100200", "511603100201", "511603100202", "511603101200", "511603101001"]
    data = json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"代码": code},
                    "geometry": {"type": "Polygon", "coordinates": [square(i / 100)]},
                }
                for i, code in enumerate(codes)
            ],
        }
    ).encode()
    run = upload(ImportKind.OUTLINES, data, district=drawn.district, name="村界.geojson")
    assert services.apply_import(actor=SYSTEM, run=run)["filled"] == 5
    again = upload(ImportKind.OUTLINES, data, district=drawn.district, name="村界.geojson")
    assert again.preview["counts"] == {"new": 0, "changed": 0, "unchanged": 5, "gone": 0}
    counts, _ = compute_neighbours(actor=SYSTEM, district_id=drawn.district, on=ON)
    assert counts["new"] == 4
    pairs = queries.neighbours_on(drawn.district, ON)
    assert all(1000 < pair.border_m < 1200 for pair in pairs)


def test_points_serve_where_no_outline_is_known(drawn: Register) -> None:
    rows = [f"{code},{106.8 + i / 100},{30.5 + (i % 2) / 100}" for i, code in enumerate(
        ["511603100200", "511603100201", "511603100202", "511603101200", "511603101001"]
    )]  # fmt: skip
    with pytest.raises(Refused):
        compute_neighbours(actor=SYSTEM, district_id=drawn.district, on=ON)
    run = upload(ImportKind.POINTS, csv_file("代码,经度,纬度", *rows), district=drawn.district)
    services.apply_import(actor=SYSTEM, run=run)
    counts, _ = compute_neighbours(actor=SYSTEM, district_id=drawn.district, on=ON)
    assert counts["new"] >= 4


def lines(*ways: list[list[float]]) -> bytes:
    shapes = [{"type": "LineString", "coordinates": way} for way in ways]
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_a_river_parts_the_villages_on_its_banks_and_stays_in_the_table(drawn: Register) -> None:
    codes = ["511603100200", "511603100201", "511603100202", "511603101200", "511603101001"]
    rows = [f"{code},{106.8 + i / 100},30.5" for i, code in enumerate(codes)]
    services.apply_import(
        actor=SYSTEM, run=upload(ImportKind.POINTS, csv_file("代码,经度,纬度", *rows), district=drawn.district)
    )
    river = read_lines(lines([[106.805, 30.0], [106.805, 31.0]]), "河流.geojson")
    counts, _ = compute_neighbours(actor=SYSTEM, district_id=drawn.district, on=ON, barriers=river)
    assert counts["parted"] == 1
    parted = [pair for pair in queries.neighbours_on(drawn.district, ON) if pair.is_barrier]
    assert [{pair.a_id, pair.b_id} for pair in parted] == [{drawn["甲村"], drawn["乙村"]}]


def test_barriers_without_lines_are_refused() -> None:
    point = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [106.8, 30.5]}}
    with pytest.raises(Unreadable) as refused:
        read_lines(json.dumps({"type": "FeatureCollection", "features": [point]}).encode(), "点.geojson")
    assert refused.value.code == "barriers_without_lines"


# 甲 + 乙 → 甲乙 (new); 戊 by groups: 一组 to 甲乙, 二组 to 丙, which keeps its own.
def test_the_merger_list_decides_with_shares_from_the_parts(drawn: Register) -> None:
    data = csv_file(
        "原村,村民小组,新村,新乡镇,人口,面积",
        "甲村,,甲乙村,代市镇,500,2.0",
        "乙村,,甲乙村,代市镇,400,1.5",
        "戊村,一组,甲乙村,代市镇,300,1.0",
        "戊村,二组,丙村,观塘镇,100,3.0",
    )
    run = upload(ImportKind.MERGERS, data, district=drawn.district, on=LATER, options={"document": "前府发〔2020〕1号"})
    assert not run.preview["errors"], run.findings
    result = services.apply_import(actor=SYSTEM, run=run)
    assert (result["events"], result["founded"]) == (1, 1)
    event = LineageEvent.objects.exclude(kind=EventKind.FOUND).get()
    assert event.document_number == "前府发〔2020〕1号"
    shares = {
        (link.from_place_id, link.to_place_id): (
            link.population_part, link.population_of, link.area_part, link.area_of, link.is_part,
        )
        for link in event.links.all()
    }  # fmt: skip
    assert shares[drawn["戊村"], drawn["丙村"]] == (100, 400, 30, 40, True)
    founded = next(to for (source, to) in shares if source == drawn["甲村"])
    assert shares[drawn["戊村"], founded] == (300, 400, 10, 40, True)
    assert {row.name for row in queries.villages_of(drawn.district, LATER)} == {"甲乙村", "丙村", "丁社区"}


# A decree divides 戊 by natural villages and gives no figures: recorded, and said before it is applied.
def test_a_list_that_counts_no_parts_records_them_as_unknown(drawn: Register) -> None:
    data = csv_file("原村,村民小组,新村,新乡镇,人口,面积", "戊村,一组,甲村,代市镇,,", "戊村,二组,丙村,观塘镇,100,")
    run = upload(ImportKind.MERGERS, data, district=drawn.district, on=LATER, options={"document": "前府发〔2020〕1号"})
    told = [(one["code"], one["severity"]) for one in run.findings if one["code"].startswith("shares")]
    assert told == [("shares_unknown", "warning")] * 2
    services.apply_import(actor=SYSTEM, run=run)
    event = LineageEvent.objects.exclude(kind=EventKind.FOUND).get()
    assert set(event.links.values_list("population_part", "population_of", "area_part", "area_of")) == {(None,) * 4}


def test_a_new_village_under_the_name_of_one_of_its_own_is_an_absorbing_host(drawn: Register) -> None:
    data = csv_file("原村,新村,文号", "甲村,甲村,前府发〔2020〕1号", "乙村,甲村,前府发〔2020〕1号")
    run = upload(ImportKind.MERGERS, data, district=drawn.district, on=LATER)
    services.apply_import(actor=SYSTEM, run=run)
    event = LineageEvent.objects.exclude(kind=EventKind.FOUND).get()
    assert event.kind == EventKind.ABSORB
    assert queries.version_on(drawn["甲村"], LATER) is not None
    assert queries.version_on(drawn["乙村"], LATER) is None


def test_every_import_is_one_entry_of_the_trail_with_the_files_hash(drawn: Register) -> None:
    run = upload(ImportKind.FACTS, csv_file("代码,户籍人口", "511603100200,5"), district=drawn.district)
    services.apply_import(actor=SYSTEM, run=run)
    entry = Entry.objects.filter(subject=run.public_id, what="places.import").order_by("-seq").first()
    assert entry is not None
    assert entry.after["sha256"] == run.file.sha256
    assert entry.after["new"] == 1


def test_what_is_applied_is_not_given_up_mended_or_applied_again_by_a_page_of_before(drawn: Register) -> None:
    table = [["村名", "户籍人口"], ["甲村", "1200"], ["乙村", "900"]]
    run = upload(ImportKind.FACTS, excel_file(*table), district=drawn.district, on=ON, name="f.xlsx")
    before = ImportRun.objects.get(pk=run.pk)
    services.apply_import(actor=SYSTEM, run=run)
    for late in (
        lambda: services.abandon_import(actor=SYSTEM, run=before),
        lambda: services.mend_rows(actor=SYSTEM, run=before, mended={2: {"name": "丙村"}}),
        lambda: services.queue_import(actor=SYSTEM, run=before, stage=ImportStage.APPLYING),
        lambda: services.check_import(actor=SYSTEM, run=before),
        lambda: services.apply_import(actor=SYSTEM, run=before),
    ):
        with pytest.raises(Refused) as refused:
            late()
        assert refused.value.faults[0].code == "stage_wrong"
    assert ImportRun.objects.get(pk=run.pk).stage == ImportStage.APPLIED
    assert Fact.objects.count() == 2


def test_what_somebody_mended_meanwhile_is_looked_at_before_it_is_applied(drawn: Register) -> None:
    table = [["村名", "户籍人口"], ["甲村", "1200"], ["乙村", "900"]]
    run = upload(ImportKind.FACTS, excel_file(*table), district=drawn.district, on=ON, name="f.xlsx")
    before = ImportRun.objects.get(pk=run.pk)
    services.mend_rows(actor=SYSTEM, run=run, mended={2: {"registered_population": "1300"}})
    with pytest.raises(Refused) as refused:
        services.apply_import(actor=SYSTEM, run=before)
    assert refused.value.faults[0].code == "preview_stale"
    assert not Fact.objects.exists()
    services.apply_import(actor=SYSTEM, run=ImportRun.objects.get(pk=run.pk))
    assert sorted(Fact.objects.values_list("value", flat=True)) == [900, 1300]
