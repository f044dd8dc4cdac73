"""What must be known of a picture to place it."""

import io
import struct


def pixels(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG or JPEG from its header. Raises ValueError for anything else."""
    if content.startswith(b"\x89PNG") and len(content) >= 24:
        wide, high = struct.unpack(">II", content[16:24])
        return wide, high
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content)) as image:
            return image.size
    except UnidentifiedImageError as error:
        raise ValueError("a picture is SVG, PNG or JPEG") from error
