"""What the clock does for the whole installation; each line runs in the worker, once a day, once an hour or every few minutes."""

from collections.abc import Callable, Mapping

from django.contrib.sessions.backends.db import SessionStore as Presence
from django.utils import timezone
from django_q.models import Schedule

from heli.accounts.services import forget_users
from heli.accounts.sessions import SessionStore
from heli.assemblies.services.declaring import forget_nominees
from heli.bodies.services import forget_persons
from heli.campaigns.jobs import follow_register
from heli.figures.jobs import freeze_weeks, make_reports, snapshot_daily
from heli.files.services import drop_expired_uploads, sweep_unfinished
from heli.kernel.access import SYSTEM
from heli.ledger.jobs import tell_all_ends
from heli.ledger.services import forget_names
from heli.matters.open311.services import exchange_all
from heli.matters.services import forget_contacts
from heli.notices.jobs import send_digests, send_waiting
from heli.notices.services import forget_channels
from heli.posts.services.facts import empty_facts
from heli.posts.services.reserve import end_reserve
from heli.records.jobs import remind_all
from heli.stations.scoring import score_all
from heli.ui import limits, once
from heli.web.watching import watch_trail


def forget() -> dict[str, int]:
    """Delete personal data whose time has ended."""
    return {
        "nominees": forget_nominees(actor=SYSTEM, on=timezone.localdate()),
        "persons": forget_persons(actor=SYSTEM, on=timezone.localdate()),
        "users": forget_users(actor=SYSTEM, at=timezone.now()),
        "channels": forget_channels(actor=SYSTEM, at=timezone.now()),
        "contacts": forget_contacts(actor=SYSTEM, on=timezone.localdate()),
        "members": forget_names(actor=SYSTEM, on=timezone.localdate()),
        "offices": empty_facts(actor=SYSTEM, on=timezone.localdate()),
        "reserve": end_reserve(actor=SYSTEM, on=timezone.localdate()),
    }


def clear_sessions() -> None:
    """Remove sessions that have run out, and who had a scenario open (planning keeps that in Django's own table)."""
    SessionStore.clear_expired()
    Presence.clear_expired()


def clear_uploads() -> int:
    """Remove what arrived of uploads that nobody finished, and what a killed process left half-written."""
    sweep_unfinished(at=timezone.now())
    return drop_expired_uploads(actor=SYSTEM, at=timezone.now())


def clear_forms() -> int:
    """Forget tokens of forms and attempts at doors whose time is over."""
    at = timezone.now()
    return once.sweep(at) + limits.sweep(at)


def exchange_hotlines() -> int:
    """Take what is new at connected hotlines, and tell them answers; how many matters were taken."""
    done = exchange_all(actor=SYSTEM, at=timezone.now(), on=timezone.localdate())
    return sum(one.taken for one in done.values())


DAILY: Mapping[str, Callable[[], object]] = {
    "forget": forget,
    "clear_sessions": clear_sessions,
    "clear_uploads": clear_uploads,
    "clear_forms": clear_forms,
    "snapshot_figures": snapshot_daily,
    "follow_register": follow_register,
    "remind": remind_all,
    "contracts": tell_all_ends,
    "score_matters": score_all,
    "watch_trail": watch_trail,
}


HOURLY: Mapping[str, Callable[[], object]] = {
    "freeze_weeks": freeze_weeks,
    "make_reports": make_reports,
    "send_digests": send_digests,
    "exchange_hotlines": exchange_hotlines,
}

EVERY_FEW_MINUTES: Mapping[str, Callable[[], object]] = {"send_waiting": send_waiting}
"""What is also asked for by whoever needs it at once; here for what failed, or was lost with a worker."""


def keep_schedules() -> None:
    """Enter the jobs in the clock, each once, and take out what is no job any more; asked at every start."""
    often = ((DAILY, Schedule.DAILY), (HOURLY, Schedule.HOURLY), (EVERY_FEW_MINUTES, Schedule.MINUTES))
    for jobs, schedule_type in often:
        for name, job in jobs.items():
            when = {"schedule_type": schedule_type, "minutes": 5 if schedule_type == Schedule.MINUTES else None}
            func = f"{job.__module__}.{job.__name__}"
            Schedule.objects.update_or_create(name=name, defaults={"func": func, **when})
    Schedule.objects.exclude(name__in=[name for jobs, _type in often for name in jobs]).delete()
