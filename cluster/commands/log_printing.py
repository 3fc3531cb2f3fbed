"""What `worldloom log verify` prints of a verdict; text from evidence is shown escaped. Judges nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from . import shared

if TYPE_CHECKING:
    from worldloom.provenance.log_verifying import Verdict


def print_verdict(verdict: Verdict) -> None:
    """Print whether a proof holds, of which log and what it shows, who signed and witnessed it, what is wrong."""
    shared.say("HOLDS" if not verdict.faults else f"DOES NOT HOLD ({verdict.exit_code})")
    head = verdict.checkpoint
    if head is not None:
        shared.say(f"  log        {shared.printable(head.origin)}, {head.size:,} entries")
        shared.say(f"  root       {head.root.hex()}")
    if verdict.entry is not None:
        shared.say(f"  entry      {verdict.index}, kind {verdict.entry.kind:#x}, at {verdict.entry.time} s")
    if verdict.event is not None:
        shared.say(f"  event      {shared.printable(json.dumps(list(verdict.event.event), ensure_ascii=False))}")
    if verdict.old is not None:
        shared.say(f"  grew from  {verdict.old:,} entries")
    for signer in verdict.signers:
        shared.say(f"  signed by  {shared.printable(signer)}")
    for name, time in verdict.witnessed:
        shared.say(f"  witnessed  by {shared.printable(name)} on {when(time)}")
    for code, why in verdict.faults:
        shared.say(f"  {code}: {shared.printable(why)}")


def when(time: int) -> str:
    """A POSIX time for people."""
    try:
        return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, ValueError, OSError):
        return f"second {time}"
