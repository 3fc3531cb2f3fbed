"""Steps about amendments: what they say is gone is gone, nothing else is, and who took prompts out may do so."""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Iterator, Mapping
from typing import Any

from worldloom.provenance import certificates
from worldloom.provenance.amendment import KEPT, STAGED
from worldloom.provenance.credential import Credential
from worldloom.provenance.errors import FormatError, ProvenanceError
from worldloom.provenance.folder import AMENDMENTS
from worldloom.provenance.layout import is_segment
from worldloom.provenance.seal import SealedFile
from worldloom.provenance.segments import decode_segment
from worldloom.provenance.trust import chain_faults
from worldloom.provenance.updates import PROMPT_DATA, Update

from .findings import Code
from .made_steps import credential_fault
from .opened import Fault, OpenRun
from .payload import payload_candidates
from .single import OpenFile

AGAIN = "a redaction was interrupted: `worldloom redact` the run again"
_RIFF = ("audio/wav", "image/webp")


def amended(run: OpenRun) -> Iterator[Fault]:
    """Each thing that an amendment names was there when the run was sealed, and is as the amendment says."""
    found = run.amendments
    for path in sorted({path for _, path in found.items}):
        yield from _items(run, path, {digest for digest, where in found.items if where == path})
    sealed = {each.path: each.digest for each in (run.seal.sealed if run.seal else ()) if isinstance(each, SealedFile)}
    for digest, path in sorted(found.files):
        if run.seal is not None and digest not in _past(found.redacted, sealed.get(path, ""), path):
            yield Fault(path, f"an amendment erases {digest}, which it never was")
        elif run.digest(path) == digest:
            yield Fault(path, f"an amendment says that it was erased, and it is there; {AGAIN}")
    for old, path in sorted(found.redacted):
        if run.seal is not None and old not in _past(found.redacted, sealed.get(path, ""), path):
            yield Fault(path, f"an amendment redacts {old}, which it never was")
        elif run.digest(path) == old:
            yield Fault(path, f"an amendment says that it was redacted, and it is as before; {AGAIN}")


def _items(run: OpenRun, path: str, digests: set[str]) -> Iterator[Fault]:
    data = run.read(path) if is_segment(path) else None
    try:
        there = {item.digest.hex(): item.data is not None for item in decode_segment(data or b"")} if data else {}
    except FormatError:
        return  # a finding of other steps
    for digest in sorted(digests):
        if digest not in there:
            yield Fault(path, f"an amendment erases item {digest}, which it does not hold")
        elif there[digest]:
            yield Fault(path, f"an amendment says that item {digest} was erased, and it is there; {AGAIN}")


def _past(redacted: Mapping[tuple[str, str], str], digest: str, path: str) -> set[str]:
    """Return all digests that a file had, from the sealed one on."""
    seen: set[str] = set()
    while digest and digest not in seen:
        seen.add(digest)
        digest = redacted.get((digest, path), "")
    return seen


def kept(run: OpenRun) -> Iterator[Fault]:
    """The files that go with amendments are those that they name, and none is left of an interrupted redaction."""
    for path, digest in run.amendments.kept.items():
        if run.digest(path) is None:
            yield Fault(path, "is kept by an amendment and missing", Code.MISSING)
        elif run.digest(path) != digest:
            yield Fault(path, "is not the file that its amendment keeps")
    for path in run.files:
        if path.startswith(AMENDMENTS) and path.endswith(STAGED):
            yield Fault(path, f"waits to take the place of a file; {AGAIN}")
        elif path.startswith(AMENDMENTS) and path.endswith(KEPT) and path not in run.amendments.kept:
            yield Fault(path, f"belongs to no amendment; {AGAIN}")


def redactions(run: OpenRun) -> Iterator[Fault]:
    """What was taken out of a credential is a prompt, an amendment says so, and the file is otherwise what it was."""
    for path, media_type, credential in _changed(run):
        if credential.updates and not run.amendments.changed(path):
            yield Fault(path, "something was taken out of its credential, and no amendment says so")
        for why in removal_faults(credential):
            yield Fault(path, why)
        if any(update.binds for update in credential.updates):
            yield from _bound(path, media_type, credential, run.read(path) or b"")


def removal_faults(credential: Credential) -> Iterator[str]:
    """Say where a redaction took out something besides a prompt."""
    for update in credential.updates:
        for label, uri in zip(update.labels(credential.manifest), update.removed, strict=True):
            if not label.startswith(PROMPT_DATA):
                yield f"{uri[-120:]!r} was taken out of its credential, which is no prompt"


def _bound(path: str, media_type: str, credential: Credential, data: bytes) -> Iterator[Fault]:
    """Where a redaction hashes the bytes anew, the first signer's hash must still fit what was signed then."""
    if media_type not in _RIFF:
        yield Fault(
            path, f"that a redaction left its bytes alone rests on the operator's word for {media_type}", Code.NOTE
        )
    elif not riff_was(data, media_type, credential.said.get("c2pa.hash.data")):
        yield Fault(path, "its bytes are not those that were signed before its prompt was taken out")


def riff_was(data: bytes, media_type: str, binding: Any) -> bool:
    """Whether a RIFF file, with a credential of another length in it, once had the bytes that a data hash covers."""
    try:
        wanted = base64.b64decode(str(binding["hash"]).removeprefix("b64'").removesuffix("'"))
        ((start, length),) = [(each["start"], each["length"]) for each in binding["exclusions"]]
        pad = b"\0" * (length & 1)
        head = struct.pack("<I", start + length + len(pad) - 8)
        befores = [payload[:4] + head + payload[8:] + pad for payload in payload_candidates(data, media_type) or ()]
        return any(hashlib.sha256(each).digest() == wanted for each in befores)
    except (KeyError, TypeError, ValueError, struct.error):
        return False


def redactors(run: OpenRun) -> Iterator[Fault]:
    """Who took prompts out, or wrote a file of the run anew, is certified by the operator, for this run."""
    for path, _, credential in _changed(run):
        chains = [update.chain_pem for update in credential.updates]
        if not credential.updates:
            chains = [credential.chain_pem]
        for chain in chains:
            for why in chain_faults(chain, run.anchors, run.at):
                yield Fault(path, f"who redacted it: {why}")
            if run.run is not None and _unit(chain) != run.run.run_id:
                yield Fault(path, "was redacted with a certificate of another run", Code.TAMPERED)
            for name, revocation in run.demands.revocations.of_chain(chain, run.at):
                yield Fault(path, f"who redacted it: {name} was revoked: {revocation.reason}")


def _changed(run: OpenRun) -> Iterator[tuple[str, str, Credential]]:
    """Yield the files with a redacted credential, and those without an entry that an amendment says are new."""
    for each in run.delivered:
        credential = None if each.unsigned else run.credential(each.path, each.media_type, each.sidecar)
        if credential is None or credential_fault(credential) is not None:
            continue
        paths = (each.path, each.sidecar)
        if credential.updates or (each.entry is None and any(run.amendments.changed(path) for path in paths if path)):
            yield (each.sidecar or each.path), each.media_type, credential


def _unit(chain: bytes) -> str:
    try:
        return certificates.unit(certificates.load_certificates(chain, "chain")[0])
    except ProvenanceError:
        return ""


def file_redaction(file: OpenFile) -> Iterator[Fault]:
    """What was taken out of a single file's credential is a prompt; who did it is told, and judged like its signer."""
    for why in removal_faults(file.credential):
        yield Fault(file.name, why)
    for update in file.credential.updates:
        yield Fault(file.name, f"its prompt was taken out later by {_who(update)}", Code.NOTE)


def file_redactor(file: OpenFile) -> Iterator[Fault]:
    """Who took a prompt out of a single file chains to an anchor, and is certified for the same run as its signer."""
    for update in file.credential.updates:
        for why in chain_faults(update.chain_pem, file.anchors, file.at):
            yield Fault(file.name, f"who redacted it: {why}")
        if _unit(update.chain_pem) != _unit(file.credential.chain_pem):
            yield Fault(file.name, "was redacted with a certificate of another run than it was signed with")
        for name, revocation in file.demands.revocations.of_chain(update.chain_pem, file.at):
            yield Fault(file.name, f"who redacted it: {name} was revoked: {revocation.reason}")


def _who(update: Update) -> str:
    try:
        return certificates.organisation(certificates.load_certificates(update.chain_pem, "chain")[0])[:80]
    except ProvenanceError:
        return "somebody whose certificate cannot be read"
