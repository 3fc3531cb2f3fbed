"""One picture of a whole run to look at: `python docs/look.py RUN [PICTURE]` writes docs/look.png.

Map, the world from two sides, a made thing of each kind, a page of dialogue from the log, the report wide and narrow.
What cannot be shown, such as the report where there is no Chromium, is a gap that says why. Judges nothing: see audit.
"""

from __future__ import annotations

import io
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import render_glb
from PIL import Image, ImageDraw, ImageFont
from worldloom.provenance.digests import ARTIFACT, digest_json
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.folder import blob_path
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.storage import LocalDisk, Storage

sys.path.insert(0, str(Path(__file__).parent / "gallery"))
from browser import NoPicture, shoot
from shots import from_the_hills, from_the_water

WIDTH, GAP, CAPTION = 2400, 24, 40
PAPER, INK, FAINT = (250, 247, 240), (50, 44, 38), (206, 198, 184)
CRAFTS = ("portrait", "sign", "emblem", "tile", "prop", "letter", "song", "tune")
"""One of each is shown, in two rows."""


class Gap(Exception):  # noqa: N818
    """Why a picture cannot be shown."""


class Run(NamedTuple):
    """What is read of a run folder: names of agents and places, artifact bodies with their files, what was said."""

    folder: Path
    agents: dict[str, str]
    places: dict[str, str]
    artifacts: list[tuple[dict[str, Any], Path]]
    said: list[Any]


def font(size: int) -> Any:
    """Pillow's own font."""
    return ImageFont.load_default(size)


def read_run(folder: Path) -> Run:
    """Read the log's bodies; raises what the log reader raises for a folder that holds no run."""
    log = LogReader(Storage(LocalDisk(folder)))
    agents: dict[str, str] = {}
    artifacts, said = [], []
    for index, entry in enumerate(log.entries()):
        if entry.kind not in (EntryKind.GENESIS, EntryKind.ARTIFACT, EntryKind.EVENTS):
            continue
        body = log.content(index)
        if body is None:
            continue
        if entry.kind == EntryKind.GENESIS:
            agents = {persona["agent"]: persona["name"] for persona in body["personas"]}
        elif entry.kind == EntryKind.ARTIFACT:
            digest = digest_json(ARTIFACT, body).hex()
            files = sorted((folder / "artifacts" / digest[:2]).glob(f"{digest}.*"))
            artifacts += [(body, file) for file in files if file.suffix != ".c2pa"]
        else:
            said += [row for row in body.rows if row.kind == "say" and row.target]
    return Run(folder, agents, _places(folder / "world" / "world.glb"), artifacts, said)


def _document(glb: bytes) -> dict[str, Any]:
    return json.loads(glb[20 : 20 + struct.unpack_from("<I", glb, 12)[0]])


def _places(world: Path) -> dict[str, str]:
    nodes = _document(world.read_bytes())["nodes"] if world.exists() else []
    return {node["extras"]["id"]: node["name"] for node in nodes if "id" in node.get("extras", {})}


def show_map(run: Run, size: tuple[int, int]) -> Image.Image:
    """The exported map."""
    path = run.folder / "world" / "map.png"
    if not path.exists():
        raise Gap("no world/map.png in this run")
    return fitted(Image.open(path).convert("RGB"), size)


def show_world(run: Run, size: tuple[int, int], from_sea: bool) -> Image.Image:
    """Look at the village by night from over the water, or late in the day from the hills (docs/gallery)."""
    path = run.folder / "world" / "world.glb"
    if not path.exists():
        raise Gap("no world/world.glb in this run")
    glb = path.read_bytes()
    try:
        drawn = shoot(glb, from_the_water(glb) if from_sea else from_the_hills(glb))
    except NoPicture as why:
        raise Gap(str(why)) from why
    return fitted(drawn, size)


def show_artifact(run: Run, size: tuple[int, int], craft: str) -> Image.Image:
    """One made thing of a craft, with its title, maker and model."""
    found = [(body, file) for body, file in run.artifacts if body["recipe"]["purpose"] == craft]
    if not found:
        raise Gap(f"no {craft} was made in this run")
    body, file = found[len(found) // 2]
    media_type, room = body["media_type"], (size[0], size[1] - 70)
    if media_type == "model/gltf-binary":
        picture = _portrait(file.read_bytes(), room)
    elif media_type == "text/plain":
        picture = _page(file.read_text("utf-8"), room)
    elif media_type == "audio/wav":
        picture = _wave(file.read_bytes(), room)
    elif media_type == "image/svg+xml":
        from worldloom.generators.image.board import board_png  # noqa: PLC0415

        payload = (run.folder / blob_path(body["payload"])).read_bytes()
        picture = fitted(Image.open(io.BytesIO(board_png(payload))), room)
    else:
        picture = fitted(Image.open(file), room)
    sheet = Image.new("RGB", size, PAPER)
    sheet.paste(picture, (0, 0))
    maker = run.agents.get(body["recipe"]["agent"], body["recipe"]["agent"])
    generator = body["recipe"]["generator"]
    pen = ImageDraw.Draw(sheet)
    for line, text in enumerate((body["title"], f"{maker}, with {generator['backend']}:{generator['model']}")):
        pen.text((size[0] // 2, room[1] + 10 + 28 * line), shorten(pen, text, size[0], 20), INK, font(20), anchor="ma")
    return sheet


def _portrait(glb: bytes, size: tuple[int, int]) -> Image.Image:
    """A prop on a plain floor, seen a little from above."""
    triangles = render_glb.load(glb)
    low, high = triangles.corners.min((0, 1)), triangles.corners.max((0, 1))
    middle, reach = (low + high) / 2, float(np.linalg.norm(high - low))
    floor = render_glb.floor(float(low[1]) - 0.002, middle, reach * 6)
    eye = middle + np.array((0.62, 0.5, 1.0)) * reach * 1.25
    camera = render_glb.Camera(tuple(eye.tolist()), tuple(middle.tolist()))
    return render_glb.render(render_glb.joined(triangles, floor), camera, size, fog=1e9)


def _wave(data: bytes, size: tuple[int, int]) -> Image.Image:
    """How loud a sound is over its time."""
    with wave.open(io.BytesIO(data)) as sound:
        samples = np.abs(np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(np.int32))
        seconds = sound.getnframes() / sound.getframerate()
    page = Image.new("RGB", size, (255, 253, 246))
    pen = ImageDraw.Draw(page)
    for x, part in enumerate(np.array_split(samples, size[0])):
        half = int(part.max()) * (size[1] // 2 - 40) // 32768
        pen.line((x, size[1] // 2 - half, x, size[1] // 2 + half), (70, 120, 130))
    pen.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=FAINT, width=2)
    pen.text((20, size[1] - 20), f"{seconds:.0f} s", INK, font(20), anchor="ls")
    return page


def _page(text: str, size: tuple[int, int]) -> Image.Image:
    page = Image.new("RGB", size, (255, 253, 246))
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=FAINT, width=2)
    y = 28
    for paragraph in text.split("\n"):
        for line in wrapped(pen, paragraph, size[0] - 60, 24):
            pen.text((30, y), line, INK, font(24))
            y += 34
        y += 8
    return page


def talks_of(said: list[Any]) -> list[list[Any]]:
    """Return the exchanges between two people with no pause of over two minutes, the longest first.

    Of equally long ones come first those in which news is passed on: what is told has a source.
    """
    talks: dict[tuple[str, ...], list[list[Any]]] = {}
    for row in said:
        pair = talks.setdefault(tuple(sorted((row.actor, row.target))), [])
        if not pair or row.time - pair[-1][-1].time > 120:
            pair.append([])
        pair[-1].append(row)
    every = [talk for pair in talks.values() for talk in pair]
    return sorted(every, key=lambda t: (-min(len(t), 8), -sum(bool(r.detail.get("source")) for r in t), t[0].time))


def show_dialogue(run: Run, size: tuple[int, int]) -> Image.Image:
    """The longest talks, as a page."""
    if not run.said:
        raise Gap("nobody spoke to anybody in this run")
    page = Image.new("RGB", size, (255, 253, 246))
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=FAINT, width=2)
    y = 26
    for talk in talks_of(run.said):
        place = run.places.get(talk[0].place or "", "on the way")
        hour = f"{talk[0].time // 3600 % 24:02d}:{talk[0].time // 60 % 60:02d}"
        pen.text((30, y), f"{place}, {hour}", INK, font(28))
        y += 50
        for row in talk:
            lines = wrapped(pen, str(row.detail.get("spoken") or row.detail["text"]), size[0] - 60, 22)
            if y + 26 + 29 * len(lines) > size[1] - 16:
                return page
            pen.text((30, y), run.agents.get(row.actor, row.actor), (150, 64, 44), font(19))
            for number, line in enumerate(lines):
                pen.text((30, y + 25 + 29 * number), line, INK, font(22))
            y += 33 + 29 * len(lines)
        y += 16
    return page


def show_report(run: Run, size: tuple[int, int], width: int) -> Image.Image:
    """A screenshot of report.html at a window's width, from its top."""
    report = run.folder / "report.html"
    chromium = next(
        (p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None
    )
    if not report.exists():
        raise Gap("no report.html in this run")
    if chromium is None:
        raise Gap("no Chromium on this machine (Debian: apt install chromium)")
    height = round(width * size[1] / size[0])
    with tempfile.TemporaryDirectory() as folder:
        # A frame as wide as the window asked for: headless Chromium makes no window under 500 pixels.
        frame, shot = Path(folder) / "frame.html", Path(folder) / "shot.png"
        style = f"border:0;width:{width}px;height:{height}px"
        source = report.resolve().as_uri()
        frame.write_text(f'<body style="margin:0"><iframe src="{source}" style="{style}" scrolling="no"></iframe>')
        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        command += [f"--user-data-dir={folder}/profile", f"--screenshot={shot}", "--force-device-scale-factor=2"]
        command += [f"--window-size={max(width, 520)},{height}", "--virtual-time-budget=4000", frame.as_uri()]
        try:
            subprocess.run(command, capture_output=True, timeout=120, check=True)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            raise Gap(f"Chromium made no picture ({type(error).__name__})") from error
        picture = Image.open(shot).convert("RGB").crop((0, 0, 2 * width, 2 * height))
        return fitted(picture, size)


def fitted(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The whole picture as large as it fits, on paper."""
    scale = min(size[0] / picture.width, size[1] / picture.height)
    small = picture.convert("RGBA").resize(
        (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))), Image.Resampling.LANCZOS
    )
    sheet = Image.new("RGB", size, PAPER)
    sheet.paste(small, ((size[0] - small.width) // 2, (size[1] - small.height) // 2), small)
    return sheet


def wrapped(pen: ImageDraw.ImageDraw, text: str, width: int, size: int) -> list[str]:
    """The text's lines, broken at spaces."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if pen.textlength(longer, font(size)) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def shorten(pen: ImageDraw.ImageDraw, text: str, width: int, size: int) -> str:
    """The text, cut to a width."""
    while pen.textlength(text, font(size)) > width and len(text) > 4:
        text = text[:-2].rstrip(" .…") + "…"
    return text


def sheet_of(run: Run) -> Image.Image:
    """Three rows: the world; what was made; what was said and the report."""
    inner = WIDTH - 2 * GAP
    tall, half = 1180, (1180 - CAPTION - GAP) // 2
    wide = inner - tall - GAP
    quarter = (inner - 3 * GAP) // 4
    talk, narrow = 640, 430
    rest = inner - talk - narrow - 2 * GAP
    top, middle = GAP + CAPTION, 2 * GAP + 2 * CAPTION + tall
    row = GAP + CAPTION + quarter
    low = middle + 2 * row
    bottom = 960
    cells: list[tuple[str, tuple[int, int], tuple[int, int], Callable[[tuple[int, int]], Image.Image]]] = [
        ("map.png", (GAP, top), (tall, tall), lambda size: show_map(run, size)),
        ("world.glb, from the sea", (GAP + tall + GAP, top), (wide, half), lambda size: show_world(run, size, True)),
        (
            "world.glb, from the hills",
            (GAP + tall + GAP, top + half + GAP + CAPTION),
            (wide, half),
            lambda size: show_world(run, size, False),
        ),
    ]
    for at, craft in enumerate(CRAFTS):
        spot = GAP + at % 4 * (quarter + GAP), middle + at // 4 * row
        cells.append((craft, spot, (quarter, quarter), lambda size, craft=craft: show_artifact(run, size, craft)))
    cells += [
        ("a talk, from the log", (GAP, low), (talk, bottom), lambda size: show_dialogue(run, size)),
        ("report.html, wide", (2 * GAP + talk, low), (rest, bottom), lambda size: show_report(run, size, 1280)),
        ("narrow", (3 * GAP + talk + rest, low), (narrow, bottom), lambda size: show_report(run, size, 390)),
    ]
    sheet = Image.new("RGB", (WIDTH, low + bottom + GAP), PAPER)
    pen = ImageDraw.Draw(sheet)
    for caption, (x, y), size, make in cells:
        pen.text((x, y - CAPTION + 6), caption, INK, font(26))
        try:
            sheet.paste(make(size), (x, y))
        except Gap as gap:
            pen.rectangle((x, y, x + size[0], y + size[1]), outline=FAINT, width=3)
            pen.text((x + size[0] // 2, y + size[1] // 2), str(gap), INK, font(22), anchor="mm")
            sys.stderr.write(f"{caption}: {gap}\n")
    return sheet


def main(arguments: list[str]) -> int:
    """Write the picture; 2 for wrong usage."""
    if not 1 <= len(arguments) <= 2:
        sys.stderr.write("usage: python docs/look.py RUN_FOLDER [PICTURE]\n")
        return 2
    target = Path(arguments[1]) if len(arguments) == 2 else Path(__file__).parent / "look.png"
    # 256 colours show all there is to see, in a third of the bytes: the sheet is committed.
    sheet_of(read_run(Path(arguments[0]))).convert("RGB").quantize(256).save(target, optimize=True)
    sys.stdout.write(f"{target}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
