"""The compiler of PDFs and drawings, kept for the process, with the faces it may use."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

DRAWING_PPI = 200
"""Points per inch of a drawing that becomes a picture of points."""
_DRAWING = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.drawing), format: "svg")\n'
# The compiler is not made for several threads at once.
_turn = Lock()


@cache
def fonts() -> Any:
    """The faces of Heli and of the machine: an office that has 仿宋 gets 仿宋."""
    import manimgx_fonts_cjk
    import pylopdf_fonts_zh_cn
    import typst

    carried = [one.__path__[0] for one in (manimgx_fonts_cjk, pylopdf_fonts_zh_cn)]
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=carried)


def printed(svg: str) -> str:
    """A drawing with faces that print dark: of the sans that Heli carries, drawings get the thinnest weight alone."""
    return svg.replace("'Noto Sans CJK SC',", "").replace(",sans-serif", ",'Noto Serif SC',sans-serif")


def drawing_as_png(svg: bytes) -> bytes:
    """A drawing as a picture of points, for what cannot show drawings. Raises ValueError when it is no drawing."""
    return compiled(_DRAWING, "png", {"drawing": printed(svg.decode())}, ppi=DRAWING_PPI)


_SIGN = b"#set text(font: json(bytes(sys.inputs.faces)))\n#sys.inputs.sign\n"


def can_be_drawn(sign: str, faces: Sequence[str]) -> bool:
    """Whether one of the faces, or any other that is here, has the character."""
    try:
        compiled(_SIGN, "pdf", {"sign": sign, "faces": json.dumps(faces)}, pdf_standards="a-2b")
    except ValueError:
        return False
    return True


def compiled(source: bytes, kind: Any, values: dict[str, str], **options: Any) -> bytes:
    """What the compiler makes of a source and its data. Raises ValueError when it cannot be drawn."""
    import typst

    with _turn:
        try:
            made = _compiler().compile(input=source, format=kind, sys_inputs=values, timestamp=0, **options)
        except typst.TypstError as error:
            raise ValueError(f"the document cannot be drawn: {error.message}") from error
    return bytes(made) if isinstance(made, bytes) else b"".join(made or ())


@cache
def _compiler() -> Any:
    import typst

    # The root is this folder: a document cannot read files outside it, and has no reason to read any.
    return typst.Compiler(root=str(Path(__file__).parent), font_paths=fonts())
