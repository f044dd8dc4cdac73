"""What papers offer to playbooks: the documents that their templates make."""

from collections.abc import Mapping

from django.urls import reverse

from heli.kernel.declare import Documents
from heli.kernel.words import Words
from heli.papers.queries.templates import shipped_templates


def titles() -> Mapping[str, Words]:
    """Every template by its key, a locality's own included."""
    return {key: template.title for key, template in shipped_templates().items()}


def link(key: str, about: str, place: str) -> str:
    """The page of a document of a place."""
    return f"{reverse('papers:paper', args=[about, key])}?place={place}"


DOCUMENTS = (Documents(titles, link),)
