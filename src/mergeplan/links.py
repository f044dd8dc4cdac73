"""Which must-links, zones and cannot-links cannot be kept: named one by one.

For a town without any plan the links of one family are given up, then taken back as far as there is still a plan: what is left is a
smallest set of them that cannot be kept together (a deletion filter). Every step is an exact solve of that town.
"""

from __future__ import annotations

from collections.abc import Sequence

from mergeplan.families import FAMILIES, Relaxed
from mergeplan.solving import Solvers
from mergeplan.types import Explanation, Instance, MergeplanError, TownId, label_key
from mergeplan.whynot import why_not

Link = tuple[int, ...]
MOST_LINKS = 60
"""Links of a family in one town up to which the clash is looked for."""
WORDS = {"must": "must-link", "zones": "zone", "cannot": "cannot-link"}


def clashing_links(solvers: Solvers, label: TownId) -> list[Explanation]:
    """The links of a town without plan that cannot be kept, each with the reason where it has one by itself."""
    reasons = []
    for family in FAMILIES:
        if family.rule not in WORDS:
            continue
        links = _links_of(solvers.instance, family.rule, label)
        if not links or len(links) > MOST_LINKS:
            continue
        try:
            clash = _smallest_clash(solvers.instance, solvers.relaxed(family), label, family.rule, links)
        except MergeplanError:
            continue  # without these links there are too many units to list
        reasons += [_in_words(solvers.instance, family.rule, label, link, clash) for link in clash]
    return reasons


def _links_of(instance: Instance, rule: str, label: TownId) -> list[Link]:
    given: Sequence[Link] = getattr(instance.rules, rule)

    def by_id(i: int) -> tuple[int, int, str]:
        return label_key(instance.id[i])

    # In order of ids, so that the order of the input leaves no trace.
    links = [tuple(sorted(link, key=by_id)) for link in given if any(instance.town[i] == label for i in link)]
    return sorted(links, key=lambda link: [by_id(i) for i in link])


def _smallest_clash(instance: Instance, relaxed: Relaxed, label: TownId, rule: str, links: list[Link]) -> list[Link]:
    """Links that cannot all be kept although any one fewer could; empty where this family is not the reason."""
    solver, _ = relaxed.town(label)
    town = relaxed.layout(label)
    joined = []
    for c in solver.columns.columns:
        members = {town.index[p] for p in c.members}
        joined.append(members | ({town.hosts[c.centre]} if c.counted == 0 and c.kind == "absorbed" else set()))
    breaks = {link: frozenset(j for j, s in enumerate(joined) if _is_broken(rule, link, s)) for link in links}

    def has_plan(kept: list[Link]) -> bool:
        if any(_is_hopeless(instance, rule, link) for link in kept):
            return False
        return solver.extreme(1, frozenset().union(*(breaks[link] for link in kept))) is not None

    if not has_plan([]) or has_plan(links):
        return []
    needed = list(links)
    for link in links:
        fewer = [other for other in needed if other != link]
        if not has_plan(fewer):
            needed = fewer
    return needed


def _is_broken(rule: str, link: Link, joined: set[int]) -> bool:
    inside = joined & set(link)
    return len(inside) > 1 if rule == "cannot" else bool(inside) and len(inside) < len(link)


def _is_hopeless(instance: Instance, rule: str, link: Link) -> bool:
    """Broken by the places alone: villages of two towns, or two hosts."""
    hosts = sum(i in instance.rules.hosts for i in link)
    return rule != "cannot" and (hosts > 1 or len({instance.town[i] for i in link}) > 1)


def _in_words(instance: Instance, rule: str, label: TownId, link: Link, clash: list[Link]) -> Explanation:
    names = " – ".join(instance.label(i) for i in link)
    if len(clash) > 1:
        why = f"cannot be kept together with the other {len(clash) - 1} named here"
    else:
        broken = [] if rule == "cannot" else why_not(instance, [instance.id[i] for i in link], whole=False)
        why = "; ".join(broken) or "cannot be kept beside the other rules"
    message = f"Town {label}: the {WORDS[rule]} {names}: {why}."
    values = {"town": label, "rule": rule, "group": [instance.id[i] for i in link]}
    return Explanation("link-clash", message, values)
