"""Every benchmark runs at its small setting, and the page of benchmarks says what the results say."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
RESULTS = sorted((ROOT / "benchmarks" / "results").glob("*.json"))
SLOW = ("default_run", "gpu", "growth", "killed_worker", "mind_probes", "sweep", "two_seeds", "villages")
OTHERS = ("harness", "run_all", "plots", "gpu_training")
NAMES = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py") if path.stem not in OTHERS)


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import a benchmark as its script does: from its own folder."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    return importlib.import_module


@pytest.fixture
def run_all(benchmark: Any) -> ModuleType:
    module: ModuleType = benchmark("run_all")
    return module


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in NAMES])
def test_it_measures_something_at_its_small_setting(name: str, benchmark: Any) -> None:
    module = benchmark(name)
    figures = module.figures(module.SMALL)
    numbers = [value for value in figures.values() if not isinstance(value, str)]
    assert numbers
    assert all(type(value) in (int, float) and value == value for value in numbers), figures
    json.dumps(figures)


@pytest.mark.parametrize("name", NAMES)
def test_what_has_a_budget_has_been_measured(name: str, benchmark: Any) -> None:
    module = benchmark(name)
    result = json.loads((ROOT / "benchmarks" / "results" / f"{name}.json").read_text())
    assert result["budgets"] == {figure: budget._asdict() for figure, budget in module.BUDGETS.items()}
    assert set(result["budgets"]) <= set(result["figures"])
    assert result["settings"] == json.loads(json.dumps(module.FULL._asdict())), "measured at another setting"


def test_the_page_is_what_the_results_say(run_all: ModuleType) -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text()
    assert page == run_all.page(), "write it again: python benchmarks/run_all.py --page"


@pytest.mark.parametrize("result", RESULTS, ids=lambda path: path.stem)
def test_a_result_names_machine_commit_and_its_script(result: Path) -> None:
    values = json.loads(result.read_text())
    assert values["benchmark"] == result.stem
    assert (ROOT / "benchmarks" / f"{result.stem}.py").exists()
    for name in ("machine", "commit", "python"):
        assert values[name]


def test_a_benchmark_without_results_is_said_not_to_be_measured(run_all: ModuleType, tmp_path: Path) -> None:
    page = run_all.page(tmp_path)
    assert "Not measured yet" in page
    assert "log_append" in page


@pytest.mark.parametrize(
    ("value", "least", "kept"),
    [(9, False, True), (10, False, True), (11, False, False), (11, True, True), (9, True, False)],
)
def test_a_figure_over_its_budget_is_said_to_be(
    run_all: ModuleType, tmp_path: Path, value: int, least: bool, kept: bool
) -> None:
    result = json.loads(RESULTS[0].read_text())
    result |= {"figures": {"cost": value}, "budgets": {"cost": {"limit": 10, "least": least}}}
    (tmp_path / RESULTS[0].name).write_text(json.dumps(result))
    row = f"| cost | {value} | {'at least' if least else 'at most'} 10 | {'within' if kept else '**over**'} |"
    assert row in run_all.page(tmp_path)


def test_the_plots_are_what_the_results_say(benchmark: Any) -> None:
    drawn = benchmark("plots").plots()
    assert drawn
    found = {path.name: path.read_bytes() for path in (ROOT / "docs" / "plots").glob("*.svg")}
    assert found == drawn, "draw them again: make plots"


def test_the_readme_tells_the_figures_of_the_results() -> None:
    """The sentence of its limits on the language model; the words before it hold while the intervals overlap."""
    figures = json.loads((ROOT / "benchmarks" / "results" / "villages.json").read_text())["figures"]
    assert f"{figures['embedded invalid']:.1%}".replace("%", " %") in (ROOT / "README.md").read_text()
    for measure in ("needs met", "feast known"):
        less, far = figures[f"embedded less rules: {measure}"], figures[f"embedded less uniform: {measure}"]
        assert abs(less) < 0.05 < far
