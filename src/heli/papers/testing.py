"""Who may open the pages of documents, and a batch in one half of the world."""

import io
from datetime import date
from typing import Any

import docx

from heli.accounts import queries as accounts
from heli.accounts.services import add_user, grant_role
from heli.campaigns.models import Campaign
from heli.campaigns.testing.runs import READERS, campaign_of, foreign, open_drawn, own
from heli.kernel.access import SYSTEM
from heli.papers.models import PaperBatch, PaperFormat
from heli.papers.services.papers import make_batch
from heli.planning import services as planning
from heli.planning.testing import scenario_of
from heli.ui.testing import AccessCase

MAKERS = ("district_officer", "town_officer", "village_cadre")


def merging_campaign(half: Any, *names: str) -> Campaign:
    """A campaign that carries out a plan in which these villages of one town merge."""
    scenario = scenario_of(half)
    officer = half.actor("district_officer")
    planning.lock_merger(actor=officer, scenario=scenario, members=[half.register[name] for name in names])
    planning.run_scenario(actor=officer, scenario=scenario)
    planning.propose(actor=officer, scenario=scenario)
    chief, _password = add_user(actor=SYSTEM, username="chief", name="chief", password="a long password of tests")
    grant_role(actor=SYSTEM, user=chief, role="district_officer", on=date(2010, 1, 1), place_id=half.district.pk)
    planning.accept(
        actor=accounts.actor_of(chief),
        scenario=scenario,
        document_number="前府发〔2026〕8号",
        document_on=date(2026, 2, 2),
    )
    return open_drawn(half, scenario=scenario.public_id)


def batch_of(half: Any) -> PaperBatch:
    """A batch over the cadre's village, asked for by the district officer and not yet begun."""
    if "papers" not in half.links:
        made = make_batch(
            actor=half.actor("district_officer"),
            campaign=campaign_of(half),
            place_id=half.village.pk,
            keys=["letter-to-residents"],
            form=PaperFormat.DOCX,
            enqueue=lambda _batch: None,
        )
        half.links["papers"] = made.public_id
    return PaperBatch.objects.get(public_id=half.links["papers"])


def _paper(half: Any) -> dict[str, Any]:
    return {"public_id": campaign_of(half).public_id, "key": "letter-to-residents"}


def _file(half: Any) -> dict[str, Any]:
    return {**_paper(half), "suffix": "docx"}


def _batch(half: Any) -> dict[str, Any]:
    return {"public_id": campaign_of(half).public_id, "batch_id": batch_of(half).public_id}


ACCESS: list[AccessCase] = [
    AccessCase("papers:list", READERS, own=own, foreign=foreign),
    AccessCase("papers:paper", READERS, own=lambda world: _paper(world.a), foreign=lambda world: _paper(world.b)),
    AccessCase("papers:file", READERS, own=lambda world: _file(world.a), foreign=lambda world: _file(world.b)),
    AccessCase(
        "papers:template",
        ("district_officer",),
        own=lambda world: _paper(world.a),
        foreign=lambda world: _paper(world.b),
    ),
    AccessCase("papers:new_batch", MAKERS, own=own, foreign=foreign),
    AccessCase("papers:batch", MAKERS, own=lambda world: _batch(world.a), foreign=lambda world: _batch(world.b)),
]


class Word:
    """A file as a form hands it over."""

    def __init__(self, content: bytes, name: str = "自己的.docx") -> None:
        self.content = content
        self.name: str | None = name

    def chunks(self) -> list[bytes]:
        return [self.content]


def own_template(text: str) -> Word:
    """A Word file with one paragraph."""
    document = docx.Document()
    document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return Word(stream.getvalue())
