"""Names of everything in a run folder, and run.json. Not for reading or writing the other files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from .canonical import canonical, parse_canonical
from .digests import from_hex
from .errors import CanonicalError, FormatError, NewerFormatError
from .storage import Storage, check_path

FORMAT = 1
"""Version of the run folder that this Worldloom writes; it reads this and every older one."""

PLUGIN_KINDS = range(0x8000, 0x10000)
"""Entry kinds that plug-ins may name in run.json."""

RUN_JSON = "run.json"
SCENARIO_JSON = "scenario.json"
SCENARIO_PY = "scenario.py"
CHECKPOINT = "log/checkpoint"
REPORT = "report.html"
SEAL = "SEAL"
LOCK = "lock"

LOG = "log/"
BODIES = "bodies/"
ANSWERS = "answers/"
BLOBS = "answers/blobs/"
ARTIFACTS = "artifacts/"
SNAPSHOTS = "snapshots/"
TRUST = "trust/"
WORLD = "world/"
AMENDMENTS = "amendments/"
LOGS = "logs/"

_RUN_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")
_KIND_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,63}\Z")
_BODY_SEGMENT = re.compile(r"bodies/([0-9]{12})\.seg\Z")
_ANSWER_SEGMENT = re.compile(r"answers/([0-9]{6})\.seg\Z")


def artifact_path(digest: str, extension: str) -> str:
    """`artifacts/ab/ab12….png` for a hex content digest and an extension without dot; raises FormatError."""
    from_hex(digest)
    return check_path(f"{ARTIFACTS}{digest[:2]}/{digest}.{extension}")


def sidecar(path: str) -> str:
    """Where the credential of a file that cannot carry one stands."""
    return f"{path}.c2pa"


def blob_path(digest: str) -> str:
    """Where the payload with that plain hex SHA-256 stands among the answers; raises FormatError."""
    from_hex(digest)
    return f"{BLOBS}{digest[:2]}/{digest}"


def body_segment(first_index: int) -> str:
    """Return the name of the segment whose first body belongs to that log entry or a later one."""
    return f"{BODIES}{first_index:012d}.seg"


def body_segment_index(path: str) -> int:
    """Return the first entry index of a segment's name; raises FormatError for any other name below
    bodies/.
    """
    return _number(_BODY_SEGMENT, path, "bodies/000000000000.seg")


def answer_segment(number: int) -> str:
    """Return the name of a numbered segment of recorded answers."""
    return f"{ANSWERS}{number:06d}.seg"


def answer_segment_number(path: str) -> int:
    """Return the number in a segment's name; raises FormatError for any other name."""
    return _number(_ANSWER_SEGMENT, path, "answers/000000.seg")


def snapshot_folder(time: int) -> str:
    """`snapshots/t=0036000` for simulated seconds."""
    return f"{SNAPSHOTS}t={time:07d}"


def snapshot_part(time: int, name: str) -> str:
    """Return the path of one file of a snapshot."""
    return check_path(f"{snapshot_folder(time)}/{name}")


def snapshot_commit(time: int) -> str:
    """Return the path of the file that makes a snapshot whole; written last."""
    return snapshot_part(time, "commit.json")


def certificate_path(role: str, part: int) -> str:
    """`trust/conductor-1.pem` for role `conductor` of the run's first process start."""
    return check_path(f"{TRUST}{role}-{part}.pem")


def outside_seal(path: str) -> bool:
    """Whether the seal says nothing about a file: logs, the lock, later amendments, the seal itself."""
    return path in (LOCK, SEAL) or path.startswith((LOGS, AMENDMENTS))


def origin(run_id: str) -> str:
    """Return the log origin of a run: first line of its checkpoints and name of its log keys."""
    return f"worldloom.run/{run_id}"


def _number(pattern: re.Pattern[str], path: str, example: str) -> int:
    match = pattern.match(path)
    if match is None:
        raise FormatError(f"{path}: not a segment's name; expected one such as {example}")
    return int(match[1])


@dataclass(frozen=True)
class RunFile:
    """What run.json says; written once at the start. `kinds` maps names of plug-in entry kinds to their
    numbers.
    """

    run_id: str
    kinds: Mapping[str, int] = field(default_factory=dict)
    format: int = FORMAT

    def __post_init__(self) -> None:
        if not _RUN_ID.match(self.run_id):
            raise FormatError(f"{RUN_JSON}: run id {self.run_id[:80]!r}: use up to 64 of a-z, 0-9 and '-'")
        for name, number in self.kinds.items():
            if not _KIND_NAME.match(name) or type(number) is not int or number not in PLUGIN_KINDS:
                raise FormatError(f"{RUN_JSON}: plug-in kind {name[:80]!r} = {number!r}: use 32768 to 65535")
        if len(set(self.kinds.values())) != len(self.kinds):
            raise FormatError(f"{RUN_JSON}: two plug-in kinds share one number; give each its own")
        object.__setattr__(self, "kinds", MappingProxyType(dict(self.kinds)))

    def encode(self) -> bytes:
        """Return the file's bytes, canonical JSON."""
        return canonical({"format": self.format, "run": self.run_id, "kinds": dict(self.kinds)})

    @classmethod
    def decode(cls, data: bytes) -> RunFile:
        """Read the file's bytes; raises NewerFormatError or FormatError."""
        _refuse_newer(data)
        try:
            value = parse_canonical(data)
        except CanonicalError as error:
            raise FormatError(f"{RUN_JSON}: {error}") from error
        if (
            not isinstance(value, dict)
            or set(value) != {"format", "run", "kinds"}
            or type(value["format"]) is not int
            or value["format"] != FORMAT
            or not isinstance(value["run"], str)
            or not isinstance(value["kinds"], dict)
        ):
            raise FormatError(f"{RUN_JSON}: not a run of format {FORMAT}; fields are format, run, kinds")
        return cls(value["run"], value["kinds"])


def write_run(storage: Storage, run: RunFile) -> None:
    """Write run.json once; raises FormatError when one stands there already, StorageError when the disk
    refuses.
    """
    if storage.exists(RUN_JSON):
        raise FormatError(f"{RUN_JSON}: this folder holds a run already; resume it or choose another folder")
    storage.write(RUN_JSON, run.encode())


def read_run(storage: Storage) -> RunFile:
    """Read run.json; raises StorageError when it is missing, NewerFormatError or FormatError when it is not
    ours.
    """
    return RunFile.decode(storage.read(RUN_JSON))


def _refuse_newer(data: bytes) -> None:
    # Read loosely first: a newer format may differ in everything else.
    try:
        value: Any = json.loads(data)
    except (ValueError, RecursionError):
        return
    version = value.get("format") if isinstance(value, dict) else None
    if type(version) is int and version > FORMAT:
        raise NewerFormatError(
            f"{RUN_JSON}: run format {version} is newer than this Worldloom reads ({FORMAT}); "
            "upgrade with `pip install --upgrade worldloom`"
        )
