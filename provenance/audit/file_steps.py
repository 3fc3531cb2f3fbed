"""Steps about bytes: that every file is there, is named by the seal and its entry, and is what they say."""

from __future__ import annotations

from collections.abc import Iterator

from worldloom.provenance.canonical import canonical
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.errors import CanonicalError, FormatError, NewerFormatError, StorageError
from worldloom.provenance.folder import (
    ARTIFACTS,
    BLOBS,
    RUN_JSON,
    SCENARIO_JSON,
    SCENARIO_PY,
    SNAPSHOTS,
    WORLD,
    RunFile,
    blob_path,
    outside_seal,
)
from worldloom.provenance.layout import is_known
from worldloom.provenance.seal import SealedFile, SealedSegment, seal_of_file
from worldloom.provenance.signing import EMPTY
from worldloom.provenance.storage import PART

from .delivered import Delivered
from .findings import Code
from .gists import Decided, Gist, Made
from .opened import Fault, OpenRun
from .regular import LARGEST_READ, too_large


def run_file(run: OpenRun) -> Iterator[Fault]:
    """run.json is there and of a format that is read here."""
    data = run.read(RUN_JSON)
    if data is None:
        if RUN_JSON not in run.present:
            yield Fault(RUN_JSON, "is missing, so this is no run", Code.MISSING)
        return
    try:
        RunFile.decode(data)
    except NewerFormatError as error:
        yield Fault(RUN_JSON, str(error).removeprefix(f"{RUN_JSON}: "), Code.LOG)
    except FormatError as error:
        yield Fault(RUN_JSON, str(error).removeprefix(f"{RUN_JSON}: "))


def names(run: OpenRun) -> Iterator[Fault]:
    """Every name is one that Worldloom gives, and a regular file, not a link."""
    for path in run.files:
        if path.endswith(PART) and run.seal is None:
            continue  # left by an interrupted write; removed before the seal
        if not is_known(path):
            yield Fault(path, "is no file of a run")
        elif path not in run.present:
            yield Fault(path, "is a link or no regular file")


def sizes(run: OpenRun) -> Iterator[Fault]:
    """No file is larger than an audit reads it: what was made by pieces, everything else at once."""
    made = {name for each in run.delivered for name in (each.path, *((each.sidecar,) if each.sidecar else ()))}
    most = run.demands.bounds.largest
    for path in run.files:
        size = run.size(path)
        if outside_seal(path):
            continue
        if run.unread(path):
            yield Fault(path, f"has {size:,} bytes, and no file of more than {most:,} is read; --largest allows more")
        elif size > LARGEST_READ and path not in made and not path.startswith((BLOBS, SNAPSHOTS)):
            yield Fault(path, too_large(size))


def sealed_file_fault(sealed: SealedFile | SealedSegment, data: bytes) -> str:
    """Say how a file's bytes differ from what the seal says of it; `""` where they do not."""
    try:
        found = seal_of_file(sealed.path, data)
    except FormatError as error:
        return str(error).removeprefix(f"{sealed.path}: ")
    if found == sealed:
        return ""
    if isinstance(found, SealedSegment):
        return "its items are not those that were sealed"
    return f"differs from what was sealed ({len(data)} bytes, sealed {sealed[1]})"


def _as_sealed(run: OpenRun, sealed: SealedFile | SealedSegment) -> str:
    """Say how a file differs from what was sealed; one of another size is not read."""
    if isinstance(sealed, SealedFile):
        size = run.size(sealed.path)
        same = size == sealed.size and run.digest(sealed.path) == sealed.digest
        return "" if same else f"differs from what was sealed ({size} bytes, sealed {sealed.size})"
    if run.segment_seal(sealed.path) == sealed:
        return ""
    try:
        return sealed_file_fault(sealed, run.storage.read(sealed.path))
    except StorageError as error:
        return str(error).removeprefix(f"{sealed.path}: ")


def sealed_files(run: OpenRun) -> Iterator[Fault]:
    """Every file is as it was sealed: none missing, changed or added."""
    if run.seal is None:
        return
    sealed = {each.path: each for each in run.seal.sealed}
    for path, each in sealed.items():
        digest = each.digest if isinstance(each, SealedFile) else ""
        if path not in run.present:
            if not run.amendments.erased(digest, path):
                yield Fault(path, "is sealed and missing", Code.MISSING)
            continue
        fault = "" if run.unread(path) else _as_sealed(run, each)
        new = run.amendments.digest(digest, path)
        if fault and (new == digest or run.digest(path) != new):
            yield Fault(path, fault)
    for path in run.files:
        if path not in sealed and not outside_seal(path):
            yield Fault(path, "was added after the seal")


def bodies(run: OpenRun) -> Iterator[Fault]:
    """Every body gives the digests of its entry; what is gone is named by an amendment."""
    for gist in run.gists:
        if gist.fault:
            missing = Code.MISSING if gist.path not in run.present else None
            yield Fault(gist.path, f"bodies of entry {gist.index}: {gist.fault}", missing)
        for digest in gist.erased:
            if (digest, gist.path) not in run.amendments.items:
                yield Fault(gist.path, f"entry {gist.index}: body {digest} is gone and no amendment says so")


def answers(run: OpenRun) -> Iterator[Fault]:
    """Recorded answers are whole, and every decision and artifact cites one that is there."""
    for path, why in run.answers.faults:
        yield Fault(path, why)
    for path, request in run.answers.erased:
        if (request, path) not in run.amendments.items:
            yield Fault(path, f"answer to {request} is gone and no amendment says so")
    for gist in run.of_kind(EntryKind.DECISION):
        if isinstance(gist.said, Decided):
            yield from _cited(run, gist, gist.said.request, answer=gist.said.answer)
    for gist in run.of_kind(EntryKind.ARTIFACT):
        if isinstance(gist.said, Made) and gist.said.request:
            yield from _cited(run, gist, gist.said.request, payload=gist.said.payload)


def _cited(run: OpenRun, gist: Gist, request: str, *, answer: str = "", payload: str = "") -> Iterator[Fault]:
    known, index = run.answers.by_request.get(request), gist.index
    if known is None:
        yield Fault(gist.path, f"entry {index} cites request {request}, which has no recorded answer", Code.MISSING)
    elif answer and known.answer not in (None, answer):
        yield Fault(known.path, f"the answer to {request} is not the one that entry {index} cites")
    elif payload and known.payload not in (None, "", payload):
        yield Fault(known.path, f"the payload of the answer to {request} is not that of the artifact of entry {index}")


def blobs(run: OpenRun) -> Iterator[Fault]:
    """Every payload that a recorded answer names is there."""
    for known in run.answers.by_request.values():
        if not known.payload:
            continue
        try:
            path = blob_path(known.payload)
        except FormatError:
            yield Fault(known.path, f"names payload {known.payload[:80]!r}, which is no digest")
            continue
        if path not in run.present and not run.amendments.erased(known.payload, path):
            yield Fault(path, "is the payload of a recorded answer and missing", Code.MISSING)


def evidence(run: OpenRun) -> Iterator[Fault]:
    """Every delivered file stands where its entry says, with the bytes and the sidecar that it says."""
    for each in run.delivered:
        if each.path not in run.present:
            known = each.evidence and run.amendments.erased(each.evidence["file"], each.path)
            if not (known or (each.entry is None and run.amendments.gone(each.path))):
                yield Fault(each.path, "is missing", Code.MISSING)
            continue
        beside = each.sidecar
        if beside is not None and beside not in run.present:
            yield Fault(beside, "the credential of this file is missing", Code.MISSING)
        said = each.evidence
        if said is None:
            continue
        if each.unsigned:
            yield from _unsigned(run, each)
        if run.unread(each.path):
            continue
        if said["path"] != each.path:
            yield Fault(each.path, f"its entry puts it at {said['path'][:200]!r}")
        if run.digest(each.path) != run.amendments.digest(said["file"], each.path):
            yield Fault(each.path, "is not the file that its entry names")
        if beside is None and said["sidecar"]:
            yield Fault(each.path, "its entry names a sidecar, and its format has none")
        elif beside in run.present and not _is_sidecar(run, beside, said["sidecar"]):
            yield Fault(beside or "", "is not the sidecar that its entry names")


def _unsigned(run: OpenRun, each: Delivered) -> Iterator[Fault]:
    if each.unsigned != EMPTY or run.size(each.path):
        why = f"its entry gives {each.unsigned[:80]!r} as the reason, which only an empty file may have"
        yield Fault(each.path, f"has no credential, and {why}", Code.MISSING)
    else:
        yield Fault(each.path, "is empty, so no credential can cover it; its entry says so", Code.NOTE)


def _is_sidecar(run: OpenRun, path: str | None, digest: str) -> bool:
    return path is None or run.digest(path) == run.amendments.digest(digest, path)


def orphans(run: OpenRun) -> Iterator[Fault]:
    """Nothing lies among the made things, and no credential anywhere, that no entry names; each content once."""
    if not run.ended or any(map(run.unnamed, _FILED)):
        return  # an artifact is durable before its entry; and of erased bodies nobody can tell which file they named
    named = {path for each in run.delivered for path in (each.path, each.sidecar)}
    for path in run.files:
        made = path.startswith((ARTIFACTS, WORLD)) or path.endswith(".c2pa")
        if made and path not in named:
            yield Fault(path, "belongs to no entry of the log")


_FILED = (EntryKind.SCENARIO, EntryKind.ARTIFACT, EntryKind.EXPORT)


def payloads(run: OpenRun) -> Iterator[Fault]:
    """Without its credential, an artifact's file is the payload that its entry names."""
    for each in run.delivered:
        if not each.payload or each.path not in run.present or run.unread(each.path):
            continue
        bare = each.sidecar is not None or each.unsigned
        found = [run.digest(each.path)] if bare else run.payloads(each.path, each.media_type)
        if found is not None and each.payload not in found:
            yield Fault(each.path, "without its credential it is not the payload that its entry names")


def scenario(run: OpenRun) -> Iterator[Fault]:
    """scenario.json and scenario.py are those of the scenario entry."""
    if not run.scenario:
        return
    try:
        wanted = canonical(run.scenario["scenario"])
    except CanonicalError:  # cannot be: it was read from canonical form
        return
    data = run.read(SCENARIO_JSON)
    if data is None:
        yield Fault(SCENARIO_JSON, "is missing", Code.MISSING)
    elif data != wanted:
        yield Fault(SCENARIO_JSON, "is not the scenario of the log")
    digest = run.digest(SCENARIO_PY)
    if digest is not None and digest != run.amendments.digest(run.scenario["source"], SCENARIO_PY):
        yield Fault(SCENARIO_PY, "is not the source that the scenario entry names")


def snapshots(run: OpenRun) -> Iterator[Fault]:
    """The last snapshot is there, and each file of a snapshot is one that an entry names."""
    known: dict[str, set[str]] = {}
    last: dict[str, str] = {}
    for said in run.evidence_of(EntryKind.SNAPSHOT):
        last = said["files"]
        for path, digest in last.items():
            known.setdefault(path, set()).add(digest)
    for path in last:
        if path not in run.present:
            yield Fault(path, "belongs to the last snapshot and is missing", Code.MISSING)
    for path in run.files:
        if not path.startswith(SNAPSHOTS) or path not in run.present:
            continue
        if path not in known:
            if run.ended and not run.erased(EntryKind.SNAPSHOT):
                yield Fault(path, "belongs to no snapshot of the log")
        elif run.digest(path) not in known[path]:
            yield Fault(path, "is not the file that its snapshot's entry names")
