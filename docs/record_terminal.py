"""Records commands as they really run in a terminal: `python docs/record_terminal.py OUT COMMAND...`.

Writes OUT.cast (asciicast 2, for `asciinema play`) and OUT.svg (the same, moving, for a page). Waiting is shortened:
no pause is shown longer than GAP, of many screens some are kept, and the SVG says so. Nothing else is changed; a
recording that names a folder of this machine is refused instead.
"""

from __future__ import annotations

import codecs
import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import pyte

COLUMNS, ROWS = 124, 30
EVERY, GAP, LAST, MOST = 0.5, 0.5, 8.0, 100
"""Seconds between two looks at the screen, the longest pause shown, how long the end stands; screens that are kept."""
CELL_W, CELL_H, MARGIN, BAR = 8.2, 18, 16, 34
INK, PAPER = "#d7e0e2", "#10262a"
COLOURS = {
    "default": INK, "black": "#4a5f63", "red": "#f07f6e", "green": "#7fd1a3", "brown": "#e8c07d", "blue": "#83b5e8",
    "magenta": "#cf9fdb", "cyan": "#6fcbd3", "white": "#f2f6f6",
}  # fmt: skip
PRIVATE = re.compile(r"/(?:work|root|home|tmp)/\S*")


class CommandFailed(Exception):  # noqa: N818
    """A command that ended with another status than 0."""


class Piece(NamedTuple):
    """Neighbouring characters of one look; `at` is the first one's column."""

    at: int
    text: str
    colour: str
    bold: bool


class Frame(NamedTuple):
    """What the screen showed `at` seconds after the beginning."""

    at: float
    lines: tuple[tuple[Piece, ...], ...]


def look(screen: pyte.Screen) -> tuple[tuple[Piece, ...], ...]:
    """Return what a screen shows."""
    return tuple(tuple(pieces(screen.buffer[row])) for row in range(ROWS))


def pieces(cells: pyte.screens.StaticDefaultDict[int, pyte.screens.Char]) -> Iterator[Piece]:
    """Yield the pieces of a line, without blanks at its end."""
    end = max((at + 1 for at in range(COLUMNS) if cells[at].data.strip()), default=0)
    start = 0
    while start < end:
        first, stop = cells[start], start
        while stop < end and (cells[stop].fg, cells[stop].bold) == (first.fg, first.bold):
            stop += 1
        text = "".join(cells[at].data for at in range(start, stop))
        if text.strip():
            yield Piece(start, text, first.fg, first.bold)
        start = stop


def recorded(commands: Sequence[str]) -> list[Frame]:
    """Run the commands one after the other and return what the screen showed; raises SystemExit when one fails."""
    screen = pyte.Screen(COLUMNS, ROWS)
    stream, began = pyte.Stream(screen), monotonic()
    frames: list[Frame] = []

    def keep() -> None:
        lines = look(screen)
        if not frames or frames[-1].lines != lines:
            frames.append(Frame(monotonic() - began, lines))

    for command in commands:
        stream.feed(f"\x1b[1;32m$\x1b[0m \x1b[1m{command}\x1b[0m\r\n")
        keep()
        try:
            for text in output(command):
                stream.feed(text)
                if monotonic() - began - frames[-1].at >= EVERY:
                    keep()
        except CommandFailed as failed:
            raise SystemExit("\n".join([*(line.rstrip() for line in screen.display), str(failed)])) from failed
        keep()
    stream.feed("\x1b[1;32m$\x1b[0m ")
    keep()
    return frames


def output(command: str) -> Iterator[str]:
    """Yield what a command writes to a terminal of its own; raises CommandFailed."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "LINES": str(ROWS)}
    process = subprocess.Popen(command, shell=True, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)  # noqa: S602
    os.close(theirs)
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    while True:
        if not select.select([ours], [], [], 0.2)[0]:
            yield ""
            continue
        try:
            data = os.read(ours, 65_536)
        except OSError:  # the terminal of a process that ended
            data = b""
        if not data:
            break
        yield decode(data)
    os.close(ours)
    if process.wait():
        raise CommandFailed(f"{command}: ended with status {process.returncode}; nothing is written")


def thinned(frames: Sequence[Frame]) -> list[Frame]:
    """Return at most MOST of the frames, evenly, with the first and the last: a bar that moves is seen often enough."""
    if len(frames) <= MOST:
        return list(frames)
    return [frames[number * (len(frames) - 1) // (MOST - 1)] for number in range(MOST)]


def shortened(frames: Sequence[Frame]) -> list[Frame]:
    """Return the frames with no pause longer than GAP."""
    shown, at, before = [], 0.0, 0.0
    for frame in frames:
        at += min(GAP, frame.at - before)
        before = frame.at
        shown.append(frame._replace(at=at))
    return shown


def cast(frames: Sequence[Frame]) -> str:
    """Return the frames as an asciicast of version 2, in which each frame writes the lines that changed."""
    head = {"version": 2, "width": COLUMNS, "height": ROWS, "env": {"TERM": "xterm-256color"}}
    rows = [json.dumps(head)]
    before: tuple[tuple[Piece, ...], ...] = ((),) * ROWS
    for frame in frames:
        changed = [row for row in range(ROWS) if frame.lines[row] != before[row]]
        text = "".join(f"\x1b[{row + 1};1H\x1b[2K{ansi(frame.lines[row])}" for row in changed)
        rows.append(json.dumps([round(frame.at, 2), "o", text], ensure_ascii=False))
        before = frame.lines
    return "\n".join(rows) + "\n"


def ansi(line: Sequence[Piece]) -> str:
    """Return a line as text with the codes of its colours."""
    names = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
    parts = []
    for piece in line:
        codes = ["1"] * piece.bold + ([str(30 + names.index(piece.colour))] if piece.colour in names else [])
        parts.append(f"\x1b[{piece.at + 1}G\x1b[{';'.join(codes) or '0'}m{piece.text}\x1b[0m")
    return "".join(parts)


def svg(frames: Sequence[Frame], note: str) -> str:
    """Return the frames as one moving picture: a strip of screens, each line drawn once, that jumps by the clock."""
    wide, high = COLUMNS * CELL_W + 2 * MARGIN, ROWS * CELL_H + 2 * MARGIN + BAR
    known: dict[tuple[Piece, ...], int] = {}
    screens = []
    for number, frame in enumerate(frames):
        used = []
        for row, line in enumerate(frame.lines):
            if line:
                name = known.setdefault(line, len(known))
                used.append(f'<use href="#l{name}" y="{row * CELL_H}"/>')
        screens.append(f'<g transform="translate({number * wide:.0f})">{"".join(used)}</g>')
    total = frames[-1].at + LAST
    steps = "".join(
        f"{100 * frame.at / total:.3f}%{{transform:translateX({-number * wide:.0f}px)}}"
        for number, frame in enumerate(frames)
    )
    end = -(len(frames) - 1) * wide
    drawn = "\n".join(f'<g id="l{name}">{"".join(map(letters, line))}</g>' for line, name in known.items())
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" role="img">
<title>{escape(note)}</title>
<style>
text{{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}}
.strip{{animation:play {total:.2f}s step-end infinite}}
@keyframes play{{{steps}100%{{transform:translateX({end:.0f}px)}}}}
@media (prefers-reduced-motion:reduce){{.strip{{animation:none;transform:translateX({end:.0f}px)}}}}
</style>
<defs>
{drawn}
</defs>
<rect width="100%" height="100%" rx="10" fill="{PAPER}"/>
<circle cx="22" cy="18" r="6" fill="#f07f6e"/><circle cx="42" cy="18" r="6" fill="#e8c07d"/>
<circle cx="62" cy="18" r="6" fill="#7fd1a3"/>
<text x="{wide / 2:.0f}" y="22" text-anchor="middle" fill="#87a0a4" style="font-size:12px">{escape(note)}</text>
<svg x="{MARGIN}" y="{BAR + MARGIN}" width="{wide - MARGIN:.0f}" height="{high - BAR - MARGIN:.0f}">
<g class="strip">{"".join(screens)}</g></svg>
</svg>
"""


def letters(piece: Piece) -> str:
    """Return a piece as text of exactly its columns' width, whatever the font."""
    fill = COLOURS.get(piece.colour, f"#{piece.colour}" if re.fullmatch("[0-9a-f]{6}", piece.colour) else INK)
    text = piece.text.rstrip()
    weight = ' font-weight="700"' if piece.bold else ""
    return (
        f'<text x="{piece.at * CELL_W:.1f}" y="14" fill="{fill}"{weight} xml:space="preserve" '
        f'textLength="{len(text) * CELL_W:.1f}" lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
    )


def main(out: Path, commands: Sequence[str]) -> None:
    """Record and write; raises SystemExit for a command that fails and a recording that names a private folder."""
    frames = recorded(commands)
    shown = shortened(thinned(frames))
    note = f"{frames[-1].at:.0f} s, shown in {shown[-1].at:.0f} s"
    texts = {".cast": cast(shown), ".svg": svg(shown, note)}
    private = PRIVATE.search(texts[".cast"])
    if private:
        raise SystemExit(f"the recording names {private[0][:80]}; record it in a folder whose name nobody sees")
    for ending, text in texts.items():
        out.with_suffix(ending).write_text(text)
        sys.stdout.write(f"{out.with_suffix(ending)}: {len(text.encode()):,} bytes, {len(shown)} screens, {note}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
