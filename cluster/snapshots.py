"""Snapshots on disk: the state from which steps can be done again. Which steps those are, session decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from worldloom.provenance.canonical import canonical, parse_canonical
from worldloom.provenance.digests import file_digest
from worldloom.provenance.errors import CanonicalError, FormatError
from worldloom.provenance.folder import SNAPSHOTS, snapshot_commit, snapshot_folder, snapshot_part
from worldloom.provenance.ids import id_range
from worldloom.provenance.storage import Storage

KEPT = 2
"""Snapshots kept while a run goes on; the last one is sealed."""


@dataclass(frozen=True)
class Snapshot:
    """State at the beginning of the step at `time` (seconds).

    `content_count` is the next content number, `log_size` the committed size of the log, `world` is `World.state()`,
    `minds` each agent's mind by id, `conductor` what the conductor itself must know to go on.
    """

    time: int
    content_count: int
    log_size: int
    world: Mapping[str, Any]
    minds: Mapping[str, Any]
    conductor: Mapping[str, Any] = field(default_factory=dict)

    def parts(self) -> dict[str, bytes]:
        """Return the snapshot's files but commit.json by name: the world, and a file a range of 4,096 agent ids."""
        files = {"world.json": canonical({"world": self.world["world"], "conductor": dict(self.conductor)})}
        minds: dict[int, dict[str, Any]] = {}
        for agent, mind in self.minds.items():
            minds.setdefault(id_range(agent), {})[agent] = mind
        for range_, columns in self.world["agents"].items():
            body = {"world": columns, "minds": minds.get(int(range_), {})}
            files[f"agents-{range_}.json"] = canonical(body)
        return files


def write_snapshot(storage: Storage, snapshot: Snapshot) -> dict[str, Any]:
    """Write the files, commit.json last; returns the evidence body of its entry. Raises StorageError."""
    parts = snapshot.parts()
    digests = {name: file_digest(data).hex() for name, data in sorted(parts.items())}
    storage.write_batch((snapshot_part(snapshot.time, name), data) for name, data in parts.items())
    commit = {"time": snapshot.time, "content_count": snapshot.content_count, "log_size": snapshot.log_size}
    commit_bytes = canonical({**commit, "files": digests})
    storage.write(snapshot_commit(snapshot.time), commit_bytes)
    return evidence_of(snapshot.time, snapshot.content_count, digests, commit_bytes)


def evidence_of(time: int, content_count: int, digests: Mapping[str, str], commit: bytes) -> dict[str, Any]:
    """Return what a snapshot's log entry says of its files."""
    folder = snapshot_folder(time)
    files = {f"{folder}/{name}": digest for name, digest in digests.items()}
    files[snapshot_commit(time)] = file_digest(commit).hex()
    return {"type": "snapshot", "path": folder, "files": files, "content_count": content_count}


def read_commit(storage: Storage, time: int) -> dict[str, Any]:
    """Read commit.json of a snapshot; raises FormatError or StorageError."""
    path = snapshot_commit(time)
    try:
        value = parse_canonical(storage.read(path))
        if value["time"] != time or not isinstance(value["files"], dict) or type(value["log_size"]) is not int:
            raise FormatError(f"{path}: not the commit of this snapshot")
    except (CanonicalError, KeyError, TypeError) as error:
        raise FormatError(f"{path}: not a snapshot's commit: {error}") from error
    return dict(value)


def read_snapshot(storage: Storage, time: int) -> Snapshot:
    """Read a snapshot and check every file against commit.json; raises FormatError or StorageError."""
    commit = read_commit(storage, time)
    bodies = {}
    for name, digest in commit["files"].items():
        data = storage.read(snapshot_part(time, name))
        if file_digest(data).hex() != digest:
            raise FormatError(f"{snapshot_part(time, name)}: differs from what commit.json says; remove the snapshot")
        bodies[name] = parse_canonical(data)
    ranges = {name[7:-5]: body for name, body in bodies.items() if name.startswith("agents-")}
    minds = {agent: mind for body in ranges.values() for agent, mind in body["minds"].items()}
    world = {"world": bodies["world.json"]["world"], "agents": {key: body["world"] for key, body in ranges.items()}}
    return Snapshot(time, commit["content_count"], commit["log_size"], world, minds, bodies["world.json"]["conductor"])


def times(storage: Storage) -> list[int]:
    """Return the times of all snapshots on the disk, half ones too, ascending."""
    names = {path.removeprefix(SNAPSHOTS).partition("/")[0] for path in storage.files(SNAPSHOTS)}
    found = [name.removeprefix("t=") for name in names if name.startswith("t=")]
    return sorted(int(digits) for digits in found if digits.isdigit())


def clear_unusable(storage: Storage, committed_size: int) -> list[int]:
    """Remove half snapshots and those beyond the log's checkpoint; returns the times of those that can be used."""
    good = []
    for time in times(storage):
        if _is_whole(storage, time) and read_commit(storage, time)["log_size"] <= committed_size:
            good.append(time)
        else:
            remove_snapshot(storage, time)
    return good


def _is_whole(storage: Storage, time: int) -> bool:
    """Whether commit.json and every file that it names are there: a removal may have been interrupted too."""
    if not storage.exists(snapshot_commit(time)):
        return False
    return all(storage.exists(snapshot_part(time, name)) for name in read_commit(storage, time)["files"])


def keep_last(storage: Storage, count: int) -> None:
    """Remove all but the last snapshots."""
    for time in times(storage)[:-count]:
        remove_snapshot(storage, time)


def remove_snapshot(storage: Storage, time: int) -> None:
    """Remove one snapshot."""
    storage.remove_batch(storage.files(snapshot_folder(time)))


def newest(storage: Storage, usable: Iterable[int]) -> Snapshot | None:
    """Return the newest snapshot that reads well, None when none does; those that do not are removed."""
    for time in sorted(usable, reverse=True):
        try:
            return read_snapshot(storage, time)
        except (FormatError, CanonicalError):
            remove_snapshot(storage, time)
    return None
