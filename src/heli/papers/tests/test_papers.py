"""Documents filled from register, plan and steps; batches that go on where they stopped; a district's own templates."""

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.module_loading import import_string

from heli.accounts.testing import World, build_world
from heli.audit.testing import unaudited
from heli.campaigns.models import Campaign
from heli.campaigns.testing import open_drawn
from heli.campaigns.testing.runs import STARTS
from heli.files.documents import has_office, render_docx
from heli.files.queries import read_content
from heli.files.templating.documents import as_word_template
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Forbidden, Refused
from heli.kernel.levels import Per
from heli.papers.models import BatchState, LocalTemplate, PaperBatch, PaperFormat
from heli.papers.queries.papers import load_papers
from heli.papers.queries.templates import catalogue, shipped_templates
from heli.papers.services import making as paper_making
from heli.papers.services.making import finish_batch
from heli.papers.services.papers import make_batch, resume_batch, upload_template, withdraw_template
from heli.papers.testing import merging_campaign, own_template
from heli.places.services import record_facts
from heli.places.types import FactSpec
from heli.records.due import gather_for

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 10)


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    return build_world()


def merging(world: World) -> Campaign:
    """A campaign that carries out a plan which merges two villages of the first town."""
    return merging_campaign(world.a, "岩门村", "大石村")


def asked(
    world: World, campaign: Campaign, *keys: str, place: Any = None, form: PaperFormat = PaperFormat.DOCX, **more: Any
) -> PaperBatch:
    """A batch that no worker has begun."""
    return make_batch(
        actor=more.pop("actor", world.a.actor("district_officer")),
        campaign=campaign,
        place_id=(place or world.a.district).pk,
        keys=keys,
        form=form,
        on=ON,
        enqueue=lambda _batch: None,
        **more,
    )


def archive_of(batch: PaperBatch) -> dict[str, bytes]:
    """The files of a finished batch."""
    assert batch.file is not None
    with zipfile.ZipFile(io.BytesIO(read_content(batch.file))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def said(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


class TestFields:
    def test_a_village_knows_itself_its_town_and_what_it_goes_on_in(self, world: World) -> None:
        campaign = merging(world)
        values = load_papers(campaign, ON, [world.a.village.pk]).of(Per.VILLAGE, world.a.village.pk)
        assert values["village"] == "岩门村"
        assert values["town"] == "代市镇"
        assert values["town_office"] == "代市镇人民政府"
        assert values["population"] == "1,500"
        assert values["merger_kind"] == "二合一"
        assert values["member_names"] in ("岩门村、大石村", "大石村、岩门村")
        assert values["new_population"] == "3,000"
        assert values["plan_number"] == "前府发〔2026〕8号"
        assert values["campaign_start"] == "2026年3月2日"
        rows = values["steps"]
        assert not isinstance(rows, str)
        assert rows
        assert [row["title"] for row in rows] == ["ask"]

    def test_what_is_not_recorded_is_empty_and_never_a_sum_of_a_part(self, world: World) -> None:
        campaign = merging(world)
        village = world.a.village.pk
        record_facts(
            actor=SYSTEM, facts=[FactSpec(place_id=village, measure="households", on=date(2026, 1, 1), value=400)]
        )
        values = load_papers(campaign, ON, [village]).of(Per.VILLAGE, village)
        assert values["households"] == "400"
        assert values["residents"] == ""
        assert values["new_households"] == "", "the other village's households are not known"

    def test_the_district_and_its_towns_are_counted_from_plan_and_steps(self, world: World) -> None:
        campaign = merging(world)
        papers = load_papers(campaign, ON, [campaign.district_id])
        values = papers.of(Per.DISTRICT, campaign.district_id)
        assert values["villages_before"] == "4"
        assert values["villages_after"] == "3"
        assert values["reduction"] == "25.00%"
        assert values["steps_all"] == "8"
        assert values["problems"] == []
        assert values["red_again"] == ""
        assert values["steps_late"] == "7", "of the district one, of two towns and four villages one each"
        town = papers.of(Per.TOWN, world.a.town.pk)
        assert (town["town_before"], town["town_after"]) == ("2", "1")
        assert town["town_steps_late"] == "3"

    def test_the_number_of_queries_does_not_grow_with_the_villages(self, world: World) -> None:
        campaign = merging(world)
        villages = [world.a.register[name] for name in ("岩门村", "大石村", "光明村", "水口村")]
        load_papers(campaign, ON, villages)
        with CaptureQueriesContext(connection) as few:
            load_papers(campaign, ON, villages[:1]).of(Per.VILLAGE, villages[0])
        with CaptureQueriesContext(connection) as many:
            papers = load_papers(campaign, ON, villages)
            for village in villages:
                papers.of(Per.VILLAGE, village)
        assert len(many) == len(few)


class TestBatches:
    def test_every_template_is_made_for_the_places_of_its_level(self, world: World) -> None:
        campaign = merging(world)
        keys = ("bulletin", "weekly-work-points", "letter-to-residents", "merger-proposal")
        batch = finish_batch(actor=SYSTEM, batch_id=asked(world, campaign, *keys).pk)
        assert batch.state == BatchState.DONE
        assert (batch.total, batch.done, batch.failures) == (1 + 2 + 4 + 3, 10, [])
        files = archive_of(batch)
        assert len(files) == 10
        letter = next(name for name in files if name.startswith("代市镇/岩门村/03 "))
        assert letter.endswith(".docx")
        assert "致岩门村全体村民的一封信" in said(files[letter])

    def test_a_town_gets_its_own_part_only(self, world: World) -> None:
        campaign = merging(world)
        officer = world.a.actor("town_officer")
        batch = asked(
            world, campaign, "bulletin", "weekly-work-points", "letter-to-residents", place=world.a.town, actor=officer
        )
        names = archive_of(finish_batch(actor=SYSTEM, batch_id=batch.pk))
        assert {name.split("/")[0] for name in names} == {"代市镇"}
        assert len(names) == 1 + 2
        with pytest.raises(Refused) as refused:
            asked(world, campaign, "bulletin", actor=officer)
        assert refused.value.faults[0].code == "foreign_place"

    def test_without_templates_or_documents_nothing_is_asked_for(self, world: World) -> None:
        campaign = merging(world)
        for keys, code in (((), "no_templates"), (("bulletin",), "no_documents")):
            with pytest.raises(Refused) as refused:
                asked(world, campaign, *keys, place=world.a.village)
            assert refused.value.faults[0].code == code
        with pytest.raises((Refused, Forbidden)):
            asked(world, campaign, "bulletin", actor=world.b.actor("district_officer"))

    def test_a_killed_worker_goes_on_where_it_stopped(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        campaign = merging(world)
        batch = asked(world, campaign, "letter-to-residents", "questionnaire")
        made: list[int] = []
        real = paper_making.Maker.file

        def file(maker: Any, template: Any, place: int, form: PaperFormat) -> bytes:
            made.append(place)
            if len(made) == 6:
                raise KeyboardInterrupt  # as a kill: nothing is caught on the way
            return real(maker, template, place, form)

        monkeypatch.setattr(paper_making.Maker, "file", file)
        with pytest.raises(KeyboardInterrupt):
            finish_batch(actor=SYSTEM, batch_id=batch.pk, portion=2)
        batch.refresh_from_db()
        assert (batch.state, batch.done, batch.file) == (BatchState.RUNNING, 4, None)
        finished = finish_batch(actor=SYSTEM, batch_id=batch.pk, portion=2)
        assert finished.state == BatchState.DONE
        assert len(made) == 6 + 4, "the portions that were finished are not made again"
        assert len(archive_of(finished)) == 8
        assert finish_batch(actor=SYSTEM, batch_id=batch.pk).file == finished.file, "done is done"
        with pytest.raises(Refused):
            resume_batch(actor=world.a.actor("district_officer"), batch=finished, enqueue=lambda _batch: None)

    def test_one_that_fails_is_named_and_costs_no_other(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        campaign = merging(world)
        batch = asked(world, campaign, "letter-to-residents")
        real = paper_making.Maker.file

        def file(maker: Any, template: Any, place: int, form: PaperFormat) -> bytes:
            if place == world.a.village.pk:
                raise ValueError("no paper")
            return real(maker, template, place, form)

        monkeypatch.setattr(paper_making.Maker, "file", file)
        finished = finish_batch(actor=SYSTEM, batch_id=batch.pk)
        assert finished.failures == [["代市镇/岩门村", "致村民的一封信", "no paper"]]
        assert (finished.done, finished.total) == (3, 4)
        assert "no paper" in archive_of(finished)["failures.csv"].decode("utf-8-sig")

    def test_a_template_that_changed_meanwhile_stops_the_batch_in_words(self, world: World) -> None:
        campaign = merging(world)
        batch = asked(world, campaign, "letter-to-residents")
        with unaudited():
            PaperBatch.objects.filter(pk=batch.pk).update(templates=[["letter-to-residents", "other", ""]])
        stopped = finish_batch(actor=SYSTEM, batch_id=batch.pk)
        assert stopped.state == BatchState.FAILED
        assert "letter-to-residents" in stopped.failure
        for role, count in (("district_officer", 1), ("town_officer", 0), ("auditor", 0)):
            waits = gather_for(world.a.actor(role), [campaign.public_id], date.max, stopped.on)
            assert sum(due.id == "papers.stopped" for due, _one in waits) == count, role

    def test_pdf_and_what_was_typed(self, world: World) -> None:
        campaign = merging(world)
        batch = asked(
            world, campaign, "letter-to-residents", place=world.a.village, form=PaperFormat.PDF,
            given={"issued_on": "2026年3月10日"},
        )  # fmt: skip
        (content,) = archive_of(finish_batch(actor=SYSTEM, batch_id=batch.pk)).values()
        assert content.startswith(b"%PDF")
        with pytest.raises(ValueError, match="not typed"):
            asked(world, campaign, "letter-to-residents", given={"contact": "somebody"})


class TestOwnTemplates:
    def test_a_districts_own_file_is_used_until_it_is_withdrawn(self, world: World) -> None:
        campaign, officer = merging(world), world.a.actor("district_officer")
        key = "letter-to-residents"
        upload_template(
            actor=officer, district_id=campaign.district_id, key=key, given=own_template("自己的信：{{ village }}")
        )
        again = upload_template(
            actor=officer, district_id=campaign.district_id, key=key, given=own_template("新的信：{{ village }}")
        )
        assert again.number == 2
        assert LocalTemplate.objects.get(number=1).superseded_at is not None
        (content,) = archive_of(
            finish_batch(actor=SYSTEM, batch_id=asked(world, campaign, key, place=world.a.village).pk)
        ).values()
        assert said(content) == "新的信：岩门村"
        withdraw_template(actor=officer, district_id=campaign.district_id, key=key)
        (content,) = archive_of(
            finish_batch(actor=SYSTEM, batch_id=asked(world, campaign, key, place=world.a.village).pk)
        ).values()
        assert "致岩门村全体村民的一封信" in said(content)
        with pytest.raises(Refused):
            withdraw_template(actor=officer, district_id=campaign.district_id, key=key)

    def test_what_a_batch_was_asked_with_it_is_made_with(self, world: World) -> None:
        campaign, officer = merging(world), world.a.actor("district_officer")
        key = "letter-to-residents"
        upload_template(
            actor=officer, district_id=campaign.district_id, key=key, given=own_template("甲：{{ village }}")
        )
        batch = asked(world, campaign, key, place=world.a.village)
        upload_template(
            actor=officer, district_id=campaign.district_id, key=key, given=own_template("乙：{{ village }}")
        )
        (content,) = archive_of(finish_batch(actor=SYSTEM, batch_id=batch.pk)).values()
        assert said(content) == "甲：岩门村"

    def test_a_bad_file_is_refused_and_only_the_district_changes_templates(self, world: World) -> None:
        campaign, officer = merging(world), world.a.actor("district_officer")
        bad = own_template("{{ nobody }}")
        for key, given, code in (
            ("letter-to-residents", bad, "unknown_field"),
            ("letter-to-residents", None, "file_missing"),
            ("no-such", bad, "unknown_template"),
        ):
            with pytest.raises(Refused) as refused:
                upload_template(actor=officer, district_id=campaign.district_id, key=key, given=given)
            assert refused.value.faults[0].code == code
        with pytest.raises(Forbidden):
            upload_template(
                actor=world.a.actor("town_officer"),
                district_id=campaign.district_id,
                key="letter-to-residents",
                given=own_template("x"),
            )

    def test_a_pdf_of_it_needs_an_office_program(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        campaign, officer = merging(world), world.a.actor("district_officer")
        key = "letter-to-residents"
        upload_template(actor=officer, district_id=campaign.district_id, key=key, given=own_template("{{ village }}"))
        monkeypatch.setattr(paper_making, "has_office", lambda: False)
        batch = asked(world, campaign, key, place=world.a.village, form=PaperFormat.PDF)
        assert "LibreOffice" in finish_batch(actor=SYSTEM, batch_id=batch.pk).failures[0][2]

    @pytest.mark.skipif(not has_office(), reason="LibreOffice is not installed")
    @pytest.mark.slow
    def test_where_there_is_one_the_pdf_is_made(self, world: World) -> None:
        campaign, officer = merging(world), world.a.actor("district_officer")
        key = "letter-to-residents"
        upload_template(actor=officer, district_id=campaign.district_id, key=key, given=own_template("{{ village }}"))
        batch = asked(world, campaign, key, place=world.a.village, form=PaperFormat.PDF)
        (content,) = archive_of(finish_batch(actor=SYSTEM, batch_id=batch.pk)).values()
        assert content.startswith(b"%PDF")


def test_the_worker_finds_its_job_by_name() -> None:
    assert callable(import_string("heli.papers.jobs.make_papers"))


class TestPages:
    def test_the_preview_is_filled_and_the_files_are_handed_out(self, world: World) -> None:
        campaign = merging(world)
        client = world.client("village_cadre")
        url = reverse("papers:paper", args=[campaign.public_id, "letter-to-residents"])
        page = client.get(url).content.decode()
        assert "致岩门村全体村民的一封信" in page
        query = {"place": world.a.village.public_id, "notice_from": "2026-03-10", "notice_to": "2026-03-24"}
        assert "2026年3月24日" in client.get(url, query).content.decode()
        for suffix, begins in (("docx", b"PK"), ("pdf", b"%PDF")):
            args = [campaign.public_id, "letter-to-residents", suffix]
            assert client.get(reverse("papers:file", args=args), query).content.startswith(begins)
        foreign = {"place": world.a.other_village.public_id}
        args = [campaign.public_id, "letter-to-residents", "docx"]
        assert client.get(reverse("papers:file", args=args), foreign).status_code == 404
        args = [campaign.public_id, "bulletin"]
        assert (
            "not yours"
            in client.get(reverse("papers:paper", args=args), headers={"accept-language": "en"}).content.decode()
        )

    def test_a_batch_is_asked_for_followed_and_fetched(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        campaign = merging(world)
        monkeypatch.setattr("heli.papers.services.papers._enqueue", lambda _batch: None)
        client = world.client("town_officer")
        url = reverse("papers:new_batch", args=[campaign.public_id])
        assert client.get(url).status_code == 200
        assert client.post(url, {"place": world.a.town.public_id, "format": "docx"}).status_code == 422
        everything = {"place": world.a.town.public_id, "format": "docx", "every": "on"}
        assert client.post(url, everything).status_code == 303
        assert PaperBatch.objects.get().total > len(shipped_templates())
        data = {"place": world.a.town.public_id, "format": "docx", "templates": ["letter-to-residents"]}
        answer = client.post(url, data)
        assert answer.status_code == 303
        batch = PaperBatch.objects.latest("pk")
        assert "hx-get" in client.get(answer["Location"]).content.decode()
        finish_batch(actor=SYSTEM, batch_id=batch.pk)
        page = client.get(answer["Location"]).content.decode()
        batch.refresh_from_db()
        assert batch.file is not None
        download = reverse("files:download", args=[batch.file.public_id])
        assert download in page
        assert client.get(download).status_code == 200
        assert world.client("village_cadre").get(download).status_code == 404
        assert client.post(answer["Location"]).status_code == 303

    def test_the_template_goes_to_word_and_comes_back(self, world: World) -> None:
        campaign = merging(world)
        client = world.client("district_officer")
        args = [campaign.public_id, "letter-to-residents"]
        taken = client.get(reverse("papers:template", args=args)).content
        expected = render_docx(as_word_template(shipped_templates()["letter-to-residents"], catalogue().fields))
        assert taken == expected
        url = reverse("papers:paper", args=args)
        upload = io.BytesIO(taken)
        upload.name = "一封信.docx"
        assert client.post(url, {"did": "upload", "file": upload}).status_code == 303
        assert "一封信" not in client.get(url).content.decode() or LocalTemplate.objects.count() == 1
        broken = io.BytesIO(own_template("{{ nobody }}").content)
        broken.name = "x.docx"
        answer = client.post(url, {"did": "upload", "file": broken})
        assert answer.status_code == 422
        assert "nobody" in answer.content.decode()
        assert client.post(url, {"did": "withdraw"}).status_code == 303
        assert world.client("town_officer").post(url, {"did": "withdraw"}).status_code == 403

    def test_the_list_names_the_step_that_produces_each(self, world: World) -> None:
        page = world.client("district_officer").get(
            reverse("papers:list", args=[merging(world).public_id]) + "?rows=all"
        )
        assert page.status_code == 200
        assert page.content.decode().count("/t/") == len(shipped_templates())


def test_dates_of_a_year_without_an_official_calendar_say_so(world: World) -> None:
    campaign = open_drawn(world.a, starts_on=STARTS.replace(year=2031))
    values = load_papers(campaign, date(2031, 3, 10), [world.a.village.pk]).of(Per.VILLAGE, world.a.village.pk)
    rows = values["timetable"]
    assert not isinstance(rows, str)
    assert rows
    assert {row["note"] for row in rows} == {"暂定"}
