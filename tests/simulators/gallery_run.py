"""A run made by hand whose people painted, wrote, sang and built: things that look, read and sound unlike each other.

A conftest takes its fixtures from here. No world, no decisions: a log with a genesis and artifacts, signed and stored.
"""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from worldloom.cluster.publisher import evidence
from worldloom.provenance.artifact import Artifact
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.fingerprints import ISCC, take
from worldloom.provenance.folder import RunFile, certificate_path, origin, write_run
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.log import LogWriter
from worldloom.provenance.making import Making
from worldloom.provenance.recipe import Identity, Recipe
from worldloom.provenance.signing import CredentialSigner
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.store import ArtifactStore

RATE = 22_050
PAINTER = Identity(
    "embedded",
    "painter-1",
    weights="5a" * 32,
    weights_licence="Apache-2.0",
    output_licence="CC-BY-4.0",
    source_type="trainedAlgorithmicMedia",
    model_type="c2pa.types.model",
)
RULES = Identity("rules", "rules-1", output_licence="Apache-2.0")
NAMES = ("Ada Marsh", "Bo <b>Reed</b>", "Cy Salt")


@dataclass(frozen=True)
class Gallery:
    """The run's folder, who vouches for it, and what was made in it by title."""

    folder: Path
    anchors: list[bytes]
    made: dict[str, Artifact]

    def payload(self, title: str) -> bytes:
        return self.made[title].payload

    def stored(self, title: str) -> bytes:
        return self.path(title).read_bytes()

    def path(self, title: str) -> Path:
        artifact = self.made[title]
        return self.folder / "artifacts" / artifact.digest[:2] / f"{artifact.digest}.{artifact.extension}"


def painting(number: int, side: int = 160) -> Image.Image:
    """Some discs and bars whose places follow from a number; an even border all around."""
    draw_from = np.random.default_rng(number)
    picture = Image.new("RGB", (side, side), (236, 228, 205))
    brush = ImageDraw.Draw(picture)
    for _ in range(9):
        x, y, size = (int(value) for value in draw_from.integers(20, side - 50, 3))
        colour = tuple(int(value) for value in draw_from.integers(0, 220, 3))
        shape = brush.ellipse if draw_from.integers(2) else brush.rectangle
        shape((x, y, x + size // 3 + 8, y + size // 4 + 8), fill=colour)
    return picture


def png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def song(number: int, seconds: int = 5) -> bytes:
    """A melody of sines whose notes follow from a number, as WAV."""
    notes = np.random.default_rng(number).integers(0, 24, seconds * 3)
    at = np.arange(RATE // 3) / RATE
    sound = np.concatenate([np.sin(2 * np.pi * 220 * 2 ** (note / 12) * at) * np.exp(-3 * at) for note in notes])
    return wav((sound * 20_000).astype("<i2"), RATE)


def wav(samples: np.ndarray, rate: int) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return written.getvalue()


def drawing(number: int) -> bytes:
    """A face of circles, as SVG."""
    places = np.random.default_rng(number).integers(10, 90, (8, 2))
    shapes = "".join(
        f'<circle cx="{x}" cy="{y}" r="{6 + row * 2}" fill="#{(number * 97 + row * 3571) % 4096:03x}"/>'
        for row, (x, y) in enumerate(places)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{shapes}</svg>'.encode()


LETTERS = (
    "Dear Malo,\n\nthe boats came back before the storm and your brother is well. He asks for the blue net that hangs "
    "behind the smithy, and for two loaves if there are any.\n\nYours, Ada\n",
    "To whom it may concern: the well by the chapel has run dry again. We have asked the council three times. Should "
    "nobody dig, we shall carry our buckets to the council's own door.\n",
    "My dear friend,\n\nI dreamt of the lighthouse and woke with a song that I cannot write down. Come on Sunday with "
    "your fiddle, and bring nobody who laughs at the wrong place.\n\nCy\n",
)
SOLID = b"glTF" + bytes(np.random.default_rng(5).integers(0, 256, 40_000, dtype=np.uint8))


def things() -> list[tuple[str, str, bytes, Identity]]:
    """Title, media type, payload and maker of everything."""
    made = [(f"Painting {n}", "image/png", png(painting(n)), PAINTER) for n in range(4)]
    made += [(f"Letter {n}", "text/plain", text.encode(), RULES) for n, text in enumerate(LETTERS)]
    made += [(f"Song {n}", "audio/wav", song(n), PAINTER) for n in range(3)]
    made += [(f"Portrait {n}", "image/svg+xml", drawing(n), PAINTER) for n in range(3)]
    return [*made, ("A stone", "model/gltf-binary", SOLID, PAINTER)]


def build(folder: Path, keystore: Keystore, run_id: str = "run-gallery", *, fingerprints: bool = True) -> Gallery:
    """Write the run; without fingerprints it is one from before there were any."""
    storage = Storage(LocalDisk(folder))
    write_run(storage, RunFile(run_id))
    authority = RunAuthority(keystore.operator, run_id, 1)
    key = authority.issue("conductor")
    storage.write(certificate_path("ca", 1), authority.certificate_pem)
    storage.write(certificate_path("conductor", 1), key.certificate_pem)
    log, signer = LogWriter.create(storage, origin(run_id), key.note_key(origin(run_id))), CredentialSigner(key)
    personas = [{"agent": f"agent-{n}", "name": name} for n, name in enumerate(NAMES)]
    log.append(EntryKind.GENESIS, 0, {"type": "genesis", "personas": personas})
    store, made = ArtifactStore(storage), {}
    for number, (title, media_type, payload, maker) in enumerate(things()):
        recipe = Recipe(
            media_type.partition("/")[0],
            maker,
            request=f"{number:064x}",
            prompt="make it",
            agent=f"agent-{number % 3}",
            time=21_600 + 60 * number,
            purpose="make",
            occurrence=0,
            seed=number,
        )
        artifact = Artifact(payload, media_type, recipe, title)
        taken = take(payload, media_type) if fingerprints else {}
        making = replace(Making.of(artifact, origin(run_id)), fingerprints=taken.get(ISCC, ()))
        signed = signer.sign(payload, making)
        said = evidence(store.put(artifact, signed), signed, taken)
        if not fingerprints:
            del said["fingerprints"]
        log.append(EntryKind.ARTIFACT, recipe.time, artifact.content(), said)
        made[title] = artifact
    log.commit()
    return Gallery(folder, keystore.anchors(), made)


@pytest.fixture(scope="session")
def build_gallery() -> Callable[..., Gallery]:
    """Give the function that writes such a run."""
    return build


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    """The run; nobody may write into it."""
    home = tmp_path_factory.mktemp("gallery")
    return build(home / "runs" / "gallery", Keystore.open(home / "keys"))
