"""What speaks for an item and for a department, when somebody files or whistles: read from rows, told with reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, Value
from django.utils.translation import gettext as _

from heli.bodies.queries import names_of_bodies
from heli.matters.catalogues import basis_of, departments_of, item_words, telling_words
from heli.matters.models import GONE_ON, Matter, MatterState, Whistle, WhistleState
from heli.matters.rules.triage import DepartmentRecord, ItemSuggestion, Precedent, suggest_items

PRECEDENTS, LONGEST_PRECEDENT = 120, 160
"""So many matters filed last are compared, so many characters of each."""
USUAL_DAYS = 365


@dataclass(frozen=True, slots=True)
class ToldItem:
    """A suggested item in words: the item, its departments, the reasons."""

    item: str
    name: str
    departments: str
    reasons: Sequence[str]


def suggested(matter: Matter) -> list[ItemSuggestion]:
    """Items that a matter not filed yet may be, the likeliest first; two queries."""
    filed = Matter.objects.filter(district_id=matter.district_id).exclude(item="").exclude(pk=matter.pk)
    filed = filed.exclude(status__in=(MatterState.COLLECTED, MatterState.REFUSED))
    rows = filed.order_by("-pk").values_list("number", "title", "text", "item")[:PRECEDENTS]
    before = [Precedent(number, f"{title} {text[:LONGEST_PRECEDENT]}", item) for number, title, text, item in rows]
    since = matter.opened_at - timedelta(days=USUAL_DAYS)
    usual = filed.filter(place_id=matter.place_id, opened_at__gte=since).order_by().values_list("item")
    here = dict(usual.annotate(n=Count("pk")))
    return suggest_items(f"{matter.title} {matter.text}", matter.item, telling_words(), here=here, filed=before)


def told_items(matter: Matter) -> list[ToldItem]:
    """The same in words, with the departments the catalogue names."""
    names = item_words()
    found = []
    for one in suggested(matter):
        lead, support = departments_of(one.item)
        found.append(
            ToldItem(one.item, names.get(one.item, one.item), "、".join([lead, *support]), list(_reasons(one)))
        )
    return found


def _reasons(one: ItemSuggestion) -> Sequence[str]:
    said = []
    if one.is_chosen:
        said.append(_("whoever reported it chose it"))
    if one.found:
        said.append(_("words: %(words)s") % {"words": "、".join(one.found)})
    if one.like:
        said.append(_("No. %(number)s was filed so in similar words") % {"number": one.like})
    if one.here[0]:
        said.append(_("%(count)s of %(of)s here in a year") % {"count": one.here[0], "of": one.here[1]})
    return said


def records_of(matter: Matter) -> list[DepartmentRecord]:
    """What departments did with the item of a matter at its place, those that handled most first; two queries."""
    rows = Whistle.objects.filter(place_id=matter.place_id, matter__item=matter.item).exclude(matter=matter).order_by()
    counted = rows.values_list("body_body").annotate(
        handled=Count(Value(1), filter=Q(status=WhistleState.HANDLED)),
        gone_on=Count(Value(1), filter=Q(status__in=GONE_ON)),
    )
    by_key = {key: done for key, *done in counted if any(done)}
    names = names_of_bodies(by_key)
    found = [DepartmentRecord(names[key], *done) for key, done in by_key.items()]
    return sorted(found, key=lambda one: (-one.handled, one.name))


def why_department(matter: Matter) -> str:
    """Why departments are proposed for a filed matter: the catalogue with its basis, and what was done here before."""
    lead, support = departments_of(matter.item)
    said = []
    if lead:
        named = {"names": "、".join([lead, *support]), "basis": basis_of(matter.item)}
        said.append(_("The catalogue names %(names)s (%(basis)s).") % named)
    for one in records_of(matter)[:3]:
        done = {"name": one.name, "handled": one.handled, "gone": one.gone_on}
        said.append(_("%(name)s handled %(handled)s of this kind here, gave %(gone)s back or on.") % done)
    return " ".join(said)
