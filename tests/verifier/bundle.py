"""A second opinion on bundles of one file: zip, log entry, tlog-proof, signed notes, SEAL, then the credential.

Written from docs/formats.md and the C2SP specifications; shares no code with worldloom.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import struct
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from . import chain
from .result import MalformedError, Problem, Result
from .verify import verify_bytes

ENTRY = struct.Struct(">HHQQ32s32s")
KINDS = {0x10: "scenario", 0x13: "artifact", 0x15: "export"}


@dataclass
class Bundle:
    """The members, and what the steps have read from them."""

    members: dict[str, bytes]
    anchors: list[x509.Certificate]
    at: dt.datetime
    facts: dict[str, Any] = field(default_factory=dict)
    entry: tuple[Any, ...] = ()
    proof: dict[str, Any] = field(default_factory=dict)

    def member(self, name: str) -> bytes:
        """A member that must be there."""
        if name not in self.members:
            raise MalformedError(f"{name} is missing")
        return self.members[name]

    @property
    def file(self) -> str:
        """The member that holds the file."""
        return "file/" + str(self.facts["path"]).rpartition("/")[2]

    def certificates(self) -> list[x509.Certificate]:
        """All of run/trust."""
        pems = [data for name, data in self.members.items() if name.startswith("run/trust/")]
        return [each for pem in pems for each in x509.load_pem_x509_certificates(pem)]


def read_zip(data: bytes) -> dict[str, bytes]:
    """Members of a zip in which nothing is packed twice, compressed or hidden."""
    with zipfile.ZipFile(BytesIO(data)) as packed:
        names = packed.namelist()
        if len(set(names)) != len(names) or any(info.compress_type for info in packed.infolist()):
            raise MalformedError("a member stands twice or is compressed")
        length = sum(76 + 2 * len(name.encode()) + packed.getinfo(name).file_size for name in names) + 22
        if length != len(data):
            raise MalformedError(f"{len(data) - length} bytes belong to no member")
        return {name: packed.read(name) for name in names}


def step_facts(bundle: Bundle) -> Iterator[str]:
    """bundle.json is canonical and of the type."""
    data = bundle.member("bundle.json")
    bundle.facts = json.loads(data)
    if canonical(bundle.facts) != data or bundle.facts.get("type") != "worldloom/bundle/1":
        yield "bundle.json is not in canonical form, or of another type"


def step_proof(bundle: Bundle) -> Iterator[str]:
    """The proof leads from the entry to the root of its head (RFC 6962, 2.1.1; C2SP tlog-proof)."""
    head, _, note = bundle.member("proof/entry.tlog-proof").partition(b"\n\n")
    lines = head.decode("ascii").split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("extra ") or not lines[2].startswith("index "):
        raise MalformedError("no tlog-proof with an extra line")
    extra = json.loads(base64.b64decode(lines[1][6:], validate=True))
    raw, index = bytes.fromhex(extra["entry"]), int(lines[2][6:])
    bundle.entry = ENTRY.unpack(raw)
    _, size, root = read_note(note)[0].split("\n")[:3]
    path = [base64.b64decode(line, validate=True) for line in lines[3:]]
    if root_of(hashlib.sha256(b"\0" + raw).digest(), index, int(size), path) != base64.b64decode(root):
        yield "the path does not lead to the root"
    if note != bundle.member("run/log/checkpoint"):
        yield "the proof's head is not the log's"
    if (index, KINDS.get(bundle.entry[1])) != (bundle.facts["index"], bundle.facts["kind"]):
        yield "the proof is of another entry than bundle.json says"


def step_notes(bundle: Bundle) -> Iterator[str]:
    """A conductor of this run signed head and SEAL, and its chain ends in an anchor."""
    known = bundle.certificates()
    leaves = [each for each in known if common_name(each).startswith("conductor-")]
    for name in ("run/log/checkpoint", "run/SEAL"):
        signers = [leaf for leaf in leaves if signed(bundle.member(name), leaf)]
        if not signers:
            yield f"{name}: no conductor signed it"
        for leaf in signers:
            if not any(chain.reaches_anchor(path, bundle.anchors, bundle.at) for path in chains(leaf, known)):
                yield f"{name}: {common_name(leaf)} leads to no anchor"


def step_bodies(bundle: Bundle) -> Iterator[str]:
    """The bodies give the entry's digests."""
    for name, digest in (("content", bundle.entry[4]), ("evidence", bundle.entry[5])):
        body = bundle.member(f"proof/{name}.json")
        if hashlib.sha256(f"worldloom/{name}/1\n".encode() + body).digest() != digest:
            yield f"{name} is not the entry's"


def step_file(bundle: Bundle) -> Iterator[str]:
    """File and sidecar are the ones that the evidence names."""
    evidence = json.loads(bundle.member("proof/evidence.json"))
    beside = bundle.members.get(f"{bundle.file}.c2pa")
    found = (
        hashlib.sha256(bundle.member(bundle.file)).hexdigest(),
        hashlib.sha256(beside).hexdigest() if beside else "",
    )
    if (evidence["file"], evidence["sidecar"]) != found or evidence["path"] != bundle.facts["path"]:
        yield "file, sidecar or path is not the one of the evidence"


def step_seal(bundle: Bundle) -> Iterator[str]:
    """SEAL has the log's head, and a line for each thing that was taken from the run."""
    lines = set(read_note(bundle.member("run/SEAL"))[0].split("\n"))
    origin, size, root = read_note(bundle.member("run/log/checkpoint"))[0].split("\n")[:3]
    if f"checkpoint {size} {base64.b64decode(root).hex()}" not in lines or origin != bundle.facts["origin"]:
        yield "SEAL is of another head"
    taken = {name.removeprefix("run/"): data for name, data in bundle.members.items() if name.startswith("run/")}
    path = bundle.facts["path"]
    taken |= {path: bundle.member(bundle.file)}
    taken |= {f"{path}.c2pa": data for name, data in bundle.members.items() if name == f"{bundle.file}.c2pa"}
    sealed = {line.split(" ")[2] for line in lines if line.startswith("file ")}
    for name, data in bundle.members.items():
        if name.startswith("parts/") and hashlib.sha256(data).hexdigest() not in sealed:
            yield f"{name} is nothing that was sealed"
    for name, data in taken.items():
        if name != "SEAL" and f"file {len(data)} {hashlib.sha256(data).hexdigest()} {name}" not in lines:
            yield f"{name} is not as it was sealed"


def step_credential(bundle: Bundle) -> Iterator[str]:
    """The file's own credential holds."""
    kind, data = bundle.facts["media_type"], bundle.member(bundle.file)
    pems = [each.public_bytes(Encoding.PEM) for each in bundle.anchors]
    beside = bundle.members.get(f"{bundle.file}.c2pa")
    for problem in verify_bytes(data, kind, beside, pems, bundle.at).problems:
        yield f"{problem.step}: {problem.message}"


STEPS: dict[str, Callable[[Bundle], Iterator[str]]] = {
    "facts": step_facts,
    "proof": step_proof,
    "notes": step_notes,
    "bodies": step_bodies,
    "file": step_file,
    "seal": step_seal,
    "credential": step_credential,
}


def verify_bundle(data: bytes, anchors_pem: Sequence[bytes], at: dt.datetime | None = None) -> Result:
    """Verify a bundle; bad evidence is in the result. A bundle with an amendment is beyond this verifier."""
    result = Result()
    anchors = chain.load_anchors(anchors_pem)
    try:
        bundle = Bundle(read_zip(data), anchors, at or dt.datetime.now(dt.UTC))
    except Exception as error:  # zipfile's errors are many
        result.problems.append(Problem("zip", f"{type(error).__name__}: {error}"))
        return result
    for name, step in STEPS.items():
        try:
            result.problems += [Problem(name, message) for message in step(bundle)]
        except Exception as error:  # what cannot be read is a finding
            result.problems.append(Problem(name, f"unreadable: {type(error).__name__}: {error}"))
            return result
    return result


def root_of(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that an audit path gives; RFC 9162, 2.1.3.2."""
    at, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise MalformedError("the path is too long")
        if at & 1 or at == last:
            found = hashlib.sha256(b"\1" + sibling + found).digest()
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\1" + found + sibling).digest()
        at, last = at >> 1, last >> 1
    if last:
        raise MalformedError("the path is too short")
    return found


def read_note(data: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """Text and (name, key id and signature) of a C2SP signed note."""
    text, blank, tail = data.decode().rpartition("\n\n")
    lines = [line.removeprefix("— ").split(" ") for line in tail.removesuffix("\n").split("\n")]
    if not blank or any(len(line) != 2 for line in lines):
        raise MalformedError("no signed note")
    return text + "\n", [(name, base64.b64decode(blob, validate=True)) for name, blob in lines]


def signed(note: bytes, certificate: x509.Certificate) -> bool:
    """Whether the certificate's Ed25519 key signed the note under its own key id."""
    key = certificate.public_key()
    text, signatures = read_note(note)
    if not isinstance(key, Ed25519PublicKey):
        return False
    for name, blob in signatures:
        if blob[:4] == hashlib.sha256(name.encode() + b"\n\1" + key.public_bytes_raw()).digest()[:4]:
            try:
                key.verify(blob[4:], text.encode())
            except InvalidSignature:
                return False
            return True
    return False


def chains(leaf: x509.Certificate, known: Sequence[x509.Certificate]) -> Iterator[list[x509.Certificate]]:
    """Ways from a leaf up through the certificates of run/trust."""
    above = [each for each in known if each != leaf and chain.issued(leaf, each, 0)]
    for each in above:
        higher = [other for other in known if other != each and chain.issued(each, other, 1)]
        yield [leaf, each, *higher]
    if not above:
        yield [leaf]


def common_name(certificate: x509.Certificate) -> str:
    """The subject's common name."""
    return str(certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value)


def canonical(value: Any) -> bytes:
    """RFC 8785 for what bundle.json holds: text and integers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
