"""What a contest came to, as its page, its result sheet and strangers see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heli.assemblies.catalogues import post_words
from heli.assemblies.models import CountSheet, Nominee, SheetState, UnitContest
from heli.assemblies.queries.elections import computed
from heli.assemblies.rules.tallies import votes_of
from heli.assemblies.texts import RESULTS, as_fault
from heli.kernel.faults import Fault, Finding


@dataclass(frozen=True, slots=True)
class VotesLine:
    """Somebody with their votes: `tone` and `mark` say whether elected, or voted on again."""

    number: int
    name: str
    votes: int
    mark: str
    tone: str


@dataclass(frozen=True, slots=True)
class PostVotes:
    """A post with everybody who stood for it, most votes first, and the seats that stayed open."""

    post: str
    seats: int
    seats_left: int
    lines: tuple[VotesLine, ...]


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A result to be shown: declared or as the sheets stand. `outstanding` ballots could still change it when `is_undecidable`."""

    status: str
    words: str
    posts: tuple[PostVotes, ...]
    tests: tuple[dict[str, Any], ...]
    totals: dict[str, int]
    outstanding: int
    is_undecidable: bool
    recount: str
    faults: tuple[Fault, ...]
    packs: str


def result_of(contest: UnitContest, nominees: Sequence[Nominee], sheets: Sequence[CountSheet]) -> ShownResult | None:
    """The declared result, or what the agreed sheets say so far; None before the first is agreed."""
    language = "zh-hans" if (get_language() or "zh").startswith("zh") else "en"
    findings: tuple[Finding, ...] = ()
    if hasattr(contest, "declaration"):
        case, said = contest.declaration.case, contest.declaration.result
    elif contest.registered and any(sheet.state == SheetState.AGREED for sheet in sheets):
        case, result = computed(contest)
        said = result.as_json(language, as_fault)
        findings = result.findings if result.status == "refused" else ()
    else:
        return None
    votes, names = votes_of(case), {(one.post, one.number): one for one in nominees}
    empty = [{"post": one["post"], "elected": [], "revote": [], "seats_left": 0} for one in case["posts"]]
    posts = []
    for post in said["posts"] or empty:
        key = post["post"]
        given = sorted(votes.get(key, {}).items(), key=lambda pair: (-pair[1], int(pair[0])))
        lines = [_line(names.get((key, int(number))), number, count, post) for number, count in given]
        label = post_words(contest.election.body, key)
        posts.append(PostVotes(label, contest.seats.get(key, 0), post["seats_left"], tuple(lines)))
    sheets_of = case.get("sheets", ())
    totals = {name: sum(sheet[name] for sheet in sheets_of) for name in ("issued", "returned", "invalid", "valid")}
    packs = [said["pack"], said["pack"]["overlay"]] if said["pack"] else []
    return ShownResult(
        status=said["status"], words=str(RESULTS[said["status"]]), posts=tuple(posts), tests=tuple(said["tests"]), totals=totals,
        outstanding=case.get("outstanding", 0), is_undecidable=said["status"] == "undecidable", recount=_margin(said["recount"]),
        faults=tuple(as_fault(one) for one in findings), packs="、".join(f"{one['id']} v{one['version']}" for one in packs if one),
    )  # fmt: skip


def _margin(recount: dict[str, Any] | None) -> str:
    """How few ballots, read otherwise, would change what."""
    if not recount:
        return ""
    texts = {
        "turnout": _("whether enough took part"),
        "threshold": _("whether somebody has enough votes"),
        "next": _("who comes next"),
    }
    facts = {"ballots": recount["ballots"], "what": texts[recount["reason"]]}
    return _("%(ballots)s ballots read otherwise would change %(what)s.") % facts


def _line(one: Nominee | None, number: str, votes: int, post: dict[str, Any]) -> VotesLine:
    mark, tone = "", ""
    if number in post["elected"]:
        mark, tone = _("elected"), "good"
    elif number in post["revote"]:
        mark, tone = _("voted on again"), "warn"
    return VotesLine(int(number), one.name if one else "", votes, mark, tone)


def result_text(contest: UnitContest, nominees: Sequence[Nominee]) -> str:
    """The words of the notice: numbers, and who was elected to which post."""
    result = result_of(contest, nominees, ())
    assert result is not None
    said = {**result.totals, "registered": contest.registered, "day": contest.on}
    lines = [
        _("Election of %(day)s: %(registered)s registered, %(returned)s ballots returned, %(invalid)s of them invalid.")
        % said,
        result.words,
    ]
    for post in result.posts:
        elected = [f"{line.name}（{line.votes}）" for line in post.lines if line.tone == "good"]
        if elected:
            lines.append(f"{post.post}：{'、'.join(elected)}")
    return "\n\n".join(lines)
