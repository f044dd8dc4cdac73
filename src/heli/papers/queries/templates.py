"""The templates of documents and the catalogue of their fields, read once; what a district made of its own."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from heli.files.templating.document_files import FIELD_KEYS, TEMPLATE_KEYS, parse_fields, parse_template
from heli.files.templating.documents import FieldCatalogue, PaperTemplate
from heli.kernel.packs import find_file, find_files, load_pack
from heli.papers.models import LocalTemplate

DATA = Path(__file__).parents[1] / "data"


@cache
def catalogue() -> FieldCatalogue:
    """The fields that templates may use. Raises `Refused` naming file and line of what is wrong in it."""
    return parse_fields(load_pack(find_file(DATA / "fields.toml", "papers/fields.toml"), FIELD_KEYS))


@cache
def shipped_templates() -> Mapping[str, PaperTemplate]:
    """Every template by its key, a locality's own folder included. Raises `Refused` naming file and line."""
    files = find_files(DATA / "documents", "papers/documents")
    found = [parse_template(load_pack(path, TEMPLATE_KEYS), catalogue().fields) for path in files.values()]
    return {template.key: template for template in found}


def local_templates(district_id: int) -> dict[str, LocalTemplate]:
    """The district's own templates in force, by the key of what they replace."""
    found = LocalTemplate.objects.filter(district_id=district_id, superseded_at=None).select_related("file")
    return {template.key: template for template in found}


def versions_of(district_id: int, key: str) -> list[LocalTemplate]:
    """Every version a district had of a template, newest first."""
    return list(LocalTemplate.objects.filter(district_id=district_id, key=key).order_by("-number"))
