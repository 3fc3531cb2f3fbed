import hashlib
import io
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from PIL import Image
from worldloom.generators.errors import WeightsError
from worldloom.generators.image import embedded
from worldloom.generators.image.board import board_png
from worldloom.generators.image.embedded import EmbeddedImages, from_argument
from worldloom.generators.image.reading import picture_of
from worldloom.generators.image.vector import maker
from worldloom.generators.image.vector.maker import VectorMaker
from worldloom.generators.image.vector.model import FOLDER
from worldloom.generators.registry import resolve
from worldloom.generators.requests import Status
from worldloom.generators.training.registry import find
from worldloom.generators.vocabulary import CHARGES, JOBS, MOODS

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def images():
    return EmbeddedImages()


def _one(images, request):
    (answer,) = images.generate([request])
    return answer


def _face(ask, seed=1, **parameters):
    return ask("image", seed, craft="portrait", **parameters)


def test_identity_is_over_the_weights_of_all_its_models(images):
    identity = images.identity
    vector = hashlib.sha256((FOLDER / "model.safetensors").read_bytes()).hexdigest()
    assert VectorMaker().weights == vector
    assert identity.weights not in ("", vector)
    assert (identity.backend, identity.weights_licence, identity.repeatable) == ("embedded", "Apache-2.0", True)
    assert (identity.source_type, identity.model_type) == ("trainedAlgorithmicMedia", "c2pa.types.model")
    assert identity == resolve("image", "embedded").identity


def test_the_titles_are_those_of_the_courses():
    assert find("picture").title == embedded.VECTOR_TITLE
    assert find("sprite").title == embedded.SPRITE_TITLE


def test_the_model_card_names_these_weights_and_they_are_small():
    assert VectorMaker().weights in (FOLDER / "README.md").read_text(encoding="utf-8")
    assert (FOLDER / "model.safetensors").stat().st_size < 3_000_000


@pytest.mark.parametrize("number", range(len(JOBS)))
def test_every_job_can_be_painted_in_some_mood(images, ask, number):
    job, mood = JOBS[number], MOODS[number % len(MOODS)]
    answer = _one(images, _face(ask, 3, name="Ana <b>", age=9 if job == "child" else 40, job=job, mood=mood))
    assert (answer.status, answer.media_type) == (Status.OK, "image/svg+xml"), answer.detail
    told = answer.parameters
    assert (told["job"], told["mood"], told["model"]) == (job, mood, "village-pictures-1")
    assert told["weights"] == VectorMaker().weights
    assert 1 <= told["draws"] <= maker.DRAWS
    root = ET.fromstring(answer.payload)
    assert root.find(f"{SVG}title").text == "Portrait of Ana <b>"


@pytest.mark.parametrize("charge", sorted(CHARGES))
def test_every_charge_makes_a_sign_that_can_be_hung_in_a_world(images, ask, charge):
    answer = _one(images, ask("image", 5, craft="sign", subject=charge, colour="red", text="Old <Inn> & Co"))
    assert (answer.status, answer.media_type) == (Status.OK, "image/svg+xml"), answer.detail
    assert (answer.parameters["charge"], answer.parameters["field"]) == (charge, "red")
    assert [line.text for line in picture_of(answer.payload).lettering] == ["Old <Inn> & Co"]
    assert Image.open(io.BytesIO(board_png(answer.payload, 96))).size == (96, 96)


def test_an_emblem_is_a_png_and_an_ornament_an_svg(images, ask):
    emblem, ornament = images.generate(
        [ask(craft="emblem", subject="fish", colour="blue"), ask(craft="ornament", subject="compass", colour="red")]
    )
    image = Image.open(io.BytesIO(emblem.payload))
    assert (emblem.media_type, image.size, image.getpixel((0, 0))[3]) == ("image/png", (512, 512), 0)
    assert (emblem.parameters["charge"], emblem.parameters["field"]) == ("fish", "blue")
    assert (ornament.media_type, ornament.parameters["kind"]) == ("image/svg+xml", "compass")


def test_an_answer_depends_on_its_request_alone_to_the_bit(images, ask):
    requests = [
        _face(ask, 1, age=70, job="smith", mood="sad"),
        ask("image", 2, craft="sign", subject="mug"),
        ask("image", 3, craft="ornament"),
    ]
    together = images.generate(requests)
    assert images.generate(requests[::-1])[::-1] == together
    assert [_one(EmbeddedImages(), request) for request in requests] == together


def test_the_answer_is_the_same_in_another_process_with_other_threads(images, ask):
    here = _one(images, _face(ask, 7, name="Odo", age=33, job="miller", mood="proud"))
    code = (
        "import torch\n"
        "from worldloom.generators.image.embedded import EmbeddedImages\n"
        "from worldloom.generators.requests import Request\n"
        "p = {'craft': 'portrait', 'name': 'Odo', 'age': 33, 'job': 'miller', 'mood': 'proud'}\n"
        "images, request = EmbeddedImages(), Request('image', 'make', 'agent-0', 0, 0, 7, '', parameters=p)\n"
        "images._models['village-pictures-1']._model; torch.set_num_threads(2)\n"
        "print(images.generate([request])[0].digest)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == here.digest


def test_seeds_that_differ_only_in_their_high_bits_give_different_portraits(images, ask):
    low, high = images.generate([_face(ask, seed, age=30, job="baker", mood="calm") for seed in (5, 5 + 2**63)])
    assert low.payload != high.payload


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({}, "portrait"),
        ({"craft": "statue"}, "tile"),
        ({"craft": {"sign": 1}}, "tile"),
        ({"craft": "portrait", "job": "wizard"}, "fisher"),
        ({"craft": "portrait", "mood": "<script>" * 99}, "merry"),
        ({"craft": "sign", "colour": "beige"}, "purple"),
    ],
)
def test_what_cannot_be_made_is_an_answer_with_its_reason(images, ask, parameters, reason):
    answer = _one(images, ask(**parameters))
    assert answer.status is Status.FAILED
    assert reason in answer.detail
    assert not answer.payload
    assert len(answer.detail) < 500


def test_a_craft_whose_model_has_no_weights_is_answered_with_that(ask, monkeypatch, tmp_path):
    monkeypatch.setattr(embedded, "SPRITE_FOLDER", tmp_path)
    without = EmbeddedImages()
    answer = _one(without, ask(craft="tile", thing="mug", colour="red"))
    assert answer.status is Status.FAILED
    assert "worldloom train sprite" in answer.detail
    assert without.identity.weights != VectorMaker().weights


def test_pictures_that_keep_missing_end_as_an_invalid_answer(images, ask, monkeypatch):
    monkeypatch.setattr(maker, "complaint", lambda program: "it has the wrong hat")
    answer = _one(images, ask(craft="ornament", subject="sun"))
    assert answer.status is Status.INVALID
    assert "wrong hat" in answer.detail


def test_missing_weights_say_where_and_what_to_do(tmp_path, ask):
    with pytest.raises(WeightsError, match="worldloom train"):
        _ = from_argument(str(tmp_path)).identity
    with pytest.raises(WeightsError, match=str(tmp_path)):
        from_argument(str(tmp_path)).generate([ask(craft="sign")])
