"""Files of runs as a browser may have them: only those that are meant to be seen, and inert. No routes here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from worldloom.provenance.errors import CredentialError, ProvenanceError
from worldloom.provenance.folder import ARTIFACTS, REPORT, SCENARIO_PY, WORLD
from worldloom.provenance.media import media_type_of
from worldloom.provenance.storage import Storage

INERT = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:; sandbox"
"""Policy of every made file: it loads nothing and runs nothing, whatever it holds."""
REPORT_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob: data:; style-src 'unsafe-inline'; "
    "img-src data: blob:; media-src data: blob:; font-src data:; connect-src data: blob:; worker-src blob: data:; "
    "sandbox allow-scripts allow-popups allow-downloads"
)
"""A report has scripts in itself. It runs in an origin of its own: it cannot read this page, its cookie, or the net."""
SHOWN = ("image/png", "image/jpeg", "image/svg+xml", "audio/wav", "text/html", "text/plain")
"""What a browser shows; anything else is offered for saving."""


@dataclass(frozen=True)
class Served:
    """A file's bytes, how to name their type, and the headers that keep them inert."""

    data: bytes
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


def serve(storage: Storage, path: str) -> Served | None:
    """Return a file of a run, None for what is not there or not for a browser."""
    if not _may_be_seen(path):
        return None
    try:
        if not storage.exists(path):
            return None
        data, media_type = storage.read(path), _media_type(path)
    except ProvenanceError:
        return None
    policy = REPORT_POLICY if path == REPORT else INERT
    headers = {"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff"}
    if media_type not in SHOWN or (media_type == "text/html" and path != REPORT):
        name = "".join(each if each.isalnum() or each in "-._" else "_" for each in path.rpartition("/")[2])
        headers["Content-Disposition"] = f'attachment; filename="{name.encode("ascii", "replace").decode()}"'
    return Served(data, media_type, headers)


def _may_be_seen(path: str) -> bool:
    return path in (REPORT, SCENARIO_PY) or path.startswith((ARTIFACTS, WORLD))


def _media_type(path: str) -> str:
    try:
        found = media_type_of(path)
    except CredentialError:
        return "application/octet-stream"
    return "text/plain" if found in ("text/x-python", "application/json") else found


def drawn(storage: Storage, path: str) -> Served | None:
    """Return a small picture (PNG) of a prop, None for what is none."""
    if not path.startswith(ARTIFACTS) or not path.endswith(".glb"):
        return None
    try:
        data = storage.read(path)
    except ProvenanceError:
        return None
    picture = _drawing(data)
    headers = {"Content-Security-Policy": INERT, "X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=600"}
    return None if picture is None else Served(picture, "image/png", headers)


@lru_cache(maxsize=400)
def _drawing(data: bytes) -> bytes | None:
    from worldloom.cluster.closing.thumbnail import draw_prop  # noqa: PLC0415  (an extra: no Pillow for an auditor)

    return draw_prop(data)
