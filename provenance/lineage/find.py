"""Finds what a person means: a digest, an id, a path, the bytes of a file. Knows nodes, not what led to them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from worldloom.provenance.digests import file_digest
from worldloom.provenance.errors import CredentialError, LineageError
from worldloom.provenance.folder import CHECKPOINT, RUN_JSON

from .build import Index

if TYPE_CHECKING:
    import networkx as nx

_SHORTEST_PREFIX = 6
_HEX = re.compile(r"[0-9a-f]+\Z")
_SIDECAR = ".c2pa"
_LISTED = 4
"""How many candidates an ambiguous prefix names."""


class Found(NamedTuple):
    """A node, and by what it was found: `id`, `digest`, `prefix`, `path`, `file`, `payload` or `credential`.

    A file found by `credential` or `path` has other bytes than the logged ones; only what its credential says, or where
    it lies, leads to the node. The audit judges that.
    """

    node: str
    by: str


def find_run(path: Path) -> Path:
    """Return the run folder that a file (or folder) lies in, or is; raises LineageError."""
    place = Path(os.path.realpath(path))
    for folder in (place, *place.parents):
        if (folder / RUN_JSON).is_file() and (folder / CHECKPOINT).is_file():
            return folder
    raise LineageError(
        f"{path}: no run folder above it (one with {RUN_JSON} and {CHECKPOINT}); put the file back where the run "
        "wrote it, or name the run"
    )


def find_place(index: Index, path: Path) -> Found | None:
    """Find a node by where a file lies in its run folder; raises LineageError as `find_run` does."""
    place = Path(os.path.realpath(path)).relative_to(find_run(path)).as_posix()
    return Found(index.paths[place], "path") if place in index.paths else None


def find_name(graph: nx.DiGraph, index: Index, name: str) -> Found | None:
    """Find a node by id, path in the run folder, digest or prefix of at least 6 hex digits.

    Raises LineageError where a prefix fits several nodes.
    """
    if name in graph:
        return Found(name, "id")
    if name in index.paths:
        return Found(index.paths[name], "path")
    for table in (index.contents, index.payloads, index.files):
        if name in table:
            return Found(table[name], "digest")
    if len(name) >= _SHORTEST_PREFIX and _HEX.match(name):
        return _by_prefix(graph, index, name)
    return None


def _by_prefix(graph: nx.DiGraph, index: Index, prefix: str) -> Found | None:
    tables = (index.contents, index.payloads, index.files)
    fitting = dict.fromkeys(node for node in graph if node.rpartition(":")[2].startswith(prefix))
    fitting |= {node: None for table in tables for key, node in table.items() if key.startswith(prefix)}
    if len(fitting) > 1:
        names = ", ".join(list(fitting)[:_LISTED])
        raise LineageError(f"{prefix}: {len(fitting)} things begin so ({names}, …); give more of its digits")
    return Found(next(iter(fitting)), "prefix") if fitting else None


def find_bytes(
    graph: nx.DiGraph, index: Index, data: bytes, sidecar: bytes | None = None, path: str = ""
) -> Found | None:
    """Find a node by a file's bytes: as stored, as payload, or by what the credential in them (or beside) names."""
    digest = file_digest(data).hex()
    if digest in index.files:
        return Found(index.files[digest], "file")
    if digest in index.payloads:
        return Found(index.payloads[digest], "payload")
    content = _credential_content(data, sidecar, path)
    return Found(content, "credential") if content and content in graph else None


def _credential_content(data: bytes, sidecar: bytes | None, path: str) -> str:
    """Return the content digest that a credential names, "" where there is none; its validity is not judged."""
    from worldloom.provenance.credential import read_credential  # noqa: PLC0415  (heavy)
    from worldloom.provenance.media import media_type_of  # noqa: PLC0415

    try:
        media_type = media_type_of(path)
    except CredentialError:
        return ""
    return str(read_credential(data, media_type, sidecar).generation.get("content", ""))


def find_file(graph: nx.DiGraph, index: Index, path: Path) -> Found | None:
    """Find a node by a file on the disk, a sidecar standing for the file that it belongs to; raises LineageError."""
    asset = path.with_name(path.name.removesuffix(_SIDECAR))
    beside = asset.with_name(asset.name + _SIDECAR)
    try:
        data = asset.read_bytes() if asset.is_file() else path.read_bytes()
        sidecar = beside.read_bytes() if beside.is_file() else None
    except OSError as error:
        raise LineageError(f"{path}: cannot be read ({error.strerror}); check its name and its owner") from error
    return find_bytes(graph, index, data, sidecar, asset.name)
