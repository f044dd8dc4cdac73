"""What a hotline of others is asked and told by GeoReport v2; whoever asks gives the wire, so that a test needs none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from heli.matters.open311.asked import MOST_ROWS, SPAN, NotServed, wrong
from heli.matters.open311.fetching import Ask
from heli.matters.open311.wire import read_rows

OVERLAP = timedelta(days=1)
"""So much is read again each time: servers' clocks differ, and what is known already is known."""
MOST_PAGES = 100
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HotlineDoor:
    """A hotline's address, jurisdiction ("" where it has one) and key, and the wire it is asked by."""

    address: str
    jurisdiction: str
    key: str
    ask: Ask

    def rows(self, resource: str, **query: str) -> list[dict[str, str]]:
        """What it answers to a GET. Raises `NotServed` for anything but a list."""
        return self._read(*self.ask("GET", f"{self.address}/{resource}.json", self._given(query)))

    def post(self, resource: str, **form: str) -> list[dict[str, str]]:
        """What it answers to a POST with the key."""
        given = self._given({"api_key": self.key, **form})
        return self._read(*self.ask("POST", f"{self.address}/{resource}.json", given), root=resource)

    def _given(self, parameters: Mapping[str, str]) -> dict[str, str]:
        more = {"jurisdiction_id": self.jurisdiction} if self.jurisdiction else {}
        return {**more, **{name: value for name, value in parameters.items() if value}}

    def _read(self, status: int, content: bytes, root: str = "service_requests") -> list[dict[str, str]]:
        try:
            if not 200 <= status < 300:
                raise ValueError(status)
            return read_rows(content, "service_requests" if root == "requests" else root)
        except (ValueError, RecursionError) as fault:
            raise wrong("hotline_answer", answered=status) from fault

    def since(self, begins: datetime, now: datetime) -> Iterator[list[dict[str, str]]]:
        """Its requests from a moment on, page by page; a server that knows no pages gives its first thousand of 90 days."""
        while begins < now:
            ends, seen = min(begins + SPAN, now), set[str]()
            for page in range(1, MOST_PAGES + 1):
                dates = {"start_date": _moment(begins), "end_date": _moment(ends)}
                rows = self.rows("requests", **dates, page=str(page), page_size=str(MOST_ROWS))
                fresh = [row for row in rows if row.get("service_request_id", "") not in {"", *seen}]
                seen |= {row["service_request_id"] for row in fresh}
                if fresh:
                    yield fresh
                if len(rows) < MOST_ROWS or not fresh:
                    break
            begins = ends

    def send(self, form: Mapping[str, str]) -> str:
        """Report a matter there; its id there, "" while there is only a token that leads to none yet."""
        answer = (self.post("requests", **form) or [{}])[0]
        if found := answer.get("service_request_id", ""):
            return found
        token = answer.get("token", "")
        if not token:
            raise wrong("hotline_answer", answered=200)
        try:
            return (self.rows(f"tokens/{token}") or [{}])[0].get("service_request_id", "")
        except NotServed:
            return ""


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
