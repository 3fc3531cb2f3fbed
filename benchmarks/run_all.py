"""Runs every benchmark, one after the other, and writes docs/benchmarks.md from what they measured.

    python benchmarks/run_all.py [NAME…]     run all, or those named, then write the page
    python benchmarks/run_all.py --page      only write the page from benchmarks/results/

Each benchmark is a script of its own in this folder that writes results/<its name>.json.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE / "results"
PAGE = HERE.parent / "docs" / "benchmarks.md"
ABOUT = ("benchmark", "machine", "commit", "python", "seed")
HEAD = """# Benchmarks

Written by `python benchmarks/run_all.py` (`make bench`) from `benchmarks/results/`; do not edit. Budgets are aims
([design.md](design.md), Budgets), no test is timed against them. Each figure is of one machine at one time, often busy:
run them on yours.
"""


def scripts() -> list[Path]:
    """Every benchmark, by name."""
    return sorted(path for path in HERE.glob("*.py") if path.name != Path(__file__).name)


def page(results: Path = RESULTS) -> str:
    """The whole page: a section for each benchmark, those without results yet at the end."""
    found = {
        path: json.loads((results / f"{path.stem}.json").read_text()) for path in scripts() if measured(path, results)
    }
    parts = [HEAD, *(section(path, result) for path, result in found.items())]
    missing = [path for path in scripts() if path not in found]
    if missing:
        lines = [f"- `benchmarks/{path.name}`: {first_line(path)}" for path in missing]
        parts.append("## Not measured yet\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def measured(script: Path, results: Path) -> bool:
    return (results / f"{script.stem}.json").exists()


def section(script: Path, result: dict[str, Any]) -> str:
    """What it measures, its figures, and under what circumstances."""
    budgets = [(name, value) for name, value in result.items() if name.startswith("budget")]
    figures = [(name, value) for name, value in result.items() if name not in ABOUT and (name, value) not in budgets]
    rows = [f"| {words(name)} | {shown(value)} |" for name, value in figures]
    rows += [f"| *{words(name)}* | *{shown(value)}* |" for name, value in budgets]
    about = f"{result.get('machine', 'unknown machine')}; Python {result.get('python', 'unknown')}"
    about += f"; seed {result['seed']}" if "seed" in result else ""
    about += f"; commit {str(result.get('commit', 'unknown'))[:12]}"
    return "\n".join(
        [f"## {script.stem}", "", first_line(script), "", "| figure | value |", "|---|---|", *rows, "", f"{about}.", ""]
    )


def words(name: str) -> str:
    return name.replace("_", " ")


def shown(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}"


def first_line(script: Path) -> str:
    return (ast.get_docstring(ast.parse(script.read_text())) or script.stem).split("\n", 1)[0]


def main() -> int:
    wanted = sys.argv[1:]
    known = {path.stem: path for path in scripts()}
    if wanted != ["--page"]:
        unknown = [name for name in wanted if name not in known]
        if unknown:
            print(f"no benchmark {unknown[0]}; there are {', '.join(known)}", file=sys.stderr)
            return 2
        for name in wanted or known:
            print(f"== {name}", flush=True)
            if subprocess.run([sys.executable, str(known[name])], check=False).returncode:
                print(f"{name} failed; the page keeps its older figures", file=sys.stderr)
                return 1
    PAGE.write_text(page())
    print(f"written to {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
