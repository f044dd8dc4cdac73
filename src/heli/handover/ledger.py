"""Two ledgers, declared: what is asked of villages and whether it is admitted, and the request slips of agency points."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.handover.catalogues import (
    certificates,
    chinese,
    decide_days,
    department_duties,
    most_months,
    pledges,
    slip_days,
)
from heli.handover.models import Admission, AdmissionState, RequestSlip, SlipState
from heli.handover.rules import find_barred, find_listed
from heli.kernel.access import Actor, speaks_for
from heli.kernel.faults import Fault
from heli.kernel.workdays import calendar
from heli.records.ledgers import Ledger, Move, Values, Wording

READ, APPLY, DECIDE = "handover.read", "handover.apply", "handover.decide"
KEEP, GIVE = "handover.keep", "handover.give"
A, S = AdmissionState, SlipState
ENTRY = "handover:home"


def check_admission(values: Values, _on: date) -> Iterable[Fault]:
    """An office asks; it ends, and not too late; what nobody may ask of villages is not even applied for."""
    if not str(values.get("applicant") or "").startswith("body:"):
        yield Fault("applicant_person", now("An office asks, not a person: choose an organisation."), field="applicant")
    starts, ends = values.get("starts_on"), values.get("ends_on")
    if starts and ends and ends < starts:
        yield Fault("ends_before", now("The last day is not before the first."), field="ends_on")
    elif starts and ends and (ends.year - starts.year) * 12 + ends.month - starts.month > most_months():
        text = now("An admission runs for at most %(months)s months; then it is asked for again.")
        yield Fault("too_long", text % {"months": most_months()}, field="ends_on")
    title = str(values.get("title") or "")
    if values.get("kind") == "certificate" and (key := find_barred(title, chinese(certificates))):
        text = now(
            "“%(name)s” is a certificate that committees do not issue: do without it, or ask whoever keeps the record."
        )
        yield Fault("certificate_barred", text % {"name": chinese(certificates)[key]}, field="title")
    if key := find_barred(title, chinese(pledges)):
        text = now("“%(name)s” was done away with: it is not asked for again.")
        yield Fault("pledge_abolished", text % {"name": chinese(pledges)[key]}, field="title")
    if key := find_listed(title, chinese(department_duties)):
        text = now("“%(name)s” is the department's own duty: it is not passed down.")
        yield Fault("own_duty", text % {"name": chinese(department_duties)[key]}, field="title")


def another_office(actor: Actor, row: Any, values: Values, _on: date) -> Iterable[Fault]:
    """Whoever decides is not who asks, nor speaks for it, and an organisation."""
    if not actor.is_system and speaks_for(actor, APPLY, row.applicant_body_id):
        text = now("You speak for the office that asks: somebody else decides.")
        yield Fault("decides_for_itself", text, field="office")
    office = str(values.get("office") or "")
    if not office.startswith("body:"):
        yield Fault("office_person", now("An office decides, not a person: choose an organisation."), field="office")
    elif office == f"body:{row.applicant_body.public_id}":
        yield Fault("office_asks", now("Another office decides than the one that asks."), field="office")


def can_be_admitted(actor: Actor, row: Any, values: Values, on: date) -> Iterable[Fault]:
    """Decided by another office, with its money."""
    yield from another_office(actor, row, values, on)
    if not row.funding:
        text = now(
            "It comes without money: whoever entrusts a task pays for it (村民委员会组织法 Art. 43). Send it back."
        )
        yield Fault("unfunded", text)


def no_day(_row: Any, _values: Values, _on: date) -> Values:
    """Nothing is waited for any more."""
    return {"due_on": None}


ADMISSIONS = Ledger(
    name="admissions", model=Admission, states=A, reads=READ, enters=APPLY, title="title", done=A.ADMITTED,
    closed="decided", icon="shield", groups=("kind",), check=check_admission, entry=ENTRY,
    form=("title", "kind", "applicant", "place", "basis", "times", "minutes", "funding", "starts_on", "ends_on"),
    words=Wording(
        tab=_("Admission of tasks"), one=_("Application"), new=_("Ask for a task"), take_in=_("Take in a list of tasks"),
        template=_("task list template"), empty=_("Nobody has asked for a task yet"), first=_("Ask for the first one"),
        empty_text=_("Whoever wants a task, form, check, platform or certificate of villages asks here first."),
        groups=_("By kind, town and age"), in_time=_("Decided in time"),
        replaces=_("application form for tasks (事项准入申请表)"), replaces_row=_("decision on a task (准入审批表)"),
    ),
    moves=(
        Move(
            name="apply", did="applied", right=APPLY, speaks_for="applicant", sources=(A.DRAFTED,), to=A.APPLIED,
            stamp="applied", card=pgettext_lazy("admission", "Apply"), button=_("Send the application"), icon="check", is_main=True,
            happened=_("applied for"), help=_("From the next working day on there are so many days to decide."),
            sets=lambda _row, _values, on: {"due_on": calendar().add(on, decide_days())},
        ),
        Move(
            name="admit", did="admitted", right=DECIDE, sources=(A.APPLIED,), to=A.ADMITTED, stamp="decided", never="applied",
            asks=("office", "decision"), needs=("office", "decision"), card=_("Is it admitted?"), button=_("Admit it"),
            icon="check", is_main=True, happened=pgettext_lazy("admission", "admitted"), guard=can_be_admitted,
            waits=_("You applied for it; a second person of another office decides."),
        ),
        Move(
            name="decline", did="declined", right=DECIDE, sources=(A.APPLIED,), to=A.DECLINED, stamp="decided",
            never="applied", asks=("office",), needs=("office",), card=_("Is it admitted?"), button=_("Do not admit it"),
            is_folded=True, reason=_("Reason"), happened=pgettext_lazy("admission", "not admitted"), guard=another_office,
            sets=no_day,
        ),
        Move(
            name="end", did="ended", right=DECIDE, sources=(A.ADMITTED,), to=A.ENDED, stamp="ended",
            card=_("Let it end"), button=_("It ends today"), reason=_("Reason"), is_folded=True, icon="undo",
            happened=pgettext_lazy("admission", "ended"), sets=no_day,
        ),
    ),
)  # fmt: skip
SLIPS = Ledger(
    name="slips", model=RequestSlip, states=S, reads=READ, enters=KEEP, title="item", done=S.DONE, closed="done",
    icon="paper", groups=("item",), entry=ENTRY,
    proposes=lambda values: {"due_on": values["due_on"] or calendar().add(values["taken_on"] or localdate(), slip_days())},
    form=("place", "item", "taken_on", "due_on", "note"),
    words=Wording(
        tab=_("Request slips"), one=_("Request slip"), new=_("Take a request"), take_in=_("Take in a list of requests"),
        template=_("request list template"), empty=_("No request was taken yet"), first=_("Take the first one"),
        empty_text=_("Somebody comes to an agency point: note the service and give them the number. Their name stays on paper."),
        groups=_("By service, town and age"), in_time=_("Done in time"), replaces=_("register of requests (代办登记簿)"),
        replaces_row=_("request slip (代办单)"),
    ),
    moves=(
        Move(
            name="done", did="done", right=KEEP, sources=(S.TAKEN,), to=S.DONE, stamp="done", asks=("result",),
            needs=("result",), card=_("It is done"), button=_("Save"), icon="check", is_main=True,
            happened=pgettext_lazy("slip", "done"), start=lambda _row, _on: {"result": now("done, papers handed back")},
        ),
        Move(
            name="point", did="pointed", right=KEEP, sources=(S.TAKEN,), to=S.POINTED, card=_("It is for another office"),
            button=_("Show the right way"), reason=_("Where it is done"), is_folded=True,
            happened=pgettext_lazy("slip", "shown the right way"), sets=no_day,
        ),
    ),
)  # fmt: skip
LEDGERS = (ADMISSIONS, SLIPS)
