"""Making documents: one at a time for a page, a whole batch by the worker, portion by portion into an archive.

A finished portion is a file of its own beside the next; a worker that is killed leaves those, and the next one goes on
behind them. Only when all are there are they put together and stored, so that nothing half-made is ever handed out.
"""

import fcntl
import json
import logging
import os
import re
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.campaigns.queries import Campaign
from heli.files.documents import Document, docx_to_pdf, has_office, render_docx, render_pdf
from heli.files.documents.layout import layout
from heli.files.queries import read_content
from heli.files.services import UNFINISHED, store_file
from heli.files.templating.documents import PaperTemplate, Values, fill
from heli.files.templating.local_docx import LocalForm, open_form
from heli.kernel.access import Actor
from heli.kernel.faults import Refused
from heli.kernel.levels import Per
from heli.papers.models import BatchState, LocalTemplate, PaperBatch, PaperFormat
from heli.papers.queries.papers import Papers, load_papers
from heli.papers.queries.templates import catalogue, local_templates, shipped_templates
from heli.papers.queries.work import MAKE, VILLAGES, needs_whole, slices

PORTION = 200
"""Documents between two looks at the progress, and most that a killed worker does again."""
FOLDER = ".papers"
"""Where portions wait in the folder of files; backups leave it out, as everything whose name begins with a dot."""
FAILURES = "failures.csv"
_log = logging.getLogger(__name__)


class TemplateChanged(ValueError):
    """A template is no longer the one that the batch was asked for with."""


@dataclass
class Maker:
    """Makes documents of a campaign; the values of a place are computed once for all its documents."""

    campaign: Campaign
    papers: Papers
    given: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, LocalForm] = field(default_factory=dict)
    values: dict[tuple[Per, int], Values] = field(default_factory=dict)

    def values_of(self, template: PaperTemplate, place: int) -> Values:
        """What the template's fields hold for the place."""
        per = Per.VILLAGE if template.per in VILLAGES else template.per
        if (per, place) not in self.values:
            self.values[per, place] = {**self.papers.of(per, place), **self.given}
        return self.values[per, place]

    def document(self, template: PaperTemplate, place: int) -> Document:
        """The document as described by Heli's own template."""
        values = self.values_of(template, place)
        return fill(template, values, catalogue().fields, is_sample=self.campaign.is_sample)

    def file(self, template: PaperTemplate, place: int, form: PaperFormat) -> bytes:
        """The document as a file. Raises ValueError when it cannot be made."""
        own = self.forms.get(template.key)
        if own is None:
            document = self.document(template, place)
            return render_docx(document) if form is PaperFormat.DOCX else render_pdf(document)
        if form is PaperFormat.PDF and not has_office():
            raise ValueError(_("a PDF of a template of one's own needs LibreOffice, which is not installed here"))
        mark = layout().words["sample"] if self.campaign.is_sample else ""
        made = own.render(self.values_of(template, place), mark=mark)
        return made if form is PaperFormat.DOCX else docx_to_pdf(made)


def forms_of(templates: Mapping[str, LocalTemplate]) -> dict[str, LocalForm]:
    """A district's own templates, opened."""
    return {key: open_form(read_content(one.file), catalogue().fields) for key, one in templates.items()}


# --- a batch -----------------------------------------------------------------------------------------------------------


def finish_batch(*, actor: Actor, batch_id: int, at: datetime | None = None, portion: int = PORTION) -> PaperBatch:
    """Make what is left of a batch and store its archive; called by the worker, as often as need be.

    Two workers do not work at one batch: the second leaves it to the first.
    """
    batch = PaperBatch.objects.select_related("campaign__playbook", "campaign__scenario").get(pk=batch_id)
    if batch.state == BatchState.DONE:
        return batch
    folder = Path(settings.MEDIA_ROOT) / FOLDER / batch.public_id
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder) as is_alone:
        if is_alone:
            try:
                _make(actor, batch, folder, at, portion)
            except (TemplateChanged, Refused) as wrong:
                _note(actor, batch, at, state=BatchState.FAILED, failure=str(wrong))
    batch.refresh_from_db()
    return batch


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    with (folder / "lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _make(actor: Actor, batch: PaperBatch, folder: Path, at: datetime | None, portion: int) -> None:
    templates, forms = _pinned(batch)
    parts = []
    for number, work in slices(batch.work, portion):
        part = folder / f"{number:05}-{portion}.zip"
        if not part.exists():
            _make_part(batch, templates, forms, work, part)
        parts.append(part)
        done = min((number + 1) * portion, batch.total)
        _note(actor, batch, at, state=BatchState.RUNNING, done=done)
    failures = [failure for part in parts for failure in json.loads(part.with_suffix(".json").read_text("utf-8"))]
    archive = folder / "archive"
    _put_together(parts, failures, archive)
    _store(actor, batch, archive, failures, at)
    shutil.rmtree(folder, ignore_errors=True)


def _pinned(batch: PaperBatch) -> tuple[list[PaperTemplate], dict[str, LocalForm]]:
    """The templates exactly as they were when the batch was asked for. Raises `TemplateChanged`."""
    shipped, own = shipped_templates(), local_templates(batch.campaign.district_id)
    found, mine = [], {}
    for key, sha256, own_sha256 in batch.templates:
        template = shipped.get(key)
        if template is None or template.sha256 != sha256:
            raise TemplateChanged(
                _("The template %(key)s has changed since: ask for the documents again.") % {"key": key}
            )
        if own_sha256:
            kept = LocalTemplate.objects.filter(district_id=batch.campaign.district_id, key=key, sha256=own_sha256)
            mine[key] = own[key] if key in own and own[key].sha256 == own_sha256 else kept.select_related("file")[0]
        found.append(template)
    return found, forms_of(mine)


def _make_part(
    batch: PaperBatch,
    templates: Sequence[PaperTemplate],
    forms: Mapping[str, LocalForm],
    work: Sequence[Sequence[int]],
    part: Path,
) -> None:
    """One portion: its documents in an archive that is complete or not there at all, its failures beside it."""
    whole = needs_whole(templates, work)
    papers = load_papers(batch.campaign, batch.on, {place for place, _number in work}, whole=whole)
    maker = Maker(batch.campaign, papers, batch.given, forms)
    names, failures = FolderNames(papers), []
    handle, temporary = tempfile.mkstemp(dir=part.parent, prefix=UNFINISHED)
    os.close(handle)
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
        for place, number in work:
            template = templates[number]
            try:
                content = maker.file(template, place, PaperFormat(batch.format))
            except Exception as wrong:  # one document must not cost the others
                _log.exception("a document could not be made", extra={"template": template.key, "place": place})
                reason = str(wrong) if isinstance(wrong, ValueError) else type(wrong).__name__
                failures.append([names.of(template, place), template.title.zh, reason])
                continue
            archive.writestr(f"{names.of(template, place)}/{number + 1:02} {template.title.zh}.{batch.format}", content)
    part.with_suffix(".json").write_text(json.dumps(failures, ensure_ascii=False), "utf-8")
    os.replace(temporary, part)


class FolderNames:
    """How the folders of an archive are called: town, then village, and its code where a town has two of one name."""

    def __init__(self, papers: Papers) -> None:
        self.papers = papers
        villages = [track for track in papers.seen.tracks.values() if track.per in VILLAGES]
        self.counts = Counter((track.lane.town, papers.short(track.lane.place)) for track in villages)

    def of(self, template: PaperTemplate, place: int) -> str:
        """The folder of a document."""
        papers = self.papers
        name = papers.short(place)
        if template.per not in VILLAGES:
            return _plain(name)
        track = papers.seen.by_place[place]
        if self.counts[track.lane.town, name] > 1:
            name += f" {papers.codes.get(place) or place}"
        return f"{_plain(papers.short(track.lane.town))}/{_plain(name)}"


def _plain(name: str) -> str:
    """A name that is one folder on every system."""
    return re.sub(r'[\x00-\x1f/\\:*?"<>|]+', "_", name).strip(" .") or "_"


def _put_together(parts: Sequence[Path], failures: Sequence[Sequence[str]], archive: Path) -> None:
    """All portions in one archive, document by document; what could not be made as a list."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as whole:
        for part in parts:
            with zipfile.ZipFile(part) as portion:
                for entry in portion.infolist():
                    whole.writestr(entry, portion.read(entry))
        if failures:
            lines = [",".join('"' + text.replace('"', '""') + '"' for text in failure) for failure in failures]
            whole.writestr(FAILURES, "\ufeff" + "\r\n".join(lines) + "\r\n")


def _store(
    actor: Actor, batch: PaperBatch, archive: Path, failures: Sequence[Sequence[str]], at: datetime | None
) -> None:
    with writing(actor, "campaigns.make_papers", action=MAKE, place_id=batch.place_id, at=at) as act:
        file = store_file(
            actor=actor, chunks=_pieces(archive), name=f"{batch.campaign.name} {batch.public_id}.zip", action=MAKE,
            place_id=batch.place_id, at=act.at,
        )  # fmt: skip
        PaperBatch.objects.filter(pk=batch.pk).update(
            state=BatchState.DONE,
            done=batch.total - len(failures),
            failures=list(failures),
            file=file,
            changed_at=act.at,
        )
        act.subject = f"papers:{batch.public_id}"
        act.after = {"documents": batch.total - len(failures), "failed": len(failures), "sha256": file.sha256}


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            yield piece


def _note(actor: Actor, batch: PaperBatch, at: datetime | None, **changes: object) -> None:
    """Write how far the batch is."""
    now = at or timezone.now()
    with writing(actor, "campaigns.make_papers", action=MAKE, place_id=batch.place_id, at=now) as act:
        PaperBatch.objects.filter(pk=batch.pk).update(**changes, changed_at=now)
        act.subject = f"papers:{batch.public_id}"
        act.after = {key: str(value) for key, value in changes.items()}
