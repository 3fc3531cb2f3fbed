"""A run folder or zip as the steps look at it: every part read once, on demand. Judges nothing, raises nothing.

A part that cannot be read is None, and its fault is kept for the one step that reports it; the others pass over it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import Any, BinaryIO, NamedTuple, TypeVar

from worldloom.provenance.bounds import Bounds
from worldloom.provenance.canonical import parse_canonical
from worldloom.provenance.credential import Credential
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.errors import FormatError, ProvenanceError, StorageError
from worldloom.provenance.folder import BODIES, CHECKPOINT, RUN_JSON, SEAL, RunFile, origin
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.note import NoteVerifier
from worldloom.provenance.reading import read_credential
from worldloom.provenance.seal import Seal, SealedSegment, read_seal
from worldloom.provenance.sections import stream_digest
from worldloom.provenance.storage import Storage
from worldloom.provenance.timestamp import Stamp, read_timestamp
from worldloom.provenance.trust import RunCertificate, TrustFolder, read_trust, verifiers_of

from .amendments import Amendments, read_amendments
from .answers import Answers, read_answers
from .bodies import Body, bodies_of
from .delivered import Delivered, delivered_files
from .demands import NOTHING_MORE, Demands
from .entries import Entries, Unreadable, count_entries
from .findings import Code, State
from .gists import Gist
from .log_index import LogIndex, lost_part, part_of
from .payload import payload_digests
from .pool import ALONE, MUCH, Workers, size_of
from .regular import RegularFiles
from .segment import segments_of

Looked = TypeVar("Looked")


class Fault(NamedTuple):
    """Where something is wrong, and why; `code` where it is not that of its step."""

    path: str
    message: str
    code: Code | None = None


class OpenRun:
    """The parts of one run. `expect_root` is the hex content root that it must have, `state` from its files.

    `stamp` is the timestamp that stands beside it. What takes long is read by the processes of `workers`.
    """

    def __init__(
        self,
        storage: Storage,
        *,
        anchors: Sequence[bytes],
        at: datetime,
        state: State,
        expect_root: str | None = None,
        demands: Demands = NOTHING_MORE,
        stamp: bytes | None = None,
        workers: Workers = ALONE,
    ) -> None:
        self._disk = RegularFiles(storage.disk, CHECKPOINT)
        self.storage = Storage(self._disk)
        self.anchors = tuple(anchors)
        self.at = at
        self.state = state
        self.expect_root = expect_root
        self.demands = demands
        self.stamp = stamp
        self._workers = workers
        self.log_fault: Fault | None = None
        self.entries_fault: Fault | None = None
        self.seal_fault: Fault | None = None
        self._digests: dict[str, str | None] = {}
        self._credentials: dict[str, Credential] = {}

    # Files

    @property
    def files(self) -> list[str]:
        """All names in the folder, sorted."""
        return self._disk.names

    @cached_property
    def present(self) -> frozenset[str]:
        """The names that are regular files."""
        return frozenset(self.storage.files())

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, None where it cannot be read."""
        try:
            return self.storage.read(path)
        except StorageError:
            return None

    def size(self, path: str) -> int:
        """Length of a file in bytes, -1 where there is none."""
        try:
            return self.storage.size(path) if path in self.present else -1
        except StorageError:
            return -1

    def unread(self, path: str) -> bool:
        """Whether a file is larger than any that is read, which is the finding of one step only."""
        return self.size(path) > self.demands.bounds.largest

    def digest(self, path: str) -> str | None:
        """Hex SHA-256 of a file, None where it cannot be read."""
        if path not in self._digests:
            self._digests[path] = self._of_stream(path, lambda stream: stream_digest(stream).hex())
        return self._digests[path]

    def payloads(self, path: str, media_type: str) -> list[str] | None:
        """Hex SHA-256 of what a file may be without its credential; None for a format that is not taken apart."""
        return self._of_stream(path, lambda stream: payload_digests(stream, media_type))

    def _of_stream(self, path: str, look: Callable[[BinaryIO], Looked]) -> Looked | None:
        """Return what is seen of a file's bytes, None where it cannot be read or is larger than it may be."""
        if self.unread(path):
            return None
        try:
            with self.storage.open(path) as stream:
                return look(stream)
        except (StorageError, OSError):
            return None

    # Who

    @cached_property
    def run(self) -> RunFile | None:
        """What run.json says."""
        data = self.read(RUN_JSON)
        try:
            return None if data is None else RunFile.decode(data)
        except ProvenanceError:
            return None

    @cached_property
    def origin(self) -> str:
        """The log's origin by run.json, by the checkpoint where that cannot be read."""
        if self.run is not None:
            return origin(self.run.run_id)
        return self.log.checkpoint.origin if self.log is not None else ""

    @cached_property
    def trust(self) -> TrustFolder:
        """What trust/ holds."""
        return read_trust(self.storage)

    @cached_property
    def verifiers(self) -> list[NoteVerifier]:
        """The keys that may sign checkpoints and SEAL."""
        return verifiers_of(self.trust.certificates, self.origin)

    @property
    def signers(self) -> list[RunCertificate]:
        """The certificates of trust/ that are not authorities'."""
        return [each for each in self.trust.certificates if each.chain_pem != each.pem]

    @cached_property
    def amendments(self) -> Amendments:
        """What the operator erased or redacted later."""
        return read_amendments(self.storage, self.origin, self.signers, self.anchors, self.at)

    # Log

    @cached_property
    def log(self) -> LogReader | None:
        """The log as of its checkpoint."""
        try:
            return LogReader(self.storage)
        except ProvenanceError as error:
            self.log_fault = Fault(CHECKPOINT, str(error))
            return None

    @cached_property
    def entries(self) -> Entries | None:
        """How many entries there are, None if one of them cannot be read."""
        if self.log is None:
            return None
        found = count_entries(self.log)
        if isinstance(found, Unreadable):
            self.entries_fault = Fault(found.path, found.why)
            return None
        return found

    @property
    def content_root(self) -> str:
        """Hex content root of the entries, `""` where they cannot be read or are not numbered without a gap."""
        try:
            return self.log.content_root().hex() if self.log is not None and self.entries is not None else ""
        except FormatError:
            return ""

    @cached_property
    def index(self) -> LogIndex:
        """What is kept of the bodies of all entries; nothing where the entries cannot be read."""
        found = LogIndex()
        if self.log is not None and self.entries is not None:
            much = self._workers.worth(size_of(self.storage, self.storage.files(BODIES)), MUCH)
            for part in self._workers.in_order(part_of, segments_of(self.log), lost_part, much=much):
                found.take(part)
        return found

    @property
    def gists(self) -> Sequence[Gist]:
        """What is kept of each entry, by its index."""
        return self.index.gists

    def bodies(self) -> Iterator[Body]:
        """Yield the body of each entry, read anew; none where the entries cannot be read."""
        if self.log is not None and self.entries is not None:
            for segment in segments_of(self.log):
                yield from bodies_of(segment)

    def of_kind(self, kind: int) -> Iterator[Gist]:
        """Yield the gists of one kind whose content could be read and has its shape."""
        return (gist for gist in self.gists if gist.kind == kind and gist.read)

    def evidence_of(self, kind: int) -> Iterator[Mapping[str, Any]]:
        """Yield the evidence of certificates or snapshots, where it could be read and has its shape."""
        return (gist.evidence for gist in self.gists if gist.kind == kind and gist.evidence is not None)

    def erased(self, kind: int) -> bool:
        """Whether a body of an entry of that kind is gone, so that not all of them can be told."""
        return any(gist.erased for gist in self.gists if gist.kind == kind)

    def unnamed(self, kind: int) -> bool:
        """Whether of an entry of that kind nobody can tell which file it named, for its evidence is gone."""
        return any(gist.nameless for gist in self.gists if gist.kind == kind)

    @cached_property
    def ended(self) -> bool:
        """Whether the run's content is complete: its log has an `end`."""
        return self.entries is not None and self.entries.of_kind(EntryKind.END) > 0

    @cached_property
    def scenario(self) -> Mapping[str, Any]:
        """Content of the scenario entry, empty where there is none."""
        return next((gist.whole for gist in self.of_kind(EntryKind.SCENARIO)), {})

    @cached_property
    def genesis(self) -> Mapping[str, Any]:
        """Content of the genesis entry, empty where there is none."""
        return next((gist.whole for gist in self.of_kind(EntryKind.GENESIS)), {})

    # The rest

    @cached_property
    def delivered(self) -> tuple[Delivered, ...]:
        """The signed files that the log names, and the report."""
        return tuple(delivered_files(self))

    @property
    def seal(self) -> Seal | None:
        """The seal, None where there is none that can be read."""
        return self._opened_seal[0]

    @property
    def seal_signers(self) -> Sequence[NoteVerifier]:
        """Those of `verifiers` that signed the seal."""
        return self._opened_seal[1]

    @cached_property
    def _opened_seal(self) -> tuple[Seal | None, list[NoteVerifier]]:
        if SEAL not in self.present:
            return None, []
        try:
            return read_seal(self.storage, self.verifiers)
        except ProvenanceError as error:
            self.seal_fault = Fault(SEAL, str(error))
            return None, []

    @cached_property
    def stamp_reading(self) -> tuple[Stamp | None, str]:
        """What the timestamp beside the run says of SEAL, or why it cannot be read."""
        data = self.read(SEAL)
        if self.stamp is None or data is None:
            return None, "is a timestamp, and there is no seal that it could be of"
        try:
            return read_timestamp(self.stamp, data, self.demands.stamp_anchors), ""
        except FormatError as error:
            return None, str(error)

    @property
    def stamped(self) -> datetime | None:
        """When the seal existed at the latest, where an anchor for timestamps vouches for that."""
        read = self.stamp_reading[0] if self.stamp is not None else None
        return read.time if read is not None and read.trusted and read.time <= self.at else None

    @cached_property
    def answers(self) -> Answers:
        """The recorded answers."""
        return read_answers(self.storage, self.demands.bounds.largest, self._workers)

    def segment_seal(self, path: str) -> SealedSegment | None:
        """What a seal says of a segment of bodies or answers that was read; None of any other file."""
        seals = self.index.seals if path.startswith(BODIES) else self.answers.seals
        return seals.get(path)

    def credential(self, path: str, media_type: str, sidecar: str | None) -> Credential | None:
        """Return the credential of a file, judged with the run's own authorities as anchors; None without the file."""
        if self.unread(path):
            return None
        if path not in self._credentials:
            anchors, bounds = tuple(self.trust.authorities), self.demands.bounds
            found = read_made(self.storage, path, media_type, sidecar, anchors, bounds)
            if found is None:
                return None
            self._credentials[path] = found
        return self._credentials[path]

    def know(self, path: str, digest: str | None, credential: Credential | None) -> None:
        """Take what was read of a made thing, here or in another process."""
        if digest is not None:
            self._digests[path] = digest
        if credential is not None:
            self._credentials[path] = credential

    def json(self, path: str) -> Any:
        """Return a canonical JSON file's value, None where it is not one."""
        data = self.read(path)
        try:
            return None if data is None else parse_canonical(data)
        except ProvenanceError:
            return None


def read_made(
    storage: Storage,
    path: str,
    media_type: str,
    sidecar: str | None,
    anchors: tuple[bytes, ...],
    bounds: Bounds,
) -> Credential | None:
    """Return the credential of a file, None where the file cannot be read.

    A sidecar that cannot be read counts as one that is not there.
    """
    beside = None
    if sidecar is not None:
        with suppress(StorageError):
            beside = storage.read(sidecar)
    try:
        with storage.open(path) as stream:
            return read_credential(stream, media_type, beside, anchors, bounds)
    except (StorageError, OSError):
        return None
