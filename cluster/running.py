"""Run and resume: from a scenario or a folder to a sealed run. Commands print what these return."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from worldloom.provenance.bundle import ZIP_SEAL
from worldloom.provenance.errors import StorageError
from worldloom.provenance.folder import (
    ANSWERS,
    BODIES,
    CHECKPOINT,
    LOCK,
    LOG,
    RUN_JSON,
    SCENARIO_JSON,
    SCENARIO_PY,
    SEAL,
    SNAPSHOTS,
    TRUST,
    read_run,
    sidecar,
)
from worldloom.provenance.keys import Keystore
from worldloom.provenance.lock import RunLock
from worldloom.provenance.reading import read_credential
from worldloom.provenance.receipt import REPLAY
from worldloom.provenance.storage import LocalDisk, Storage, storage_error
from worldloom.provenance.veil import SALT
from worldloom.provenance.witnessed import WITNESS

from .closing.close import is_packed, pack_again
from .closing.summary import RunSummary
from .errors import Interrupted, RunFolderError, ScenarioError
from .options import Placement, Progress, ResumeOptions, RunOptions, RunResult
from .parts import Parts
from .ray_cluster import RayCluster, require_reachable
from .run_place import RunPlace
from .runtime import LocalRuntime, Runtime, who_answers
from .scenario import Scenario
from .scenario_file import fold, is_shipped, load_scenario, read_folded, run_source
from .session import Session
from .shared_past import Shared

_BEFORE_CHECKPOINT = (RUN_JSON, SCENARIO_JSON, SCENARIO_PY, sidecar(SCENARIO_PY), LOCK)
_FOLDERS = (TRUST, LOG, BODIES, ANSWERS, SNAPSHOTS)


def run(options: RunOptions, progress: Progress) -> RunResult:
    """Run a scenario into a new folder until it is sealed; raises an error of one of the packages."""
    parts = Parts()
    loaded = load_scenario(options.scenario)
    scenario = fold(
        loaded.scenario,
        options.scenario,
        seed=options.seed,
        agents=options.agents,
        hours=options.hours,
        generators=dict(options.generators),
        private=options.private or None,
    )
    return run_anew(scenario, loaded.source, options, progress, parts)


def run_anew(
    scenario: Scenario,
    source: bytes,
    options: RunOptions,
    progress: Progress,
    parts: Parts,
    shared: Shared | None = None,
) -> RunResult:
    """Run a scenario with the source that it came from into a new folder; `shared` is the past that a fork takes over.

    Of the options those count that say where the run lies and computes.
    """
    known = who_answers(scenario)
    keystore = _keystore(options)
    if not _in_process(scenario, options.placement):
        require_reachable(options.placement.address)  # before there is a folder
    folder = options.out or _free_folder(scenario.name)
    _refuse_what_stands_beside(folder)
    _make_folder(folder)
    with RunLock(folder), _stopping(folder):
        place = _place(folder)
        _clear_unbegun(place, folder)
        with opened_runtime(scenario, options.placement, folder.name, parts) as runtime:
            session = Session(place, keystore, runtime, progress, known, parts=parts, witnesses=options.witnesses)
            session.begin(scenario, source, shared)
            session.finish()
            return _result(session, folder)


def resume(folder: Path, options: ResumeOptions, progress: Progress) -> RunResult:
    """Take up an interrupted run until it is sealed; packs a sealed one again if its zip is missing."""
    parts = Parts()
    if not (folder / RUN_JSON).is_file():
        raise RunFolderError(f"{folder}: holds no {RUN_JSON}, so it is no run; give the folder that `run` printed")
    with RunLock(folder), _stopping(folder):
        place = _place(folder)
        read_run(place.storage)
        keystore = _keystore(options)
        if place.storage.exists(SEAL):
            return _pack_again(place, keystore, progress, folder)
        scenario = load_run_scenario(place.storage, keystore, trust_code=options.trust_code)
        known = who_answers(scenario)
        with opened_runtime(scenario, options.placement, folder.name, parts) as runtime:
            session = Session(place, keystore, runtime, progress, known, parts=parts, witnesses=options.witnesses)
            session.recover(scenario)
            session.finish()
            return _result(session, folder)


def _keystore(options: RunOptions | ResumeOptions) -> Keystore:
    """Open the keystore and the key that signs, so that neither fails once the run has begun."""
    keystore = Keystore.open(options.home)
    keystore.sign_by(options.signer)
    keystore.outside_key()
    return keystore


def load_run_scenario(storage: Storage, keystore: Keystore, *, trust_code: bool) -> Scenario:
    """Return a run's scenario with its hooks, if its code may run here; raises ScenarioError if not.

    It may if it is a shipped scenario's, if a chain of the user's own keystore signed it, or if the user says so.
    """
    source = storage.read(SCENARIO_PY)
    if not (trust_code or is_shipped(source)):
        beside = storage.read(sidecar(SCENARIO_PY))
        if read_credential(source, "text/x-python", beside, keystore.anchors()).state != "Trusted":
            raise ScenarioError(
                f"{SCENARIO_PY}: was signed by somebody whom your keystore does not know, and its code would run on "
                "this machine. Read it, then add --trust-code"
            )
    return read_folded(storage.read(SCENARIO_JSON), run_source(source, SCENARIO_PY))


@contextmanager
def opened_runtime(scenario: Scenario, placement: Placement, name: str, parts: Parts) -> Iterator[Runtime]:
    """Yield the runtime that a placement asks for, closed afterwards; Ray's start counts as its part `ray`."""
    runtime: Runtime
    if _in_process(scenario, placement):
        runtime = LocalRuntime(scenario.generators)
    else:
        from .ray_runtime import RayRuntime  # noqa: PLC0415  (heavy)

        with parts.part("ray"):
            cluster = RayCluster(placement.address, f"worldloom-{name}")
        runtime = RayRuntime(scenario.generators, cluster, placement.cohorts, scenario.shares)
    try:
        yield runtime
    finally:
        runtime.close()


def _in_process(scenario: Scenario, placement: Placement) -> bool:
    return placement.local or scenario.crowd is not None  # a rule computes where its conductor does


def _place(folder: Path) -> RunPlace:
    real = folder.resolve()
    return RunPlace(Storage(LocalDisk(real)), Storage(LocalDisk(real.parent)), real.name)


def _free_folder(name: str) -> Path:
    number = 1
    while (folder := Path("runs") / f"{name}-{number}").exists() or folder.with_name(f"{folder.name}.zip").exists():
        number += 1
    return folder


def _refuse_what_stands_beside(folder: Path) -> None:
    if (folder / CHECKPOINT).exists():
        return  # then it is a run's own, and the folder is refused
    unbegun = (folder / RUN_JSON).exists()  # whose secret opens nothing
    for ending in (".zip", f".zip{ZIP_SEAL}", REPLAY, WITNESS, *(() if unbegun else (SALT,))):
        beside = folder.with_name(folder.name + ending)
        if beside.exists():
            raise RunFolderError(f"{beside}: stands where this run would write; move it, or choose another --out")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise RunFolderError(f"{folder}: is a file; choose another folder with --out") from error
    except NotADirectoryError as error:
        raise RunFolderError(f"{folder}: a part of this path is a file; choose another folder with --out") from error
    except OSError as error:
        raise StorageError(str(storage_error(error, str(folder)))) from error


def _clear_unbegun(place: RunPlace, folder: Path) -> None:
    """Remove what a run left that never reached its first checkpoint; raises RunFolderError for anything else."""
    storage = place.storage
    found = [path for path in storage.files() if path != LOCK]
    if CHECKPOINT in found:
        raise RunFolderError(f"{folder}: holds a run already; `worldloom resume` it, or choose another folder")
    foreign = [path for path in found if not _ours(path)]
    if foreign:
        raise RunFolderError(f"{folder}: is not empty ({foreign[0]}); choose another folder with --out")
    if found and place.beside.exists(place.name + SALT):
        place.beside.remove(place.name + SALT)
    for path in found:
        storage.remove(path)


def _ours(path: str) -> bool:
    return path.removesuffix(".part") in _BEFORE_CHECKPOINT or path.startswith(_FOLDERS)


def _pack_again(place: RunPlace, keystore: Keystore, progress: Progress, folder: Path) -> RunResult:
    parts = Parts()
    if not is_packed(place):
        progress.phase("zip")
        pack_again(place, keystore)
    return RunSummary.of(place.storage, calls={}, time_by_part=parts.seconds).result(folder, "sealed", parts)


def _result(session: Session, folder: Path) -> RunResult:
    summary = RunSummary.of(session.place.storage, calls=session.calls, time_by_part=session.parts.seconds)
    notes = (*session.notes, *(() if session.keystore.operator.durable else (_UNKNOWN_SIGNER,)))
    return summary.result(folder, "sealed", session.parts, session.final_measures, notes)


_UNKNOWN_SIGNER = (
    "no keystore could be written, so an operator for this run alone signed it: its signer will be unknown elsewhere; "
    "set WORLDLOOM_HOME to a folder that you can write to"
)


@contextmanager
def _stopping(folder: Path) -> Iterator[None]:
    """Let a polite kill end a run as Ctrl-C does: what is whole is kept, and Interrupted says how to go on."""
    try:
        with _polite_kills():
            yield
    except KeyboardInterrupt as stop:
        raise Interrupted(folder, resumable=(folder / CHECKPOINT).is_file()) from stop
    except StorageError as error:  # names a file of the run; whose run, it cannot know
        raise StorageError(f"{folder}: {error}") from error


@contextmanager
def _polite_kills() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
