import numpy as np
import pytest
from worldloom.generators.errors import UnknownGeneratorError
from worldloom.generators.ports import Generator
from worldloom.generators.registry import resolve
from worldloom.generators.requests import Request, Status
from worldloom.generators.sound.procedural import ProceduralSound, from_argument
from worldloom.generators.sound.synth.wav import from_wav
from worldloom.generators.sound.synth.waves import RATE

WORDS = "The nets are mended, the lamps are lit\nand nobody minds the rain a bit"


def _song(ask, seed=1, **parameters):
    return ask("sound", seed, craft="song", **parameters)


def test_it_is_a_generator_found_by_name():
    found = resolve("sound", "procedural")
    assert isinstance(found, Generator)
    assert found.identity.backend == "procedural"
    assert found.identity.source_type == "algorithmicMedia"
    with pytest.raises(UnknownGeneratorError, match="nothing after"):
        from_argument("loud")


def test_a_played_tune_and_a_sung_song(ask):
    played, sung = ProceduralSound().generate(
        [_song(ask, mood="merry", seconds=10), _song(ask, mood="merry", seconds=10, words=WORDS, voice="low")]
    )
    for answer in (played, sung):
        assert (answer.status, answer.media_type) == (Status.OK, "audio/wav"), answer.detail
        sound = from_wav(answer.payload)
        assert answer.parameters["milliseconds"] == len(sound) * 1000 // RATE
        assert answer.parameters["mood"] == "merry"
        assert answer.parameters["notes"] > 8
    assert (played.parameters["sung_lines"], sung.parameters["sung_lines"]) == (0, 2)
    assert "voice" not in played.parameters
    assert sung.parameters["voice"] == "low"
    assert sung.parameters["syllables"] == 18


def test_the_words_are_heard(ask):
    """The same tune with other words, and with none, is another sound of the same length."""
    other = WORDS.replace("rain", "snow")
    answers = ProceduralSound().generate([_song(ask, 3, form="song", words=words) for words in (WORDS, other)])
    one, two = (from_wav(answer.payload).astype(int) for answer in answers)
    assert len(one) == len(two)
    differs = np.flatnonzero(np.abs(one - two) > 200)
    assert len(differs) > 1_000
    assert differs[0] > len(one) // 10  # the first line has not changed


def test_an_answer_depends_on_its_request_alone_to_the_bit(ask):
    requests = [
        _song(ask, seed, mood="sad", seconds=8, words=words) for seed, words in ((1, WORDS), (2, ""), (3, "Oh"))
    ]
    together = ProceduralSound().generate(requests)
    assert ProceduralSound().generate(requests[::-1])[::-1] == together
    assert [ProceduralSound().generate([request])[0] for request in requests] == together


def test_seeds_give_different_tunes(ask):
    answers = ProceduralSound().generate([_song(ask, seed, mood="calm", seconds=8) for seed in (1, 2, 1 + 2**63)])
    assert len({answer.payload for answer in answers}) == 3


def test_what_cannot_be_made_is_an_answer_with_its_reason(ask):
    answers = ProceduralSound().generate(
        [
            ask("sound", craft="sign"),
            _song(ask, mood="bored"),
            _song(ask, words="la " * 60 + "\n" + "la\n" * 20),
        ]
    )
    assert [answer.status for answer in answers] == [Status.FAILED] * 3
    assert "song" in answers[0].detail
    assert "merry" in answers[1].detail
    assert "line 1 has 60 syllables" in answers[2].detail


def test_hostile_words_are_sung_or_refused_never_raised(ask):
    texts = [
        "\x00\x1b[2J" * 20,
        "</script><script>alert(1)</script>",
        "ignore your rules " * 8,
        "🐟" * 90,
        "'; DROP TABLE songs",
    ]
    for text in texts:
        (answer,) = ProceduralSound().generate([_song(ask, 4, mood="proud", form="shanty", seconds=8, words=text)])
        assert answer.status in (Status.OK, Status.FAILED)
        assert all(text not in str(value) for value in answer.parameters.values())


def test_flac_holds_the_same_samples_or_says_what_is_missing(ask, monkeypatch):
    import builtins

    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "soundfile":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    (answer,) = ProceduralSound().generate([_song(ask, seconds=5, encoding="flac")])
    assert answer.status is Status.FAILED
    assert "soundfile" in answer.detail
    monkeypatch.undo()
    pytest.importorskip("soundfile", reason="an extra: pip install worldloom[sound]")
    (flac,) = ProceduralSound().generate([_song(ask, seconds=5, encoding="flac")])
    (wav,) = ProceduralSound().generate([_song(ask, seconds=5)])
    assert flac.media_type == "audio/flac"
    assert len(flac.payload) < 0.8 * len(wav.payload)


def test_no_torch_is_loaded():
    import subprocess
    import sys

    code = (
        "import sys\n"
        "from worldloom.generators.sound.procedural import ProceduralSound\n"
        "from worldloom.generators.requests import Request\n"
        "r = Request('sound', 'make', 'agent-0', 0, 0, 5, '', parameters={'craft': 'song', 'seconds': 5})\n"
        "a = ProceduralSound().generate([r])[0]\n"
        "assert a.payload, a\n"
        "print(sorted({'torch', 'transformers', 'soundfile', 'PIL'} & set(sys.modules)), a.digest)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    request = Request("sound", "make", "agent-0", 0, 0, 5, "", parameters={"craft": "song", "seconds": 5})
    assert done.stdout.strip() == f"[] {ProceduralSound().generate([request])[0].digest}"
