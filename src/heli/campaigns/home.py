"""What campaigns show on the first page: submissions to judge with their proof, and how far each campaign is."""

from typing import Any

from django.utils.translation import get_language

from heli.campaigns.queries import submissions as queries
from heli.campaigns.queries.runs import READ, campaigns_in_scope, rows_of_campaigns
from heli.campaigns.types import CampaignStatus
from heli.kernel.access import may
from heli.kernel.panels import HomeAsk, HomePart
from heli.records.home import waiting_for
from heli.records.inbox import InboxLine

MOST_SUBMISSIONS, MOST_CAMPAIGNS, MOST_PROOF = 3, 3, 4


def submissions(ask: HomeAsk) -> dict[str, Any] | None:
    """The most pressing submissions for the reader to judge, each with its proof and its buttons; two queries.

    What brings an act with it (a plan enters the register) is judged on its own page.
    """
    lines = [line for line in waiting_for(ask) if line.due.id == "campaigns.judge"]
    if not lines:
        return None
    keys = {line.one.link: _key(line) for line in lines[: 4 * MOST_SUBMISSIONS]}
    found = queries.submissions(list(keys.values()))
    known = [(line, found[keys[line.one.link]]) for line in lines[: len(keys)] if keys[line.one.link] in found]
    shown = [(line, step) for line, step in known if not step.rule.act][:MOST_SUBMISSIONS]
    proof = queries.proof_of([step.id for _line, step in shown])
    language = get_language() or "zh-hans"
    cards = []
    for line, step in shown:
        ask.told().add(line.one.link)
        asked = step.rule.evidence
        cards.append(
            {
                "line": line,
                "by": step.by,
                "on": step.on,
                "more": max(0, len(proof.get(step.id, ())) - MOST_PROOF),
                "proof": [
                    {
                        "of": one,
                        "name": asked[one.requirement].name.text(language) if one.requirement < len(asked) else "",
                    }
                    for one in proof.get(step.id, ())[:MOST_PROOF]
                ],
            }
        )
    return {"cards": cards, "more": len(lines) - len(cards)} if cards else None


def _key(line: InboxLine) -> queries.StepKey:
    place, _colon, key = line.one.public_id.partition(":")
    return line.one.about, place, key


def progress(ask: HomeAsk) -> dict[str, Any] | None:
    """The newest running campaigns: steps of the reader's part, done and all."""
    if not may(ask.actor, READ):
        return None
    running = list(campaigns_in_scope(ask.actor).filter(status=CampaignStatus.RUNNING)[:MOST_CAMPAIGNS])
    may_open = may(ask.actor, "campaigns.open")
    rows = rows_of_campaigns(ask.actor, running, ask.on) if running else []
    return {"rows": rows, "may_open": may_open} if rows or may_open else None


HOME = (
    HomePart(id="campaigns.submissions", template="campaigns/home_submissions.html", fill=submissions, order=10),
    HomePart(id="campaigns.progress", template="campaigns/home_progress.html", fill=progress, order=40, beside=True),
)
