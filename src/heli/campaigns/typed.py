"""What villages type as proof of their steps."""

from collections.abc import Collection, Iterator
from datetime import datetime

from heli.campaigns.models import Evidence
from heli.campaigns.types import EvidenceKind
from heli.kernel.declare import Typed
from heli.kernel.levels import Per


def typed(district_ids: Collection[int], begins: datetime, ends: datetime) -> Iterator[Typed]:
    """Numbers and minutes; one query."""
    found = Evidence.objects.filter(
        step__campaign__district_id__in=district_ids, step__track__per__in=(Per.VILLAGE, Per.SUCCESSOR), file__isnull=True,
        kind__in=(EvidenceKind.NUMBER, EvidenceKind.MINUTES), added_at__gte=begins, added_at__lt=ends,
    )  # fmt: skip
    columns = ("step__track__place_id", "step__track__town_id", "step__campaign__district_id", "step__track__place__public_id",
               "on", "step__key")  # fmt: skip
    for place, town, district, public_id, on, key in found.order_by("pk").values_list(*columns):
        yield Typed(place=place, town=town, district=district, public_id=public_id, on=on, fields=1, what=key)


TYPED = (typed,)
