"""`worldloom redact`: erases prompts or bodies from a sealed run, and leaves credentials and proofs that hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from . import shared

if TYPE_CHECKING:
    from worldloom.cluster.redaction.redacting import RedactResult

_LISTED = 20


def redact(
    run: shared.RunPath,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME", help="entry:N, a decision's id, a made file by path or digest, a request's digest."
        ),
    ] = None,
    prompts: Annotated[bool, typer.Option("--prompts", help="All prompts of the run.")] = False,
    agent: Annotated[
        list[str] | None,
        typer.Option("--agent", metavar="WHO", help="All prompts on behalf of somebody (id or name); repeatable."),
    ] = None,
    whole: Annotated[
        bool,
        typer.Option(
            "--whole", help="Of each NAME also the entry's body, the recorded answer, and what was made with it."
        ),
    ] = False,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; told to every auditor.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")] = False,
    as_json: shared.Json = False,
) -> None:
    """Erase what must not be published from a sealed run; digests stay, and a signed amendment says what went and why.

    A redaction that was interrupted is finished first; with nothing named, that is all. The run's zip is packed anew.

    Exit status: 0 done, 1 error, 2 usage.
    """
    if not names and whole:
        raise typer.BadParameter("--whole: say of what, with one NAME or more")
    chosen = bool(names or prompts or agent)
    if chosen and not (reason.strip() or dry_run):
        raise typer.BadParameter("--reason TEXT: an amendment says why; auditors will read it")
    from worldloom.cluster.redaction import redacting  # noqa: PLC0415  (start-up time)

    options = redacting.RedactOptions(
        tuple(names or ()), tuple(agent or ()), prompts=prompts, whole=whole, reason=reason, dry=dry_run
    )
    result = redacting.redact(run, options)
    if as_json:
        shared.print_json(result.to_json())
    else:
        _print(result)


def _print(result: RedactResult) -> None:
    verb = "would go" if result.dry else "went"
    if result.finished:
        shared.say("finished a redaction that had been interrupted")
    rows = [
        (result.requests, f"recorded requests {verb}; their answers stay"),
        (result.answers, f"recorded answers {verb}, with their requests"),
        (result.bodies, f"bodies of log entries {verb}"),
        (len(result.credentials), f"prompts {verb} from credentials"),
        (len(result.files), f"files {verb}"),
    ]
    for count, what in rows:
        if count:
            shared.say(f"{count:8,}  {what}")
    for path in (*result.credentials, *result.files)[:_LISTED]:
        shared.say(f"          {path}")
    if len(result.credentials) + len(result.files) > _LISTED:
        shared.say(f"          and {len(result.credentials) + len(result.files) - _LISTED} more")
    if result.report:
        shared.say(f"report: {'would be ' if result.dry else ''}{result.report}")
    if result.dry:
        shared.say("nothing was changed")
        return
    if not (result.amendment or result.finished):
        shared.say("there was nothing to erase")
        return
    if result.amendment:
        shared.say(f"amendment: {result.run / result.amendment}")
    if result.packed:
        shared.say(f"packed anew: {result.run}.zip")
    shared.say(
        "Older copies of the run, its zip, a medium's freed blocks and backups still hold what went: delete them."
    )
