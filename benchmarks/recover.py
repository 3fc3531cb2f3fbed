"""What fingerprints cost a small artifact, and how long a picture is sought among 100,000 made things.

The search is over codes drawn by a counter, as an index on disk: opened cold, and again in the same process. The
budget of 0.3 ms is for what a village mostly makes: letters, solids, drawings, small pictures.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from harness import Budget, cpu, report
from PIL import Image
from worldloom.provenance.fingerprints import take
from worldloom.provenance.recovery.index import RunIndex, keep_table, kept_table, table_of
from worldloom.provenance.recovery.made import Made
from worldloom.provenance.recovery.recover import recover_in


class Settings(NamedTuple):
    things: int
    rounds: int


BUDGETS = {
    "mean_ms_of_small_artifacts": Budget(0.3),
    "seconds_to_search_100000": Budget(1),
}
FULL = Settings(things=100_000, rounds=30)
SMALL = Settings(things=500, rounds=2)


def picture(side: int) -> bytes:
    """A picture of a few colours, as sprites are."""
    small = np.random.default_rng(side).integers(0, 8, (16, 16), dtype=np.uint8) * 30
    written = io.BytesIO()
    Image.fromarray(small).resize((side, side), Image.Resampling.NEAREST).convert("P").save(written, "PNG")
    return written.getvalue()


def noise(size: int) -> bytes:
    blocks = (hashlib.sha256(b"%d" % number).digest() for number in range(size // 32 + 1))
    return b"".join(blocks)[:size]


LETTER = b"Dear Malo, it is a while since we sat down together. Here I am, and still fond of mending things. " * 2
SMALL_ONES = {
    "letter": (LETTER, "text/plain"),
    "solid_24_kb": (noise(24_000), "model/gltf-binary"),
    "drawing_25_kb": (noise(12_500).hex().encode(), "image/svg+xml"),
    "picture_256": (picture(256), "image/png"),
}


def taking(rounds: int) -> dict[str, float]:
    """Milliseconds of CPU to take the fingerprints of small things, and their mean."""
    found = {}
    for name, (payload, media_type) in SMALL_ONES.items():
        take(payload, media_type)
        spent = cpu(lambda payload=payload, kind=media_type: [take(payload, kind) for _ in range(rounds)])  # type: ignore[misc]
        found[f"take_ms_{name}"] = round(1000 * spent / rounds, 3)
    return {**found, "mean_ms_of_small_artifacts": round(sum(found.values()) / len(found), 3)}


def made(count: int) -> Iterator[Made]:
    for number in range(count):
        codes = {
            family: hashlib.sha256(b"%s %d" % (family.encode(), number)).digest() for family in ("picture", "whole")
        }
        digest = hashlib.sha256(b"%d" % number).hexdigest()
        yield Made(
            number,
            "image",
            f"{number}.png",
            digest,
            "image/png",
            "A picture",
            "agent-1",
            "",
            0,
            "m",
            digest,
            digest,
            codes,
        )


def searching(count: int, folder: Path) -> dict[str, float]:
    """Seconds by the clock to open an index and seek a picture in it, and to seek another in the open one."""
    path = folder / "index.arrow"
    keep_table(path, table_of(made(count), b"key"))
    start = time.perf_counter()
    table = kept_table(path, b"key")
    if table is None:
        raise SystemExit("the index that was just written cannot be read")
    index = RunIndex(folder, table)
    recover_in(picture(200), [index])
    first = time.perf_counter()
    recover_in(picture(201), [index])
    again = time.perf_counter()
    return {
        f"seconds_to_search_{count}": round(first - start, 3),
        f"seconds_to_search_{count}_again": round(again - first, 3),
        f"bytes_of_index_{count}": path.stat().st_size,
    }


def figures(settings: Settings) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        return {**taking(settings.rounds), **searching(settings.things, Path(folder))}


def main() -> None:
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
