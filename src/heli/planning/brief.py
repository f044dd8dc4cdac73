"""The brief of a plan in the official layout of documents."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heli.files.documents import (
    Align,
    Block,
    Document,
    Heading,
    PaperTable,
    Paragraph,
    Picture,
    numeral,
    official_date,
    render_docx,
)
from heli.kernel.quantities import Ratio
from heli.planning import presenting
from heli.planning.queries import ScenarioStanding
from heli.planning.rules import compute_summary, compute_town_lines
from heli.planning.solving import planner_values
from heli.planning.types import MergerFit
from heli.planning.wording import FIT_LABELS, KIND_LABELS, PART_LABELS
from mergeplan.draw import Language, draw


def write_brief(standing: ScenarioStanding, visible: presenting.Visible = None) -> bytes:
    """The brief as docx: title, summary in words, picture, table of mergers."""
    return render_docx(brief(standing, visible))


def brief(standing: ScenarioStanding, visible: presenting.Visible = None) -> Document:
    """The brief as a document."""
    scenario, material = standing.scenario, standing.material
    values = {"name": scenario.name, "district": material.district_name}
    number = ""
    if standing.acceptance is not None:
        accepted = {"number": standing.acceptance.document_number, "on": _day(standing.acceptance.document_on)}
        number = _("Accepted by %(number)s of %(on)s") % accepted
    # The picture shows the whole district, so that it is for those who see all of it.
    picture = _picture(standing) if visible is None else None
    summary = [Paragraph(text) for text in summary_sentences(standing, visible)]
    parts: list[tuple[str, list[Block]]] = [(_("The plan in short"), [*summary])]
    if standing.result is not None and standing.result.is_feasible:
        parts.append((_("Towns before and after"), [_towns(standing, visible)]))
        parts += [(_("Map of the plan"), [Picture(picture)])] if picture is not None else []
        parts.append((_("The mergers one by one"), [_table(standing, visible), Paragraph(_legend(), indent=False)]))
    blocks: list[Block] = []
    for place, (heading, body) in enumerate(parts, 1):
        blocks += [Heading(1, (numeral(place) if _is_chinese() else f"{place}. ") + heading), *body]
    return Document(
        title=_("Brief on the merger plan “%(name)s” of %(district)s") % values,
        number=number,
        blocks=blocks,
        is_sample=material.is_sample,
        language=(get_language() or "zh")[:2],
    )


def summary_sentences(standing: ScenarioStanding, visible: presenting.Visible = None) -> list[str]:
    """The plan in sentences, every figure with its base."""
    result = standing.result
    if result is None or not result.is_feasible:
        return presenting.explanations(standing)
    summary = compute_summary(standing.material, standing.shown_rules, result, visible)
    reduction = presenting.reduction_of(summary)
    values: dict[str, Any] = {
        "day": _day(standing.material.on),
        "before": presenting.number(summary.before),
        "after": presenting.number(summary.after),
        "removed": presenting.number(summary.removed),
        "percent": reduction.percent,
        "words": reduction.words,
        "kinds": presenting.kinds_in_words(summary),
        "touched": presenting.number(summary.touched),
        "untouched": presenting.number(summary.untouched),
        "mean": presenting.number(summary.mean_population),
        "way": presenting.number(summary.mean_distance_m),
        "far": presenting.number(summary.farthest_m),
        "most": presenting.number(summary.at_most),
        "proof": presenting.proof(standing),
    }
    found = [
        _(
            "By the register of %(day)s the plan turns %(before)s villages into %(after)s, %(removed)s fewer (%(percent)s %%)."
        )
        % values,
        _("Kinds of change: %(kinds)s; %(touched)s villages are touched, %(untouched)s stay as they are.") % values,
        _(
            "A new village has %(mean)s registered people on average; the mean way to its centre is %(way)s m, at most %(far)s m."
        )
        % values,
    ]
    if reduction.words:
        found.insert(1, _("Needed are at most %(most)s villages; the plan is %(words)s.") % values)
    found.append(_("The plan is %(proof)s under the scenario's rules.") % values)
    return found


def _picture(standing: ScenarioStanding) -> bytes | None:
    """The map drawn by the planner itself, so that paper and screen show one plan."""
    if standing.result is None or not standing.result.is_feasible:
        return None
    instance, plan = planner_values(standing.material, standing.shown_rules, standing.result)
    towns: dict[int | str, str] = {town.id: town.name for town in standing.material.towns}
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "plan.png"
        language: Language = "zh" if _is_chinese() else "en"
        draw(instance, plan, target, title=standing.scenario.name, language=language, town_names=towns)
        return target.read_bytes()


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def _day(on: date) -> str:
    return official_date(on) if _is_chinese() else on.isoformat()


def _legend() -> str:
    """What the last column of the table of mergers says."""
    return _(
        "Assessment: beside the worst unit of this plan, and what weighs most against it. Parts and points stand in Heli."
    )


def _towns(standing: ScenarioStanding, visible: presenting.Visible) -> PaperTable:
    """Villages before and after by town, with the sum."""
    shown = presenting.town_in_view(standing, visible)
    lines = compute_town_lines(standing.material, standing.shown_rules, standing.result) if standing.result else []
    heads = [_("No."), _("Town"), _("Before"), _("After"), _("Fewer"), _("Reduction"), _("Registered population")]
    kept = [line for line in lines if shown is None or line.town in shown]
    sums = [sum(getattr(line, what) for line in kept) for what in ("before", "after", "population")]
    counted = [(line.name, line.before, line.after, line.population) for line in kept]
    rows = [
        [
            str(place) if place <= len(kept) else "", name, presenting.number(before), presenting.number(after),
            presenting.number(before - after), f"{Ratio(before - after, before).percent_text() or '—'}%",
            presenting.number(population),
        ]
        for place, (name, before, after, population) in enumerate([*counted, (_("Total"), *sums)], start=1)
    ]  # fmt: skip
    return PaperTable(
        heads, rows, widths=[10, 30, 18, 18, 18, 22, 30], aligns=[Align.CENTRE, Align.LEFT, *[Align.RIGHT] * 5]
    )


def _assessed(row: presenting.UnitRow) -> str:
    """How a unit fits and, of one that fits badly, what weighs most against it."""
    weighing = max(row.merger.parts, key=lambda part: part[1], default=None)
    said = str(FIT_LABELS[row.fit])
    if row.fit is not MergerFit.POOR or weighing is None or weighing[1] <= 0:
        return said
    return _("%(fit)s (%(reason)s)") % {"fit": said, "reason": PART_LABELS[weighing[0]]}


def _table(standing: ScenarioStanding, visible: presenting.Visible) -> PaperTable:
    heads = [
        _("No."),
        _("New village"),
        _("Town"),
        _("Kind"),
        _("Made of"),
        _("Population"),
        _("Farthest (m)"),
        _("Centre"),
        _("Assessment"),
    ]
    rows = [
        [
            str(place), row.name, row.town, str(KIND_LABELS[row.merger.kind]), row.members,
            presenting.number(row.population), presenting.number(row.farthest_m), row.centre, _assessed(row),
        ]
        for place, row in enumerate(presenting.merger_rows(standing, visible), start=1)
    ]  # fmt: skip
    aligns = [Align.CENTRE, *[Align.LEFT] * 4, Align.RIGHT, Align.RIGHT]
    return PaperTable(heads, rows, widths=[13, 20, 20, 16, 34, 16, 16, 20, 28], aligns=aligns)
