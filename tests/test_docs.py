"""The documents hold: links lead somewhere, commands and options exist, dependencies are explained, snippets run.

A fenced block marked `run` (```bash run, ```python run) is run by .ci/run, the blocks of one document in order in one
folder; `save=NAME` writes a block to a file instead. The site that is made of the documents is tested in test_site.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
import typer

ROOT = Path(__file__).parent.parent
PAGES = [page for page in sorted((ROOT / "docs").rglob("*.md")) if "node_modules" not in page.parts]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *PAGES]
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


class Block(NamedTuple):
    """A fenced block: its language, whether it is to be run, the file to save it to, its text."""

    language: str
    runs: bool
    save: str
    text: str


def blocks(document: Path) -> list[Block]:
    found = []
    for language, words, text in FENCE.findall(document.read_text()):
        marks = words.split()
        save = next((mark.removeprefix("save=") for mark in marks if mark.startswith("save=")), "")
        assert set(marks) <= {"run", f"save={save}"}, f"{document.name}: unknown mark in ```{language}{words}"
        found.append(Block(language, "run" in marks, save, text))
    return found


def runnable(document: Path) -> bool:
    return any(block.runs for block in blocks(document))


named = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


@named
def test_links_lead_somewhere(document: Path) -> None:
    links = [link for link in LINK.findall(document.read_text()) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


@named
def test_python_blocks_are_python(document: Path) -> None:
    for block in blocks(document):
        if block.language == "python":
            compile(block.text, str(document), "exec")


def commands(document: Path) -> list[list[str]]:
    """Every call of worldloom in the document's bash blocks, as words, options without their values' check."""
    lines = [line for block in blocks(document) if block.language == "bash" for line in block.text.splitlines()]
    found = [shlex.split(line, comments=True) for line in lines]
    return [words[1:] for words in found if words and Path(words[0]).name == "worldloom"]


@named
def test_commands_and_options_exist(document: Path) -> None:
    from worldloom.cluster.commands.main import app

    for words in commands(document):
        command = typer.main.get_command(app)
        rest = list(words)
        while rest and hasattr(command, "commands"):
            assert rest[0] in command.commands, f"{document.name}: no command worldloom {' '.join(words)}"
            command = command.commands[rest.pop(0)]
        options = {option for parameter in command.params for option in parameter.opts} | {"--help", "--debug"}
        used = {word.split("=")[0] for word in rest if word.startswith("--")}
        assert used <= options, f"{document.name}: worldloom {' '.join(words)}: no {sorted(used - options)}"


def test_make_targets_that_documents_name_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for document in DOCUMENTS:
        bash = "\n".join(block.text for block in blocks(document) if block.language == "bash")
        assert set(re.findall(r"^make ([a-z]+)", bash, re.MULTILINE)) <= targets


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    direct = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    page = (ROOT / "docs" / "adr" / "0005-dependencies.md").read_text()
    names = [re.split(r"[<>=]", requirement)[0] for requirement in direct]
    assert [name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", page)] == []


def test_no_document_names_a_place_of_one_machine() -> None:
    private = re.compile(r"/(?:work|root|home)/|pypi\.org|npmjs|files\.pythonhosted|deb\.debian")
    assert [path.name for path in DOCUMENTS if private.search(path.read_text())] == []


def test_the_scenario_of_readme_is_the_example_and_loads() -> None:
    from worldloom.cluster.scenario_file import load_scenario

    (shown,) = [block.text for block in blocks(ROOT / "README.md") if block.save]
    assert (ROOT / "examples" / "quay.py").read_text() == shown
    assert load_scenario(str(ROOT / "examples" / "quay.py")).scenario.name == "quay"


def test_the_page_of_casts_names_every_column_and_job() -> None:
    from worldloom.agents.casting import COLUMNS
    from worldloom.agents.jobs import JOBS

    page = (ROOT / "docs" / "howto" / "cast.md").read_text()
    assert [column for column in COLUMNS if f"`{column}`" not in page] == []
    assert [job.name for job in JOBS if job.name not in page] == []


def on_ray(document: Path) -> bool:
    """Whether a document starts a Ray cluster: two at once would only wait for each other."""
    runs = [
        line for block in blocks(document) if block.runs for line in block.text.splitlines() if "worldloom run" in line
    ]
    return any("--local" not in line for line in runs)


def snippets(document: Path) -> object:
    marks = [pytest.mark.xdist_group("ray")] if on_ray(document) else []
    return pytest.param(document, marks=marks, id=str(document.relative_to(ROOT)))


@pytest.mark.slow
@pytest.mark.parametrize("document", [snippets(path) for path in DOCUMENTS if runnable(path)])
def test_runnable_snippets_run(document: Path, tmp_path: Path) -> None:
    folder = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    for block in blocks(document):
        if block.save:
            (tmp_path / block.save).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / block.save).write_text(block.text)
        elif block.runs:
            command = [sys.executable, "-c"] if block.language == "python" else ["bash", "-euo", "pipefail", "-c"]
            done = subprocess.run(
                [*command, block.text],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                timeout=900,
                check=False,
            )
            assert done.returncode == 0, f"{document.name}:\n{block.text}\n{done.stdout}\n{done.stderr}"
