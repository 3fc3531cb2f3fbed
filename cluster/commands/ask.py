"""`worldloom ask`: a question to somebody of a finished run, at any moment of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from worldloom.cluster.options import AskOptions

from . import shared
from .faults import quoted
from .watching import watched

if TYPE_CHECKING:
    from worldloom.cluster.options import AskResult

KIND = "text"


def ask(
    run: shared.RunPath,
    agent: Annotated[str, typer.Argument(metavar="AGENT", help="An id such as agent-3, or a part of a name.")],
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What to ask, in quotes.")],
    at: Annotated[
        str,
        typer.Option(
            "--at", metavar="TIME", help="The moment: 'day 1 12:00', '12:00', or seconds.", show_default="the end"
        ),
    ] = "",
    generator: shared.Generators = None,
    trust_code: shared.TrustCode = False,
    as_json: shared.Json = False,
) -> None:
    """Ask somebody of a finished run what they know at a moment of it; the run stays as it is.

    The answer cites memories, and each memory what it came from. Exit status: 0 answered, known or not; 1 an error, or
    an answer that means nothing; 2 usage.
    """
    chosen = shared.generators(generator)
    if set(chosen) - {KIND}:
        raise typer.BadParameter(f"--generator: only {KIND} answers questions")
    options = AskOptions(at=at, generators=chosen, trust_code=trust_code)
    from worldloom.cluster import interviewing  # noqa: PLC0415  (loads the engine)

    with watched(quiet=as_json) as progress:
        result = interviewing.ask(run, agent, question, options, progress)
    if as_json:
        shared.print_json(result.to_json())
    else:
        _print(result)
    if result.reason:
        raise typer.Exit(1)


def _print(result: AskResult) -> None:
    from worldloom.worlds.clock import clock_text  # noqa: PLC0415  (numpy)

    say, show = shared.say, shared.printable
    say(show(f"{result.name} ({result.agent}), {clock_text(result.time)}"))
    say(show(f"Question: {result.question}"))
    say(show(f"No answer: {result.reason}" if result.reason else f"Answer:   {result.text}"))
    if result.memories:
        say("It rests on:")
    for memory in result.memories:
        told = f", told by {memory.via}" if memory.via else ""
        say(show(f"  {memory.memory}, {clock_text(memory.time)}, {memory.kind}{told}: {memory.text}"))
        cause = memory.source or result.agent
        say(f"    worldloom lineage {quoted(show(str(result.run)))} {quoted(show(cause))}")
    say(show(f"Answered by {result.model}, outside of the run, in {result.seconds:.1f} s"))
