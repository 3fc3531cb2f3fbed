"""The packages know one another in one direction only: pyproject.toml's import-linter contracts hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytest.importorskip("importlinter", reason="import-linter is a development tool: make check runs it too")


def lint(folder: Path, config: str = "pyproject.toml") -> subprocess.CompletedProcess[str]:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", code, "--config", config, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def test_the_layers_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_a_wrong_direction_would_be_found(tmp_path: Path) -> None:
    contract = tmp_path / "upside_down.toml"
    contract.write_text(
        '[tool.importlinter]\nroot_packages = ["worldloom.cluster", "worldloom.provenance"]\n'
        '[[tool.importlinter.contracts]]\nname = "upside down"\ntype = "layers"\n'
        'layers = ["worldloom.provenance", "worldloom.cluster"]\n'
    )
    done = lint(ROOT, str(contract))
    assert done.returncode == 1, done.stdout
    assert "worldloom.cluster" in done.stdout
