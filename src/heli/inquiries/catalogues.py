"""The e-questionnaires of this installation, read from TOML."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from heli.inquiries.types import InquiryField, Questionnaire
from heli.kernel.catalogues import WORDS
from heli.kernel.faults import Refused
from heli.kernel.packs import Key, Shape, find_files, read_pack, read_text, words_key
from heli.kernel.relations import RELATION_KEYS, check_relation
from heli.kernel.words import Words

FOLDER = Path(__file__).parent / "data" / "inquiries"
FORM_KEYS = (
    words_key("title", "the title of the form"),
    Key(
        "fields", Shape.TABLES, "the fields in order", least=1,
        keys=(
            Key("measure", Shape.TEXT, "the measure of the register it asks for"),
            *WORDS,
            Key("least", Shape.WHOLE, "smallest usual value, in the measure's unit", required=False),
            Key("most", Shape.WHOLE, "largest usual value", required=False),
            Key("change", Shape.WHOLE, "percent of change from which on it is asked back", required=False, least=1),
        ),
    ),
    Key("relations", Shape.TABLES, "what the values cannot be, by their measures", required=False, keys=RELATION_KEYS),
)  # fmt: skip


def parse_form(text: str, name: str) -> Questionnaire:
    """An e-questionnaire from the text of its file. Raises `Refused` with file and line of every mistake."""
    pack = read_pack(text, name, FORM_KEYS)
    fields = tuple(
        InquiryField(
            measure=given["measure"],
            words=Words(given["zh"], given["en"]),
            least=given.get("least"),
            most=given.get("most"),
            change_bp=given["change"] * 100 if "change" in given else None,
        )
        for given in pack.data["fields"]
    )
    relations = tuple(pack.data.get("relations", ()))
    names = [field.measure for field in fields]
    if faults := [
        fault
        for number, given in enumerate(relations)
        for fault in check_relation(pack, ("relations", number), given, names)
    ]:
        raise Refused(faults)
    return Questionnaire(
        pack.header.id, pack.header.version, Words(**pack.data["title"]), pack.header.source, fields, relations
    )


@cache
def forms() -> Mapping[str, Questionnaire]:
    """The e-questionnaires of this installation by id."""
    paths = find_files(FOLDER, "inquiries/inquiries").values()
    return {form.id: form for form in (parse_form(read_text(path), path.name) for path in paths)}


def titles() -> Mapping[str, str]:
    """Their titles by id, in the reader's language."""
    language = get_language() or "zh-hans"
    return {key: form.words.text(language) for key, form in forms().items()}
