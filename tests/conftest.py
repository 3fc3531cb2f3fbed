"""What all tests share: which marked tests run, foreign tools, the independent C2PA verifier.

`slow`, `external` and `gpu` tests are skipped with their reason unless WORLDLOOM_SLOW, WORLDLOOM_EXTERNAL or
WORLDLOOM_GPU is 1. Asked for, they are obligatory: a tool that is missing then fails its test.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import settings

NAME = "independent_verifier"
ROOT = Path(__file__).parent.parent
SWITCHES = {
    "slow": ("WORLDLOOM_SLOW", "takes long"),
    "external": ("WORLDLOOM_EXTERNAL", "needs a foreign tool that .ci/run installs"),
    "gpu": ("WORLDLOOM_GPU", "needs a CUDA device"),
}
LONGEST = ("ray", "end_to_end/sealed", "end_to_end/forks", "cluster/viewing", "cluster/commands")
# No test is timed: a busy machine is no fault of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
GLTF_SCRIPT = Path(__file__).parent / "external" / "validate_gltf.cjs"


def pytest_itemcollected(item: pytest.Item) -> None:
    """Skip marked tests that were not asked for; tell pytest-xdist which belong into one process.

    As each is collected: pytest-xdist reads the groups before any conftest may modify all items together.
    """
    if not item.get_closest_marker("xdist_group"):
        item.add_marker(pytest.mark.xdist_group(group_of(item)))
    for marker, (switch, reason) in SWITCHES.items():
        if item.get_closest_marker(marker) and os.environ.get(switch) != "1":
            item.add_marker(pytest.mark.skip(reason=f"{reason}; asked for by {switch}=1"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the groups that take longest first, so that no process is left alone with one of them at the end."""
    items.sort(key=lambda item: LONGEST.index(group) if (group := group_of(item)) in LONGEST else len(LONGEST))


def group_of(item: pytest.Item) -> str:
    """Return the name of the tests that run one after the other: those on Ray, and those that share costly fixtures."""
    # Two clusters at once would only wait for each other.
    if "ray_address" in getattr(item, "fixturenames", ()) or item.path.stem.startswith(("test_ray", "test_placing")):
        return "ray"
    if item.path.stem == "test_power_loss":  # minutes each, and nothing shared
        return item.name
    folder = item.path.parent.relative_to(Path(__file__).parent).as_posix()
    return item.path.stem if folder in (".", "end_to_end") else folder


@pytest.fixture(scope="session", autouse=True)
def keystore_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A keystore for this test run, so that no test reads or writes the user's own."""
    home = tmp_path_factory.mktemp("keystore")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORLDLOOM_HOME", str(home))
        patch.setenv("WORLDLOOM_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield home


@pytest.fixture(scope="session")
def ray_address() -> Iterator[str]:
    """The one Ray cluster of a test session; more cores than there are, since nobody here computes for long."""
    import ray

    ray.init(num_cpus=8, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    yield ray.get_runtime_context().gcs_address
    ray.shutdown()


@pytest.fixture(scope="session")
def tool() -> Callable[[str], str]:
    """Give the path of a foreign program; fail, not skip, when an external test finds it missing."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            pytest.fail(f"{name} is not installed: the external tests were asked for; .ci/run installs what they need")
        return path

    return find


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder of the npm packages that tests/external/package.json names."""
    modules = Path(os.environ.get("WORLDLOOM_NODE_MODULES", ROOT / "tests" / "external" / "node_modules"))
    if not (modules / "gltf-validator").is_dir():
        pytest.fail(f"no gltf-validator in {modules}: run `npm ci` in tests/external, or .ci/run")
    return modules


@pytest.fixture(scope="session")
def node_script(tool: Callable[[str], str], node_modules: Path) -> Callable[..., Any]:
    """Give a function that runs a script of tests/external with arguments, and returns the JSON that it prints."""

    def run(name: str, *arguments: str) -> Any:
        command = [tool("node"), str(Path(__file__).parent / "external" / name), str(node_modules), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def khronos_validator(tool: Callable[[str], str], node_modules: Path) -> Callable[[Path], dict[str, Any]]:
    """Give a function from a .glb file to the Khronos validator's report (`issues` has `numErrors`, `messages`)."""

    def validate(path: Path) -> dict[str, Any]:
        command = [tool("node"), str(GLTF_SCRIPT), str(path)]
        environment = {**os.environ, "NODE_PATH": str(node_modules)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=True)
        return json.loads(done.stdout)

    return validate


@pytest.fixture(scope="session")
def independent_verifier() -> ModuleType:
    """The module tests/verifier/verify.py, whose `verify_bytes` is the door."""
    if NAME not in sys.modules:  # importlib mode puts no test folder on sys.path
        spec = ModuleSpec(NAME, None, is_package=True)
        spec.submodule_search_locations = [str(Path(__file__).parent / "verifier")]
        sys.modules[NAME] = module_from_spec(spec)
    return importlib.import_module(f"{NAME}.verify")


@pytest.fixture(scope="session")
def logged_run() -> Callable[..., Any]:
    """Give a function that begins a run folder: certificates, and a log of a start, decisions and events."""
    from worldloom.provenance.entry import EntryKind
    from worldloom.provenance.events_block import EventBlock
    from worldloom.provenance.folder import RunFile, certificate_path, origin, write_run
    from worldloom.provenance.keys import RunAuthority
    from worldloom.provenance.log import LogWriter
    from worldloom.provenance.storage import LocalDisk, Storage

    def grow(writer: LogWriter, to: int) -> None:
        while writer.size < to:
            number = writer.size
            if number == 0:
                writer.append(EntryKind.START, 0, None, {"type": "start"})
            elif number % 5 == 4:
                rows = [
                    (number, 1, f"agent-{n}", "wait", None, None, None, {"text": "ü"}) for n in range(number % 7 + 1)
                ]
                writer.append(EntryKind.EVENTS, number, EventBlock(number, 0, rows))
            else:
                evidence = {"wall": number} if number % 2 else None
                writer.append(EntryKind.DECISION, number, {"type": "decision", "number": number}, evidence)

    def make(folder: Path, keystore: Any, *sizes: int, run_id: str = "run-logged") -> tuple[LogWriter, Any]:
        storage = Storage(LocalDisk(folder))
        write_run(storage, RunFile(run_id))
        authority = RunAuthority(keystore.operator, run_id, 1)
        key = authority.issue("conductor")
        storage.write(certificate_path("ca", 1), authority.certificate_pem)
        storage.write(certificate_path("conductor", 1), key.certificate_pem)
        writer = LogWriter.create(storage, origin(run_id), key.note_key(origin(run_id)))
        for size in sizes:
            grow(writer, size)
            writer.commit()
        return writer, key

    make.grow = grow  # type: ignore[attr-defined]
    return make
