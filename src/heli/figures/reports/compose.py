"""A report composed from a scene for one addressee in one language: title, parts, tables, marks."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.figures.reports import tables
from heli.figures.reports.heads import headed, subject_of
from heli.figures.reports.rules import ReportRules
from heli.figures.reports.scene import Scene
from heli.figures.reports.types import Addressee, Content, Pieces, Recipient, ReportKind
from heli.figures.reports.writing import Writer, day_text, is_chinese, joined, offers, say, sentence
from heli.figures.reports.yearbook import yearbook_blocks

NUMERALS = "一二三四五六七八九十"

PARTS: Mapping[str, Promise] = {
    "progress": gettext_lazy("Progress"),
    "warnings": gettext_lazy("Warnings"),
    "matters": gettext_lazy("Problems and consultation"),
    "outlook": gettext_lazy("Outlook and next steps"),
}
"""Their headings; the sentences are on offer."""


def compose(scene: Scene, addressee: Addressee, rules: ReportRules, *, kind: ReportKind, language: str) -> Content:
    """The content of a report. Pure: the same scene gives the same content."""
    with translation.override(language):
        writer = Writer(scene, addressee, rules)
        if kind is ReportKind.YEARBOOK:
            blocks, attachments = yearbook_blocks(writer, rules), []
        else:
            blocks, attachments = _blocks(writer, rules), _attachments(writer, rules)
        return {
            **_head(scene, addressee, kind),
            "blocks": blocks,
            "attachments": attachments,
            "marks": [mark.as_json() for mark in writer.marks],
        }


def _head(scene: Scene, addressee: Addressee, kind: ReportKind) -> dict[str, Any]:
    others = scene.campaign.others
    note = _("The figures of steps hold all campaigns open on the day, besides this one: %(names)s")
    return {
        **headed(scene, addressee, kind),
        "number": _("No. %(n)s") % {"n": scene.week} if scene.week and kind is ReportKind.WEEKLY else "",
        "signature": _("Task force for %(campaign)s of %(district)s")
        % {"campaign": subject_of(scene.campaign.name), "district": scene.district.name},
        "day": day_text(scene.on),
        "note": note % {"names": ", ".join(others)} if others else "",
    }


def numbered(at: int) -> str:
    """The number of a heading, from 0."""
    return f"{NUMERALS[at]}、" if is_chinese() else f"{at + 1}. "


def _blocks(w: Writer, rules: ReportRules) -> list[dict[str, Any]]:
    led = joined(offer.write(w) for offer in offers("conclusion"))
    found: list[dict[str, Any]] = [{"is": "text", "text": led}] if led else []
    at = 0
    for name in rules.sections:
        # What different rooms tell are paragraphs of their own where a part is made of rooms.
        rooms = groupby(offers(name), key=(lambda offer: offer.id.partition(".")[0]) if name == "matters" else bool)
        paragraphs = [joined(offer.write(w) for offer in told) for _room, told in rooms]
        if name == "outlook":
            paragraphs += _requests(w)
        paragraphs = [one for one in paragraphs if one]
        if paragraphs:
            found.append({"is": "heading", "text": [f"{numbered(at)}{PARTS[name]}"]})
            found += [{"is": "text", "text": one} for one in paragraphs]
            at += 1
    return found


def _requests(w: Writer) -> list[Pieces]:
    """What is asked for next, each a paragraph with its number; one sentence where there is nothing."""
    asked = [one for offer in offers("requests") if (one := offer.write(w))]
    if not asked:
        return [sentence(say(_("Nothing is asked for this week")))]
    if len(asked) == 1:
        return asked
    return [[f"{at}. ", *one] if not is_chinese() else [f"{at}．", *one] for at, one in enumerate(asked, start=1)]


def _attachments(w: Writer, rules: ReportRules) -> list[dict[str, Any]]:
    found = []
    is_district = w.addressee.kind is Recipient.DISTRICT
    main = tables.towns_table(w, rules) if is_district else tables.villages_table(w, rules)
    if main is not None:
        what = {Recipient.DISTRICT: "ranking", Recipient.TOWN: "map", Recipient.LEADER: "villages"}
        picture = {"is": "picture", "what": what[w.addressee.kind]}
        found.append(
            {"title": _("Towns one by one") if is_district else _("Villages one by one"), "blocks": [main, picture]}
        )
    if is_district:
        behind = tables.behind_table(w, rules)
        title = _("Villages furthest behind, course and map") if behind is not None else _("Course and map")
        pictures = [{"is": "picture", "what": "burn_up"}, {"is": "picture", "what": "map"}]
        found.append({"title": title, "blocks": [*([behind] if behind is not None else []), *pictures]})
    return found
