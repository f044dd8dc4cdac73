"""Once a working day everybody is told what is theirs: what is due soon or late, and what waits for a second person."""

from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from heli.accounts import queries as accounts
from heli.audit.services import writing
from heli.kernel.access import SYSTEM
from heli.kernel.workdays import calendar
from heli.notices.services import notify
from heli.records.abouts import About
from heli.records.due import counts_for, gather
from heli.records.notices import REMINDER

SOON = 2
"""Working days before its due day from which a matter is called due."""


def remind(*, about: About, at: datetime) -> int:
    """Tell everybody in the district what of the about waits for them; on working days. Returns how many were told."""
    on = timezone.localdate(at)
    if not calendar().is_workday(on):
        return 0
    gathered = gather(about, calendar().add(on, SOON))
    if not gathered:
        return 0
    told = 0
    with writing(SYSTEM, "records.remind", place_id=about.district_id, at=at) as act:
        for actor in accounts.actors_within(about.district_id, on):
            counts = counts_for(actor, gathered)
            if not counts:
                continue
            link = next(one.link for due, one in gathered if due in counts)
            # Written in the language the installation speaks: whoever reads it is not here to ask.
            with translation.override("zh-hans"):
                said = _(", ").join(due.says(number) for due, number in counts.items())
                title = _("%(about)s: %(said)s") % {"about": about.name, "said": said}
            told += notify(
                actor=SYSTEM, recipients=[actor.id or 0], kind=REMINDER, title=title, about=f"{about.kind.name}:{about.id}:due",
                link=link.rsplit("/", 2)[0] + "/", at=at,
            )  # fmt: skip
        act.subject, act.after = f"{about.kind.name}:{about.id}", {"told": told, "of": "due"}
    return told
