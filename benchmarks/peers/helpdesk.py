"""The peer of matters_bench.py: django-helpdesk 2.6 with as many tickets; run by an environment that has it, not by Heli's.

    DATABASE_URL=postgres://user:password@host:port/name python helpdesk.py TICKETS REPEAT

Prints one line of JSON: milliseconds of processor time (process and database session) and statements by question.
"""

from __future__ import annotations

import base64
import json
import os
import random
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

TICKS = os.sysconf("SC_CLK_TCK")
WORDS = ("路灯不亮", "路面破损", "下水道堵塞", "占道经营", "乱倒垃圾", "井盖破损", "夜间施工", "电梯停运")
SEARCHED = "桂花"


def prepare() -> None:
    """Settings of a plain installation, an empty database."""
    import django
    from django.conf import settings

    url = urlsplit(os.environ["DATABASE_URL"])
    apps = ("auth", "contenttypes", "sessions", "sites", "messages", "staticfiles", "admin", "humanize")
    settings.configure(
        SECRET_KEY="bench", DEBUG=False, ALLOWED_HOSTS=["testserver"], ROOT_URLCONF=__name__, SITE_ID=1, USE_TZ=True,
        STATIC_URL="/static/", LOGIN_URL="/login/", DEFAULT_AUTO_FIELD="django.db.models.AutoField", LOGIN_REDIRECT_URL="/",
        INSTALLED_APPS=[*(f"django.contrib.{name}" for name in apps), "rest_framework", "helpdesk"],
        DATABASES={"default": {
            "ENGINE": "django.db.backends.postgresql", "NAME": url.path[1:], "USER": url.username, "PASSWORD": url.password,
            "HOST": url.hostname, "PORT": url.port,
        }},
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
            "OPTIONS": {"context_processors": [
                "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]},
        }],
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend", HELPDESK_TEAMS_MODE_ENABLED=False,
        HELPDESK_KB_ENABLED=True,
    )  # fmt: skip
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    call_command("migrate", verbosity=0, interactive=False)


def build(tickets: int) -> Any:
    """As many tickets and follow-ups as Heli has matters and events; a staff member's client."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from helpdesk.models import FollowUp, Queue, Ticket

    dice = random.Random(1)
    user = get_user_model().objects.create_superuser("officer", "officer@example.org", "x")
    queues = [Queue.objects.create(title=word, slug=f"q{n}") for n, word in enumerate(WORDS)]
    for first in range(0, tickets, 5_000):
        made = []
        for number in range(first + 1, min(first + 5_000, tickets) + 1):
            kind = dice.randrange(len(WORDS))
            is_closed, at = dice.random() < 0.9, datetime.now(UTC) - timedelta(days=dice.randint(1, 700))
            made.append(Ticket(
                title=WORDS[kind] + (SEARCHED if number % 50 == 0 else ""), queue=queues[kind], description=WORDS[kind] * 8,
                status=Ticket.CLOSED_STATUS if is_closed else Ticket.OPEN_STATUS, created=at, modified=at,
                due_date=None if is_closed else at + timedelta(days=20), submitter_email="x@example.org",
            ))  # fmt: skip
        Ticket.objects.bulk_create(made, 1_000)
        FollowUp.objects.bulk_create([
            FollowUp(ticket=one, date=one.created, title=title, comment="x", public=True)
            for one in made for title in ("opened", "filed")
        ], 1_000)  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    client = Client()
    client.force_login(user)
    return client


def spent_by(pid: int) -> float:
    """Seconds of processor time that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def measure(work: Any, repeat: int) -> dict[str, float]:
    """As `matters_bench.measure`."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    work()
    own, begun = [], spent_by(pid)
    for _time in range(repeat):
        before = time.process_time()
        work()
        own.append(time.process_time() - before)
    database = (spent_by(pid) - begun) / repeat
    with CaptureQueriesContext(connection) as asked:
        work()
    return {"ms": 1000 * (statistics.median(own) + database), "statements": len(asked)}


def answers(client: Any, repeat: int) -> dict[str, dict[str, float]]:
    """The same questions: its list is a page and the rows that the page then asks for; here the rows alone are counted."""
    from django.urls import reverse
    from helpdesk.models import Queue, Ticket

    queue = Queue.objects.get(slug="q2")

    def rows(start: int = 0, order: int = 0, **query: Any) -> Any:
        given = {
            "filtering": {},
            "filtering_null": {},
            "sorting": "created",
            "sortreverse": True,
            "search_string": "",
            **query,
        }
        coded = base64.b64encode(json.dumps(given).encode()).decode()
        asked = {
            "draw": 1,
            "start": start,
            "length": 25,
            "order[0][column]": order,
            "order[0][dir]": "desc",
            "search[value]": "",
        }

        def ask() -> None:
            answer = client.get(reverse("helpdesk:datatables_ticket_list", args=[coded]), asked)
            assert answer.status_code == 200, answer.status_code

        return ask

    def get(address: str) -> Any:
        def ask() -> None:
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)

        return ask

    def create() -> None:
        Ticket.objects.create(title="村口第二盏路灯不亮", queue=queue, description="村口第二盏路灯不亮")

    def submit() -> None:
        answer = client.post(reverse("helpdesk:submit"), {
            "queue": queue.pk, "title": "路灯不亮", "body": "村口第二盏路灯不亮", "priority": 3, "submitter_email": "x@example.org",
        })  # fmt: skip
        assert answer.status_code == 302, answer.status_code

    ticket = Ticket.objects.order_by("pk")[1_000]
    return {
        "list": measure(rows(), repeat),
        "list, open ones": measure(rows(filtering={"status__in": [1, 2]}), repeat),
        "list, one item": measure(rows(filtering={"queue__id__in": [queue.pk]}), repeat),
        "list, searched": measure(rows(search_string=SEARCHED), max(2, repeat // 5)),
        "list, searched for nothing": measure(rows(search_string="无此事项"), max(2, repeat // 5)),
        "list, page 500": measure(rows(start=12_475), repeat),
        "detail": measure(get(reverse("helpdesk:view", args=[ticket.pk])), repeat),
        "board": measure(get(reverse("helpdesk:dashboard")), max(2, repeat // 5)),
        "create": measure(submit, repeat),
    }


if __name__ == "__main__":
    prepare()
    from django.urls import include, path

    urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
    sys.modules["__main__"].urlpatterns = urlpatterns
    print(json.dumps(answers(build(int(sys.argv[1])), int(sys.argv[2]))))
