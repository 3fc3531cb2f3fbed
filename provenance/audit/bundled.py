"""A bundle of one file as the steps look at it: a run of which one entry is at hand. Judges nothing, raises nothing.

The members of `run/` and `file/` are read under the names that they have in the run folder, so that the steps of a run
judge them unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import Any, BinaryIO

from worldloom.provenance.bundle_layout import (
    CONTENT,
    ENTRY_PROOF,
    EVIDENCE,
    FACTS,
    PARTS,
    PROOF,
    RUN,
    STAMP,
    Facts,
)
from worldloom.provenance.canonical import parse_canonical
from worldloom.provenance.credential import MISSING, Credential
from worldloom.provenance.digests import file_digest
from worldloom.provenance.entry import Entry
from worldloom.provenance.errors import CredentialError, FormatError, ProvenanceError, StorageError
from worldloom.provenance.folder import sidecar
from worldloom.provenance.log_verifying import Policy, Verdict, verify_proof
from worldloom.provenance.media import media_type_of
from worldloom.provenance.reading import read_credential
from worldloom.provenance.storage import Storage
from worldloom.provenance.subfolder import Subfolder
from worldloom.provenance.zip_disk import ZipDisk

from .bodies import Body
from .delivered import Delivered, delivered_files
from .demands import NOTHING_MORE, Demands
from .entries import Entries
from .findings import State
from .gists import gist_of
from .log_index import LogIndex, Part
from .opened import OpenRun
from .shapes import content_fault, evidence_fault


class _AsInRun(Subfolder):
    """The members of a bundle under the names that they have in the run folder."""

    def __init__(self, disk: ZipDisk, facts: Facts | None) -> None:
        super().__init__(disk, RUN.removesuffix("/"))
        self._whole = disk
        path = None if facts is None else facts.path
        self._file = {} if facts is None or path is None else {path: facts.member, sidecar(path): facts.sidecar}

    def read(self, path: str) -> bytes:
        """Return the whole file."""
        return self._whole.read(self._file[path]) if path in self._file else super().read(path)

    def open(self, path: str) -> BinaryIO:
        """Return the file as a stream."""
        return self._whole.open(self._file[path]) if path in self._file else super().open(path)

    def exists(self, path: str) -> bool:
        """Whether there is a member for that file."""
        return self._whole.exists(self._file[path]) if path in self._file else super().exists(path)

    def size(self, path: str) -> int:
        """Length in bytes."""
        return self._whole.size(self._file[path]) if path in self._file else super().size(path)

    def files(self, prefix: str = "") -> list[str]:
        """Return all names below a folder."""
        start = prefix.removesuffix("/") + "/" if prefix else ""
        own = [path for path in self._file if path.startswith(start) and self.exists(path)]
        return sorted({*super().files(prefix), *own}, key=str.encode)


class OpenBundle(OpenRun):
    """The parts of a bundle; of the log there is the signed head and one entry, whose proof is `verdict`."""

    def __init__(
        self,
        disk: ZipDisk,
        *,
        anchors: Sequence[bytes],
        at: datetime,
        expect_root: str | None = None,
        demands: Demands = NOTHING_MORE,
    ) -> None:
        self.disk = disk
        self.facts_fault = ""
        self.facts = self._facts()
        super().__init__(
            Storage(_AsInRun(disk, self.facts)),
            anchors=anchors,
            at=at,
            state=State.BUNDLE,
            expect_root=expect_root,
            demands=demands,
            stamp=self.member(STAMP),
        )

    def member(self, name: str) -> bytes | None:
        """Return a member's bytes, None where it cannot be read."""
        try:
            return self.disk.read(name)
        except StorageError:
            return None

    @property
    def packed_well(self) -> bool:
        """Whether the zip is, byte for byte, what a bundle with these members is."""
        return self.disk.packed_plainly()

    @cached_property
    def parts(self) -> dict[str, str]:
        """The members that are parts, by their hex SHA-256."""
        names = [name for name in self.disk.files() if name.startswith(PARTS) and not name.endswith(".c2pa")]
        return {file_digest(data).hex(): name for name in names if (data := self.member(name)) is not None}

    def part(self, name: str) -> Credential:
        """Return the credential of a part, judged with the run's own authorities as anchors."""
        data = self.member(name) or b""
        try:
            media_type = media_type_of(name)
        except CredentialError:
            return Credential(MISSING)
        return read_credential(data, media_type, self.member(sidecar(name)), self.trust.authorities)

    def _facts(self) -> Facts | None:
        data = self.member(FACTS)
        try:
            return None if data is None else Facts.decode(data)
        except FormatError as error:
            self.facts_fault = str(error).removeprefix(f"{FACTS}: ")
            return None

    @cached_property
    def verdict(self) -> Verdict | None:
        """What the proof of the entry shows; None where there is none."""
        data = self.member(ENTRY_PROOF)
        return None if data is None else verify_proof(data, Policy(anchors=self.anchors, at=self.at))

    @property
    def entry(self) -> Entry | None:
        """The entry, by the word of the proof."""
        return None if self.verdict is None else self.verdict.entry

    @cached_property
    def entries(self) -> Entries | None:
        """None: a bundle does not hold the log."""
        return None

    @property
    def content_root(self) -> str:
        """The content root, by the word of SEAL."""
        return "" if self.seal is None else self.seal.content_root

    @cached_property
    def index(self) -> LogIndex:
        """What is kept of the bodies of the one entry."""
        found = LogIndex()
        if self.facts is not None and self.entry is not None:
            found.take(Part([gist_of(self._body(self.facts.index, self.entry))], {}, None))
        return found

    def _body(self, index: int, entry: Entry) -> Body:
        content, evidence = self._json(CONTENT), self._json(EVIDENCE)
        wrong_content = content is not None and content_fault(entry.kind, content)
        wrong_evidence = evidence is not None and evidence_fault(entry.kind, evidence)
        shapes = [f"{CONTENT} {wrong_content}"] if wrong_content else []
        shapes += [f"{EVIDENCE} {wrong_evidence}"] if wrong_evidence else []
        digests = ((CONTENT, entry.content), (EVIDENCE, entry.evidence))
        erased = tuple(digest.hex() for name, digest in digests if self.member(name) is None)
        return Body(
            index,
            entry,
            PROOF,
            None if wrong_content else content,
            None if wrong_evidence else evidence,
            shapes=tuple(shapes),
            erased=erased,
        )

    def _json(self, name: str) -> Any:
        data = self.member(name)
        with suppress(ProvenanceError, RecursionError):
            return None if data is None else parse_canonical(data)
        return None

    @cached_property
    def delivered(self) -> tuple[Delivered, ...]:
        """The one file, as its entry describes it."""
        return tuple(each for each in delivered_files(self) if each.entry is not None)
