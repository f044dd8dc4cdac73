"""Which documents there are to make: who may choose which place, and what a batch over a place consists of."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from heli.campaigns.queries import Campaign
from heli.files.templating.documents import PaperTemplate
from heli.kernel.access import Actor, scope
from heli.kernel.levels import Per
from heli.papers.models import BatchState, PaperBatch
from heli.papers.queries.papers import Papers, load_papers
from heli.places import queries as places

MAKE = "campaigns.papers"
READ = "campaigns.read"
VILLAGES = (Per.VILLAGE, Per.SUCCESSOR)


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A place of a campaign of which somebody may have documents."""

    id: int
    public_id: str
    name: str
    per: Per
    town_id: int | None


def places_for(actor: Actor, campaign: Campaign, on: date, action: str = READ) -> list[PlaceChoice]:
    """The district, towns and villages of the campaign that the actor holds whole, from above to below."""
    tracks = campaign.tracks.all()
    reach = scope(actor, action)
    if not reach.everything:
        tracks = tracks.filter(place__in=places.in_scope(reach).values("pk"))
    rows = list(tracks.values_list("place_id", "place__public_id", "per", "town_id"))
    names = places.names_at({row[0] for row in rows}, on)
    order = [Per.DISTRICT, Per.TOWN, *VILLAGES]
    found = [PlaceChoice(row[0], row[1], names.get(row[0], ""), Per(row[2]), row[3]) for row in rows]
    return sorted(found, key=lambda one: (min(order.index(one.per), 2), one.town_id or 0, one.name, one.id))


def fits(template: PaperTemplate, choice: PlaceChoice) -> bool:
    """Whether the template is made once for this place."""
    return choice.per in VILLAGES if template.per in VILLAGES else choice.per is template.per


def below(choice: PlaceChoice, every: Sequence[PlaceChoice]) -> list[PlaceChoice]:
    """The place and all below it."""
    if choice.per is Per.DISTRICT:
        return list(every)
    return [one for one in every if one.id == choice.id or (choice.per is Per.TOWN and one.town_id == choice.id)]


def work_for(
    templates: Sequence[PaperTemplate], chosen: Sequence[PlaceChoice], papers: Papers
) -> list[tuple[int, int]]:
    """(place, number of the template) of every document, what needs the whole district first, then place by place.

    A document about what villages go on in is made once for all that merge, under the first of them.
    """
    above = [(one.id, n) for one in chosen for n, t in enumerate(templates) if t.per not in VILLAGES and fits(t, one)]
    made: set[tuple[int, int]] = set()
    work = []
    for one in chosen:
        if one.per not in VILLAGES:
            continue
        for number, template in enumerate(templates):
            if template.per is Per.VILLAGE:
                work.append((one.id, number))
            elif template.per is Per.SUCCESSOR:
                unit = papers.unit_of.get(one.id)
                key = (unit.members[0][0] if unit is not None else one.id, number)
                if key not in made:
                    made.add(key)
                    work.append((one.id, number))
    return above + work


def plan_of(campaign: Campaign, on: date) -> Papers:
    """The campaign's plan without steps and figures: enough to know which documents there are."""
    return load_papers(campaign, on, (), whole=False)


def batches_in_scope(actor: Actor, campaign: Campaign, action: str = MAKE) -> QuerySet[PaperBatch]:
    """Batches over places that the actor holds."""
    found = PaperBatch.objects.filter(campaign=campaign).select_related("file", "place").defer("work")
    reach = scope(actor, action)
    return found if reach.everything else found.filter(place__in=places.in_scope(reach).values("pk"))


def batches_at(actor: Actor, place_ids: Collection[int], on: date) -> QuerySet[PaperBatch]:
    """Batches asked for by a day over those of the places at which the actor makes documents, the oldest first."""
    mine = places.reached_among(scope(actor, MAKE), place_ids)
    found = PaperBatch.objects.filter(place__in=mine, on__lte=on).select_related("campaign")
    return found.defer("work").order_by("on", "pk")


def failed_batches(campaigns: Collection[str]) -> QuerySet[PaperBatch]:
    """Batches of some campaigns (public ids) that could not be made, the oldest first."""
    found = PaperBatch.objects.filter(campaign__public_id__in=campaigns, state=BatchState.FAILED)
    return found.select_related("campaign").defer("work").order_by("asked_at", "pk")


def slices(work: Sequence[Sequence[int]], size: int) -> Iterator[tuple[int, Sequence[Sequence[int]]]]:
    """The work in numbered portions."""
    for number, start in enumerate(range(0, len(work), size)):
        yield number, work[start : start + size]


def needs_whole(templates: Sequence[PaperTemplate], portion: Collection[Sequence[int]]) -> bool:
    """Whether a portion has documents of towns or the district."""
    return any(templates[number].per not in VILLAGES for _place, number in portion)


def count_papers_about(place_ids: Collection[int]) -> int:
    """How many documents batches hold, or will hold, about some places."""
    wanted = set(place_ids)
    batches = PaperBatch.objects.filter(campaign__tracks__place__in=wanted).distinct().values_list("work", flat=True)
    return sum(place in wanted for work in batches.iterator() for place, _template in work)
