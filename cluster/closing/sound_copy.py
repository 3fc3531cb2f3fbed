"""A smaller copy of a WAV for the report: one channel, half the rate, 8 bits by µ-law (ITU-T G.711). No evidence."""

from __future__ import annotations

import io
import struct
import wave

import numpy as np
from numpy.typing import NDArray

_MU_LAW = 7
_BIAS, _CLIP = 132, 32_635
_LOWEST_RATE = 16_000
"""Samples a second below which the rate is kept."""


def smaller(wav: bytes) -> bytes | None:
    """Return about a quarter of the bytes that sound nearly the same; None for what is no PCM of 16 bits."""
    try:
        with wave.open(io.BytesIO(wav)) as sound:
            channels, width, rate = sound.getnchannels(), sound.getsampwidth(), sound.getframerate()
            frames = sound.readframes(sound.getnframes())
    except (wave.Error, EOFError, ValueError):
        return None
    if width != 2 or not channels or not rate:
        return None
    whole = len(frames) // (2 * channels) * channels
    samples = np.frombuffer(frames, "<i2", whole).reshape(-1, channels).astype(np.int64).sum(1) // channels
    if rate >= _LOWEST_RATE:
        samples, rate = samples[: len(samples) // 2 * 2].reshape(-1, 2).sum(1) // 2, rate // 2
    return _file(_encoded(samples), rate)


def _encoded(samples: NDArray[np.int64]) -> bytes:
    """Return one byte a sample: sign, exponent and mantissa of its size, all inverted."""
    size = np.minimum(np.abs(samples), _CLIP) + _BIAS
    exponent = np.floor(np.log2(size)).astype(np.int64) - 7
    mantissa = (size >> (exponent + 3)) & 15
    sign = np.where(samples < 0, 128, 0)
    return bytes((~(sign | exponent << 4 | mantissa) & 255).astype(np.uint8))


def _file(data: bytes, rate: int) -> bytes:
    form = struct.pack("<4sIHHIIHHH", b"fmt ", 18, _MU_LAW, 1, rate, rate, 1, 8, 0)
    fact = struct.pack("<4sII", b"fact", 4, len(data))
    body = b"WAVE" + form + fact + struct.pack("<4sI", b"data", len(data)) + data + b"\0" * (len(data) & 1)
    return struct.pack("<4sI", b"RIFF", len(body)) + body
