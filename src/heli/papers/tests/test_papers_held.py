"""What the database holds of batches and own templates."""

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.accounts.testing import World, build_world
from heli.audit.testing import unaudited
from heli.campaigns.testing import campaign_of
from heli.papers.models import LocalTemplate, PaperBatch
from heli.papers.services.papers import upload_template
from heli.papers.testing import batch_of, own_template

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    return build_world()


class TestConstraints:
    def test_a_batch_adds_up_is_known_and_says_why_it_failed(self, world: World) -> None:
        batch = batch_of(world.a)
        for name, changes in (
            ("paper_batch_adds_up", {"done": 99}),
            ("paper_batch_format_known", {"format": "odt"}),
            ("paper_batch_state_known", {"state": "lost"}),
            ("paper_batch_done_has_archive", {"state": "done"}),
            ("paper_batch_failed_says_why", {"state": "failed"}),
        ):
            with pytest.raises(IntegrityError, match=name), transaction.atomic(), unaudited():
                PaperBatch.objects.filter(pk=batch.pk).update(**changes)

    def test_one_own_template_is_in_force_numbered_and_known(self, world: World) -> None:
        campaign, officer = campaign_of(world.a), world.a.actor("district_officer")
        key = "letter-to-residents"
        for text in ("一", "二"):
            upload_template(actor=officer, district_id=campaign.district_id, key=key, given=own_template(text))
        first = LocalTemplate.objects.get(number=1)
        for name, changes in (
            ("local_template_one_in_force", {"superseded_at": None, "superseded_by": ""}),
            ("local_template_numbered_once", {"number": 2}),
            ("local_template_is_known", {"sha256": ""}),
            ("local_template_superseded_by_somebody", {"superseded_by": ""}),
        ):
            with pytest.raises(IntegrityError) as fired, transaction.atomic(), unaudited():
                LocalTemplate.objects.filter(pk=first.pk).update(**changes)
            # SQLite names the columns of a unique index, not the index.
            assert name in str(fired.value) or "UNIQUE" in str(fired.value)
