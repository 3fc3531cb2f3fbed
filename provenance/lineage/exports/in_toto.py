"""Lineage as an in-toto statement (v1): subjects are the made things, the predicate is what they rest on.

The statement is not signed; an envelope (DSSE) is its signer's business. What it says can be checked against the log of
which it names origin, size and root.
"""

from __future__ import annotations

import json
from typing import Any

from worldloom.provenance.errors import LineageError
from worldloom.provenance.lineage.part import Part

from .plain import node_link

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:worldloom:lineage:v1"


def in_toto(part: Part) -> str:
    """Return a part as the JSON of a statement; raises LineageError where nothing in it has a digest."""
    return json.dumps(statement(part), sort_keys=True) + "\n"


def statement(part: Part) -> dict[str, Any]:
    """Return the statement as JSON values: `subject` has the plain SHA-256 of files, else the content's digest."""
    subjects = [subject for node in part.of if (subject := _subject(part, node)) is not None]
    if not subjects:
        raise LineageError(
            f"{', '.join(part.of)[:200]}: has no digest of its own, and a statement is about digests; name a made "
            "thing, a decision or an export"
        )
    told = node_link(part)
    predicate = {"run": part.source.run, "log": part.source._asdict(), "whole": part.whole, **told}
    return {"_type": STATEMENT, "subject": subjects, "predicateType": PREDICATE, "predicate": predicate}


def _subject(part: Part, node: str) -> dict[str, Any] | None:
    facts, contents = part.nodes[node], part.contents or {}
    if "file" in facts:
        return {"name": str(facts.get("path", node)), "digest": {"sha256": str(facts["file"])}}
    return {"name": node, "digest": {"worldloomContent": contents[node]}} if node in contents else None
