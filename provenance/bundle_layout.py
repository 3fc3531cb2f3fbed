"""Names in `FILE.bundle.zip`, and bundle.json: which member is what. Makes no bundle and judges none.

Members are stored, sorted, of one date, so that the same run gives the same bytes (docs/adr/0019). A bundle is not
signed as a whole, for the run's keys are gone; nothing in it is believed, each part leads to a signature of the run:

    README.txt                     for people: what this is, how other tools check it
    bundle.json                    which member is what, canonical JSON
    file/NAME, file/NAME.c2pa      the signed file, and its credential where that stands beside
    proof/entry.tlog-proof         that its entry is in the log (C2SP tlog-proof)
    proof/content.json             the entry's bodies, as far as they were not erased
    proof/evidence.json
    run/…                          as in the run folder: SEAL, log/checkpoint, run.json, trust/, amendments/
    beside/witness, tsr, replay    what stood beside the run folder
    parts/NAME                     if asked for: signed files that the credential names by their hashes only
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .canonical import canonical, parse_canonical
from .entry import EntryKind
from .errors import CanonicalError, FormatError
from .folder import ARTIFACTS, SCENARIO_PY, WORLD, sidecar
from .layout import is_known
from .media import EXTENSIONS

TYPE = "worldloom/bundle/1"
BUNDLE = ".bundle.zip"
"""What is added to a file's name for its bundle."""

README, FACTS = "README.txt", "bundle.json"
FILE, PROOF, RUN, BESIDE, PARTS = "file/", "proof/", "run/", "beside/", "parts/"
ENTRY_PROOF, CONTENT, EVIDENCE = f"{PROOF}entry.tlog-proof", f"{PROOF}content.json", f"{PROOF}evidence.json"
WITNESS_NOTE, STAMP, RECEIPT = f"{BESIDE}witness", f"{BESIDE}tsr", f"{BESIDE}replay"

KINDS: Mapping[int, str] = {
    EntryKind.SCENARIO: "scenario",
    EntryKind.ARTIFACT: "artifact",
    EntryKind.EXPORT: "export",
}
"""The kinds of entry that name a signed file."""

_PART = re.compile(r"parts/[A-Za-z0-9_][A-Za-z0-9_.-]{0,120}\Z")
_RUN_FILES = re.compile(r"run/(SEAL|run\.json|log/checkpoint|trust/[a-z0-9-]+\.pem|amendments/[A-Za-z0-9_.-]+)\Z")


@dataclass(frozen=True)
class Facts:
    """bundle.json: whose log, which entry of it, where the file lies in the run, and under which name here."""

    origin: str
    index: int
    kind: str
    path: str
    media_type: str

    @property
    def member(self) -> str:
        """The member that holds the file."""
        return FILE + self.path.rpartition("/")[2]

    @property
    def sidecar(self) -> str:
        """The member that holds its credential, for formats whose credential stands beside."""
        return sidecar(self.member)

    def encode(self) -> bytes:
        """Return the member's bytes."""
        return canonical({"type": TYPE, **vars(self)})

    @classmethod
    def decode(cls, data: bytes) -> Facts:
        """Read it in its one byte form; raises FormatError."""
        try:
            said = parse_canonical(data)
        except CanonicalError as error:
            raise FormatError(f"{FACTS}: {error}") from error
        fields = cls.__dataclass_fields__
        if not isinstance(said, dict) or said.pop("type", None) != TYPE or set(said) != set(fields):
            raise FormatError(f"{FACTS}: is not of type {TYPE} with the fields {', '.join(fields)}")
        for name, value in said.items():
            if type(value) is not (int if name == "index" else str):
                raise FormatError(f"{FACTS}: {name} is of another type")
        facts = cls(**said)
        if facts.kind not in KINDS.values() or facts.media_type not in EXTENSIONS:
            raise FormatError(f"{FACTS}: kind {facts.kind[:40]!r} or media type {facts.media_type[:80]!r} is unknown")
        if not (is_known(facts.path) and facts.path.startswith((SCENARIO_PY, ARTIFACTS, WORLD))):
            raise FormatError(f"{FACTS}: {facts.path[:200]!r} is no file that a run's log names")
        return facts


def known_member(name: str, facts: Facts) -> bool:
    """Whether a bundle of that file may hold a member of that name."""
    fixed = (README, FACTS, facts.member, facts.sidecar, ENTRY_PROOF, CONTENT, EVIDENCE, WITNESS_NOTE, STAMP, RECEIPT)
    return name in fixed or bool(_RUN_FILES.match(name) or _PART.match(name))
