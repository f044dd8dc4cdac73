"""Builders of photos and documents, and who may fetch a file."""

import io
import zipfile
from datetime import datetime
from typing import Any

from PIL import ExifTags, Image

from heli.audit.services import writing
from heli.files import services
from heli.files.models import Upload
from heli.files.queries import ID_LENGTH
from heli.kernel.access import SYSTEM, Actor, Grant
from heli.ui.testing import EVERYONE, STAFF, STRANGER, AccessCase, Kwargs


def draw_photo(
    width: int = 640, height: int = 480, *, kind: str = "JPEG", taken: datetime | None = None, orientation: int = 1
) -> bytes:
    """A photo, red on its upper half and blue on its lower, with camera notes and a place in its EXIF."""
    image = Image.new("RGB", (width, height), (20, 40, 200))
    image.paste((200, 30, 30), (0, 0, width, height // 2))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Secretphone"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (30.0, 31.0, 32.0)
    if taken is not None:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = f"{taken:%Y:%m:%d %H:%M:%S}"
    stream = io.BytesIO()
    if kind == "HEIF":
        import pillow_heif  # what Heli carries reads, and cannot write

        pillow_heif.from_pillow(image).save(stream, exif=exif.tobytes())
    else:
        image.save(stream, kind, exif=exif.tobytes())
    return stream.getvalue()


def draw_zip(*parts: str, content: bytes = b"<x/>") -> bytes:
    """A zipped document with the named parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.writestr(part, content)
    return stream.getvalue()


def begin(
    actor: Actor, content: bytes, *, name: str = "x.jpg", purpose: str = "ui.read", place_id: int | None = None
) -> Upload:
    """An upload of the content that has arrived completely."""
    upload = services.begin_upload(actor=actor, name=name, size=len(content), purpose=purpose, place_id=place_id)
    services.append_upload(upload=upload, offset=0, content=content)
    return upload


def _file(half: Any, name: str = "x.csv") -> Kwargs:
    """A file of the half's district that those may fetch who may read there."""
    place_id = half.village.pk
    with writing(SYSTEM, "places.read", place_id=place_id):
        if name.endswith(".jpg"):
            stored = services.store_photo(
                actor=SYSTEM, chunks=draw_photo(), name=name, action="places.read", place_id=place_id
            )
        else:
            stored = services.store_file(
                actor=SYSTEM, chunks=[b"x"], name=name, action="places.read", place_id=place_id
            )
    return {"public_id": stored.public_id}


def _upload(half: Any) -> Kwargs:
    """An upload that the half's district officer has begun."""
    upload = services.begin_upload(
        actor=half.actor("district_officer"), name="x.jpg", size=10, purpose="ui.read", place_id=None
    )
    return {"public_id": upload.public_id}


def _case(url: str, name: str) -> AccessCase:
    return AccessCase(
        url,
        STAFF,
        own=lambda world: _file(world.a, name),
        foreign=lambda world: _file(world.b, name),
        refused=(404,),
    )


def _open_upload(half: Any) -> Kwargs:
    """An upload that a stranger has begun."""
    token = "t" * ID_LENGTH
    upload = services.begin_upload(
        actor=Actor(None, "public", (Grant("public"),)), name="x.jpg", size=10, purpose="matters.report", place_id=None,
        photo=True, token=token,
    )  # fmt: skip
    return {"public_id": f"{upload.public_id}{token}"}


ACCESS: list[AccessCase] = [
    _case("files:download", "x.csv"),
    _case("files:view", "x.csv"),
    _case("files:view", "x.jpg"),
    _case("files:thumbnail", "x.jpg"),
    AccessCase("files:open_uploads", (*EVERYONE, STRANGER), method="post", success=(422,)),
    AccessCase("files:open_upload", (*EVERYONE, STRANGER), own=lambda world: _open_upload(world.a)),
    AccessCase("files:uploads", EVERYONE, method="post", success=(422,)),
    AccessCase(
        "files:upload",
        ("district_officer",),
        own=lambda world: _upload(world.a),
        foreign=lambda world: _upload(world.b),
        refused=(404,),
    ),
]
