"""Writes of stations beside the moves of their ledgers: departments called to a site, members counted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.accounts.queries import bodies_spoken_for, people_over_body
from heli.audit.services import writing
from heli.kernel.access import Actor, speaks_for
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.notices.services import notify
from heli.records.abouts import About
from heli.records.fields import check_values
from heli.records.models import Event
from heli.records.services import hold, next_number, towns_at
from heli.stations.catalogues import group_words
from heli.stations.ledger import ARRIVE, CALLOUTS, KEEP
from heli.stations.models import MOST_MEMBERS, Callout, CalloutState, MemberCount
from heli.stations.notices import CALLED
from heli.stations.queries import members_at, on_call


def call_out(
    *,
    actor: Actor,
    about: About,
    place_id: int,
    title: str,
    departments: Sequence[str],
    called_at: datetime | None = None,
    reason: str = "",
    on: date | None = None,
    at: datetime | None = None,
) -> list[Callout]:
    """Call departments ("body:…") to a site together; the clock of each runs from now on, or from `called_at`, as a paper slip
    says that is entered later with its reason.

    Raises `Refused` without words, without a department, for one that is not on call there on the day, for one that nobody
    speaks for, for a call to come, and for one from paper without a reason.
    """
    now = at or timezone.now()
    today = timezone.localdate(called_at) if called_at else on or timezone.localdate()
    keys = list(dict.fromkeys(departments))
    found = check_values(Callout, {"title": title.strip()}, today)
    if called_at is not None:
        found += _check_paper(called_at, reason, now, "called_at")
    roster = {one.key: one for one in on_call(about.district_id, place_id, today)}
    if not keys:
        found.append(Fault("departments_none", _("Choose at least one department."), field="departments"))
    elif not set(keys) <= set(roster):
        text = _("Only who is on call here today is called: link the department to the place as on call first.")
        found.append(Fault("not_on_call", text, field="departments"))
    elif silent := _silent([roster[key].id for key in keys], today):
        names = "、".join(roster[key].name for key in keys if roster[key].id in silent)
        text = _(
            "Nobody speaks for %(names)s yet: whoever administers accounts gives somebody the role of liaison over it."
        )
        found.append(Fault("no_liaison", text % {"names": names}, field="departments"))
    if found:
        raise Refused(found)
    town = towns_at(about.district_id, place_ids=[place_id], on=today)[place_id]
    with writing(actor, "stations.call", action=KEEP, place_id=place_id, reason=reason.strip(), at=now) as act:
        first, call = next_number(Callout, about=about), new_public_id()
        made = [
            Callout(
                public_id=new_public_id(), about=about.id, district_id=about.district_id, place_id=place_id, town_id=town,
                title=title.strip(), department_body_id=roster[key].id, call=call, number=number,
                status=CALLOUTS.first.value, opened_by=actor.name, opened_at=called_at or act.at,
            )
            for number, key in enumerate(keys, first)
        ]  # fmt: skip
        Callout.objects.bulk_create(made)
        Event.objects.bulk_create(
            Event(
                ledger=CALLOUTS.name, row=one.public_id, about=one.about, district_id=one.district_id, at=act.at,
                did="late" if called_at else "opened", status=one.status, by_id=actor.id, by_name=actor.name, reason=act.reason,
            )
            for one in made
        )  # fmt: skip
        for one in made:
            assert one.department_body_id is not None
            notify(
                actor=actor, recipients=people_over_body(one.department_body_id, today), kind=CALLED, title=one.title,
                text=_("You are called to the site now."), link=CALLOUTS.url("row", one.about, one.public_id),
                about=f"callout:{one.public_id}", at=act.at,
            )  # fmt: skip
        act.subject, act.after = f"callouts:{call}", {"did": "call", "departments": len(made)}
    return made


def arrive_late(
    *, actor: Actor, row: Callout, came_at: datetime, reason: str, on: date | None = None, at: datetime | None = None
) -> Callout:
    """The department enters later when it arrived, as the paper says, with the reason.

    Refused without a reason, for a moment before the call or to come, and to whoever does not speak for the department.
    """
    now = at or timezone.now()
    if found := _check_paper(came_at, reason, now, "moment", row.opened_at):
        raise Refused(found)
    with writing(
        actor, "stations.arrive_late", action=ARRIVE, place_id=row.place_id, reason=reason.strip(), at=now
    ) as act:
        held: Callout = hold(Callout.objects, pk=row.pk)
        if held.status != CalloutState.CALLED:
            raise Refused(Fault("not_now", _("This call has been answered already."), field="moment"))
        if not speaks_for(actor, ARRIVE, held.department_body_id):
            raise Refused(Fault("no_liaison", _("You do not speak for this department."), field="moment"))
        stamps = {"arrived_by_id": actor.id, "arrived_on": on or timezone.localdate(now), "arrived_at": came_at}
        for column, value in {"status": CalloutState.ARRIVED.value, **stamps}.items():
            setattr(held, column, value)
        held.save(update_fields=["status", *stamps])
        Event.objects.create(
            ledger=CALLOUTS.name, row=held.public_id, about=held.about, district_id=held.district_id, at=act.at,
            did="late", status=held.status, by_id=actor.id, by_name=actor.name, reason=act.reason,
        )  # fmt: skip
        act.subject, act.after = f"callouts:{held.public_id}", {"did": "late", "came_at": came_at.isoformat()}
    return held


def _check_paper(
    moment: datetime, reason: str, now: datetime, field: str, since: datetime | None = None
) -> list[Fault]:
    found = []
    if moment > now:
        found.append(
            Fault("moment_to_come", _("This is still to come: give the time that the paper says."), field=field)
        )
    if since is not None and moment < since:
        found.append(Fault("before_the_call", _("This is before the call: look at the paper again."), field=field))
    if not reason.strip():
        found.append(Fault("reason_empty", _("Say why it is entered later."), field="reason"))
    return found


def count_members(
    *,
    actor: Actor,
    about: About,
    place_id: int,
    counts: Mapping[str, int],
    on: date | None = None,
    at: datetime | None = None,
) -> int:
    """Write how many members of the station at a place come from each group; how many lines are new.

    What did not change is not written again. Raises `Refused` for a group the file does not know and a number outside bounds.
    """
    today, known = on or timezone.localdate(), group_words()
    found = [
        Fault("group_unknown", _("There is no such group."), field=group) for group in counts if group not in known
    ]
    found += [
        Fault("members_outside", _("From 0 to %(most)s, please.") % {"most": MOST_MEMBERS}, field=group)
        for group, number in counts.items()
        if not 0 <= number <= MOST_MEMBERS
    ]
    if found:
        raise Refused(found)
    town = towns_at(about.district_id, place_ids=[place_id], on=today)[place_id]
    with writing(actor, "stations.members", action=KEEP, place_id=place_id, at=at) as act:
        before = members_at(place_id, today)
        new = {group: number for group, number in counts.items() if before.get(group, 0) != number}
        where = {"place_id": place_id, "town_id": town, "district_id": about.district_id, "on": today}
        MemberCount.objects.bulk_create(
            MemberCount(**where, group=group, members=number) for group, number in new.items()
        )
        act.subject, act.after = f"members:{place_id}", {"did": "count", **new}
    return len(new)


def _silent(body_ids: Sequence[int], on: date) -> set[int]:
    return set(body_ids) - bodies_spoken_for(body_ids, ARRIVE, on)
