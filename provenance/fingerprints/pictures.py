"""What a picture is recognised by: two codes of 256 bits, and a closer look at two pictures side by side.

The pixels go the way of ISO 24138: transparency becomes white, an even border is cut off, then 32 by 32 grey values.
A border that a lossy format made uneven is no longer cut off; so there is a second code, of the whole picture.
"""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

from worldloom.provenance.errors import FingerprintError

from .iscc import picture_code, unit_bytes

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST = 64_000_000
"""Pixels of the largest picture that is read: more may be a bomb, and no generator makes it."""

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
_LARGEST_DRAWING = 4 << 20
_MOST_USES = 64
_OUTSIDE = re.compile(
    rb"""href\s*=\s*["'](?!\s*(?:\#|data:image/(?:png|jpeg|webp);base64,))|url\(\s*["']?(?!\#)|<!ENTITY|@import|<\?xml-sty""",
    re.IGNORECASE,
)
_AGAIN = re.compile(rb"<use\b", re.IGNORECASE)
_SIDE = 32
_LOOK = 48
_UNEVEN = 24
"""Grey levels by which a lossy format may have stained an even border."""
_LIFTED = 160
_CROPS = (0, 2, 4, 6, 8)
"""Per cent that a look tries to cut off each side of the original."""


class PictureCodes(NamedTuple):
    """Image-Code of the picture without an even border (`ISCC:…`), and of the whole picture as 64 hex digits."""

    iscc: str
    whole: str


def open_picture(data: bytes) -> Image:
    """Return the picture as grey values on white; raises FingerprintError for what is none, or is too large."""
    pillow, ops = _pillow()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures: the limit here is tighter
            opened = pillow.open(io.BytesIO(data), formats=_FORMATS)
            if opened.width * opened.height > LARGEST:
                raise FingerprintError(f"a picture of {opened.width} by {opened.height} is larger than is read here")
            picture: Image = _on_white(ops.exif_transpose(opened))
            return picture
    except FingerprintError:
        raise
    except Exception as error:  # what a decoder raises over hostile bytes is not of one kind
        raise FingerprintError(f"no picture that can be read: {error}") from error


def draw(svg: bytes, side: int) -> bytes:
    """Return an SVG as a PNG that fits into such sides; raises FingerprintError without resvg, or for what it refuses.

    Nothing is fetched and no file is read: a drawing that refers to anything but itself is refused, as is one that
    draws its own parts over and over. Words in it are not drawn, since fonts differ from machine to machine.
    """
    try:
        import resvg_py  # noqa: PLC0415  (an extra)
    except ImportError as error:
        raise FingerprintError("drawings need resvg-py: pip install 'worldloom[recover]'") from error
    if len(svg) > _LARGEST_DRAWING or _OUTSIDE.search(svg) or len(_AGAIN.findall(svg)) > _MOST_USES:
        raise FingerprintError("a drawing that is too large, or refers to other files, is not drawn")
    try:
        return bytes(
            resvg_py.svg_to_bytes(svg_string=svg.decode("utf-8"), width=side, height=side, skip_system_fonts=True)
        )
    except Exception as error:  # what resvg raises over hostile bytes is not of one kind
        raise FingerprintError(f"no SVG that can be drawn: {error}") from error


def codes(picture: Image) -> PictureCodes:
    """Return the codes that stand in credential and log."""
    trimmed = _code(_trimmed(picture))
    return PictureCodes(trimmed, _body(trimmed if _even_border(picture) is None else _code(picture)))


def asked_codes(picture: Image) -> tuple[list[str], str]:
    """Return what to look a picture up by: its codes without an even and an uneven border, and the whole's."""
    found = codes(picture)
    box = _border(picture, _UNEVEN)
    return [found.iscc, *([_code(picture.crop(box))] if box else [])], found.whole


def lifted(picture: Image) -> Image:
    """Return a picture, made small, with the ground that touches its corners white.

    For what once was transparent there, and was saved on another colour.
    """
    from PIL import ImageDraw  # noqa: PLC0415

    small = picture.resize((_LIFTED, _LIFTED))
    for corner in ((0, 0), (_LIFTED - 1, 0), (0, _LIFTED - 1), (_LIFTED - 1, _LIFTED - 1)):
        ImageDraw.floodfill(small, corner, (255, 255, 255), thresh=_UNEVEN)
    return small


def alike(original: Image, other: Image) -> int:
    """Return how alike two pictures are in per mille of correlation, 0 to 1000, with up to 8 % cut off at each side."""
    return max(_correlation(_small(_cropped(original, percent)), _small(other)) for percent in _CROPS)


def _on_white(picture: Any) -> Any:
    pillow, _ = _pillow()
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        coloured = picture.convert("RGBA")
        white = pillow.new("RGB", coloured.size, "white")
        white.paste(coloured, mask=coloured.getchannel("A"))
        return white
    return picture.convert("RGB")


def _even_border(picture: Any) -> Any:
    return _border(picture, 0)


def _trimmed(picture: Any) -> Any:
    box = _even_border(picture)
    return picture.crop(box) if box else picture


def _border(picture: Any, tolerance: int) -> Any:
    """Return the box inside the border of the first pixel's colour; None where there is no border to cut off."""
    from PIL import Image, ImageChops  # noqa: PLC0415

    ground = Image.new(picture.mode, picture.size, picture.getpixel((0, 0)))
    differs = ImageChops.difference(picture, ground)
    if tolerance:
        differs = differs.convert("L").point(lambda value: 255 if value > tolerance else 0)
    box = differs.getbbox()
    return box if box and box != (0, 0, *picture.size) else None


def _code(picture: Any) -> str:
    from PIL import Image  # noqa: PLC0415

    return picture_code(picture.convert("L").resize((_SIDE, _SIDE), Image.Resampling.BICUBIC).tobytes())


def _body(code: str) -> str:
    return unit_bytes(code)[2:].hex()


def _cropped(picture: Any, percent: int) -> Any:
    width, height = picture.size
    across, down = width * percent // 100, height * percent // 100
    return picture.crop((across, down, width - across, height - down)) if percent else picture


def _small(picture: Any) -> Any:
    import numpy as np  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    small = picture.convert("L").resize((_LOOK, _LOOK), Image.Resampling.BOX)
    return np.frombuffer(small.tobytes(), np.uint8).astype(np.int64)


def _correlation(one: Any, other: Any) -> int:
    """Pearson's correlation in per mille, floored at 0; a picture of one even colour is like none."""
    import numpy as np  # noqa: PLC0415

    one, other = one - one.mean(), other - other.mean()
    norm = float(np.sqrt((one * one).sum() * (other * other).sum()))
    return max(0, round(1000 * float((one * other).sum()) / norm)) if norm else 0


def _pillow() -> tuple[Any, Any]:
    try:
        from PIL import Image, ImageOps  # noqa: PLC0415  (an extra)
    except ImportError as error:
        raise FingerprintError("pictures need Pillow: pip install 'worldloom[recover]'") from error
    return Image, ImageOps
