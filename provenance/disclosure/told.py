"""The disclosure report as text and as JSON. What files, logs and certificates say is shown escaped."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from worldloom.provenance.fingerprints import ISCC

from .laws import DUTIES, MISSING, Answer, Law
from .marks import BESIDE, NOWHERE, Maker, Marks
from .report import Disclosure, Group

NO_VERDICT = (
    "Which marks the files of this run carry, what two laws ask of generated content, and what of that is missing. "
    "A reading by a program: it says nothing about whether a law binds you, or whether you fulfil it."
)
CHECKED = (
    "Checked now: each stored file against its log entry, its credential (signature, bytes, what it says), the "
    "fingerprint in both, and that the log's entries give the root of its last checkpoint. Not checked: the rest of "
    "the run (worldloom audit), what a picture shows, what a text claims, who publishes what where."
)
_WIDTH = 116
_ASSEMBLED = ("compositeSynthetic", "virtualRecording")


def render(report: Disclosure) -> str:
    """Return the report as lines."""
    head = f"DISCLOSURE of {shown(report.run)}, {report.day.isoformat()}{'' if report.sealed else ' (not sealed)'}"
    counts = (
        f"{report.things:,} made things, {report.by_model:,} of them by trained models, in {len(report.groups)} groups"
    )
    lines = [head, f"  {counts}", *_wrapped(NO_VERDICT, "  "), *_wrapped(CHECKED, "  ")]
    for number, group in enumerate(report.groups, 1):
        lines += ["", *_group(number, group)]
    for law in report.laws:
        lines += ["", *_law(law, report.groups)]
    return "\n".join(lines) + "\n"


def to_json(report: Disclosure) -> dict[str, Any]:
    """Return the report as JSON values: each thing by its path under its group's marks and answers."""
    return {
        "type": "worldloom/disclosure/1",
        "run": report.run,
        "run_id": report.run_id,
        "day": report.day.isoformat(),
        "sealed": report.sealed,
        "no_verdict": NO_VERDICT,
        "checked": CHECKED,
        "things": report.things,
        "by_trained_models": report.by_model,
        "groups": [_group_json(group) for group in report.groups],
        "laws": [
            {
                "key": law.key,
                "name": law.name,
                "source": law.source,
                "since": law.since,
                "whom": law.whom,
                "not_read": law.not_read,
            }
            for law in report.laws
        ],
    }


def title(group: Group) -> str:
    """Return what a group is: how many of what by whom."""
    return f"{group.family} ({len(group.things):,}), {made_by(group.maker)}"


def made_by(maker: Maker) -> str:
    """Return who made it, in a line."""
    name = maker.model or maker.backend
    if maker.trained:
        weights = f", weights {maker.weights[:12]}…" if maker.weights else ", weights without a digest"
        return f"by the trained model {name}{weights}"
    if maker.backend == "person":
        return f"by {name}, a person"
    parts = "; parts of it that models made are told of by themselves" if maker.source_type in _ASSEMBLED else ""
    return f"by {name}, a procedure without a trained model{parts}"


def licences(maker: Maker) -> str:
    """Return the licences of weights and outputs."""
    weights = f"weights {maker.weights_licence or 'not named'}, " if maker.trained else ""
    return f"{weights}outputs {maker.output_licence or 'not named'}"


def layers(marks: Marks) -> list[tuple[str, str]]:
    """Return the marking layers in words, by name."""
    said = "; says that a trained model made it" if marks.says_model else ""
    if marks.where == NOWHERE:
        signed = "none"
    else:
        state = "holds" if marks.holds else f"does not hold ({marks.credential.lower()})"
        known = ", by a signer whom you trust" if marks.credential == "Trusted" else ""
        place = "in a second file beside each" if marks.where == BESIDE else "inside each file"
        signed = f"{place}, {state}{known}{said}"
    logged = "each has an entry under the root of the last checkpoint" if marks.logged else "its root does not hold"
    return [
        ("signed metadata", signed),
        ("fingerprint", _fingerprint(marks)),
        ("visible label", "none"),
        ("watermark", "none"),
        ("log", logged),
    ]


def _fingerprint(marks: Marks) -> str:
    if not marks.fingerprints:
        return "none: made before there were any"
    both = [ISCC] if marks.soft_binding else []
    alone = [name for name in marks.fingerprints if name not in both]
    places = (("in the log and in the credential", both), ("in the log", alone))
    return "; ".join(f"{', '.join(names)} {place}" for place, names in places if names)


def shown(text: str) -> str:
    """Return text without line ends, control or bidirectional characters, with which it could deceive."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def _group(number: int, group: Group) -> Iterator[str]:
    yield f"[{number}] {shown(title(group))}"
    yield f"  {'licences':<16} {shown(licences(group.maker))}"
    for name, what in layers(group.marks):
        yield f"  {name:<16} {shown(what)}"
    yield f"  {'for example':<16} {shown(group.things[0].path)}"


def _law(law: Law, groups: Sequence[Group]) -> Iterator[str]:
    yield law.name
    for word, text in told_of(law):
        yield from _row(word, text)
    for duty in DUTIES:
        found: dict[Answer, list[int]] = {}
        for number, group in enumerate(groups, 1):
            for asked, answer in group.answers:
                if asked is duty and duty.law == law.key:
                    found.setdefault(answer, []).append(number)
        if found:
            yield f"  {duty.article}: {duty.asks}"
        for answer, numbers in found.items():
            word = answer.state.upper() if answer.state == MISSING else answer.state
            yield from _row(f"  {word}", f"[{', '.join(map(str, numbers))}] {answer.why}")


def told_of(law: Law) -> tuple[tuple[str, str], ...]:
    """Return what a law is, in rows."""
    return ("text", law.source), ("from", law.since), ("whom", law.whom), ("not read here", law.not_read)


def _row(word: str, text: str) -> Iterator[str]:
    first, *rest = textwrap.wrap(shown(text), _WIDTH - 19)
    yield f"  {word:<16} {first}"
    yield from (f"  {'':<16} {line}" for line in rest)


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)


def _group_json(group: Group) -> dict[str, Any]:
    marks, maker = group.marks, group.maker
    return {
        "family": group.family,
        "backend": maker.backend,
        "model": maker.model,
        "weights": maker.weights,
        "weights_licence": maker.weights_licence,
        "output_licence": maker.output_licence,
        "source_type": maker.source_type,
        "trained": maker.trained,
        "signed_metadata": {
            "where": marks.where,
            "state": marks.credential,
            "says_model": marks.says_model,
            "provider": marks.provider,
        },
        "fingerprint": {"algorithms": list(marks.fingerprints), "soft_binding": marks.soft_binding},
        "visible_label": False,
        "watermark": False,
        "log": marks.logged,
        "duties": [
            {
                "law": duty.law,
                "article": duty.article,
                "asks": duty.asks,
                "state": answer.state,
                "why": answer.why,
            }
            for duty, answer in group.answers
        ],
        "files": [
            {"path": each.path, "title": each.title, "agent": each.agent, "entry": each.index} for each in group.things
        ],
    }
