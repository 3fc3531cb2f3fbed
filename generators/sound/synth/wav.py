"""Samples as a WAV file (RIFF, 16-bit PCM, one channel), or FLAC where soundfile is installed. Makes no sound."""

from __future__ import annotations

import io
import struct

import numpy as np
from numpy.typing import NDArray
from worldloom.generators.errors import GeneratorError

from .waves import RATE


def to_wav(sound: NDArray[np.int16]) -> bytes:
    """Return the file; its bytes follow from the samples alone (Microsoft, Multimedia Programming Interface, 1991)."""
    data = sound.astype("<i2").tobytes()
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(data)) + data
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def from_wav(data: bytes) -> NDArray[np.int16]:
    """Read what `to_wav` wrote; raises GeneratorError for anything else."""
    head = to_wav(np.zeros(0, np.int16))
    if (
        len(data) < len(head)
        or len(data) % 2
        or data != to_wav(np.frombuffer(data[len(head) :], "<i2").astype(np.int16))
    ):
        raise GeneratorError(f"these {len(data)} bytes are no WAV file of {RATE} Hz, 16 bits, one channel")
    return np.frombuffer(data[len(head) :], "<i2").astype(np.int16)


def to_flac(sound: NDArray[np.int16]) -> bytes:
    """Return a FLAC file; raises GeneratorError without soundfile. Bytes may change with libsndfile's version."""
    try:
        import soundfile  # noqa: PLC0415  (an extra that only FLAC needs)
    except ImportError as error:
        raise GeneratorError("FLAC needs the package soundfile: install it, or take WAV") from error
    file = io.BytesIO()
    soundfile.write(file, sound, RATE, subtype="PCM_16", format="FLAC")
    return file.getvalue()
