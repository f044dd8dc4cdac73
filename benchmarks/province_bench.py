"""Measure the pages of a province: processor time and statements of each, on 40 districts and 20,000 villages.

    python benchmarks/province_bench.py [--villages 20000] [--districts 40] [--repeat 5] [--keep]
    python benchmarks/province_bench.py --province 四川省     # on a register that is already there (DATABASE_URL)

Builds its own database (SQLite under var/, or DATABASE_URL where that names a database whose name ends in _bench): the register
of `figures_bench.py` under one province, with Chinese names and a campaign in its first district, read by an auditor of the
province and by the officer of one district. With `--province` nothing is built: the province of that name is read as it
stands, by an auditor made for it in a transaction that is rolled back. Every page is opened through the whole of Heli, sign-in
and templates included; the middle of `--repeat` warm visits counts, as processor time of the process.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import figures_bench as base

FIRST = "新大石河山龙金白黄红长双三高东西南北上下观石桥土永天青马凤"
SECOND = "桥河山沟坝湾坪林田塘湖岩树庙井梁坡口堰滩洞溪泉寨村"
ENDINGS = "村村村村村社区"
"""Half of the names that people search for are as short as two characters."""


def names(seed: int) -> Callable[[], str]:
    """Names as villages bear them: two or three characters and what they are, many of them more than once."""
    chance = random.Random(seed)

    def name() -> str:
        core = chance.choice(FIRST) + chance.choice(SECOND) + (chance.choice(SECOND) if chance.random() < 0.4 else "")
        return core + (
            chance.choice(("村", "村", "村", "村", "社区"))
            if not core.endswith("村")
            else "村" * (chance.random() < 0.5)
        )

    return name


def build(villages: int, districts: int) -> tuple[Any, list[int]]:
    """The province with everything below it; its auditor and the keys of its districts."""
    from heli.accounts import services as accounts
    from heli.audit.services import writing
    from heli.kernel.access import SYSTEM
    from heli.places import services
    from heli.places.models import Place

    with writing(SYSTEM, "places.import") as act:
        province = services.reserve_ids(Place, count=1)[0]
        services.insert_place_rows([(province, services.new_public_ids(1)[0], "province", None)])
        services.insert_version_rows(
            [(province, base.BEGIN, None, "", None, "试省", "province", None, None, None, "", None, None, None, None)]
        )
        act.after = {"province": province}
    # A quarter of the villages is founded by the reform in place of half of them: so many stand in the end.
    keys = base.build(villages * 4 // 3, districts, above=province, name=names(base.SEED))
    base.open_campaign(keys[0])
    user, _password = accounts.add_user(
        actor=SYSTEM, username="auditor", name="auditor", place_id=province, password="a long password of benches"
    )
    accounts.grant_role(actor=SYSTEM, user=user, role="auditor", on=base.BEGIN, place_id=province)
    return user, keys


def officer_of(district: int) -> Any:
    """The officer of a district."""
    from heli.accounts import services as accounts
    from heli.kernel.access import SYSTEM

    user, _password = accounts.add_user(
        actor=SYSTEM, username="bench-officer", name="bench", place_id=district, password="a long password of benches"
    )
    accounts.grant_role(actor=SYSTEM, user=user, role="district_officer", on=base.BEGIN, place_id=district)
    return user


def auditor_of(province: str) -> tuple[Any, list[int]]:
    """An auditor of a province of the register as it stands, and the keys of its districts."""
    from heli.accounts import services as accounts
    from heli.kernel.access import SYSTEM, Scope
    from heli.places import queries
    from heli.places.models import PlaceVersion

    place = PlaceVersion.objects.get(name=province, place__level="province", valid_to=None).place_id
    user, _password = accounts.add_user(
        actor=SYSTEM, username="bench-auditor", name="bench", place_id=place, password="a long password of benches"
    )
    accounts.grant_role(actor=SYSTEM, user=user, role="auditor", on=base.BEGIN, place_id=place)
    reached = queries.in_scope(Scope(place_ids=frozenset({place}))).exclude(district=None)
    return user, sorted(set(reached.values_list("district_id", flat=True)))


def pages(districts: list[int]) -> list[tuple[str, str, str]]:
    """What is opened: (what, address, goal)."""
    from heli.places.models import Place, PlaceVersion

    numbers = dict(Place.objects.filter(pk__in=districts[:1]).values_list("pk", "public_id"))
    standing = PlaceVersion.objects.filter(district_id=districts[0], valid_to=None)
    # A village that was merged from others, where there is one; and the first town.
    village = (
        standing.filter(place__level="village")
        .order_by("-begun_by_id", "pk")
        .values_list("place__public_id", flat=True)[0]
    )
    town = standing.filter(place__level="township").order_by("pk").values_list("place__public_id", flat=True)[0]
    return [
        ("home", "/", "150 ms, 20 statements"),
        ("register: all districts", "/places/", ""),
        ("register: a district", f"/places/{numbers[districts[0]]}/", ""),
        ("register: a town", f"/places/{town}/", ""),
        ("register: a village", f"/places/{village}/", "40 statements"),
        ("register: its archive", f"/places/{village}/archive/", ""),
        ("register of figures", "/figures/", "250 ms"),
        ("burden meter", "/figures/burden/", "250 ms"),
        ("battle map: page and table", "/figures/map/", ""),
        ("battle map of all: values", "/figures/map/values/?district=all&by=places.registered_population", ""),
        ("reports", "/figures/reports/", ""),
        ("campaigns", "/campaigns/", ""),
        ("merger plans", "/planning/", ""),
        ("organisations", "/bodies/", ""),
        ("audit trail", "/audit/", ""),
        ("search: 新村", "/search/?q=新村&stay=1", "100 ms"),
        ("search: 大石", "/search/?q=大石&stay=1", "100 ms"),
        ("search: 村", "/search/?q=村&stay=1", "100 ms"),
    ]


def opened(
    user: Any, districts: list[int], repeat: int, only: str, *, with_sql: bool
) -> list[tuple[str, float, int, int, str]]:
    """Of every page: milliseconds of processor time, statements, bytes, the goal."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    asked: list[str] = []

    def listen(run: Any, sql: str, *more: Any) -> Any:
        asked.append(sql)
        return run(sql, *more)

    client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    found = []
    for what, address, goal in pages(districts):
        if only not in what:
            continue
        answer = client.get(address, follow=True)
        if answer.status_code != 200:
            found.append((f"{what}: answered {answer.status_code}", 0.0, 0, 0, goal))
            continue
        asked.clear()
        with connection.execute_wrapper(listen):
            client.get(address)
        statements = len(asked)
        if with_sql:
            print(what, *asked, sep="\n  ")
        spent = []
        for _ in range(repeat):
            busy = time.process_time()
            answer = client.get(address, follow=True)
            spent.append(1000 * (time.process_time() - busy))
        found.append((what, statistics.median(spent), statements, len(answer.content), goal))
    return found


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--villages", type=int, default=20_000)
    parser.add_argument("--districts", type=int, default=40)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--only", default="", help="measure only pages whose name has this in it")
    parser.add_argument("--sql", action="store_true", help="print every statement")
    parser.add_argument(
        "--province", default="", help="read this province of the database that is there; build nothing"
    )
    options = parser.parse_args()
    if options.province:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heli.config.settings")
        sys.path.insert(0, str(base.ROOT / "src"))
        import django

        django.setup()
    else:
        base.prepare()
    from django.conf import settings
    from django.db import transaction
    from rich.console import Console
    from rich.table import Table

    settings.ALLOWED_HOSTS, settings.SECOND_FACTOR = ["testserver"], False
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    tables = []
    with transaction.atomic():
        auditor, districts = (
            auditor_of(options.province) if options.province else build(options.villages, options.districts)
        )
        for who, user in (
            (f"an auditor of {len(districts)} districts", auditor),
            ("the officer of one of them", officer_of(districts[0])),
        ):
            table = Table("page", "cpu ms", "statements", "kB", "goal", title=who)
            for what, spent, asked, size, goal in opened(
                user, districts, options.repeat, options.only, with_sql=options.sql
            ):
                table.add_row(what, f"{spent:.0f}", str(asked), f"{size / 1000:.0f}", goal)
            tables.append(table)
        # A register that was there is left as it was; what was built may be looked at.
        transaction.set_rollback(bool(options.province))
    for table in tables:
        Console(width=120, highlight=False).print(table)


if __name__ == "__main__":
    main()
