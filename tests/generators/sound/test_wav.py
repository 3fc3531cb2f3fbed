import io
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.generators.errors import GeneratorError
from worldloom.generators.sound.synth.wav import from_wav, to_flac, to_wav
from worldloom.generators.sound.synth.waves import RATE

SAMPLES = st.lists(st.integers(-32_768, 32_767), max_size=300).map(lambda values: np.array(values, np.int16))


@given(SAMPLES)
def test_what_is_written_reads_back_and_the_standard_library_agrees(sound):
    data = to_wav(sound)
    assert np.array_equal(from_wav(data), sound)
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        assert file.readframes(file.getnframes()) == sound.astype("<i2").tobytes()


@given(st.binary(max_size=80))
def test_other_bytes_are_refused(data):
    with pytest.raises(GeneratorError, match="no WAV"):
        from_wav(data)


@given(SAMPLES, st.data())
def test_a_changed_header_or_a_cut_is_refused(sound, data):
    good = to_wav(sound)
    place, bit = data.draw(st.integers(0, 43)), data.draw(st.integers(0, 7))
    bad = bytearray(good)
    bad[place] ^= 1 << bit
    with pytest.raises(GeneratorError):
        from_wav(bytes(bad))
    with pytest.raises(GeneratorError):
        from_wav(good[:-1])


def test_libsndfile_reads_the_same_from_wav_and_flac():
    soundfile = pytest.importorskip("soundfile", reason="an extra: pip install worldloom[sound]")
    sound = np.arange(-20_000, 20_000, 7).astype(np.int16)
    for data in (to_wav(sound), to_flac(sound)):
        read, rate = soundfile.read(io.BytesIO(data), dtype="int16")
        assert rate == RATE
        assert np.array_equal(read, sound)
    assert to_flac(sound)[:4] == b"fLaC"
