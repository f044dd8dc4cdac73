"""What the page shell needs on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context of the base layout."""
    return {"is_demo": settings.DEMO, "map_tiles": settings.HELI_MAP_TILES}
