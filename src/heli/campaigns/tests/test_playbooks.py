"""Playbooks are read strictly, with file and line, and compared step by step."""

import pytest

from heli.campaigns.rules.playbooks import check_references, compare_playbooks, parse_playbook
from heli.campaigns.types import EvidenceKind, OnMerge, Party, Per, Playbook, Tag
from heli.kernel.problems import Refused

HEAD = """\
id = "drawn"
version = 1
valid_from = 2026-01-01
jurisdiction = "CN"
source = "a test"
title = {zh = "画的", en = "Drawn"}
about = {zh = "测试用", en = "For tests"}
[[stages]]
key = "first"
title = {zh = "第一阶段", en = "First"}
"""
"""Ten lines: the first step's table stands on line 11."""


def step(key: str = "ask", **more: str) -> str:
    """A step of eight lines; `more` are raw TOML values."""
    given = {
        "key": f'"{key}"',
        "title": f'{{zh = "{key}", en = "{key}"}}',
        "per": '"village"',
        "does": '"village_cadre"',
        "accepts": '"town_officer@town"',
        "days": "3",
        "law": '"a law"',
    } | more
    return "[[stages.steps]]\n" + "".join(f"{name} = {value}\n" for name, value in given.items() if value)


def draw(*steps: str) -> Playbook:
    return parse_playbook(HEAD + "".join(steps), "drawn.toml")


def refused(*steps: str) -> list[tuple[str, str, str]]:
    with pytest.raises(Refused) as caught:
        draw(*steps)
    return [(problem.code, problem.source, problem.field) for problem in caught.value.problems]


FULL = step(
    guide='{zh = "怎么做", en = "how"}',
    evidence='[{kind = "photo", least = 2, name = {zh = "照片", en = "Photo"}}, {kind = "number", '
    'name = {zh = "户数", en = "Households"}, unit = "households", measure = "households"}]',
    documents='["work-plan"]',
    gates='["assemblies.decided"]',
    act='"planning.apply_plan"',
    on_merge='"end"',
    applies='["merged", "absorbed"]',
)


def test_a_step_says_everything_a_run_needs() -> None:
    (only,) = draw(FULL).steps
    assert (only.stage, only.per, only.days, only.line) == ("first", Per.VILLAGE, 3, 11)
    assert (only.does, only.accepts) == (Party("village_cadre", Per.VILLAGE), Party("town_officer", Per.TOWN))
    assert [(each.kind, each.least, each.measure) for each in only.evidence] == [
        (EvidenceKind.PHOTO, 2, ""), (EvidenceKind.NUMBER, 1, "households"),
    ]  # fmt: skip
    assert (only.on_merge, only.applies) == (OnMerge.END, (Tag.MERGED, Tag.ABSORBED))


def test_a_step_of_a_successor_is_done_at_the_village() -> None:
    assert draw(step(per='"successor"')).steps[0].does == Party("village_cadre", Per.VILLAGE)


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([step(day="3")], ("unknown_key", "drawn.toml:19", "day")),
        ([step(law="")], ("missing_key", "drawn.toml:11", "law")),
        ([step(law='" "')], ("blank", "drawn.toml:18", "law")),
        ([step(days="0")], ("too_few", "drawn.toml:17", "days")),
        ([step(per='"county"')], ("unknown_value", "drawn.toml:14", "per")),
        ([step(does='"mayor"')], ("unknown_role", "drawn.toml:15", "does")),
        ([step(accepts='"town_officer@county"')], ("unknown_role", "drawn.toml:16", "accepts")),
        ([step(per='"town"', does='"village_cadre@village"')], ("unknown_role", "drawn.toml:15", "does")),
        ([step(), step("go", after='["asked"]')], ("unknown_step", "drawn.toml:27", "after")),
        ([step(), step("go", after='["ask", "ask"]')], ("twice", "drawn.toml:27", "after")),
        ([step(), step()], ("duplicate_key", "drawn.toml:20", "key")),
        ([step("Ask Them")], ("key_form", "drawn.toml:12", "key")),
        ([step(after='["ask"]')], ("cycle", "drawn.toml:19", "after")),
        ([step(gates='["decided"]')], ("form", "drawn.toml:19", "gates")),
        ([step(act='"apply"')], ("form", "drawn.toml:19", "act")),
        ([step(documents='["work plan"]')], ("form", "drawn.toml:19", "documents")),
        ([step(applies='["rich"]')], ("unknown_value", "drawn.toml:19", "applies")),
        (
            [step(evidence='[\n{kind = "photo", name = {zh = "照", en = "P"}},\n{kind = "number", name = {zh = "数", en = "N"}}]')],
            ("evidence", "drawn.toml:21", "evidence"),
        ),
        (
            [step(evidence='[{kind = "file", name = {zh = "文件", en = "F"}, unit = "pages"}]')],
            ("evidence", "drawn.toml:19", "evidence"),
        ),
    ],
)  # fmt: skip
def test_a_wrong_step_is_refused_with_file_line_and_key(steps: list[str], found: tuple[str, str, str]) -> None:
    assert refused(*steps) == [found]


def test_steps_that_wait_for_each_other_are_named_in_their_circle() -> None:
    with pytest.raises(Refused) as caught:
        draw(step("a", after='["c"]'), step("b", after='["a"]'), step("c", after='["b"]'), step("d"))
    (problem,) = caught.value.problems
    assert problem.code == "cycle"
    assert {"a", "b", "c"} <= set(problem.message.replace("→", " ").split())


def test_a_stage_without_steps_is_refused() -> None:
    assert refused("steps = []\n") == [("too_few", "drawn.toml:11", "steps")]


def test_what_an_installation_lacks_is_named_with_the_line_of_its_step() -> None:
    playbook = draw(FULL)
    known = {"acts": {"planning.apply_plan"}, "measures": {"households"}, "documents": {"work-plan"}}
    assert check_references(playbook, "drawn.toml", **known) == []
    found = check_references(playbook, "drawn.toml", acts=(), measures=(), documents=())
    assert [(each.code, each.source) for each in found] == [
        ("unknown_act", "drawn.toml:11"), ("unknown_measure", "drawn.toml:11"), ("unknown_documents", "drawn.toml:11"),
    ]  # fmt: skip
    assert check_references(playbook, "drawn.toml", acts={"planning.apply_plan"}, measures={"households"}) == []


def test_two_versions_are_compared_step_by_step() -> None:
    old = draw(step("same"), step("longer"), step("gone"))
    new = draw("# said above\n", step("fresh"), step("same"), step("longer", days="5", law='"another law"'))
    diff = compare_playbooks(old, new)
    assert (diff.kept, diff.new, diff.dropped) == (("same",), ("fresh",), ("gone",))
    changed = [(change.field, change.old, change.new) for change in diff.changed["longer"]]
    assert changed == [("days", 3, 5), ("law", "a law", "another law")]
    same = compare_playbooks(new, new)
    assert (same.kept, same.new, same.dropped, dict(same.changed)) == (("fresh", "same", "longer"), (), (), {})


def test_the_hash_is_that_of_the_very_text() -> None:
    assert draw(step()).sha256 == draw(step()).sha256 != draw(step(), "# said\n").sha256
