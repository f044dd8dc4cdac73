"""Words of campaigns, in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from heli.accounts.texts import ROLES
from heli.accounts.types import RoleName
from heli.campaigns.types import (
    CampaignStatus,
    Colour,
    Did,
    EvidenceKind,
    Party,
    Playbook,
    Required,
    StepRule,
    StepStatus,
    Tag,
)
from heli.kernel.faults import Fault, Finding, Severity
from heli.kernel.levels import Per
from heli.kernel.relations import Conclusion, Relation, SaidRelation, day_text, say_relation

Text = str | Promise

CAMPAIGN_STATUSES: Mapping[CampaignStatus, Text] = {
    CampaignStatus.DRAFT: pgettext_lazy("campaign", "draft"),
    CampaignStatus.RUNNING: pgettext_lazy("campaign", "running"),
    CampaignStatus.PAUSED: pgettext_lazy("campaign", "resting"),
    CampaignStatus.FINISHED: pgettext_lazy("campaign", "finished"),
}
CAMPAIGN_TONES: Mapping[CampaignStatus, str] = {
    CampaignStatus.DRAFT: "quiet",
    CampaignStatus.RUNNING: "info",
    CampaignStatus.PAUSED: "quiet",
    CampaignStatus.FINISHED: "good",
}
STATUSES: Mapping[StepStatus, Text] = {
    StepStatus.NOT_STARTED: _("not started"),
    StepStatus.IN_PROGRESS: _("in progress"),
    StepStatus.SUBMITTED: _("submitted"),
    StepStatus.RETURNED: pgettext_lazy("step", "returned"),
    StepStatus.ACCEPTED: pgettext_lazy("step", "accepted"),
    StepStatus.WAIVED: _("waived"),
    StepStatus.MOVED: _("gone on in the successor"),
    StepStatus.ENDED: _("ended with the merger"),
}
STATUS_TONES: Mapping[StepStatus, str] = {
    StepStatus.NOT_STARTED: "quiet",
    StepStatus.IN_PROGRESS: "info",
    StepStatus.SUBMITTED: "info",
    StepStatus.RETURNED: "warn",
    StepStatus.ACCEPTED: "good",
    StepStatus.WAIVED: "quiet",
    StepStatus.MOVED: "quiet",
    StepStatus.ENDED: "quiet",
}
HAPPENED: Mapping[Did, Text] = {
    Did.STARTED: pgettext_lazy("step", "begun"),
    Did.SUBMITTED: _("submitted"),
    Did.WITHDREW: _("taken back before it was judged"),
    Did.RETURNED: pgettext_lazy("step", "returned"),
    Did.ACCEPTED: pgettext_lazy("step", "accepted"),
    Did.WAIVED: _("waived"),
    Did.REOPENED: _("opened again"),
    Did.ASKED_EXTENSION: _("more time asked for"),
    Did.EXTENDED: _("more time given"),
    Did.REFUSED_EXTENSION: _("more time refused"),
    Did.MOVED: _("gone on in the successor"),
    Did.ENDED: _("ended with the merger"),
    Did.REPLACED: _("changed by a newer playbook"),
    Did.REPLANNED: _("planned again for another fixed day"),
}
EVIDENCE: Mapping[EvidenceKind, Text] = {
    EvidenceKind.PHOTO: _("Photo"),
    EvidenceKind.FILE: _("File"),
    EvidenceKind.NUMBER: _("Number"),
    EvidenceKind.MINUTES: _("Minutes"),
    EvidenceKind.ATTESTATION: _("Attesting document"),
}
REACHED, NOT_REACHED, OPEN_YET = (
    _("{what}: reached. {left} = {a} {sign} {right} = {b}"),
    _("{what}: not reached. {left} = {a} {sign} {right} = {b}"),
    _("{what}: {left} {sign} {right}"),
)
"""What numbers have to reach, as an inequality of whole numbers."""
COLOURS: Mapping[Colour, Text] = {
    Colour.GREEN: _("in time"),
    Colour.YELLOW: _("yellow"),
    Colour.ORANGE: _("orange"),
    Colour.RED: _("red"),
}
COLOUR_TONES: Mapping[Colour, str] = {
    Colour.GREEN: "good",
    Colour.YELLOW: "warn",
    Colour.ORANGE: "warn",
    Colour.RED: "bad",
}
LEVELS: Mapping[Per, Text] = {
    Per.DISTRICT: _("District"),
    Per.TOWN: _("Town"),
    Per.VILLAGE: _("Village"),
    Per.SUCCESSOR: _("New village"),
}
TAGS: Mapping[Tag, Text] = {
    Tag.MERGED: _("merged"),
    Tag.ABSORBED: _("absorbed"),
    Tag.UNCHANGED: _("unchanged"),
    Tag.COMMUNITY: _("Community"),
    Tag.URBAN_VILLAGE: _("urban village"),
}
GATES: Mapping[str, Text] = {
    "ledger.assets_cleared": _("assets are cleared and registered"),
}
"""Gates whose contexts are not there yet: a document attests them."""
UNITS: Mapping[str, Text] = {
    "attendances": pgettext_lazy("unit", "attendances"),
    "contracts": pgettext_lazy("unit", "contracts"),
    "creditors": pgettext_lazy("unit", "creditors"),
    "departments": pgettext_lazy("unit", "departments"),
    "files": pgettext_lazy("unit", "files"),
    "groups": pgettext_lazy("unit", "groups"),
    "households": pgettext_lazy("unit", "households"),
    "items": pgettext_lazy("unit", "items"),
    "objections": pgettext_lazy("unit", "objections"),
    "opinions": pgettext_lazy("unit", "opinions"),
    "people": pgettext_lazy("unit", "people"),
    "plans": pgettext_lazy("unit", "plans"),
    "points": pgettext_lazy("unit", "points"),
    "posts": pgettext_lazy("unit", "posts"),
    "problems": pgettext_lazy("unit", "problems"),
    "projects": pgettext_lazy("unit", "projects"),
    "questionnaires": pgettext_lazy("unit", "questionnaires"),
    "sittings": pgettext_lazy("unit", "sittings"),
    "teams": pgettext_lazy("unit", "teams"),
    "villages": pgettext_lazy("unit", "villages"),
    "votes": pgettext_lazy("unit", "votes"),
    "yuan": pgettext_lazy("unit", "yuan"),
}
"""Units of the shipped playbooks; a locality's own playbook says its units in its own words."""


def unit_of(wanted: Required) -> str:
    """The unit of a number, in the reader's language."""
    return "" if wanted.is_day else str(UNITS.get(wanted.unit, wanted.unit))


def number_text(value: int, wanted: Required | None) -> str:
    """A number of a step with its unit, a day as a day."""
    if wanted is not None and wanted.is_day:
        return day_text(value)
    return f"{value:,} {unit_of(wanted) if wanted is not None else ''}".strip()


def role_of(party: Party) -> str:
    """Who does or accepts, in words: "Town officer (Town)"."""
    return now("%(role)s (%(level)s)") % {"role": ROLES[RoleName(party.role)], "level": LEVELS[party.level]}


def too_late(finding: Finding) -> Fault:
    """A fixed day that cannot be met, in a sentence."""
    return finding.said(
        now(
            "It cannot be finished by %(fixed)s: it needs %(needed)s working days, %(late)s more than there are. It would have "
            "had to begin on %(begins)s; choose a later day or a shorter playbook."
        )
    )


def violation(playbook: Playbook, finding: Finding) -> Fault:
    """What another fixed day breaks, in a sentence; what only comes late is a warning."""
    facts = {**finding.facts, "title": playbook.by_key[str(finding.facts["step"])].title.text(get_language() or "")}
    if finding.code == "late_at_once":
        text = now("“%(title)s” would be late at once: it would have been due on %(due)s.")
        return Fault(finding.code, text % facts, severity=Severity.WARNING, field="fixed_on")
    text = now("“%(title)s” must be finished %(before)s days before; %(left)s would be left. Choose a later day.")
    return Fault(finding.code, text % facts, field="fixed_on")


def said_relations(rule: StepRule) -> list[SaidRelation]:
    """The step's relations in the reader's words."""
    return [say(rule, one) for one in rule.relations]


def say(rule: StepRule, relation: Relation) -> SaidRelation:
    """A relation of a step in the reader's words."""
    language = get_language() or "zh-hans"
    words = {one.key: one.name.text(language) for one in rule.evidence if one.key}
    marks = {one.key: f"evidence-{number}" for number, one in enumerate(rule.evidence)}
    return say_relation(relation, words, marks, [one.key for one in rule.evidence if one.is_day])


def said_conclusions(rule: StepRule, values: Mapping[str, int]) -> list[tuple[Conclusion, str, bool | None]]:
    """What the step has to reach, each with its sentence and whether it is reached (None: not known yet)."""
    found = []
    for one in rule.follows:
        reached = one.is_reached(values)
        said = say(rule, one.relation)
        found.append((one, said.filled(said.sentence(template_of(one, reached)), values), reached))
    return found


def template_of(one: Conclusion, reached: bool | None) -> str:
    """How a conclusion is said: {left}, {right} are its sides, {a}, {b} their sums."""
    sign = {(True, True): "<", (True, False): "≥", (False, True): "≤", (False, False): ">"}
    word = REACHED if reached else NOT_REACHED if reached is False else OPEN_YET
    return (
        str(word)
        .replace("{what}", one.say.text(get_language() or "zh-hans"))
        .replace("{sign}", sign[one.relation.is_strict, reached is not False])
    )


TAB_GROUPS = {
    "progress": _("Course"),
    "work": _("Handling"),
    "matters": _("Problems and risks"),
    "people": _("Opinions of the people"),
    "votes": _("Votes and elections"),
    "papers": _("Material"),
}
"""The headings above the pages of a campaign, in order."""
