"""Who talks with whom: the utterances of one place as conversations of two, three or more. Names nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worldloom.worlds.clock import MINUTE

from .record import Said, heard_by

_PAUSE = 5 * MINUTE
"""Silence after which a new conversation begins."""
_AT_ONCE = MINUTE
"""Seconds within which somebody who has only listened joins in by what they say to one who talks."""


@dataclass
class Talk:
    """A conversation in the making: its lines, who takes part, and who was spoken to with all others and may answer."""

    lines: list[Said]
    members: dict[str, None]
    asked: set[str]

    def takes(self, said: Said) -> bool:
        """Whether a line belongs here: its speaker and the one spoken to take part, or one of them joins in."""
        row, last = said.row, self.lines[-1].row
        silence = row.time - last.time
        speaker, listener = row.actor or "", row.target or ""
        if silence > _PAUSE:
            return False
        if speaker in self.members:
            return not listener or listener in self.members
        if listener and listener not in self.members:
            return False
        # A listener joins in: invited by words to all, or by answering at once what was just said.
        return speaker in self.asked or (bool(listener) and silence <= _AT_ONCE and speaker in heard_by(last))

    def add(self, said: Said) -> None:
        """Take a line in."""
        row = said.row
        self.lines.append(said)
        self.members |= dict.fromkeys(each for each in (row.actor, row.target) if each)
        if not row.target:
            self.asked.update(heard_by(row))


def conversations_of(said: Sequence[Said]) -> list[list[Said]]:
    """Return the utterances of one place as conversations, each in order of time, by when they began.

    Two who talk are one conversation; so are three and more, where somebody joins in (`Talk.takes`).
    """
    talks: list[Talk] = []
    going: list[Talk] = []
    for each in sorted(said, key=lambda each: each.row.time):
        going = [talk for talk in going if each.row.time - talk.lines[-1].row.time <= _PAUSE]
        talk = next((talk for talk in reversed(going) if talk.takes(each)), None)
        if talk is None:
            talk = Talk([], {}, set())
            talks.append(talk)
            going.append(talk)
        talk.add(each)
    return [talk.lines for talk in talks]
