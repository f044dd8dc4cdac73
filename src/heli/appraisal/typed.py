"""What is typed for the appraisals of villages: every number that no figure gives, and what shows it."""

import json
from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from heli.appraisal.models import AppraisalFact
from heli.kernel.declare import Typed


def typed(district_ids: Collection[int], begins: datetime, ends: datetime) -> Iterator[Typed]:
    """Facts that were typed about committees: numbers and what shows them. No exemptions and no values of figures; one query."""
    found = AppraisalFact.objects.filter(
        appraisal__district_id__in=district_ids, appraisal__body_body__isnull=True, figure="", at__gte=begins, at__lt=ends,
    ).exclude(fact="").exclude(appraisal__town=F("appraisal__place"))  # fmt: skip
    columns = ("appraisal__place_id", "appraisal__town_id", "appraisal__district_id", "appraisal__place__public_id", "at", "fact",
               "appraisal__pack", "indicator")  # fmt: skip
    for place, town, district, public_id, at, fact, pack, indicator in found.order_by("pk").values_list(*columns):
        yield Typed(
            place=place, town=town, district=district, public_id=public_id, on=timezone.localdate(at),
            fields=len(json.loads(fact)) + 1, what=_name(pack, indicator),
        )  # fmt: skip


def _name(pack: str, indicator: str) -> str:
    from heli.appraisal.ledger import words_of_indicators

    return words_of_indicators(pack, [indicator])[0]


TYPED = (typed,)
