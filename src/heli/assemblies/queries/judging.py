"""What the law of the day says in a place of a sitting and of objections, and what is wrong at the fields of a form."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from heli.assemblies.catalogues import election_kind
from heli.assemblies.models import Sitting
from heli.assemblies.rules.deciding import SittingResult, decide
from heli.assemblies.rules.law import shelf
from heli.assemblies.rules.sittings import COUNTED, case_of
from heli.assemblies.texts import as_fault
from heli.assemblies.types import LawRule
from heli.kernel.faults import Fault, Finding, Unsound
from heli.places import queries as places
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


def jurisdiction_of(place_id: int, on: date) -> str:
    """ "CN-51" by the place's code on the day; "CN-" where it has none, which no pack knows."""
    row = places.version_on(place_id, on)
    return f"CN-{row.code[:2]}" if row is not None else "CN-"


def objection_rules(body: str, matter: str, place_id: int, on: date) -> tuple[LawRule | None, LawRule | None]:
    """In how many days an objection is made and ruled on, by the law of the unit on the day; None where none are named."""
    try:
        law = shelf().law_of(election_kind(body).law, jurisdiction_of(place_id, on), on)
    except Unsound:
        return None, None
    return law.objection(body, matter, "days_to_object"), law.objection(body, matter, "days_to_rule")


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
