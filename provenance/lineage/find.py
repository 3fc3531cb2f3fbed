"""Finds what a person means: a digest, an id, a path, the bytes of a file. Knows nodes, not what led to them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from worldloom.provenance.digests import file_digest
from worldloom.provenance.errors import CredentialError, LineageError
from worldloom.provenance.folder import CHECKPOINT, RUN_JSON

from .sink import By, Index

if TYPE_CHECKING:
    import networkx as nx

SHORTEST_PREFIX = 6
"""Hex digits of a digest that are enough to look for it."""
_HEX = re.compile(r"[0-9a-f]+\Z")
_SIDECAR = ".c2pa"
_DIGESTS = (By.CONTENT, By.PAYLOAD, By.FILE)
_LISTED = 4
"""How many candidates an ambiguous prefix names."""


class Found(NamedTuple):
    """A node, and by what it was found: `id`, `digest`, `prefix`, `path`, `file`, `payload` or `credential`.

    A file found by `credential` or `path` has other bytes than the logged ones; only what its credential says, or where
    it lies, leads to the node. The audit judges that.
    """

    node: str
    by: str


class Names(Protocol):
    """What finding needs of whatever holds the names."""

    def knows(self, node: str) -> bool:
        """Whether a node has that name."""
        ...

    def called(self, by: By, name: str) -> str | None:
        """Return the node with that other name."""
        ...

    def beginning(self, prefix: str) -> list[str]:
        """Return the nodes of which some digest begins with these hex digits, each once."""
        ...


class GraphNames:
    """The names of a graph in memory."""

    def __init__(self, graph: nx.DiGraph, index: Index) -> None:
        self._graph, self._index = graph, index

    def knows(self, node: str) -> bool:
        """Whether a node has that name."""
        return node in self._graph

    def called(self, by: By, name: str) -> str | None:
        """Return the node with that other name."""
        return self._index.table(by).get(name)

    def beginning(self, prefix: str) -> list[str]:
        """Return the nodes of which some digest begins with these hex digits, each once."""
        fitting = dict.fromkeys(node for node in self._graph if node.rpartition(":")[2].startswith(prefix))
        for table in map(self._index.table, _DIGESTS):
            fitting |= {node: None for key, node in table.items() if key.startswith(prefix)}
        return list(fitting)


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


def find(names: Names, name: str | bytes | Path) -> Found | None:
    """Find a node by id, digest or its beginning, path, a file's bytes or a file on the disk; None where nothing fits.

    Raises LineageError where more than one thing does.
    """
    if isinstance(name, bytes):
        return find_bytes(names, name)
    found = find_name(names, name) if isinstance(name, str) else None
    if found is None and _is_file(name):
        found = find_file(names, Path(name)) or find_place(names, Path(name))
    return found


def unknown(name: str | bytes | Path) -> LineageError:
    """Return the error for a name that nothing has."""
    what = f"a file of {len(name)} bytes" if isinstance(name, bytes) else str(name)[:200]
    return LineageError(
        f"{what}: this run's log holds nothing of that name, digest or content; use an id such as agent-3 or "
        "decision-36060-3-0, six or more digits of a digest, or a file that the run made"
    )


def find_place(names: Names, path: Path) -> Found | None:
    """Find a node by where a file lies in its run folder; raises LineageError as `find_run` does."""
    place = Path(os.path.realpath(path)).relative_to(find_run(path)).as_posix()
    node = names.called(By.PATH, place)
    return None if node is None else Found(node, "path")


def find_name(names: Names, name: str) -> Found | None:
    """Find a node by id, path in the run folder, digest or prefix of at least 6 hex digits.

    Raises LineageError where a prefix fits several nodes.
    """
    if names.knows(name):
        return Found(name, "id")
    for by in (By.PATH, *_DIGESTS):
        if (node := names.called(by, name)) is not None:
            return Found(node, "path" if by == By.PATH else "digest")
    if not is_prefix(name):
        return None
    fitting = names.beginning(name)
    if len(fitting) > 1:
        raise ambiguous(name, fitting)
    return Found(fitting[0], "prefix") if fitting else None


def is_prefix(name: str) -> bool:
    """Whether a name can be the beginning of a digest."""
    return SHORTEST_PREFIX <= len(name) <= 64 and _HEX.match(name) is not None


def ambiguous(prefix: str, fitting: list[str]) -> LineageError:
    """Return the error for a beginning that several things share."""
    listed = ", ".join(fitting[:_LISTED])
    return LineageError(f"{prefix}: {len(fitting)} things begin so ({listed}, …); give more of its digits")


def find_bytes(names: Names, data: bytes, sidecar: bytes | None = None, path: str = "") -> Found | None:
    """Find a node by a file's bytes: as stored, as payload, or by what the credential in them (or beside) names."""
    digest = file_digest(data).hex()
    for by, how in ((By.FILE, "file"), (By.PAYLOAD, "payload")):
        if (node := names.called(by, digest)) is not None:
            return Found(node, how)
    content = _credential_content(data, sidecar, path)
    return Found(content, "credential") if content and names.knows(content) else None


def _is_file(name: str | Path) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # a name that is no path: too long, or with a zero in it
        return False


def _credential_content(data: bytes, sidecar: bytes | None, path: str) -> str:
    """Return the content digest that a credential names, "" where there is none; its validity is not judged."""
    from worldloom.provenance.media import media_type_of  # noqa: PLC0415
    from worldloom.provenance.reading import read_credential  # noqa: PLC0415  (heavy)

    try:
        media_type = media_type_of(path)
    except CredentialError:
        return ""
    return str(read_credential(data, media_type, sidecar).generation.get("content", ""))


def find_file(names: Names, path: Path) -> Found | None:
    """Find a node by a file on the disk, a sidecar standing for the file that it belongs to; raises LineageError."""
    asset = path.with_name(path.name.removesuffix(_SIDECAR))
    beside = asset.with_name(asset.name + _SIDECAR)
    try:
        data = asset.read_bytes() if asset.is_file() else path.read_bytes()
        sidecar = beside.read_bytes() if beside.is_file() else None
    except OSError as error:
        raise LineageError(f"{path}: cannot be read ({error.strerror}); check its name and its owner") from error
    return find_bytes(names, data, sidecar, asset.name)
