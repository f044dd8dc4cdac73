"""Whether an answer of mergeplan.pairing/1 stands."""

from __future__ import annotations

from collections.abc import Iterable

from mergeplan.questions.checks.common import Raw, check_head, flaw
from mergeplan.types import Flaw


def check_pairing(raw: Raw, answer: Raw) -> list[Flaw]:
    """Every rule that is broken, and counts that are not those of the pairs."""
    given = answer.get("pairs")
    known = {org["id"] for org in raw["orgs"]}, {area["id"] for area in raw["areas"]}
    pairs = {(row[0], row[1]) for row in given if len(row) == 2} if isinstance(given, list) else set()
    if (
        not isinstance(given, list)
        or len(pairs) != len(given)
        or any(o not in known[0] or a not in known[1] for o, a in pairs)
    ):
        return [flaw("pairs", "does not list pairs of the file, each once", "pairs")]
    found, unmet, changes, pressure = recompute_pairing(raw, pairs)
    for name, value in (("unmet", unmet), ("changes", changes), ("pressure", pressure)):
        if answer.get(name) != value:
            found.append(flaw(name, f"is {answer.get(name)}, recomputed {value}", name))
    return found + check_head(answer, unmet * (len(raw["orgs"]) + 1) + changes)


def recompute_pairing(raw: Raw, pairs: Iterable[tuple[str, str]]) -> tuple[list[Flaw], int, int, int]:
    """What is wrong with these pairs; their unmet needs, changes and greatest pressure."""
    rules, cap = raw["rules"], raw.get("pressure_cap")
    orgs = {org["id"]: org for org in raw["orgs"]}
    areas_of: dict[str, set[str]] = {key: set() for key in orgs}
    helpers: dict[str, list[str]] = {area["id"]: [] for area in raw["areas"]}
    for o, a in pairs:
        areas_of[o].add(a)
        helpers[a].append(o)
    found = [
        flaw("forbidden", f"{o} and {a} are forbidden", "pairs")
        for o, a in raw.get("forbidden", ())
        if a in areas_of[o]
    ]
    found += [
        flaw("locked", f"{o} and {a} are locked together", "pairs")
        for o, a in raw.get("locks", ())
        if a not in areas_of[o]
    ]
    for o, areas in areas_of.items():
        if not rules["per_org"][0] <= len(areas) <= rules["per_org"][1]:
            found.append(flaw("per-org", f"{o} has {len(areas)} areas", "pairs"))
    unmet = pressure = 0
    for area in raw["areas"]:
        key, here = area["id"], helpers[area["id"]]
        if not rules["per_area"][0] <= len(here) <= rules["per_area"][1]:
            found.append(flaw("per-area", f"{key} has {len(here)} organisations", "pairs"))
        if area["key"] and (
            len(here) < rules["key_least"] or sum(orgs[o]["strong"] for o in here) < rules["key_strong"]
        ):
            found.append(flaw("key", f"the key area {key} has too few or too few strong ones", "pairs"))
        staff = sum(orgs[o]["staff"] for o in here)
        pressed = 1000 * area["weight"] if not staff else (1000 * area["weight"] + staff - 1) // staff
        pressure = max(pressure, pressed)
        if cap is not None and area["weight"] and (not staff or pressed > cap):
            found.append(flaw("pressure", f"{key} has {pressed:,}, at most {cap:,} are allowed", "pairs"))
        unmet += area["villages"] * sum(all(need not in orgs[o]["tags"] for o in here) for need in set(area["needs"]))
    present: dict[str, set[str]] = {}
    for o, a in raw.get("present", ()):
        present.setdefault(o, set()).add(a)
    changes = sum(bool(areas_of[o] - areas) for o, areas in present.items())
    return found, unmet, changes, pressure
