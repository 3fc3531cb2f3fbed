"""docs/coverage.md drops no part of the plan and claims nothing that is not there.

The parts themselves stand in coverage_parts.txt, one a line: what was planned, not what was done.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "coverage.md"
PARTS = (Path(__file__).parent / "coverage_parts.txt").read_text().splitlines()
STATE = re.compile(r"works|not yet|partly: \S.*")
NEVER_IN_CI = {"gpu", "skip", "xfail"}


class Row(NamedTuple):
    """A line of the page."""

    part: str
    modules: list[str]
    tests: list[str]
    figure: str
    state: str


def rows(text: str) -> list[Row]:
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] not in ("part", "---"):
            part, modules, tests, figure, state = cells
            found.append(Row(part, re.findall(r"`([^`]+)`", modules), re.findall(r"`([^`]+)`", tests), figure, state))
    return found


def marks(node: ast.FunctionDef | ast.Module) -> set[str]:
    """Words of the decorators of a test, or of a module's `pytestmark`, such as `skipif` and `gpu`."""
    if isinstance(node, ast.FunctionDef):
        marked: list[ast.expr] = node.decorator_list
    else:
        marked = [
            each.value for each in node.body if isinstance(each, ast.Assign) and "pytestmark" in ast.unparse(each)
        ]
    return {each.attr for mark in marked for each in ast.walk(mark) if isinstance(each, ast.Attribute)}


def fault(reference: str) -> str:
    """Why a reference to a test is none; empty if it is one that .ci/run runs."""
    path, _, name = reference.partition("::")
    place = ROOT / path
    if not path.startswith("tests/") or not place.exists():
        return "does not exist"
    if place.is_dir():
        return "" if any(place.rglob("test_*.py")) and not name else "has no tests"
    module = ast.parse(place.read_text())
    tests = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    chosen = [test for test in tests if name in ("", test.name)]
    if not chosen:
        return "does not exist"
    if all((marks(test) | marks(module)) & NEVER_IN_CI for test in chosen):
        return "is skipped in .ci/run"
    return ""


@pytest.fixture(scope="module")
def page() -> list[Row]:
    return rows(PAGE.read_text())


def test_every_part_has_its_line_in_order(page: list[Row]) -> None:
    assert [row.part for row in page] == PARTS


def test_states_are_works_partly_or_not_yet(page: list[Row]) -> None:
    assert [row.part for row in page if not STATE.fullmatch(row.state)] == []


def test_what_works_names_a_module_and_a_test(page: list[Row]) -> None:
    done = [row for row in page if row.state != "not yet"]
    assert [row.part for row in done if not (row.modules and row.tests)] == []


def test_what_is_not_yet_claims_nothing(page: list[Row]) -> None:
    open_ = [row for row in page if row.state == "not yet"]
    assert [row.part for row in open_ if row.modules or row.tests or row.figure != "–"] == []


def test_named_modules_exist(page: list[Row]) -> None:
    missing = [(row.part, module) for row in page for module in row.modules if not (ROOT / module).is_file()]
    assert missing == []


def test_named_tests_exist_and_run_in_the_gate(page: list[Row]) -> None:
    faults = [(row.part, test, fault(test)) for row in page for test in row.tests if fault(test)]
    assert faults == []


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("tests/test_nothing.py", "does not exist"),
        ("tests/test_coverage_page.py::test_nothing", "does not exist"),
        ("provenance/log.py", "does not exist"),
        ("tests/external", "has no tests"),
        ("tests/test_coverage_page.py::test_named_modules_exist", ""),
    ],
)
def test_a_false_reference_would_be_found(reference: str, expected: str) -> None:
    assert fault(reference) == expected


def test_a_skipped_test_would_be_found() -> None:
    skipped = ast.parse("@pytest.mark.gpu\ndef test_a(): ...").body[0]
    assert isinstance(skipped, ast.FunctionDef)
    assert marks(skipped) & NEVER_IN_CI
    assert marks(ast.parse("pytestmark = pytest.mark.skip(reason='no')")) & NEVER_IN_CI
