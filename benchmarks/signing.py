"""How many credentials of the full profile are signed and verified per CPU-second: 64 KB PNG, 1 KB sidecar.

Budget: 1,200 PNGs and 1,600 sidecars signed, 600 verified (docs/design.md, Budgets). The store's reading back and two
processes at once are measured too. CPU time counts, so that a busy machine says nearly the same; the two processes are
set against one of their kind by the clock on the wall. Written to benchmarks/results/signing.json.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from worldloom.provenance.artifact import Artifact
from worldloom.provenance.credential import CredentialSigner, SignedFile, read_credential
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.making import Making
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.recipe import Identity, Recipe
from worldloom.provenance.storage import Storage
from worldloom.provenance.store import ArtifactStore

COUNT = 600
SEED = 1
ORIGIN = "worldloom.run/benchmark"
RESULT = Path(__file__).parent / "results" / "signing.json"
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
    blocks = (hashlib.sha256(b"%d %d" % (SEED, number)).digest() for number in range(size // 32 + 1))
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


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def signer(home: Path) -> tuple[CredentialSigner, list[bytes]]:
    keystore = Keystore.open(home)
    return CredentialSigner(RunAuthority(keystore.operator, "benchmark", 1).issue("conductor")), keystore.anchors()


def rates(home: Path) -> dict[str, int]:
    """Signings, verifications and puts per CPU-second for both kinds of file."""
    sign, anchors = signer(home)
    return {name: value for kind in NAMES for name, value in rates_of(kind, sign, anchors).items()}


def rates_of(media_type: str, sign: CredentialSigner, anchors: list[bytes]) -> dict[str, int]:
    made = [artifact(media_type, number) for number in range(COUNT)]
    files = [sign.sign(each.payload, Making.of(each, ORIGIN)) for each in made]
    store, name = ArtifactStore(Storage(PowerLossDisk())), NAMES[media_type]
    signing = cpu(lambda: [sign.sign(each.payload, Making.of(each, ORIGIN)) for each in made])
    verifying = cpu(lambda: [verified(each, media_type, anchors) for each in files])
    putting = cpu(lambda: [store.put(*pair) for pair in zip(made, files, strict=True)])
    embedded = 0 if files[0].sidecar else len(made[0].payload)
    return {
        f"sign_{name}_per_cpu_second": round(COUNT / signing),
        f"verify_{name}_per_cpu_second": round(COUNT / verifying),
        f"put_{name}_in_memory_per_cpu_second": round(COUNT / putting),
        f"credential_bytes_{name}": len(files[0].sidecar or files[0].data) - embedded,
    }


def verified(file: SignedFile, media_type: str, anchors: list[bytes]) -> None:
    state = read_credential(file.data, media_type, file.sidecar, anchors).state
    if state != "Trusted":
        raise SystemExit(f"a file that was just signed reads as {state}")


def sign_for(home: str) -> tuple[float, float]:
    """When one process began and ended its share."""
    sign, _ = signer(Path(home))
    made = [artifact("image/png", number) for number in range(COUNT)]
    sign.sign(made[0].payload, Making.of(made[0], ORIGIN))
    start = time.time()
    for each in made:
        sign.sign(each.payload, Making.of(each, ORIGIN))
    return start, time.time()


def by_the_clock(home: Path, processes: int) -> float:
    """PNGs a second of so many processes at once, while all of them work."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        spans = list(pool.map(sign_for, [str(home)] * processes))
    return sum(COUNT / (end - start) for start, end in spans)


def commit() -> str:
    answer = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "unknown"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        measured: dict[str, int | float] = dict(rates(Path(folder)))
        one, two = by_the_clock(Path(folder), 1), by_the_clock(Path(folder), 2)
    measured["sign_png_64_kb_per_second_one_process"] = round(one)
    measured["sign_png_64_kb_per_second_two_processes"] = round(two)
    result = {
        "benchmark": "signing",
        "budget_sign_png_64_kb_per_cpu_second": 1200,
        "budget_sign_sidecar_1_kb_per_cpu_second": 1600,
        "budget_verify_per_cpu_second": 600,
        **measured,
        "signatures_of_each_kind": COUNT,
        "seed": SEED,
        "commit": commit(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "python": sys.version.split()[0],
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    for name, value in measured.items():
        print(f"{name:46} {value:>8,}")
    print(f"written to {RESULT}")


if __name__ == "__main__":
    main()
