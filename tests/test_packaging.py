"""The wheel holds what the tree holds, and the base install needs neither ray nor torch."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import time
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("agents", "cluster", "generators", "provenance", "worlds")
CODE = (*PACKAGES, "tests", "benchmarks", "examples", "docs")
HEAVY = ("ray", "torch", "transformers", "diffusers", "scipy", "trimesh", "PIL", "jinja2", "safetensors")


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def packages_in_tree() -> list[str]:
    folders = [init.parent for package in PACKAGES for init in (ROOT / package).rglob("__init__.py")]
    return sorted("worldloom." + ".".join(folder.relative_to(ROOT).parts) for folder in folders)


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def test_the_package_list_equals_the_tree() -> None:
    assert sorted(pyproject()["tool"]["setuptools"]["packages"]) == packages_in_tree()


def test_every_folder_with_python_in_it_is_a_package() -> None:
    folders = {path.parent for path in python_files(*PACKAGES)}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_every_package_has_its_types_marked_and_its_link_for_type_checkers() -> None:
    for package in PACKAGES:
        assert (ROOT / package / "py.typed").exists()
        assert (ROOT / ".types" / "worldloom" / package).resolve() == ROOT / package


def bare_imports(source: str) -> list[str]:
    """Names that a source imports from the top-level folders without `worldloom.` before them."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] in PACKAGES]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found += [node.module] if node.module.split(".")[0] in PACKAGES else []
    return found


def test_nothing_imports_a_folder_by_its_bare_name() -> None:
    found = {str(path.relative_to(ROOT)): bare_imports(path.read_text()) for path in python_files(*CODE)}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize("line", ["import agents", "import worlds.clock as c", "from provenance.ids import Id"])
def test_a_bare_import_would_be_found(line: str) -> None:
    assert bare_imports(line)


def test_public_names_are_there() -> None:
    for package in PACKAGES:
        tree = ast.parse((ROOT / package / "__init__.py").read_text())
        names = [
            ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)
        ]
        for listed in names:
            module = __import__(f"worldloom.{package}", fromlist=["*"])
            assert list(listed) == sorted(listed)
            assert [name for name in listed if not hasattr(module, name)] == []


def test_constraints_pin_every_direct_dependency() -> None:
    pinned = {line.split("==")[0].lower() for line in (ROOT / "constraints.txt").read_text().splitlines()}
    project = pyproject()["project"]
    direct = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    names = [re.split(r"[\[<>=]", requirement)[0].lower() for requirement in direct]
    assert [name for name in names if name not in pinned] == []


FORBID = f"""
import sys

class Forbid:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {HEAVY!r}:
            raise ImportError(f"the base install has no {{name}}")

sys.meta_path.insert(0, Forbid())
"""


def run_without_heavy_libraries(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", FORBID + code], capture_output=True, text=True, timeout=120, check=False
    )


def test_the_forbidden_libraries_are_forbidden_indeed() -> None:
    done = run_without_heavy_libraries("import torch")
    assert done.returncode != 0
    assert "the base install has no torch" in done.stderr


@pytest.mark.parametrize("module", ["provenance.audit", "cluster.options", "cluster.commands.main"])
def test_a_base_install_imports(module: str) -> None:
    done = run_without_heavy_libraries(f"import worldloom.{module}")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", ["--help", "audit --help", "run --help", "--version"])
def test_a_base_install_has_the_command_line(command: str) -> None:
    code = f"import sys\nsys.argv = ['worldloom', *{command.split()!r}]\n"
    done = run_without_heavy_libraries(code + "from worldloom.cluster.commands.main import main\nmain()")
    assert done.returncode == 0, done.stderr
    assert "worldloom" in done.stdout


def test_help_answers_without_anything_heavy() -> None:
    code = (
        "import sys\nsys.argv = ['worldloom', '--help']\nfrom worldloom.cluster.commands.main import main\n"
        "try:\n    main()\nfinally:\n    print(sorted({n.split('.')[0] for n in sys.modules}), file=sys.stderr)"
    )
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    sys.stdout.write(f"worldloom --help: {time.perf_counter() - start:.2f} s\n")
    loaded = ast.literal_eval(done.stderr.splitlines()[-1])
    assert [name for name in (*HEAVY, "pyarrow", "c2pa", "cryptography", "networkx", "numpy") if name in loaded] == []


def beside_weights(path: Path) -> bool:
    """Samples, curves and logs of trainings."""
    inside = path.relative_to(ROOT).parts
    pictures = path.name == "curve.png" or path.stem == "samples"
    return inside[:2] == ("generators", "weights") and (pictures or inside[3:4] == ("training",))


@pytest.mark.slow
def test_the_wheel_holds_code_templates_and_weights(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "--wheel-dir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, timeout=600, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    (wheel,) = tmp_path.glob("worldloom-*.whl")
    names = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("worldloom/")}
    kept = {".py", ".typed", ".j2", ".safetensors", ".json", ".md", ".js", ".css", ".html", ".LICENSE"}
    expected = {
        f"worldloom/{path.relative_to(ROOT).as_posix()}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and (path.suffix in kept or path.name == "py.typed" or beside_weights(path))
    }
    assert names == expected
    assert any(name.endswith(".safetensors") for name in names)
    assert any(name.endswith(".j2") for name in names)
