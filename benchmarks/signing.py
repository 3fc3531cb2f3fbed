"""How many credentials of the full profile are signed and verified per CPU-second: 64 KB PNG, 1 KB sidecar.

Budget: 1,200 PNGs and 1,600 sidecars signed, 600 verified (docs/design.md, Budgets). The store's reading back and two
processes at once are measured too. CPU time counts, so that a busy machine says nearly the same; the two processes are
set against one of their kind by the clock on the wall.
"""

from __future__ import annotations

import hashlib
import struct
import tempfile
import time
import zlib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from harness import ORIGIN, Budget, cpu, report
from worldloom.provenance.artifact import Artifact
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.making import Making
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.reading import read_credential
from worldloom.provenance.recipe import Identity, Recipe
from worldloom.provenance.signing import CredentialSigner, SignedFile
from worldloom.provenance.storage import Storage
from worldloom.provenance.store import ArtifactStore


class Settings(NamedTuple):
    count: int
    rounds: int
    seed: int = 1


BUDGETS = {
    "sign_png_64_kb_per_cpu_second": Budget(1200, least=True),
    "sign_sidecar_1_kb_per_cpu_second": Budget(1600, least=True),
    "verify_png_64_kb_per_cpu_second": Budget(600, least=True),
    "verify_sidecar_1_kb_per_cpu_second": Budget(600, least=True),
    "sign_on_two_processes_over_one": Budget(1.9, least=True),
}
FULL = Settings(count=600, rounds=3)
SMALL = Settings(count=5, rounds=1)
IDENTITY = Identity(
    backend="embedded",
    model="picture-model",
    weights="5a" * 32,
    template="6b" * 32,
    weights_licence="Apache-2.0",
    output_licence="Apache-2.0",
    source_type="trainedAlgorithmicMedia",
    model_type="c2pa.types.model",
)


def noise(size: int) -> bytes:
    """Bytes that do not compress, the same at every run."""
    blocks = (hashlib.sha256(b"%d %d" % (FULL.seed, number)).digest() for number in range(size // 32 + 1))
    return b"".join(blocks)[:size]


def png(side: int = 148) -> bytes:
    """A picture of about 64 KB."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    pixels = noise(3 * side * side)
    rows = b"".join(b"\0" + pixels[3 * side * row : 3 * side * (row + 1)] for row in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PAYLOADS = {"image/png": png(), "text/plain": noise(512).hex().encode()}
NAMES = {"image/png": "png_64_kb", "text/plain": "sidecar_1_kb"}


def artifact(media_type: str, number: int) -> Artifact:
    recipe = Recipe(
        "image",
        IDENTITY,
        request=f"{number:064x}",
        prompt="An emblem for the baker of Saltmarsh: a loaf on a blue field, plain and legible.",
        agent="agent-7",
        time=36060,
        purpose="make",
        occurrence=0,
        seed=number,
        parameters={"steps": 20, "guidance_percent": 750, "width": 512, "height": 512},
        parents=(f"{number + 1:064x}",),
    )
    return Artifact(PAYLOADS[media_type], media_type, recipe, "An emblem")


def signer(home: Path) -> tuple[CredentialSigner, list[bytes]]:
    keystore = Keystore.open(home)
    return CredentialSigner(RunAuthority(keystore.operator, "benchmark", 1).issue("conductor")), keystore.anchors()


def rates(home: Path, settings: Settings) -> dict[str, int]:
    """Signings, verifications and puts per CPU-second for both kinds of file."""
    sign, anchors = signer(home)
    return {name: value for kind in NAMES for name, value in rates_of(kind, sign, anchors, settings).items()}


def rates_of(media_type: str, sign: CredentialSigner, anchors: list[bytes], settings: Settings) -> dict[str, int]:
    count, rounds = settings.count, settings.rounds
    made = [artifact(media_type, number) for number in range(count)]
    files = [sign.sign(each.payload, Making.of(each, ORIGIN)) for each in made]
    store, name = ArtifactStore(Storage(PowerLossDisk())), NAMES[media_type]
    signing = cpu(lambda: [sign.sign(each.payload, Making.of(each, ORIGIN)) for each in made], rounds)
    verifying = cpu(lambda: [verified(each, media_type, anchors) for each in files], rounds)
    putting = cpu(lambda: [store.put(*pair) for pair in zip(made, files, strict=True)], rounds)
    embedded = 0 if files[0].sidecar else len(made[0].payload)
    return {
        f"sign_{name}_per_cpu_second": round(count / signing),
        f"verify_{name}_per_cpu_second": round(count / verifying),
        f"put_{name}_in_memory_per_cpu_second": round(count / putting),
        f"credential_bytes_{name}": len(files[0].sidecar or files[0].data) - embedded,
    }


def verified(file: SignedFile, media_type: str, anchors: list[bytes]) -> None:
    state = read_credential(file.data, media_type, file.sidecar, anchors).state
    if state != "Trusted":
        raise SystemExit(f"a file that was just signed reads as {state}")


class Span(NamedTuple):
    """When one process began and ended its share, by the clock on the wall."""

    start: float
    end: float


def share(home: str, count: int) -> dict[str, Span]:
    """One process's share: so many PNGs signed, then so many verified."""
    sign, anchors = signer(Path(home))
    made = [artifact("image/png", number) for number in range(count)]
    files = [sign.sign(each.payload, Making.of(each, ORIGIN)) for each in made[:1]]
    verified(files[0], "image/png", anchors)
    start = time.time()
    files = [sign.sign(each.payload, Making.of(each, ORIGIN)) for each in made]
    middle = time.time()
    for each in files:
        verified(each, "image/png", anchors)
    return {"sign": Span(start, middle), "verify": Span(middle, time.time())}


def by_the_clock(home: Path, processes: int, count: int) -> dict[str, float]:
    """PNGs a second of so many processes at once, while all of them work."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        shares = list(pool.map(share, [str(home)] * processes, [count] * processes))
    return {name: sum(count / (each[name].end - each[name].start) for each in shares) for name in ("sign", "verify")}


def two_over_one(home: Path, settings: Settings) -> dict[str, float]:
    """One process and two in turn, the best round of each: others who use the machine can only slow it."""
    best: dict[tuple[str, int], float] = {}
    for _ in range(settings.rounds):
        for processes in (1, 2):
            for name, rate in by_the_clock(home, processes, settings.count).items():
                best[name, processes] = max(best.get((name, processes), 0.0), rate)
    figures: dict[str, float] = {}
    for name in ("sign", "verify"):
        figures[f"{name}_png_64_kb_per_second_one_process"] = round(best[name, 1])
        figures[f"{name}_png_64_kb_per_second_two_processes"] = round(best[name, 2])
        figures[f"{name}_on_two_processes_over_one"] = round(best[name, 2] / best[name, 1], 2)
    return figures


def figures(settings: Settings) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        return {**rates(Path(folder), settings), **two_over_one(Path(folder), settings)}


def main() -> None:
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
