"""The media types that Worldloom writes, in one table: file extension, and whether a credential fits inside."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import CredentialError


@dataclass(frozen=True, slots=True)
class MediaType:
    """A row: the type's name, its file extension, and the SDK's name of the format that embeds it (`""`: sidecar)."""

    name: str
    extension: str
    embedded_as: str = ""


TABLE = (
    MediaType("image/png", "png", "image/png"),
    MediaType("image/svg+xml", "svg", "image/svg+xml"),
    MediaType("image/jpeg", "jpg", "image/jpeg"),
    MediaType("audio/wav", "wav", "audio/wav"),
    MediaType("application/zip", "zip", "zip"),  # c2pa-rs does not register application/zip; members must be stored
    MediaType("model/gltf-binary", "glb"),
    MediaType("text/plain", "txt"),
    MediaType("text/x-python", "py"),
    MediaType("text/html", "html"),
    MediaType("application/json", "json"),
)

EXTENSIONS = {row.name: row.extension for row in TABLE}
"""File name extension of each media type that Worldloom writes."""

_BY_NAME = {row.name: row for row in TABLE}
_BY_EXTENSION = {row.extension: row for row in TABLE}


def embeds(media_type: str) -> bool:
    """Whether the credential stands inside the file, not beside it; raises CredentialError for an unknown type."""
    return bool(_row(media_type).embedded_as)


def sdk_format(media_type: str) -> str:
    """Return the name under which the C2PA SDK takes the type; raises CredentialError for an unknown type."""
    row = _row(media_type)
    return row.embedded_as or row.name


def media_type_of(path: str) -> str:
    """Return the media type that a file's extension stands for; raises CredentialError where it stands for none."""
    row = _BY_EXTENSION.get(path.rpartition("/")[2].rpartition(".")[2])
    if row is None:
        raise CredentialError(f"{path}: its extension is none that Worldloom writes: {', '.join(_BY_EXTENSION)}")
    return row.name


def _row(media_type: str) -> MediaType:
    row = _BY_NAME.get(media_type)
    if row is None:
        raise CredentialError(f"media type {media_type[:80]!r} is none that Worldloom writes: {', '.join(_BY_NAME)}")
    return row
