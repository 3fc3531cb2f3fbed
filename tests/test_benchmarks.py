"""The page of benchmarks says what the results say, and every result names where it was measured."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
RESULTS = sorted((ROOT / "benchmarks" / "results").glob("*.json"))


@pytest.fixture(scope="module")
def run_all() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "benchmarks" / "run_all.py"))


def test_the_page_is_what_the_results_say(run_all: dict[str, Any]) -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text()
    assert page == run_all["page"](), "write it again: python benchmarks/run_all.py --page"


@pytest.mark.parametrize("result", RESULTS, ids=lambda path: path.stem)
def test_a_result_names_machine_commit_and_its_script(result: Path) -> None:
    values = json.loads(result.read_text())
    assert values["benchmark"] == result.stem
    assert (ROOT / "benchmarks" / f"{result.stem}.py").exists()
    for name in ("machine", "commit", "python"):
        assert values[name]


def test_a_benchmark_without_results_is_said_not_to_be_measured(run_all: dict[str, Any], tmp_path: Path) -> None:
    page = run_all["page"](tmp_path)
    assert "Not measured yet" in page
    assert "log_append" in page
