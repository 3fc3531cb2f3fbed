import hashlib
import json
import subprocess
import sys

import pytest
from worldloom.generators.errors import WeightsError
from worldloom.generators.mesh import embedded
from worldloom.generators.mesh.embedded import EmbeddedMesh, from_argument
from worldloom.generators.mesh.model import WEIGHTS_FOLDER, load_model
from worldloom.generators.mesh.reading import complaint, recognise
from worldloom.generators.mesh.source import draw_program
from worldloom.generators.mesh.vocabulary import KINDS
from worldloom.generators.requests import Status


@pytest.fixture(scope="module")
def mesh():
    return EmbeddedMesh()


def _prop(ask, seed=1, **parameters):
    return ask("mesh", seed, craft="prop", **parameters)


def test_identity_names_weights_licence_and_source_type():
    identity = EmbeddedMesh().identity
    data = (WEIGHTS_FOLDER / "model.safetensors").read_bytes()
    assert identity.weights == hashlib.sha256(data).hexdigest()
    assert len(data) < 3_500_000
    assert (identity.backend, identity.weights_licence) == ("embedded", "Apache-2.0")
    assert (identity.source_type, identity.model_type) == ("trainedAlgorithmicMedia", "c2pa.types.model")


def test_the_model_card_names_these_weights():
    assert EmbeddedMesh().identity.weights in (WEIGHTS_FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("thing", sorted(KINDS))
def test_every_kind_can_be_asked_for(mesh, ask, thing):
    (answer,) = mesh.generate([_prop(ask, 3, thing=thing, colour="green", size="medium")])
    assert (answer.status, answer.media_type) == (Status.OK, "model/gltf-binary"), answer.detail
    assert answer.payload[:4] == b"glTF"
    assert answer.parameters["thing"] == thing
    assert answer.parameters["program_tokens"] == 4 + 9 * answer.parameters["primitives"]


def test_an_answer_depends_on_its_request_alone_to_the_bit(mesh, ask):
    requests = [_prop(ask, seed, thing=thing, colour="red") for seed, thing in enumerate(["boat", "mug", "well"])]
    together = mesh.generate(requests)
    assert mesh.generate(requests[::-1])[::-1] == together
    assert [mesh.generate([request])[0] for request in requests] == together


def test_the_answer_is_the_same_in_another_process_with_other_threads(mesh, ask):
    (here,) = mesh.generate([_prop(ask, 7, thing="anchor", colour="blue", size="large")])
    code = (
        "import torch\n"
        "from worldloom.generators.mesh.embedded import EmbeddedMesh\n"
        "from worldloom.generators.requests import Request\n"
        "p = {'craft': 'prop', 'thing': 'anchor', 'colour': 'blue', 'size': 'large'}\n"
        "mesh, request = EmbeddedMesh(), Request('mesh', 'make', 'agent-0', 0, 0, 7, '', parameters=p)\n"
        "mesh.model; torch.set_num_threads(2)\n"
        "print(mesh.generate([request])[0].digest)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == here.digest


def test_seeds_that_differ_only_in_their_high_bits_give_different_props(mesh, ask):
    low, high = mesh.generate([_prop(ask, seed, thing="boat", colour="red") for seed in (5, 5 + 2**63)])
    assert low.payload != high.payload


def test_colour_and_size_come_from_the_seed_when_they_are_not_named(mesh, ask):
    answers = mesh.generate([_prop(ask, seed, thing="mug") for seed in (0, 1, 2**64 - 1)])
    assert all(answer.status is Status.OK for answer in answers)
    assert len({answer.parameters["colour"] for answer in answers}) > 1


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"craft": "prop", "thing": "dragon"}, "lantern"),
        ({"craft": "prop"}, "lantern"),
        ({"craft": "song", "thing": "mug"}, "prop"),
        ({"craft": "prop", "thing": "mug", "colour": "beige"}, "purple"),
        ({"craft": "prop", "thing": "mug", "size": 3}, "medium"),
        ({"craft": "prop", "thing": ["mug"]}, "lantern"),
        ({"craft": ["prop"], "thing": "mug"}, "prop"),
        ({"craft": "prop", "thing": "kind:mug\n" + "x" * 10_000}, "lantern"),
    ],
)
def test_what_cannot_be_made_is_an_answer_with_its_reason(ask, parameters, reason):
    (answer,) = EmbeddedMesh().generate([ask("mesh", **parameters)])
    assert answer.status is Status.FAILED
    assert reason in answer.detail
    assert len(answer.detail) < 500


def test_drawings_that_keep_missing_end_as_an_invalid_answer(mesh, ask, monkeypatch):
    monkeypatch.setattr(embedded, "complaint", lambda program: "it has the wrong face")
    (answer,) = mesh.generate([_prop(ask, thing="mug")])
    assert answer.status is Status.INVALID
    assert "wrong face" in answer.detail


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


def test_the_reader_knows_the_sources_own_programs():
    drawn = [draw_program(4_242, number)[0] for number in range(120)]
    assert sum(recognise(program)[0] == program.kind for program in drawn) >= 117
    assert sum(not complaint(program) for program in drawn) >= 117


def test_the_reader_complains_of_what_does_not_fit():
    program = draw_program(4_242, 1)[0]
    unpainted = program._replace(primitives=tuple(p._replace(material="oak") for p in program.primitives))
    flying = program._replace(primitives=tuple(p._replace(y=p.y + 9) for p in program.primitives))
    assert program.colour in complaint(unpainted)
    assert "hovers" in complaint(flying)
    other = "boat" if program.kind != "boat" else "mug"
    assert "looks like" in complaint(program._replace(kind=other))
