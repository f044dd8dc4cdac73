"""What consultation tells everybody of a place: the notices that hang there, and the last that hung."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.consultation.catalogues import notice_kinds
from heli.consultation.queries.notices import notices_to_read
from heli.kernel.openly import OpenAsk, OpenLine, OpenPart, OpenRows
from heli.records.words import words_of

MOST = 4


def notices(ask: OpenAsk) -> OpenRows | None:
    """Notices that hang in the place or over it, the newest first; the last that hung where none hangs now."""
    kinds = words_of(notice_kinds())
    lines = []
    for one in notices_to_read((*ask.here, *ask.above), ask.on, MOST):
        days = _("hangs until %(day)s") if one.last_on >= ask.on else _("hung until %(day)s")
        note = " · ".join([str(kinds.get(one.kind, "")), days % {"day": one.last_on}])
        mark, tone = (_("hangs now"), "info") if one.last_on >= ask.on else ("", "quiet")
        link = reverse("consultation:notice", args=[one.public_id])
        lines.append(OpenLine(text=one.title, note=note, link=link, mark=mark, tone=tone))
    return OpenRows(lines=lines) if lines else None


OPEN = (OpenPart(id="consultation.notices", title=gettext_lazy("Public notices"), fill=notices, order=10),)
