"""The site of the documents: builds strictly, asks no network, shows every public name that the reference promises."""

from __future__ import annotations

import os
import pkgutil
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REFERENCE = sorted((ROOT / "docs" / "reference").glob("*.md"))
NAMES = [name for page in REFERENCE for name in re.findall(r"^::: (\S+)$", page.read_text(), re.MULTILINE)]
LOADING = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}


class Loaded(HTMLParser):
    """Addresses that a browser fetches to show a page; links that a reader clicks are none."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("rel") in ("canonical", "next", "prev"):
            return
        self.addresses += [values[LOADING[tag]] or ""] if tag in LOADING and LOADING[tag] in values else []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "https_proxy": "http://127.0.0.1:9"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_what_the_reference_names_is_there_and_has_a_docstring(name: str) -> None:
    assert pkgutil.resolve_name(name).__doc__


@pytest.mark.slow
def test_the_site_builds_strictly_and_has_every_document(site: Path) -> None:
    pages = {page.relative_to(site).with_suffix("").as_posix() for page in site.rglob("*.html")}
    documents = {
        page.relative_to(ROOT / "docs").with_suffix("").as_posix()
        for page in (ROOT / "docs").rglob("*.md")
        if not {"node_modules", "gallery"} & set(page.parts)
    }
    assert documents <= pages
    assert {"CONTRIBUTING", "cards/language"} <= pages


@pytest.mark.slow
def test_no_page_asks_the_network(site: Path) -> None:
    for page in site.rglob("*.html"):
        parser = Loaded()
        parser.feed(page.read_text())
        assert [address for address in parser.addresses if re.match(r"(https?:)?//", address)] == [], page.name


@pytest.mark.slow
def test_reference_and_commands_are_written_from_the_code(site: Path) -> None:
    assert "breakpoint" in (site / "reference" / "cluster.html").read_text()
    assert "--expect-root" in (site / "reference" / "commands.html").read_text()
    assert "<!-- all commands -->" not in (site / "reference" / "commands.html").read_text()
