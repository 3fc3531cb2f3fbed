"""No element of the live page takes markup, and none of its parts loads anything from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

VIEWING = Path(__file__).parents[3] / "cluster" / "viewing"
SOURCES = sorted(path for path in VIEWING.rglob("*") if path.suffix in (".py", ".js", ".css"))
MARKUP = re.compile(
    r"ui\.(html|markdown|restructured_text|mermaid|code|run_javascript)\b|v-html|innerHTML|insertAdjacent"
)
ELSEWHERE = re.compile(r"https?://(?!www\.w3\.org/)[\w{]|//cdn|@import")
OURS = ('f"http://{', "http://{asked.hosts[0]}", "http://{shown}")
"""Addresses of the page itself."""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_nothing_is_put_in_as_markup(path: Path) -> None:
    assert MARKUP.findall(path.read_text()) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere(path: Path) -> None:
    lines = [line for line in path.read_text().splitlines() if not any(ours in line for ours in OURS)]
    assert [line for line in lines if ELSEWHERE.search(line)] == []
    assert path.suffix != ".css" or "url(" not in path.read_text()
