"""Logs: one JSON object a line, no values of exceptions, old days forgotten."""

import json
import logging
from pathlib import Path

from heli.kernel.logs import DailyFile, JsonLines


def record(message: str = "request", **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("heli.web", logging.INFO, "x.py", 1, message, (), None)
    made.created = 1_790_000_000.0  # 2026-09-21
    for name, value in extra.items():
        setattr(made, name, value)
    return made


def test_a_record_becomes_a_line_with_known_fields_only() -> None:
    line = json.loads(JsonLines().format(record(route="places/<id>/", status=200, ms=12, name_of_user="李明")))
    assert line["route"] == "places/<id>/"
    assert line["at"].startswith("2026-09-21T")
    assert "李明" not in json.dumps(line, ensure_ascii=False)


def test_the_text_of_an_exception_stays_out() -> None:
    made = record()
    try:
        raise ValueError("身份证 510000")
    except ValueError as error:
        made.exc_info = (ValueError, error, error.__traceback__)
    text = JsonLines().format(made)
    assert "510000" not in text
    assert json.loads(text)["exception"] == "ValueError"


def test_a_day_has_its_file_and_old_files_go(tmp_path: Path) -> None:
    (tmp_path / "heli-2026-01-01.jsonl").write_text("old")
    (tmp_path / "heli-2026-05-01.jsonl").write_text("kept")
    handler = DailyFile(tmp_path, keep_days=200)
    handler.setFormatter(JsonLines())
    handler.emit(record())
    handler.emit(record())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["heli-2026-05-01.jsonl", "heli-2026-09-21.jsonl"]
    assert len((tmp_path / "heli-2026-09-21.jsonl").read_text().splitlines()) == 2
