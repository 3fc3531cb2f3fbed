"""`worldloom lineage`: where something came from and what came of it, as text, rows or a file for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import lineage_view, shared
from .lineage_view import Form

if TYPE_CHECKING:
    from worldloom.provenance.lineage import StoredLineage

ROWS = 1000
DRAWN = 120
"""Nodes of a picture, unless --limit says otherwise."""

What = Annotated[
    str, typer.Argument(metavar="NAME", help="What in that run: an id, a digest, a path, a model, a prompt.")
]


def lineage(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A file inside a run folder, such as an artifact; or a run."),
    ],
    name: What = "",
    form: Annotated[Form, typer.Option("--format", help="How to print it; with --out, what to write.")] = Form.TREE,
    ancestors: Annotated[bool, typer.Option("--ancestors", help="As rows: what it rests on, nearest first.")] = False,
    descendants: Annotated[bool, typer.Option("--descendants", help="What rests on it, nearest first.")] = False,
    to: Annotated[str, typer.Option("--to", metavar="CAUSE", help="A shortest chain from it back to that.")] = "",
    orphans: Annotated[bool, typer.Option("--orphans", help="What in the run leads nowhere.")] = False,
    diff: Annotated[
        Path | None, typer.Option("--diff", metavar="RUN", help="How another run's lineage differs from this one's.")
    ] = None,
    count: Annotated[bool, typer.Option("--count", help="How many of each kind, instead of which.")] = False,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", metavar="KIND", help="Only nodes of that kind; repeatable.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help=f"Rows or nodes; {ROWS} rows, {DRAWN} drawn.")
    ] = None,
    after: Annotated[str, typer.Option("--after", metavar="ID", help="Rows that follow this one: the next page.")] = "",
    depth: Annotated[
        int | None, typer.Option("--depth", min=1, metavar="N", help="At most so many edges away.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="PATH", help="Write there instead of printing.")] = None,
    as_json: shared.Json = False,
) -> None:
    """Print where a thing came from: decision, memories, persona, prompt, model weights, scenario.

    Or what came of it (--descendants: everything that a model, prompt or agent touched), how one thing leads to another
    (--to), what leads nowhere (--orphans), how two runs differ (--diff). The answer comes from a cache of the run's log
    outside its folder, made at the first question; it proves nothing, `worldloom audit` does.
    """
    questions = {"--ancestors": ancestors, "--descendants": descendants, "--to": to, "--orphans": orphans}
    given = [option for option, asked in (questions | {"--diff": diff is not None}).items() if asked]
    if len(given) > 1:
        raise typer.BadParameter(f"{' and '.join(given)}: ask one question at a time")
    form = Form.JSON if as_json and form is Form.TREE else form
    plain = form in (Form.TREE, Form.ROWS, Form.JSON)
    as_json = form is Form.JSON
    view = _opened(file, name, given[0] if orphans or diff is not None else "")
    subject: str | Path = name or file
    if orphans:
        lineage_view.orphans(view.orphans(limit=limit or ROWS), as_json=as_json)
    elif diff is not None:
        lineage_view.difference(view.diff(_run(diff), limit=limit or ROWS), as_json=as_json)
    elif count:
        counts = view.count_descendants(subject) if descendants else view.count_ancestors(subject)
        lineage_view.counts(counts, as_json=as_json)
    elif to and plain:
        lineage_view.chain(view.path(subject, to), str(subject), to, as_json=as_json)
    elif plain and (ancestors or descendants or form is Form.ROWS):
        ask = view.descendants if descendants else view.ancestors
        page = ask(subject, limit=limit or ROWS, after=after, depth=depth, kinds=kind or ())
        lineage_view.page(page, as_json=as_json)
    elif form is Form.TREE:
        lineage_view.written(view.tree(subject, depth or 6), out)
    elif to:
        lineage_view.export(view.chain_part(subject, to), form, out)
    else:
        most = DRAWN if limit is None and form in lineage_view.PICTURES else limit
        lineage_view.export(view.part(subject, downwards=descendants, limit=most, depth=depth), form, out)


def _opened(file: Path, name: str, about_run: str) -> StoredLineage:
    """Open the run that is asked about: `file` itself, with a name in it or a question about all of it, or its run."""
    if file.is_dir():
        if not (name or about_run):
            raise typer.BadParameter(f"{file}: a run: say what in it, such as agent-3")
        return _run(file)
    if name or about_run:
        why = f"nothing called {name} can be looked up in it" if name else f"{about_run} has nothing to look through"
        raise typer.BadParameter(f"{file}: is no run folder, so {why}")
    if not file.is_file():
        raise typer.BadParameter(f"{file}: there is no such file")
    from worldloom.provenance.lineage import find_run  # noqa: PLC0415  (start-up time)

    return _run(find_run(file))


def _run(folder: Path) -> StoredLineage:
    from worldloom.generators.training.reference import shipped_logs  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.run import Run  # noqa: PLC0415

    return Run.open(folder, trainings=shipped_logs()).lineage
