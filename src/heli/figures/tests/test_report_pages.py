"""Reports on their way: who is told, which channels get the files, what pages and the command show, what the clock makes."""

import io
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from heli.accounts import queries as accounts
from heli.accounts import services as accounts_services
from heli.accounts.testing import BEGINNING, World, build_world
from heli.audit.testing import unaudited
from heli.bodies import services as bodies
from heli.bodies.types import LinkKind
from heli.campaigns.models import Campaign
from heli.campaigns.testing.runs import OPENED, campaign_of
from heli.figures import checks
from heli.figures.models import Report
from heli.figures.queries import reports as queries
from heli.figures.reports.rules import SHIPPED
from heli.figures.reports.types import Derivation, marks_in
from heli.figures.services import reports as services
from heli.kernel.access import SYSTEM
from heli.kernel.db import AppendOnly, lifted
from heli.kernel.faults import Forbidden
from heli.kernel.packs import override_from
from heli.notices.models import Delivery, Message
from heli.notices.testing import add_wecom
from heli.warnings.models import FrozenWeek
from heli.warnings.services.weeks import freeze_due

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 2, tzinfo=OPENED.tzinfo)


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def campaign(world: World) -> Campaign:
    return campaign_of(world.a)


@pytest.fixture
def week(world: World, campaign: Campaign) -> FrozenWeek:
    """The first week, of whose end the reports are made."""
    bodies.add_link(
        actor=SYSTEM,
        kind=LinkKind.VILLAGE_LINK,
        place_id=world.a.village.pk,
        body=world.a.bodies["department"],
        on=BEGINNING,
    )
    return freeze_due(actor=SYSTEM, at=NOW)[0]


def make(campaign: Campaign, week: FrozenWeek) -> list[Report]:
    return services.make_weekly(actor=SYSTEM, campaign=campaign, week=week, at=NOW)


def of(recipient: str, place_id: int | None = None, language: str = "zh-hans") -> Report:
    found = Report.objects.filter(recipient=recipient, language=language)
    return (found if place_id is None else found.filter(place_id=place_id)).order_by("pk")[0]


def of_kind(kind: str) -> Report:
    return Report.objects.filter(kind=kind, language="zh-hans").order_by("pk")[0]


def told(world: World) -> dict[str, set[str]]:
    """Who was told of reports of which recipient."""
    found: dict[str, set[str]] = {}
    for notice in Message.objects.filter(kind="figures.report").select_related("user"):
        public_id = notice.about.removeprefix("report:")
        found.setdefault(Report.objects.get(public_id=public_id).recipient, set()).add(notice.user.username)
    return found


def test_each_recipient_is_told_of_the_own_report_once(world: World, campaign: Campaign, week: FrozenWeek) -> None:
    body = world.a.bodies["department"]
    liaison, _password = accounts_services.add_user(
        actor=SYSTEM,
        username="linked",
        name="linked",
        place_id=world.a.district.pk,
        password="a long password of tests",
    )
    accounts_services.grant_role(actor=SYSTEM, user=liaison, role="department_liaison", on=BEGINNING, body_id=body.pk)
    make(campaign, week)
    make(campaign, week)
    assert told(world) == {
        "district": {"district_officer.a"},
        "town": {"town_officer.a"},
        "leader": {"department_liaison.a", "linked"},
    }
    linked = accounts.actor_of(liaison)
    assert [one.recipient for one in queries.reports_in_scope(linked).filter(language="en")] == ["leader"]


def test_the_group_of_a_town_gets_the_report_with_its_files(world: World, campaign: Campaign, week: FrozenWeek) -> None:
    add_wecom(world.a.actor("district_officer"), place_id=world.a.town.pk)
    make(campaign, week)
    delivery = Delivery.objects.get(key__startswith="report:")
    assert delivery.key == f"report:{of('town', world.a.town.pk).public_id}"
    assert len(delivery.file_ids) == 2
    assert delivery.text.startswith("代市镇总体进度0.0%")


def test_a_town_officer_makes_no_reports_and_reads_only_the_own(
    world: World, campaign: Campaign, week: FrozenWeek
) -> None:
    officer = world.a.actor("town_officer")
    with pytest.raises(Forbidden):
        services.make_weekly(actor=officer, campaign=campaign, week=week, at=NOW)
    make(campaign, week)
    seen = queries.reports_in_scope(officer).filter(language="zh-hans")
    assert [(one.recipient, one.place_id) for one in seen] == [("town", world.a.town.pk)]
    assert queries.find_report(of("district").public_id, world.b.actor("district_officer")) is None


def test_every_number_on_the_page_opens(world: World, campaign: Campaign, week: FrozenWeek) -> None:
    make(campaign, week)
    found = of("district")
    client = world.client("district_officer")
    page = client.get(reverse("figures:report", args=[found.public_id])).content.decode()
    links = {link.replace("&amp;", "&") for link in re.findall(r'<a class="number" href="([^"]+)"', page)}
    assert len(links) > 5
    for link in sorted(links):
        assert client.get(link).status_code == 200, link
    for at, mark in enumerate(marks_in(queries.content_of(found)), start=1):
        shown = client.get(reverse("figures:report_number", args=[found.public_id, at]))
        assert shown.status_code == 200
        assert mark.how in Derivation
    assert client.get(reverse("figures:report_number", args=[found.public_id, 999])).status_code == 404


def test_files_are_word_and_pdf_and_the_other_language_is_one_step_away(
    world: World, campaign: Campaign, week: FrozenWeek
) -> None:
    make(campaign, week)
    found = of("district")
    client = world.client("district_officer")
    pdf = client.get(reverse("figures:report_file", args=[found.public_id, "pdf"]))
    word = client.get(reverse("figures:report_file", args=[found.public_id, "docx"]))
    assert pdf.content.startswith(b"%PDF")
    assert word.content.startswith(b"PK")
    page = client.get(reverse("figures:report", args=[found.public_id])).content.decode()
    assert reverse("figures:report", args=[of("district", language="en").public_id]) in page


def test_an_officer_makes_reports_now_and_looks_at_the_next(world: World, campaign: Campaign, week: FrozenWeek) -> None:
    client = world.client("district_officer")
    preview = client.get(reverse("figures:report_preview", args=[campaign.public_id, "interim"]))
    assert preview.status_code == 200
    assert client.get(reverse("figures:report_preview", args=[campaign.public_id, "yearbook"])).status_code == 200
    assert client.get(reverse("figures:report_preview", args=[campaign.public_id, "weekly"])).status_code == 404
    assert not Report.objects.exists()
    data = {"campaign": campaign.public_id, "kind": "weekly"}
    made = client.post(reverse("figures:make_reports"), data)
    assert made.status_code == 303
    assert Report.objects.filter(week=week).exists()
    refused = client.post(reverse("figures:make_reports"), {**data, "kind": "yearbook"})
    assert refused.status_code == 422


def test_the_clock_makes_the_reports_of_a_new_week_once(world: World, campaign: Campaign, week: FrozenWeek) -> None:
    made = services.make_due(actor=SYSTEM, at=NOW)
    assert made >= 1
    count = Report.objects.count()
    assert services.make_due(actor=SYSTEM, at=NOW) == 0
    assert Report.objects.count() == count


def test_the_command_writes_a_pair_of_files_per_recipient(campaign: Campaign, week: FrozenWeek, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("report", campaign.public_id, "--out", str(tmp_path), stdout=out)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 2 * Report.objects.filter(language="zh-hans", campaign=campaign).count()
    assert names[0].startswith("2026-03-06-weekly-body-")
    assert out.getvalue().count("\n") == len(names)
    call_command("report", campaign.public_id, "--verify", stdout=out)
    assert out.getvalue().count(" same\n") == Report.objects.filter(campaign=campaign).count()
    with pytest.raises(CommandError, match="week 9 is not frozen"):
        call_command("report", campaign.name, "--week", "9", "--out", str(tmp_path))
    with pytest.raises(CommandError, match="there is no campaign"):
        call_command("report", "no such thing")


def test_between_weeks_a_report_comes_when_enough_villages_changed_their_colour(
    campaign: Campaign, week: FrozenWeek, tmp_path: Path
) -> None:
    shipped = SHIPPED.read_text(encoding="utf-8")
    own = tmp_path / "figures"
    own.mkdir()
    make(campaign, week)
    later = NOW + timedelta(days=1)
    assert not services.changed_since(campaign, at=later)
    (own / "reports.toml").write_text(shipped.replace("changed_villages = 5", "changed_villages = 2"), encoding="utf-8")
    override_from(tmp_path)
    try:
        assert services.changed_since(campaign, at=later)
        assert services.make_due(actor=SYSTEM, at=later) >= 1
        found = of_kind("interim")
        assert (found.recipient, found.snapshot.on) == ("district", timezone.localdate(later))
        assert "截至2026年3月11日" in queries.content_of(found)["title"]
        assert not services.changed_since(campaign, at=later)
    finally:
        override_from(None)


@pytest.mark.django_db(transaction=True)
def test_a_report_that_was_tampered_with_is_found(campaign: Campaign, week: FrozenWeek) -> None:
    make(campaign, week)
    assert list(checks.check_invariants()) == []
    guard = next(one for one in Report._meta.constraints if isinstance(one, AppendOnly))
    with unaudited(), lifted(guard, Report):
        Report.objects.filter(pk=of("district").pk).update(content="{}")
    assert [one.code for one in checks.check_invariants()] == ["report_broken"]


def test_without_a_report_the_list_says_when_they_come(world: World) -> None:
    page = world.client("district_officer").get(reverse("figures:reports")).content.decode()
    assert "还没有报告：专项工作每周冻结后自动生成" in page
