"""Photos taken apart and written anew: upright, small enough, and with nothing in them but the picture."""

import io
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageCms, ImageOps

from heli.files.types import FileKind
from heli.kernel.faults import Fault, Refused

LONGEST, THUMBNAIL = 2560, 480
"""Pixels of the longest side, of the photo and of its small copy."""
QUALITY = 85
MOST_PIXELS = 64_000_000
"""More is refused before anything is unpacked: about 200 MB in memory."""
MANY_PIXELS, MOST_PER_BYTE = 20_000_000, 100
"""A picture this large with more pixels to a byte (eight times as many in black and white) shows nothing."""
FORMATS = {FileKind.JPEG: "JPEG", FileKind.PNG: "PNG", FileKind.WEBP: "WEBP", FileKind.HEIC: "HEIF"}


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo ready to be kept: JPEG, its small copy, its size in pixels, and the day it says it was taken."""

    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int
    taken_on: date | None


def prepare_photo(content: bytes, kind: FileKind, name: str) -> Photo:
    """Turn upright, shrink, and re-encode; EXIF, GPS, XMP, comments and embedded thumbnails are gone.

    Raises `Refused` for a picture that is damaged or has too many pixels. The same content gives the same bytes.
    """
    _register_heic()
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as opened:
            pixels = opened.width * opened.height
            if pixels > MOST_PIXELS:
                raise _too_many(name, opened.width, opened.height)
            if pixels > MANY_PIXELS and pixels > MOST_PER_BYTE * len(content) * (8 if opened.mode == "1" else 1):
                raise _all_one(name, opened.width, opened.height, len(content))
            taken_on = _day_taken(opened)
            opened.draft("RGB", (LONGEST, LONGEST))  # a JPEG is read at half or quarter size: less memory and time
            picture = _plain(ImageOps.exif_transpose(opened))
    except Refused:
        raise
    except Exception as broken:  # decoders raise all kinds of errors at damaged content
        text = _("%(name)s is damaged and cannot be read. Take or choose the photo again.")
        raise Refused(Fault("photo_damaged", text % {"name": name}, field="file")) from broken
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    small = picture.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    return Photo(_encoded(picture), _encoded(small), picture.width, picture.height, taken_on)


@cache
def _register_heic() -> None:
    from pi_heif import register_heif_opener

    register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def _too_many(name: str, width: int, height: int) -> Refused:
    text = _("%(name)s has %(width)s × %(height)s pixels, more than %(most)s million. Take it in a smaller resolution.")
    said = {"name": name, "width": width, "height": height, "most": MOST_PIXELS // 1_000_000}
    return Refused(Fault("photo_pixels", text % said, field="file"))


def _all_one(name: str, width: int, height: int, size: int) -> Refused:
    text = _("%(name)s has %(width)s × %(height)s pixels in only %(size)s kB: it shows nothing. Take the photo again.")
    said = {"name": name, "width": width, "height": height, "size": size // 1000}
    return Refused(Fault("photo_empty", text % said, field="file"))


def _day_taken(image: Image.Image) -> date | None:
    """The day of the camera's clock, if it is a day at all."""
    try:
        said = image.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal, "")
        return datetime.strptime(str(said)[:10], "%Y:%m:%d").date()
    except Exception:  # a broken note about the picture does not spoil the picture
        return None


def _plain(image: Image.Image) -> Image.Image:
    """The bare pixels in sRGB on white, with no notes attached."""
    profile: Any = image.info.get("icc_profile")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        image = Image.new("RGB", layered.size, "white")
        image.paste(layered, mask=layered.getchannel("A"))
    elif profile and image.mode in ("RGB", "CMYK"):
        image = _in_srgb(image, profile)
    bare = Image.new("RGB", image.size)
    bare.paste(image.convert("RGB"))
    return bare


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The colours as screens show them; phones take photos in wider colour spaces."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image
    return turned or image


def _encoded(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return stream.getvalue()
