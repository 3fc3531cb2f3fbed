"""Runs a scenario again and again in forked children that kill themselves at seeded disk operations; prints JSON.

Usage: kill_lab.py SCENARIO_FILE FOLDER KEYSTORE SEED KILLS. A process of its own, so that its forks inherit no Ray.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
from collections import Counter
from pathlib import Path

import cryptography.x509  # noqa: F401  # these once, in the parent, instead of in every child
import jinja2  # noqa: F401
import networkx  # noqa: F401
import PIL.ImageDraw  # noqa: F401
import pyarrow.ipc  # noqa: F401
import scipy.ndimage
import scipy.sparse.csgraph  # noqa: F401
import torch
import worldloom.worlds.exports.gltf
import worldloom.worlds.exports.map
from worldloom.cluster.closing.close import is_packed, pack_again
from worldloom.cluster.options import Silent
from worldloom.cluster.run_place import RunPlace
from worldloom.cluster.runtime import LocalRuntime, identities
from worldloom.cluster.scenario_file import load_scenario
from worldloom.cluster.session import Session
from worldloom.generators.mesh.model import load_model
from worldloom.provenance.audit import audit
from worldloom.provenance.folder import ARTIFACTS, CHECKPOINT, SEAL
from worldloom.provenance.keys import Keystore
from worldloom.provenance.media import media_type_of
from worldloom.provenance.reading import read_credential
from worldloom.provenance.storage import LocalDisk, Storage

CHANGES = ("create", "sync", "sync_folder", "rename", "remove", "remove_folder")


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


def killed(report: Path, *arguments) -> bool:
    """Do it in a child that leaves its count in `report`; whether it was killed. Any other failure ends this process.

    Always in a child: the C2PA SDK refuses to work in a fork of a process that has used it.
    """
    child = os.fork()
    if child == 0:
        try:
            report.write_text(str(go_on(*arguments)))
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


def remember_drawings(folder: Path) -> None:
    """Draw the same world's map and model once for all children: drawing is slow, and not what is tried here."""
    folder.mkdir()
    for module, name in ((worldloom.worlds.exports.map, "draw_map"), (worldloom.worlds.exports.gltf, "export_glb")):
        draw = getattr(module, name)

        def again(terrain, settlement, placed, *owners, draw=draw, name=name):
            key = repr((name, terrain.digest, settlement.digest, placed, owners)).encode()
            file = folder / hashlib.sha256(key).hexdigest()
            if not file.exists():
                part = file.with_suffix(f".{os.getpid()}")
                part.write_bytes(draw(terrain, settlement, placed, *owners))
                part.rename(file)
            return file.read_bytes()

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
    where, keys, report = Path(folder), Path(home), Path(folder) / "changes"
    torch.set_num_threads(1)  # a fork keeps the calling thread only
    load_model()
    remember_drawings(where / "drawings")
    draw, cases = random.Random(int(seed)), [(where / "undisturbed", [])]
    cases[0][0].mkdir()
    killed(report, scenario_file, cases[0][0], keys, None)
    changes = int(report.read_text())
    while sum(len(kills) for _, kills in cases) < int(count):
        number = len(cases)
        run, kills = where / f"case-{number}", []
        run.mkdir()
        for most in (changes, changes // 4) if number % 3 == 0 else (changes,):  # every third case is killed twice
            kill_at = draw.randrange(most)
            if killed(report, scenario_file, run, keys, kill_at):
                kills.append(kill_at)
        killed(report, scenario_file, run, keys, None)
        cases.append((run, kills))
    anchors = Keystore.open(keys).anchors()
    print(json.dumps([{"kills": kills, **examine(run, anchors)} for run, kills in cases]))


if __name__ == "__main__":
    main(*sys.argv[1:])
