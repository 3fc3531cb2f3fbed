"""The media types that Worldloom writes, in one table: file extension, and whether a credential fits inside.

The page docs/credentials.md shows this table; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass

from .errors import CredentialError


@dataclass(frozen=True, slots=True)
class MediaType:
    """A row: the type's name, its file extension, and the SDK's name of the format that embeds it (`""`: sidecar).

    `what` says what Worldloom writes as it, `note` what a reader of the credential has to know.
    """

    name: str
    extension: str
    embedded_as: str = ""
    what: str = ""
    note: str = ""


_ID3 = "stands in an ID3v2 tag before the sound"
_OWN = "the name is not registered with IANA"

TABLE = (
    MediaType("image/png", "png", "image/png", "pictures, maps"),
    MediaType("image/svg+xml", "svg", "image/svg+xml", "vector pictures"),
    MediaType("image/jpeg", "jpg", "image/jpeg", "photographs and frames"),
    MediaType("image/webp", "webp", "image/webp", "small pictures, textures"),
    MediaType("audio/wav", "wav", "audio/wav", "songs, sounds"),
    MediaType("audio/flac", "flac", "audio/flac", "sounds, packed without loss", _ID3),
    MediaType("audio/mpeg", "mp3", "audio/mpeg", "sounds, packed", _ID3),
    MediaType("video/mp4", "mp4", "video/mp4", "films", "what its hash leaves out (`ftyp`) our assertion binds"),
    MediaType("application/pdf", "pdf", "application/pdf", "printed pages", "an attachment of the document"),
    # c2pa-rs does not register application/zip
    MediaType("application/zip", "zip", "zip", "runs, bundles of assets", "members must be stored, not compressed"),
    MediaType("model/gltf-binary", "glb", "", "props, worlds"),
    MediaType("model/vnd.usda", "usda", "", "worlds as USD text"),
    MediaType("model/vnd.usdz+zip", "usdz", "", "worlds as USD package", "a zip that the SDK has no handler for"),
    MediaType("application/x-tmx+xml", "tmx", "", "maps for Tiled", _OWN),
    MediaType("text/plain", "txt", "", "letters, words"),
    MediaType("text/markdown", "md", "", "texts with headings"),
    MediaType("text/x-python", "py", "", "scenarios, code", _OWN),
    MediaType("text/html", "html", "", "the report"),
    MediaType("application/json", "json", "", "data"),
    MediaType("application/vnd.apache.parquet", "parquet", "", "tables"),
    MediaType("application/x-safetensors", "safetensors", "", "weights", _OWN),
    MediaType("application/x-npz", "npz", "", "arrays", _OWN),
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
    _, dot, extension = path.rpartition("/")[2].rpartition(".")
    row = _BY_EXTENSION.get(extension) if dot else None
    if row is None:
        raise CredentialError(f"{path}: its extension is none that Worldloom writes: {', '.join(_BY_EXTENSION)}")
    return row.name


def _row(media_type: str) -> MediaType:
    row = _BY_NAME.get(media_type)
    if row is None:
        raise CredentialError(f"media type {media_type[:80]!r} is none that Worldloom writes: {', '.join(_BY_NAME)}")
    return row


def table_markdown() -> str:
    """Return the table as the page docs/credentials.md shows it."""
    lines = ["| file | media type | what | credential | note |", "|---|---|---|---|---|"]
    for row in TABLE:
        place = "inside" if row.embedded_as else f"beside: `….{row.extension}.c2pa`"
        lines.append(f"| `.{row.extension}` | `{row.name}` | {row.what} | {place} | {row.note} |")
    return "\n".join(lines) + "\n"
