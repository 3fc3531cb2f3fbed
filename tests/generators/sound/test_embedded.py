import hashlib
import json
import subprocess
import sys

import pytest
from worldloom.generators.errors import WeightsError
from worldloom.generators.registry import resolve
from worldloom.generators.requests import Status
from worldloom.generators.sound import embedded
from worldloom.generators.sound.embedded import EmbeddedSound, from_argument
from worldloom.generators.sound.model import TITLE, WEIGHTS_FOLDER, load_model, write
from worldloom.generators.sound.moods import HELD_OUT
from worldloom.generators.sound.program import encode
from worldloom.generators.sound.reading import complaint
from worldloom.generators.sound.source import draw_tune
from worldloom.generators.sound.synth.wav import from_wav
from worldloom.generators.sound.vocabulary import FORMS
from worldloom.generators.vocabulary import MOODS

WORDS = "The nets are mended, the lamps are lit\nand nobody minds the rain a bit"


@pytest.fixture(scope="module")
def sound():
    return EmbeddedSound()


def _song(ask, seed=1, **parameters):
    return ask("sound", seed, craft="song", **parameters)


def test_identity_names_weights_licence_and_source_type():
    identity = resolve("sound", "embedded").identity
    data = (WEIGHTS_FOLDER / "model.safetensors").read_bytes()
    assert identity.weights == hashlib.sha256(data).hexdigest()
    assert len(data) < 2_000_000
    assert (identity.backend, identity.model, identity.weights_licence) == ("embedded", TITLE, "Apache-2.0")
    assert (identity.source_type, identity.model_type) == ("trainedAlgorithmicMedia", "c2pa.types.model")


def test_the_model_card_names_these_weights():
    assert EmbeddedSound().identity.weights in (WEIGHTS_FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("mood", MOODS)
def test_every_mood_can_be_asked_for(sound, ask, mood):
    (answer,) = sound.generate([_song(ask, 3, mood=mood, seconds=8)])
    assert (answer.status, answer.media_type) == (Status.OK, "audio/wav"), answer.detail
    assert from_wav(answer.payload).any()
    assert answer.parameters["mood"] == mood
    assert 1 <= answer.parameters["draws"] <= 4


def test_a_song_is_sung(sound, ask):
    (answer,) = sound.generate([_song(ask, 5, mood="proud", form="shanty", seconds=15, words=WORDS, voice="low")])
    assert answer.status is Status.OK, answer.detail
    told = answer.parameters
    assert (told["form"], told["sung_lines"], told["syllables"], told["voice"]) == ("shanty", 2, 18, "low")
    assert 8_000 < told["milliseconds"] < 30_000


def test_the_model_writes_new_tunes_that_are_heard_as_asked(sound):
    asked = [(form, mood) for form in FORMS for mood in MOODS]
    tunes = [write(sound.model, form, mood, seed=n, temperature=0.9) for n, (form, mood) in enumerate(asked)]
    good = [not complaint(tune) for tune in tunes]
    held_out = [ok for ok, (form, mood) in zip(good, asked, strict=True) if (mood, form) in HELD_OUT]
    assert sum(good) >= 18
    assert sum(held_out) >= 2
    shown = {tuple(encode(draw_tune(1, number)[0])) for number in range(2_000)}
    programs = {tuple(encode(tune)) for tune in tunes}
    assert len(programs) == len(tunes)
    assert not programs & shown


def test_an_answer_depends_on_its_request_alone_to_the_bit(sound, ask):
    requests = [_song(ask, seed, mood=mood, seconds=8) for seed, mood in enumerate(("merry", "sad", "calm"))]
    together = sound.generate(requests)
    assert sound.generate(requests[::-1])[::-1] == together
    assert [sound.generate([request])[0] for request in requests] == together


def test_the_answer_is_the_same_in_another_process_with_other_threads(sound, ask):
    (here,) = sound.generate([_song(ask, 7, mood="merry", form="dance", seconds=8)])
    code = (
        "import torch\n"
        "from worldloom.generators.sound.embedded import EmbeddedSound\n"
        "from worldloom.generators.requests import Request\n"
        "p = {'craft': 'song', 'mood': 'merry', 'form': 'dance', 'seconds': 8}\n"
        "sound, request = EmbeddedSound(), Request('sound', 'make', 'agent-0', 0, 0, 7, '', parameters=p)\n"
        "sound.prepare(); torch.set_num_threads(2)\n"
        "print(sound.generate([request])[0].digest)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == here.digest


def test_seeds_that_differ_only_in_their_high_bits_give_different_songs(sound, ask):
    low, high = sound.generate([_song(ask, seed, mood="calm", form="song", seconds=8) for seed in (5, 5 + 2**63)])
    assert low.payload != high.payload


def test_what_cannot_be_made_is_an_answer_with_its_reason(ask):
    answers = EmbeddedSound().generate([ask("sound", craft="prop"), _song(ask, mood="bored"), _song(ask, seconds=-1)])
    assert [answer.status for answer in answers] == [Status.FAILED] * 3
    assert ["song" in answers[0].detail, "merry" in answers[1].detail, "seconds" in answers[2].detail] == [True] * 3


def test_tunes_that_keep_missing_end_as_an_invalid_answer(sound, ask, monkeypatch):
    monkeypatch.setattr(embedded, "complaint", lambda tune: "it sounds bored")
    (answer,) = sound.generate([_song(ask, mood="sad", seconds=8)])
    assert answer.status is Status.INVALID
    assert "bored" in answer.detail


def test_missing_weights_say_where_and_what_to_do(tmp_path):
    with pytest.raises(WeightsError, match="worldloom train"):
        _ = from_argument(str(tmp_path)).identity


@pytest.mark.parametrize("harm", ["cut", "pickle", "config", "words", "tensors"])
def test_harmed_weights_are_refused(tmp_path, harm):
    for name in ("model.safetensors", "config.json"):
        (tmp_path / name).write_bytes((WEIGHTS_FOLDER / name).read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    weights = tmp_path / "model.safetensors"
    if harm == "cut":
        weights.write_bytes(weights.read_bytes()[:1000])
    elif harm == "pickle":
        weights.write_bytes(b"\x80\x04\x95" + bytes(100))
    elif harm == "config":
        (tmp_path / "config.json").write_text("[]")
    elif harm == "words":
        (tmp_path / "config.json").write_text(json.dumps(config | {"words": "0" * 64}))
    else:
        size = config["size"] | {"layers": 3}
        (tmp_path / "config.json").write_text(json.dumps(config | {"size": size}))
    with pytest.raises(WeightsError):
        load_model(tmp_path)
