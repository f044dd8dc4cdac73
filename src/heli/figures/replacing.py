"""Which paper form each screen replaces: every list and form says so in its own code, and here the sentences are collected."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SOURCE = Path(__file__).resolve().parents[1]
IN_CODE = re.compile(r'replaces=(?:gettext_lazy|_|now)\(\s*"((?:[^"\\]|\\.)*)"')
IN_TEMPLATE = re.compile(r'{% translate "(Replaces the paper form: [^"]+)" %}')

AREAS: Mapping[str, Promise] = {
    "places": _("Register of places"),
    "bodies": _("Organisations and links"),
    "planning": _("Merger plans"),
    "assemblies": _("Sittings and elections"),
    "campaigns": _("Campaigns"),
    "warnings": _("Colours of warning"),
    "problems": _("Problems"),
    "risks": _("Risks"),
    "consultation": _("Consultation"),
    "meetings": _("Meetings"),
    "rounds": _("Supervision rounds"),
    "inquiries": _("Questionnaires"),
    "papers": _("Documents"),
    "figures": _("Register of figures"),
    "audit": _("Audit trail"),
}


@dataclass(frozen=True, slots=True)
class Replaced:
    """A paper form that nobody fills in any more: in which part of Heli its screen is, and its name as a msgid."""

    area: str
    msgid: str

    @property
    def area_text(self) -> str:
        """The part of Heli."""
        return str(AREAS.get(self.area, self.area))

    @property
    def form(self) -> str:
        """The form in the reader's language."""
        text = gettext(self.msgid)
        return re.split("[:：]", text, maxsplit=1)[1].strip() if self.msgid.startswith("Replaces the") else text


@cache
def replaced() -> tuple[Replaced, ...]:
    """Every form, by area and name; each once."""
    found = {one for path in sorted(SOURCE.rglob("*")) for one in _in(path)}
    return tuple(sorted(found, key=lambda one: (list(AREAS).index(one.area) if one.area in AREAS else 99, one.msgid)))


def _in(path: Path) -> Iterator[Replaced]:
    pattern = {".py": IN_CODE, ".html": IN_TEMPLATE}.get(path.suffix)
    area = path.relative_to(SOURCE).parts[0]
    if pattern is None or area == "ui" or "tests" in path.parts:
        return
    for msgid in pattern.findall(path.read_text("utf-8")):
        yield Replaced(area, msgid)
