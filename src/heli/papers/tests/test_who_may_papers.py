"""Who may have documents made of a place, and who decides from which templates."""

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from heli.accounts.testing import World, WriteCase
from heli.campaigns.testing.runs import STARTS, campaign_of
from heli.papers.models import PaperFormat
from heli.papers.services import making as paper_making
from heli.papers.services import papers
from heli.papers.testing import MAKERS, batch_of
from heli.ui.testing import Kwargs

KEY = "letter-to-residents"
KEEPERS = ("district_officer",)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def in_no_queue(_batch: int) -> None:
    """No worker is told."""


def letters(world: World) -> Kwargs:
    return {
        "campaign": campaign_of(world.a),
        "place_id": world.a.village.pk,
        "keys": [KEY],
        "form": PaperFormat.DOCX,
        "on": STARTS,
        "enqueue": in_no_queue,
    }


def template(world: World) -> Kwargs:
    document, stream = docx.Document(), io.BytesIO()
    document.add_paragraph("{{ village }}")
    document.save(stream)
    given = SimpleUploadedFile("自己的.docx", stream.getvalue())
    return {"district_id": world.a.district.pk, "key": KEY, "given": given}


def own(world: World) -> Kwargs:
    papers.upload_template(actor=world.a.actor("district_officer"), **template(world))
    return {"district_id": world.a.district.pk, "key": KEY}


CASES = [
    WriteCase(papers.make_batch, MAKERS, letters, hidden="foreign_place"),
    WriteCase(papers.resume_batch, MAKERS, lambda w: {"batch": batch_of(w.a), "enqueue": in_no_queue}),
    WriteCase(paper_making.finish_batch, MAKERS, lambda w: {"batch_id": batch_of(w.a).pk}),
    WriteCase(papers.upload_template, KEEPERS, template),
    WriteCase(papers.withdraw_template, KEEPERS, own),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
