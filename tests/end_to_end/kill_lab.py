"""Runs a scenario again and again in forked children that kill themselves at seeded disk operations; prints JSON.

Usage: kill_lab.py SCENARIO_FILE FOLDER KEYSTORE SEED COUNT. A process of its own, so that its forks inherit no Ray.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections import Counter
from pathlib import Path

import worldloom.worlds.exports.gltf
import worldloom.worlds.exports.map
from worldloom.cluster.closing.close import is_packed, pack_again
from worldloom.cluster.options import Silent
from worldloom.cluster.run_place import RunPlace
from worldloom.cluster.runtime import LocalRuntime, identities
from worldloom.cluster.scenario_file import load_scenario
from worldloom.cluster.session import Session
from worldloom.provenance.audit import audit
from worldloom.provenance.credential import read_credential
from worldloom.provenance.folder import ARTIFACTS, CHECKPOINT, SEAL
from worldloom.provenance.keys import Keystore
from worldloom.provenance.media import media_type_of
from worldloom.provenance.storage import LocalDisk, Storage

CHANGES = ("create", "sync", "sync_folder", "rename", "remove")


class KillingDisk:
    """A disk that kills its process, with SIGKILL, just before its n-th change."""

    def __init__(self, disk: LocalDisk, counter: list[int], kill_at: int | None) -> None:
        self._disk, self._counter, self._kill_at = disk, counter, kill_at

    def __getattr__(self, name: str):
        method = getattr(self._disk, name)
        if name not in CHANGES:
            return method

        def change(*arguments):
            if self._counter[0] == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            self._counter[0] += 1
            return method(*arguments)

        return change


def go_on(scenario_file: str, folder: Path, home: Path, kill_at: int | None) -> int:
    """Begin or resume the run; return how many changes of the disk that took."""
    counter = [0]
    place = RunPlace(
        Storage(KillingDisk(LocalDisk(folder), counter, kill_at)),
        Storage(KillingDisk(LocalDisk(folder.parent), counter, kill_at)),
        folder.name,
    )
    keystore, loaded = Keystore.open(home), load_scenario(scenario_file)
    if place.storage.exists(SEAL):
        if not is_packed(place):
            pack_again(place, keystore)
        return counter[0]
    generators = loaded.scenario.generators
    runtime = LocalRuntime(generators)
    session = Session(place, keystore, runtime, Silent(), identities(generators), commit_seconds=0.02)
    if place.storage.exists(CHECKPOINT):
        session.recover(loaded.scenario)
    else:
        for path in place.storage.files():
            place.storage.remove(path)
        session.begin(loaded.scenario, loaded.source)
    session.finish()
    return counter[0]


def killed(*arguments) -> bool:
    """Do it in a child; whether the child was killed. Any other end than success is this process's end too."""
    child = os.fork()
    if child == 0:
        try:
            go_on(*arguments)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    if os.WEXITSTATUS(status):
        raise SystemExit(f"a child failed: {arguments}")
    return False


def remember_drawings() -> None:
    """Draw the same world's map and model once for all children: drawing is slow, and not what is tried here."""
    for module, name in ((worldloom.worlds.exports.map, "draw_map"), (worldloom.worlds.exports.gltf, "export_glb")):
        draw, known = getattr(module, name), {}

        def again(terrain, settlement, placed, draw=draw, known=known):
            key = (terrain.digest, settlement.digest, tuple(placed))
            known[key] = known.get(key) or draw(terrain, settlement, placed)
            return known[key]

        setattr(module, name, again)


def examine(folder: Path, anchors: list[bytes]) -> dict:
    """What the tests look at: roots, findings, contents that have more than one credential."""
    result = audit(folder, anchors=anchors)
    said = Counter()
    for path in sorted((folder / ARTIFACTS).rglob("*")):
        if path.is_file() and path.suffix != ".c2pa":
            beside = path.with_name(path.name + ".c2pa")
            sidecar = beside.read_bytes() if beside.exists() else None
            said[read_credential(path.read_bytes(), media_type_of(path.name), sidecar).generation["content"]] += 1
    return {
        "content_root": result.content_root,
        "state": result.state,
        "exit_code": result.exit_code,
        "findings": [f"{each.path}: {each.message}" for each in result.findings][:5],
        "twice": [content for content, count in said.items() if count > 1],
        "artifacts": sum(said.values()),
    }


def main(scenario_file: str, folder: str, home: str, seed: str, count: str) -> None:
    remember_drawings()
    where, anchors = Path(folder), Keystore.open(Path(home)).anchors()
    first = where / "undisturbed"
    first.mkdir()
    changes = go_on(scenario_file, first, Path(home), None)
    cases = [{"kills": [], **examine(first, anchors)}]
    draw = random.Random(int(seed))
    for number in range(int(count)):
        run = where / f"case-{number}"
        run.mkdir()
        kills = []
        for _ in range(1 + number % 3 // 2):  # every third case is killed twice
            kill_at = draw.randrange(changes)
            if killed(scenario_file, run, Path(home), kill_at):
                kills.append(kill_at)
        if killed(scenario_file, run, Path(home), None):
            raise SystemExit("a child without a kill was killed")
        cases.append({"kills": kills, **examine(run, anchors)})
    print(json.dumps(cases))


if __name__ == "__main__":
    main(*sys.argv[1:])
