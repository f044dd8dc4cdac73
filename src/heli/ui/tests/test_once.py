"""A form works once: its token is claimed before the work, kept when it was done, given back when nothing was done."""

import re
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory

from heli.kernel.access import Actor
from heli.ui import once
from heli.ui.http import see_other
from heli.ui.middleware import OnceMiddleware
from heli.ui.models import Arrival

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
TOKEN = "a-token-of-one-form-1"


def sent(token: str = TOKEN, who: int | None = 7, path: str = "/somewhere/", **fields: str) -> Any:
    request: Any = RequestFactory().post(path, {**({"once": token} if token else {}), **fields})
    request.actor = Actor(who, "x")
    request.session = {}
    return request


class Work:
    """A view that counts how often it was asked, and answers as told."""

    def __init__(self, answer: HttpResponse | None = None) -> None:
        self.done = 0
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.done += 1
        return self.answer or see_other(f"/done/{self.done}/")


@pytest.mark.django_db
def test_a_second_arrival_does_nothing_and_goes_where_the_first_went() -> None:
    work = Work()
    answers = [OnceMiddleware(work)(sent(text="a")) for _time in range(3)]
    assert [(one.status_code, one["Location"]) for one in answers] == [(303, "/done/1/")] * 3
    assert work.done == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other",
    [
        {"token": "a-token-of-another-form"},
        {"who": 8},
        {"who": None},
        {"path": "/elsewhere/"},
        {"token": ""},
        {"token": "short"},
    ],
)
def test_another_form_person_or_address_is_another_arrival(other: dict[str, Any]) -> None:
    work = Work()
    OnceMiddleware(work)(sent())
    assert OnceMiddleware(work)(sent(**other))["Location"] == "/done/2/"


@pytest.mark.django_db
@pytest.mark.parametrize("status", [200, 302, 403, 404, 422, 429, 500])
def test_what_was_not_done_may_be_sent_again(status: int) -> None:
    work = Work(HttpResponse(status=status))
    for _time in range(2):
        assert OnceMiddleware(work)(sent()).status_code == status
    assert work.done == 2
    assert not Arrival.objects.exists()


@pytest.mark.django_db
def test_a_view_that_breaks_gives_the_token_back() -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        OnceMiddleware(broken)(sent())
    assert not Arrival.objects.exists()


@pytest.mark.django_db
def test_a_changed_form_with_the_old_token_is_told_that_it_was_not_saved(client: Any) -> None:
    work = Work()
    OnceMiddleware(work)(sent(text="a"))
    answer = OnceMiddleware(work)(sent(text="b"))
    assert (answer.status_code, work.done) == (409, 1)
    assert "/done/1/" in answer.content.decode()


@pytest.mark.django_db
def test_who_waits_too_long_for_the_first_is_told_so_and_nothing_is_repeated() -> None:
    assert once.claim("key", "content", at=NOW) is None
    waited: list[float] = []
    held = once.claim("key", "content", sleep=waited.append)
    assert held is not None
    assert (held.is_done, held.begun_at) == (False, NOW)
    assert sum(waited) == pytest.approx(once.WAIT_S)


@pytest.mark.django_db
def test_who_waits_takes_over_when_the_first_did_nothing() -> None:
    assert once.claim("key", "content") is None
    assert once.claim("key", "content", sleep=lambda _s: once.release("key")) is None


@pytest.mark.django_db
def test_tokens_are_forgotten_after_a_week() -> None:
    for number, at in enumerate((NOW - once.KEPT - timedelta(minutes=1), NOW - once.KEPT + timedelta(minutes=1))):
        once.claim(f"key {number}", "", at=at)
    assert once.sweep(NOW) == 1
    assert Arrival.objects.get().key == "key 1"


def test_every_form_of_a_page_has_a_token_of_its_own() -> None:
    template = engines["django"].from_string("<form>{% csrf_token %}</form><form>{% csrf_token %}</form>")
    page = template.render({}, RequestFactory().get("/"))
    tokens = re.findall(r'name="once" value="([^"]+)"', page)
    assert len(set(tokens)) == 2
    assert page.count("csrfmiddlewaretoken") == 2
    assert all(once.TOKEN.fullmatch(token) for token in tokens)


@pytest.mark.django_db(transaction=True)
def test_of_eight_equal_forms_at_once_one_does_its_work() -> None:
    """Truly at once: eight threads with a database connection each, on either database."""
    if connection.vendor == "sqlite" and "mode=memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("threads share one connection to a database in memory")
    start, lock = threading.Barrier(8), threading.Lock()
    done: list[int] = []
    answers: list[tuple[int, str]] = []

    def work(request: HttpRequest) -> HttpResponse:
        with lock:
            done.append(1)
        time.sleep(0.3)
        return see_other("/done/")

    def press() -> None:
        try:
            start.wait()
            answer = OnceMiddleware(work)(sent(text="a"))
            with lock:
                answers.append((answer.status_code, answer.get("Location", "")))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _press in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    assert answers == [(303, "/done/")] * 8
