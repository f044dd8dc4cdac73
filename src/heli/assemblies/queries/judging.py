"""What the law of the day says of a sitting in a district, and what is wrong with it at the fields of its form."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from heli.assemblies.models import Sitting
from heli.assemblies.provinces import jurisdiction_of
from heli.assemblies.rules.deciding import SittingResult, decide
from heli.assemblies.rules.law import shelf
from heli.assemblies.rules.sittings import COUNTED, case_of
from heli.assemblies.texts import as_fault
from heli.kernel.faults import Fault, Finding
from heli.records.fields import fields_of

COLUMNS = {
    f"counts.{name}": column for name, column in {**COUNTED, "entitled": "entitled", "present": "present"}.items()
}
FIELDS = COLUMNS | {
    "on": "held_on",
    "jurisdiction": "place",
    "body": "sits",
    "mode": "sits",
    "days_called": "called_on",
}
"""Fields of the forms by what findings call them."""


def at_fields(findings: tuple[Finding, ...]) -> list[Fault]:
    """Findings as sentences at the fields of the form, the numbers by their names on screen."""
    labels = {name: str(one.label) for name, one in fields_of(Sitting).items()}
    found = []
    for one in findings:
        field = FIELDS.get(one.field, one.field)
        named = {
            key: FIELDS.get(str(one.facts[key]), str(one.facts[key]))
            for key in ("part", "whole", "name")
            if key in one.facts
        }
        facts = {**one.facts, **{key: labels.get(name, name) for key, name in named.items()}}
        found.append(replace(as_fault(replace(one, facts=facts)), field=field, source=""))
    return found


def judged(given: Mapping[str, Any], jurisdiction: str) -> SittingResult:
    """What the law of the day says of a sitting's columns."""
    return decide(case_of(given, jurisdiction), shelf())


def judged_again(sitting: Sitting) -> SittingResult:
    """What the packs say today of a sitting as it was recorded."""
    given = {
        column.name: getattr(sitting, column.name) for column in Sitting._meta.concrete_fields if not column.is_relation
    }
    return judged(given, jurisdiction_of(sitting.district_id, sitting.held_on))
