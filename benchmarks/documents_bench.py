"""Measure documents: 25 templates for the 254 villages of the sample district, as Word and as PDF, through the real batch.

    python benchmarks/documents_bench.py [--villages 254] [--templates 25] [--formats docx,pdf]

Builds the sample district with its campaign in a database of its own under var/, asks for a batch as the page does and lets the
worker's job make it in this process. Templates that are made once per village or merger stand in for all 25 (some twice), so
that every one is filled anew for every village. Beside the same texts put together by python-docx, which other systems use
(some hundred documents, carried over). Wall clock and processor time of one
run; memory is the highest of the process, told before and after.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var" / "documents_bench"
ON = date(2026, 3, 20)
PEER_DOCUMENTS = 200


def prepare() -> None:
    """Point Django at the benchmark's own database and files; the sample district is built once."""
    VAR.mkdir(parents=True, exist_ok=True)
    os.environ |= {"HELI_VAR": str(VAR), "DATABASE_URL": f"sqlite:///{VAR / 'bench.sqlite3'}"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heli.config.settings")
    sys.path.insert(0, str(ROOT / "src"))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def build() -> Any:
    """The sample district's campaign."""
    from heli.campaigns.models import Campaign
    from heli.web.demo import build_sample

    if not Campaign.objects.exists():
        build_sample(lambda text: print(f"  {text}", flush=True))
    return Campaign.objects.select_related("playbook", "scenario").earliest("pk")


def ask(campaign: Any, villages: int, templates: int, form: str) -> Any:
    """A batch of so many templates for so many villages, not yet begun."""
    from heli.audit.services import writing
    from heli.campaigns.models import Track
    from heli.kernel.access import SYSTEM
    from heli.kernel.levels import Per
    from heli.papers.models import PaperBatch, PaperFormat
    from heli.papers.queries.templates import shipped_templates
    from heli.papers.services.papers import make_batch

    keys = [key for key, one in shipped_templates().items() if one.per in (Per.VILLAGE, Per.SUCCESSOR)]
    batch = make_batch(
        actor=SYSTEM, campaign=campaign, place_id=campaign.district_id, keys=keys, form=PaperFormat(form), on=ON,
        enqueue=lambda _batch: None,
    )  # fmt: skip
    tracks = Track.objects.filter(campaign=campaign, per=Per.VILLAGE).order_by("town_id", "place_id")
    places = list(tracks.values_list("place_id", flat=True))[:villages]
    pinned = [batch.templates[number % len(keys)] for number in range(templates)]
    work = [[place, number] for place in places for number in range(templates)]
    with writing(SYSTEM, "campaigns.make_papers"):
        PaperBatch.objects.filter(pk=batch.pk).update(work=work, total=len(work), templates=pinned)
    return batch


def peer(campaign: Any) -> float:
    """Seconds for one document when python-docx builds it paragraph by paragraph from the same description."""
    import docx

    from heli.campaigns.models import Track
    from heli.files.documents import PaperTable, plain
    from heli.files.documents.types import texts_of
    from heli.kernel.levels import Per
    from heli.papers.queries.papers import load_papers
    from heli.papers.queries.templates import shipped_templates
    from heli.papers.services.making import Maker

    places = list(Track.objects.filter(campaign=campaign, per=Per.VILLAGE).values_list("place_id", flat=True)[:12])
    maker = Maker(campaign, load_papers(campaign, ON, places, whole=False))
    templates = [one for one in shipped_templates().values() if one.per is Per.VILLAGE]
    work = [(template, place) for place in places for template in templates][:PEER_DOCUMENTS]
    described = [maker.document(template, place) for template, place in work]
    began = time.perf_counter()
    for one in described:
        document = docx.Document()
        document.add_heading(one.title)
        for block in one.blocks:
            if isinstance(block, PaperTable):
                drawn = document.add_table(rows=1 + len(block.rows), cols=len(block.heads))
                for line, row in enumerate([block.heads, *block.rows]):
                    for cell, text in zip(drawn.rows[line].cells, row, strict=True):
                        cell.text = plain(text)
            else:
                for text in texts_of(block):
                    document.add_paragraph(plain(text))
        document.save(io.BytesIO())
    return (time.perf_counter() - began) / len(work)


def megabytes() -> float:
    """The most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--villages", type=int, default=254)
    parser.add_argument("--templates", type=int, default=25)
    parser.add_argument("--formats", default="docx,pdf")
    asked = parser.parse_args()
    prepare()
    campaign = build()
    from heli.kernel.access import SYSTEM
    from heli.papers.services.making import finish_batch

    print(f"{'format':8}{'documents':>12}{'seconds':>10}{'CPU s':>8}{'ms each':>10}{'archive MB':>12}{'memory MB':>20}")
    for form in asked.formats.split(","):
        finish_batch(actor=SYSTEM, batch_id=ask(campaign, 10, asked.templates, form).pk)  # warm: fonts, styles, plan
        batch, before = ask(campaign, asked.villages, asked.templates, form), megabytes()
        began, busy = time.perf_counter(), time.process_time()
        done = finish_batch(actor=SYSTEM, batch_id=batch.pk)
        took, busy = time.perf_counter() - began, time.process_time() - busy
        memory = f"{before:.0f} -> {megabytes():.0f}"
        size = done.file.size / 1e6 if done.file else 0
        print(
            f"{form:8}{done.done:12}{took:10.1f}{busy:8.1f}{1000 * took / max(done.total, 1):10.1f}{size:12.0f}{memory:>20}",
            flush=True,
        )
        if done.failures:
            print(f"  not made: {done.failures[:3]}")
    each = peer(campaign)
    whole = each * asked.villages * asked.templates
    print(f"python-docx, plain text and tables of the same documents: {1000 * each:.1f} ms each, {whole:.0f} s for all")


if __name__ == "__main__":
    main()
