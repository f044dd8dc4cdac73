"""The brief of a plan in the official layout of documents."""

import tempfile
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heli.files.documents import Align, Block, Document, Heading, PaperTable, Paragraph, Picture, render_docx
from heli.planning import presenting
from heli.planning.queries import ScenarioStanding
from heli.planning.rules import compute_summary
from heli.planning.solving import planner_values
from heli.planning.wording import KIND_LABELS
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
        accepted = {"number": standing.acceptance.document_number, "on": standing.acceptance.document_on}
        number = _("Accepted by %(number)s of %(on)s") % accepted
    # The picture shows the whole district, so that it is for those who see all of it.
    picture = _picture(standing) if visible is None else None
    summary = [Paragraph(text) for text in summary_sentences(standing, visible)]
    blocks: list[Block] = [Heading(1, _("I. Summary")), *summary]
    if picture is not None:
        blocks += [Heading(1, _("II. Map")), Picture(picture)]
    blocks += [Heading(1, _("III. Mergers") if picture is not None else _("II. Mergers")), _table(standing, visible)]
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
        "day": standing.material.on,
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
        language: Language = "zh" if (get_language() or "").startswith("zh") else "en"
        draw(instance, plan, target, title=standing.scenario.name, language=language, town_names=towns)
        return target.read_bytes()


def _table(standing: ScenarioStanding, visible: presenting.Visible) -> PaperTable:
    heads = [
        _("No."),
        _("New village"),
        _("Town"),
        _("Kind"),
        _("Made of"),
        _("Population"),
        _("Farthest way (m)"),
        _("Centre"),
    ]
    rows = [
        [
            str(place), row.name, row.town, str(KIND_LABELS[row.merger.kind]), row.members,
            presenting.number(row.population), presenting.number(row.farthest_m), row.centre,
        ]
        for place, row in enumerate(presenting.merger_rows(standing, visible), start=1)
    ]  # fmt: skip
    aligns = [Align.CENTRE, *[Align.LEFT] * 4, Align.RIGHT, Align.RIGHT]
    return PaperTable(heads, rows, widths=[10, 24, 20, 18, 40, 16, 14, 22], aligns=aligns)
