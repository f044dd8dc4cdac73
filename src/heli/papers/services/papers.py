"""Documents: a district's own templates, and batches that the worker makes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from heli.audit.services import writing
from heli.campaigns.queries import Campaign
from heli.files.services import sent_by, store_file
from heli.files.services.uploads import Multipart
from heli.files.templating.documents import GivenBy
from heli.files.templating.local_docx import MOST_BYTES, open_form
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.papers.models import BatchState, LocalTemplate, PaperBatch, PaperFormat
from heli.papers.queries.templates import catalogue, local_templates, shipped_templates
from heli.papers.queries.work import MAKE, below, places_for, plan_of, work_for

_enqueue = partial(async_task, "heli.papers.jobs.make_papers")

TEMPLATES = "campaigns.templates"


def upload_template(
    *, actor: Actor, district_id: int, key: str, given: Multipart | None, at: datetime | None = None
) -> LocalTemplate:
    """Let a district's own Word file stand for a template from now on; the one before is superseded and kept.

    Raises `Refused` for an unknown template, and for a file that is none, unsafe or names unknown fields; `Forbidden`.
    """
    if key not in shipped_templates():
        raise Refused(Fault("unknown_template", _("There is no such template."), field="file"))
    if given is None:
        raise Refused(Fault("file_missing", _("Choose a file."), field="file"))
    content = b""
    for chunk in given.chunks():
        content += chunk
        if len(content) > MOST_BYTES:
            break
    with sent_by(actor=actor, name=given.name or key, place_id=district_id):
        open_form(content, catalogue().fields)
    with writing(actor, "campaigns.upload_template", action=TEMPLATES, place_id=district_id, at=at) as act:
        before = LocalTemplate.objects.select_for_update().filter(district_id=district_id, key=key).order_by("-number")
        newest = before.first()
        _supersede(district_id, key, actor, act.at)
        file = store_file(
            actor=actor, chunks=[content], name=given.name or f"{key}.docx", action="campaigns.read",
            place_id=district_id, at=act.at,
        )  # fmt: skip
        made = LocalTemplate.objects.create(
            district_id=district_id, key=key, number=newest.number + 1 if newest else 1, file=file, sha256=file.sha256,
            uploaded_by=actor.name, uploaded_at=act.at,
        )  # fmt: skip
        act.subject = f"template:{key}"
        act.after = {"number": made.number, "sha256": made.sha256}
    return made


def withdraw_template(*, actor: Actor, district_id: int, key: str, at: datetime | None = None) -> None:
    """Go back to the template that Heli ships; the district's own is superseded and kept. `Refused` when there is none."""
    with writing(actor, "campaigns.withdraw_template", action=TEMPLATES, place_id=district_id, at=at) as act:
        if not _supersede(district_id, key, actor, act.at):
            raise Refused(Fault("no_own_template", _("The district has no template of its own here.")))
        act.subject = f"template:{key}"


def _supersede(district_id: int, key: str, actor: Actor, at: datetime) -> int:
    standing = LocalTemplate.objects.filter(district_id=district_id, key=key, superseded_at=None)
    return standing.update(superseded_at=at, superseded_by=actor.name)


def check_given(given: Mapping[str, str]) -> dict[str, str]:
    """What was typed for documents, blanks left out. Raises ValueError for a field that is not typed."""
    fields = catalogue().fields
    for name in given:
        if name not in fields or fields[name].given_by is not GivenBy.HAND:
            raise ValueError(f"{name} is not typed when documents are made")
    return {name: text.strip() for name, text in given.items() if text.strip()}


def make_batch(
    *,
    actor: Actor,
    campaign: Campaign,
    place_id: int,
    keys: Sequence[str],
    form: PaperFormat,
    given: Mapping[str, str] | None = None,
    on: date | None = None,
    enqueue: Callable[[int], object] | None = None,
    at: datetime | None = None,
) -> PaperBatch:
    """Ask the worker for the documents of some templates for a place and all below it.

    Raises `Refused` without templates, for a place that the actor does not hold whole, or when nothing is to be made; `Forbidden`.
    """
    now = at or timezone.now()
    day = on or timezone.localdate(now)
    shipped, own = shipped_templates(), local_templates(campaign.district_id)
    templates = [shipped[key] for key in dict.fromkeys(keys) if key in shipped]
    every = places_for(actor, campaign, day, MAKE)
    choice = next((one for one in every if one.id == place_id), None)
    if not templates:
        raise Refused(Fault("no_templates", _("Choose at least one template."), field="templates"))
    if choice is None:
        raise Refused(Fault("foreign_place", _("Choose a place of the campaign that is yours."), field="place"))
    work = work_for(templates, below(choice, every), plan_of(campaign, day))
    if not work:
        message = _("None of these templates is made for this place: choose others, or a place above it.")
        raise Refused(Fault("no_documents", message, field="templates"))
    with writing(actor, "campaigns.make_papers", action=MAKE, place_id=place_id, at=now) as act:
        batch = PaperBatch.objects.create(
            public_id=new_public_id(),
            campaign=campaign,
            templates=[[t.key, t.sha256, own[t.key].sha256 if t.key in own else ""] for t in templates],
            work=work,
            given=check_given(given or {}),
            format=form,
            on=day,
            total=len(work),
            place_id=place_id,
            asked_by=actor.name,
            asked_by_user_id=actor.id,
            asked_at=now,
            changed_at=now,
        )
        act.subject = f"papers:{batch.public_id}"
        act.after = {"templates": [t.key for t in templates], "documents": len(work), "format": str(form)}
    (enqueue or _enqueue)(batch.pk)
    return batch


def resume_batch(
    *, actor: Actor, batch: PaperBatch, enqueue: Callable[[int], object] | None = None, at: datetime | None = None
) -> None:
    """Let the worker go on with a batch that stopped; what is finished is kept. `Refused` when it is done already."""
    with writing(actor, "campaigns.resume_papers", action=MAKE, place_id=batch.place_id, at=at) as act:
        moved = PaperBatch.objects.filter(pk=batch.pk).exclude(state=BatchState.DONE)
        if not moved.update(state=BatchState.QUEUED, failure="", changed_at=act.at):
            raise Refused(Fault("batch_done", _("The documents are made already.")))
        act.subject = f"papers:{batch.public_id}"
    (enqueue or _enqueue)(batch.pk)
