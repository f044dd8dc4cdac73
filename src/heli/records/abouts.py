"""What rows are about besides a place: a campaign, later a matter, an election; the district itself where there is nothing else.

A row keeps its public id as text. The context above offers how it is found and shown, in its `abouts.py` as `ABOUTS`; the
ledgers below import nothing of it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from heli.kernel.access import Actor, may, scope
from heli.kernel.declare import Ask
from heli.kernel.offers import offered
from heli.kernel.panels import Filled
from heli.places import queries as places
from heli.places.counted import moment_of
from heli.places.types import Level

if TYPE_CHECKING:
    from heli.ui.pages import ActorRequest


@dataclass(frozen=True, slots=True)
class About:
    """One thing that rows are about. `id`: its public id; `villages`: keys of those it runs over, none of them named: all.

    Nothing new is begun in what is not `is_open`; what is begun goes on to its end.
    """

    kind: "AboutKind"
    id: str
    name: str
    district_id: int
    is_open: bool = True
    is_sample: bool = False
    villages: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Consulting:
    """What consultation asks of a kind of about: which rights read, keep and (for strangers) write opinions.

    `is_whole`: kept by those only who may do so in the whole district. `only`: the one kind of notice that is posted about
    it, else any. `asks_stance`: an opinion says whether it agrees. `has_rooms`: questions, talks and surveys belong to it.
    """

    reads: str = "campaigns.read"
    keeps: str = "campaigns.matters"
    opines: str = "campaigns.opine"
    is_whole: bool = False
    only: str = ""
    asks_stance: bool = False
    has_rooms: bool = True


@dataclass(frozen=True, slots=True)
class AboutVillage:
    """A village that an about (its public id) ran over at a moment: keys of the village, its town and its district."""

    about: str
    place: int
    public_id: str
    town: int | None
    district: int

    @property
    def where(self) -> tuple[int, int | None, int]:
        """As `places.counted` asks for it."""
        return self.place, self.town, self.district


class AboutKind:
    """How a kind of about is found and what the pages under it look like; a context offers an instance of a subclass.

    `name` is what tabs call it ("campaign"); `model` the model whose row is locked for numbering, by its `public_id`;
    `template` what the pages extend: it has the blocks `title`, `actions` and `part`; `entry` names the
    line of the navigation they stand under; `closed` is said where nothing new is begun.
    """

    name: str
    model: str
    template: str
    entry: str = "campaigns:list"
    closed: str | Promise = _("This is finished: nothing new is begun in it.")
    consulting = Consulting()

    def find(self, public_id: str, actor: Actor, action: str) -> About | None:
        """The about of this id, if it is of this kind and the actor may do this somewhere in it."""
        raise NotImplementedError

    def open(self) -> Iterator[About]:
        """All that are open, for the clock."""
        raise NotImplementedError

    def names(self, actor: Actor) -> Mapping[str, str]:
        """What is open and reaches something of the actor's: names by public id, in one or two queries."""
        return {}

    def head(self, request: "ActorRequest", about: About, tab: str) -> dict[str, Any]:
        """What the head of every page shows, `tabs` and `breadcrumbs` among it."""
        raise NotImplementedError

    def heirs(self, about: About, place_ids: Collection[int]) -> Mapping[int, int]:
        """In which places those that ended go on: {place: heir}."""
        return {}

    def villages(self, district_ids: Collection[int], at: datetime) -> Iterator[AboutVillage]:
        """The villages that what is of this kind ran over at the moment, for figures that must count those left out."""
        return iter(())

    def posted(self, actor: Actor, about: About, notice_id: int, on: date) -> None:
        """Keep what must stand beside a notice that is posted about it on a day, in the same block; raises `Refused`."""

    def shown_with(self, notice_id: int) -> Filled | None:
        """What the public page of a notice shows beside its text."""
        return None

    def rows(self) -> Any:
        """The rows that are locked."""
        return apps.get_model(self.model)._default_manager


class DistrictKind(AboutKind):
    """The district itself: a ledger that runs without a campaign."""

    name, model, template = "district", "places.Place", "records/base.html"

    def find(self, public_id: str, actor: Actor, action: str) -> About | None:
        """The district, if the actor reaches a place of it."""
        found = self.rows().filter(public_id=public_id, level=Level.DISTRICT).first()
        within = scope(actor, action)
        if found is not None and found.pk not in within.place_ids:
            reached = places.reached_districts(within)
            found = found if reached is None or found.pk in reached else None
        if found is None:
            return None
        return self.about(found.pk, public_id)

    def open(self) -> Iterator[About]:
        """Every district that stands."""
        for row in places.districts(timezone.localdate()):
            yield self.about(row.id, row.public_id)

    def names(self, actor: Actor) -> Mapping[str, str]:
        """The districts that hold something of the actor's."""
        reached = places.reached_districts(scope(actor, "places.read"))
        return {row.public_id: row.name for row in places.districts(timezone.localdate(), reached)}

    def about(self, key: int, public_id: str) -> About:
        """A district by its key and public id."""
        return About(self, public_id, places.names_at([key], timezone.localdate()).get(key, ""), key)

    def head(self, request: "ActorRequest", about: About, tab: str) -> dict[str, Any]:
        """The name of the district, the way to its page, and the tabs of the room that is open."""
        url = reverse("places:place", args=[about.id])
        mine = [one for one in offered("tabs", "TABS") if self.name in one.about]
        here = next((one.group for one in mine if tab in (one.name, one.name.partition(":")[0])), "")
        tabs = [
            {
                "url": reverse(one.name, args=[about.id]),
                "label": gettext(one.label),
                "current": tab in (one.name, one.name.partition(":")[0]),
                "count": None,
            }
            for one in sorted(mine, key=lambda one: one.order)
            if one.group == here and (not one.somewhere or may(request.actor, one.somewhere))
        ]
        return {"about": about, "tabs": tabs, "breadcrumbs": [{"url": url, "label": about.name}]}


DISTRICT = DistrictKind()
ABOUTS: tuple[AboutKind, ...] = (DISTRICT,)


@cache
def kinds() -> tuple[AboutKind, ...]:
    """Every kind on offer, the district first: its rows are the most, and it is found by asking once."""
    return tuple(sorted(offered("abouts", "ABOUTS"), key=lambda kind: kind is not DISTRICT))


def works_of(actor: Actor) -> dict[str, str]:
    """What is open and reaches something of the actor's, whatever its kind: names by public id."""
    return {key: name for kind in kinds() for key, name in kind.names(actor).items()}


def villages_of(ask: Ask) -> list[AboutVillage]:
    """The villages that everything ran over at the moment asked for; read once."""
    at = moment_of(ask)
    return ask.shared("abouts.villages", lambda: [v for kind in kinds() for v in kind.villages(ask.district_ids, at)])


def find_about(public_id: str, actor: Actor, action: str) -> About | None:
    """What the public id names, if the actor may do this somewhere in it."""
    found = (kind.find(public_id, actor, action) for kind in kinds())
    return next((about for about in found if about is not None), None)


def find_consulted(public_id: str, actor: Actor, right: str) -> About | None:
    """What the public id names, if the actor has this right of `Consulting` ("reads", "keeps", "opines") somewhere in it."""
    found = (kind.find(public_id, actor, getattr(kind.consulting, right)) for kind in kinds())
    return next((about for about in found if about is not None), None)


def consulting_of(public_id: str) -> Consulting:
    """What consultation asks about something, whoever asks."""
    return next(kind.consulting for kind in kinds() if kind.rows().filter(public_id=public_id).exists())


def read_by(action: str) -> Q:
    """The condition that what a notice or an opinion is about is read under this right."""
    found = Q(pk__in=())
    for kind in kinds():
        if kind.consulting.reads == action:
            found |= Q(Exists(kind.rows().filter(public_id=OuterRef("about"))))
    return found


def whole(actor: Actor, about: About, action: str) -> bool:
    """Whether the actor may do this in the whole district."""
    return places.reaches(scope(actor, action), about.district_id)
