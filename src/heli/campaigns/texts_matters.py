"""Words of a campaign's matters, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import get_language

from heli.kernel.catalogues import Catalogue

Text = str | Promise


def words(catalogue: Catalogue) -> dict[str, str]:
    """The entries of a catalogue in the reader's language, in the order of the file."""
    language = get_language() or "zh-hans"
    return {key: entry.words.text(language) for key, entry in catalogue.entries.items()}
