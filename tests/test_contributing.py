"""The ten tasks of CONTRIBUTING hold: each names a file that is there and still has what the table says it has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text()
TASKS = re.findall(r"^\| ([^|]+) \| `([^`]+)` \| `([^`]+)` \|$", TEXT, re.MULTILINE)
NAMED = re.findall(r"`((?:agents|cluster|generators|provenance|worlds|docs|tests|benchmarks)/[^`\s]*)`", TEXT)


def test_there_are_ten_tasks() -> None:
    assert len(TASKS) == 10


@pytest.mark.parametrize(("task", "file", "part"), TASKS, ids=[file for _, file, _ in TASKS])
def test_a_task_leads_to_its_file(task: str, file: str, part: str) -> None:
    assert part in (ROOT / file).read_text(), f"{task}: {file} has no {part}; correct CONTRIBUTING.md"


def test_every_file_and_folder_that_is_named_exists() -> None:
    assert [name for name in NAMED if not (ROOT / name).exists()] == []
