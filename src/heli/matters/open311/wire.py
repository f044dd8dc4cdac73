"""How GeoReport v2 writes its answers: JSON by the Spark convention, XML with the singular of each list. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
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
