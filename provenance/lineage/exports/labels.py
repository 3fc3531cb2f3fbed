"""How a node is written in a picture: its kind, a short name, what it is. Shared by DOT, SVG and Mermaid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from worldloom.provenance.lineage.kinds import NodeKind
from worldloom.provenance.lineage.words import clock, short

from .escaping import flat

_NAME, _WHAT = 31, 26

_WORDS = {NodeKind.REQUEST: "prompt", NodeKind.GENESIS: "world", NodeKind.RUN: "another run"}

COLOURS: Mapping[str, str] = {
    NodeKind.SCENARIO: "#6d5bd0",
    NodeKind.GENESIS: "#6d5bd0",
    NodeKind.PERSONA: "#c2410c",
    NodeKind.MODEL: "#0f766e",
    NodeKind.TRAINING: "#0f766e",
    NodeKind.DATA: "#0f766e",
    NodeKind.REQUEST: "#64748b",
    NodeKind.DECISION: "#b45309",
    NodeKind.MEMORY: "#be185d",
    NodeKind.EVENT: "#2563eb",
    NodeKind.ARTIFACT: "#15803d",
    NodeKind.EXPORT: "#15803d",
    NodeKind.OTHER: "#64748b",
    NodeKind.RUN: "#6d5bd0",
    NodeKind.MISSING: "#dc2626",
}
"""One colour for what is of one sort: made things, words, people, models."""


class Label(NamedTuple):
    """A node in a picture: kind and time in small letters, what it is in large ones, its name below; one line each."""

    kind: str
    what: str
    name: str
    whole: str
    colour: str


def label(node: str, facts: Mapping[str, Any]) -> Label:
    """Return the label of a node with these facts."""
    kind = str(facts["kind"])
    word = _WORDS.get(NodeKind(kind), kind)
    when = clock(facts["time"]).replace("day ", "d") if "time" in facts and kind not in _WORDS else ""
    own = short(node.removeprefix(f"{kind}:"))
    what = str(facts.get("what", "")) if word != facts.get("what") else ""
    if kind == NodeKind.SCENARIO:
        own = ""
    if kind == NodeKind.MODEL:
        what, own = str(facts["model"]), short(f"{facts['backend']}@{facts['weights']}".rstrip("@"))
    return Label(
        f"{word} · {when}" if when else word,
        flat(what or own, _WHAT),
        flat(own if what and own != kind else "", _NAME),
        f"{kind} {node}: {facts.get('what', '')}"[:400],
        COLOURS[kind],
    )
