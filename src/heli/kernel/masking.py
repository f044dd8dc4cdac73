"""Numbers of persons in public words are hidden: telephone, identity and card numbers, however they are typed."""

import re
import unicodedata

GAP = r"[\s\-—.·]?"
NUMBERS = re.compile(
    "|".join((
        rf"(?<!\d)(?:\d{GAP}){{17}}[\dXx](?!\d)",  # an identity number
        rf"(?<!\d)(?:\d{GAP}){{14,18}}\d(?!\d)",  # an old identity number, a bank card
        rf"(?<!\d)(?:\+?86{GAP})?1{GAP}[3-9](?:{GAP}\d){{9}}(?!\d)",  # a mobile telephone
        rf"(?<!\d)0\d{{2,3}}{GAP}\d{{7,8}}(?!\d)",  # a telephone with its area
        r"(?<!\d)[2-8]\d{6,7}(?!\d)",  # a telephone without
    ))
)  # fmt: skip
HIDDEN = "＊＊＊"


def mask(text: str) -> str:
    """The text with such numbers hidden; digits of full width are read as digits."""
    plain = "".join(
        unicodedata.normalize("NFKC", sign) if unicodedata.category(sign) == "Nd" else sign for sign in text
    )
    return NUMBERS.sub(HIDDEN, plain)
