"""The step about forks: the past that a fork says it shares is the one that its own log holds. Reads no other run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from worldloom.provenance.errors import FormatError
from worldloom.provenance.parent import SharedPast, parent_of

from .opened import Fault, OpenRun


def past(run: OpenRun) -> Iterator[Fault]:
    """A fork's content up to where it parts, told with its parent's digests, has the content root that it names.

    Erased bodies cannot be told again: then nothing is said of the root, which their amendments do not cover.
    """
    first = next((gist for gist in run.gists if gist.content), None)
    if first is None:
        return
    try:
        parent = parent_of(run.scenario)
    except FormatError as error:
        yield Fault(first.path, f"entry {first.index}: {error}")
        return
    if parent is None:
        return
    shared = SharedPast(parent)
    content = (body for body in run.bodies() if body.entry.has_content)
    for number, body in enumerate(islice(content, max(0, parent.content_count))):
        if body.content is None:
            return  # erased, or a finding of another step
        fault = shared.follow(number, body.entry.kind, body.entry.time, body.content)
        if fault:
            yield Fault(body.path, f"entry {body.index}: {fault}")
            return
    if run.ended and not shared.whole:
        had = run.entries.contents if run.entries is not None else 0
        why = f"shares {parent.content_count} contents with {parent.run}, and has {had}"
        yield Fault(first.path, f"entry {first.index}: {why}")
