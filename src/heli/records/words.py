"""Values with their words and their tone in one place."""

from collections.abc import Mapping
from typing import Self

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from heli.kernel.catalogues import Catalogue

Text = str | Promise
MATTERS_ONLY = _("Write about the matter: no names, telephone or identity numbers of residents.")
"""Said below boxes of free text."""
TONES = frozenset({"quiet", "info", "good", "warn", "bad"})


class WordEnum(models.TextChoices):
    """An enumeration whose members say themselves: `OPEN = "open", "quiet", _("open")` (value, tone, label in this order).

    The tone colours a badge; it may be left out. Values are stored and never renamed, since history is read for ever.
    """

    tone: str

    def __new__(cls, value: str, tone: str = "quiet") -> Self:
        """A member; raises ValueError for a tone that no badge has."""
        if tone not in TONES:
            raise ValueError(f"{value}: {tone!r} is no tone")
        member = str.__new__(cls, value)
        member._value_ = value
        member.tone = tone
        return member

    @classmethod
    def words(cls) -> Mapping[str, Text]:
        """The labels by value, in order."""
        return {member.value: member.label for member in cls}


def words_of(catalogue: Catalogue) -> dict[str, str]:
    """The entries of a catalogue in the reader's language, in the order of the file."""
    language = get_language() or "zh-hans"
    return {key: entry.words.text(language) for key, entry in catalogue.entries.items()}
