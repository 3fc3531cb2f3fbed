"""The parts that a bundled file's credential names by their hashes only, taken along from the run. Judges none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .bundle_layout import PARTS
from .credential import Credential
from .digests import file_digest
from .errors import CredentialError
from .folder import ARTIFACTS, WORLD, sidecar
from .media import media_type_of
from .reading import read_credential
from .storage import Storage


def parts_of(storage: Storage, path: str) -> dict[str, bytes]:
    """Return members for all parts of a run's file that are in the run as they were signed, and for parts of those."""
    by_digest = {file_digest(storage.read(each)).hex(): each for each in _signed(storage)}
    found: dict[str, bytes] = {}
    waiting, seen = [path], {path}
    while waiting:
        for reference in references_of(_credential(storage, waiting.pop())):
            part = by_digest.get(str(reference.get("file")))
            if part is not None and part not in seen:
                seen.add(part)
                waiting.append(part)
                found |= {PARTS + _name(each): storage.read(each) for each in _with_sidecar(storage, part)}
    return found


def references_of(credential: Credential) -> list[Mapping[str, Any]]:
    """Return what a credential's lineage says of parts that it does not carry."""
    said = credential.lineage.get("ingredients")
    return [each for each in said if isinstance(each, Mapping)] if isinstance(said, list) else []


def _signed(storage: Storage) -> Iterator[str]:
    for folder in (ARTIFACTS, WORLD):
        yield from (each for each in storage.files(folder) if not each.endswith(".c2pa"))


def _credential(storage: Storage, path: str) -> Credential:
    beside = storage.read(sidecar(path)) if storage.exists(sidecar(path)) else None
    try:
        return read_credential(storage.read(path), media_type_of(path), beside)
    except CredentialError:  # a plug-in's file of another type names no parts
        return Credential("")


def _with_sidecar(storage: Storage, path: str) -> list[str]:
    return [path, sidecar(path)] if storage.exists(sidecar(path)) else [path]


def _name(path: str) -> str:
    return path.rpartition("/")[2]
