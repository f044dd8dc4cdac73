"""Pages with several folded forms: each is offered to whoever may, and the one that was sent is done."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404

from heli.kernel.access import may
from heli.records.views import today
from heli.ui.forms import attempt, offer
from heli.ui.pages import ActorRequest


@dataclass(frozen=True, slots=True)
class CardForm:
    """A form of a page: the right it needs, its title, how it is made from what was sent, what it does with what was given.

    `needs`: choices it cannot do without.
    """

    right: str
    title: str
    form: Callable[[Any], forms.Form]
    do: Callable[[Any, dict[str, Any]], object]
    needs: Collection[Any] = (True,)


Choices = dict[str, list[tuple[str, str]]]


def cards_of(
    request: ActorRequest, place_id: int | None, made: dict[str, CardForm], choices: Choices
) -> tuple[list[dict[str, Any]], bool, bool]:
    """The forms that the actor is offered, whether one was done, and whether one was refused.

    Raises `Http404` for a form that does not exist, `PermissionDenied` for one that is not the actor's.
    """
    pressed, is_wrong = request.POST.get("do", ""), False
    cards: list[dict[str, Any]] = []
    if request.method == "POST" and pressed not in made:
        raise Http404(pressed)
    for name, one in made.items():
        if not may(request.actor, one.right, place_id):
            if pressed == name:
                raise PermissionDenied(one.right)
            continue
        form: Any = one.form(request.POST if pressed == name else None)
        offer(form, **{field: found for field, found in choices.items() if field in form.fields})
        for field in ("on", "valid_from", "signed_on"):
            if field in form.fields:
                form.fields[field].initial = today()
        if pressed == name:
            if attempt(form, partial(_do, one.do, form)):
                return cards, True, False
            is_wrong = True
        if one.needs:
            cards.append({"name": name, "title": one.title, "form": form, "is_open": pressed == name})
    return cards, False, is_wrong


def _do(do: Callable[[Any, dict[str, Any]], object], form: Any) -> None:
    do(form, dict(form.cleaned_data))
