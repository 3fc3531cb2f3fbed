"""What was found, as text for people and as JSON. All that comes from files and logs is shown escaped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worldloom.provenance.lineage.words import clock

from .recover import FILE, PAYLOAD, Found, Recovery
from .vouched import WORDS, Vouched, vouch

_KINDS = {
    "picture": "different pictures",
    "whole": "different pictures",
    "drawn": "different drawings",
    "drawn_whole": "different drawings",
    "text": "different texts",
    "sound": "different sounds",
    "data": "different files",
}
_SAME = {
    "text": "of the words are the same, in the same order",
    "picture": "alike side by side",
    "sound": "alike by their fingerprints, taken anew",
    "data": "alike by their bytes",
}


def render(name: str, result: Recovery, anchors: Sequence[bytes] = ()) -> str:
    """Return the answer as lines."""
    searched = f"{result.searched:,} made things of {_runs(result.runs)}"
    if not result.found:
        lines = [f"NOT FOUND: {_shown(name)} ({result.kind}) is like nothing among {searched}"]
        if result.why:
            lines.append(f"  it could be looked up by its bytes only: {_shown(result.why)}")
        lines.append("  That says nothing about where it came from: fingerprints miss what was changed too much.")
        return "\n".join(lines) + "\n"
    lines = [f"FOUND: {_shown(name)} ({result.kind}), among {searched}"]
    if len(result.found) > 1:
        lines.append(f"  {len(result.found)} things match; the nearest first")
    for each in result.found:
        lines += _thing(each, vouch(each, anchors))
    return "\n".join(lines) + "\n"


def to_json(name: str, result: Recovery, anchors: Sequence[bytes] = ()) -> dict[str, Any]:
    """Return the answer as JSON values; digests are hexadecimal, times simulated seconds."""
    return {
        "type": "worldloom/recovery/1",
        "file": name,
        "sha256": result.digest,
        "kind": result.kind,
        "runs": result.runs,
        "searched": result.searched,
        "unread": result.why,
        "found": [_json(each, vouch(each, anchors)) for each in result.found],
    }


def how(found: Found) -> str:
    """Say by what a thing was found."""
    if found.how == FILE:
        return "its bytes: it is the file as it was signed"
    if found.how == PAYLOAD:
        return "its bytes: it is what was signed, without its credential"
    bits = f"likeness: {found.distance} of 256 bits differ"
    if found.alike < 0:
        return f"{bits}; the stored file is gone, so no closer look was taken"
    return f"{bits}; {found.alike / 10:.1f} % {_SAME[_family(found.family)]}"


def odds(found: Found) -> str:
    """Say how often chance comes as near; empty where bytes were found, or too few things to tell."""
    pairs, near = found.chance
    if not pairs:
        return ""
    return f"{near:,} of {pairs:,} pairs of {_KINDS[found.family]} in these runs are as near"


def _thing(found: Found, vouched: Vouched) -> list[str]:
    made = found.made
    author = f"{made.who} ({made.agent})" if made.who else made.agent
    entry = f"entry {made.index} is " + (
        f"included under the root of {vouched.size:,} entries" if vouched.included else "not included under the root"
    )
    rows = [
        ("made by", f"{author}, {clock(made.time)}, with {made.model}"),
        ("run", f"{found.run}{'' if vouched.sealed else ' (not sealed)'}"),
        ("file", made.path),
        ("found by", how(found)),
        ("by chance", odds(found)),
        ("credential", f"of the stored file {WORDS.get(vouched.credential, 'does not hold: audit the run')}"),
        ("log", entry),
        ("next", f"worldloom audit {found.run}"),
        ("", "" if found.run.is_file() else f"worldloom lineage {found.run / made.path}"),
    ]
    return [f"\n  {_shown(made.title or made.path)}"] + [
        f"    {word:<11} {_shown(text)}" for word, text in rows if text
    ]


def _json(found: Found, vouched: Vouched) -> dict[str, Any]:
    made = found.made
    return {
        "run": str(found.run),
        "name": made.name,
        "path": made.path,
        "title": made.title,
        "kind": made.kind,
        "media_type": made.media_type,
        "agent": made.agent,
        "who": made.who,
        "time": made.time,
        "model": made.model,
        "how": found.how,
        "family": found.family,
        "distance": found.distance,
        "alike_per_mille": found.alike,
        "pairs": found.chance.pairs,
        "pairs_as_near": found.chance.as_near,
        "credential": vouched.credential,
        "manifest": vouched.manifest,
        "entry": made.index,
        "included": vouched.included,
        "log_size": vouched.size,
        "log_root": vouched.root,
        "sealed": vouched.sealed,
    }


def _family(family: str) -> str:
    return family if family in _SAME else "picture"


def _runs(count: int) -> str:
    return "one run" if count == 1 else f"{count:,} runs"


def _shown(text: str) -> str:
    """Return text without line ends, control or bidirectional characters, with which it could deceive."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
