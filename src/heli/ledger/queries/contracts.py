"""Contracts and what they are about: neighbours to compare a rent with, the asset of a code, contracts that come to their end."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from heli.ledger.models import CollectiveAsset, CollectiveContract, ContractState


def neighbours_of(contract: CollectiveContract) -> list[tuple[int, int]]:
    """(rent, area) of the other running contracts of the same kind in the town, where an area is known."""
    rows = CollectiveContract.objects.filter(
        kind=contract.kind, district_id=contract.district_id, town_id=contract.town_id, area_dm2__gt=0
    ).exclude(Q(pk=contract.pk) | Q(status=ContractState.ENDED))
    return [(rent, area or 0) for rent, area in rows.order_by("pk").values_list("rent_fen", "area_dm2")]


def find_asset(code: str, district_id: int) -> CollectiveAsset | None:
    """The asset of a code within a district; None for none."""
    return CollectiveAsset.objects.filter(public_id=code, district_id=district_id).first() if code else None


def contracts_of_asset(code: str) -> QuerySet[CollectiveContract]:
    """The contracts about an asset, the running ones first."""
    return CollectiveContract.objects.filter(object_code=code).order_by("closed_on", "number")


def ending_contracts(district_id: int, on: date, days: int) -> list[Any]:
    """Running contracts of a district that end within so many days from the day on."""
    return list(
        CollectiveContract.objects.filter(
            district_id=district_id, status=ContractState.VERIFIED, due_on__range=(on, on + timedelta(days=days))
        ).order_by("due_on", "pk")
    )
