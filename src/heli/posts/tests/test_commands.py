"""`heli posts allot` and `heli appraise`: JSON out; what is wrong is named by row and field, with exit status 2."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from heli.posts.testing import allot_file, appraise_file, ratio, subject


def run(tmp_path: Path, content: object, *command: str) -> Any:
    path = tmp_path / "file.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    out = StringIO()
    call_command(*command, str(path), stdout=out)
    return json.loads(out.getvalue())


def refused(tmp_path: Path, content: object, *command: str) -> list[str]:
    with pytest.raises(CommandError) as failed:
        run(tmp_path, content, *command)
    assert failed.value.returncode == 2
    return str(failed.value).splitlines()


def test_posts_are_allotted(tmp_path: Path) -> None:
    found = run(tmp_path, {**allot_file({"b": 2000, "a": 1000}, 7), "note": "a sample"}, "posts", "allot")
    assert found == {"form": "heli.posts/1", "status": "ok", "posts": {"a": 3, "b": 4}}


def test_an_appraisal_is_added_up(tmp_path: Path) -> None:
    found = run(tmp_path, appraise_file([subject("x", r=(9, 10))]), "appraise")
    assert found["results"] == [
        {
            "id": "x",
            "status": "scored",
            "scores": {"r": 9000},
            "weights": {"r": 10000},
            "total": 9000,
            "grade": "excellent",
        }
    ]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"places": [{"id": "a"}]}, "file.json: a: people: "),
        ({"places": [{}]}, "file.json: id: "),
        ({"places": None}, "file.json: places: "),
        ({"total": -1}, "file.json: total: "),
        ({"least": 9}, "file.json: least: "),
        ({"position_bp": {"p": -10_000}}, "file.json: position_bp.p: "),
        ({"difficulty_bp": {"other": 0}}, "file.json: a: difficulty: "),
        ({"form": "heli.posts/2"}, "file.json: form: "),
    ],
)
def test_what_is_wrong_with_places_is_named(tmp_path: Path, change: dict[str, Any], where: str) -> None:
    told = refused(tmp_path, {**allot_file({"a": 5}, 3), **change}, "posts", "allot")
    assert any(line.startswith(where) for line in told), told


TWO = [ratio("r", 5_000), ratio("q", 5_000)]
SOUND = subject("x", r=(1, 2), q=(1, 2))
GRADES = appraise_file([])["grades"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"indicators": [ratio("r", 9_999)]}, "file.json: weight: "),
        ({"indicators": [ratio("r", 10_000, 5, 5)]}, "file.json: r: target: "),
        ({"indicators": [{"id": "r", "kind": "guess", "weight": 1}]}, "file.json: r: kind: "),
        ({"indicators": [ratio("r", 5_000), ratio("r", 5_000)]}, "file.json: r: id: "),
        ({"grades": {**GRADES, "share": [2, 1]}}, "file.json: grades.share: "),
        ({"grades": {**GRADES, "share": [0, 0]}}, "file.json: grades.share: "),
        ({"grades": {**GRADES, "basic": 9_000}}, "file.json: grades: "),
        ({"subjects": [{**SOUND, "facts": {"r": {"k": 1}}}]}, "file.json: x: facts.r.n: "),
        ({"subjects": [{**SOUND, "facts": {"z": {"k": 1, "n": 1}}}]}, "file.json: x: facts.z: "),
        ({"subjects": [{**SOUND, "not_applicable": {"z": "why"}}]}, "file.json: x: not_applicable.z: "),
        ({"subjects": [{**SOUND, "not_applicable": {"r": " "}}]}, "file.json: x: not_applicable.r: "),
        ({"subjects": [{**SOUND, "not_applicable": {"r": "a", "q": "b"}}]}, "file.json: x: not_applicable: "),
        ({"subjects": [{**SOUND, "group": 1}]}, "file.json: x: group: "),
    ],
)
def test_what_is_wrong_with_an_appraisal_is_named(tmp_path: Path, change: dict[str, Any], where: str) -> None:
    told = refused(tmp_path, {**appraise_file([SOUND], *TWO), **change}, "appraise")
    assert any(line.startswith(where) for line in told), told
