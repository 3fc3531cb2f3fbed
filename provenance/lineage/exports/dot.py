"""Lineage as a picture's source: DOT for Graphviz, Mermaid for Markdown pages. Draws nothing."""

from __future__ import annotations

from worldloom.provenance.lineage.part import Part

from .escaping import dot as quoted
from .escaping import mermaid as harmless
from .labels import label

_SHAPES = {"activity": "box", "agent": "house", "entity": "ellipse"}
"""As PROV's own diagrams have it."""
_BRACKETS = {"activity": ("[", "]"), "agent": ("[/", "\\]"), "entity": ("([", "])")}


def dot(part: Part) -> str:
    """Return a part as DOT: effects to the right, edges from effect to cause, shapes as in PROV's diagrams."""
    lines = [
        "digraph lineage {",
        "  rankdir=RL;",
        '  node [fontname="Helvetica", fontsize=10, style=filled, fillcolor="#ffffff"];',
        '  edge [fontname="Helvetica", fontsize=8, color="#64748b", fontcolor="#64748b"];',
    ]
    for node, facts in part.nodes.items():
        said = label(node, facts)
        text = "\n".join(line for line in (said.kind, said.what, said.name) if line)
        bold = ", penwidth=3" if node in part.of else ""
        lines.append(
            f"  {quoted(node)} [label={quoted(text)}, tooltip={quoted(said.whole)}, "
            f'shape={_SHAPES[facts["prov"]]}, color="{said.colour}"{bold}];'
        )
    lines += [f"  {quoted(effect)} -> {quoted(cause)} [label={quoted(how)}];" for effect, cause, how in part.edges]
    return "\n".join([*lines, "}"]) + "\n"


def mermaid(part: Part) -> str:
    """Return a part as a Mermaid flowchart, causes to the left; nodes are n0, n1 … in the order of the log."""
    names = {node: f"n{number}" for number, node in enumerate(part.nodes)}
    lines = ["flowchart RL"]
    for node, facts in part.nodes.items():
        said = label(node, facts)
        text = "<br/>".join(harmless(line) for line in (said.kind, said.what, said.name) if line)
        opened, closed = _BRACKETS[facts["prov"]]
        lines.append(f'  {names[node]}{opened}"{text}"{closed}')
    lines += [f"  {names[effect]} -->|{relation}| {names[cause]}" for effect, cause, relation in part.edges]
    for node, facts in part.nodes.items():
        width = 4 if node in part.of else 2
        lines.append(f"  style {names[node]} stroke:{label(node, facts).colour},stroke-width:{width}px")
    return "\n".join(lines) + "\n"
