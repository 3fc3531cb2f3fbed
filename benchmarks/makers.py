"""What each maker costs, in a process of its own: CPU seconds to its first output and for ten more, and peak memory.

A maker whose weights are not shipped is left out. The first output includes the interpreter, imports and weights.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from harness import Budget, report
from worldloom.generators.registry import resolve
from worldloom.generators.requests import Request, Status
from worldloom.generators.vocabulary import COLOURS, MOODS, THINGS

WEIGHTS = Path(__file__).parents[1] / "generators" / "weights"


def _nothing(_: int) -> Mapping[str, Any]:
    return {}


class Maker(NamedTuple):
    """A generator's kind and name, what number n of its outputs is asked for, and the folder of weights it needs."""

    kind: str
    name: str
    parameters: Callable[[int], Mapping[str, Any]] = _nothing
    weights: str = ""

    @property
    def ready(self) -> bool:
        """Whether its weights are there."""
        return not self.weights or (WEIGHTS / self.weights / "model.safetensors").exists()


class Settings(NamedTuple):
    makers: tuple[str, ...]
    outputs: int
    agents: int
    hours: int


def _drawn(*crafts: str) -> Callable[[int], Mapping[str, Any]]:
    def parameters(number: int) -> Mapping[str, Any]:
        thing, colour = THINGS[number % len(THINGS)], COLOURS[number % len(COLOURS)]
        texture = ("wood", "stone", "thatch")[number % 3]
        words = {"portrait": {"name": "Ana Marsh"}, "tile": {"thing": thing}, "texture": {"texture": texture}}
        craft = crafts[number % len(crafts)]
        return {"craft": craft, "colour": colour} | words.get(craft, {})

    return parameters


def _song(number: int) -> Mapping[str, Any]:
    return {"craft": "song", "mood": MOODS[number % len(MOODS)], "seconds": 8}


def _prop(number: int) -> Mapping[str, Any]:
    return {"craft": "prop", "thing": THINGS[number % len(THINGS)], "colour": "green", "size": "medium"}


MAKERS = {
    "text_rules": Maker("text", "rules"),
    "text_embedded": Maker("text", "embedded", weights="language"),
    "image_procedural": Maker("image", "procedural", _drawn("sign", "emblem", "portrait", "tile")),
    "image_embedded": Maker("image", "embedded", _drawn("sign", "emblem", "portrait", "ornament"), "picture"),
    "image_sprites": Maker("image", "embedded", _drawn("tile", "texture"), "sprite"),
    "sound_procedural": Maker("sound", "procedural", _song),
    "sound_embedded": Maker("sound", "embedded", _song, "tune"),
    "mesh_embedded": Maker("mesh", "embedded", _prop, "mesh"),
}
BUDGETS: dict[str, Budget] = {}
FULL = Settings(makers=tuple(MAKERS), outputs=10, agents=6, hours=4)
SMALL = Settings(makers=("text_rules", "image_procedural"), outputs=1, agents=3, hours=2)


def requests_of(maker: Maker, settings: Settings) -> list[Request]:
    """Return what a maker is asked for: villagers' decisions and talk, or things to make."""
    many = settings.outputs + 1
    if maker.kind == "text":
        import language_speed as speed  # noqa: PLC0415  (loads torch, which is part of what is measured elsewhere)

        return speed.village_requests(speed.SMALL._replace(agents=settings.agents, hours=settings.hours, requests=many))
    return [
        Request(maker.kind, "make", "agent-0", 0, 0, number, "", parameters=maker.parameters(number))
        for number in range(many)
    ]


def measure(name: str, requests: Sequence[Request]) -> dict[str, float]:
    """Return the figures of this process; call it in a fresh one."""
    generator = resolve(MAKERS[name].kind, MAKERS[name].name)
    marks = []
    for request in requests:
        (answer,) = generator.generate([request])
        if answer.status is not Status.OK:
            raise SystemExit(f"{name}: {request.parameters}: {answer.detail}")
        marks.append(time.process_time())
    return {
        "first_cpu_seconds": round(marks[0], 2),
        f"{len(requests) - 1}_more_cpu_seconds": round(marks[-1] - marks[0], 3),
        "peak_memory_mb": _peak_mb(),
    }


def _peak_mb() -> int:
    """Of this process alone: what getrusage says begins with the memory of the process that started it."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]) // 1024


def figures(settings: Settings) -> dict[str, float]:
    found = {}
    for name in settings.makers:
        if MAKERS[name].ready:
            made = _apart(name, requests_of(MAKERS[name], settings))
            found |= {f"{name}_{figure}": value for figure, value in made.items()}
    return found


def _apart(name: str, requests: Sequence[Request]) -> dict[str, float]:
    """Measure in a new interpreter."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump([request.content() for request in requests], file)
        file.flush()
        done = subprocess.run([sys.executable, __file__, name, file.name], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr}")
    value: dict[str, float] = json.loads(done.stdout)
    return value


def main() -> None:
    if len(sys.argv) == 3:
        contents = json.loads(Path(sys.argv[2]).read_text())
        print(json.dumps(measure(sys.argv[1], [Request.from_content(content) for content in contents])))
    else:
        report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
