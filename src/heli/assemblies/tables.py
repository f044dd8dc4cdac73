"""The lists of sittings and of matters on the four steps."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from heli.assemblies.catalogues import elected_bodies
from heli.assemblies.models import FourSteps, Sitting, SittingStatus, StepsVariant
from heli.assemblies.queries.steps import days_of
from heli.assemblies.rules.steps import STEPS
from heli.assemblies.texts import BODIES, MATTERS, STEP_NAMES, TEST_NAMES
from heli.assemblies.types import LawOfDay, LawRule
from heli.records.abouts import About
from heli.records.queries import names_for
from heli.ui.tables import Column, Table


def sitting_table(request: HttpRequest, about: About, rows: Sequence[Sitting], on: date) -> Table:
    """Sittings with their counts and what the law says of them."""
    names = names_for(rows, about, on)
    return Table(
        "sittings",
        request,
        rows,
        [
            Column("held_on", _("Held on"), kind="date", link=url_of),
            Column("place", _("Place"), value=lambda row: names.of(row.place_id)),
            Column("town", _("Town"), value=lambda row: names.of(row.town_id), filter=True),
            Column("body", _("Who sits"), labels=BODIES, filter=True),
            Column("matter", _("Matter"), labels=MATTERS, filter=True),
            Column("entitled", _("Entitled"), kind="integer"),
            Column("present", pgettext_lazy("sitting", "Present"), kind="integer"),
            Column("votes_for", _("For"), kind="integer"),
            Column(
                "status", _("Status"), value=lambda row: "withdrawn" if row.withdrawn_on else row.status,
                labels={**SittingStatus.words(), "withdrawn": _("withdrawn")}, filter=True,
                badge=lambda row: "quiet" if row.withdrawn_on else SittingStatus(row.status).tone,
            ),
        ],
        search=("place",),
        order="-held_on",
        caption=_("Sittings of legal bodies"),
        replaces=_("register of votes and sign-in sheets (表决情况登记表、签到表), as counts"),
        empty=_("No sitting yet"),
        sample=about.is_sample,
        prefix="s-",
        cards=True,
    )  # fmt: skip


def url_of(row: Sitting) -> str:
    """The page of a sitting."""
    return reverse("assemblies:sitting", args=[row.about, row.meeting.public_id])


def steps_table(request: HttpRequest, about: About, rows: Sequence[FourSteps], on: date) -> Table:
    """Matters on the four steps with the step that was taken last."""
    names, days = names_for(rows, about, on), days_of(rows)
    last = {key: next((step for step in reversed(STEPS) if step in done), "") for key, done in days.items()}
    return Table(
        "four-steps",
        request,
        rows,
        [
            Column(
                "title",
                _("What is to be decided"),
                link=lambda row: reverse("assemblies:steps", args=[row.about, row.public_id]),
            ),
            Column("place", _("Place"), value=lambda row: names.of(row.place_id)),
            Column("town", _("Town"), value=lambda row: names.of(row.town_id), filter=True),
            Column("matter", _("Matter"), labels=MATTERS, filter=True),
            Column("variant", _("Who discusses"), labels=StepsVariant.words(), filter=True),
            Column(
                "last",
                _("Last step"),
                value=lambda row: last[row.pk] or "begun",
                labels={"begun": _("begun"), **STEP_NAMES},
                filter=True,
            ),
            Column("day", _("Day"), kind="date", value=lambda row: days[row.pk].get(last[row.pk])),
        ],
        search=("title", "place"),
        caption=_("Four deliberations, two publications"),
        replaces=_("register of the four deliberations and two publications (四议两公开工作台账)"),
        empty=_("No matter yet"),
        sample=about.is_sample,
        prefix="f-",
        cards=True,
    )


def law_table(request: HttpRequest, law: LawOfDay) -> Table:
    """The inequalities of the law of a day, with their articles."""
    language = get_language() or "zh-hans"
    names = {**BODIES, **elected_bodies()}

    def bodies(rule: LawRule) -> str:
        return "、".join(str(names.get(body, body)) for body in sorted(rule.bodies))

    return Table(
        "law",
        request,
        law.rules,
        [
            Column("article", _("Article"), sort=False),
            Column("bodies", _("Who sits"), value=bodies, filter=True, sort=False),
            Column("test", _("What for"), labels=TEST_NAMES, filter=True, sort=False),
            Column("words", _("What it asks"), value=lambda rule: rule.words.text(language), sort=False),
            Column("text", _("Inequality"), value=lambda rule: rule.text(), sort=False),
        ],
        caption=_("Law of votes"),
        cards=True,
    )
