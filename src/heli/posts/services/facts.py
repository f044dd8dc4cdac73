"""Sex, birth month, education and membership of whoever holds a post: sealed at rest, emptied a year after the office."""

import json
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from heli.accounts.sealing import seal_text
from heli.audit.services import writing
from heli.kernel.access import Actor, require_everywhere
from heli.kernel.faults import Fault, Refused
from heli.posts.models import GradedYear, Holding, PayAccount
from heli.posts.queries.facts import SEALED_FOR
from heli.posts.services.offices import ACCEPT, KEEP
from heli.posts.types import OfficeFacts
from heli.records.services import hold


def keep_facts(*, actor: Actor, holding: Holding, facts: OfficeFacts, on: date, at: datetime | None = None) -> Holding:
    """Keep the four facts of whoever holds a post, for counts of teams (五个要求) and for nothing else."""
    if facts.born and not _is_month(facts.born, on):
        raise Refused(Fault("birth_month", _("Write year and month of birth, such as 1980-05."), field="born"))
    with writing(actor, "posts.keep_facts", action=KEEP, place_id=holding.post.body.place_id, at=at) as act:
        held: Holding = hold(Holding.objects, pk=holding.pk)
        if held.person_id is None or held.emptied_on is not None:
            raise Refused(Fault("no_office", _("Nobody holds this post.")))
        held.sealed = seal_text(SEALED_FOR, json.dumps([facts.sex, facts.born, facts.education, facts.is_member]))
        held.save(update_fields=["sealed"])
        act.subject, act.after = f"holding:{held.public_id}", {"did": "facts"}
    return held


def empty_facts(*, actor: Actor, on: date, at: datetime | None = None) -> int:
    """Empty the facts of those whose office ended a year ago, with grades and accounts; how many.

    Law: PIPL Art. 19, 47 (accounts/data/personal.toml).
    """
    require_everywhere(actor, ACCEPT)
    limit = on.replace(year=on.year - 1, day=28 if (on.month, on.day) == (2, 29) else on.day)
    gone = Holding.objects.filter(valid_to__lte=limit)
    known = ~Q(sealed="") | Q(grades__isnull=False) | Q(account__isnull=False)
    keys = sorted(set(gone.filter(known).values_list("pk", flat=True)))
    if keys:
        with writing(actor, "posts.empty_facts", action=ACCEPT, at=at) as act:
            Holding.objects.filter(pk__in=keys).update(sealed="", emptied_on=on)
            GradedYear.objects.filter(holding__in=keys).delete()
            PayAccount.objects.filter(holding__in=keys).delete()
            act.after = {"holdings": len(keys)}
    return len(keys)


def _is_month(text: str, on: date) -> bool:
    try:
        return date(1900, 1, 1) <= date.fromisoformat(f"{text}-01") <= on
    except ValueError:
        return False
