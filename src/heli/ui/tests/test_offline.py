"""The outbox's questions: who is signed in, a token for its forms, and a worker that covers the site."""

import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from heli.accounts.testing import build_world


@pytest.mark.django_db
def test_the_outbox_learns_who_is_signed_in_and_gets_a_token(settings: Any) -> None:
    settings.SECOND_FACTOR = False
    world = build_world()
    stranger = Client(enforce_csrf_checks=True)
    told = stranger.get(reverse("ui:outbox"))
    assert told.json()["person"] == ""
    assert told["Cache-Control"] == "private, no-store"
    assert world.client("grid_worker").get(reverse("ui:outbox")).json()["person"] == str(
        world.a.users["grid_worker"].pk
    )
    address = reverse("matter:send", args=[world.a.district.public_id])
    assert stranger.post(address, {}).status_code == 403
    assert stranger.post(address, {}, headers={"X-CSRFToken": told.json()["csrf"]}).status_code == 422


@pytest.mark.django_db
def test_the_worker_covers_the_site_and_keeps_strangers_pages_without_cookies() -> None:
    answer = Client().get(reverse("ui:worker"))
    assert answer["Service-Worker-Allowed"] == "/"
    text = answer.content.decode()
    (imported,) = re.findall(r'from "/static/([^"]+)"', text)
    assert finders.find(imported)
    assert 'credentials: own ? "same-origin" : "omit"' in text
