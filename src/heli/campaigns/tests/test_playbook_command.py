"""`heli playbook`: mistakes on stderr with file and line, the shipped ones listed."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from heli.campaigns.rules.playbooks import FOLDER
from heli.kernel import packs
from heli.papers.queries.templates import shipped_templates


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("playbook", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_every_shipped_playbook_passes_and_is_listed() -> None:
    out, err = run("check", *(str(path) for path in sorted(FOLDER.glob("*.toml"))))
    assert err == ""
    assert [line.split()[0] for line in run("list")[0].splitlines()] == [
        "annual-project", "appraisal-year", "asset-clearance",
        "hundred-days", "norm-year", "term-change", "urban-village-to-community", "village-restructuring",
    ]  # fmt: skip
    assert "42" in out
    assert "村民会议表决" in out
    assert "自首日起最迟 100 日：第一百天：群众评价" in out
    assert "每月一次：镇街每月看一次，难题带回（1/3）" in out
    assert out.count("每季度一次：") == 18


def test_mistakes_of_all_files_are_named_with_their_lines(tmp_path: Path) -> None:
    text = (FOLDER / "annual-project.toml").read_text(encoding="utf-8")
    lines = text.splitlines()
    (tmp_path / "roles.toml").write_text(text.replace('does = "district_officer"', 'does = "mayor"'), encoding="utf-8")
    (tmp_path / "acts.toml").write_text(
        text.replace('key = "sum-up"', 'key = "sum-up"\nact = "planning.undo"'), encoding="utf-8"
    )
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="2"):
        call_command(
            "playbook", "check", str(tmp_path / "roles.toml"), str(tmp_path / "acts.toml"), stdout=out, stderr=err
        )
    wrong = lines.index('does = "district_officer"') + 1
    table = lines.index('key = "sum-up"')
    told = err.getvalue().splitlines()
    assert told[0].startswith(f"roles.toml:{wrong}: does: ")
    assert told[1].startswith(f"acts.toml:{table}: act: ")
    assert out.getvalue() == ""


def test_a_photo_without_a_reason_is_warned_of_with_its_line(tmp_path: Path) -> None:
    text = (FOLDER / "annual-project.toml").read_text(encoding="utf-8")
    start = text.index(", why = ")
    text = text[:start] + text[text.index("}", start) + 1 :]
    (tmp_path / "photos.toml").write_text(text, encoding="utf-8")
    out, err = run("check", str(tmp_path / "photos.toml"))
    key = text[:start].count("\n", 0, text.rindex("[[stages.steps]]", 0, start)) + 1
    assert err.startswith(f"photos.toml:{key}: why: ")
    assert err.count("\n") == 1
    assert out.startswith("annual-project")


def test_a_file_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.toml"):
        run("check", str(tmp_path / "none.toml"))


def test_a_document_of_which_there_is_no_template_is_named(tmp_path: Path) -> None:
    templates = tmp_path / "rules" / "papers" / "documents"
    templates.mkdir(parents=True)
    (templates / "own-paper.toml").write_text(
        'id = "own-paper"\nversion = 1\nvalid_from = 2026-01-01\njurisdiction = "511603"\nsource = "本区"\n'
        'title = {zh = "本区文书", en = "Own paper"}\nabout = {zh = "无", en = "None"}\nper = "town"\nheading = "文书"\n'
        'body = "正文"\n',
        encoding="utf-8",
    )
    text = (FOLDER / "annual-project.toml").read_text(encoding="utf-8")
    for name in ("own-paper", "no-paper"):
        named = text.replace('key = "sum-up"', f'key = "sum-up"\ndocuments = ["{name}"]')
        (tmp_path / f"{name}.toml").write_text(named, encoding="utf-8")
    packs.override_from(tmp_path / "rules")
    shipped_templates.cache_clear()
    try:
        run("check", str(tmp_path / "own-paper.toml"))
        err = StringIO()
        with pytest.raises(CommandError):
            call_command("playbook", "check", str(tmp_path / "no-paper.toml"), stderr=err)
    finally:
        packs.override_from(None)
        shipped_templates.cache_clear()
    assert "'no-paper'" in err.getvalue()
