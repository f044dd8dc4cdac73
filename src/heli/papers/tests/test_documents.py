"""Every template of a document: read strictly, filled fully and not at all, never a made-up word where nothing is known."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from heli.campaigns.rules.playbooks import shipped_playbooks
from heli.files.documents import Document, PaperTable, Paragraph, plain, render_docx, render_html, render_pdf
from heli.files.documents.types import texts_of
from heli.files.templating.document_files import TEMPLATE_KEYS, parse_template
from heli.files.templating.documents import PaperFieldKind, PaperTemplate, TownOffice, Values, as_word_template, fill
from heli.files.templating.local_docx import open_form
from heli.kernel.faults import Refused
from heli.kernel.levels import Per
from heli.kernel.packs import read_pack
from heli.papers.queries.templates import catalogue, shipped_templates
from heli.places.types import PlaceKind

RESTRUCTURING = (
    "work-plan", "task-team-notice", "division-of-duties", "baseline-survey", "feasibility-study", "merger-proposal",
    "risk-report", "contingency-plan", "letter-to-residents", "questionnaire", "opinion-notice", "opinion-summary",
    "talk-record", "two-committees-minutes", "party-members-minutes", "assembly-notice", "assembly-resolution",
    "members-resolution", "request-to-county", "county-reply", "approval-announcement", "creditors-notice",
    "asset-handover", "seal-handover", "weekly-work-points",
)  # fmt: skip
HEAD = """id = "drawn"
version = 1
valid_from = 2026-01-01
jurisdiction = "CN"
source = "a test"
title = { zh = "画的", en = "Drawn" }
about = { zh = "测试", en = "For tests" }
per = "village"
heading = "{{ village }}通知"
"""


def full_values() -> Values:
    """Something in every field."""
    values: dict[str, object] = {}
    for rule in catalogue().fields.values():
        if rule.kind is PaperFieldKind.LIST:
            values[rule.id] = [{column: f"{column}{row}" for column in rule.columns} for row in (1, 2)]
        else:
            values[rule.id] = f"【{rule.id}】"
    return values  # type: ignore[return-value]  # values as a document takes them


def texts(document: Document) -> str:
    """Everything a document says in its blocks."""
    blocks = [*document.blocks, *(block for part in document.attachments for block in part.blocks)]
    return "\n".join(plain(text) for block in blocks for text in texts_of(block))


def drawn(body: str, more: str = "") -> PaperTemplate:
    """A template with this body."""
    return parse_template(
        read_pack(f'{HEAD}body = """\n{body}\n"""\n{more}', "drawn.toml", TEMPLATE_KEYS), catalogue().fields
    )


def faults_of(body: str, more: str = "") -> list[tuple[str, str]]:
    """(source, message) of what is wrong with this body."""
    with pytest.raises(Refused) as refused:
        drawn(body, more)
    return [(fault.source, fault.message) for fault in refused.value.faults]


def test_the_twenty_five_of_the_restructuring_and_four_more_are_there() -> None:
    assert set(RESTRUCTURING) <= set(shipped_templates())
    assert set(shipped_templates()) - set(RESTRUCTURING) == {
        "bulletin", "statement", "progress-checklist", "village-archive",
    }  # fmt: skip


def test_every_document_that_a_playbook_names_has_its_template() -> None:
    named = {key for book in shipped_playbooks().values() for step in book.steps for key in step.documents}
    assert named <= set(shipped_templates())
    for book in shipped_playbooks().values():
        for step in book.steps:
            for key in step.documents:
                assert shipped_templates()[key].title.zh


@pytest.mark.parametrize("key", sorted(shipped_templates()))
class TestEveryTemplate:
    def test_with_all_data_no_field_is_left_open(self, key: str) -> None:
        template = shipped_templates()[key]
        document = fill(template, full_values(), catalogue().fields)
        page = render_html(document)
        shown = {name for name in template.fields() if f"【{name}】" in page}
        conditions = {line.needs for line in template.body if line.needs}
        conditions |= {part.name for line in template.body if line.absent for part in line.parts}
        lists = {name for name in template.fields() if catalogue().fields[name].kind is PaperFieldKind.LIST}
        assert template.fields() - shown <= conditions | lists
        assert "{{" not in page

    def test_without_data_it_is_a_form_to_fill_in(self, key: str) -> None:
        template = shipped_templates()[key]
        document = fill(template, {}, catalogue().fields, is_sample=True)
        assert "None" not in texts(document)
        assert render_docx(document).startswith(b"PK")
        assert render_pdf(document).startswith(b"%PDF")
        assert "示例数据" in render_html(document)

    def test_it_goes_to_word_and_comes_back(self, key: str) -> None:
        template = shipped_templates()[key]
        form = open_form(render_docx(as_word_template(template, catalogue().fields)), catalogue().fields)
        assert set(form.fields) == template.fields()
        assert form.render(full_values()).startswith(b"PK")
        assert form.render({}).startswith(b"PK")


class TestLaw:
    """What the documents say must be the law's own numbers."""

    def body(self, key: str) -> str:
        return texts(fill(shipped_templates()[key], full_values(), catalogue().fields))

    def test_the_co_operatives_merger_needs_two_thirds_of_all_its_members(self) -> None:
        said = self.body("members-resolution")
        assert "全体成员三分之二以上" in said
        assert "农村集体经济组织法第二十三条" in said
        assert "第二十七条" in said
        assert "成员代表大会不得代替成员大会" in said

    def test_the_assembly_needs_its_quorum_and_more_than_half_of_those_present(self) -> None:
        said = self.body("assembly-resolution")
        assert "第二十六条" in said
        assert "超过应到人数的二分之一" in said
        assert "三分之二以上" in said

    def test_the_assembly_is_called_ten_days_before(self) -> None:
        assert "提前十日" in self.body("assembly-notice")

    def test_creditors_are_told_within_ten_days_of_the_approval(self) -> None:
        assert "自批准之日起十日内通知债权人" in self.body("creditors-notice")

    def test_a_request_goes_to_the_county_and_asks_for_its_reply(self) -> None:
        template = shipped_templates()["request-to-county"]
        assert template.per is Per.TOWN
        assert "第三条" in self.body("request-to-county")
        assert "妥否，请批示。" in self.body("request-to-county")


class TestReading:
    def test_an_unknown_field_is_named_with_its_line(self) -> None:
        assert faults_of("# 一\n\n正文{{ nobody }}。") == [
            ("drawn.toml:13", "The field 'nobody' is unknown. The catalogue of fields lists those there are.")
        ]

    def test_an_unknown_condition_table_and_word_are_named_with_their_lines(self) -> None:
        found = faults_of("?nobody 正文\n@table x\n@foo")
        assert [source for source, _message in found] == ["drawn.toml:11", "drawn.toml:12", "drawn.toml:13"]

    def test_a_table_asks_only_for_columns_its_list_has(self) -> None:
        table = '[tables.t]\nheads = "a"\neach = "members"\ncells = "{{ row.nobody }}"\n'
        assert "row.nobody" in faults_of("@table t", table)[0][1]

    def test_a_table_needs_as_many_cells_as_heads(self) -> None:
        assert "2 columns" in faults_of("@table t", '[tables.t]\nheads = "a | b"\nrows = ["1"]\n')[0][1]

    def test_an_unknown_key_is_named_with_its_line(self) -> None:
        with pytest.raises(Refused) as refused:
            read_pack(f'{HEAD}body = "x"\nfoo = 1\n', "drawn.toml", TEMPLATE_KEYS)
        assert refused.value.faults[0].source == "drawn.toml:11"

    def test_the_command_names_what_is_wrong_in_a_file(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
        good.write_text(f'{HEAD}body = "致{{{{ village }}}}"\n', "utf-8")
        bad.write_text(f'{HEAD}body = "致{{{{ nobody }}}}"\n', "utf-8")
        call_command("document", "check", str(good))
        assert "drawn v1" in capsys.readouterr().out
        with pytest.raises(CommandError):
            call_command("document", "check", str(bad))
        assert "bad.toml:10" in capsys.readouterr().err
        call_command("document", "list")
        assert len(capsys.readouterr().out.splitlines()) == len(shipped_templates())


class TestFilling:
    def test_a_missing_fact_is_a_line_to_write_on(self) -> None:
        document = fill(drawn("人口{{ population }}人。"), {}, catalogue().fields)
        block = document.blocks[0]
        assert isinstance(block, Paragraph)
        assert [(run.text.strip("　"), run.is_blank) for run in block.text if not isinstance(run, str)] == [
            ("人口", False), ("", True), ("人。", False),
        ]  # fmt: skip

    def test_a_line_stands_only_where_its_field_is_known(self) -> None:
        template = drawn("?new_village 有{{ new_village }}\n?!new_village 没有")
        assert texts(fill(template, {"new_village": "光明"}, catalogue().fields)) == "有光明"
        assert texts(fill(template, {}, catalogue().fields)) == "没有"

    def test_an_empty_list_leaves_rows_to_write_in(self) -> None:
        table = '[tables.t]\nheads = "村"\neach = "members"\ncells = "{{ row.name }}"\nblanks = 3\n'
        document = fill(drawn("@table t", table), {}, catalogue().fields)
        block = document.blocks[0]
        assert isinstance(block, PaperTable)
        assert len(block.rows) == 3
        assert block.height > 0

    def test_what_was_typed_never_becomes_markup(self) -> None:
        document = fill(drawn("{{ village }}"), {"village": "**x** {{ town }} <b>"}, catalogue().fields)
        assert texts(document) == "**x** {{ town }} <b>"
        assert "<b>" not in render_html(document)


def test_every_template_file_is_called_by_its_id() -> None:
    folder = Path(__file__).parents[1] / "data" / "documents"
    assert {path.stem for path in folder.glob("*.toml")} == set(shipped_templates())


@pytest.mark.parametrize(
    ("kind", "itself", "suffix", "party"),
    [
        (PlaceKind.STREET, "街道", "办事处", "党工委"),
        (PlaceKind.TOWN, "镇", "人民政府", "党委"),
        (PlaceKind.TOWNSHIP, "乡", "人民政府", "党委"),
        (PlaceKind.TOWNSHIP_LIKE, "区", "管理委员会", "党工委"),
        ("", "镇（街道）", "人民政府", "党（工）委"),
    ],
)
def test_a_town_is_spoken_of_by_its_kind(kind: str, itself: str, suffix: str, party: str) -> None:
    assert catalogue().offices[kind] == TownOffice(itself, suffix, party)


def test_no_document_of_one_town_or_village_says_town_or_street() -> None:
    for key, template in shipped_templates().items():
        if template.per is not Per.DISTRICT:
            said = "".join(part.text for line in template.body for part in line.parts)
            assert "镇（街道）" not in said, key
