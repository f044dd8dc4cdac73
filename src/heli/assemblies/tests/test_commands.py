"""`heli rules` and `heli rehearse`: JSON out, and words with exit status 2 for a file that is no such form."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from heli.assemblies.testing import contest, decide_case, post


def run(*arguments: object) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def written(tmp_path: Path) -> Any:
    def write(content: object) -> Path:
        path = tmp_path / "cases.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write


def test_sittings_are_decided_in_the_order_of_the_file(written: Any) -> None:
    cases = [{**decide_case(mode="adults"), "id": "b"}, {**decide_case(mode="adults", for_=20), "id": "a"}, {"id": "c"}]
    told = json.loads(run("rules", "decide", written({"form": "heli.decide/1", "cases": cases})))
    assert [(one["id"], one["status"]) for one in told["results"]] == [
        ("b", "passed"),
        ("a", "failed"),
        ("c", "refused"),
    ]
    assert set(told["results"][0]["tests"][0]) == {"article", "text", "left", "op", "right", "holds"}
    assert told["results"][0]["pack"]["id"] == "village-committee"


def test_contests_are_counted(written: Any) -> None:
    told = json.loads(
        run("rules", "count", written({"form": "heli.count/1", "contests": [contest(post("chair", 1, a=400))]}))
    )
    assert told["form"] == "heli.count/1"
    assert told["results"][0]["posts"] == [
        {"post": "chair", "elected": ["a"], "revote": [], "seats_left": 0, "woman_seat": False}
    ]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"form": "heli.decide/1"',
        '{"form": "heli.count/1", "contests": []}',
        '{"form": "heli.decide/1", "cases": {}}',
        '{"form": "heli.decide/1", "cases": [], "extra": 1}',
        '{"form": "heli.decide/1", "cases": [{}]}',
        '{"form": "heli.decide/1", "cases": [{"id": "a"}, {"id": "a"}]}',
        '{"form": "heli.decide/1", "form": "heli.decide/1", "cases": []}',
        '{"form": "heli.decide/1", "cases": [NaN]}',
        "[" * 100_000,
    ],
)
def test_a_file_that_is_no_such_form_ends_with_status_two_and_words(written: Any, content: str) -> None:
    with pytest.raises(CommandError, match=r"cases\.json: ") as failed:
        run("rules", "decide", written(content))
    assert failed.value.returncode == 2


def test_a_file_that_is_not_there_or_not_text_ends_with_status_two(tmp_path: Path) -> None:
    for content in (None, b"\xff\xfe\x00"):
        path = tmp_path / "a.json"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(CommandError) as failed:
            run("rehearse", path)
        assert failed.value.returncode == 2


def test_the_rules_of_a_day_are_shown_with_what_was_set_aside_and_not_read() -> None:
    told = run("rules", "show", "--on", "2026-05-20", "--province", "33", "village")
    assert "村民委员会组织法 第二十六条  2·present > entitled  " in told
    assert "浙江省村民委员会选举办法 条号未读 " in told
    with pytest.raises(CommandError, match="99") as failed:
        run("rules", "show", "--on", "2026-05-20", "--province", "99", "village")
    assert failed.value.returncode == 2


def test_a_rehearsal_gives_the_same_bytes(written: Any) -> None:
    stages = [{"name": "desk", "servers": 1, "mean_min": 0.5, "shape": 2}]
    setup = {"form": "heli.rehearse/1", "replications": 3, "seed": 7, "voters": 30, "window_min": 60, "stages": stages}
    path = written({**setup, "arrivals": {"kind": "slots", "weights": [1, 2]}})
    assert run("rehearse", path) == run("rehearse", path)
    assert set(json.loads(run("rehearse", path))["results"]) == {
        "wait_mean",
        "wait_p95",
        "wait_max",
        "last_out",
        "queue_max.desk",
    }
