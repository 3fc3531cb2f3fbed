"""Formats that Worldloom does not write and whose credentials it reads: what other tools sign. The own are `media`."""

from __future__ import annotations

from .errors import CredentialError
from .media import EXTENSIONS, embeds, media_type_of

BY_EXTENSION = {
    "jpeg": "image/jpeg",
    "jpe": "image/jpeg",
    "gif": "image/gif",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "dng": "image/x-adobe-dng",
    "avif": "image/avif",
    "heic": "image/heic",
    "heif": "image/heif",
    "jxl": "image/jxl",
    "mov": "video/quicktime",
    "m4v": "video/x-m4v",
    "m4a": "audio/mp4",
    "avi": "video/avi",
    "epub": "application/epub+zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
}
"""Media type, as the C2PA SDK calls it, of each file name extension."""

FOREIGN = frozenset(BY_EXTENSION.values()) - set(EXTENSIONS)
"""Media types of others that carry a credential inside."""


def any_media_type(name: str) -> str:
    """Return the media type of a file name in small or capital letters, `""` for one that is not known here."""
    low = name.rpartition("/")[2].lower()
    try:
        return media_type_of(low)
    except CredentialError:
        return BY_EXTENSION.get(low.rpartition(".")[2], "") if "." in low else ""


def carries_inside(media_type: str) -> bool:
    """Whether a file of that media type can carry its credential inside."""
    return media_type in FOREIGN or (media_type in EXTENSIONS and embeds(media_type))
