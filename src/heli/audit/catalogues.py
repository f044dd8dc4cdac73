"""What each act of the trail is called."""

from django.utils.translation import get_language

from heli.kernel.catalogues import shipped
from heli.kernel.offers import offered

acts = shipped(__file__, "acts")


def act_words() -> dict[str, str]:
    """What each act is called, by the name it is kept under: of the catalogue, and what contexts offer (`trail.ACTS`)."""
    language = get_language() or "zh-hans"
    known = {key: entry.words.text(language) for key, entry in acts().entries.items()}
    return known | {key: said() for key, said in offered("trail", "ACTS")}
