"""Once a working day everybody is told what is theirs: what is due soon or late, and what waits for a second person."""

from collections.abc import Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from heli.accounts import queries as accounts
from heli.audit.services import writing
from heli.kernel.access import SYSTEM
from heli.kernel.declare import Due, Waiting
from heli.kernel.workdays import calendar
from heli.notices.services import notify
from heli.records.abouts import About
from heli.records.due import counted, gather, is_for
from heli.records.inbox import SOON
from heli.records.notices import REMINDER


def remind(*, about: About, at: datetime) -> int:
    """Tell everybody in the district what of the about waits for them; on working days. Returns how many were told."""
    on = timezone.localdate(at)
    if not calendar().is_workday(on):
        return 0
    gathered = gather(about, calendar().add(on, SOON), on)
    if not gathered:
        return 0
    told = 0
    with writing(SYSTEM, "records.remind", place_id=about.district_id, at=at) as act:
        for actor in accounts.actors_within(about.district_id, on):
            mine = [(due, one) for due, one in gathered if is_for(actor, due, one)]
            if not mine:
                continue
            # Written in the language the installation speaks: whoever reads it is not here to ask.
            with translation.override("zh-hans"):
                told += notify(
                    actor=SYSTEM, recipients=[actor.id or 0], kind=REMINDER, title=_told(about, mine, on),
                    about=f"{about.kind.name}:{about.id}:due", link=reverse("records:inbox"), at=at,
                )  # fmt: skip
        act.subject, act.after = f"{about.kind.name}:{about.id}", {"told": told, "of": "due"}
    return told


def _told(about: About, mine: Sequence[tuple[Due, Waiting]], on: date) -> str:
    """How many of each sort, and how many of them are late."""
    said = _(", ").join(due.says(number) for due, number in counted(mine).items())
    late = sum(one.due_on is not None and one.due_on < on for _due, one in mine)
    if late:
        return _("%(about)s: %(said)s (%(late)s late)") % {"about": about.name, "said": said, "late": late}
    return _("%(about)s: %(said)s") % {"about": about.name, "said": said}
