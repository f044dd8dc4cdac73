"""Figures of sittings: how many were held, how many in order, and how a reform was approved where an assembly decided."""

from collections.abc import Collection, Mapping
from fractions import Fraction
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from heli.assemblies.election_figures import ELECTION_FIGURES
from heli.assemblies.models import Sitting, SittingStatus
from heli.assemblies.queries.sittings import READ
from heli.assemblies.rules.sittings import mean_rate
from heli.assemblies.texts import BODIES, MATTERS
from heli.kernel.declare import Additivity, Ask, Direction, Figure, Pair, Rows
from heli.places import queries as places
from heli.places.counted import CountedRow, Reader, counted, figure, listed, moment_of

LEDGER = _("Register of sittings and votes")
ASSEMBLIES = ("villagers_assembly", "residents_assembly")
DECIDED = (SittingStatus.PASSED, SittingStatus.FAILED)
HEADS = (_("Held on"), _("Who sits"), _("Matter"), _("Present"), _("For"), _("Status"))


def _rows(ask: Ask, **narrow: object) -> list[Sitting]:
    """The sittings that stood at the moment asked for, the newest first."""
    at = moment_of(ask)
    known = {"district_id__in": ask.district_ids, "held_on__lte": ask.on, "meeting__recorded_at__lte": at}
    standing = Q(withdrawn_on=None) | Q(withdrawn_on__gt=timezone.localdate(at))
    found = Sitting.objects.filter(standing, **known, **narrow).select_related("meeting")
    return list(found.order_by("-held_on", "-pk"))


def _counted(ask: Ask, one: Sitting, pair: Pair) -> CountedRow:
    body, matter, status = str(BODIES[one.body]), str(MATTERS[one.matter]), str(SittingStatus(one.status).label)
    cells = [one.held_on, body, matter, one.present, one.votes_for, status]
    url = reverse("assemblies:sitting", args=[one.about, one.meeting.public_id])
    return counted(ask, (one.place_id, one.town_id, one.district_id), pair, cells, url)


def held(ask: Ask) -> list[CountedRow]:
    """Sittings, those in order above all of them."""
    return [_counted(ask, one, (int(one.status in DECIDED), 1)) for one in _rows(ask)]


def held_alone(ask: Ask) -> list[CountedRow]:
    """Sittings."""
    return [_counted(ask, one, (1, 1)) for one in _rows(ask)]


def approvals(ask: Ask, matter: str) -> list[CountedRow]:
    """Votes for over those present of the newest assembly of each village that decided the matter."""
    newest: dict[int, Sitting] = {}
    for one in _rows(ask, matter=matter, body__in=ASSEMBLIES, present__gt=0):
        if one.status not in ("void", "no_quorum"):
            newest.setdefault(one.place_id, one)
    return [_counted(ask, one, (one.votes_for, one.present)) for one in newest.values()]


def mean_approvals(ask: Ask, read: Reader, name: str) -> Mapping[int, Pair]:
    """The mean of the villages' rates, of each place and each place above, in millionths; every village weighs the same."""
    structure = ask.shared("places.structure", lambda: places.structure_on(ask.district_ids, ask.on))
    above = dict(zip(structure.places.tolist(), structure.parents.tolist(), strict=True))
    rates: dict[int, list[Fraction]] = {}
    for one in ask.shared(f"counted.{name}", lambda: read(ask)):
        at = one.place
        while at in above:
            rates.setdefault(at, []).append(Fraction(one.above, one.below))
            at = above[at]
    return {place: mean_rate(of_place) for place, of_place in rates.items()}


def _rows_of(ask: Ask, place_ids: Collection[int], read: Reader, name: str) -> Rows:
    """The villages behind a mean: of a town or district those below it."""
    return listed(ask, place_ids, read, HEADS, name)


def _approval(matter: str, name: str, title: str, mean_title: str) -> tuple[Figure, Figure]:
    read, pooled = partial(approvals, matter=matter), f"assemblies.{name}"
    return (
        figure(
            pooled, title, _("Votes for over people present, of the assemblies that decided, all votes together."), read, HEADS,
            unit="%", decimals=2, source=LEDGER, action=READ, direction=Direction.UP,
        ),
        Figure(
            id=f"{pooled}_mean", version=1, title=mean_title, unit="%", decimals=1, source=LEDGER, action=READ,
            meaning=_("Mean of the villages' rates of approval, each village weighing the same, in millionths."), is_ratio=True,
            direction=Direction.UP, over_places=Additivity.NONE, evaluate=partial(mean_approvals, read=read, name=pooled),
            rows=partial(_rows_of, read=read, name=pooled),
        ),
    )  # fmt: skip


FIGURES: tuple[Figure, ...] = (
    figure(
        "assemblies.sittings", _("Sittings held"), _("Sittings of legal bodies recorded up to the day, the withdrawn left out."),
        held_alone, HEADS, unit=_("sittings"), source=LEDGER, action=READ,
    ),
    figure(
        "assemblies.sittings_in_order", _("Sittings in order"),
        _("Sittings that could decide (of the right body, called and attended as the law asks) over all sittings."),
        held, HEADS, unit="%", decimals=2, source=LEDGER, action=READ, direction=Direction.UP,
    ),
    *_approval("convert_village", "approval_conversions", _("Approval of conversions, all votes together"),
               _("Approval of conversions, mean of the villages")),
    *_approval("merge_village", "approval_mergers", _("Approval of mergers, all votes together"),
               _("Approval of mergers, mean of the villages")),
    *ELECTION_FIGURES,
)  # fmt: skip
