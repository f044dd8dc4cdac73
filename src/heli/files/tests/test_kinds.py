"""What a file really is, by its content: taken when it is what it is called, refused otherwise."""

import io
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from heli.files import images, rules
from heli.files.images import prepare_photo
from heli.files.rules import check_file, recognise
from heli.files.testing import draw_photo, draw_zip
from heli.files.types import LIMITS, PHOTOS, FileKind
from heli.kernel.faults import Refused

OLE = rules.OLE + b"\0" * 600
CONTENTS = {
    FileKind.JPEG: draw_photo(),
    FileKind.PNG: draw_photo(kind="PNG"),
    FileKind.WEBP: draw_photo(kind="WEBP"),
    FileKind.HEIC: draw_photo(kind="HEIF"),
    FileKind.PDF: b"%PDF-1.7\n",
    FileKind.OFD: draw_zip("OFD.xml", "Doc_0/Document.xml"),
    FileKind.DOCX: draw_zip("[Content_Types].xml", "word/document.xml"),
    FileKind.XLSX: draw_zip("[Content_Types].xml", "xl/workbook.xml"),
    FileKind.PPTX: draw_zip("[Content_Types].xml", "ppt/presentation.xml"),
    FileKind.DOC: OLE + "WordDocument".encode("utf-16-le"),
    FileKind.XLS: OLE + "Workbook".encode("utf-16-le"),
    FileKind.PPT: OLE + "PowerPoint Document".encode("utf-16-le"),
    FileKind.TXT: "会议纪要\n".encode(),
}


def codes(name: str, content: bytes, *, photo: bool = False, size: int | None = None) -> list[str]:
    kind, faults = check_file(name, len(content) if size is None else size, io.BytesIO(content), photo=photo)
    assert faults or kind
    return [fault.code for fault in faults]


@pytest.mark.parametrize("kind", CONTENTS)
def test_each_kind_is_known_by_its_content(kind: FileKind) -> None:
    assert recognise(io.BytesIO(CONTENTS[kind])) is kind
    assert codes(f"文件.{kind}", CONTENTS[kind]) == []
    assert codes(f"文件.{kind}".upper(), CONTENTS[kind]) == []


@pytest.mark.parametrize("kind", [kind for kind in CONTENTS if kind not in (FileKind.PDF, *PHOTOS)])
def test_a_file_that_is_not_what_it_is_called_is_refused(kind: FileKind) -> None:
    assert codes("照片.pdf", CONTENTS[kind]) == ["file_misnamed"]
    assert codes("没有后缀", CONTENTS[kind]) == ["file_misnamed"]
    assert codes("照片.jpg", CONTENTS[kind], photo=True) == ["photo_kind"]


def test_a_photo_may_carry_another_pictures_suffix_for_it_is_written_anew() -> None:
    assert codes("mmexport1.jpg", CONTENTS[FileKind.WEBP], photo=True) == []
    assert codes("image", CONTENTS[FileKind.HEIC], photo=True) == []


@pytest.mark.parametrize(
    "content", [b"MZ\x90\0\3", b"\x7fELF\2\1\1", b"PK\x03\x04broken", b"\0\0\0\x1cftypavif", b"GIF89a\0\1"]
)
def test_what_is_of_no_known_kind_is_refused_whatever_it_is_called(content: bytes) -> None:
    for name in ("x.pdf", "x.docx", "x.txt", "x.jpg"):
        assert codes(name, content) == ["file_kind"]
    assert codes("x.txt", b"") == ["file_empty"]


def test_the_old_encoding_of_lists_is_text() -> None:
    assert codes("名单.csv", "前锋区,岩门村\n".encode("gb18030")) == []
    assert codes("page.html", b"<script>alert(1)</script>") == ["file_misnamed"]


def test_a_file_over_the_limit_of_its_kind_is_refused() -> None:
    most = LIMITS[FileKind.PDF]
    assert codes("x.pdf", CONTENTS[FileKind.PDF], size=most) == []
    assert codes("x.pdf", CONTENTS[FileKind.PDF], size=most + 1) == ["file_too_large"]


def test_a_document_that_bursts_or_carries_macros_is_refused() -> None:
    bomb = draw_zip("xl/workbook.xml", content=b"\0" * 60_000_000)
    assert codes("x.xlsx", bomb) == ["file_bomb"]
    assert codes("x.xlsx", draw_zip("xl/workbook.xml", "xl/vbaProject.bin")) == ["file_macros"]


@given(st.binary(max_size=300), st.sampled_from(["x.pdf", "x.docx", "x.csv", "x.jpg", "x"]), st.booleans())
def test_no_content_whatever_breaks_the_check(content: bytes, name: str, photo: bool) -> None:
    check_file(name, len(content), io.BytesIO(content), photo=photo)


# -- photos -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_nothing_but_the_picture_is_kept_of_a_photo(kind: str) -> None:
    content = draw_photo(kind=kind, taken=datetime(2026, 3, 5, 9, 30))
    assert b"Secretphone" in content
    photo = prepare_photo(content, FileKind(kind.lower().replace("jpeg", "jpg").replace("heif", "heic")), "x")
    for made in (photo.jpeg, photo.thumbnail):
        assert b"Secretphone" not in made
        assert b"Exif" not in made
        with Image.open(io.BytesIO(made)) as opened:
            assert not opened.getexif()
            assert set(opened.info) <= {
                "jfif",
                "jfif_version",
                "jfif_unit",
                "jfif_density",
                "progressive",
                "progression",
            }
    assert photo.taken_on == date(2026, 3, 5)


def test_a_photo_stands_upright_and_is_shrunk() -> None:
    photo = prepare_photo(draw_photo(4000, 3000, orientation=6), FileKind.JPEG, "x")
    assert (photo.width, photo.height) == (1920, 2560)
    with Image.open(io.BytesIO(photo.thumbnail)) as small:
        assert small.size == (360, 480)
        right, left = small.getpixel((350, 240)), small.getpixel((10, 240))
    assert right[0] > 150 > right[2], "what was above lies to the right after a quarter turn"  # type: ignore[index]  # three colours
    assert left[2] > 150 > left[0]  # type: ignore[index]  # three colours


def test_the_same_photo_gives_the_same_bytes() -> None:
    once, again = (prepare_photo(draw_photo(), FileKind.JPEG, "x") for _time in range(2))
    assert once == again


def test_a_photo_without_a_day_suggests_none() -> None:
    assert prepare_photo(draw_photo(), FileKind.JPEG, "x").taken_on is None


def test_a_damaged_photo_and_one_of_too_many_pixels_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="x\\.jpg") as refused:
        prepare_photo(draw_photo()[:2000], FileKind.JPEG, "x.jpg")
    assert refused.value.faults[0].code == "photo_damaged"
    monkeypatch.setattr(images, "MOST_PIXELS", 640 * 480 - 1)
    with pytest.raises(Refused) as refused:
        prepare_photo(draw_photo(), FileKind.JPEG, "x.jpg")
    assert refused.value.faults[0].code == "photo_pixels"
