"""A page of rows that are dear to find."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Window

from heli.ui.http import whole_number


def searched_page(rows: QuerySet[Any], pages: "Paginator[Any]", asked: str) -> Page[Any]:
    """The page asked for of what a search finds: counted in passing, since looking into every text is what costs."""
    size = pages.per_page
    first = (max(1, whole_number(asked, most=10**6) or 1) - 1) * size
    counted = rows.annotate(of_all=Window(Count("*"))).values_list("pk", "of_all")
    keys = list(counted[first : first + size])
    if not keys and first:
        return pages.get_page(asked)
    pages.count = keys[0][1] if keys else 0
    by_key = rows.order_by().in_bulk([key for key, _count in keys]) if keys else {}
    return Page([by_key[key] for key, _count in keys], first // size + 1, pages)
