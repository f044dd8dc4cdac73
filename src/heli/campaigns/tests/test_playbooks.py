"""Playbooks are read strictly, with file and line, and compared step by step."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from heli.accounts.rules import allows
from heli.campaigns.registry import acts, facts, gates
from heli.campaigns.rules.comparing import compare_playbooks
from heli.campaigns.rules.playbooks import (
    check_photos,
    check_references,
    parse_playbook,
    shipped_playbooks,
)
from heli.campaigns.rules.schedule import compute_length, compute_windows
from heli.campaigns.types import EvidenceKind, OnMerge, Party, Playbook, Tag
from heli.kernel import packs
from heli.kernel.faults import Refused
from heli.kernel.levels import Per
from heli.kernel.workdays import calendar
from heli.places.measures import measures

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
    return [(fault.code, fault.source, fault.field) for fault in caught.value.faults]


FULL = step(
    guide='{zh = "怎么做", en = "how"}',
    evidence='[{kind = "photo", least = 2, name = {zh = "照片", en = "Photo"}}, {kind = "number", '
    'name = {zh = "户数", en = "Households"}, unit = "households", measure = "households", fact = "consultation.talks"}]',
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
        *(
            (
                [step(evidence='[{kind = "number", unit = "户", name = {zh = "数", en = "N"}, ' + wrong + "}]")],
                ("evidence", "drawn.toml:19", "evidence"),
            )
            for wrong in ('fact = "talks"', 'fact = "consultation.talks", least = 2')
        ),
        ([step(anchor="true")], ("anchor_days", "drawn.toml:17", "days")),
        ([step(days="1", anchor="true"), step("go", days="1", anchor="true")], ("second_anchor", "drawn.toml:28", "anchor")),
        ([step(before="20"), step("go", days="1", anchor="true")], ("before_nothing", "drawn.toml:19", "before")),
        ([step(repeat='"week"')], ("unknown_value", "drawn.toml:19", "repeat")),
        ([step(days="5", within="29", repeat='"month"')], ("repeat_never", "drawn.toml:20", "repeat")),
        ([step(repeat='"quarter"'), step("ask-4")], ("duplicate_key", "drawn.toml:21", "key")),
        ([step(days="1", anchor="true", within="9")], ("anchor_fixed", "drawn.toml:20", "within")),
        ([step(days="1", anchor="true", repeat='"month"')], ("anchor_fixed", "drawn.toml:20", "repeat")),
        ([step(days="9"), step("go", days="7", after='["ask"]', within="20")], ("within_too_short", "drawn.toml:28", "within")),
        ([step(days="22", repeat='"month"')], ("repeat_too_short", "drawn.toml:19", "repeat")),
        (
            [step(days="21"), step("go", days="1", after='["ask"]', repeat='"month"')],
            ("repeat_too_short", "drawn.toml:28", "repeat"),
        ),
        (
            [step(evidence='[{kind = "file", name = {zh = "文件", en = "F"}, unit = "pages"}]')],
            ("evidence", "drawn.toml:19", "evidence"),
        ),
    ],
)  # fmt: skip
def test_a_wrong_step_is_refused_with_file_line_and_key(steps: list[str], found: tuple[str, str, str]) -> None:
    assert refused(*steps) == [found]


def test_a_step_that_repeats_is_one_step_for_each_turn() -> None:
    playbook = draw(
        step("look", repeat='"quarter"'),
        step("mend", after='["look"]', repeat='"quarter"'),
        step("count", repeat='"month"', within="65"),
        step("show", after='["count"]', repeat='"quarter"', within="270"),
        step("sum-up", after='["mend"]'),
    )
    after = {each.key: each.after for each in playbook.steps}
    quarters = ("look-1", "look-2", "look-3", "look-4")
    assert [key for key in after if key.startswith("look")] == list(quarters)
    assert (after["mend-3"], after["sum-up"]) == (("look-3",), ("mend-1", "mend-2", "mend-3", "mend-4"))
    # Two months in 65 days; a quarter waits for both: they do not repeat alike.
    assert after["show-2"] == ("count-1", "count-2")
    third = playbook.by_key["look-3"]
    assert (third.turn, third.title.zh, third.title.en, third.line) == (3, "look（3/4）", "look (3/4)", 11)


def test_steps_that_wait_for_each_other_are_named_in_their_circle() -> None:
    with pytest.raises(Refused) as caught:
        draw(step("a", after='["c"]'), step("b", after='["a"]'), step("c", after='["b"]'), step("d"))
    (fault,) = caught.value.faults
    assert fault.code == "cycle"
    assert {"a", "b", "c"} <= set(fault.message.replace("→", " ").split())


def test_a_stage_without_steps_is_refused() -> None:
    assert refused("steps = []\n") == [("too_few", "drawn.toml:11", "steps")]


def test_what_an_installation_lacks_is_named_with_the_line_of_its_step() -> None:
    playbook = draw(FULL)
    known = {"acts": {"planning.apply_plan"}, "measures": {"households"}, "facts": {"consultation.talks"}}
    assert check_references(playbook, "drawn.toml", **known, documents={"work-plan"}) == []
    found = check_references(playbook, "drawn.toml", acts=(), measures=(), documents=())
    assert [(each.code, each.source) for each in found] == [
        ("unknown_act", "drawn.toml:11"), ("unknown_measure", "drawn.toml:11"), ("unknown_fact", "drawn.toml:11"),
        ("unknown_documents", "drawn.toml:11"),
    ]  # fmt: skip
    assert check_references(playbook, "drawn.toml", **known) == []


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


# What is shipped

SHIPPED = shipped_playbooks()
TEMPLATES = {
    "work-plan", "task-team-notice", "division-of-duties", "baseline-survey", "feasibility-study", "merger-proposal", "risk-report",
    "contingency-plan", "letter-to-residents", "questionnaire", "opinion-notice", "opinion-summary", "talk-record",
    "two-committees-minutes", "party-members-minutes", "assembly-notice", "assembly-resolution", "members-resolution",
    "request-to-county", "county-reply", "approval-announcement", "creditors-notice", "asset-handover", "seal-handover",
    "weekly-work-points",
}  # fmt: skip
GATES = {
    "campaigns.risk_signed", "campaigns.talks_covered", "campaigns.rehearsed", "planning.plan_accepted",
    "assemblies.party_reviewed", "assemblies.villagers_decided", "assemblies.members_decided",
    "ledger.locked", "ledger.assets_cleared", "ledger.clearance_confirmed", "ledger.unchanged", "handover.complete",
    "handover.agency_points_cover",
    "ledger.transferred", "ledger.creditors_told", "posts.settled",
}  # fmt: skip
FACTS = set(facts())
ACTS = set(acts())
RESTRUCTURING = SHIPPED["village-restructuring"]


def before(playbook: Playbook, key: str) -> set[str]:
    """All that must be finished before a step."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        for earlier in playbook.by_key[waiting.pop()].after:
            if earlier not in found:
                found.add(earlier)
                waiting.append(earlier)
    return found


@pytest.mark.parametrize(
    ("key", "stages", "steps"),
    [
        ("village-restructuring", 5, 42),
        ("urban-village-to-community", 4, 16),
        ("annual-project", 3, 8),
        ("asset-clearance", 3, 9),
        ("term-change", 5, 26),
    ],
)
def test_the_shipped_playbooks_have_their_stages_and_steps(key: str, stages: int, steps: int) -> None:
    assert (len(SHIPPED[key].stages), len(SHIPPED[key].steps)) == (stages, steps)


@pytest.mark.parametrize("playbook", SHIPPED.values(), ids=SHIPPED)
def test_a_shipped_playbook_names_only_what_there_is(playbook: Playbook) -> None:
    assert (
        check_references(playbook, playbook.key, acts=ACTS, measures=measures(), documents=TEMPLATES, facts=FACTS) == []
    )
    assert {gate for step in playbook.steps for gate in step.gates} <= set(gates())
    assert all(step.law for step in playbook.steps)


@pytest.mark.parametrize("playbook", SHIPPED.values(), ids=SHIPPED)
def test_every_step_is_in_hands_that_may_do_and_accept_it(playbook: Playbook) -> None:
    assert [step.key for step in playbook.steps if not allows(step.does.role, "campaigns.fill")] == []
    assert [step.key for step in playbook.steps if not allows(step.accepts.role, "campaigns.accept")] == []


@pytest.mark.parametrize("playbook", SHIPPED.values(), ids=SHIPPED)
def test_a_shipped_playbook_can_be_planned_forward_and_backward(playbook: Playbook) -> None:
    forward = compute_windows(playbook, calendar(), starts_on=date(2026, 1, 1))
    ends = max(window.due for window in forward.values())
    assert ends.year == 2026
    fixed_on = forward[playbook.anchor].due if playbook.anchor else ends
    backward = compute_windows(playbook, calendar(), starts_on=date(2026, 1, 1), fixed_on=fixed_on)
    assert all(forward[key].start <= backward[key].start for key in forward)
    # Later stages never end before earlier ones.
    dues = [max(forward[step.key].due for step in stage.steps) for stage in playbook.stages]
    assert dues == sorted(dues)


def test_the_restructuring_takes_sixty_working_days_and_uses_every_template() -> None:
    assert compute_length(RESTRUCTURING) == 60
    assert {document for step in RESTRUCTURING.steps for document in step.documents} == TEMPLATES
    assert {gate for step in RESTRUCTURING.steps for gate in step.gates} == GATES
    per = Counter(step.per for step in RESTRUCTURING.steps)
    assert per == {Per.VILLAGE: 18, Per.TOWN: 8, Per.DISTRICT: 8, Per.SUCCESSOR: 8}


def test_the_committee_s_chain_is_propose_agree_approve() -> None:
    assert "propose" in before(RESTRUCTURING, "villagers-decide")
    assert {"committees", "party-members", "rehearse", "call-assembly"} <= before(RESTRUCTURING, "villagers-decide")
    assert "villagers-decide" in before(RESTRUCTURING, "county-reply")


def test_the_co_operative_s_chain_runs_beside_it_and_meets_it_at_the_township() -> None:
    assert {"clear-assets", "publish-clearance", "balance-sheet", "call-members"} <= before(
        RESTRUCTURING, "members-decide"
    )
    assert "villagers-decide" not in before(RESTRUCTURING, "members-decide")
    assert "members-decide" not in before(RESTRUCTURING, "villagers-decide")
    assert {"villagers-decide", "members-decide"} <= set(RESTRUCTURING.by_key["town-review"].after)


def test_nothing_is_carried_out_before_the_county_and_the_plan_is_applied_once() -> None:
    (applying,) = (step for step in RESTRUCTURING.steps if step.act.startswith("planning."))
    assert (applying.key, applying.per, applying.act) == ("apply-plan", Per.DISTRICT, "planning.apply_plan")
    points, unchanged = RESTRUCTURING.by_key["agency-points"], RESTRUCTURING.by_key["unchanged"]
    assert (points.per, points.act, points.gates) == (Per.SUCCESSOR, "handover.open", ("handover.agency_points_cover",))
    assert "handover.complete" in unchanged.gates
    assert points.key in unchanged.after
    assert "county-reply" in applying.after
    after = [step.key for step in RESTRUCTURING.steps if step.per is Per.SUCCESSOR]
    assert all("apply-plan" in before(RESTRUCTURING, key) for key in after)


def test_opinions_risks_and_law_are_settled_before_the_plan_is_fixed_and_the_audit_before_the_election() -> None:
    assert {"talks", "answer-opinions", "risk", "legality"} <= before(RESTRUCTURING, "fix-plan")
    assert "audit" in before(RESTRUCTURING, "elect")


@pytest.mark.parametrize(
    ("notice", "meeting"), [("call-assembly", "villagers-decide"), ("call-members", "members-decide")]
)
def test_ten_days_lie_between_the_notice_and_the_meeting_in_ordinary_weeks(notice: str, meeting: str) -> None:
    days = RESTRUCTURING.by_key[notice].days
    for monday in (date(2026, 3, 9) + timedelta(days=number) for number in range(5)):
        assert (calendar().add(monday, days) - monday).days >= 10
    assert notice in RESTRUCTURING.by_key[meeting].after


def test_the_five_unified_requirements_are_marked_and_the_assembly_is_for_urban_villages() -> None:
    urban = SHIPPED["urban-village-to-community"]
    assert [step.key for step in urban.steps if "五统一之" in step.title.zh] == [
        "opinions", "posting", "meetings", "party-organisation", "duties",
    ]  # fmt: skip
    assert urban.by_key["villagers-decide"].applies == (Tag.URBAN_VILLAGE,)
    taken = {each.fact for each in urban.by_key["meetings"].evidence if each.fact}
    assert {"assemblies.party_for", "assemblies.representatives_for", "assemblies.households_for"} <= taken


def test_votes_are_taken_from_the_sitting_that_opens_the_gate_and_typed_nowhere() -> None:
    gates = {
        "party-members": "party_reviewed",
        "villagers-decide": "villagers_decided",
        "members-decide": "members_decided",
    }
    for key, gate in gates.items():
        step = RESTRUCTURING.by_key[key]
        assert step.gates == (f"assemblies.{gate}",)
        assert all(each.fact.startswith("assemblies.") for each in step.evidence), key


def test_the_term_change_keeps_the_law_s_days_around_every_polling_day_of_a_year() -> None:
    book = SHIPPED["term-change"]
    assert {"roll-objections", "review", "rehearse", "audit", "proxies"} <= before(book, "poll")
    for polling_day in (date(2026, 4, 20) + timedelta(days=number) for number in range(0, 250, 3)):
        windows = compute_windows(book, calendar(), starts_on=date(2026, 1, 5), fixed_on=polling_day)
        left = {step.key: (polling_day - windows[step.key].due).days for step in book.steps if step.before}
        assert {key: days >= book.by_key[key].before for key, days in left.items()} == dict.fromkeys(left, True)
        assert set(left) == {"roll", "candidates", "proxies"}
        # Five days to object and three to rule lie before the candidates are published.
        assert (windows["candidates"].due - windows["roll"].due).days >= 8
        assert (windows["hand-over"].due - polling_day).days <= 10


def test_a_photo_of_a_shipped_playbook_has_its_reason() -> None:
    assert [fault for book in SHIPPED.values() for fault in check_photos(book, book.key)] == []


def test_a_locality_s_playbook_replaces_the_shipped_one_and_is_named_like_its_file(tmp_path: Path) -> None:
    folder = tmp_path / "campaigns" / "playbooks"
    folder.mkdir(parents=True)
    (folder / "drawn.toml").write_text(HEAD + step(), encoding="utf-8")
    (folder / "annual-project.toml").write_text(HEAD.replace('"drawn"', '"annual-project"') + step(), encoding="utf-8")
    packs.override_from(tmp_path)
    try:
        assert set(shipped_playbooks()) == {*SHIPPED, "drawn"}
        assert len(shipped_playbooks()["annual-project"].steps) == 1
        (folder / "drawn.toml").rename(folder / "other.toml")
        with pytest.raises(Refused, match="Give both the same name"):
            shipped_playbooks()
    finally:
        packs.override_from(None)


def test_a_new_village_s_hundred_days_end_on_the_hundredth() -> None:
    hundred = SHIPPED["hundred-days"]
    founded = date(2026, 3, 2)
    windows = compute_windows(hundred, calendar(), starts_on=founded)
    assert max(window.due for window in windows.values()) <= founded + timedelta(days=100)
    assert "agency-points" not in before(hundred, "judge")
    assert {"visits", "representatives", "one-thing"} <= before(hundred, "judge")
    assert [step.key for step in hundred.steps if step.repeat] == ["month-look-1", "month-look-2", "month-look-3"]


def test_a_year_by_the_book_has_eighteen_measures_in_five_fields_each_quarter() -> None:
    year = SHIPPED["norm-year"]
    assert (len(year.stages), len({step.line for step in year.steps})) == (5, 18)
    windows = compute_windows(year, calendar(), starts_on=date(2026, 1, 1))
    dues = Counter(windows[step.key].due for step in year.steps)
    assert dues == {date(2026, 3, 31): 18, date(2026, 6, 30): 18, date(2026, 9, 30): 18, date(2026, 12, 31): 18}
