"""Progress of many villages by one Excel file: all of it or nothing, every problem with its row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.campaigns.models import Campaign, Step
from heli.campaigns.services.evidence import GivenProof, give
from heli.campaigns.services.passing import check_relations, rule_of
from heli.campaigns.services.runs import local_day
from heli.campaigns.services.steps import FILL, submit_step
from heli.campaigns.types import EvidenceKind
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.quantities import read_whole
from heli.kernel.relations import day_number
from heli.places.imports.queries import day_in

VALUE, DAY, SUBMIT = "H", "I", "J"
"""The columns of the form that people fill in."""
YES = "是"


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One line of the file: which step of which place, which of its requirements, what was written there.

    `row` is the line as the spreadsheet counts it, `label` what it says of itself; `value` a number or words; `submit`: hand
    the step in afterwards.
    """

    row: int
    place_id: str
    key: str
    requirement: int | None
    value: str
    on: date | None
    submit: bool
    sheet: str = ""
    label: str = ""

    def where(self, column: str, value: str) -> str:
        """Where a person finds a cell: sheet, cell, what stands there, what it is about."""
        text = _("sheet “%(sheet)s”, cell %(cell)s, “%(value)s”, %(label)s")
        cell = f"{column}{self.row}"
        return text % {"sheet": self.sheet, "cell": cell, "value": value, "label": self.label}


def fill_many(
    *, actor: Actor, campaign: Campaign, rows: Sequence[FilledRow], at: datetime | None = None
) -> dict[str, int]:
    """Write every line as if it had been typed on its page; returns counts {proof, submitted}.

    Raises `Refused` with every problem and its row, and then nothing is written; `Forbidden`.
    """
    now = at or timezone.now()
    if not rows:
        raise Refused(Fault("nothing_filled", _("The file has no line with a value.")))
    steps = _steps(campaign, rows)
    done, faults = {"proof": 0, "submitted": 0}, list[Fault]()
    touched, submitting = dict[int, tuple[FilledRow, Step]](), dict[int, tuple[FilledRow, Step]]()
    with writing(actor, "campaigns.fill_many", action=FILL, at=now) as act:
        for line in rows:
            step = steps.get((line.place_id, line.key))
            try:
                if step is None:
                    text = _("The campaign has no step “%(key)s” for this place.")
                    raise Refused(Fault("unknown_step", text % {"key": line.key}))
                if line.value:
                    _add(actor, step, line, now)
                    done["proof"] += 1
                    touched[step.pk] = (line, step)
                if line.submit:
                    submitting[step.pk] = (line, step)
            except Refused as refused:
                faults += _at(line, refused)
        for key, (line, step) in touched.items():
            if key not in submitting and (wrong := check_relations(step, on=local_day(now))):
                faults += _at(line, Refused(wrong))
        for line, step in submitting.values():
            try:
                submit_step(actor=actor, step=step, at=now)
                done["submitted"] += 1
            except Refused as refused:
                faults += _at(line, refused, submitting=True)
        if faults:
            raise Refused(faults)
        act.subject, act.after = f"campaign:{campaign.public_id}", {"rows": len(rows), **done}
    return done


def _steps(campaign: Campaign, rows: Sequence[FilledRow]) -> dict[tuple[str, str], Step]:
    wanted = {line.place_id for line in rows}
    found = Step.objects.filter(campaign=campaign, track__place__public_id__in=wanted)
    steps = found.select_related("track__place", "campaign__playbook", "campaign__scenario")
    return {(step.track.place.public_id, step.key): step for step in steps}


def _add(actor: Actor, step: Step, line: FilledRow, now: datetime) -> None:
    asked, which = rule_of(step).evidence, -1 if line.requirement is None else line.requirement
    wanted = asked[which] if which in range(len(asked)) else None
    number, text = None, line.value
    if wanted is not None and wanted.is_day:
        day = day_in(line.value)
        number, text = day_number(day) if day is not None else None, ""
    elif wanted is not None and wanted.kind is EvidenceKind.NUMBER:
        number, text = read_whole(line.value), ""
    give(actor=actor, step=step, piece=GivenProof(which, number=number, text=text, on=line.on), at=now)


def _at(line: FilledRow, refused: Refused, *, submitting: bool = False) -> list[Fault]:
    where = line.where(SUBMIT, YES) if submitting else line.where(VALUE, line.value)
    return [replace(fault, source=where, field="") for fault in refused.faults]
