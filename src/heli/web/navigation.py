"""The side navigation: every context's entry pages, shown to those who may open them."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Template context: `navigation`, a list of {label, url, icon, current}."""
    return {"navigation": []}
