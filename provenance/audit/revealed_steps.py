"""Checks of prompts of private runs that an auditor was shown: is each the one that was used? Needs no secret."""

from __future__ import annotations

from collections.abc import Iterator

from worldloom.provenance.entry import EntryKind
from worldloom.provenance.profile import SALTED
from worldloom.provenance.revealed import RevealedPrompt

from .findings import Code
from .gists import Decided
from .opened import Fault, OpenRun
from .single import OpenFile


def revealed(run: OpenRun) -> Iterator[Fault]:
    """Each prompt that was shown is of this run, and has the digest that the log names."""
    for name, shown in run.demands.revealed:
        used = _used(run, shown)
        if not shown.holds:
            yield Fault(name, "prompt and salt do not give the digest that it names itself")
        elif shown.origin != run.origin:
            yield Fault(name, f"is a prompt of {shown.origin[:80]!r}, not of this run")
        elif not used:
            yield Fault(name, "nothing in the log was asked with this prompt")
        else:
            yield Fault(name, f"is the prompt that was used for {', '.join(used)[:300]}", Code.NOTE)


def _used(run: OpenRun, shown: RevealedPrompt) -> list[str]:
    request, digest = shown.request_digest, shown.digest
    found = [
        gist.said.id
        for gist in run.of_kind(EntryKind.DECISION)
        if isinstance(gist.said, Decided) and (gist.said.request, gist.said.prompt) == (request, digest)
    ]
    return found + [
        each.path
        for each in run.delivered
        if each.says.get("request") == request and each.says.get("prompt") == digest and each.says.get(SALTED)
    ]


def file_revealed(file: OpenFile) -> Iterator[Fault]:
    """Each prompt that was shown has the digest that the file's credential names."""
    said = file.credential.generation
    for name, shown in file.demands.revealed:
        wanted = (said.get("request"), said.get("prompt"), said.get(SALTED))
        if not shown.holds or wanted != (shown.request_digest, shown.digest, True):
            yield Fault(name, f"is not the prompt of {file.name}")
        else:
            yield Fault(name, f"is the prompt of {file.name}", Code.NOTE)
