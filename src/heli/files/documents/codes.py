"""Codes to scan, drawn as paths."""

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 2
"""Modules left white around a code; the page around it is white, too."""


def qr_svg(text: str) -> str:
    """A QR code of a text as SVG, one unit per module. The same text gives the same drawing."""
    code = QRCode(border=QUIET_ZONE, error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    code.make()
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    side = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side * 8}" height="{side * 8}">'
        f'<rect width="100%" height="100%" fill="#fff"/><path d="{path}"/></svg>'
    )
