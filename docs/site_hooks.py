"""Hooks of the site (mkdocs.yml): pages from outside docs/ get a place in it; links into code become text.

In the repository the documents link to each other and to files as they lie there; nothing here changes a document.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

DOCS = Path(__file__).parent
ROOT = DOCS.parent
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)#\s]+)(#[^)\s]*)?\)")
COMMANDS = "<!-- all commands -->"
"""Stands in a page where the site shows them."""
FENCE = re.compile(r"^```(\w+)[ \t]+(?:run\b|save=)[^\n]*$", re.MULTILINE)


def outside() -> dict[str, str]:
    """Return the places in the site of documents that lie outside docs/, by their path from the root."""
    places = {"CONTRIBUTING.md": "CONTRIBUTING.md"}
    for card in sorted((ROOT / "generators" / "weights").glob("*/README.md")):
        name = card.parent.name
        places[f"generators/weights/{name}/README.md"] = f"cards/{name}.md"
        for beside in ("samples.png", "samples.txt", "curve.png"):
            if (card.parent / beside).is_file():
                places[f"generators/weights/{name}/{beside}"] = f"cards/{name}-{beside}"
    return places


PLACES = outside()
SOURCES = {place: path for path, place in PLACES.items()}


def nav_of_folder(folder: str) -> list[str]:
    """Return the documents of a folder of docs/ in order."""
    return [f"{folder}/{page.name}" for page in sorted((DOCS / folder).glob("*.md"))]


def on_config(config: Any) -> Any:
    """Put decisions and model cards under the last heading; a page that nobody named goes where its folder is."""
    named = set(_named(config.nav))
    dressed = [heading for heading in config.nav if isinstance(heading, dict)]
    headings = [part for heading in dressed for part in heading.values() if isinstance(part, list)]
    for page in sorted([*DOCS.glob("*.md"), *DOCS.glob("*/*.md")]):
        place, folder = page.relative_to(DOCS).as_posix(), page.parent.relative_to(DOCS).as_posix()
        if place not in named and folder not in ("adr", "gallery"):
            heading = next((each for each in headings if each[0].startswith(f"{folder}/")), headings[-1])
            heading.append(place)
    cards = [place for place in PLACES.values() if place.startswith("cards/") and place.endswith(".md")]
    headings[-1] += [{"Decisions": nav_of_folder("adr")}, {"Model cards": cards}]
    return config


def _named(nav: Any) -> Iterator[str]:
    """Yield the pages that a navigation names."""
    if isinstance(nav, str):
        yield nav
    else:
        for part in nav.values() if isinstance(nav, dict) else nav:
            yield from _named(part)


def on_files(files: Files, config: Any) -> Files:
    """Add the documents that lie outside docs/."""
    for path, place in PLACES.items():
        if place.endswith(".md"):
            files.append(File.generated(config, place, content=(ROOT / path).read_text()))
        else:
            files.append(File.generated(config, place, abs_src_path=str(ROOT / path)))
    return files


def all_commands() -> str:
    """Return all commands with their arguments and options, as `--help` has them, in Markdown."""
    import click  # noqa: PLC0415
    import typer  # noqa: PLC0415
    from typer.cli import get_docs_for_click  # noqa: PLC0415
    from worldloom.cluster.commands.main import app  # noqa: PLC0415

    command = typer.main.get_command(app)
    page = get_docs_for_click(obj=command, ctx=click.Context(command), name="worldloom")
    return page.replace("# `worldloom`\n", "", 1)


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:  # noqa: ARG001
    """Make links lead where things are in the site, and take the marks of the tests off code blocks."""
    here = page.file.src_uri
    source = SOURCES.get(here, f"docs/{here}")

    def linked(match: re.Match[str]) -> str:
        mark, text, target, anchor = match[1], match[2], match[3], match[4] or ""
        if "://" in target:
            return match[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        place = PLACES.get(path, path.removeprefix("docs/") if path.startswith("docs/") else "")
        if place and files.get_file_from_path(place):
            return f"{mark}[{text}]({posixpath.relpath(place, posixpath.dirname(here) or '.')}{anchor})"
        if (ROOT / path).exists():  # code, or a folder: there is no page of it
            return text if text.startswith("`") else f"{text} (`{path}`)"
        return match[0]

    text = FENCE.sub(r"```\1", LINK.sub(linked, markdown))
    return text.replace(COMMANDS, all_commands()) if COMMANDS in text else text
