"""The ledger of objections in an election: received, examined, ruled by another person in the days of the law."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.assemblies.catalogues import election_kinds, objection_kinds
from heli.assemblies.models import Objection, ObjectionState
from heli.assemblies.provinces import objection_rules
from heli.kernel.faults import Fault
from heli.records.ledgers import Ledger, Move, Values, Wording

ASKED = ("body", "matter", "place", "published_on", "found_on")
READ, KEEP, RULE = "assemblies.read", "assemblies.keep", "assemblies.rule"


def check(values: Values, on: date) -> Iterable[Fault]:
    """It was received after what it is about was published, and in time; where the law names no days, the day to rule was given."""
    asked: list[Any] = [values.get(name) for name in ASKED]
    if not all(asked):
        return
    body, matter, _place, published, found = asked
    if body not in election_kinds().entries or matter not in objection_kinds().entries:
        return
    if found < published:
        yield Fault("objection_before", now("It cannot be received before it was published."), field="found_on")
        return
    made, ruled = objection_rules(*asked[:4])
    if made is not None and found > (last := published + timedelta(days=made.of)):
        text = now("Objections to this were taken until %(day)s. Correct the day, or answer that it is late.")
        yield Fault("objection_late", text % {"day": last.isoformat()}, field="found_on", source=made.article)
    if ruled is None and values.get("due_on") is None:
        text = now("The law read for this place names no days for this: write the day by which it is ruled.")
        yield Fault("objection_no_days", text, field="due_on")


def proposes(values: Values) -> Values:
    """The day by which it is ruled, by the law of the unit."""
    asked = [values[name] for name in ASKED]
    if values["due_on"] or not all(asked):
        return {}
    ruled = objection_rules(*asked[:4])[1]
    return {"due_on": values["found_on"] + timedelta(days=ruled.of)} if ruled is not None else {}


OBJECTIONS = Ledger(
    name="objections", model=Objection, states=ObjectionState, reads=READ, enters=KEEP, title="text",
    done=ObjectionState.RULED, closed="ruled", icon="flag", groups=("matter", "body"), check=check, proposes=proposes,
    form=("body", "matter", "place", "text", "published_on", "found_on"),
    words=Wording(
        tab=_("Objections"), caption=_("Objections in elections"), one=_("Objection"), new=_("Take an objection in"),
        take_in=_("Take in a list of objections"), template=_("objection template"), empty=_("No objection"),
        first=_("Take the first one in"), in_time=_("Ruled in time"), groups=_("By matter, town and age"),
        empty_text=_("What is objected to in the list of voters, a qualification or a result; never who objects."),
        replaces=_("register of objections and replies (选举异议登记、答复书)"),
        replaces_row=_("objection and reply (选举异议申请、处理意见书)"),
    ),
    moves=(
        Move(
            name="rule", did="ruled", right=RULE, sources=(ObjectionState.EXAMINED,), to=ObjectionState.RULED, stamp="ruled",
            never="examined", asks=("outcome", "ruling"), needs=("outcome", "ruling"), card=_("Rule on it"),
            button=_("Rule"), icon="check", is_main=True, evidence=_("How the ruling was made known"),
            help=_("Where and when the notice was posted; no names."), happened=pgettext_lazy("objection", "ruled"),
            waits=_("You examined it; another person rules."),
        ),
        Move(
            name="examine", did="examined", right=KEEP, sources=(ObjectionState.RECEIVED,), to=ObjectionState.EXAMINED,
            stamp="examined", asks=("ruling",), needs=("ruling",), card=_("Examine it"), button=_("Propose a ruling"),
            is_main=True, happened=pgettext_lazy("objection", "examined"),
        ),
    ),
)  # fmt: skip
LEDGERS = (OBJECTIONS,)
