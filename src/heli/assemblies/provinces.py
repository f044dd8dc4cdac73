"""Whose law holds in a place, by its code; and in how many days objections are made and ruled on there."""

from datetime import date

from heli.assemblies.catalogues import election_kind
from heli.assemblies.rules.law import shelf
from heli.assemblies.types import LawRule
from heli.kernel.faults import Unsound
from heli.places import queries as places


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
