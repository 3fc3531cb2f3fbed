"""How answers about lineage are printed: rows, chains, counts, differences, files. Asks nothing itself."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import shared

if TYPE_CHECKING:
    from worldloom.provenance.lineage import Change, Difference, Orphan, Page, Part, Row


class Form(StrEnum):
    """How lineage is printed: for people, or in a format of other tools."""

    TREE = "tree"
    ROWS = "rows"
    JSON = "json"
    GRAPHML = "graphml"
    DOT = "dot"
    SVG = "svg"
    MERMAID = "mermaid"
    PROV_JSON = "prov-json"
    PROV_N = "prov-n"
    OPEN_LINEAGE = "openlineage"
    IN_TOTO = "in-toto"


PICTURES = (Form.DOT, Form.SVG, Form.MERMAID)
LISTED = 20
"""Differences of a sort that are listed; `--json` has all up to the limit."""
_WHAT, _ID = 48, 44


def page(answer: Page, *, as_json: bool) -> None:
    """Print rows, and how to ask for those that follow."""
    if as_json:
        shared.print_json(answer.to_json())
        return
    rows(answer.rows)
    if not answer.rows:
        _note("nothing")
    if answer.after:
        _note(f"{len(answer):,} rows; more follow: --after {answer.after}")


def rows(found: Iterable[Row]) -> None:
    """Print rows as lines of columns: how far, kind, when, who, what, id."""
    from worldloom.provenance.lineage.words import clock, short  # noqa: PLC0415  (start-up time)

    for row in found:
        when = "" if row.time is None else clock(row.time)
        cells = (f"{row.depth:3}", f"{row.kind:9}", f"{when:13}", f"{row.agent:9}", f"{_cut(row.what, _WHAT):{_WHAT}}")
        shared.say(shared.printable(" ".join((*cells, _cut(short(row.id), _ID))).rstrip()))


def chain(found: Sequence[Row], effect: str, cause: str, *, as_json: bool) -> None:
    """Print a chain from an effect to a cause, with the relation of each link."""
    if as_json:
        shared.print_json({"of": [row.id for row in found[:1]], "rows": [row._asdict() for row in found]})
        return
    if not found:
        _note(f"{effect} does not rest on {cause}")
        return
    from worldloom.provenance.lineage.words import short  # noqa: PLC0415  (start-up time)

    for row in found:
        link = f"  └ {row.relation} " if row.relation else ""
        name = "" if row.id == row.kind else f" {short(row.id)}"
        shared.say(shared.printable(f"{link}{row.kind}{name}  {_cut(row.what, _WHAT)}".rstrip()))


def counts(by_kind: Mapping[str, int], *, as_json: bool) -> None:
    """Print how many nodes of each kind there are, and in all."""
    if as_json:
        shared.print_json(dict(by_kind))
        return
    for kind, number in (*by_kind.items(), ("in all", sum(by_kind.values()))):
        shared.say(f"{kind:10} {number:>12,}")


def orphans(found: Sequence[Orphan], *, as_json: bool) -> None:
    """Print what leads nowhere, and why."""
    if as_json:
        shared.print_json([orphan._asdict() for orphan in found])
        return
    for orphan in found:
        what = f" ({_cut(orphan.what, _WHAT)})" if orphan.what else ""
        shared.say(shared.printable(f"{orphan.id}{what}: {orphan.why}"))
    if not found:
        _note("no orphans: everything leads back to something that may stand for itself")


def difference(found: Difference, *, as_json: bool) -> None:
    """Print how two runs' lineages differ."""
    if as_json:
        shared.print_json(found.to_json())
        return
    if found.same:
        shared.say("The same lineage.")
        return
    shared.say(f"The first {found.since:,} nodes are the same.")
    for kind, (one, two) in found.counts.items():
        shared.say(f"  {kind:10} {one:>10,} {two:>10,}")
    for title, only in (("Only in the first", found.only_first), ("Only in the second", found.only_second)):
        shared.say(f"{title}: {_many(only, found.more)}")
        rows(only[:LISTED])
    shared.say(f"Told otherwise: {_many(found.changed, found.more)}")
    for change in found.changed[:LISTED]:
        shared.say(shared.printable(f"  {_cut(change.id, _ID)}: {_told(change)}"))


def export(part: Part, form: Form, out: Path | None) -> None:
    """Write a part in a format of other tools, and say on standard error if there is more."""
    from worldloom.provenance.lineage import Form as Export  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.lineage import write  # noqa: PLC0415

    written(write(part, Export(form.value)), out)
    if not part.whole:
        _note(f"{len(part.nodes):,} nodes, the nearest of more: --limit takes in others")


def written(text: str, out: Path | None) -> None:
    """Print text, or write it to a file."""
    if out is None:
        sys.stdout.write(text.rstrip("\n") + "\n")
    else:
        out.write_text(text, encoding="utf-8")
        _note(f"written to {out}")


def _many(items: Sequence[Any], more: bool) -> str:
    return f"{len(items):,}{' or more' if more and items else ''}"


def _told(change: Change) -> str:
    facts = dict.fromkeys([*change.first, *change.second])
    told = (
        f"{fact} {_cut(str(change.first.get(fact, '–')), 30)} | {_cut(str(change.second.get(fact, '–')), 30)}"
        for fact in facts
    )
    return "; ".join(told)


def _cut(text: str, most: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def _note(line: str) -> None:
    sys.stderr.write(shared.printable(line) + "\n")
