"""How GeoReport v2 writes answers, JSON by the Spark convention and XML by the singular of each list; how others' are read."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

XML, JSON = "xml", "json"
TYPES: Mapping[str, str] = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}
ONE_OF: Mapping[str, str] = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that XML 1.0 cannot hold, not even escaped."""


def plain(value: Any) -> Any:
    """The value as JSON writes it; moments as W3C says, with their zone."""
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value


def as_xml(name: str, value: Any) -> str:
    """An answer as a document; `name` is its root."""
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_element(name, plain(value))}'


def _element(name: str, value: Any) -> str:
    if value is None or value == "":
        return f"<{name}/>"
    if isinstance(value, Mapping):
        inner = "".join(_element(key, one) for key, one in value.items())
    elif isinstance(value, list):
        inner = "".join(_element(ONE_OF[name], one) for one in value)
    elif isinstance(value, bool):
        inner = "true" if value else "false"
    else:
        inner = escape(NO_XML.sub("", str(value)))
    return f"<{name}>{inner}</{name}>"


def read_rows(content: bytes, root: str = "service_requests") -> list[dict[str, str]]:
    """The rows of another server's answer, JSON or XML, their values as text ("" where there is none). Raises ValueError.

    XML that declares anything (a document type, entities) is refused before it is parsed.
    """
    text = content.decode("utf-8-sig").strip()
    if not text.startswith("<"):
        rows = json.loads(text)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ValueError("no list")
        return [{str(key): "" if one is None else str(one).strip() for key, one in row.items()} for row in rows]
    if "<!" in re.sub(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>", "", text, flags=re.DOTALL):
        raise ValueError("declarations are not read")
    try:
        document = ElementTree.fromstring(text)
    except ElementTree.ParseError as fault:
        raise ValueError(str(fault)) from fault
    if document.tag != root:
        raise ValueError(f"no {root}")
    return [{one.tag: (one.text or "").strip() for one in row} for row in document]
