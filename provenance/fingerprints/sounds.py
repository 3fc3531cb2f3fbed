"""What a sound is recognised by: the algorithm `org.worldloom.sound.1`, 256 bits. No registered one: see ADR 0018.

The sound is mixed to one channel and brought to about 11 kHz, its length cut into 16 equal parts. Each part has the
energy of 17 bands, a quarter octave each, from 180 Hz. A bit says whether a band of a part is louder against its upper
neighbour than over the whole sound. Loudness, rate and a lossy format change few bits; another beginning changes many.
"""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING, Any

from worldloom.provenance.errors import FingerprintError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float64]

_RATE = 11_025
_PARTS = 16
_BANDS = 16
_LOWEST = 180.0
_STEPS_AN_OCTAVE = 4
_FRAME = 2_048
_LONGEST = 600
"""Seconds that are listened to."""
_SHORTEST = _FRAME * 4


def sound_code(data: bytes) -> str:
    """Return the fingerprint of a WAV, FLAC or MP3 as 64 hex digits; raises FingerprintError for what has none."""
    import numpy as np  # noqa: PLC0415  (start-up time)

    samples = _slowed(*_decoded(data))
    if len(samples) < _SHORTEST or not np.any(samples):
        raise FingerprintError("a sound that is silent or shorter than a second has no fingerprint")
    bands = _band_energies(samples)
    tilt = bands[:, :-1] - bands[:, 1:]
    return np.packbits(tilt > tilt.mean(axis=0)).tobytes().hex()


def _decoded(data: bytes) -> tuple[Samples, int]:
    """Return samples of one channel and their rate: WAV by the standard library, the rest by soundfile."""
    import numpy as np  # noqa: PLC0415

    try:
        with wave.open(io.BytesIO(data)) as sound:
            channels, width, rate = sound.getnchannels(), sound.getsampwidth(), sound.getframerate()
            frames = sound.readframes(min(sound.getnframes(), rate * _LONGEST)) if width == 2 else b""
    except (wave.Error, EOFError, ValueError):
        return _decoded_by_soundfile(data)
    if not frames or not channels or not rate:
        return _decoded_by_soundfile(data)
    whole = len(frames) // (2 * channels) * channels
    samples = np.frombuffer(frames, "<i2", whole).reshape(-1, channels)
    return (samples.mean(axis=1) if channels > 1 else samples[:, 0].astype(np.float64)), rate


def _decoded_by_soundfile(data: bytes) -> tuple[Samples, int]:
    try:
        import soundfile  # noqa: PLC0415  (an extra)
    except ImportError as error:
        raise FingerprintError(
            "sounds other than plain WAV need soundfile: pip install 'worldloom[recover]'"
        ) from error
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as sound:
            rate = int(sound.samplerate)
            return sound.read(rate * _LONGEST, dtype="float64", always_2d=True).mean(axis=1), rate
    except Exception as error:  # what libsndfile raises over hostile bytes is not of one kind
        raise FingerprintError(f"no sound that can be read: {error}") from error


def _slowed(samples: Samples, rate: int) -> Samples:
    """Return the samples at 11,025 a second: means of neighbours, then straight lines between them."""
    import numpy as np  # noqa: PLC0415

    step = max(1, rate // _RATE)
    means = samples[: len(samples) // step * step].reshape(-1, step).mean(axis=1) if step > 1 else samples
    if step * _RATE == rate:
        return means
    wanted = int(len(means) * step * _RATE / rate)
    at = np.arange(wanted) * (rate / step / _RATE)
    return np.interp(at, np.arange(len(means)), means) if len(means) else means


def _band_energies(samples: Samples) -> Any:
    """Return the logarithm of the energy, one row a part, one column a band."""
    import numpy as np  # noqa: PLC0415

    count = max(_PARTS, len(samples) // _FRAME)
    starts = np.linspace(0, len(samples) - _FRAME, count).astype(int)
    frames = samples[starts[:, None] + np.arange(_FRAME)] * np.hanning(_FRAME)
    power = np.abs(np.fft.rfft(frames)) ** 2
    edges = _LOWEST * 2.0 ** (np.arange(_BANDS + 2) / _STEPS_AN_OCTAVE) * _FRAME / _RATE
    summed = np.add.reduceat(power, edges.astype(int), axis=1)[:, : _BANDS + 1]
    parts = np.arange(count) * _PARTS // count
    total = np.stack([summed[parts == part].sum(axis=0) for part in range(_PARTS)])
    return np.log(total + total.max() * 1e-6)
