"""How a room that keeps no ledger shows its pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from heli.records.abouts import About
from heli.records.views import page_of
from heli.ui.pages import ActorRequest


@dataclass(frozen=True, slots=True)
class Room:
    """The pages of a room under one tab: the address of its list, and what that is called (marked with `gettext_noop`)."""

    tab: str
    title: str

    def show(
        self,
        request: ActorRequest,
        about: About,
        template: str,
        context: Mapping[str, Any],
        *crumbs: str,
        status: int = 0,
    ) -> HttpResponse:
        """A page of the room; `crumbs` name it on the way below the list. 422 for a form that was sent back."""
        title = _(self.title)
        way = [(title, reverse(self.tab, args=[about.id])), *((one, "") for one in crumbs)] if crumbs else ()
        given = {"words": {"tab": title}, **context}
        sent_back = 422 if request.method == "POST" else 200
        return page_of(request, about, self.tab, template, given, crumbs=way, status=status or sent_back)
