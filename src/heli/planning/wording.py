"""Planning's words: findings and the planner's explanations as sentences, enums as labels. The only place that knows both
the rules' codes and the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from heli.kernel.faults import Fault, Severity
from heli.kernel.periods import FIRST_DAY, LAST_DAY
from heli.planning.sharing import PartStatus, Way
from heli.planning.types import (
    GoalKind,
    MergerFit,
    MergerKind,
    OverrideKind,
    RuleFinding,
    RunState,
    ScenarioStatus,
    VillageClass,
)

STATUS_LABELS: Mapping[str, Promise] = {
    ScenarioStatus.DRAFT: lazy("draft"),
    ScenarioStatus.PROPOSED: lazy("proposed"),
    ScenarioStatus.ACCEPTED: lazy("accepted"),
    ScenarioStatus.APPLIED: lazy("applied"),
    ScenarioStatus.REVERSED: lazy("reversed"),
}
STATUS_TONES: Mapping[str, str] = {
    ScenarioStatus.DRAFT: "quiet",
    ScenarioStatus.PROPOSED: "info",
    ScenarioStatus.ACCEPTED: "good",
    ScenarioStatus.APPLIED: "good",
    ScenarioStatus.REVERSED: "quiet",
}
PROOF_LABELS: Mapping[str, Promise] = {
    "optimal": lazy("proven best"),
    "feasible": lazy("best found, with a proven gap"),
    "infeasible": lazy("no plan under these rules"),
}
KIND_LABELS: Mapping[str, Promise] = {
    MergerKind.TWO_IN_ONE: lazy("2-in-1"),
    MergerKind.THREE_IN_ONE: lazy("3-in-1"),
    MergerKind.MORE_IN_ONE: lazy("4-in-1 or more"),
    MergerKind.ABSORBED: lazy("absorbed into a community"),
    MergerKind.KEPT: lazy("kept"),
    MergerKind.FIXED: lazy("fixed"),
    MergerKind.CONVERTED: lazy("converted to a community"),
}
KIND_COLOURS: Mapping[str, int] = {kind: number for number, kind in enumerate(MergerKind)}
FIT_LABELS: Mapping[str, Promise] = {
    MergerFit.GOOD: lazy("fits well"),
    MergerFit.FAIR: lazy("will do"),
    MergerFit.POOR: lazy("look again"),
}
CLASS_LABELS: Mapping[str, Promise] = {
    VillageClass.MARKET_TOWN: lazy("market-town village"),
    VillageClass.CENTRAL: lazy("central village"),
    VillageClass.CHARACTERISTIC: lazy("characteristic village"),
}
OVERRIDE_LABELS: Mapping[str, Promise] = {
    OverrideKind.FIXED: lazy("stays as it is"),
    OverrideKind.EXEMPT: lazy("may stay below the smallest population"),
    OverrideKind.CONVERT: lazy("may become a community by itself"),
    OverrideKind.ABSORB: lazy("may join a community"),
}
GOAL_LABELS: Mapping[str, Promise] = {
    GoalKind.REDUCTION: lazy("reduction of at least"),
    GoalKind.AT_MOST: lazy("at most so many villages"),
    GoalKind.EXACTLY: lazy("exactly so many villages"),
}
WAY_LABELS: Mapping[str, Promise] = {
    Way.FOUND_BEST: lazy("found best: shared so that all plans together are cheapest"),
    Way.HANDED_DOWN: lazy("handed down: each district is given its number"),
}
WAY_NAMES: Mapping[str, Promise] = {Way.FOUND_BEST: lazy("found best"), Way.HANDED_DOWN: lazy("handed down")}
PART_STATUS_LABELS: Mapping[str, Promise] = {
    **PROOF_LABELS,
    PartStatus.UNPLANNED: lazy("could not be planned"),
    "": lazy("not computed"),
}
PART_STATUS_TONES: Mapping[str, str] = {
    "optimal": "good",
    "feasible": "info",
    "infeasible": "bad",
    "unplanned": "warn",
    "": "quiet",
}
JOINT_STATE_LABELS: Mapping[str, Promise] = {
    RunState.QUEUED: lazy("waiting"),
    RunState.RUNNING: lazy("being computed"),
    RunState.DONE: lazy("plans are computed"),
    RunState.FAILED: lazy("failed"),
}
JOINT_STATE_TONES: Mapping[str, str] = {
    RunState.QUEUED: "quiet",
    RunState.RUNNING: "info",
    RunState.DONE: "good",
    RunState.FAILED: "bad",
}
PART_LABELS: Mapping[str, Promise] = {
    "balance": lazy("size differs from the target"),
    "travel": lazy("way to the centre"),
    "disrupt": lazy("people who leave their seat"),
    "compact": lazy("shape not compact"),
    "affinity": lazy("little in common"),
}
RULE_LABELS: Mapping[str, Promise] = {
    "k": lazy("villages in one merger, at most"),
    "pmin": lazy("smallest population of a new village"),
    "pmax": lazy("largest population of a merged village"),
    "radius_m": lazy("farthest way to the centre (m)"),
    "count": lazy("number of villages"),
}
RULE_OF_PLANNER: Mapping[str, Promise] = {
    "k": RULE_LABELS["k"],
    "Pmin": RULE_LABELS["pmin"],
    "Pmax": RULE_LABELS["pmax"],
    "R": RULE_LABELS["radius_m"],
    "K": RULE_LABELS["count"],
    "Kmin": RULE_LABELS["count"],
    "must": lazy("villages that must stay together"),
    "zones": lazy("feature zones"),
    "cannot": lazy("villages kept apart"),
    "fixed": lazy("villages that stay as they are"),
}
SENTENCES: Mapping[str, Promise] = {
    "goal.reduction": lazy("Give a reduction from 0 to 99.99 %."),
    "goal.count": lazy("Give a number of villages from 1 to %(before)s, the number before."),
    "k.range": lazy("A merger joins at least 1 and at most %(most)s villages: choose a number between."),
    "window.empty": lazy(
        "The smallest population %(low)s is above the largest %(high)s: lower the first or raise the second."
    ),
    "radius.range": lazy("The farthest way must be at least 1 m."),
    "target.range": lazy("The target population must be at least 1; leave it empty to take the average."),
    "detour.range": lazy("Roads are 1 to 5 times as long as the straight line: give a factor between."),
    "weight.range": lazy("A weight lies between 0 and 100."),
    "cost.range": lazy("A cost lies between 0 and 1,000,000."),
    "village.unknown": lazy(
        "Unknown villages (%(ids)s): the scenario was planned from another register. Choose from the list."
    ),
    "lock.towns": lazy(
        "%(names)s lie in different towns: a merger stays inside one town. Merge the towns in the scenario first."
    ),
    "lock.too_many": lazy("%(names)s are more than %(k)s villages: lock fewer or allow larger mergers."),
    "lock.twice": lazy("%(name)s is locked into two mergers: unlock one of them."),
    "forbid.locked": lazy("%(names)s are locked together: unlock the merger before keeping them apart."),
    "override.reason": lazy("Say why %(name)s departs from the rules: one village, one policy needs a reason."),
    "override.host": lazy("Choose the community that %(name)s is to join."),
    "override.apart": lazy("%(name)s and %(host)s have no common border: choose a neighbouring community."),
    "override.twice": lazy("%(name)s already has a policy of its own: remove it first."),
    "zone.small": lazy("The feature zone “%(name)s” needs a name and at least two villages."),
    "town.twice": lazy("A town can merge into one other town only."),
    "town.unknown": lazy("Choose two towns of this district."),
    "town.itself": lazy("%(name)s cannot merge into itself."),
    "town.chain": lazy("%(name)s merges into %(into)s, which itself merges into another: name the town that stays."),
    "move.same": lazy("%(name)s already belongs to this new village."),
    "move.town": lazy("%(name)s and %(target)s lie in different towns: merge the towns in the scenario first."),
    "move.too_many": lazy(
        "The new village would have %(count)s members, the rules allow %(k)s: raise the limit or choose another."
    ),
    "move.apart": lazy("%(name)s touches none of %(names)s: a new village must hang together."),
    "name.twice": lazy("Two new villages of %(town)s would be called %(name)s: choose another name for one."),
    "name.empty": lazy("Every new village needs a name."),
    "joint.empty": lazy("Choose at least one district."),
    "joint.no_villages": lazy("The register has no villages of these districts on that day: choose a later one."),
    "share.unreadable": lazy(
        "Line %(line)s (%(text)s): write a district, then a whole number or a percentage like 40.95%%."
    ),
    "share.unknown": lazy("Line %(line)s (%(text)s): no district of the list has this name or code."),
    "share.twice": lazy("Line %(line)s (%(text)s): this district already has a line."),
    "share.elsewhere": lazy("%(name)s is given a number but is not chosen above."),
    "share.range": lazy(
        "%(name)s has %(before)s villages: give it a number from 1 to %(before)s, or a lower percentage."
    ),
    "share.sum": lazy("The numbers add up to %(given)s, the count of all is %(total)s: change one of them."),
    "share.sum_rest": lazy(
        "The numbers take %(given)s of %(total)s: %(left)s are left for %(others)s other districts with %(most)s villages. "
        "Give the others at least one each and no more than they have."
    ),
}
EXPLANATIONS: Mapping[str, Promise] = {
    "gap": lazy("Not proven best: a plan cheaper by at most %(gap)s millionths may exist."),
    "at-limit": lazy("These towns are at the fewest villages that the rules allow: %(towns)s."),
    "islands": lazy("%(town)s has %(count)s villages without any neighbour: they stay as they are."),
    "town-in-parts": lazy("%(town)s lies in %(parts)s parts that share no border: no merger reaches across."),
    "absorb-not-offered": lazy(
        "%(village)s cannot join %(host)s: not neighbours in one town, or fixed, or kept apart."
    ),
    "range-empty": lazy("At least %(low)s and at most %(high)s villages cannot both hold."),
    "ranges": lazy("Possible numbers by town: %(ranges)s."),
    "too-few-asked": lazy("The rules allow %(fewest)s to %(most)s villages in all; at most %(asked)s were asked for."),
    "too-many-asked": lazy(
        "The rules allow %(fewest)s to %(most)s villages in all; at least %(asked)s were asked for."
    ),
    "gap-in-counts": lazy("No plan has this number of villages; the nearest numbers are %(nearest)s."),
    "town-stuck": lazy("%(town)s cannot be planned at all under the rules."),
    "towns-stuck": lazy("These towns cannot be planned under the rules either: %(towns)s."),
    "no-single-relaxation": lazy("For %(town)s no rule helps when it alone is changed: change several."),
    "village-stuck": lazy("%(village)s in %(town)s fits into no new village: alone or merged it breaks a rule."),
    "link-clash": lazy("%(group)s: the rule that ties or parts them is among those that cannot be kept in %(town)s."),
    "edits": lazy("Without the locks and bans made by hand there is a plan."),
    "wish-breaks-rule": lazy("What was settled by hand about %(group)s breaks a rule."),
    "drop-wish": lazy("Taking back what was settled by hand about %(group)s would be enough."),
    "relax": lazy("It would be enough to change one rule: %(rule)s."),
    "relax-town": lazy("For %(town)s it would be enough to change one rule: %(rule)s."),
    "duplicate-name": lazy("%(village)s has a namesake: the codes tell the two apart."),
    "zero-population": lazy("Nobody lives in %(village)s: it is planned all the same; check the figure."),
    "no-perimeter": lazy("%(village)s has no outline: its shape counts as compact."),
}
"""The planner's explanations by code; those it gives about a plan that needs no comment are left out."""
QUIET = frozenset({"summary", "town-limit"})  # the ranges by town already say how low each can go
ABOUT_PLACES = ("town", "village", "host")


def explained(finding: RuleFinding, name_of: Callable[[object], str]) -> str:
    """An explanation of the planner in the reader's language; `name_of` tells the name of a town or village by its key."""
    values = dict(finding.values)
    if finding.code == "relax":
        rule = RULE_OF_PLANNER.get(str(values.get("rule")))
        old, new = values.get("from"), values.get("to")
        label = str(rule) if rule is not None else str(values.get("how", values.get("rule")))
        values["rule"] = f"{label} {old} → {new}" if new is not None else label
    code = "relax-town" if finding.code == "relax" and "town" in values else finding.code
    template = EXPLANATIONS.get(code)
    if template is None:
        return str(values.get("message", finding.code))
    for key in ABOUT_PLACES:
        if key in values:
            values[key] = name_of(values[key])
    for key in ("towns", "group"):
        several = values.get(key)
        if isinstance(several, list | tuple):
            values[key] = [name_of(item) for item in several]
    ranges = values.get("ranges")
    if isinstance(ranges, Mapping):
        values["ranges"] = [f"{name_of(town)} {low}–{high}" for town, (low, high) in ranges.items()]
    return str(template) % {key: joined(value) for key, value in values.items()}


def sentence(finding: RuleFinding) -> str:
    """A finding in the reader's language; lists of names are joined as that language joins them."""
    template = SENTENCES.get(finding.code)
    if template is None:
        return str(finding.values.get("message", finding.code))
    return str(template) % {key: joined(value) for key, value in finding.values.items()}


def joined(value: object) -> object:
    """A list as one text."""
    return str(_(", ")).join(str(item) for item in value) if isinstance(value, list | tuple) else value


def faults(findings: Iterable[RuleFinding]) -> list[Fault]:
    """Findings as problems, ready to be shown at their fields."""
    return [
        Fault(
            f"planning.{finding.code}",
            sentence(finding),
            Severity.WARNING if finding.is_warning else Severity.ERROR,
            finding.field,
        )
        for finding in findings
    ]


def implausible_day(field: str) -> Fault:
    """A day that cannot be meant."""
    message = _("Choose a day from %(first)s to %(last)s.") % {"first": FIRST_DAY, "last": LAST_DAY}
    return fault("day_implausible", message, field)


def fault(code: str, message: str, field: str = "") -> Fault:
    """One problem of planning."""
    return Fault(f"planning.{code}", message, field=field)


def choices(labels: Mapping[str, Promise]) -> list[tuple[str, Any]]:
    """Labels as choices of a form field."""
    return [(str(key), label) for key, label in labels.items()]
