"""Logs as one JSON object a line, in one file a day, without personal data: ids and routes, never names or values."""

import json
import logging
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path

FIELDS = ("method", "route", "status", "ms", "actor", "entry", "task", "fault")
"""What a record may carry besides its message; anything else stays out of the file."""


class JsonLines(logging.Formatter):
    """One JSON object a line. Of an exception its type and its place in the code, for its text may hold a value."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            # The template of the message; its arguments may be values. Records of Heli carry none.
            "message": record.getMessage() if record.name.startswith("heli") else str(record.msg),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["trace"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, ensure_ascii=False, default=str)


class DailyFile(logging.Handler):
    """Appends to `<folder>/heli-<day>.jsonl` and removes files older than `keep_days`.

    A day's name instead of renaming: web processes and the worker write the same file, and a rename would lose lines.
    """

    def __init__(self, folder: str | Path, keep_days: int = 200) -> None:
        super().__init__()
        self.folder, self.keep_days = Path(folder), keep_days
        self._day = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Append one line; whole lines only, so that processes do not mix theirs."""
        try:
            moment = datetime.fromtimestamp(record.created, UTC)
            day = moment.date().isoformat()
            if day != self._day:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._forget(moment)
                self._day = day
            with open(self.folder / f"heli-{day}.jsonl", "a", encoding="utf-8") as stream:
                stream.write(self.format(record) + "\n")
        except Exception:
            self.handleError(record)

    def _forget(self, moment: datetime) -> None:
        oldest = (moment - timedelta(days=self.keep_days)).date().isoformat()
        for kept in self.folder.glob("heli-*.jsonl"):
            if kept.stem.removeprefix("heli-") < oldest:
                kept.unlink(missing_ok=True)
