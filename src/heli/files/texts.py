"""Words for what stands against taking a file in, in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from heli.kernel.faults import Fault, Finding

TEXTS: Mapping[str, str] = {
    "file_empty": _("The file is empty. Choose another."),
    "file_kind": _("%(name)s is of no kind that can be kept. Take PDF, OFD, Office files, CSV, text or a photo."),
    "photo_kind": _("%(name)s is not a photo that can be read. Take JPEG, HEIC, PNG or WebP."),
    "file_misnamed": _(
        "%(name)s is not what its name says: it is %(kind)s inside. Save it as the right kind, then upload it."
    ),
    "file_too_large": _("%(name)s is larger than %(most)s MB. Make it smaller, or split it."),
    "file_bomb": _("%(name)s would unpack to far more than it is. Save it anew with its own program, then upload it."),
    "file_macros": _("%(name)s carries macros. Save it without macros, then upload it."),
}


def as_fault(finding: Finding) -> Fault:
    """A finding of the rules as a sentence."""
    return finding.said(gettext(TEXTS[finding.code]))
